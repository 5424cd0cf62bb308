"""Hits → evidence: the sentences of the best passages, scored by how well each answers.

A sentence counts for the question's terms it holds (weighted by idf, a part for those its neighbour
or title holds), for its nearness in meaning, for holding the kind of thing asked for, and for its
passage. The weights are few and set by hand; a trained ranker takes this place behind ``rank``.
"""

import math
import re
from dataclasses import dataclass

import numpy as np

from assistant.question import Kind, Question, Typed
from assistant.retrieve import Hit
from corpus.article import Article, PassageKind, Sentence
from corpus.sentences import count_words, split_sentences
from corpus.text import fold, syllables, terms
from embeddings.index import Index
from embeddings.late import late_interaction
from embeddings.terms import Channel

_PASSAGES = 8  # sentences are taken from the best passages only
_MIN_WORDS = 4  # a shorter one is a heading or a fragment: nothing to quote

_NEIGHBOUR = 0.5  # of a term found in the sentence before, against one in the sentence itself
_TITLE = 0.5
_LATE = 0.6
_KIND = 0.12
_RANK = 0.25

_NUMBER_WORDS = r"một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|hàng|vài|nửa"
_EXPECTED = {
    Kind.WHEN: r"\d{1,2}\s?[/.-]\s?\d{1,2}|\bngày \d|tháng \d|năm \d{4}|\d{1,2}\s?(?:h|giờ)\b|hôm (?:qua|nay)"
    r"|thế kỷ|sáng|chiều|tối|thứ (?:hai|ba|tư|năm|sáu|bảy)|\b(?:19|20)\d\d\b",
    Kind.WHERE: r"\b(?:tại|ở|từ|đến|tỉnh|huyện|xã|phường|quận|thành phố|TP\.?|thôn|bản|đường|nước)\s+[A-ZĐÀ-Ỹ]",
    Kind.HOW_MANY: rf"\d|\b(?:{_NUMBER_WORDS})\b",
    Kind.WHO: r"(?:[A-ZĐÀ-Ỹ][\wÀ-ỹ]*\s+){1,4}[A-ZĐÀ-Ỹ]",
    Kind.WHY: r"\b(?:do|vì|bởi|nhằm|để|nguyên nhân|lý do|nhờ|khiến|giúp|bằng cách|theo đó)\b",
    Kind.SAID: r"[“\"”]|\b(?:nói|cho biết|cho rằng|khẳng định|nhấn mạnh|chia sẻ|nhận định|phát biểu|đánh giá)\b",
}
_EXPECTED_RE = {kind: re.compile(pattern) for kind, pattern in _EXPECTED.items()}
_ABOUT_PHOTO = re.compile(r"\b(anh|buc anh|tam anh|chu thich|photo|picture)\b")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence an answer may use, with its score and what of the question it covers (0..1)."""

    article: Article
    start: int
    end: int
    score: float
    coverage: float

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class _Candidate:
    article: Article
    sentence: Sentence
    before: str
    rank: int

    @property
    def text(self) -> str:
        return self.article.text[self.sentence.start : self.sentence.end]


def rank(index: Index, question: Question, hits: list[Hit]) -> list[Evidence]:
    """All candidate sentences of the best hits, best first; ties by article and position."""
    candidates = _candidates(question, hits[:_PASSAGES])
    if not candidates:
        return []
    weights = _term_weights(index, question)
    texts = [c.text for c in candidates]
    late = late_interaction(question.resolved, texts)
    ranked = []
    for candidate, nearness in zip(candidates, late, strict=True):
        coverage, support = _coverage(question, candidate, weights)
        score = support + _LATE * float(nearness) + _RANK / (1 + candidate.rank)
        score += _KIND * _answers_kind(question.kind, candidate.text)
        s = candidate.sentence
        ranked.append(Evidence(candidate.article, s.start, s.end, score, coverage))
    return sorted(ranked, key=lambda e: (-e.score, e.article.id, e.start))


def _candidates(question: Question, hits: list[Hit]) -> list[_Candidate]:
    captions = bool(_ABOUT_PHOTO.search(fold(question.text)))
    found: dict[tuple[str, int], _Candidate] = {}
    for position, hit in enumerate(hits):
        passage = hit.passage
        if passage.kind is PassageKind.CAPTION and not captions:
            continue
        before = ""
        for sentence in split_sentences(passage.article.text, passage.start, passage.end):
            key = (passage.article.id, sentence.start)
            text = passage.article.text[sentence.start : sentence.end]
            if key not in found and count_words(passage.article.text, sentence) >= _MIN_WORDS:
                found[key] = _Candidate(passage.article, sentence, before, position)
            before = text
    return list(found.values())


def _term_weights(index: Index, question: Question) -> dict[str, float]:
    """The question's terms with their idf; a term of every passage weighs nothing."""
    channel = Channel.FOLDED if question.typed is Typed.UNMARKED else Channel.MARKED
    total = max(len(index), 1)
    weights = {}
    for term in dict.fromkeys(terms(question.forms)):
        df = index.terms.document_frequency(term, channel)
        weights[term] = math.log(1 + (total - df + 0.5) / (df + 0.5)) if df <= total else 0.0
    return weights


def _coverage(
    question: Question, candidate: _Candidate, weights: dict[str, float]
) -> tuple[float, float]:
    """Share of the question's idf in the sentence itself, and with its neighbour and title."""
    total = sum(weights.values())
    if total <= 0:
        return 0.0, 0.0
    own = _terms_of(question, candidate.text)
    near = _terms_of(question, candidate.before)
    title = _terms_of(question, candidate.article.title)
    in_own = sum(w for t, w in weights.items() if t in own)
    helped = sum(
        w * max(_NEIGHBOUR * (t in near), _TITLE * (t in title))
        for t, w in weights.items()
        if t not in own
    )
    everywhere = in_own + sum(w for t, w in weights.items() if t not in own and t in near | title)
    return everywhere / total, (in_own + helped) / total


def _terms_of(question: Question, text: str) -> set[str]:
    unmarked = question.typed is Typed.UNMARKED
    return set(terms([s.folded if unmarked else s.marked for s in syllables(text)]))


def _answers_kind(kind: Kind, text: str) -> bool:
    pattern = _EXPECTED_RE.get(kind)
    return bool(pattern and pattern.search(text))


def confidence(evidence: list[Evidence], hits: list[Hit]) -> float:
    """Estimated probability (0..1) that the evidence answers, by a logistic of three scores."""
    if not evidence or not hits:
        return 0.0
    best = evidence[0]
    dense = max(hit.dense for hit in hits)
    logit = -5.2 + 4.0 * best.score + 2.0 * best.coverage + 2.0 * dense
    return float(1 / (1 + np.exp(-logit)))
