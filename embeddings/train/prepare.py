"""From pairs to token ids on disk, once; training then reads arrays alone.

A work folder holds ``tokenizer.json``, ``tokens.npy`` (uint16, all texts one after the other),
``starts.npy`` (int64, n + 1), ``pairs.npy`` (int32, rows of query, folded query, passage, group)
and ``counts.json`` (pairs of each kind).
"""

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tqdm import tqdm

from corpus.text import fold
from embeddings.sets import read_rows
from embeddings.train.pair import Pair
from embeddings.train.pairs import all_pairs
from embeddings.train.sources import HELD_BACK_2017
from embeddings.train.tokenizer import train_tokenizer

_FOLDED_SHARE = 0.2  # of the tokenizer's text; people type without diacritics
_CHUNK = 20_000  # pairs turned into ids at once, to bound memory
# Every n-th row of each source that the tokenizer sees: about 130 MB of text in all.
_SAMPLES = {
    "news-2016-2019.jsonl.xz": 3,
    "news-2017.jsonl.xz": 3,
    "wiki-vi.jsonl.xz": 4,
    "headlines-2025-2026.jsonl.xz": 2,
    "legal-qa-train.jsonl.xz": 4,
    "en-vi-parallel.jsonl.xz": 1,
    "en-vi-lexicon.jsonl.xz": 1,
}
_LONGEST = 20_000  # characters of one sampled text: a few Wikipedia pages are books


@dataclass(frozen=True, slots=True)
class Prepared:
    """Token ids of all texts, and the pairs as indices into them."""

    tokens: NDArray[np.uint16]
    starts: NDArray[np.int64]
    pairs: NDArray[np.int32]
    counts: dict[str, int]


def prepare(data: Path, work: Path, seed: int) -> Prepared:
    """Tokenizer and token ids in ``work``, made where they are missing."""
    work.mkdir(parents=True, exist_ok=True)
    if not (work / "tokenizer.json").exists():
        train_tokenizer(sample_texts(data, seed)).save(str(work / "tokenizer.json"), pretty=False)
    if not (work / "counts.json").exists():
        tokenizer = Tokenizer.from_file(str(work / "tokenizer.json"))
        save(encode_pairs(all_pairs(data, seed), tokenizer), work)
    return load(work)


def sample_texts(data: Path, seed: int) -> Iterator[str]:
    """Text for the tokenizer, a fifth of it without diacritics."""
    rng = random.Random(seed)
    for name, step in _SAMPLES.items():
        rows: Iterable[dict[str, object]] = read_rows(data / name)
        if name.startswith("news-2017"):
            rows = list(rows)[:-HELD_BACK_2017]
        for row in islice(rows, 0, None, step):
            if row.get("n_src") == 1:
                continue
            text = "\n".join(v[:_LONGEST] for v in row.values() if isinstance(v, str))
            yield fold(text) if rng.random() < _FOLDED_SHARE else text


def encode_pairs(pairs: Iterable[Pair], tokenizer: Tokenizer) -> Prepared:
    """Token ids of ``pairs``; a text that repeats within a chunk is stored once."""
    ids: list[NDArray[np.uint16]] = []
    rows: list[tuple[int, int, int, int]] = []
    counts: Counter[str] = Counter()
    stream = iter(tqdm(pairs, desc="pairs", unit="pair"))
    while chunk := list(islice(stream, _CHUNK)):
        places: dict[str, int] = {}
        first = len(ids)
        for pair in chunk:
            query, folded, passage = (
                places.setdefault(text, first + len(places))
                for text in (pair.query, fold(pair.query), pair.passage)
            )
            rows.append((query, folded, passage, pair.group))
            counts[pair.kind] += 1
        encoded = tokenizer.encode_batch_fast(list(places), add_special_tokens=False)
        ids.extend(np.array(e.ids, dtype=np.uint16) for e in encoded)
    lengths = np.array([len(row) for row in ids], dtype=np.int64)
    table = np.array(rows, dtype=np.int32)
    # A text of unknown characters alone has no tokens, hence no vector.
    table = table[(lengths[table[:, :3]] > 0).all(axis=1)]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    return Prepared(np.concatenate(ids), starts, table, dict(counts))


def save(prepared: Prepared, work: Path) -> None:
    """Write the arrays; ``counts.json`` comes last and says that they are whole."""
    np.save(work / "tokens.npy", prepared.tokens)
    np.save(work / "starts.npy", prepared.starts)
    np.save(work / "pairs.npy", prepared.pairs)
    text = json.dumps(prepared.counts, ensure_ascii=False, indent=1)
    (work / "counts.json").write_text(text, encoding="utf-8")


def load(work: Path) -> Prepared:
    """Read what ``save`` wrote; the token ids stay on disk and are mapped."""
    return Prepared(
        np.load(work / "tokens.npy", mmap_mode="r"),
        np.load(work / "starts.npy"),
        np.load(work / "pairs.npy"),
        json.loads((work / "counts.json").read_text(encoding="utf-8")),
    )
