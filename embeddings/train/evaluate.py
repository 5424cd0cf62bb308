"""nDCG@10 of a static encoder alone, on BEIR folders and on the news questions."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from corpus.text import fold
from embeddings.train.sources import Row, read_rows

Matrix = NDArray[np.float32]
Encode = Callable[[list[str]], Matrix]

DEVELOPMENT = ("uit-qa", "legal-qa-dev", "news-abstract-dev")
TEST = ("xquad-vi", "xquad-en-vi", "mlqa-vi-dev")
_DEPTH = 10
_RESAMPLES = 1000
_BLOCK = 512  # texts encoded at once


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """Queries, passages, and for each query the row numbers of its relevant passages."""

    name: str
    queries: list[str]
    passages: list[str]
    relevant: list[frozenset[int]]


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


def read_beir(folder: Path) -> RetrievalSet:
    """A BEIR folder; title and text of a passage joined, as BEIR does."""
    corpus = list(read_rows(folder / "corpus.jsonl"))
    place = {row["_id"]: i for i, row in enumerate(corpus)}
    relevant: dict[str, set[int]] = {}
    for line in (folder / "qrels" / "test.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, passage, grade = line.split("\t")
        if int(grade) > 0:
            relevant.setdefault(query, set()).add(place[passage])
    queries = [row for row in read_rows(folder / "queries.jsonl") if row["_id"] in relevant]
    return RetrievalSet(
        folder.name,
        [row["text"] for row in queries],
        [f"{row.get('title', '')} {row['text']}".strip() for row in corpus],
        [frozenset(relevant[row["_id"]]) for row in queries],
    )


def read_news_questions(folder: Path, split: str | None = None) -> RetrievalSet:
    """Answerable questions over whole articles; a follow-up is asked with its history."""
    articles = list(read_rows(folder / "articles.jsonl"))
    place = {row["id"]: i for i, row in enumerate(articles)}
    asked = [
        row
        for row in read_rows(folder / "questions.jsonl")
        if row["answerable"] and (split is None or row["split"] == split)
    ]
    return RetrievalSet(
        folder.name,
        [_asked(row) for row in asked],
        [f"{row['title']}\n{row['abstract']}\n{row['body']}" for row in articles],
        [frozenset(place[a] for a in (row["article"], *row.get("also", []))) for row in asked],
    )


def _asked(row: Row) -> str:
    return " ".join([*row.get("history", []), row["question"]])


def read_sets(data: Path, *, test: bool = False) -> list[RetrievalSet]:
    """The development sets, or the test sets: choose on the first, report the second."""
    if test:
        sets = [read_beir(data / name) for name in TEST]
        return [sets[0], without_marks(sets[0]), *sets[1:]]
    return [
        *(read_beir(data / name) for name in DEVELOPMENT),
        read_news_questions(data / "news-qa-dev"),
        read_news_questions(data / "news-qa-train", split="dev"),
    ]


def without_marks(asked: RetrievalSet) -> RetrievalSet:
    """The same set, its queries typed without diacritics."""
    name = f"{asked.name}, no diacritics"
    return RetrievalSet(name, [fold(q) for q in asked.queries], asked.passages, asked.relevant)


def ndcg(encode: Encode, asked: RetrievalSet) -> NDArray[np.float64]:
    """nDCG@10 of every query; ties go to the earlier passage."""
    scores = encode(asked.queries) @ encode(asked.passages).T
    best = np.argsort(-scores, axis=1, kind="stable")[:, :_DEPTH]
    discounts = 1 / np.log2(np.arange(2, _DEPTH + 2))
    gains = np.array(
        [[i in relevant for i in row] for row, relevant in zip(best, asked.relevant, strict=True)]
    )
    ideal = np.array([discounts[: len(relevant)].sum() for relevant in asked.relevant])
    return np.asarray((gains * discounts[: best.shape[1]]).sum(axis=1) / ideal)


def interval(values: NDArray[np.float64], seed: int = 0) -> tuple[float, float]:
    """Bootstrap 95 % interval of the mean, over queries."""
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(values), size=(_RESAMPLES, len(values)))
    low, high = np.quantile(values[drawn].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)


def table(encode: Encode, sets: list[RetrievalSet]) -> str:
    """A Markdown table: set, queries, passages, nDCG@10 with its interval."""
    lines = ["| Set | Queries | Passages | nDCG@10 | 95 % interval |", "|---|---|---|---|---|"]
    for asked in sets:
        values = ndcg(encode, asked)
        low, high = interval(values)
        size = f"{len(asked.queries):,} | {len(asked.passages):,}"
        lines.append(f"| {asked.name} | {size} | {values.mean():.3f} | {low:.3f}–{high:.3f} |")
    return "\n".join(lines)
