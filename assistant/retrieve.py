"""Question → hits: dense and term search, blended, the best re-scored by late interaction.

    score = 0.4 z(terms) + 0.6 z(dense)                      over candidates of both
    final = 0.6 z(score) + 0.4 z(maxsim)                     over the best 50, for an answer 32

z is the standard score against the whole archive, estimated on a fixed sample of its passages
(all of them while there are no more than a thousand).
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from assistant.fold import fold_duplicates
from assistant.question import Question, Typed
from assistant.scope import EVERYTHING, Scope
from corpus.sentences import split_sentences
from corpus.text import terms
from embeddings.encoder import Vectors
from embeddings.index import Index
from embeddings.late import late_windows
from embeddings.store import StoredPassage, Twin
from embeddings.terms import Channel
from embeddings.vectors import Selection

_CANDIDATES = 100  # taken from each side; as many as are asked for, where that is more
RESCORED = 50
# For an answer fewer do: saves 3 ms and is no worse (nDCG@10 .9551 for .9542 on uit-qa, .9522 for .9538 on
# legal-qa-dev, .8546 for .8548 on news-abstract-dev). A list is the same whatever part of it is asked for.
RESCORED_FOR_ANSWER = 32
_COUNTED_BESIDES = (
    24  # candidates behind those: their terms are counted exactly, which reads their texts
)
_AT_ONCE = 16  # dense searches
_TRIES = 4
# Weight of the terms against the dense score. An English question shares only names and numbers
# with the text: dense alone reached .693 nDCG@10 there, an even blend .508.
_TERM_WEIGHT = {Typed.MARKED: 0.4, Typed.UNMARKED: 0.6, Typed.ENGLISH: 0.15}
_LATE_WEIGHT = 0.4  # a fit on uit-qa, legal-qa-dev and news-qa-train gave 0.35 to 0.45

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its scores: cosine, BM25, and the blend it is ranked by.

    ``blend`` is that before late interaction: how many standard deviations above the archive's mean.
    """

    passage: StoredPassage
    score: float
    dense: float
    terms: float
    also: tuple[Twin, ...] = ()  # other articles that print it
    blend: float = 0.0


@dataclass(frozen=True, slots=True)
class _Query:
    """One wording of the question, as the two searches take it."""

    vector: Vectors
    terms: list[str]
    channel: Channel
    weight: float  # of the terms


@dataclass(frozen=True, slots=True)
class _Found:
    """Candidates of both searches by article and place, with the scores of the wording that fits best."""

    ids: list[int]
    blend: Scores
    cosine: Scores
    bm25: Scores


def retrieve(
    index: Index,
    question: Question,
    k: int,
    within: Scope = EVERYTHING,
    rescored: int = RESCORED,
) -> list[Hit]:
    """The ``k`` best passages ``within`` a scope, best first; passages of the same text are shown once.
    So many of them are ``rescored`` by late interaction.

    Of several wordings of the question (abbreviations) a passage has the score of the one it fits best.
    Where a build has gone on meanwhile, the search is done anew: an article that was changed has other
    passages now, and those that were found are gone.
    """
    for _ in range(_TRIES):
        generation = index.generation
        hits = _retrieve(index, question, k, within, rescored)
        if index.store.generation == generation:
            break
        index.refresh()
        if index.generation == generation:  # a server's vectors come later
            break
    return hits


def _retrieve(index: Index, question: Question, k: int, within: Scope, rescored: int) -> list[Hit]:
    among = index.select(within.first, within.last, within.sources) if within else None
    if not len(index) or (among is not None and not len(among)):
        return []
    wanted = max(k, rescored)
    found = _search(index, _queries(index, question), wanted, among)
    top = _best(found.blend, wanted)
    passages = index.passages([found.ids[i] for i in top])
    top = [i for i in top if found.ids[i] in passages]  # removed since this generation
    best = [passages[found.ids[i]] for i in top]
    final = _late(question.wordings, best, found.blend[top], rescored)
    hits = [
        Hit(
            passage, float(score), float(found.cosine[i]), float(found.bm25[i]),
            blend=float(found.blend[i]),
        )
        for i, passage, score in zip(top, best, final, strict=True)
    ]  # fmt: skip
    # Rounded: the last bits of a sum depend on how vectors lie in memory, and ties must stay ties.
    hits.sort(key=lambda h: (-round(h.score, 6), h.passage.article.id, h.passage.start))
    groups = index.duplicates(hit.passage.article.id for hit in hits)
    return fold_duplicates(hits, groups)[:k]


def _queries(index: Index, question: Question) -> list[_Query]:
    channel = Channel.FOLDED if question.typed is Typed.UNMARKED else Channel.MARKED
    weight = _TERM_WEIGHT[question.typed]
    vectors = index.encoder.encode_queries(question.wordings)
    return [
        _Query(vector, terms(question.forms_of(text)), channel, weight)
        for text, vector in zip(question.wordings, vectors, strict=True)
    ]


def _search(index: Index, queries: list[_Query], wanted: int, among: Selection | None) -> _Found:
    """The most promising candidates of any wording, scored for each."""
    most = max(_CANDIDATES, wanted)
    nearest = [_searches().submit(index.nearest, q.vector, most, among) for q in queries]
    matched = [index.terms.candidates(q.terms, q.channel, most, among) for q in queries]
    samples = [_sampled(index, q) for q in queries]  # while dense search goes on
    dense = [search.result() for search in nearest]
    ids = sorted(set().union(*dense, *matched))
    for q, known in zip(queries, dense, strict=True):
        known |= index.cosines(q.vector, [i for i in ids if i not in known])
    counted = wanted + _COUNTED_BESIDES
    if len(ids) > counted:
        rough = [_rough(ids, known, most) for known in matched]
        blend = _blended(queries, samples, _listed(dense, ids), rough)
        ids = [ids[i] for i in _best(blend, counted)]
    ids = index.in_order(ids)
    cosine = _listed(dense, ids)
    bm25 = _listed([index.terms.scores(q.terms, q.channel, ids) for q in queries], ids)
    blend = _blended(queries, samples, cosine, bm25)
    return _Found(ids, blend, np.max(cosine, axis=0), np.max(bm25, axis=0))


@cache
def _searches() -> ThreadPoolExecutor:
    """Dense search goes on beside term search: both work outside Python most of the time."""
    return ThreadPoolExecutor(_AT_ONCE, "searches")


def _listed(scores: list[dict[int, float]], ids: list[int]) -> list[Scores]:
    """Of each wording the scores of ``ids``, 0 where there is none."""
    return [np.array([known.get(i, 0.0) for i in ids]) for known in scores]


def _rough(ids: list[int], known: dict[int, float], most: int) -> Scores:
    """About the BM25 of ``ids``: what is not among the ``most`` best has at most what the last of them has."""
    rest = min(known.values()) if len(known) >= most else 0.0
    return np.array([known.get(i, rest) for i in ids])


def _sampled(index: Index, query: _Query) -> tuple[Scores, Scores]:
    """BM25 and cosine of the archive's sample."""
    sample_ids, sample_vectors = index.sample
    found = index.terms.scores(query.terms, query.channel, sample_ids)
    near = (sample_vectors @ query.vector).astype(float)
    return np.array([found.get(i, 0.0) for i in sample_ids]), near


def _blended(
    queries: list[_Query],
    samples: list[tuple[Scores, Scores]],
    cosine: list[Scores],
    bm25: list[Scores],
) -> Scores:
    """Standard scores of both against the archive's sample, weighed; of the wording that fits best."""
    blends = [
        q.weight * _standard(found, counted) + (1 - q.weight) * _standard(near, measured)
        for q, (counted, measured), near, found in zip(queries, samples, cosine, bm25, strict=True)
    ]
    best: Scores = np.max(blends, axis=0)
    return best


def _late(wordings: list[str], passages: list[StoredPassage], blend: Scores, depth: int) -> Scores:
    """The first ``depth`` re-ranked by late interaction; the others keep their order behind them."""
    head = blend[:depth]
    final = np.array(blend, dtype=float)
    if len(head):
        sentences = [_sentences(p) for p in passages[:depth]]
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
