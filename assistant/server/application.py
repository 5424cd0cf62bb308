"""The application: the API and the sign-in page, and the Gradio page mounted at "/"."""

import logging
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.routing import Match

from assistant.server import models
from assistant.server.api_page import api_page
from assistant.server.articles import article_routes
from assistant.server.asking import asking_routes
from assistant.server.building import Builds
from assistant.server.gate import Gate
from assistant.server.problems import MEDIA_TYPE, problem, problem_of
from assistant.server.signin import sign_in_routes
from assistant.server.state import machine_routes, state_routes
from assistant.server.tools import add_tools, has_mcp
from assistant.service import Assistant
from corpus.errors import UserError

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"description": said, "content": {MEDIA_TYPE: {"schema": models.Problem.model_json_schema()}}}
    for status, said in {
        400: "bad request", 401: "sign in", 403: "not allowed", 404: "not there", 409: "not now",
        413: "too large", 422: "cannot be meant", 429: "too often", 503: "no index yet",
    }.items()
}  # fmt: skip


def create_api(
    assistant: Assistant, gate: Gate, is_ready: Callable[[], bool] = lambda: True
) -> FastAPI:
    """Everything but the page. The guard is not in it: see ``assistant.server.guard``."""
    app = FastAPI(
        title="Hỏi Báo", version="1", docs_url=None, redoc_url=None,
        openapi_url="/openapi.json", responses=_ERRORS, root_path_in_servers=False,
        generate_unique_id_function=lambda route: f"{min(route.methods or {''}).lower()}_{route.name}",
    )  # fmt: skip
    builds = Builds(assistant, gate.metrics)
    for router in (
        asking_routes(assistant),
        article_routes(assistant),
        state_routes(assistant, builds),
    ):
        app.include_router(router, prefix="/api")
    app.include_router(machine_routes(assistant, gate, is_ready))
    app.include_router(sign_in_routes(gate))

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(api_page(app.openapi()))

    @app.api_route("/api/{rest:path}", methods=_METHODS, include_in_schema=False)
    def nothing_here(request: Request) -> Response:
        allowed = [method for method in _METHODS if _takes(app, request, method)]
        if allowed:
            told = f"Địa chỉ này chỉ nhận {', '.join(allowed)}."
            return problem(405, told, headers={"Allow": ", ".join(allowed)})
        return problem(404, "Không có địa chỉ này trong API; xem /docs.")

    if has_mcp():
        add_tools(app, assistant)
    _handle_errors(app)
    return app


def _takes(app: FastAPI, request: Request, method: str) -> bool:
    """Whether there is a route for this path and method, besides the one that catches all."""
    scope = {**request.scope, "method": method}
    first = next((r for r in app.router.routes if r.matches(scope)[0] is Match.FULL), None)
    return getattr(first, "name", "") != "nothing_here"


def add_page(app: FastAPI, assistant: Assistant, root_path: str) -> list[str]:
    """Mount the Gradio page at "/"; the hashes of the scripts that it adds to itself in the browser."""
    import gradio as gr

    from assistant.page import appearance, create_page
    from assistant.server.headers import script_hashes

    page = create_page(assistant)
    page.queue(default_concurrency_limit=4)
    looks = appearance()
    gr.mount_gradio_app(
        app, page, path="/", root_path=root_path or None, footer_links=[], run_history=False, ssr_mode=False,
        mcp_server=False, enable_monitoring=False, pwa=False, max_file_size="64mb", show_error=False, **looks,
    )  # fmt: skip
    return script_hashes(looks["head"].encode())


def _handle_errors(app: FastAPI) -> None:
    @app.exception_handler(UserError)
    def user_error(_: Request, error: Exception) -> Response:
        assert isinstance(error, UserError)
        return problem_of(error)

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        where = [".".join(map(str, e["loc"])) for e in error.errors()]
        faults = [
            {"where": w, "why": e["type"]} for w, e in zip(where, error.errors(), strict=True)
        ]
        return problem(422, f"Không hiểu {', '.join(where)}. Xem /docs.", errors=faults)

    @app.exception_handler(HTTPException)
    def http_error(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return problem(error.status_code, str(error.detail), headers=dict(error.headers or {}))

    @app.exception_handler(Exception)
    def fault(_: Request, error: Exception) -> Response:
        logging.getLogger(__name__).error("%s", error, exc_info=error)
        return problem(500, "Có lỗi trong chương trình. Hãy thử lại; nhật ký máy chủ ghi chi tiết.")
