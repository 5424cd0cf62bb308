"""The JSON that scripts rely on: one function for each kind of object, nothing else decides a key.

Dates are ISO (``2020-07-17``) or null; offsets count characters of the article's ``text``.
"""

from dataclasses import asdict
from typing import Any, TypeAlias

from assistant.answer import Answer, Citation
from assistant.retrieve import Hit
from assistant.service import Status
from corpus.article import Article
from embeddings.build import BuildReport

Json: TypeAlias = dict[str, Any]


def answer_json(answer: Answer) -> Json:
    """``hoibao ask --json``."""
    return {
        "question": answer.question.text,
        "resolved_question": answer.question.resolved,
        "answered": answer.answered,
        "confidence": round(answer.confidence, 4),
        "answer": answer.text,
        "citations": [_citation(c) for c in answer.citations],
        "nearest": [
            {"article_id": a.id, "title": a.title, "date": _date(a)} for a in answer.nearest
        ],
    }


def hits_json(hits: list[Hit]) -> Json:
    """``hoibao search --json``."""
    return {
        "hits": [
            {
                "article_id": hit.passage.article.id,
                "passage_id": hit.passage.id,
                "title": hit.passage.article.title,
                "date": _date(hit.passage.article),
                "start": hit.passage.start,
                "end": hit.passage.end,
                "text": hit.passage.text,
                "score": round(hit.score, 6),
            }
            for hit in hits
        ]
    }


def article_json(article: Article) -> Json:
    """``hoibao article --json``; ``text[:body_end]`` is the body, photo captions follow."""
    return {
        "article_id": article.id,
        "path": article.path,
        "title": article.title,
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


def status_json(status: Status) -> Json:
    """``hoibao status --json``."""
    return asdict(status) | {"archive": str(status.archive), "index": str(status.index)}


def _citation(citation: Citation) -> Json:
    article = citation.article
    return {
        "n": citation.n,
        "article_id": article.id,
        "path": article.path,
        "title": article.title,
        "date": _date(article),
        "source": article.source,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
    }


def _date(article: Article) -> str | None:
    return article.date.isoformat() if article.date else None
