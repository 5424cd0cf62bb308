"""The JSON that scripts rely on: one function for each kind of object, nothing else decides a key.

Dates are ISO (``2020-07-17``) or null; offsets count characters of the article's ``text``.
"""

from dataclasses import asdict
from typing import Any, TypeAlias

from assistant.answer import Answer, Citation
from assistant.draw import Drawn
from assistant.retrieve import Hit
from assistant.service import Status
from corpus.article import Article
from embeddings.changes import BuildReport
from embeddings.repair import RepairReport
from embeddings.store import Twin
from embeddings.verify import Check

Json: TypeAlias = dict[str, Any]


def answer_json(answer: Answer) -> Json:
    """``hoibao ask --json``."""
    return {
        "question": answer.question.text,
        "resolved_question": answer.question.resolved,
        "kind": answer.question.kind.value,
        "expansions": [{"term": e.term, "also": e.also} for e in answer.question.expansions],
        "dates": [
            {
                "text": d.text,
                "first": d.first.isoformat(),
                "last": d.last.isoformat(),
                "of": d.reference.value,
            }
            for d in answer.question.dates
        ],
        "answered": answer.answered,
        "confidence": round(answer.confidence, 4),
        "answer": answer.text,
        "citations": [_citation(c) for c in answer.citations],
        "nearest": [
            {"article_id": a.id, "title": a.headline, "date": _date(a)} for a in answer.nearest
        ],
        "missing": list(answer.archive.missing),
        "mode": "model" if answer.claims else "quote",
        "remarks": list(answer.remarks),
    }


def hits_json(hits: list[Hit]) -> Json:
    """``hoibao search --json``."""
    return {
        "hits": [
            {
                "article_id": hit.passage.article.id,
                "passage_id": hit.passage.id,
                "title": hit.passage.article.headline,
                "date": _date(hit.passage.article),
                "start": hit.passage.start,
                "end": hit.passage.end,
                "text": hit.passage.text,
                "score": round(hit.score, 6),
                "also": [_twin(t) for t in hit.also],
            }
            for hit in hits
        ]
    }


def article_json(article: Article) -> Json:
    """``hoibao article --json``; ``text[:body_end]`` is the body, photo captions follow."""
    return {
        "article_id": article.id,
        "path": article.path,
        "title": article.headline,
        "date": _date(article),
        "time": article.time.isoformat("minutes") if article.time else None,
        "source": article.source,
        "author": article.author,
        "url": article.url,
        "text": article.text,
        "body_end": article.body_end,
    }


def report_json(report: BuildReport) -> Json:
    """``hoibao build --json``."""
    return asdict(report)


def verify_json(checks: list[Check]) -> Json:
    """``hoibao verify --json``."""
    return {"ok": all(c.ok for c in checks), "checks": [asdict(c) | {"ok": c.ok} for c in checks]}


def repair_json(report: RepairReport) -> Json:
    """``hoibao repair --json``: what was done, the build it ended with, and the checks after it."""
    return {
        "actions": report.actions,
        "build": report_json(report.build) if report.build else None,
        **verify_json(report.checks),
    }


def status_json(status: Status) -> Json:
    """``hoibao status --json``."""
    return asdict(status) | {"archive": str(status.archive), "index": str(status.index)}


def map_json(drawn: Drawn) -> Json:
    """``hoibao map --json``."""
    return asdict(drawn) | {"out": str(drawn.out)}


def _citation(citation: Citation) -> Json:
    article = citation.article
    return {
        "n": citation.n,
        "article_id": article.id,
        "path": article.path,
        "title": article.headline,
        "date": _date(article),
        "source": article.source,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "span": _span(citation),
        "speaker": citation.speaker or None,
        "also": [_twin(t) for t in citation.also],
    }


def _span(citation: Citation) -> Json | None:
    if not citation.span:
        return None
    start, end = citation.span
    return {"start": start, "end": end, "text": citation.span_text}


def _twin(twin: Twin) -> Json:
    return {
        "article_id": twin.id,
        "title": twin.title,
        "date": twin.date.isoformat() if twin.date else None,
        "source": twin.source,
    }


def _date(article: Article) -> str | None:
    return article.date.isoformat() if article.date else None
