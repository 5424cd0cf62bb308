"""``hoibao serve``: check what can be checked at once, answer at once, load the rest meanwhile."""

import contextlib
import logging
import socket
import sys
import threading
import time
import webbrowser

import uvicorn
from fastapi import FastAPI

from assistant.access import check_reach
from assistant.server.front import Front
from assistant.server.gate import Gate, open_gate
from assistant.server.guard import Guard
from assistant.service import Assistant
from assistant.settings import Settings
from corpus.archive import list_files
from corpus.errors import UserError
from corpus.progress import Step

_STOPS = 5  # seconds that open answers are given at the end
_WARM = "Hôm qua có tin gì?"  # asked once, so that the first question finds everything loaded


def serve(settings: Settings, *, open_browser: bool = False) -> None:
    """Serve until Ctrl+C; an index is built first if there is none.

    Raises UserError when the port is taken, the archive is missing, the index cannot be built, or others could
    reach the server without a password.
    """
    check_reach(settings.host, settings.access)
    check_port(settings)
    assistant = Assistant(settings)
    if not assistant.has_index():
        list_files(settings.archive)  # what is missing is said at once
    gate = open_gate(settings)
    try:
        _Server(assistant, gate, open_browser).run()
    finally:
        gate.sessions.close()


class _Server:
    """One run of the server, and what went wrong while it was getting ready."""

    def __init__(self, assistant: Assistant, gate: Gate, open_browser: bool) -> None:
        self.assistant, self.gate, self.open_browser = assistant, gate, open_browser
        self.front = Front(self._prepare, self._fail)
        self.guard = Guard(self.front, gate)
        self.error: BaseException | None = None
        self.ready = threading.Event()
        s = assistant.settings
        self.uvicorn = uvicorn.Server(uvicorn.Config(
            self.guard, s.host, s.port, log_level="warning", access_log=False, server_header=False,
            proxy_headers=True, forwarded_allow_ips=s.access.proxies, root_path=s.access.root_path,
            ws="none", timeout_graceful_shutdown=_STOPS,
        ))  # fmt: skip

    def run(self) -> None:
        """Until Ctrl+C, or until it cannot go on. Raises UserError."""
        with contextlib.suppress(KeyboardInterrupt):
            self.uvicorn.run()
        self.assistant.stop_build()
        if self.error:
            raise self.error
        print("\nĐã dừng.")

    def _prepare(self) -> FastAPI:
        """The whole application; what takes longest comes last."""
        began = time.perf_counter()
        if not self.assistant.has_index():
            self._build_first()
        from assistant.server.application import add_page, create_api

        app = create_api(self.assistant, self.gate, self.ready.is_set)
        self.guard.extra_scripts = add_page(app, self.assistant, self.gate.access.root_path)
        threading.Thread(target=self._warm, name="warm", daemon=True).start()
        _log().info("the page is there after %.1f s", time.perf_counter() - began)
        self._tell()
        return app

    def _build_first(self) -> None:
        print(self.assistant.why_build(), file=sys.stderr)
        self.front.doing = self.assistant.why_build()

        def show(step: Step) -> None:
            self.front.doing = f"Đang dựng chỉ mục lần đầu. {step}"
            print(f"\r{step}\033[K", end="", file=sys.stderr, flush=True)

        report = self.assistant.build(show)
        print(f"\rXong: {report.articles} bài, {report.passages} đoạn.\033[K", file=sys.stderr)
        for failure in report.failures:
            print(f"Không đọc được {failure.path}: {failure.reason}", file=sys.stderr)
        self.front.doing = "Đang khởi động…"

    def _warm(self) -> None:
        """Load models and index, which a question would otherwise wait for."""
        try:
            self.assistant.ask(_WARM, quote=True)
        except UserError as error:  # whoever asks is told
            _log().error("%s", error)
        else:
            self.ready.set()

    def _fail(self, error: BaseException) -> None:
        self.error = error
        self.uvicorn.should_exit = True

    def _tell(self) -> None:
        s = self.assistant.settings
        address = f"http://{s.host}:{s.port}"
        print(f"Hỏi Báo đang chạy ở {address} (Ctrl+C để dừng)", flush=True)
        if self.open_browser:
            webbrowser.open(address)


def check_port(settings: Settings) -> None:
    """Before anything slow: nobody wants to wait for an index and then learn this. Raises UserError."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise UserError(
                f"Không mở được cổng {settings.port} trên {settings.host} ({error.strerror}): có lẽ một "
                "chương trình khác, hay một cửa sổ Hỏi Báo khác, đang dùng nó. Hãy chọn cổng khác "
                "bằng --port hoặc biến HOIBAO_PORT, ví dụ HOIBAO_PORT=7861."
            ) from error


def _log() -> logging.Logger:
    return logging.getLogger(__name__)


__all__ = ["check_port", "serve"]
