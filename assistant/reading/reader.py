"""The reader in service: windows in, what it thinks of each candidate out. NumPy and ONNX Runtime only.

``model/reader.onnx`` is a small cross-encoder of this project (model/README.md), int8, that reads the
question together with a passage and gives for every sentence whether it answers, where the answer
stands, and for the passage whether it answers at all.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.reading.windows import Window
from assistant.reading.words import VOCABULARY, Reading, Vocabulary, ask_words, encode

MODEL = Path(__file__).parent / "model" / "reader.onnx"

UNREAD = -12.0  # the relevance of a sentence that was cut off
_LONGEST_ANSWER = 24  # tokens

Floats = NDArray[np.float64]
Logits = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reads:
    """For each candidate: ``values`` are relevance, best span and the passage's "answers", as logits;
    ``spans`` the offsets of that span in the candidate's article, or None."""

    values: Floats  # (candidates, 3)
    spans: list[tuple[int, int] | None]


READS = ("read", "read span", "read answers")


_INPUTS = ("tokens", "segments", "marks", "shapes")
Outputs = tuple[Logits, Logits, Logits, float]  # relevance, start, end (tokens each), answers


class Reader:
    """The network with its vocabulary. Safe to share between threads."""

    def __init__(self, model: Path = MODEL, vocabulary: Path = VOCABULARY) -> None:
        self._session = open_session(model)
        self._vocabulary = Vocabulary.read(vocabulary)

    def read(self, question: str, windows: list[Window], candidates: int) -> Reads:
        """Read all windows, each candidate where its window has it."""
        words = ask_words(question)
        readings: list[Reading] = []

        def each() -> Iterator[Reading]:  # the first is read while the next is put into words
            for w in windows:
                readings.append(encode(self._vocabulary, words, w.title, w.text, w.sentences))
                yield readings[-1]

        values = np.full((candidates, len(READS)), UNREAD)
        spans: list[tuple[int, int] | None] = [None] * candidates
        for number, out in run(self._session, each()):
            reading = readings[number]
            for owner, place, *scores in scored(reading, windows[number].owners, out):
                values[owner] = scores
                if place:
                    spans[owner] = int(reading.starts[place[0]]), int(reading.ends[place[1]])
        return Reads(values, spans)


def open_session(model: Path) -> Any:
    """An ONNX Runtime session that takes one thread for each input: several inputs at once use the cores better
    than several threads in one so short."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def run(session: Any, readings: Iterable[Reading]) -> Iterator[tuple[int, Outputs]]:
    """The outputs for each reading, with its number, in order.

    Each in a run of its own: activations are scaled to eight bits over what is run together, so that a
    neighbour would change what a window says.
    """

    def one(reading: Reading) -> Outputs:
        inputs = {name: getattr(reading, name)[None].astype(np.int64) for name in _INPUTS}
        relevance, start, end, answers = session.run(None, inputs)
        return relevance[0], start[0], end[0], float(answers[0])

    yield from enumerate(_threads().map(one, readings))


@cache
def _threads() -> ThreadPoolExecutor:
    """For all readers and questions together: more would only wait for a core."""
    return ThreadPoolExecutor(min(8, os.cpu_count() or 1), "reader")


def scored(
    reading: Reading, owners: Sequence[int] | NDArray[np.int64], out: Outputs
) -> Iterator[tuple[int, tuple[int, int] | None, float, float, float]]:
    """For each candidate of a window: its number, tokens of its best span, and the three values."""
    relevance, start, end, answers = out
    edges = [*reading.markers, len(reading.tokens)]
    for i, owner in enumerate(owners[: len(reading.markers)]):
        if owner < 0:
            continue
        first, last = edges[i] + 1, edges[i + 1]
        place, score = best_span(start[first:last], end[first:last])
        span = (first + place[0], first + place[1]) if place else None
        yield int(owner), span, float(relevance[edges[i]]), score, answers


def best_span(start: Logits, end: Logits) -> tuple[tuple[int, int] | None, float]:
    """The likeliest first and last token of an answer and the mean of their logits."""
    n = len(start)
    if not n:
        return None, UNREAD
    both = np.add.outer(start, end) / 2
    allowed = np.tri(n, n, _LONGEST_ANSWER - 1, dtype=bool) & ~np.tri(n, n, -1, dtype=bool)
    first, last = np.unravel_index(np.where(allowed, both, -np.inf).argmax(), both.shape)
    return (int(first), int(last)), float(both[first, last])


@cache
def builtin() -> Reader:
    """The reader shipped with the program."""
    return Reader()


__all__ = [
    "MODEL",
    "READS",
    "UNREAD",
    "Reader",
    "Reads",
    "best_span",
    "builtin",
    "open_session",
    "run",
    "scored",
]
