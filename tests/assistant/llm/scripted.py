"""A server process's worth of the OpenAI protocol, over real HTTP, that does what its script says.

The script is chosen by the model's name: ``well``, ``hang``, ``error``, ``rubbish`` …
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HANG = 3.0  # seconds of silence; tests wait less

Script = list[str]


class Server(ThreadingHTTPServer):
    """``scripts``: model → tokens. ``asked`` keeps every request body."""

    daemon_threads = True

    def __init__(self, scripts: dict[str, Script]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.scripts = scripts
        self.asked: list[dict[str, Any]] = []
        self.failures = 0  # requests still to be refused before one is served

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body)
        model = body["model"]
        if model == "error" or self.server.failures > 0:
            self.server.failures -= 1
            return self._plain(500, b'{"error": {"message": "hong"}}')
        if model == "denied":
            return self._plain(401, b'{"error": {"message": "khoa sai"}}')
        if model == "html":
            return self._plain(200, b"<html>welcome</html>")
        if model == "hang":
            time.sleep(HANG)
            return None
        return self._stream(model)

    def _plain(self, code: int, body: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, model: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for token in self.server.scripts.get(model, []):
            if token == "<hang>":
                time.sleep(HANG)
            elif token == "<rubbish>":
                self._write(b"data: {khong phai json\n\n")
            elif token == "<cut>":
                return
            else:
                chunk = {
                    "id": "1", "object": "chat.completion.chunk", "created": 0, "model": model,
                    "choices": [{"index": 0, "delta": {"content": token}, "finish_reason": None}],
                }  # fmt: skip
                self._write(f"data: {json.dumps(chunk)}\n\n".encode())
        self._write(b"data: [DONE]\n\n")

    def _write(self, data: bytes) -> None:
        try:
            self.wfile.write(data)
            self.wfile.flush()
        except OSError:  # the client had enough
            pass

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def serving(scripts: dict[str, Script]) -> Iterator[Server]:
    """A running server with these scripts."""
    server = Server(scripts)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
