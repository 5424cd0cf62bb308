"""Question → hits: dense and term search, blended, the best re-scored by late interaction.

    score = 0.4 z(terms) + 0.6 z(dense)                      over candidates of both
    final = 0.6 z(score) + 0.4 z(maxsim)                     over the best 50

z is the standard score against the whole archive, estimated on a fixed sample of its passages
(all of them while there are no more than a thousand).
"""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.fold import fold_duplicates
from assistant.question import Question, Typed
from corpus.sentences import split_sentences
from corpus.text import terms
from embeddings.encoder import Vectors
from embeddings.index import Index
from embeddings.late import late_windows
from embeddings.store import StoredPassage, Twin
from embeddings.terms import Channel

_CANDIDATES = 200  # taken from each side
_RESCORED = 50
_RERANKED = 20
# Weight of the terms against the dense score. An English question shares only names and numbers
# with the text: dense alone reached .693 nDCG@10 there, an even blend .508.
_TERM_WEIGHT = {Typed.MARKED: 0.4, Typed.UNMARKED: 0.6, Typed.ENGLISH: 0.15}
_LATE_WEIGHT = 0.4  # a fit on uit-qa, legal-qa-dev and news-qa-train gave 0.35 to 0.45

Scores = NDArray[np.float64]


class Reranker(Protocol):
    """Reads question and passage together (a cross-encoder)."""

    def scores(self, query: str, texts: list[str]) -> Vectors:
        """How well each text answers, ``(len(texts),)``; higher is better."""
        ...


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its scores: cosine, BM25, and the blend it is ranked by."""

    passage: StoredPassage
    score: float
    dense: float
    terms: float
    also: tuple[Twin, ...] = ()  # other articles that print it


@dataclass(frozen=True, slots=True)
class _Query:
    """One wording of the question, as the two searches take it."""

    vector: Vectors
    terms: list[str]
    channel: Channel
    weight: float  # of the terms

    def blend(self, dense: Scores, matched: Scores, index: Index) -> Scores:
        """Standard scores of both, weighed."""
        sample_ids, sample_vectors = index.sample
        found = index.terms.search(self.terms, self.channel, 0, among=sample_ids)
        sampled = np.array([found.get(i, 0.0) for i in sample_ids])
        near = (sample_vectors @ self.vector).astype(float)
        return self.weight * _standard(matched, sampled) + (1 - self.weight) * _standard(
            dense, near
        )


def retrieve(
    index: Index, question: Question, k: int, reranker: Reranker | None = None
) -> list[Hit]:
    """The ``k`` best passages, best first; passages of the same text are shown once.

    A ``reranker`` puts the first 20 in its own order. Of several wordings of the question (abbreviations), a passage has the score of the one it fits best.
    """
    if not len(index):
        return []
    queries = _queries(index, question)
    dense, matched = _candidates(index, queries)
    ids = index.in_order(set().union(*dense, *matched))
    blends, cosines, bm25 = [], [], []
    for query, near, found in zip(queries, dense, matched, strict=True):
        near |= index.cosines(query.vector, [i for i in ids if i not in near])
        missing = [i for i in ids if i not in found]
        found |= index.terms.search(query.terms, query.channel, 0, among=missing)
        cosines.append(np.array([near.get(i, 0.0) for i in ids]))
        bm25.append(np.array([found.get(i, 0.0) for i in ids]))
        blends.append(query.blend(cosines[-1], bm25[-1], index))
    blend = np.max(blends, axis=0)

    top = _best(blend, max(_RESCORED, k))
    passages = index.passages([ids[i] for i in top])
    top = [i for i in top if ids[i] in passages]  # removed since this generation
    final = _late(question.wordings, [passages[ids[i]] for i in top], blend[top])
    cosine, terms_score = np.max(cosines, axis=0), np.max(bm25, axis=0)
    hits = [
        Hit(passages[ids[i]], float(score), float(cosine[i]), float(terms_score[i]))
        for i, score in zip(top, final, strict=True)
    ]
    # Rounded: the last bits of a sum depend on how vectors lie in memory, and ties must stay ties.
    hits.sort(key=lambda h: (-round(h.score, 6), h.passage.article.id, h.passage.start))
    groups = index.duplicates(hit.passage.article.id for hit in hits)
    hits = fold_duplicates(hits, groups)
    return (_reranked(reranker, question, hits) if reranker else hits)[:k]


def load_reranker(name: str) -> Reranker | None:
    """The cross-encoder of that name or path, or none for "". Raises EncoderError."""
    if not name:
        return None
    from embeddings.hub import HubCrossEncoder

    return HubCrossEncoder(name, "HOIBAO_RERANKER")


def _reranked(reranker: Reranker, question: Question, hits: list[Hit]) -> list[Hit]:
    """The first hits by the reranker's score, the others behind them as they are."""
    head, rest = hits[:_RERANKED], hits[_RERANKED:]
    texts = [f"{h.passage.article.title}\n{h.passage.text}" for h in head]
    scores = reranker.scores(question.resolved, texts).astype(float)
    lowest = float(scores.min()) if len(scores) else 0.0
    best = [replace(h, score=float(s)) for h, s in zip(head, scores, strict=True)]
    best.sort(key=lambda h: (-round(h.score, 6), h.passage.article.id, h.passage.start))
    top = rest[0].score if rest else 0.0
    return best + [replace(h, score=lowest - 1 + h.score - top) for h in rest]


def _queries(index: Index, question: Question) -> list[_Query]:
    channel = Channel.FOLDED if question.typed is Typed.UNMARKED else Channel.MARKED
    weight = _TERM_WEIGHT[question.typed]
    vectors = index.encoder.encode_queries(question.wordings)
    return [
        _Query(vector, terms(question.forms_of(text)), channel, weight)
        for text, vector in zip(question.wordings, vectors, strict=True)
    ]


def _candidates(
    index: Index, queries: list[_Query]
) -> tuple[list[dict[int, float]], list[dict[int, float]]]:
    """For each query the cosines of the nearest passages, and BM25 of the best matching."""
    dense = [index.nearest(query.vector, _CANDIDATES) for query in queries]
    matched = [index.matching(query.terms, query.channel, _CANDIDATES) for query in queries]
    return dense, matched


def _late(wordings: list[str], passages: list[StoredPassage], blend: Scores) -> Scores:
    """The first _RESCORED re-ranked by late interaction; the others keep their order behind them."""
    head = blend[:_RESCORED]
    final = np.array(blend, dtype=float)
    if len(head):
        sentences = [_sentences(p) for p in passages[:_RESCORED]]
        late = np.max([late_windows(wording, sentences) for wording in wordings], axis=0)
        mixed = (1 - _LATE_WEIGHT) * _standard(head, head) + _LATE_WEIGHT * _standard(late, late)
        final[: len(head)] = mixed
        if len(blend) > len(head):
            rest = blend[len(head) :]
            final[len(head) :] = mixed.min() - 1 - (rest.max() - rest)
    return final


def _sentences(passage: StoredPassage) -> tuple[str, list[str]]:
    """Its title, and its sentences as texts."""
    text = passage.article.text
    found = split_sentences(text, passage.start, passage.end)
    return passage.article.title, [text[s.start : s.end] for s in found]


def _standard(scores: Scores, population: Scores) -> Scores:
    """Standard scores against ``population``; zero where that does not vary."""
    deviation = float(population.std()) if len(population) else 0.0
    if deviation < 1e-9:
        return np.zeros(len(scores))
    result: Scores = (scores - population.mean()) / deviation
    return result


def _best(scores: Scores, k: int) -> list[int]:
    """Positions of the ``k`` best scores, ties by position: by article and offset."""
    return [int(i) for i in np.argsort(-scores.round(6), kind="stable")[:k]]
