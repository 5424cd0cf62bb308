"""Fitting the networks of the ranker, and choosing the threshold on held-out questions."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from assistant.features import ANSWERABLE, FEATURES, question_features
from assistant.ranker import (
    BLEND,
    BLEND_ANSWERABLE,
    Blend,
    Network,
    Ranker,
    blend_answerable,
    blend_sentences,
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
_ANSWERED = 0.965  # of the held-out answerable questions get an answer

Matrix = NDArray[np.float64]
Values = list[Matrix]  # what the reader says, for each example


def fit(examples: list[Example], seed: int = 1) -> Ranker:
    """By features alone: sentences first, then whether they answer, then the threshold."""
    torch.manual_seed(seed)
    ranker = _fit_features([e for e in examples if e.part != DEV])
    return replace(ranker, threshold=_threshold(ranker, [e for e in examples if e.part == DEV]))


def fit_with_reader(examples: list[Example], values: Values, seed: int = 1) -> Ranker:
    """The features learn where the reader did; how the two are weighed, from what neither has seen.

    ``values`` are the reader's, of the examples that it did not learn from, in their order.
    """
    torch.manual_seed(seed)
    ranker = _fit_features([e for e in examples if e.part == TRAIN])
    unseen = [e for e in examples if e.part != TRAIN]
    fresh = [(e, v) for e, v in zip(unseen, values, strict=True) if e.part == BLEND_PART]
    held = [(e, v) for e, v in zip(unseen, values, strict=True) if e.part == DEV]
    known = [e for e, _ in fresh]
    mixed = [blend_sentences(ranker.sentences(e.rows), v) for e, v in fresh]
    sentences = _fit_sentences(known, mixed, BLEND, _BLEND_UNITS)
    summed = []
    for (e, v), m in zip(fresh, mixed, strict=True):
        scores = sentences(m)
        logit = ranker.by_features(e.rows, e.whole)
        summed.append(blend_answerable(logit, scores, v, _order(scores)))
    answerable = _fit_answerable(known, summed, BLEND_ANSWERABLE)
    ranker = replace(ranker, blend=Blend(sentences, answerable))
    return replace(ranker, threshold=_threshold(ranker, [e for e, _ in held], [v for _, v in held]))


def _fit_features(examples: list[Example]) -> Ranker:
    sentences = _fit_sentences(examples, [e.rows for e in examples], FEATURES, _UNITS)
    summed = []
    for e in examples:
        scores = sentences(e.rows)
        order = _order(scores)
        summed.append(question_features(e.rows[order], scores[order], e.whole))
    return Ranker(sentences, _fit_answerable(examples, summed, ANSWERABLE), 0.5)


def _order(scores: Matrix) -> list[int]:
    return [int(i) for i in np.argsort(-scores, kind="stable")]


def _threshold(ranker: Ranker, held: list[Example], values: Values | None = None) -> float:
    """From which confidence on _ANSWERED of the answerable questions are answered."""
    confidence = _confidence(ranker, held, values or [None] * len(held))
    known = np.array([e.answerable for e in held])
    return round(float(np.quantile(confidence[known], 1 - _ANSWERED)), 4)


def _confidence(ranker: Ranker, examples: list[Example], values: Sequence[Matrix | None]) -> Matrix:
    found = []
    for e, v in zip(examples, values, strict=True):
        scores = ranker.score(e.rows, v)
        found.append(ranker.confidence(e.rows, e.whole, scores, _order(scores), v))
    return np.array(found)


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
    examples: list[Example], summed: list[Matrix], names: tuple[str, ...]
) -> Network:
    """Logistic loss over questions."""
    every = np.array(summed)
    mean, deviation = every.mean(axis=0), every.std(axis=0) + 1e-6
    inputs = torch.from_numpy((every - mean) / deviation).float()
    target = torch.tensor([float(e.answerable) for e in examples])

    def loss(score: Callable[[torch.Tensor], torch.Tensor], batch: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.binary_cross_entropy_with_logits(
            score(inputs[batch]), target[batch]
        )

    return _train(names, mean, deviation, _ANSWERABLE_UNITS, len(inputs), loss)


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
    read: Sequence[Matrix | None] = [None] * len(examples) if values is None else values
    held = [(e, v) for e, v in zip(examples, read, strict=True) if e.part == DEV]
    asked = [(e, _order(ranker.score(e.rows, v))) for e, v in held if e.answerable]
    first = np.mean([e.right[o[0]] for e, o in asked])
    three = np.mean([e.right[o[:3]].any() for e, o in asked])
    ceiling = np.mean([e.right.any() for e, _ in asked])
    confidence = _confidence(ranker, [e for e, _ in held], [v for _, v in held])
    known = np.array([e.answerable for e, _ in held])
    yes, no = confidence[known], confidence[~known]
    auroc = (yes[:, None] > no[None, :]).mean()
    refused = (no < np.quantile(yes, 0.05)).mean()
    return (
        f"{len(asked)} held-out answerable: first {first:.3f}, one of three {three:.3f}, looked at {ceiling:.3f}\n"
        f"AUROC {auroc:.3f}, refused at 95 % answered {refused:.3f}, threshold {ranker.threshold}"
    )


__all__ = ["fit", "fit_with_reader", "report"]
