"""A Vietnamese sentence splitter by rules.

A sentence ends at ``. ! ? …`` (and the quotes or brackets that close it) before white space and a
capital, a digit, an opening quote or a dialogue dash; and at every line end. It does not end after
an abbreviation (TP., PGS.TS.), an initial (N. Hoa, anh P.), a list number (1. Nội dung) or before a
small letter. It looks at no dictionary and knows no grammar.
"""

import re
from collections.abc import Iterator

from corpus.article import Sentence

MAX_WORDS = 150  # a longer run without a full stop is a table or a list: cut at a comma or a space

_LINE = re.compile(r"[^\n]+")
_END = re.compile(r"(?:[.!?…]+)[\"”’»)\]]*(?=\s)")
_STARTS_SENTENCE = re.compile(r"\s+[\"“‘«(\[–—\-]*\s*[^\W_]")
_LAST_WORD = re.compile(r"[^\s(“\"‘/]+$")
_LIST_NUMBER = re.compile(r"(?:\d{1,3}|[a-zđ]|[IVX]{1,4})\.")
_ABBREVIATIONS = frozenset(
    """tp. tx. tt. q. p. h. x. kp. ql. tl. đt. đc. gs. pgs. ts. ths. th.s. bs. bsckii. bscki. cki. ckii. ks. kts.
    cn. ls. nsnd. nsưt. nghsĩ. đh. cđ. thpt. thcs. mr. mrs. ms. dr. prof. st. no. vs. jr. sr. inc. ltd. co. corp.
    tr. tg. nxb. vd. đ/c. bt. ct. pct. pgs.ts. gs.ts. gs.tskh. tskh. ts.bs. pgs.ts.bs. ths.bs. gs.bs. bs.ckii.
    bs.cki. ts.ls. ths.ls. pgs.ks. tp.hcm. ub. kcn. cty.""".split()
)


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[Sentence]:
    """Sentences of ``text[start:end]``, in order, with offsets into ``text``.

    They cover every character that is not white space, and do not overlap.
    """
    sentences: list[Sentence] = []
    for line in _LINE.finditer(text, start, len(text) if end is None else end):
        sentences.extend(_split_line(text, line.start(), line.end()))
    return sentences


def count_words(text: str, sentence: Sentence) -> int:
    """White-space separated words (Vietnamese: syllables) of a sentence."""
    return len(text[sentence.start : sentence.end].split())


def _split_line(text: str, start: int, end: int) -> Iterator[Sentence]:
    begin = start
    for match in _END.finditer(text, start, end):
        if _is_boundary(text, begin, match, end):
            yield from cut(text, begin, match.end())
            begin = match.end()
    yield from cut(text, begin, end)


def _is_boundary(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    following = _STARTS_SENTENCE.match(text, match.end(), end)
    if not following:
        return False
    first = following.group()[-1]
    if first.islower():
        return False
    mark = match.group()
    if mark != ".":
        return True
    word = text[begin : match.start() + 1].lstrip()
    if _LIST_NUMBER.fullmatch(word):
        return False
    last = _LAST_WORD.search(word)
    return not (last and _is_abbreviation(last.group()))


def _is_abbreviation(word: str) -> bool:
    """``word`` ends in a full stop: a title, a place word, or an initial such as ``P.``, ``N.T.``"""
    if word.lower() in _ABBREVIATIONS:
        return True
    return all(len(part) == 1 and part.isupper() for part in word.rstrip(".").split("."))


def cut(text: str, start: int, end: int, max_words: int = MAX_WORDS) -> Iterator[Sentence]:
    """``text[start:end]`` without outer white space, in pieces of at most ``max_words`` words."""
    words = [(start + m.start(), start + m.end()) for m in re.finditer(r"\S+", text[start:end])]
    while words:
        take = len(words) if len(words) <= max_words else _cut_at(text, words[:max_words])
        yield Sentence(words[0][0], words[take - 1][1])
        words = words[take:]


def _cut_at(text: str, words: list[tuple[int, int]]) -> int:
    """Number of words to take: up to the last semicolon or comma in the second half, else all."""
    for mark in (";", ","):
        for i in range(len(words) - 1, len(words) // 2, -1):
            if text[words[i][1] - 1] == mark:
                return i + 1
    return len(words)
