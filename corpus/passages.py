"""Sentences → passages: runs of whole sentences, with exact offsets."""

import math
from collections.abc import Callable, Iterator

from corpus.article import Article, Passage, PassageKind, Sentence
from corpus.sentences import count_words, cut, split_sentences

MAX_WORDS = 180  # 120-180 words hold one thought of a news article and fit every common encoder
OVERLAP_WORDS = 40  # a longer last sentence is not repeated in the next passage


def split_passages(article: Article, max_words: int = MAX_WORDS) -> list[Passage]:
    """Passages of ``article`` in reading order, body first, then one or more of captions.

    Passages of one article are of about equal length, at most ``max_words`` words unless a single
    sentence is longer; a passage repeats at most the last sentence of the one before.
    """
    body = split_sentences(article.text, 0, article.body_end)
    captions = split_sentences(article.text, article.body_end)
    return [
        *_pack(article.text, body, max_words, PassageKind.BODY),
        *_pack(article.text, captions, max_words, PassageKind.CAPTION),
    ]


def fit_passages(article: Article, fits: Callable[[list[str]], bool]) -> list[Passage]:
    """The longest passages for which ``fits(texts)`` holds, halving their length until it does.

    Raises ValueError when even passages of a few words do not fit.
    """
    max_words = MAX_WORDS
    while max_words >= 8:
        passages = split_passages(article, max_words)
        if fits([p.text for p in passages]):
            return passages
        max_words //= 2
    raise ValueError("no passage length fits")


def _pack(text: str, sentences: list[Sentence], max_words: int, kind: PassageKind) -> list[Passage]:
    pieces = [p for s in sentences for p in cut(text, s.start, s.end, max_words)]
    lengths = [count_words(text, s) for s in pieces]
    passages = []
    for first, last in _runs(lengths, max_words):
        start, end = pieces[first].start, pieces[last].end
        passages.append(Passage(start, end, text[start:end], kind))
    return passages


def _runs(lengths: list[int], max_words: int) -> Iterator[tuple[int, int]]:
    """First and last index of each run; runs are of about equal length, so that none is a stub."""
    target = sum(lengths) / max(1, math.ceil(sum(lengths) / max_words))
    first, words, fresh = 0, 0, 0  # fresh: words that no run before has
    for i, length in enumerate(lengths):
        if fresh and (fresh >= target or words + length > max_words):
            yield first, i - 1
            before = lengths[i - 1]
            repeat = i - 1 > first and before <= OVERLAP_WORDS and before + length <= max_words
            first, words = (i - 1, before) if repeat else (i, 0)
            fresh = 0
        words += length
        fresh += length
    if lengths:
        yield first, len(lengths) - 1
