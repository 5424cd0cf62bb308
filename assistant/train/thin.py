"""Made questions made harder while the reader learns: words they share with the text are left out.

A question made of the sentence that answers it repeats that sentence; what people ask does not. Each
time a window is shown, a share of the question's telling words is dropped and what they matched is
unmarked, so that what remains must be understood rather than found.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assistant.reading.words import QUESTION, RARITIES, SEP, UNKNOWN, Reading, Vocabulary
from corpus.text import fold

_MOST = 0.7  # of the shared words, in the harshest case
_KEPT = 2  # words a question has at least
# Not dropped: what is asked is read from them.
_ASKING = "giờ ngày tháng năm hôm lúc tên thế cách mục đích nguyên nhân nói".split()
_PAIRED, _MATCHED = 3, 2  # kinds of marks: with its neighbour, alone

Ints = NDArray[np.int64]


class Thinner:
    """Drops words of questions; knows which entries of the vocabulary are one word without diacritics."""

    def __init__(self, vocabulary: Vocabulary, rng: np.random.Generator) -> None:
        forms: dict[str, int] = {}
        entries = vocabulary.entries
        self._group = np.array([forms.setdefault(fold(e), len(forms)) for e in entries])
        self._piece = np.array([e.startswith("##") for e in entries])
        self._asking = np.isin(self._group, [forms.get(fold(e), -1) for e in _ASKING])
        self._rng = rng

    def __call__(self, reading: Reading, label: Ints) -> tuple[Reading, Ints]:
        """The reading with fewer words in its question, and ``label`` (marker, first and last token; -1:
        none) moved by as many. Markers and offsets of the reading are not moved."""
        gone = self._dropped(reading)
        if not len(gone):
            return reading, label
        marks = self._unmarked(reading, gone)
        rest = np.delete(np.arange(len(reading.tokens)), gone)
        thinner = replace(
            reading, tokens=reading.tokens[rest], segments=reading.segments[rest], marks=marks[rest],
            shapes=reading.shapes[rest],
        )  # fmt: skip
        return thinner, np.where(label >= 0, label - len(gone), label)

    def _dropped(self, reading: Reading) -> Ints:
        """Places of shared words of the question, but for the most frequent (question words among them)."""
        tokens, marks = reading.tokens, reading.marks
        asked = int(np.argmax(tokens == SEP))
        places = np.arange(1, asked)
        whole = ~self._piece[tokens[places]] & ~self._piece[tokens[places + 1]]
        shared = marks[places] > _MATCHED * RARITIES  # matched, and not of the commonest
        able = places[whole & shared & (tokens[places] > UNKNOWN) & ~self._asking[tokens[places]]]
        share = self._rng.random() * _MOST
        gone: Ints = able[self._rng.random(len(able)) < share]
        return gone if len(places) - len(gone) >= _KEPT else gone[:0]

    def _unmarked(self, reading: Reading, gone: Ints) -> Ints:
        tokens, marks = reading.tokens, reading.marks.copy()
        groups = self._group[tokens]
        text = reading.segments != QUESTION
        still = np.delete(np.arange(int(np.argmax(tokens == SEP))), gone)
        lost = np.setdiff1d(groups[gone], groups[still])
        marks[text & np.isin(groups, lost)] = 0
        alone = np.zeros(len(marks), dtype=bool)
        alone[1:-1] = (marks[:-2] == 0) & (marks[2:] == 0)
        fallen = text & alone & (marks >= _PAIRED * RARITIES)
        marks[fallen] -= RARITIES
        return marks


__all__ = ["Thinner"]
