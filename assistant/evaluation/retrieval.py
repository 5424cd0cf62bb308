"""Retrieval, side by side: BM25 as MTEB runs it, the product's terms, its vectors, and the hybrid.

The product is measured as it is: the documents become an archive of their own, are built into an
index, and every question takes the way a user's does. A document ranks where its best passage does.
"""

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.question import Question, Typed, analyse
from assistant.rerank import Reranker
from assistant.retrieve import retrieve
from corpus.errors import UserError
from corpus.text import terms
from embeddings.build import build
from embeddings.encoder import Encoder
from embeddings.index import Index
from embeddings.metrics import Ranked, Values, ndcg, recall, reciprocal_rank
from embeddings.sets import Query, RetrievalSet
from embeddings.terms import Channel

DEPTH = 100
_PASSAGES = 300  # hits asked for: enough to hold DEPTH documents
_FILE = "corpus.jsonl"

Rank = Callable[[Query], list[int]]  # document numbers, best first
METRICS: dict[str, Callable[[Ranked], Values]] = {
    "nDCG@10": ndcg,
    "MRR@10": reciprocal_rank,
    "recall@1": lambda r: recall(r, 1),
    "recall@5": lambda r: recall(r, 5),
    "recall@10": lambda r: recall(r, 10),
    "recall@100": lambda r: recall(r, 100),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One system on one set: for each metric its value for every query."""

    system: str
    values: dict[str, Values]


def measure(
    asked: RetrievalSet, encoder: Encoder, reranker: Reranker | None = None
) -> list[Measured]:
    """Every system on one set, in a fixed order. Raises UserError when the set holds no question."""
    if not asked.queries:
        raise UserError(f"Bộ câu hỏi “{asked.name}” không có câu nào.")
    with indexed(asked, encoder) as index:
        systems = {
            "bm25s (MTEB)": _mteb_bm25(asked),
            "terms": _terms_alone(index),
            "dense": _dense_alone(index),
            "hybrid": _hybrid(index),
            "hybrid, reranked": _hybrid(index, reranker) if reranker else None,
        }
        return [
            Measured(name, _metrics([rank(q) for q in asked.queries], asked))
            for name, rank in systems.items()
            if rank is not None
        ]


@contextmanager
def indexed(asked: RetrievalSet, encoder: Encoder) -> Iterator[Index]:
    """The documents of a set as an index; row ``n`` has the id ``corpus.jsonl#n``."""
    with tempfile.TemporaryDirectory(prefix="hoibao-eval-") as folder:
        archive = Path(folder) / "archive"
        archive.mkdir()
        with (archive / _FILE).open("w", encoding="utf-8") as file:
            for number, document in enumerate(asked.documents):
                row = {"id": str(number), "title": document.title, "body": document.text}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        build(archive, Path(folder) / "index", encoder)
        index = Index(Path(folder) / "index", encoder)
        try:
            yield index
        finally:
            index.close()


def _metrics(rankings: list[list[int]], asked: RetrievalSet) -> dict[str, Values]:
    ranked = Ranked.of(rankings, asked.relevant, DEPTH)
    return {name: metric(ranked) for name, metric in METRICS.items()}


def _analyse(query: Query) -> Question:
    return analyse(query.text, list(query.history))


def _hybrid(index: Index, reranker: Reranker | None = None) -> Rank:
    def rank(query: Query) -> list[int]:
        question = _analyse(query)
        hits = retrieve(index, question, _PASSAGES)
        hits = reranker(question, hits) if reranker else hits
        # What else prints a story is found with it.
        return _distinct(id for h in hits for id in (h.passage.article.id, *(t.id for t in h.also)))

    return rank


def _dense_alone(index: Index) -> Rank:
    def rank(query: Query) -> list[int]:
        vector = index.encoder.encode_queries([_analyse(query).resolved])[0]
        return _documents(index, index.nearest(vector, _PASSAGES))

    return rank


def _terms_alone(index: Index) -> Rank:
    def rank(query: Query) -> list[int]:
        question = _analyse(query)
        channel = Channel.FOLDED if question.typed is Typed.UNMARKED else Channel.MARKED
        return _documents(index, index.matching(terms(question.forms), channel, _PASSAGES))

    return rank


def _documents(index: Index, scores: dict[int, float]) -> list[int]:
    passages = index.passages(list(scores))
    best = sorted(passages, key=lambda id: (-scores[id], id))
    return _distinct(passages[id].article.id for id in best)


def _distinct(article_ids: Iterator[str]) -> list[int]:
    return list(dict.fromkeys(int(id.rpartition("#")[2]) for id in article_ids))


def _mteb_bm25(asked: RetrievalSet) -> Rank | None:
    """MTEB's bm25s baseline; ``None`` without the extra ``eval``, whose packages it needs."""
    try:
        import bm25s
        import Stemmer
    except ImportError:
        return None
    stemmer = Stemmer.Stemmer("english")

    def tokens(texts: list[str]) -> list[list[str]]:
        ids: list[list[str]] = bm25s.tokenize(
            texts, stopwords="en", stemmer=stemmer, return_ids=False, show_progress=False
        )
        return ids

    model = bm25s.BM25()
    # MTEB joins title and text with a space.
    model.index(
        tokens([f"{d.title} {d.text}".strip() for d in asked.documents]), show_progress=False
    )
    depth = min(DEPTH, len(asked.documents))

    def rank(query: Query) -> list[int]:
        text = " ".join([*query.history, query.text])
        found, _ = model.retrieve(tokens([text]), k=depth, show_progress=False)
        return [int(d) for d in found[0]]

    return rank
