"""The training loop: one vector a token, their mean a text, contrastive loss over large batches.

MultipleNegativesRanking (every other passage of the batch is a negative) both ways, at several
lengths of the vector at once (Matryoshka, Kusupati et al. 2022), with Adam on the rows that a
batch touches. Checkpoints are safetensors; a run that was stopped goes on from the last one.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.torch import save_file
from torch.nn import functional
from tqdm import tqdm

from embeddings.train.batches import Batch, gather, make_batches
from embeddings.train.prepare import Prepared

Matrix = NDArray[np.float32]

_BETAS = (0.9, 0.999)
_EPSILON = 1e-8


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the result, besides the data."""

    seed: int = 1
    dimension: int = 512
    # Prefixes stay usable on their own where memory is short (docs/decisions/0004).
    matryoshka: tuple[int, ...] = (512, 256, 128)
    batch: int = 2048  # more negatives a step; static encoders want thousands
    epochs: int = 4
    rate: float = 0.02
    warmup: float = 0.05  # of all steps
    scale: float = 20.0  # the cosine's factor before the softmax
    folded: float = 0.2  # of the queries lose their diacritics, afresh in every epoch
    frequency: float = 1e-3  # initial rows shrink as a / (a + p(token)), Arora et al. 2017


@dataclass(slots=True)
class State:
    """What a checkpoint holds: rows and Adam's two moments, each ``(vocabulary, dimension)``."""

    rows: torch.Tensor
    first: torch.Tensor
    second: torch.Tensor
    step: int = 0


def train(
    data: Prepared,
    vocabulary: int,
    recipe: Recipe,
    checkpoint: Path,
    report: Callable[[int, Matrix], None],
) -> Matrix:
    """Token vectors ``(vocabulary, dimension)``; ``report(epoch, rows)`` is called after each epoch."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    # bfloat16 inside the products of float32 matrices: five times as fast on two cores here, and
    # the loss does not notice.
    torch.set_float32_matmul_precision("medium")
    state = _resume(checkpoint, recipe, device) or _start(data, vocabulary, recipe, device)
    per_epoch = len(data.pairs) // recipe.batch or 1
    total = per_epoch * recipe.epochs
    progress = tqdm(total=total, initial=state.step, desc="train", unit="step")
    for epoch in range(state.step // per_epoch, recipe.epochs):
        batches = make_batches(
            data, state.rows, epoch, size=recipe.batch, folded=recipe.folded, seed=recipe.seed
        )
        for batch in batches:
            loss = _step(state, data, batch, recipe, _rate(state.step, total, recipe))
            progress.update()
            if state.step % 50 == 0:
                progress.set_postfix(loss=f"{loss:.3f}")
        _save(state, recipe, checkpoint)
        report(epoch, state.rows.cpu().numpy())
    progress.close()
    return np.asarray(state.rows.cpu().numpy(), dtype=np.float32)


def _rate(step: int, total: int, recipe: Recipe) -> float:
    """Linear warm-up, then linear decay to nothing."""
    warm = max(1, int(total * recipe.warmup))
    return recipe.rate * min((step + 1) / warm, (total - step) / max(1, total - warm))


def _step(state: State, data: Prepared, batch: Batch, recipe: Recipe, rate: float) -> float:
    """One step of Adam on the rows that the batch touches; returns the loss."""
    device = state.rows.device
    tokens, offsets = gather(data, np.concatenate([batch.queries, batch.passages]))
    touched = np.flatnonzero(np.bincount(tokens, minlength=len(state.rows)))
    local = np.zeros(len(state.rows), dtype=np.int64)
    local[touched] = np.arange(len(touched))
    index = torch.from_numpy(touched).to(device)
    rows = state.rows[index].requires_grad_()
    bags = functional.embedding_bag(
        torch.from_numpy(local[tokens]).to(device),
        rows,
        torch.from_numpy(offsets).to(device),
        mode="mean",
    )
    half = len(batch.queries)
    groups = torch.from_numpy(batch.groups).to(device)
    loss = ranking_loss(bags[:half], bags[half:], groups, recipe)
    loss.backward()
    assert rows.grad is not None
    _adam(state, index, rows.grad, rate)
    return float(loss.detach())


def ranking_loss(
    queries: torch.Tensor, passages: torch.Tensor, groups: torch.Tensor, recipe: Recipe
) -> torch.Tensor:
    """Mean cross-entropy both ways over cosines of ``(n, dimension)`` queries and passages."""
    same = groups[:, None] == groups[None, :]
    same.fill_diagonal_(False)
    others = same.nonzero(as_tuple=True)
    losses = []
    for length in recipe.matryoshka:
        q = functional.normalize(queries[:, :length], dim=1)
        p = functional.normalize(passages[:, :length], dim=1)
        losses.append(_Ranking.apply(q, p, others, recipe.scale))
    return torch.stack(losses).mean()


class _Ranking(torch.autograd.Function):  # type: ignore[misc]
    """The loss at one length, with its gradient written out: both directions share one table of
    exponentials, which makes a step about three times as fast as two calls of cross_entropy."""

    @staticmethod
    def forward(
        ctx: Any,
        q: torch.Tensor,
        p: torch.Tensor,
        others: tuple[torch.Tensor, torch.Tensor],
        scale: float,
    ) -> torch.Tensor:
        # A cosine is at most 1, so exp(scale * (cos - 1)) cannot overflow.
        table = (q @ p.T).sub_(1).mul_(scale).exp_()
        table[others] = 0
        rows, columns = table.sum(dim=1), table.sum(dim=0)
        right = scale * ((q * p).sum(dim=1) - 1)
        loss = ((rows.log() + columns.log()) / 2 - right).mean()
        table.mul_(rows.reciprocal()[:, None] + columns.reciprocal()[None, :])
        factor = scale / len(q)
        ctx.save_for_backward((table @ p / 2 - p) * factor, (table.T @ q / 2 - q) * factor)
        return loss

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        q, p = ctx.saved_tensors
        return gradient * q, gradient * p, None, None


def _adam(state: State, index: torch.Tensor, gradient: torch.Tensor, rate: float) -> None:
    """Adam whose moments decay only where a token was seen, as ``torch.optim.SparseAdam``."""
    state.step += 1
    size = rate * (1 - _BETAS[1] ** state.step) ** 0.5 / (1 - _BETAS[0] ** state.step)
    with torch.no_grad():
        first = state.first[index].lerp_(gradient, 1 - _BETAS[0])
        second = state.second[index].lerp_(gradient.square(), 1 - _BETAS[1])
        state.first[index], state.second[index] = first, second
        state.rows[index] -= size * first / (second.sqrt() + _EPSILON)


def _start(data: Prepared, vocabulary: int, recipe: Recipe, device: torch.device) -> State:
    """Random rows, frequent tokens shorter: they say less about what a text is about."""
    counts = np.bincount(data.tokens, minlength=vocabulary)
    share = torch.from_numpy(counts / counts.sum()).float()
    generator = torch.Generator().manual_seed(recipe.seed)
    rows = torch.randn(vocabulary, recipe.dimension, generator=generator)
    rows *= (recipe.frequency / (recipe.frequency + share))[:, None]
    rows = rows.to(device)
    return State(rows, torch.zeros_like(rows), torch.zeros_like(rows))


def _save(state: State, recipe: Recipe, checkpoint: Path) -> None:
    tensors = {"rows": state.rows, "first": state.first, "second": state.second}
    metadata = {"step": str(state.step), "recipe": json.dumps(asdict(recipe))}
    unfinished = checkpoint.with_suffix(".part")
    save_file({k: v.cpu().contiguous() for k, v in tensors.items()}, unfinished, metadata)
    unfinished.replace(checkpoint)


def _resume(checkpoint: Path, recipe: Recipe, device: torch.device) -> State | None:
    """The checkpoint's state; ``None`` where there is none, or it is of another recipe."""
    if not checkpoint.exists():
        return None
    with safe_open(str(checkpoint), framework="pt", device=str(device)) as file:
        metadata = file.metadata()
        if metadata["recipe"] != json.dumps(asdict(recipe)):
            return None
        tensors = [file.get_tensor(name) for name in ("rows", "first", "second")]
    rows, first, second = tensors
    return State(rows, first, second, int(metadata["step"]))
