"""Question → hits: dense and term search, blended, the best re-scored by late interaction.

    score = 0.4 z(terms) + 0.6 z(dense)                      over candidates of both
    final = 0.6 z(score) + 0.4 z(maxsim)                     over the best 50

z is the standard score against the whole archive, estimated on a fixed sample of its passages
(all of them while there are no more than a thousand).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.fold import fold_duplicates
from assistant.question import Question, Typed
from corpus.sentences import split_sentences
from corpus.text import terms
from embeddings.index import Index
from embeddings.late import late_windows
from embeddings.store import StoredPassage, Twin
from embeddings.terms import Channel

_CANDIDATES = 200  # taken from each side
_RESCORED = 50
# Weight of the terms against the dense score. An English question shares only names and numbers
# with the text: dense alone reached .693 nDCG@10 there, an even blend .508.
_TERM_WEIGHT = {Typed.MARKED: 0.4, Typed.UNMARKED: 0.6, Typed.ENGLISH: 0.15}
_LATE_WEIGHT = 0.4  # a fit on uit-qa, legal-qa-dev and news-qa-train gave 0.35 to 0.45

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its scores: cosine, BM25, and the blend it is ranked by."""

    passage: StoredPassage
    score: float
    dense: float
    terms: float
    also: tuple[Twin, ...] = ()  # other articles that print it


def retrieve(index: Index, question: Question, k: int) -> list[Hit]:
    """The ``k`` best passages, best first; passages of the same text are shown once."""
    if not len(index):
        return []
    query = index.encoder.encode_queries([question.resolved])[0]
    channel = Channel.FOLDED if question.typed is Typed.UNMARKED else Channel.MARKED
    query_terms = terms(question.forms)
    dense = index.nearest(query, _CANDIDATES)
    matched = index.matching(query_terms, channel, _CANDIDATES)
    ids = index.in_order(dense.keys() | matched.keys())
    dense |= index.cosines(query, [i for i in ids if i not in dense])
    matched |= index.terms.search(
        query_terms, channel, 0, among=[i for i in ids if i not in matched]
    )

    sample_ids, sample_vectors = index.sample
    sampled = index.terms.search(query_terms, channel, 0, among=sample_ids)
    term_scores = np.array([matched.get(i, 0.0) for i in ids])
    dense_scores = np.array([dense.get(i, 0.0) for i in ids])
    weight = _TERM_WEIGHT[question.typed]
    blend = weight * _standard(term_scores, np.array([sampled.get(i, 0.0) for i in sample_ids]))
    blend += (1 - weight) * _standard(dense_scores, (sample_vectors @ query).astype(float))

    top = _best(blend, max(_RESCORED, k))
    passages = index.passages([ids[i] for i in top])
    top = [i for i in top if ids[i] in passages]  # removed since this generation
    final = _late(question.resolved, [passages[ids[i]] for i in top], blend[top])
    hits = [
        Hit(passages[ids[i]], float(score), float(dense_scores[i]), float(term_scores[i]))
        for i, score in zip(top, final, strict=True)
    ]
    # Rounded: the last bits of a sum depend on how vectors lie in memory, and ties must stay ties.
    hits.sort(key=lambda h: (-round(h.score, 6), h.passage.article.id, h.passage.start))
    groups = index.duplicates(hit.passage.article.id for hit in hits)
    return fold_duplicates(hits, groups)[:k]


def _late(query: str, passages: list[StoredPassage], blend: Scores) -> Scores:
    """The first _RESCORED re-ranked by late interaction; the others keep their order behind them."""
    head = blend[:_RESCORED]
    final = np.array(blend, dtype=float)
    if len(head):
        late = late_windows(query, [_sentences(p) for p in passages[:_RESCORED]])
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
