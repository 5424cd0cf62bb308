"""/api/build and /api/status, and what machines ask: /healthz, /readyz, /metrics."""

from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from assistant import notice
from assistant.contract import report_json, status_json
from assistant.server import article_models as shapes
from assistant.server.building import Builds
from assistant.server.gate import Gate
from assistant.service import Assistant
from assistant.who import require_editor
from corpus.errors import UserError

_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def state_routes(assistant: Assistant, builds: Builds) -> APIRouter:
    """The index: what it holds, and bringing it up to date."""
    router = APIRouter(tags=["Chỉ mục"])
    editor = [Depends(_editor)]

    @router.get("/status", response_model=shapes.Status)
    def status() -> Any:
        """What archive and index hold."""
        return status_json(assistant.status())

    @router.get("/build", response_model=shapes.BuildStatus)
    def build_status() -> Any:
        """Where the build is, or what the last one did."""
        return _status(builds)

    @router.post("/build", response_model=shapes.BuildStatus, status_code=202, dependencies=editor)
    def build(request: Request, how: shapes.Build | None = None) -> Any:
        """Bring the index up to date; 409 while a build runs."""
        full = bool(how and how.full)
        builds.start(full)
        notice.changed(request, "build", full=full)
        return _status(builds)

    @router.delete(
        "/build", response_model=shapes.BuildStatus, status_code=202, dependencies=editor
    )
    def cancel(request: Request) -> Any:
        """Stop the build after its batch; what it has done is kept."""
        builds.cancel()
        notice.changed(request, "stop build")
        return _status(builds)

    return router


def machine_routes(assistant: Assistant, gate: Gate, is_ready: Callable[[], bool]) -> APIRouter:
    """Health, readiness and counters."""
    router = APIRouter(tags=["Vận hành"])

    @router.get("/healthz")
    def healthz() -> dict[str, str]:
        """The process answers. Open to all."""
        return {"status": "ok"}

    @router.get("/readyz", responses={503: {"description": "not yet"}})
    def readyz() -> Response:
        """200 once index and models are loaded, 503 before. Open to all."""
        ready = is_ready()
        return JSONResponse({"ready": ready}, 200 if ready else 503)

    @router.get(
        "/metrics", responses={200: {"content": {"text/plain": {}}}}, response_class=Response
    )
    def metrics() -> Response:
        """For Prometheus."""
        gate.metrics.ready.set(is_ready())
        with suppress(UserError), closing(assistant.store()) as store:
            counts = store.counts()
            gate.metrics.articles.set(counts.articles)
            gate.metrics.passages.set(counts.passages)
        return Response(gate.metrics.text(), media_type=_METRICS_TYPE)

    return router


def _editor(request: Request) -> None:
    require_editor(request)


def _status(builds: Builds) -> dict[str, Any]:
    step = builds.step
    return {
        "running": builds.running,
        "stopping": builds.stopping,
        "step": {"text": str(step), "done": step.done, "total": step.total} if step else None,
        "report": report_json(builds.report) if builds.report else None,
        "failure": builds.failure,
    }


__all__ = ["machine_routes", "state_routes"]
