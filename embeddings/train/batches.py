"""Which pairs share a step, and so serve as each other's negatives.

The first epoch draws them at random. From then on a batch is made of runs of pairs from the same
neighbourhood of the model as it stands (topic-aware sampling, Hofstätter et al. 2021): its
negatives are the passages that the model itself finds hard to tell apart, mined anew every epoch,
at the cost of seconds and of no larger batch.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from embeddings.train.prepare import Prepared

RUN = 128  # pairs of one neighbourhood side by side; 512 did no better (docs/decisions/0004)
_NEIGHBOURHOODS = 1024
_BLOCK = 20_000  # texts encoded at once

Order = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """Text ids of ``n`` queries and passages, and the groups that are not each other's negatives."""

    queries: NDArray[np.int64]
    passages: NDArray[np.int64]
    groups: NDArray[np.int64]


def make_batches(
    data: Prepared, rows: torch.Tensor, epoch: int, *, size: int, folded: float, seed: int
) -> list[Batch]:
    """The batches of one epoch; the ragged end is left out.

    ``rows`` are the token vectors ``(vocabulary, dimension)`` at its start; ``folded`` is the share of
    queries that lose their diacritics. The same arguments give the same batches.
    """
    rng = np.random.default_rng([seed, epoch])
    order = rng.permutation(len(data.pairs))
    if epoch:
        order = _by_neighbourhood(order, neighbourhoods(data, rows, rng), rng)
    without = rng.random(len(order)) < folded
    size = min(size, len(order))
    batches = []
    for at in range(0, len(order) - size + 1, size):
        pairs = data.pairs[order[at : at + size]].astype(np.int64)
        queries = np.where(without[at : at + size], pairs[:, 1], pairs[:, 0])
        batches.append(Batch(queries, pairs[:, 2], pairs[:, 3]))
    return batches


def neighbourhoods(data: Prepared, rows: torch.Tensor, rng: np.random.Generator) -> Order:
    """``(pairs,)`` number of the nearest of 1,024 passages drawn at random, by cosine."""
    texts, place = np.unique(data.pairs[:, 2].astype(np.int64), return_inverse=True)
    centres = _encode(
        data, rows, rng.choice(texts, min(_NEIGHBOURHOODS, len(texts)), replace=False)
    )
    nearest = [
        (_encode(data, rows, texts[at : at + _BLOCK]) @ centres.T).argmax(dim=1).cpu().numpy()
        for at in range(0, len(texts), _BLOCK)
    ]
    return np.concatenate(nearest)[place]


def _by_neighbourhood(order: Order, neighbourhood: Order, rng: np.random.Generator) -> Order:
    """Runs of one neighbourhood, in random order; what is left over stays at the end."""
    grouped = order[np.argsort(neighbourhood[order], kind="stable")]
    run = min(RUN, len(grouped))
    whole = len(grouped) // run * run
    runs = grouped[:whole].reshape(-1, run)
    return np.concatenate([rng.permutation(runs).reshape(-1), grouped[whole:]])


def _encode(data: Prepared, rows: torch.Tensor, texts: Order) -> torch.Tensor:
    return functional.normalize(pool(data, rows, texts), dim=1)


def pool(data: Prepared, rows: torch.Tensor, texts: Order) -> torch.Tensor:
    """``(n, dimension)`` means of the token vectors of ``texts``."""
    tokens, offsets = gather(data, texts)
    return functional.embedding_bag(
        torch.from_numpy(tokens).to(rows.device),
        rows,
        torch.from_numpy(offsets).to(rows.device),
        mode="mean",
    )


def gather(data: Prepared, texts: Order) -> tuple[Order, Order]:
    """Token ids of ``texts`` one after the other, and where each text begins among them."""
    begins = data.starts[texts]
    lengths = data.starts[texts + 1] - begins
    offsets = np.cumsum(lengths) - lengths
    places = np.repeat(begins - offsets, lengths) + np.arange(lengths.sum())
    return data.tokens[places].astype(np.int64), offsets
