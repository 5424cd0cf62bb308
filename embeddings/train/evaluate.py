"""nDCG@10 of a static encoder alone, on development and test sets."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from embeddings.metrics import Ranked, interval, ndcg
from embeddings.sets import Query, RetrievalSet, read_set, without_marks

Matrix = NDArray[np.float32]
Encode = Callable[[list[str]], Matrix]

DEVELOPMENT = ("uit-qa", "legal-qa-dev", "news-abstract-dev", "news-qa-dev")
TEST = ("xquad-vi", "xquad-en-vi", "mlqa-vi-dev")
_DEPTH = 10
_BLOCK = 512  # texts encoded at once


def static_encoder(tokenizer: Tokenizer, rows: Matrix) -> Encode:
    """Unit means of ``rows``; a text without known tokens becomes zeros."""

    def encode(texts: list[str]) -> Matrix:
        out = np.zeros((len(texts), rows.shape[1]), dtype=np.float32)
        for at in range(0, len(texts), _BLOCK):
            block = texts[at : at + _BLOCK]
            encoded = tokenizer.encode_batch_fast(block, add_special_tokens=False)
            for i, e in enumerate(encoded):
                if e.ids:
                    out[at + i] = rows[e.ids].mean(axis=0)
        out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12)
        return out

    return encode


def read_sets(data: Path, *, test: bool = False) -> list[RetrievalSet]:
    """The development sets, or the test sets: choose on the first, report the second."""
    if test:
        sets = [read_set(data / name) for name in TEST]
        return [sets[0], without_marks(sets[0]), *sets[1:]]
    return [
        *(read_set(data / name) for name in DEVELOPMENT),
        read_set(data / "news-qa-train", split="dev"),
    ]


def dense_ranking(encode: Encode, asked: RetrievalSet, depth: int = _DEPTH) -> Ranked:
    """Documents by cosine, whole texts; ties go to the earlier document."""
    queries = encode([spoken(q) for q in asked.queries])
    scores = queries @ encode([d.joined for d in asked.documents]).T
    best = np.argsort(-scores, axis=1, kind="stable")[:, :depth]
    return Ranked.of(best.tolist(), asked.relevant, depth)


def spoken(query: Query) -> str:
    """A follow-up with the questions before it, in one text."""
    return " ".join([*query.history, query.text])


def table(encode: Encode, sets: list[RetrievalSet]) -> str:
    """A Markdown table: set, queries, documents, nDCG@10 with its interval."""
    lines = ["| Set | Queries | Documents | nDCG@10 | 95 % interval |", "|---|---|---|---|---|"]
    for asked in sets:
        values = ndcg(dense_ranking(encode, asked))
        low, high = interval(values)
        size = f"{len(asked.queries):,} | {len(asked.documents):,}"
        lines.append(f"| {asked.name} | {size} | {values.mean():.3f} | {low:.3f}–{high:.3f} |")
    return "\n".join(lines)
