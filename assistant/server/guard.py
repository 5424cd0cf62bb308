"""The guard before everything: a pure ASGI middleware, so that streams pass as they come.

In this order: is the request meant for this server, does the path exist, who sends it, how often, how large. What
passes carries ``state.who``, ``state.notices`` and ``state.client``; every response gets its headers.
"""

import secrets
from collections.abc import MutableMapping
from typing import Any

from starlette._utils import get_route_path
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.server.bodies import limited
from assistant.server.gate import BROWSER, Gate
from assistant.server.headers import PLAIN, page_policy, plain_policy, script_hashes
from assistant.server.metrics import area
from assistant.server.origin import allowed_host, from_elsewhere
from assistant.server.paths import (
    SIGN_IN,
    is_open,
    is_page,
    is_served,
    is_upload,
    return_address,
)
from assistant.server.problems import problem, problem_of
from assistant.who import Role, Who
from corpus.errors import UserError

_BODY = 4 * 2**20  # bytes of a request that uploads nothing
_BROWSER_LASTS = 400 * 24 * 3600  # seconds; browsers keep no cookie longer


class Guard:
    """``extra_scripts`` are hashes of scripts that the page adds to itself once it runs."""

    def __init__(self, app: ASGIApp, gate: Gate, extra_scripts: list[str] | None = None) -> None:
        self.app, self.gate = app, gate
        self.extra_scripts = extra_scripts or []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:  # nothing here speaks over websockets
            await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = get_route_path(scope)
        out = _Outgoing(self, scope, path, send)
        app: ASGIApp
        most = _BODY
        try:
            answer = self._admit(scope, path, out)
        except UserError as error:
            answer = problem_of(error)
        if answer is None:
            app = self.app
            most = self.gate.access.upload_mb * 2**20 if is_upload(path) else _BODY
        else:
            app = answer
        await limited(app, scope, receive, out, most)

    def _admit(self, scope: Scope, path: str, out: "_Outgoing") -> Response | None:
        """The response for a request that may not pass. Raises UserError likewise."""
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        gate = self.gate
        if not allowed_host(headers.get("host", ""), gate.access, gate.settings.host):
            return problem(421, "Máy chủ này không có tên ấy. Hãy thêm tên vào HOIBAO_HOSTS.")
        if from_elsewhere(headers):
            return problem(403, "Yêu cầu đến từ một trang web khác nên không được nhận.")
        if not is_served(path):
            return problem(404, "Không có địa chỉ này.")
        _clean(scope)
        address = scope["client"][0] if scope.get("client") else ""
        cookies = cookie_parser(headers.get("cookie", ""))
        if BROWSER not in cookies and not gate.access.users:
            cookies[BROWSER] = out.new_browser = secrets.token_urlsafe(24)
        gate.requests.take(address)
        found = gate.identify(cookies, _bearer(headers))
        if found is None and not is_open(path):
            return self._who_are_you(scope, headers, path)
        if found and found.role is Role.READER and path.startswith("/gradio_api/upload"):
            return problem(403, "Tài khoản của bạn không được tải tệp lên.")
        if found and path.startswith("/mcp") and scope["method"] == "POST":
            gate.before_question(found, address)
        state: MutableMapping[str, Any] = scope.setdefault("state", {})
        state.update(who=found or _NOBODY, notices=gate, client=address)
        return None

    def _who_are_you(self, scope: Scope, headers: dict[str, str], path: str) -> Response:
        wants_page = scope["method"] == "GET" and "text/html" in headers.get("accept", "")
        if wants_page and not path.startswith("/api/"):
            root = self.gate.access.root_path
            return RedirectResponse(f"{root}{SIGN_IN}?tiep={return_address(scope, path)}", 303)
        bearer = {"WWW-Authenticate": "Bearer"}
        return problem(
            401, "Hãy đăng nhập, hoặc gửi khóa API: Authorization: Bearer …", headers=bearer
        )


_NOBODY = Who("", "", Role.READER)


class _Outgoing:
    """``send`` with headers added; the page itself is held back until its inline scripts are known."""

    def __init__(self, guard: Guard, scope: Scope, path: str, send: Send) -> None:
        self.guard, self.scope, self.path, self.send = guard, scope, path, send
        self.new_browser = ""
        self._held: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._count(message["status"])
            if is_page(self.path) and _is_html(message):
                self._held = message
                return
            self._add(message, plain_policy())
        elif self._held is not None:
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            hashes = [*script_hashes(self._body), *self.guard.extra_scripts]
            self._add(self._held, page_policy(hashes))
            await self.send(self._held)
            message = {"type": "http.response.body", "body": self._body}
        await self.send(message)

    def _add(self, message: Message, policy: bytes) -> None:
        dropped = {b"access-control-allow-origin", b"access-control-allow-credentials", b"server"}
        headers = [(k, v) for k, v in message.get("headers", []) if k.lower() not in dropped]
        present = {k.lower() for k, _ in headers}
        own = [*PLAIN, (b"content-security-policy", policy)]
        if not self.path.startswith(("/assets/", "/static/")):
            own.append((b"cache-control", b"no-store"))
        headers += [(k, v) for k, v in own if k not in present]
        if self.new_browser:
            headers.append((b"set-cookie", self._browser_cookie()))
        message["headers"] = headers

    def _browser_cookie(self) -> bytes:
        place = self.guard.gate.access.root_path or "/"
        secure = "; Secure" if self.scope.get("scheme") == "https" else ""
        return (
            f"{BROWSER}={self.new_browser}; Path={place}; Max-Age={_BROWSER_LASTS}; HttpOnly; SameSite=Lax{secure}"
        ).encode()

    def _count(self, status: int) -> None:
        self.guard.gate.metrics.requests.labels(area(self.path), f"{status // 100}xx").inc()


def _bearer(headers: dict[str, str]) -> str:
    scheme, _, key = headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _clean(scope: Scope) -> None:
    """What uvicorn has understood already, or must not be believed of a stranger; and the page comes uncompressed."""
    dropped = {b"x-forwarded-host", b"x-forwarded-proto", b"x-forwarded-prefix"}
    if is_page(get_route_path(scope)):
        dropped.add(b"accept-encoding")
    scope["headers"] = [(k, v) for k, v in scope["headers"] if k not in dropped]


def _is_html(message: Message) -> bool:
    return any(k == b"content-type" and v.startswith(b"text/html") for k, v in message["headers"])


__all__ = ["Guard"]
