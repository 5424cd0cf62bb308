"""Many readings in flat arrays, and batches of them as tensors."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from assistant.reading.words import PAD, Reading

Inputs = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]  # (batch, length) each


def inputs_of(readings: list[Reading]) -> Inputs:
    """Tokens, segments, marks and shapes, padded to the longest."""
    longest = max(len(r.tokens) for r in readings)
    arrays = np.full((4, len(readings), longest), PAD, dtype=np.int64)
    for row, r in enumerate(readings):
        arrays[:, row, : len(r.tokens)] = r.tokens, r.segments, r.marks, r.shapes
    tokens, segments, marks, shapes = map(torch.from_numpy, arrays)
    return tokens, segments, marks, shapes


class Windows:
    """Readings with their labels: the marker that answers, first and last token of the answer (-1: none)."""

    def __init__(self) -> None:
        self._tokens: list[NDArray[np.uint16]] = []
        self._others: list[NDArray[np.uint8]] = []
        self._labels: list[tuple[int, int, int]] = []

    def __len__(self) -> int:
        return len(self._labels)

    def add(self, reading: Reading, gold: int, answer: tuple[int, int] | None) -> None:
        """Take a reading whose sentence ``gold`` answers, at the characters ``answer``; one whose answering
        sentence was cut off is left out."""
        if gold >= len(reading.markers):
            return
        marker = reading.markers[gold] if gold >= 0 else -1
        inside = np.zeros(0, dtype=np.int64)
        if answer:
            begins, ends = reading.starts, reading.ends
            inside = np.flatnonzero((begins >= 0) & (begins < answer[1]) & (ends > answer[0]))
        first, last = (int(inside[0]), int(inside[-1])) if len(inside) else (-1, -1)
        self._tokens.append(reading.tokens.astype(np.uint16))
        others = np.stack([reading.segments, reading.marks, reading.shapes])
        self._others.append(others.astype(np.uint8))
        self._labels.append((marker, first, last))

    @property
    def labels(self) -> NDArray[np.int64]:
        """``(windows, 3)``."""
        return np.array(self._labels, dtype=np.int64).reshape(-1, 3)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Tokens of each."""
        return np.array([len(t) for t in self._tokens])

    def readings(self, numbers: list[int]) -> list[Reading]:
        """Some of them; markers and offsets are not kept."""
        nowhere = np.zeros(0, dtype=np.int64)
        found = []
        for i in numbers:
            segments, marks, shapes = self._others[i].astype(np.int64)
            tokens = self._tokens[i].astype(np.int64)
            found.append(Reading(tokens, segments, marks, shapes, [], nowhere, nowhere))
        return found

    def save(self, file: Path) -> None:
        """Write one ``.npz``."""
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".partial.npz")
        np.savez(
            partial, tokens=np.concatenate(self._tokens), others=np.concatenate(self._others, axis=1),
            lengths=self.lengths, labels=self.labels,
        )  # fmt: skip
        partial.rename(file)

    @classmethod
    def load(cls, file: Path) -> "Windows":
        """What ``save`` wrote."""
        made = cls()
        with np.load(file, allow_pickle=False) as stored:
            edges = np.cumsum(stored["lengths"])[:-1]
            made._tokens = np.split(stored["tokens"], edges)
            made._others = np.split(stored["others"], edges, axis=1)
            made._labels = [tuple(label) for label in stored["labels"].tolist()]
        return made


__all__ = ["Inputs", "Windows", "inputs_of"]
