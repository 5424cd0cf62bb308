"""Evidence → answer, in quote mode: one to three verbatim sentences with citations, or abstention.

It cannot invent: every sentence is cut from the article at the offsets it cites, and checked again
against them before it is shown.
"""

import datetime as dt
from dataclasses import dataclass

from assistant.evidence import Evidence
from assistant.question import Question
from assistant.retrieve import Hit
from corpus.article import Article

ANSWER_THRESHOLD = 0.5  # below this confidence it abstains
_MOST_QUOTES = 3
_CLOSE = 0.8  # a further sentence must score at least this share of the first
_NEAREST = 3

ABSTAIN = "Không tìm thấy trong kho bài viết."


@dataclass(frozen=True, slots=True)
class Citation:
    """One cited sentence: ``article.text[start:end] == quote``; ``n`` is its number in the answer."""

    n: int
    article: Article
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, with what it rests on. ``citations`` is empty exactly when it abstains."""

    question: Question
    answered: bool
    confidence: float
    text: str
    citations: list[Citation]
    nearest: list[Article]


def compose(
    question: Question, evidence: list[Evidence], hits: list[Hit], confidence: float
) -> Answer:
    """Quote the best sentences, or abstain when ``confidence`` is below ANSWER_THRESHOLD."""
    nearest = _nearest(hits)
    citations = _cite(_choose(evidence)) if confidence >= ANSWER_THRESHOLD else []
    if not citations:
        return Answer(question, False, confidence, _abstention(nearest), [], nearest)
    return Answer(question, True, confidence, _quote(citations), citations, nearest)


def _choose(evidence: list[Evidence]) -> list[Evidence]:
    """The best sentence and those close to it that say something else, best first."""
    chosen: list[Evidence] = []
    for candidate in evidence:
        if len(chosen) == _MOST_QUOTES or candidate.score < _CLOSE * evidence[0].score:
            break
        if all(candidate.text != other.text for other in chosen):
            chosen.append(candidate)
    return chosen


def _cite(chosen: list[Evidence]) -> list[Citation]:
    """Number the sentences as they appear: the best article first, its sentences together."""
    order = list(dict.fromkeys(e.article.id for e in chosen))
    grouped = sorted(chosen, key=lambda e: order.index(e.article.id))
    return [Citation(n, e.article, e.text, e.start, e.end) for n, e in enumerate(grouped, start=1)]


def _quote(citations: list[Citation]) -> str:
    parts: list[str] = []
    shown = ""
    for citation in citations:
        if citation.article.id != shown:
            parts.append(f"Theo {reference(citation.article)}:")
            shown = citation.article.id
        parts.append(f"{citation.quote} [{citation.n}]")
    return "\n\n".join(parts)


def _abstention(nearest: list[Article]) -> str:
    if not nearest:
        return f"{ABSTAIN} Kho chưa có bài nào."
    lines = [f"- {reference(article)}" for article in nearest]
    return "\n".join([ABSTAIN, "", "Những bài gần nhất với câu hỏi:", *lines])


def _nearest(hits: list[Hit]) -> list[Article]:
    distinct = {hit.passage.article.id: hit.passage.article for hit in hits}
    return list(distinct.values())[:_NEAREST]


def reference(article: Article) -> str:
    """How an article is named in a sentence: ``bài “Title” (ANTV, 17/07/2020)``."""
    facts = ", ".join(filter(None, [article.source, format_date(article.date)]))
    return f"bài “{article.title}”" + (f" ({facts})" if facts else "")


def format_date(date: dt.date | None) -> str:
    """``17/07/2020``, or nothing for an undated article."""
    return date.strftime("%d/%m/%Y") if date else ""
