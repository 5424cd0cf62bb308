"""Examples on disk, as plain arrays: asking all questions takes a quarter of an hour, loading them seconds."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.reading.words import Reading
from assistant.train.examples import Example, Read

Array = NDArray[Any]


def save(examples: list[Example], file: Path) -> None:
    """Write all examples to one ``.npz``."""
    reads = [r for e in examples for r in e.reads]
    readings = [r.reading for r in reads]
    arrays: dict[str, Array] = {
        "rows": np.concatenate([e.rows for e in examples]).astype(np.float32),
        "candidates": np.array([len(e.right) for e in examples]),
        "whole": np.stack([e.whole for e in examples]),
        "right": np.concatenate([e.right for e in examples]),
        "answerable": np.array([e.answerable for e in examples]),
        "names": np.array([(e.part, e.source, e.kind) for e in examples]),
        "windows": np.array([len(e.reads) for e in examples]),
        "answer": np.array([r.answer for r in reads]).reshape(-1, 2),
        "owners": np.concatenate([r.owners for r in reads]),
        "markers": np.array([m for r in readings for m in r.markers]),
        "sentences": np.array([len(r.markers) for r in readings]),
        "length": np.array([len(r.tokens) for r in readings]),
        "tokens": np.concatenate([r.tokens for r in readings]).astype(np.uint16),
        "others": np.concatenate(
            [np.stack([r.segments, r.marks, r.shapes]) for r in readings], axis=1
        ).astype(np.uint8),
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial.npz")
    np.savez(partial, **arrays)  # type: ignore[arg-type]  # its stub takes the first for allow_pickle
    partial.rename(file)


def load(file: Path) -> list[Example]:
    """What ``save`` wrote; offsets of the tokens are not kept."""
    with np.load(file, allow_pickle=False) as stored:
        data = {name: stored[name] for name in stored.files}
    reads = _reads(data)
    rows, right = (
        _parts(data["rows"], data["candidates"]),
        _parts(data["right"], data["candidates"]),
    )
    windows = np.concatenate([[0], np.cumsum(data["windows"])])
    return [
        Example(
            rows[i].astype(float), data["whole"][i], right[i], reads[windows[i] : windows[i + 1]],
            bool(data["answerable"][i]), *map(str, data["names"][i]),
        )
        for i in range(len(rows))
    ]  # fmt: skip


def _reads(data: dict[str, Array]) -> list[Read]:
    tokens = _parts(data["tokens"], data["length"])
    others = _parts(data["others"].T, data["length"])
    markers, owners = (_parts(data[name], data["sentences"]) for name in ("markers", "owners"))
    nowhere = np.zeros(0, dtype=np.int64)
    return [
        Read(
            Reading(t, o[:, 0], o[:, 1], o[:, 2], m.tolist(), nowhere, nowhere),
            w, (int(answer[0]), int(answer[1])),
        )
        for t, o, m, w, answer in zip(tokens, others, markers, owners, data["answer"], strict=True)
    ]  # fmt: skip


def _parts(joined: Array, lengths: Array) -> list[Array]:
    return np.split(joined, np.cumsum(lengths)[:-1])


__all__ = ["load", "save"]
