"""An answer into what is kept of it: everything that the page shows, as plain values."""

from assistant.answer import Answer
from assistant.citation import Citation
from assistant.excerpt import context
from assistant.records.kept import Kept, KeptCitation, Part, Source
from assistant.why import Why, why
from assistant.wording import (
    abstained,
    blocks,
    dates_line,
    missing_line,
    nothing_there,
    scope_line,
)
from corpus.article import Article
from embeddings.store import Twin


def keep(answer: Answer, generation: int, within: str = "") -> Kept:
    """``generation`` is the index's, ``within`` says in words what the search was limited to."""
    question = answer.question
    return Kept(
        question=question.text,
        resolved=question.resolved,
        answered=answer.answered,
        confidence=round(answer.confidence, 4),
        generation=generation,
        note=answer.note if answer.answered else _abstention(answer),
        parts=_parts(answer),
        citations=tuple(
            _citation(c, why(question, c.article.headline, [c.quote])[0]) for c in answer.citations
        ),
        nearest=() if answer.answered else tuple(_source(a) for a in answer.nearest),
        remarks=answer.remarks,
        expansions=tuple((e.term, e.also) for e in question.expansions),
        within=within,
    )


def _parts(answer: Answer) -> tuple[Part, ...]:
    if answer.claims:
        return tuple(Part(c.text, c.cites, claim=True) for c in answer.claims)
    return tuple(
        Part(b.lead, tuple(c.n for c in b.citations))
        for b in blocks(answer.question.kind, answer.citations)
    )


def _abstention(answer: Answer) -> str:
    view = answer.archive
    if not answer.nearest:
        return nothing_there(view.within)
    why_not = [
        scope_line(view.within), missing_line(view.missing), dates_line(view.first_date, view.last_date),
    ]  # fmt: skip
    return " ".join(filter(None, [abstained(view.within), *why_not]))


def _citation(c: Citation, found: Why) -> KeptCitation:
    first, last = context(c.article, c.start, c.end)
    return KeptCitation(
        c.n, _source(c.article), c.quote, c.start, c.end, c.article.text[first:last], first,
        c.span, c.speaker, tuple(map(_twin, c.also)), found.shared, found.in_title, found.near,
    )  # fmt: skip


def _source(article: Article) -> Source:
    date = article.date.isoformat() if article.date else ""
    title = article.headline or article.id
    return Source(article.id, title, article.source, date, article.author, article.url)


def _twin(twin: Twin) -> Source:
    date = twin.date.isoformat() if twin.date else ""
    return Source(twin.id, twin.title, twin.source, date)


__all__ = ["keep"]
