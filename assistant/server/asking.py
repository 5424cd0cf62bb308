"""POST /api/ask and GET /api/search: answers as JSON or, for ``Accept: text/event-stream``, as they come."""

import datetime as dt
import json
import time
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import StreamingResponse

from assistant import notice
from assistant.answer import Answer
from assistant.contract import answer_json, article_json, hits_json
from assistant.lookup import PER_PAGE, Order
from assistant.question import MAX_CHARS, checked
from assistant.scope import Scope, known_sources
from assistant.server import models
from assistant.server.problems import Refused, problem_of
from assistant.service import Assistant
from corpus.errors import ArchiveError, UserError

_EVENTS = "text/event-stream"


def query_scope(
    first: dt.date | None = None,
    last: dt.date | None = None,
    sources: Annotated[list[models.Text] | None, Query(max_length=100)] = None,
) -> Scope:
    """The part of the archive that a query names. Raises QuestionError."""
    return Scope(first, last, tuple(sources or ()))


def asking_routes(assistant: Assistant) -> APIRouter:
    """Asking, searching, reading a passage."""
    router = APIRouter(tags=["Hỏi và tra cứu"])

    @router.post(
        "/ask", response_model=models.Answer,
        responses={200: {"content": {_EVENTS: {"schema": {"type": "string"}}}}},
    )  # fmt: skip
    def ask(asked: models.Ask, request: Request) -> Any:
        """Ask a question. As events: ``stage`` (searching, choosing), ``part`` and at last ``answer`` or ``error``."""
        checked(asked.question)
        scope = _known(assistant, asked.scope())
        notice.before_question(request)
        steps = _steps(assistant, asked, scope, request)
        if _EVENTS in request.headers.get("accept", ""):
            quiet = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
            return StreamingResponse(_events(steps), media_type=_EVENTS, headers=quiet)
        *_, (_, answer) = steps
        return answer

    @router.get("/search", response_model=models.Found)
    def search(
        request: Request,
        q: Annotated[models.Text, Query(min_length=1, max_length=MAX_CHARS)],
        within: Annotated[Scope, Depends(query_scope)],
        sort: Order = Order.RELEVANCE,
        page: Annotated[int, Query(ge=1, le=1000)] = 1,
        per_page: Annotated[int, Query(ge=1, le=100)] = PER_PAGE,
    ) -> Any:
        """Look passages up."""
        checked(q)
        notice.before_question(request)
        found = assistant.look_up(q, _known(assistant, within), sort, page, per_page)
        months = [{"first": m.first, "hits": m.hits} for m in found.months]
        return hits_json(list(found.hits)) | {
            "total": found.total, "page": found.page, "pages": found.pages, "months": months,
            "undated": found.undated, "capped": found.capped,
        }  # fmt: skip

    @router.get("/passages/{id}", response_model=models.Passage)
    def passage(id: Annotated[int, Path(ge=0, lt=2**63)]) -> Any:
        """One passage with its article."""
        try:
            found = assistant.passage(id)
        except ArchiveError as error:
            raise Refused(404, str(error)) from error
        return {
            "passage_id": found.id, "start": found.start, "end": found.end, "text": found.text,
            "article": article_json(found.article),
        }  # fmt: skip

    @router.get("/sources", response_model=list[models.Source])
    def sources() -> Any:
        """The sources, most articles first."""
        return [{"source": name, "articles": count} for name, count in assistant.sources()]

    return router


def _known(assistant: Assistant, scope: Scope) -> Scope:
    """The scope with the archive's own names of the sources. Raises QuestionError for one it does not have."""
    if not scope.sources:
        return scope
    names = known_sources(scope.sources, [name for name, _ in assistant.sources()])
    return Scope(scope.first, scope.last, names)


def _steps(
    assistant: Assistant, asked: models.Ask, scope: Scope, request: Request
) -> Iterator[tuple[str, Any]]:
    """Names and data of what happens; the last is the whole answer."""
    began = time.perf_counter()
    answer: Answer | None = None
    for step in assistant.steps(
        asked.question, list(asked.history),
        as_of=asked.as_of, quote=asked.quote, within=scope, most=asked.most,
    ):  # fmt: skip
        if not isinstance(step, Answer):
            yield "stage", {"stage": step.value}
            continue
        if answer is not None:
            yield "part", answer_json(answer)
        answer = step
    assert answer is not None
    notice.answered(request, answer, time.perf_counter() - began, "api")
    yield "answer", answer_json(answer)


def _events(steps: Iterator[tuple[str, Any]]) -> Iterator[bytes]:
    try:
        for name, data in steps:
            yield _event(name, json.dumps(data, ensure_ascii=False))
    except UserError as error:
        yield _event("error", bytes(problem_of(error).body).decode())


def _event(name: str, data: str) -> bytes:
    return f"event: {name}\ndata: {data}\n\n".encode("utf-8", "replace")


__all__ = ["asking_routes", "query_scope"]
