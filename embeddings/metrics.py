"""Retrieval metrics: nDCG, reciprocal rank, recall, and bootstrap intervals of their means.

Every metric takes a ``Ranked`` and returns ``(queries,)`` values between 0 and 1, so that systems
can be compared query by query. Relevance is yes or no, as in MTEB's retrieval sets here.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
_RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Ranked:
    """``relevant[q, r]``: is the document at rank ``r`` for query ``q``; ``totals[q]``: how many are."""

    relevant: NDArray[np.bool_]
    totals: NDArray[np.int64]

    @classmethod
    def of(cls, rankings: list[list[int]], relevant: list[frozenset[int]], depth: int) -> "Ranked":
        """From document numbers, best first; a ranking may be shorter than ``depth``."""
        flags = np.zeros((len(rankings), depth), dtype=bool)
        for row, ranking, right in zip(flags, rankings, relevant, strict=True):
            row[: min(depth, len(ranking))] = [d in right for d in ranking[:depth]]
        return cls(flags, np.array([len(r) for r in relevant], dtype=np.int64))


def ndcg(ranked: Ranked, k: int = 10) -> Values:
    """Normalised discounted cumulative gain (Järvelin and Kekäläinen, 2002) of the first ``k``."""
    discounts = 1 / np.log2(np.arange(2, k + 2))
    flags = ranked.relevant[:, :k]
    ideal = np.cumsum(discounts)[np.minimum(ranked.totals, k) - 1]
    return np.asarray((flags * discounts[: flags.shape[1]]).sum(axis=1) / ideal)


def reciprocal_rank(ranked: Ranked, k: int = 10) -> Values:
    """1 / rank of the first relevant document among the first ``k``; 0 where there is none."""
    flags = ranked.relevant[:, :k]
    return np.where(flags.any(axis=1), 1 / (flags.argmax(axis=1) + 1.0), 0.0)


def recall(ranked: Ranked, k: int) -> Values:
    """Share of the relevant documents among the first ``k``."""
    return np.asarray(ranked.relevant[:, :k].sum(axis=1) / ranked.totals)


def interval(values: Values, seed: int = 0) -> tuple[float, float]:
    """Bootstrap 95 % interval of the mean, over queries."""
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(values), size=(_RESAMPLES, len(values)))
    low, high = np.quantile(values[drawn].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)
