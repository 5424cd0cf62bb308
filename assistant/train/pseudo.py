"""Questions made by rule from articles, for the reader to begin on.

A number, date, name or phrase (what something is, why, what for, what was said) that stands in the title
or abstract and in one or two sentences of the body (or in one of those alone) is replaced by its question
word, words are dropped, marks are dropped; the body sentence answers. In a fifth the answering sentence is
not shown: then nothing does.
"""

import multiprocessing
import os
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from assistant.reading.words import Reading, Vocabulary, ask_words, encode
from assistant.train.askable import Askable, entities, phrases, question_word, with_lead
from assistant.train.windows import Windows
from corpus.sentences import split_sentences
from corpus.text import fold
from embeddings.sets import Row, read_rows
from embeddings.train.sources import HeldBack, read_news

_MOST = 320  # tokens of an example
_WORDS = 170  # of the sentences shown
_SENTENCES = 60  # of an article looked at
_PIECE = 20  # sentences of a Wikipedia page
_EACH = 2  # questions an article
_UNANSWERED = 0.2
_CROPPED = 0.6

_CALENDAR = re.compile(r"\d+( tháng \d+|$)|tháng |danh sách ")  # pages of such titles are lists
_LISTED = re.compile(
    r"\(sinh|\(mất|ISBN|\(m\. |\(s\. |^\W|http"
)  # as sentences of lists and notes are
_HEADING = re.compile(r"(?m)^=+.*=+\s*$")


@dataclass(frozen=True, slots=True)
class _Entity:
    """What is asked for in ``source``, and the body sentence ``gold`` (of ``hits``) where that stands."""

    source: str
    asked: Askable
    gold: int
    hits: list[int]
    own: bool  # the question is made of the very sentence that answers it

    @property
    def text(self) -> str:
        return self.source[self.asked.start : self.asked.end]


@dataclass(frozen=True, slots=True)
class Pseudo:
    """A made question with what is shown for it; ``gold`` is -1 where nothing shown answers."""

    question: str
    title: str
    text: str
    sentences: list[tuple[int, int]]
    gold: int
    answer: tuple[int, int] | None


def make_windows(data: Path, vocabulary: Vocabulary, articles: int, seed: int = 1) -> Windows:
    """Made questions of ``articles`` news articles and of all Wikipedia pages, as the reader gets them."""
    made = Windows()
    context = multiprocessing.get_context("spawn")
    opening = (data, vocabulary, seed)
    rows = list(enumerate([*_news(data, articles, seed), *_pages(data)]))
    with context.Pool(os.cpu_count(), initializer=_open, initargs=opening) as pool:
        found = pool.imap(_windows_of, rows, chunksize=64)
        for some in tqdm(
            found, desc="made questions", unit="article", total=len(rows), mininterval=5
        ):
            for reading, gold, answer in some:
                made.add(reading, gold, answer)
    return made


def _news(data: Path, articles: int, seed: int) -> list[Row]:
    rows = list(read_news(data))
    random.Random(seed).shuffle(rows)
    return rows[:articles]


def _pages(data: Path) -> Iterator[Row]:
    """Wikipedia pages in pieces: each is looked at like an article."""
    for page in read_rows(data / "wiki-vi.jsonl.xz"):
        if _CALENDAR.match(page["title"]):
            continue
        body = _HEADING.sub("", page["body"])
        spans = split_sentences(body)
        for at in range(0, len(spans), _PIECE):
            piece = spans[at : at + _PIECE]
            yield {
                "title": page["title"],
                "abstract": "",
                "body": body[piece[0].start : piece[-1].end],
            }


_opened: list[tuple[HeldBack, Vocabulary, int]] = []  # of a process that makes questions


def _open(data: Path, vocabulary: Vocabulary, seed: int) -> None:
    _opened.append((HeldBack.of(data), vocabulary, seed))


def _windows_of(numbered: tuple[int, Row]) -> list[tuple[Reading, int, tuple[int, int] | None]]:
    held_back, vocabulary, seed = _opened[0]
    number, row = numbered
    body = row["body"]
    if held_back.overlaps([body[s.start : s.end] for s in split_sentences(body)]):
        return []
    questions = make_questions(row, random.Random(f"{seed} {number}"))
    return [
        (
            encode(vocabulary, ask_words(q.question), q.title, q.text, q.sentences, _MOST),
            q.gold,
            q.answer,
        )
        for q in questions
    ]


def make_questions(row: Row, rng: random.Random) -> Iterator[Pseudo]:
    """At most two questions of an article: ``title``, ``abstract``, ``body``."""
    body = row["body"]
    spans = [
        (s.start, s.end) for s in split_sentences(body) if body[s.start : s.end].count(" ") >= 3
    ]
    spans = spans[:_SENTENCES]
    if len(spans) < 3:
        return
    sentences = [body[a:b] for a, b in spans]
    found = [*_of_title(row, sentences), *_of_body(sentences, rng)]
    rng.shuffle(found)
    found.sort(key=lambda e: e.own + rng.random() * 1.2)
    for entity in found[:_EACH]:
        question = _question(entity, rng)
        shown = _shown(entity, question, sentences, rng)
        if len(question.split()) < 4 or shown is None:
            continue
        first, last, gold = shown
        begin = spans[first][0]
        inside = [(a - begin, b - begin) for a, b in spans[first : last + 1]]
        title = row["title"] if entity.text not in row["title"] and rng.random() < 0.6 else ""
        answer = None
        if gold >= 0:
            at = inside[gold][0] + sentences[entity.gold].index(entity.text)
            answer = at, at + len(entity.text)
        yield Pseudo(question, title, body[begin : spans[last][1]], inside, gold, answer)


def _of_title(row: Row, sentences: list[str]) -> Iterator[_Entity]:
    for text in (row["title"], row["abstract"]):
        if len(text) <= 20:
            continue
        for asked in entities(text):
            start, end = asked.start, asked.end
            hits = [i for i, s in enumerate(sentences) if text[start:end] in s]
            if not 0 < len(hits) <= 3:
                continue
            others = set(fold(f"{text[: asked.lead]} {text[end:]}").split())
            shared = [len(others & set(fold(sentences[i]).split())) for i in hits]
            best = max(range(len(hits)), key=lambda i: shared[i])
            if shared[best] >= 3 and sentences[hits[best]][:60] != text[:60]:
                yield _Entity(text, asked, hits[best], hits, own=False)


def _of_body(sentences: list[str], rng: random.Random) -> Iterator[_Entity]:
    for i in rng.sample(range(len(sentences)), min(6, len(sentences))):
        text = sentences[i]
        if _LISTED.search(text):
            continue
        for some in (entities(text), list(phrases(text))):
            if not some:
                continue
            asked = with_lead(rng.choice(some), rng)
            hits = [j for j, s in enumerate(sentences) if text[asked.start : asked.end] in s]
            if len(hits) <= 2:
                yield _Entity(text, asked, i, hits, own=True)


def _question(entity: _Entity, rng: random.Random) -> str:
    text, end = entity.source, entity.asked.end
    word = question_word(entity.asked, text, rng)
    left, right = text[: entity.asked.lead].split(), text[end:].split()
    length = rng.randint(9, 24)
    kept = min(len(left), length)
    if rng.random() < _CROPPED:
        kept = rng.randint(0, kept)
    left, right = left[len(left) - kept :], right[: length - kept]
    drop = 0.35 if entity.own else 0.12
    left, right = _thinned(left, drop, rng), _thinned(right, drop, rng)
    if entity.asked.kind == "name" and word in ("ai", "tên gì", "gì") and rng.random() < 0.4:
        left = left[:-1]
    order = rng.random()
    if order < 0.6:
        words = [*left, word, *right]
    else:
        words = [word, *left, *right] if order < 0.8 else [*left, *right, word]
    question = " ".join(words).strip(' ,.;:“”"')
    if rng.random() < 0.7:
        question += "?"
    return fold(question) if rng.random() < 0.2 else question


def _thinned(words: list[str], drop: float, rng: random.Random) -> list[str]:
    """Without some runs of one to four words."""
    kept: list[str] = []
    at = 0
    while at < len(words):
        run = rng.randint(1, 4)
        if rng.random() > drop:
            kept += words[at : at + run]
        at += run
    return kept


def _shown(
    entity: _Entity, question: str, sentences: list[str], rng: random.Random
) -> tuple[int, int, int] | None:
    """First and last sentence shown and which of them answers; None where it cannot be done."""
    lengths = [s.count(" ") + 3 for s in sentences]
    if rng.random() >= _UNANSWERED:
        first, last = _around(entity.gold, lengths, rng)
        return first, last, entity.gold - first
    asked = set(fold(question).split())
    free = [i for i in range(len(sentences)) if i not in entity.hits]
    if not free:
        return None
    near = max(free, key=lambda i: len(asked & set(fold(sentences[i]).split())))
    first, last = _around(near, lengths, rng)
    return None if any(first <= i <= last for i in entity.hits) else (first, last, -1)


def _around(middle: int, lengths: list[int], rng: random.Random) -> tuple[int, int]:
    """A run of sentences of at most ``_WORDS`` words that holds the middle one somewhere."""
    first = last = middle
    total = lengths[middle]
    while first > 0 or last < len(lengths) - 1:
        back = last == len(lengths) - 1 or (first > 0 and rng.random() < 0.5)
        more = lengths[first - 1] if back else lengths[last + 1]
        if total + more > _WORDS:
            break
        total += more
        first, last = (first - 1, last) if back else (first, last + 1)
    return first, last


__all__ = ["Pseudo", "make_questions", "make_windows"]
