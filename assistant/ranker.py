"""The learned ranker: a small network over features, its weights in a file that can be read.

``weights/ranker.json`` holds, for each of the two networks, the names of its inputs, their means and
deviations, and the weights of one hidden layer; ``python -m assistant.train`` writes it.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).parent / "weights" / "ranker.json"

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


@dataclass(frozen=True, slots=True)
class Ranker:
    """Which sentence answers, whether any does, and from which probability on it is said."""

    sentences: Network
    answerable: Network
    threshold: float


@cache
def builtin() -> Ranker:
    """The ranker shipped with the program."""
    stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Ranker(
        Network.of(stored["sentences"]),
        Network.of(stored["answerable"]),
        float(stored["threshold"]),
    )
