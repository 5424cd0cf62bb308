"""What answers while the rest is still being loaded: a page that says so, /healthz, and /readyz with 503.

Importing Gradio takes seconds and the first index of a large archive minutes; a browser that comes meanwhile sees
how far it is, and the page as soon as there is one.
"""

import asyncio
import threading
from collections.abc import Callable
from html import escape

from fastapi import FastAPI
from starlette._utils import get_route_path
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.server.problems import problem

_AGAIN = 1  # seconds until the browser looks again


class Front:
    """``prepare`` makes the application, in a thread of its own; ``failed`` is called with what it raised."""

    def __init__(
        self, prepare: Callable[[], FastAPI], failed: Callable[[BaseException], None]
    ) -> None:
        self._prepare, self._failed = prepare, failed
        self._app: ASGIApp | None = None
        self._running: asyncio.Task[None] | None = None
        self._end = asyncio.Event()
        self.doing = "Đang khởi động…"  # shown to whoever comes meanwhile

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        app = self._app or self._waiting(get_route_path(scope))
        await app(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        self._running = asyncio.create_task(self._run())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._end.set()
        if self._app is not None:
            await self._running
        await send({"type": "lifespan.shutdown.complete"})

    async def _run(self) -> None:
        """Make the application and hold its lifespan open, in this one task."""
        try:
            app = await _in_thread(self._prepare)
            async with app.router.lifespan_context(app):
                self._app = app
                await self._end.wait()
        except Exception as error:
            self._failed(error)

    def _waiting(self, path: str) -> Response:
        if path == "/healthz":
            return JSONResponse({"status": "ok"})
        if path == "/readyz":
            return JSONResponse({"ready": False}, 503)
        if path in ("", "/"):
            return HTMLResponse(_page(self.doing), 503, {"Retry-After": str(_AGAIN)})
        return problem(503, self.doing, headers={"Retry-After": str(_AGAIN)})


async def _in_thread(make: Callable[[], FastAPI]) -> FastAPI:
    """``make()`` in a thread that the end of the process does not wait for."""
    loop = asyncio.get_running_loop()
    made: asyncio.Future[FastAPI] = loop.create_future()

    def tell(result: FastAPI | BaseException) -> None:
        if made.cancelled():
            return
        if isinstance(result, BaseException):
            made.set_exception(result)
        else:
            made.set_result(result)

    def run() -> None:
        try:
            result: FastAPI | BaseException = make()
        except Exception as error:
            result = error
        loop.call_soon_threadsafe(tell, result)

    threading.Thread(target=run, name="prepare", daemon=True).start()
    return await made


def _page(doing: str) -> str:
    return f"""<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Hỏi Báo</title>
<meta http-equiv="refresh" content="{_AGAIN}"><meta name="viewport" content="width=device-width, initial-scale=1">
<style>:root {{ color-scheme: light dark; font: 1.1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }}
body {{ display: grid; min-height: 90dvh; place-items: center; text-align: center; }}</style></head>
<body><main><h1>Hỏi Báo</h1><p role="status">{escape(doing)}</p></main></body></html>"""
