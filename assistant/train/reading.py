"""Training the reader: on made questions with hidden words, then on written ones with the product's hits.

Both stages stop at a number of steps, keep what they have in a checkpoint, and go on from it.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional
from tqdm import tqdm

from assistant.reading.reader import READS, UNREAD, open_session, run, scored
from assistant.reading.words import MASK, SENTENCE, TEXT, UNKNOWN, Vocabulary
from assistant.train.examples import DEV, TRAIN, Example, Read
from assistant.train.network import ReaderNetwork
from assistant.train.thin import Thinner
from assistant.train.windows import Inputs, Windows, inputs_of

_BATCH = 24  # windows
_HIDDEN = 0.15  # of the words, in every other step
_NOWHERE = -1e4  # a logit that wins nothing
_QUESTIONS = 8  # a step of the second stage
_SHOWN = 4  # windows of each
_HARDER = 0.25  # how much likelier a window is shown that was found one place higher
_ALIKE = 4096  # windows that are sorted by length before they are cut into batches
_WARM_UP = 200
_CHECKPOINT = 500  # steps


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast a stage learns."""

    steps: int
    rate: float


def pretrain(
    network: ReaderNetwork,
    made: Windows,
    vocabulary: Vocabulary,
    plan: Plan,
    checkpoint: Path,
    seed: int = 1,
) -> None:
    """Which sentence answers a made question, thinned anew each time, where, and which word is hidden."""
    lengths, labels = made.lengths, made.labels
    rng = np.random.default_rng(seed)
    batches = _batches(lengths, rng)
    thinner = Thinner(vocabulary, rng)
    network.drop_out(0.0)  # hardly anything is seen twice

    def loss(step: int) -> torch.Tensor:
        numbers = next(batches)
        shown = [
            thinner(r, label)
            for r, label in zip(made.readings(numbers.tolist()), labels[numbers], strict=True)
        ]
        inputs = inputs_of([reading for reading, _ in shown])
        wanted = torch.from_numpy(np.stack([label for _, label in shown]))
        return _made_loss(network, inputs, wanted, hide=step % 2 == 0)

    _learn(network, loss, plan, checkpoint)


def finetune(
    network: ReaderNetwork,
    examples: list[Example],
    plan: Plan,
    checkpoint: Path,
    seed: int = 1,
) -> None:
    """Which sentence of all that were found answers a written question, or none."""
    known = [
        e for e in examples if e.part == TRAIN and e.reads and (e.right.any() or not e.answerable)
    ]
    rng = np.random.default_rng(seed)
    network.drop_out(network.shape.dropout)
    order: list[int] = []

    def loss(step: int) -> torch.Tensor:
        nonlocal order
        if len(order) < _QUESTIONS:
            order = rng.permutation(len(known)).tolist()
        chosen, order = order[:_QUESTIONS], order[_QUESTIONS:]
        return _found_loss(network, [known[i] for i in chosen], rng)

    _learn(network, loss, plan, checkpoint)


def resume(network: ReaderNetwork, plan: Plan, checkpoint: Path) -> bool:
    """Load a checkpoint of a stage that is done; whether there was one."""
    if not checkpoint.is_file():
        return False
    kept = torch.load(checkpoint, weights_only=True)
    if kept["step"] < plan.steps:
        return False
    network.load_state_dict(kept["network"])
    return True


def _learn(
    network: ReaderNetwork, loss: Callable[[int], torch.Tensor], plan: Plan, checkpoint: Path
) -> None:
    decayed = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim < 2]
    groups = [{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=plan.rate, betas=(0.9, 0.98), fused=True)
    first = 0
    if checkpoint.is_file():
        kept = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(kept["network"])
        optimiser.load_state_dict(kept["optimiser"])
        first = kept["step"]
    network.train()
    begun, mean = time.monotonic(), 0.0
    for step in range(first, plan.steps):
        left = 1 - step / plan.steps
        for group in optimiser.param_groups:
            group["lr"] = plan.rate * min(1, (step + 1) / _WARM_UP) * max(0.02, left)
        value = loss(step)
        optimiser.zero_grad()
        value.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        mean = 0.99 * mean + 0.01 * value.item() if step > first else value.item()
        if (step + 1) % 100 == 0:
            minutes = (time.monotonic() - begun) / 60
            print(
                f"{minutes:.1f} min, step {step + 1} of {plan.steps}, loss {mean:.3f}", flush=True
            )
        if (step + 1) % _CHECKPOINT == 0 or step + 1 == plan.steps:
            _keep(network, optimiser, step + 1, checkpoint)


def _keep(
    network: ReaderNetwork, optimiser: torch.optim.Optimizer, step: int, checkpoint: Path
) -> None:
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    partial = checkpoint.with_suffix(".partial")
    state = {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "step": step}
    torch.save(state, partial)
    partial.rename(checkpoint)


def _batches(lengths: NDArray[np.int64], rng: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Numbers of windows of about one length, for ever."""
    while True:
        order = rng.permutation(len(lengths))
        found = []
        for at in range(0, len(order), _ALIKE):
            part = order[at : at + _ALIKE]
            part = part[np.argsort(lengths[part], kind="stable")]
            found += [part[i : i + _BATCH] for i in range(0, len(part), _BATCH)]
        for i in rng.permutation(len(found)):
            yield found[i]


def _made_loss(
    network: ReaderNetwork, inputs: Inputs, labels: torch.Tensor, hide: bool
) -> torch.Tensor:
    tokens, segments, marks, shapes = inputs
    text = (segments == TEXT) & (tokens >= UNKNOWN)
    words = text & (tokens != UNKNOWN)
    hidden = words & (torch.rand(tokens.shape) < _HIDDEN) if hide else torch.zeros_like(text)
    wanted = tokens[hidden]
    nothing = torch.zeros_like(marks)
    shown = (
        tokens.masked_fill(hidden, MASK),
        segments,
        torch.where(hidden, nothing, marks),
        torch.where(hidden, nothing, shapes),
    )
    with torch.autocast("cpu", torch.bfloat16):
        states = network.states(*shown)
        out = network.heads(states)
        guessed = network.hidden_words(states[hidden])
    relevance, start, end, answers = out.float().unbind(-1)
    marker = tokens == SENTENCE
    known = labels[:, 0] >= 0
    target = torch.zeros_like(relevance)
    target[known.nonzero()[:, 0], labels[known, 0]] = 1
    each = functional.binary_cross_entropy_with_logits(relevance, target, reduction="none")
    loss = (each * marker).sum() / marker.sum()
    loss = loss + functional.binary_cross_entropy_with_logits(answers[:, 0], known.float())
    if known.any():
        among = relevance.masked_fill(~marker, _NOWHERE)
        loss = loss + functional.cross_entropy(among[known], labels[known, 0])
    placed = labels[:, 1] >= 0
    for logits, place in ((start, labels[:, 1]), (end, labels[:, 2])):
        if placed.any():
            among = logits.masked_fill(~text, _NOWHERE)
            loss = loss + 0.5 * functional.cross_entropy(among[placed], place[placed])
    return loss + 0.5 * functional.cross_entropy(guessed.float(), wanted) if len(wanted) else loss


def _found_loss(
    network: ReaderNetwork, questions: list[Example], rng: np.random.Generator
) -> torch.Tensor:
    chosen = [_some(e, rng) for e in questions]
    reads = [r for some in chosen for r in some]
    tokens, segments, marks, shapes = inputs_of([r.reading for r in reads])
    with torch.autocast("cpu", torch.bfloat16):
        out = network.heads(network.states(tokens, segments, marks, shapes))
    relevance, start, end, answers = out.float().unbind(-1)
    text = (segments == TEXT) & (tokens >= UNKNOWN)
    loss = torch.zeros(())
    row = 0
    for example, some in zip(questions, chosen, strict=True):
        logits = torch.cat([relevance[row + i, r.reading.markers] for i, r in enumerate(some)])
        right = torch.from_numpy(np.concatenate([_is_right(example, r) for r in some]))
        share = torch.cat([logits, logits.new_zeros(1)]).log_softmax(0)  # the last: none of them
        missed = -share[:-1][right].logsumexp(0) if right.any() else -0.5 * share[-1]
        loss = loss + missed
        row += len(some)
    loss = loss / len(questions)
    holds = torch.tensor(
        [
            float(_is_right(e, r).any())
            for e, some in zip(questions, chosen, strict=True)
            for r in some
        ]
    )
    loss = loss + 0.5 * functional.binary_cross_entropy_with_logits(answers[:, 0], holds)
    places = torch.tensor([r.answer for r in reads])
    placed = places[:, 0] >= 0
    for logits, place in ((start, places[:, 0]), (end, places[:, 1])):
        if placed.any():
            among = logits.masked_fill(~text, _NOWHERE)
            loss = loss + 0.4 * functional.cross_entropy(among[placed], place[placed])
    return loss


def _is_right(example: Example, read: Read) -> NDArray[np.bool_]:
    return np.array([owner >= 0 and bool(example.right[owner]) for owner in read.owners])


def _some(example: Example, rng: np.random.Generator) -> list[Read]:
    """Windows that hold an answer, and others, rather those found high up."""
    right = [r for r in example.reads if _is_right(example, r).any()][:2]
    wrong = [r for r in example.reads if not _is_right(example, r).any()]
    count = min(_SHOWN - len(right), len(wrong))
    if count <= 0:
        return right
    weights = np.exp(-_HARDER * np.arange(len(wrong)))
    picked = rng.choice(len(wrong), count, replace=False, p=weights / weights.sum())
    return right + [wrong[i] for i in picked]


def read_all(model: Path, examples: list[Example]) -> list[NDArray[np.float64]]:
    """What the exported reader makes of each candidate: ``(candidates, len(READS))``."""
    session = open_session(model)
    found = []
    for example in tqdm(examples, desc="reading", unit="question", mininterval=5):
        values = np.full((len(example.right), len(READS)), UNREAD)
        readings = [r.reading for r in example.reads]
        for number, out in run(session, readings):
            for owner, _, *scores in scored(readings[number], example.reads[number].owners, out):
                values[owner] = scores
        found.append(values)
    return found


def report(examples: list[Example], values: list[NDArray[np.float64]]) -> str:
    """How the reader alone ranks the held-out questions, and tells answerable ones from others."""
    held = [(e, v) for e, v in zip(examples, values, strict=True) if e.part == DEV]
    first = [e.right[v[:, 0].argmax()] for e, v in held if e.answerable]
    best = np.array([v[:, 0].max() for _, v in held])
    known = np.array([e.answerable for e, _ in held])
    auroc = (best[known][:, None] > best[~known][None, :]).mean()
    return f"reader alone: first {np.mean(first):.3f} of {len(first)}, AUROC {auroc:.3f}"


__all__ = [
    "Plan",
    "finetune",
    "pretrain",
    "read_all",
    "report",
    "resume",
]
