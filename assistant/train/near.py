"""Near misses made of questions that have an answer: the sentences that give it are cut out.

What is left is of the same article and about the same event, but does not say what is asked. People
ask such things all the time, and a reader that has only met questions about other matters takes the
event for the answer (17 of 100 such held-out questions were refused, 64 where the article is gone).
What came of it: docs/decisions/0006.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.reading.words import QUESTION, TITLE, Reading, Vocabulary
from assistant.train.examples import Example, Read
from corpus.text import fold

CUT = "answer cut out"  # the source of such a question

Ints = NDArray[np.int64]
Tokens = tuple[int, ...]


class Cutter:
    """Cuts answers out of windows; knows which entries of the vocabulary are one word without diacritics."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        forms: dict[str, int] = {}
        self._group = np.array([forms.setdefault(fold(e), len(forms)) for e in vocabulary.entries])

    def __call__(self, example: Example) -> Example | None:
        """The question with windows that no longer answer it; None where a title does."""
        answers = {_answer(read) for read in example.reads} - {()}
        right = {
            sentence
            for read in example.reads
            for sentence, owner in zip(_sentences(read.reading), read.owners, strict=True)
            if owner >= 0 and example.right[owner]
        }
        left = ~example.right
        reads = []
        for read in example.reads:
            if any(_within(answer, _title(read.reading)) for answer in answers):
                return None
            wrong = np.array(
                [
                    sentence not in right and not any(_within(a, sentence) for a in answers)
                    for sentence in _sentences(read.reading)
                ]
            )
            gone = read.owners[~wrong]
            left[gone[gone >= 0]] = False
            if wrong.any():
                reads.append(self._cut(read, wrong))
        if not reads or not left.any():
            return None
        return replace(
            example, rows=example.rows[left], right=np.zeros(left.sum(), dtype=bool),
            reads=[_renumbered(read, left) for read in reads], answerable=False, source=CUT,
        )  # fmt: skip

    def _cut(self, read: Read, kept: NDArray[np.bool_]) -> Read:
        if kept.all():
            return replace(read, answer=(-1, -1))
        r = read.reading
        edges = [*r.markers, len(r.tokens)]
        there = np.ones(len(r.tokens), dtype=bool)
        for i, keep in enumerate(kept):
            there[edges[i] : edges[i + 1]] = keep
        moved = np.cumsum(there) - 1
        marks = self._unmarked(r, there)[there]
        reading = Reading(
            r.tokens[there], r.segments[there], marks, r.shapes[there],
            [int(moved[m]) for m, keep in zip(r.markers, kept, strict=True) if keep],
            *(row[there] if len(row) else row for row in (r.starts, r.ends)),
        )  # fmt: skip
        return Read(reading, read.owners[kept], (-1, -1))

    def _unmarked(self, reading: Reading, there: NDArray[np.bool_]) -> Ints:
        """Words of the question that nothing matches any more are unmarked."""
        groups, asked = self._group[reading.tokens], reading.segments == QUESTION
        matched = groups[there & ~asked & (reading.marks > 0)]
        return np.where(asked & ~np.isin(groups, matched), 0, reading.marks)


def near_misses(
    examples: list[Example], vocabulary: Vocabulary, share: float, seed: int
) -> list[Example]:
    """Those made of a share of the questions that have an answer in sight."""
    cut, rng = Cutter(vocabulary), np.random.default_rng(seed)
    chosen = [e for e in examples if e.right.any() and rng.random() < share]
    return [missed for e in chosen if (missed := cut(e))]


def _renumbered(read: Read, left: NDArray[np.bool_]) -> Read:
    """Owners by their place among the candidates that are left."""
    numbers = np.where(left, np.cumsum(left) - 1, -1)
    return replace(read, owners=np.where(read.owners >= 0, numbers[read.owners], -1))


def _sentences(reading: Reading) -> list[Tokens]:
    """The words of each, without the marker."""
    edges = [*reading.markers, len(reading.tokens)]
    tokens = reading.tokens.tolist()
    return [tuple(tokens[a + 1 : b]) for a, b in pairwise(edges)]


def _title(reading: Reading) -> Tokens:
    return tuple(reading.tokens[reading.segments == TITLE].tolist())


def _answer(read: Read) -> Tokens:
    first, last = read.answer
    return tuple(read.reading.tokens[first : last + 1].tolist()) if first >= 0 else ()


def _within(part: Tokens, whole: Tokens) -> bool:
    return any(whole[i : i + len(part)] == part for i in range(len(whole) - len(part) + 1))


__all__ = ["CUT", "Cutter", "near_misses"]
