"""Fitting the networks of the ranker, and choosing the threshold on held-out questions."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

from assistant.features import ANSWERABLE, FEATURES
from assistant.ranker import (
    ANSWERABLE_READ,
    BLEND,
    Network,
    Ranker,
    answerable_features,
    blend_features,
)
from assistant.train.examples import BLEND as BLEND_PART
from assistant.train.examples import DEV, TRAIN, Example

_UNITS = 16  # 32 did no better: first sentence .626 against .637 on held-out questions
_BLEND_UNITS = 4
# Nearly linear: AUROC .863 with 1, 4 or 16 units, and 16 were wild far from the examples.
_ANSWERABLE_UNITS = 1
_STEPS = 1_500
_BATCH = 256
_RATE = 0.01
_DECAY = 1e-3
_ANSWERED = 0.93  # of the held-out answerable questions get an answer

Matrix = NDArray[np.float64]
Values = list[Matrix]  # what the reader says, for each example


def fit(examples: list[Example], seed: int = 1) -> Ranker:
    """By features alone: sentences first, then whether they answer, then the threshold."""
    torch.manual_seed(seed)
    known = [e for e in examples if e.part != DEV]
    sentences = _fit_sentences(known, [e.rows for e in known], FEATURES, _UNITS)
    scores = [sentences(e.rows) for e in examples]
    summed = [
        answerable_features(e.rows, e.whole, s) for e, s in zip(examples, scores, strict=True)
    ]
    parts = {e.part for e in known}
    answerable, threshold = _fit_answerable(examples, summed, ANSWERABLE, parts)
    return Ranker(sentences, answerable, threshold)


def fit_with_reader(examples: list[Example], values: Values, seed: int = 1) -> Ranker:
    """The features learn where the reader did; how the two are weighed, from what neither has seen.

    ``values`` are the reader's, of the examples that it did not learn from, in their order.
    """
    torch.manual_seed(seed)
    seen = [e for e in examples if e.part == TRAIN]
    sentences = _fit_sentences(seen, [e.rows for e in seen], FEATURES, _UNITS)
    examples = [e for e in examples if e.part != TRAIN]
    mixed = [blend_features(sentences(e.rows), v) for e, v in zip(examples, values, strict=True)]
    fresh = [i for i, e in enumerate(examples) if e.part == BLEND_PART]
    blend = _fit_sentences(
        [examples[i] for i in fresh], [mixed[i] for i in fresh], BLEND, _BLEND_UNITS
    )
    summed = [
        answerable_features(e.rows, e.whole, blend(m), v)
        for e, m, v in zip(examples, mixed, values, strict=True)
    ]
    answerable, threshold = _fit_answerable(examples, summed, ANSWERABLE_READ, {BLEND_PART})
    return Ranker(sentences, answerable, threshold, blend)


def _fit_sentences(
    examples: list[Example], rows: Values, names: tuple[str, ...], units: int
) -> Network:
    """Softmax over the candidates of a question; the right ones share the probability."""
    useful = [(e, r) for e, r in zip(examples, rows, strict=True) if e.right.any()]
    every = np.concatenate([r for _, r in useful])
    mean, deviation = every.mean(axis=0), every.std(axis=0) + 1e-6
    longest = max(len(e.right) for e, _ in useful)
    inputs = torch.zeros(len(useful), longest, len(names))
    right = torch.zeros(len(useful), longest, dtype=torch.bool)
    there = torch.zeros(len(useful), longest, dtype=torch.bool)
    for i, (e, r) in enumerate(useful):
        n = len(e.right)
        inputs[i, :n] = torch.from_numpy((r - mean) / deviation).float()
        right[i, :n], there[i, :n] = torch.from_numpy(e.right), True

    def loss(score: Callable[[torch.Tensor], torch.Tensor], batch: torch.Tensor) -> torch.Tensor:
        logits = score(inputs[batch]).masked_fill(~there[batch], -1e4).log_softmax(dim=1)
        return -logits.masked_fill(~right[batch], -1e4).logsumexp(dim=1).mean()

    return _train(names, mean, deviation, units, len(useful), loss)


def _fit_answerable(
    examples: list[Example], summed: list[Matrix], names: tuple[str, ...], parts: set[str]
) -> tuple[Network, float]:
    """Logistic loss over questions of ``parts``; the threshold from those held out."""
    inside = np.array([e.part in parts for e in examples])
    held = np.array([e.part == DEV for e in examples])
    known = np.array([e.answerable for e in examples])
    every = np.array(summed)
    mean, deviation = every[inside].mean(axis=0), every[inside].std(axis=0) + 1e-6
    inputs = torch.from_numpy((every[inside] - mean) / deviation).float()
    target = torch.from_numpy(known[inside]).float()

    def loss(score: Callable[[torch.Tensor], torch.Tensor], batch: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.binary_cross_entropy_with_logits(
            score(inputs[batch]), target[batch]
        )

    network = _train(names, mean, deviation, _ANSWERABLE_UNITS, len(inputs), loss)
    confidence = 1 / (1 + np.exp(-network(every[held & known])))
    return network, round(float(np.quantile(confidence, 1 - _ANSWERED)), 4)


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


def report(examples: list[Example], ranker: Ranker, values: Values | None = None) -> str:
    """How the held-out questions fare: first sentence, one of three, AUROC."""
    if values is not None:
        examples = [e for e in examples if e.part != TRAIN]
    read: list[Matrix | None] = [None] * len(examples) if values is None else [*values]
    held = [(e, r) for e, r in zip(examples, read, strict=True) if e.part == DEV]
    scores = [ranker.score(e.rows, r) for e, r in held]
    order = [np.argsort(-s, kind="stable") for s in scores]
    known = np.array([e.answerable for e, _ in held])
    asked = [(e, o) for (e, _), o in zip(held, order, strict=True) if e.answerable]
    first = np.mean([e.right[o[0]] for e, o in asked])
    three = np.mean([e.right[o[:3]].any() for e, o in asked])
    ceiling = np.mean([e.right.any() for e, _ in asked])
    confidence = np.array(
        [ranker.confidence(e.rows, e.whole, s, r) for (e, r), s in zip(held, scores, strict=True)]
    )
    yes, no = confidence[known], confidence[~known]
    auroc = (yes[:, None] > no[None, :]).mean()
    refused = (no < np.quantile(yes, 0.05)).mean()
    return (
        f"{len(asked)} held-out answerable: first {first:.3f}, one of three {three:.3f}, looked at {ceiling:.3f}\n"
        f"AUROC {auroc:.3f}, refused at 95 % answered {refused:.3f}, threshold {ranker.threshold}"
    )


__all__ = ["fit", "fit_with_reader", "report"]
