"""Question → answer over one open index: analysis, retrieval, evidence, and the wording of it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from assistant.analysis import abbreviations
from assistant.answer import Answer, ArchiveView, cite, compose
from assistant.choose import MOST, Choice, Quoted, speaker_in
from assistant.citation import Citation
from assistant.evidence import Evidence, Judge
from assistant.llm.client import Generator
from assistant.llm.generate import generate
from assistant.missing import missing_terms
from assistant.question import Question, Typed, analyse
from assistant.rerank import Reranker
from assistant.retrieve import RESCORED, RESCORED_FOR_ANSWER, Hit, retrieve
from assistant.scope import EVERYTHING, Scope
from embeddings.index import Index
from embeddings.terms import Channel

_HITS = 20  # passages an answer is sought in
_OFFERED = 8  # sentences a model may use


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what it is asked against: earlier questions, the day "hôm qua" counts from, the part of
    the archive that is searched; and the ``most`` sentences to quote."""

    text: str
    history: tuple[str, ...] = ()
    as_of: dt.date | None = None
    within: Scope = EVERYTHING
    most: int = MOST


@dataclass(frozen=True, slots=True)
class Means:
    """What answers are made with: a judge, and where they were chosen a model server, and a reranker. (One
    that would read what the judge reads anyway is for looking up passages only.)"""

    judge: Judge
    reranker: Reranker | None = None
    model: Generator | None = None

    @property
    def second_stage(self) -> Reranker | None:
        """The reranker of the passages that an answer is sought in."""
        return self.reranker if self.reranker and self.reranker.answers else None


class Stage(StrEnum):
    """What is being done before there is an answer to show."""

    SEARCHING = "searching"
    CHOOSING = "choosing"


def respond(index: Index, asked: Asked, means: Means) -> Iterator[Stage | Answer]:
    """What is being done, then the answer, growing while a model words it; the last one is final.

    Raises QuestionError for an empty or overlong question.
    """
    yield Stage.SEARCHING
    question, hits = find_for_answer(index, asked, means.second_stage)
    yield Stage.CHOOSING
    judged = means.judge(index, question, hits)
    answer = compose(question, judged, hits, most=asked.most)
    if not answer.answered:
        yield compose(question, judged, hits, _view(index, question, asked.within))
    elif means.model:
        yield from generate(answer, _offered(question, answer, judged.evidence), means.model)
    else:
        yield answer


def find_for_answer(
    index: Index, asked: Asked, reranker: Reranker | None = None
) -> tuple[Question, list[Hit]]:
    """The question made ready and the passages that an answer is sought in."""
    return find(index, asked, _HITS, reranker, RESCORED_FOR_ANSWER)


def find(
    index: Index, asked: Asked, k: int, reranker: Reranker | None = None, rescored: int = RESCORED
) -> tuple[Question, list[Hit]]:
    """The question made ready and its hits.

    Abbreviations that the hits' own articles explain are searched too, in a second round.
    """
    question = analyse(asked.text, list(asked.history), asked.as_of)
    depth = max(k, reranker.depth) if reranker else k
    hits = retrieve(index, question, depth, asked.within, rescored)
    mined = [pair for hit in hits for pair in abbreviations.mine(hit.passage.article.text)]
    known = abbreviations.glossary(abbreviations.builtin().longs, mined) if mined else None
    if known and len(abbreviations.expand(question.resolved, known)) > len(question.expansions):
        question = analyse(asked.text, list(asked.history), asked.as_of, known)
        hits = retrieve(index, question, depth, asked.within, rescored)
    return question, reranker(question, hits)[:k] if reranker else hits


def _view(index: Index, question: Question, within: Scope) -> ArchiveView:
    channel = Channel.FOLDED if question.typed is Typed.UNMARKED else Channel.MARKED
    counts = index.store.counts()
    missing = missing_terms(question, lambda term: index.terms.document_frequency(term, channel))
    return ArchiveView(counts.first_date, counts.last_date, missing, within)


def _offered(question: Question, answer: Answer, evidence: list[Evidence]) -> list[Citation]:
    """The sentences a model may use: those quote mode would show, then the next best."""
    quotes = [Quoted(c.article, c.start, c.end, c.speaker) for c in answer.citations]
    shown = {(q.article.id, q.start) for q in quotes}
    for e in evidence:
        if len(quotes) == _OFFERED:
            break
        if (e.article.id, e.start) not in shown:
            quotes.append(Quoted(e.article, e.start, e.end, speaker_in(e.article, e.start)))
    return cite(question, Choice(quotes))


__all__ = ["Asked", "Means", "Stage", "find", "find_for_answer", "respond"]
