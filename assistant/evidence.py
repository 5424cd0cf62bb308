"""Hits → evidence: the sentences of the best passages, ranked by how well each answers.

Captions are no evidence unless a photo is asked about. Scores are probabilities over the sentences
looked at; ``judge`` says how probable it is that any of them answers.
"""

import math
import re
from dataclasses import dataclass

import numpy as np

from assistant.features import Looked, Matrix, features, question_features
from assistant.question import Question, Typed
from assistant.ranker import Ranker, builtin
from assistant.retrieve import Hit
from corpus.article import Article, PassageKind, Sentence
from corpus.sentences import count_words, split_sentences
from corpus.text import fold, terms
from embeddings import static
from embeddings.index import Index
from embeddings.late import late_interaction
from embeddings.terms import Channel

_PASSAGES = 8  # sentences are taken from the best passages only
_MIN_WORDS = 4  # a shorter one is a heading or a fragment: nothing to quote
_ABOUT_PHOTO = re.compile(r"\b(buc anh|tam anh|trong anh|chu thich anh|photo|picture)\b")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence an answer may use; ``score`` is its share of the belief in all sentences."""

    article: Article
    start: int
    end: int
    score: float

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Judged:
    """The evidence, best first, and the probability that it answers (0..1)."""

    evidence: list[Evidence]
    confidence: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, with what stands around it."""

    article: Article
    sentence: Sentence
    looked: Looked


@dataclass(frozen=True, slots=True)
class Weighed:
    """Everything measured of one question: candidates, their features, and what the archive knows."""

    candidates: list[Candidate]
    rows: Matrix
    idf: dict[str, float]
    unknown: float
    dense: float


def judge(
    index: Index, question: Question, hits: list[Hit], ranker: Ranker | None = None
) -> Judged:
    """Rank all candidate sentences of the best hits; ties by article and position."""
    ranker = ranker or builtin()
    weighed = weigh(index, question, hits)
    if not weighed.candidates:
        return Judged([], 0.0)
    scores = ranker.sentences(weighed.rows)
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], _place(weighed.candidates[i])))
    belief = np.exp(scores - scores.max())
    belief /= belief.sum()
    evidence = [
        Evidence(c.article, c.sentence.start, c.sentence.end, float(belief[i]))
        for i, c in ((i, weighed.candidates[i]) for i in order)
    ]
    summed = summarise(question, weighed, scores, order)
    logit = float(ranker.answerable(summed[None])[0])
    return Judged(evidence, 1 / (1 + math.exp(-logit)))


def weigh(index: Index, question: Question, hits: list[Hit]) -> Weighed:
    """Candidates of the best hits and their features."""
    candidates = _candidates(question, hits[:_PASSAGES])
    idf, unknown = _term_weights(index, question)
    dense = max((hit.dense for hit in hits), default=0.0)
    looked = [c.looked for c in candidates]
    if not looked:
        return Weighed([], np.zeros((0, 0)), idf, unknown, dense)
    near = _nearness(question.resolved, looked)
    return Weighed(candidates, features(question, looked, idf, near), idf, unknown, dense)


def summarise(question: Question, weighed: Weighed, scores: Matrix, order: list[int]) -> Matrix:
    """Features of the question as a whole, given its sentences' scores and their order."""
    return question_features(
        question, weighed.rows[order], scores[order], weighed.dense, weighed.idf, weighed.unknown
    )


def _place(candidate: Candidate) -> tuple[str, int]:
    return candidate.article.id, candidate.sentence.start


def _nearness(query: str, looked: list[Looked]) -> Matrix:
    """MaxSim of the sentence, MaxSim with title and sentence before, cosine: ``(n, 3)``."""
    texts = [one.text for one in looked]
    context = [f"{one.title}\n{one.before}\n{one.text}" for one in looked]
    vectors = static.builtin().encode_queries([query, *texts])
    columns = [
        late_interaction(query, texts),
        late_interaction(query, context),
        vectors[1:] @ vectors[0],
    ]
    return np.stack(columns, axis=1).astype(float)


def _candidates(question: Question, hits: list[Hit]) -> list[Candidate]:
    captions = bool(_ABOUT_PHOTO.search(fold(question.text)))
    found: dict[tuple[str, int], Candidate] = {}
    for rank, hit in enumerate(hits):
        article = hit.passage.article
        if hit.passage.kind is PassageKind.CAPTION and not captions:
            continue
        sentences = split_sentences(article.text, 0, None if captions else article.body_end)
        texts = [article.text[s.start : s.end] for s in sentences]
        for i, s in enumerate(sentences):
            inside = hit.passage.start <= s.start and s.end <= hit.passage.end
            if (
                not inside
                or (article.id, s.start) in found
                or count_words(article.text, s) < _MIN_WORDS
            ):
                continue
            before = texts[i - 1] if i else ""
            after = texts[i + 1] if i + 1 < len(texts) else ""
            below = hits[0].score - hit.score
            looked = Looked(texts[i], before, after, article.title, i, rank, -below)
            found[article.id, s.start] = Candidate(article, s, looked)
    return list(found.values())


def _term_weights(index: Index, question: Question) -> tuple[dict[str, float], float]:
    """The question's terms with their idf, and the share of it that no passage holds."""
    channel = Channel.FOLDED if question.typed is Typed.UNMARKED else Channel.MARKED
    total = max(len(index), 1)
    weights: dict[str, float] = {}
    lacking = 0.0
    for term in dict.fromkeys(terms(question.forms)):
        df = min(index.terms.document_frequency(term, channel), total)
        weights[term] = math.log(1 + (total - df + 0.5) / (df + 0.5))
        lacking += weights[term] * (df == 0 and "_" not in term)
    single = sum(w for t, w in weights.items() if "_" not in t)
    return weights, lacking / single if single else 1.0
