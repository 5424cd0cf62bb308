"""Answers, end to end: the right article, the answering sentence, the span, citations, abstention."""

import re
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.answer import Answer, compose
from assistant.evaluation.questions import Asked, document_id, is_right, plain
from assistant.respond import Asked as Put
from assistant.respond import Means, find_for_answer
from assistant.retrieve import Hit
from embeddings.index import Index

_ANSWERED = 0.95  # share of answerable questions at which refusals are counted

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Result:
    """One question: the answer as given, and the one it would give if it did not abstain."""

    asked: Asked
    hits: list[Hit]
    answer: Answer
    forced: Answer


def answer_all(index: Index, questions: list[Asked], means: Means) -> list[Result]:
    """Ask every question of the index, in quote mode."""
    return [_answer(index, asked, means) for asked in questions]


def _answer(index: Index, asked: Asked, means: Means) -> Result:
    question, hits = find_for_answer(index, Put(asked.text, asked.history), means.second_stage)
    judged = means.judge(index, question, hits)
    given = compose(question, judged, hits)
    forced = compose(question, replace(judged, answers=bool(judged.evidence)), hits)
    return Result(asked, hits, given, forced)


def measure(results: list[Result]) -> dict[str, Values]:
    """For each metric its values: over answerable questions, or the one value of a whole set.

    Answering and abstaining are measured apart: sentence and citation metrics are of the answers given
    when nothing is refused.
    """
    answerable = [r for r in results if r.asked.answerable]
    values = {
        "article first": [_article_at(r, 1) for r in answerable],
        "article in 3": [_article_at(r, 3) for r in answerable],
        "cited article right": [_first_article(r) for r in answerable],
        "first sentence": [_right(r, 1) for r in answerable],
        "one of three": [_right(r, 3) for r in answerable],
        "span F1": [_span_f1(r) for r in answerable if r.asked.answers],
        "citation precision": [_precision(r) for r in answerable],
        "verbatim": [_verbatim(r) for r in results],
        "answered": [float(r.answer.answered) for r in answerable],
        "refused": [float(not r.answer.answered) for r in results if not r.asked.answerable],
    }
    return {name: np.array(v, dtype=float) for name, v in values.items() if v}


def abstention(results: list[Result]) -> dict[str, float]:
    """AUROC, F1 of refusing, and the refusals when 95 % of the answerable are answered."""
    confidence = np.array([r.answer.confidence for r in results])
    known = np.array([r.asked.answerable for r in results])
    if known.all() or not known.any():
        return {}
    yes, no = confidence[known], confidence[~known]
    above = (yes[:, None] > no[None, :]).mean() + (yes[:, None] == no[None, :]).mean() / 2
    refused = np.array([not r.answer.answered for r in results])
    hit = (refused & ~known).sum()
    limit = np.quantile(yes, 1 - _ANSWERED)
    return {
        "AUROC": float(above),
        "F1 of refusing": float(2 * hit / max(1, refused.sum() + (~known).sum())),
        "refused at 95 % answered": float((no < limit).mean()),
    }


def _article_at(result: Result, k: int) -> float:
    ids = dict.fromkeys(document_id(h.passage.article) for h in result.hits)
    return float(any(i in result.asked.articles for i in list(ids)[:k]))


def _first_article(result: Result) -> float:
    cited = result.forced.citations
    return float(bool(cited) and document_id(cited[0].article) in result.asked.articles)


def _right(result: Result, k: int) -> float:
    cited = result.forced.citations[:k]
    return float(any(is_right(result.asked, c.article, c.quote) for c in cited))


def _precision(result: Result) -> float:
    cited = result.forced.citations
    right = sum(document_id(c.article) in result.asked.articles for c in cited)
    return right / len(cited) if cited else 0.0


def _verbatim(result: Result) -> float:
    cited = result.forced.citations
    return float(all(c.article.text[c.start : c.end] == c.quote for c in cited))


def _span_f1(result: Result) -> float:
    """SQuAD's F1 over words, of the best of the gold answers; 0 without a span."""
    cited = result.forced.citations
    if not cited or cited[0].span is None:
        return 0.0
    start, end = cited[0].span
    said = _words(cited[0].article.text[start:end])
    return max(_f1(said, _words(gold)) for gold in result.asked.answers)


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", plain(text)))


def _f1(said: Counter[str], gold: Counter[str]) -> float:
    common = (said & gold).total()
    return 2 * common / (said.total() + gold.total()) if common else 0.0
