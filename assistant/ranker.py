"""The learned ranker: small networks over features, their weights in files that can be read.

``weights/ranker.json`` (features alone) and ``weights/ranker-reader.json`` (with the reader's output)
hold for each network the names of its inputs, their means and deviations, and the weights of one
hidden layer; ``python -m assistant.train`` writes them.
"""

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.features import question_features
from assistant.reading.reader import READS

WEIGHTS = Path(__file__).parent / "weights" / "ranker.json"
WEIGHTS_WITH_READER = Path(__file__).parent / "weights" / "ranker-reader.json"

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Network:
    """``out · tanh(hidden · z(x) + bias) + direct · z(x) + shift``."""

    inputs: tuple[str, ...]
    mean: Matrix
    deviation: Matrix
    hidden: Matrix  # (units, inputs)
    bias: Matrix
    out: Matrix
    direct: Matrix
    shift: float

    def __call__(self, x: Matrix) -> Matrix:
        """Scores ``(n,)`` of rows ``(n, inputs)``."""
        z = (x - self.mean) / self.deviation
        scores: Matrix = np.tanh(z @ self.hidden.T + self.bias) @ self.out + z @ self.direct
        return scores + self.shift

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Network":
        """From its JSON."""
        arrays = {
            name: np.array(stored[name], dtype=float)
            for name in ("mean", "deviation", "hidden", "bias", "out", "direct")
        }
        return cls(inputs=tuple(stored["inputs"]), shift=float(stored["shift"]), **arrays)

    def stored(self) -> dict[str, Any]:
        """As JSON, to five digits: more would only look exact."""
        arrays = {
            name: np.round(getattr(self, name), 5).tolist()
            for name in ("mean", "deviation", "hidden", "bias", "out", "direct")
        }
        return {"inputs": list(self.inputs), "shift": round(self.shift, 5), **arrays}


def standard(values: Matrix) -> Matrix:
    """Standard scores; zero where the values do not vary."""
    deviation = float(values.std())
    return (values - values.mean()) / deviation if deviation > 1e-9 else np.zeros(len(values))


# How the reader's values join those by features.
BLEND = ("features", *READS)
BLEND_ANSWERABLE = (
    "features",
    "best",
    "margin",
    *READS,
    "read most",
    "read margin",
    "most answers",
)


@dataclass(frozen=True, slots=True)
class Blend:
    """Weighs what the features say against what the reader says: of a sentence, and of the question."""

    sentences: Network  # over BLEND
    answerable: Network  # over BLEND_ANSWERABLE


def blend_sentences(scores: Matrix, read: Matrix) -> Matrix:
    """``(n, len(BLEND))``: the score by features beside the reader's values."""
    return np.column_stack([scores, read])


def blend_answerable(logit: float, scores: Matrix, read: Matrix, order: list[int]) -> Matrix:
    """``(len(BLEND_ANSWERABLE),)``: ``logit`` is that of the features, ``scores`` are blended, ``order`` is
    best first."""
    relevance = np.sort(read[:, 0])[::-1]
    values = [
        logit, scores[order[0]], _margin(scores[order]), *read[order[0]],
        relevance[0], _margin(relevance), read[:, 2].max(),
    ]  # fmt: skip
    return np.array(values, dtype=float)


def _margin(descending: Matrix) -> float:
    return float(descending[0] - descending[1]) if len(descending) > 1 else 1.0


@dataclass(frozen=True, slots=True)
class Ranker:
    """Which sentence answers, whether any does, and from which probability on it is said.

    Without a ``blend`` the features alone decide.
    """

    sentences: Network  # over FEATURES
    answerable: Network  # over ANSWERABLE
    threshold: float
    blend: Blend | None = None

    def score(self, rows: Matrix, read: Matrix | None = None) -> Matrix:
        """Scores of sentences ``(n,)`` from their features, and the reader's values where there is one."""
        scores = self.sentences(rows)
        if read is None:
            return scores
        if self.blend is None:  # a stranger's cross-encoder, on a scale of its own
            return scores + standard(read[:, 0]) * max(1.0, float(scores.std()))
        return self.blend.sentences(blend_sentences(scores, read))

    def confidence(
        self,
        rows: Matrix,
        whole: Matrix,
        scores: Matrix,
        order: list[int],
        read: Matrix | None = None,
    ) -> float:
        """The probability that the first of ``order`` answers; ``scores`` are those of ``score``."""
        logit = self.by_features(rows, whole)
        if self.blend and read is not None:
            values = blend_answerable(logit, scores, read, order)
            logit = float(self.blend.answerable(values[None])[0])
        return 1 / (1 + math.exp(-logit))

    def by_features(self, rows: Matrix, whole: Matrix) -> float:
        """The logit of what the features alone think, of the sentence that they think best."""
        scores = self.sentences(rows)
        order = np.argsort(-scores, kind="stable")
        values = question_features(rows[order], scores[order], whole)
        return float(self.answerable(values[None])[0])

    @classmethod
    def read(cls, file: Path) -> "Ranker":
        """From its file."""
        stored = json.loads(file.read_text(encoding="utf-8"))
        names = ("blend sentences", "blend answerable")
        blend = Blend(*(Network.of(stored[n]) for n in names)) if names[0] in stored else None
        return cls(
            Network.of(stored["sentences"]), Network.of(stored["answerable"]), float(stored["threshold"]), blend
        )  # fmt: skip

    def write(self, file: Path) -> None:
        """Into a file that ``read`` reads."""
        stored = {
            "threshold": self.threshold,
            "sentences": self.sentences.stored(),
            "answerable": self.answerable.stored(),
        }
        if self.blend:
            stored["blend sentences"] = self.blend.sentences.stored()
            stored["blend answerable"] = self.blend.answerable.stored()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(stored, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


@cache
def builtin(reader: bool = False) -> Ranker:
    """The ranker shipped with the program, to be used with the reader or without."""
    return Ranker.read(WEIGHTS_WITH_READER if reader else WEIGHTS)
