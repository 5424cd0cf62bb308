"""Evidence → answer, in quote mode: one to three verbatim sentences with citations, or abstention.

It cannot invent: every sentence is cut from the article at the offsets it cites, and checked again
against them before it is shown.
"""

import datetime as dt
import re
from dataclasses import dataclass, field

from assistant.analysis.kinds import Kind
from assistant.choose import MOST, Choice, Quoted, choose
from assistant.citation import Citation, Claim
from assistant.evidence import Judged
from assistant.numbers import quantities
from assistant.question import Question
from assistant.retrieve import Hit
from assistant.scope import EVERYTHING, Scope
from assistant.spans import find_span
from assistant.wording import (
    ABSTAIN,
    DISAGREE,
    abstention,
    format_date,
    quoted,
    reference,
    several,
)
from corpus.article import Article

_NEAREST = 3
# Of figures the rules know which has the unit asked for, and where it ends (docs/decisions/0006).
_BY_RULE = frozenset({Kind.HOW_MANY})
_SCORE = re.compile(r"(?<![\d-])\d{1,2}-\d{1,2}(?![\d-])")


@dataclass(frozen=True, slots=True)
class ArchiveView:
    """What an abstention may tell of the archive: its dates, which of the asked terms it lacks, and the part of
    it that was searched."""

    first_date: dt.date | None = None
    last_date: dt.date | None = None
    missing: tuple[str, ...] = ()
    within: Scope = EVERYTHING


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, with what it rests on. ``citations`` is empty exactly when it abstains.

    ``note`` stands before the quotes ("Các bài đưa số liệu khác nhau …"). ``claims`` are a model's
    sentences, checked; without them the citations are quoted. ``remarks`` tell what happened to the
    model's answer: what was removed from it, or why it is not used.
    """

    question: Question
    answered: bool
    confidence: float
    text: str
    citations: list[Citation]
    nearest: list[Article]
    note: str = ""
    archive: ArchiveView = field(default_factory=ArchiveView)
    claims: tuple[Claim, ...] = ()
    remarks: tuple[str, ...] = ()


def compose(
    question: Question,
    judged: Judged,
    hits: list[Hit],
    archive: ArchiveView | None = None,
    most: int = MOST,
) -> Answer:
    """Quote the best sentences, at most ``most``, or abstain where the judge does not think that they answer."""
    nearest, view, confidence = _nearest(hits), archive or ArchiveView(), judged.confidence
    if not judged.answers:
        text = abstention(nearest, view.missing, view.first_date, view.last_date, view.within)
        return Answer(question, False, confidence, text, [], nearest, archive=view)
    choice = choose(question, judged.evidence, most)
    citations = cite(question, choice)
    note = DISAGREE if choice.disagree else several(question.kind, citations)
    text = quoted(question.kind, citations, note)
    return Answer(question, True, confidence, text, citations, nearest, note, view)


def cite(question: Question, choice: Choice) -> list[Citation]:
    """Number the chosen sentences as they appear, with the answering span of each.

    Raises ValueError for a sentence that does not stand where it says: it would be a wrong citation.
    """
    citations = []
    for n, q in enumerate(choice.quotes, start=1):
        if not q.text.strip() or q.start < 0 or q.end > len(q.article.text):
            raise ValueError(f"no such sentence: {q.article.id} [{q.start}:{q.end}]")
        span = _answer_span(question, q)
        citations.append(
            Citation(n, q.article, q.text, q.start, q.end, span=span, speaker=q.speaker)
        )
    return citations


def _answer_span(question: Question, q: Quoted) -> tuple[int, int] | None:
    """Where the answer stands in the article: as read, or by rule where the kind has a good one and the reader
    does not see the same figure and no other."""
    if not q.read:
        span = find_span(question, q.text)
        return (q.start + span[0], q.start + span[1]) if span else None
    if question.kind not in _BY_RULE:
        return q.read
    read = q.read[0] - q.start, q.read[1] - q.start
    span = find_span(question, q.text, read)
    if not span or _SCORE.search(q.text, max(0, span[0] - 3), span[0] + 4):
        return q.read  # the rule would mark half of "3-2"
    same = span[0] < read[1] and read[0] < span[1]
    if same and len(quantities(q.text[slice(*read)])) == 1:
        return q.read
    return q.start + span[0], q.start + span[1]


def _nearest(hits: list[Hit]) -> list[Article]:
    distinct = {hit.passage.article.id: hit.passage.article for hit in hits}
    return list(distinct.values())[:_NEAREST]


__all__ = [
    "ABSTAIN",
    "Answer",
    "ArchiveView",
    "Citation",
    "Claim",
    "cite",
    "compose",
    "format_date",
    "reference",
]
