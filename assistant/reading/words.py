"""Text → the reader's input: words with offsets, pieces of a small vocabulary, exact-match marks.

A *word* is a Vietnamese syllable, a run of digits or one punctuation mark. A word outside the
vocabulary is spelt in its longest known pieces (``##`` marks those that do not begin a word). Marks
tell the network what it could not learn at its size: which words of the passage stand in the
question too, with and without diacritics, whether a neighbour does as well, and how rare they are.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.text import fold, mark

VOCABULARY = Path(__file__).parent / "model" / "vocabulary.txt"

PAD, CLS, SEP, SENTENCE, MASK, UNKNOWN = range(6)
SPECIAL = ("[PAD]", "[CLS]", "[SEP]", "[S]", "[MASK]", "[UNK]")

# Segments: which part of the input a token belongs to.
QUESTION, TITLE, TEXT = range(3)
# A mark is 4 * kind + rarity; kind 0 is "not in the other text" and rarity counts from frequent.
MARK_KINDS = 4  # none, folded match, marked match, match with its neighbour
RARITIES = 4
MARKS = MARK_KINDS * RARITIES
SHAPES = 5  # lower case, Capitalised, CAPITALS, digits, punctuation

MAX_QUESTION, MAX_TITLE = 48, 32  # tokens
MAX_TOKENS = 336

_WORD = re.compile(r"(?:[^\W\d_][\u0300-\u036f\u200b-\u200d\u00ad]*)+|\d+|[^\w\s]|_")
_COMMON = (300, 1500, 5000)  # vocabulary ranks that part the rarities; it is in order of frequency
_LONGEST_PIECE = 12

Ints = NDArray[np.int64]
Around = tuple["Word | None", "Word | None"]  # the words before and after
KindOf = Callable[["Word", Around], int]


@dataclass(frozen=True, slots=True)
class Word:
    """One word: where it stands, its matching forms, how it is written."""

    start: int
    end: int
    marked: str
    folded: str
    shape: int


def split_words(text: str) -> list[Word]:
    """Words of ``text`` in order, with offsets into it."""
    return [_word(m.start(), m.end(), m.group()) for m in _WORD.finditer(text)]


def _word(start: int, end: int, text: str) -> Word:
    marked, folded, shape = _forms(text)
    return Word(start, end, marked, folded, shape)


@lru_cache(maxsize=200_000)
def _forms(text: str) -> tuple[str, str, int]:
    return mark(text), fold(text), _shape(text)


def _shape(text: str) -> int:
    if text[0].isdigit():
        return 3
    if not text[0].isalpha():
        return 4
    if text[0].isupper():
        return 2 if len(text) > 1 and text.isupper() else 1
    return 0


class Vocabulary:
    """Words and pieces, one a line of ``vocabulary.txt``, most frequent first after the special ones."""

    def __init__(self, entries: list[str]) -> None:
        if tuple(entries[: len(SPECIAL)]) != SPECIAL:
            raise ValueError("a vocabulary begins with the special tokens")
        self.entries = entries
        self._ids = {entry: i for i, entry in enumerate(entries)}
        self._spelt: dict[str, tuple[int, ...]] = {}

    @classmethod
    def read(cls, file: Path) -> "Vocabulary":
        """Read ``vocabulary.txt``."""
        return cls(file.read_text(encoding="utf-8").split("\n"))

    def __len__(self) -> int:
        return len(self.entries)

    def ids(self, form: str) -> tuple[int, ...]:
        """Ids of a word in its marked form; never empty."""
        found = self._spelt.get(form)
        if found is None:
            found = self._spell(form)
            if len(self._spelt) < 200_000:
                self._spelt[form] = found
        return found

    def rarity(self, form: str) -> int:
        """0 for the most frequent words to 3 for rare and unknown ones."""
        rank = self._ids.get(form, len(self.entries)) - len(SPECIAL)
        return sum(rank >= limit for limit in _COMMON)

    def _spell(self, form: str) -> tuple[int, ...]:
        pieces: list[int] = []
        at = 0
        while at < len(form):
            for length in range(min(_LONGEST_PIECE, len(form) - at), 0, -1):
                piece = form[at : at + length]
                found = self._ids.get(f"##{piece}" if at else piece)
                if found is not None:
                    pieces.append(found)
                    at += length
                    break
            else:
                pieces.append(UNKNOWN)
                at += 1
        return tuple(pieces) or (UNKNOWN,)


@dataclass(frozen=True, slots=True)
class Reading:
    """One input: equally long rows of numbers, and where each token stands.

    ``markers[i]`` is the place of the ``[S]`` before the i-th sentence; ``starts``/``ends`` are
    character offsets into the passage for text tokens, -1 elsewhere.
    """

    tokens: Ints
    segments: Ints
    marks: Ints
    shapes: Ints
    markers: list[int]
    starts: Ints
    ends: Ints


@dataclass(frozen=True, slots=True)
class AskedWords:
    """The question's words, ready to be met with any passage."""

    words: list[Word]
    marked: frozenset[str]
    folded: frozenset[str]
    pairs: frozenset[tuple[str, str]]


def ask_words(question: str) -> AskedWords:
    """Split a question once; punctuation matches nothing."""
    words = split_words(question)
    telling = [w for w in words if w.shape != 4]
    return AskedWords(
        words,
        frozenset(w.marked for w in telling),
        frozenset(w.folded for w in telling),
        frozenset((a.folded, b.folded) for a, b in pairwise(telling)),
    )


def encode(
    vocabulary: Vocabulary,
    asked: AskedWords,
    title: str,
    text: str,
    sentences: list[tuple[int, int]],
    max_tokens: int = MAX_TOKENS,
) -> Reading:
    """``[CLS] question [SEP] title [SEP] [S] sentence [S] sentence …``, cut at ``max_tokens``.

    ``sentences`` are ``(start, end)`` offsets into ``text``; those that no longer fit have no marker.
    """
    title_words = split_words(title)
    sentence_words = [_shifted(split_words(text[a:b]), a) for a, b in sentences]
    there = {w.folded for w in title_words}
    there.update(w.folded for words in sentence_words for w in words)
    rows = _Rows(vocabulary)
    rows.special(CLS, QUESTION)
    rows.words(asked.words, QUESTION, MAX_QUESTION, lambda w, _: 2 if w.folded in there else 0)
    rows.special(SEP, TITLE)
    matched = _Matcher(asked)
    rows.words(title_words, TITLE, MAX_TITLE, matched)
    rows.special(SEP, TEXT)
    for words in sentence_words:
        if len(rows.tokens) + 2 > max_tokens:
            break
        rows.markers.append(len(rows.tokens))
        rows.special(SENTENCE, TEXT)
        rows.words(words, TEXT, max_tokens - len(rows.tokens), matched)
    return rows.reading()


def _shifted(words: list[Word], by: int) -> list[Word]:
    return [Word(w.start + by, w.end + by, w.marked, w.folded, w.shape) for w in words]


class _Matcher:
    """The kind of match of a word with the question, given the words around it."""

    def __init__(self, asked: AskedWords) -> None:
        self._asked = asked

    def __call__(self, word: Word, around: Around) -> int:
        if word.folded not in self._asked.folded:
            return 0
        before, after = around
        pairs = self._asked.pairs
        if (before and (before.folded, word.folded) in pairs) or (
            after and (word.folded, after.folded) in pairs
        ):
            return 3
        return 2 if word.marked in self._asked.marked else 1


class _Rows:
    """Collects the rows of one input."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.tokens: list[int] = []
        self.markers: list[int] = []
        self._others: list[tuple[int, int, int, int, int]] = []  # segment, mark, shape, start, end

    def special(self, token: int, segment: int) -> None:
        self.tokens.append(token)
        self._others.append((segment, 0, 0, -1, -1))

    def words(self, words: list[Word], segment: int, room: int, kind_of: KindOf) -> None:
        last = len(words) - 1
        place = segment == TEXT
        for i, word in enumerate(words):
            ids = self._vocabulary.ids(word.marked)
            room -= len(ids)
            if room < 0:
                break
            around = (words[i - 1] if i else None, words[i + 1] if i < last else None)
            kind = kind_of(word, around) if word.shape != 4 else 0
            mark = RARITIES * kind + self._vocabulary.rarity(word.marked) if kind else 0
            row = (
                segment,
                mark,
                word.shape,
                word.start if place else -1,
                word.end if place else -1,
            )
            self.tokens.extend(ids)
            self._others.extend([row] * len(ids))

    def reading(self) -> Reading:
        others = np.array(self._others, dtype=np.int64).T
        segments, marks, shapes, starts, ends = others
        tokens = np.array(self.tokens, dtype=np.int64)
        return Reading(tokens, segments, marks, shapes, self.markers, starts, ends)
