"""Fitting the two networks of the ranker, and choosing the threshold on held-out questions."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

from assistant.evidence import summarise
from assistant.features import ANSWERABLE, FEATURES
from assistant.ranker import Network, Ranker
from assistant.train.examples import Example

_UNITS = 16  # 32 did no better: first sentence .626 against .637 on held-out questions
# Nearly linear: AUROC .863 with 1, 4 or 16 units, and 16 were wild far from the examples.
_ANSWERABLE_UNITS = 1
_STEPS = 1_500
_BATCH = 256
_RATE = 0.01
_DECAY = 1e-3
_ANSWERED = 0.93  # of the held-out answerable questions get an answer

Matrix = NDArray[np.float64]


def fit(examples: list[Example], seed: int = 1) -> Ranker:
    """Sentences first, then whether they answer, then the threshold."""
    torch.manual_seed(seed)
    sentences = fit_sentences([e for e in examples if not e.held_out])
    summed = np.array([_summary(e, sentences) for e in examples])
    known = np.array([e.answerable for e in examples])
    held = np.array([e.held_out for e in examples])
    answerable = fit_answerable(summed[~held], known[~held])
    confidence = 1 / (1 + np.exp(-answerable(summed[held & known])))
    threshold = float(np.quantile(confidence, 1 - _ANSWERED))
    return Ranker(sentences, answerable, round(threshold, 4))


def fit_sentences(examples: list[Example]) -> Network:
    """Softmax over the candidates of a question; the right ones share the probability."""
    useful = [e for e in examples if e.right.any()]
    rows = np.concatenate([e.weighed.rows for e in useful])
    mean, deviation = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    longest = max(len(e.right) for e in useful)
    inputs = torch.zeros(len(useful), longest, len(FEATURES))
    right = torch.zeros(len(useful), longest, dtype=torch.bool)
    there = torch.zeros(len(useful), longest, dtype=torch.bool)
    for i, e in enumerate(useful):
        n = len(e.right)
        inputs[i, :n] = torch.from_numpy((e.weighed.rows - mean) / deviation).float()
        right[i, :n], there[i, :n] = torch.from_numpy(e.right), True

    def loss(score: Callable[[torch.Tensor], torch.Tensor], batch: torch.Tensor) -> torch.Tensor:
        logits = score(inputs[batch]).masked_fill(~there[batch], -1e4).log_softmax(dim=1)
        return -logits.masked_fill(~right[batch], -1e4).logsumexp(dim=1).mean()

    return _train(FEATURES, mean, deviation, _UNITS, len(useful), loss)


def fit_answerable(summed: Matrix, known: NDArray[np.bool_]) -> Network:
    """Logistic loss over questions."""
    mean, deviation = summed.mean(axis=0), summed.std(axis=0) + 1e-6
    inputs = torch.from_numpy((summed - mean) / deviation).float()
    target = torch.from_numpy(known).float()

    def loss(score: Callable[[torch.Tensor], torch.Tensor], batch: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.binary_cross_entropy_with_logits(
            score(inputs[batch]), target[batch]
        )

    return _train(ANSWERABLE, mean, deviation, _ANSWERABLE_UNITS, len(known), loss)


def _train(
    names: tuple[str, ...],
    mean: Matrix,
    deviation: Matrix,
    units: int,
    examples: int,
    loss: Callable[[Callable[[torch.Tensor], torch.Tensor], torch.Tensor], torch.Tensor],
) -> Network:
    hidden = torch.nn.Parameter(torch.randn(units, len(names)) * 0.1)
    bias = torch.nn.Parameter(torch.zeros(units))
    out = torch.nn.Parameter(torch.randn(units) * 0.1)
    direct = torch.nn.Parameter(torch.zeros(len(names)))
    shift = torch.nn.Parameter(torch.zeros(1))
    weights = [hidden, bias, out, direct, shift]
    optimiser = torch.optim.AdamW(weights, lr=_RATE, weight_decay=_DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, _STEPS)

    def score(x: torch.Tensor) -> torch.Tensor:
        return torch.tanh(x @ hidden.T + bias) @ out + x @ direct + shift

    for _ in range(_STEPS):
        value = loss(score, torch.randint(examples, (min(_BATCH, examples),)))
        optimiser.zero_grad()
        value.backward()
        optimiser.step()
        schedule.step()
    h, b, o, d = (w.detach().numpy().astype(float) for w in (hidden, bias, out, direct))
    return Network(names, mean, deviation, h, b, o, d, float(shift.detach()))


def _summary(example: Example, sentences: Network) -> Matrix:
    scores = sentences(example.weighed.rows)
    order = np.argsort(-scores, kind="stable").tolist()
    return summarise(example.question, example.weighed, scores, order)


def report(examples: list[Example], ranker: Ranker) -> str:
    """How the held-out questions fare: first sentence, one of three, AUROC."""
    held = [e for e in examples if e.held_out and e.answerable]
    order = [np.argsort(-ranker.sentences(e.weighed.rows), kind="stable") for e in held]
    first = np.mean([e.right[o[0]] for e, o in zip(held, order, strict=True)])
    three = np.mean([e.right[o[:3]].any() for e, o in zip(held, order, strict=True)])
    ceiling = np.mean([e.right.any() for e in held])
    lines = [
        f"{len(held)} held-out answerable: first {first:.3f}, one of three {three:.3f}, looked at {ceiling:.3f}"
    ]
    known = np.array([e.answerable for e in examples if e.held_out])
    logits = ranker.answerable(
        np.array([_summary(e, ranker.sentences) for e in examples if e.held_out])
    )
    auroc = (logits[known][:, None] > logits[~known][None, :]).mean()
    limit = np.quantile(logits[known], 0.05)
    lines.append(
        f"AUROC {auroc:.3f}, refused at 95 % answered {(logits[~known] < limit).mean():.3f}, threshold {ranker.threshold}"
    )
    return "\n".join(lines)
