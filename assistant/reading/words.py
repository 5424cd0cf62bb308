"""Text → the reader's input: words with offsets, pieces of a small vocabulary, exact-match marks.

A *word* is a Vietnamese syllable, a run of digits or one punctuation mark. A word outside the
vocabulary is spelt in its longest known pieces (``##`` marks those that do not begin a word). Marks
tell the network what it could not learn at its size: which words of the passage stand in the
question too, with and without diacritics, whether a neighbour does as well, and how rare they are.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

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


class Form(NamedTuple):
    """How a word is matched, and how it is written (one of SHAPES)."""

    marked: str
    folded: str
    shape: int


class Word(NamedTuple):
    """One word: where it stands, and its form."""

    start: int
    end: int
    form: Form


def split_words(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """Words of ``text[start:end]`` in order, with offsets into ``text``."""
    found = _WORD.finditer(text, start, len(text) if end is None else end)
    return [Word(m.start(), m.end(), _form(m.group())) for m in found]


@lru_cache(maxsize=200_000)
def _form(text: str) -> Form:
    return Form(mark(text), fold(text), _shape(text))


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
        self._known: dict[str, tuple[tuple[int, ...], int]] = {}

    @classmethod
    def read(cls, file: Path) -> "Vocabulary":
        """Read ``vocabulary.txt``."""
        return cls(file.read_text(encoding="utf-8").split("\n"))

    def __len__(self) -> int:
        return len(self.entries)

    def ids(self, form: str) -> tuple[int, ...]:
        """Ids of a word in its marked form; never empty."""
        return self.look_up(form)[0]

    def look_up(self, form: str) -> tuple[tuple[int, ...], int]:
        """Ids of a word in its marked form, and its rarity: 0 for the most frequent to 3 for rare and unknown."""
        found = self._known.get(form)
        if found is None:
            rank = self._ids.get(form, len(self.entries)) - len(SPECIAL)
            found = self._spell(form), sum(rank >= limit for limit in _COMMON)
            if len(self._known) < 200_000:
                self._known[form] = found
        return found

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
    telling = [w.form for w in words if w.form.shape != 4]
    return AskedWords(
        words,
        frozenset(form.marked for form in telling),
        frozenset(form.folded for form in telling),
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
    sentence_words = [split_words(text, a, b) for a, b in sentences]
    there = {w.form.folded for words in (title_words, *sentence_words) for w in words}
    rows = _Rows(vocabulary)
    rows.special(CLS, QUESTION)
    kinds = [2 if w.form.shape != 4 and w.form.folded in there else 0 for w in asked.words]
    rows.words(asked.words, kinds, QUESTION, MAX_QUESTION)
    rows.special(SEP, TITLE)
    rows.words(title_words, _kinds(asked, title_words), TITLE, MAX_TITLE)
    rows.special(SEP, TEXT)
    for words in sentence_words:
        if len(rows.tokens) + 2 > max_tokens:
            break
        rows.markers.append(len(rows.tokens))
        rows.special(SENTENCE, TEXT)
        rows.words(words, _kinds(asked, words), TEXT, max_tokens - len(rows.tokens))
    return rows.reading()


def _kinds(asked: AskedWords, words: list[Word]) -> list[int]:
    """The kind of match of each word with the question, given the words beside it."""
    folded = [w.form.folded for w in words]
    kinds = [0] * len(words)
    for i, form in enumerate(folded):
        if form not in asked.folded:
            continue
        if (i and (folded[i - 1], form) in asked.pairs) or (
            i + 1 < len(folded) and (form, folded[i + 1]) in asked.pairs
        ):
            kinds[i] = 3
        else:
            kinds[i] = 2 if words[i].form.marked in asked.marked else 1
    return kinds


class _Rows:
    """Collects the rows of one input."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.tokens: list[int] = []
        self.markers: list[int] = []
        self._segments: list[int] = []
        self._marks: list[int] = []
        self._shapes: list[int] = []
        self._starts: list[int] = []
        self._ends: list[int] = []

    def special(self, token: int, segment: int) -> None:
        self._add((token,), segment, 0, 0, -1, -1)

    def words(self, words: list[Word], kinds: list[int], segment: int, room: int) -> None:
        place = segment == TEXT
        for (start, end, form), kind in zip(words, kinds, strict=True):
            ids, rarity = self._vocabulary.look_up(form.marked)
            room -= len(ids)
            if room < 0:
                break
            mark = RARITIES * kind + rarity if kind else 0
            self._add(ids, segment, mark, form.shape, start if place else -1, end if place else -1)

    def _add(
        self, ids: tuple[int, ...], segment: int, mark: int, shape: int, start: int, end: int
    ) -> None:
        for id in ids:
            self.tokens.append(id)
            self._segments.append(segment)
            self._marks.append(mark)
            self._shapes.append(shape)
            self._starts.append(start)
            self._ends.append(end)

    def reading(self) -> Reading:
        rows = (self.tokens, self._segments, self._marks, self._shapes, self._starts, self._ends)
        tokens, segments, marks, shapes, starts, ends = np.array(rows, np.int64)
        return Reading(tokens, segments, marks, shapes, self.markers, starts, ends)
