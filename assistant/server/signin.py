"""Signing in and out: a small page of our own, a cookie, and a lock-out after wrong passwords."""

from html import escape
from typing import Literal, TypedDict
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant.server.gate import SESSION, Gate
from assistant.server.paths import SIGN_IN, SIGN_OUT, inside
from assistant.server.sessions import LASTS
from assistant.server.throttle import TooMany
from assistant.who import Role, Who

_WRONG = "Tên hoặc mật khẩu không đúng."
_WRONG_PASSWORD = "Mật khẩu không đúng."
_LONGEST = 1024  # characters of a password
_STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
body { display: grid; min-height: 100dvh; margin: 0; place-items: center; background: #f5f5f4; color: #1c1917; }
main { width: min(22rem, 88vw); padding: 1.5rem; border-radius: .75rem; background: #fff; border: 1px solid #d6d3d1; }
h1 { margin: 0; font-size: 1.4rem; } p { margin: .25rem 0 1rem; }
label { display: block; margin: .75rem 0 .25rem; font-weight: 600; }
input { box-sizing: border-box; width: 100%; padding: .6rem; font: inherit; border: 1px solid #78716c; border-radius: .4rem;
  background: inherit; color: inherit; }
button { width: 100%; margin-top: 1.25rem; padding: .65rem; font: inherit; font-weight: 600; color: #fff; background: #0f766e;
  border: 0; border-radius: .4rem; cursor: pointer; }
button:hover { background: #115e59; } :focus-visible { outline: 3px solid #14b8a6; outline-offset: 2px; }
.loi { padding: .6rem .75rem; border-radius: .4rem; color: #7f1d1d; background: #fee2e2; }
@media (prefers-color-scheme: dark) { body { background: #1c1917; color: #f5f5f4; }
  main { background: #292524; border-color: #57534e; } .loi { color: #fecaca; background: #7f1d1d; } }
"""


class _Cookie(TypedDict):
    path: str
    httponly: bool
    samesite: Literal["lax"]
    secure: bool


def sign_in_routes(gate: Gate) -> APIRouter:
    """The page, its form, and the way out."""
    router = APIRouter(include_in_schema=False)
    root = gate.access.root_path

    @router.get(SIGN_IN)
    def page(request: Request, tiep: str = "/") -> Response:
        if gate.identify(request.cookies, ""):
            return RedirectResponse(root + inside(tiep), 303)
        return HTMLResponse(sign_in_page(gate, inside(tiep)))

    @router.post(SIGN_IN)
    async def sign_in(request: Request) -> Response:
        form = parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
        name, password, after = (form.get(f, [""])[0] for f in ("ten", "mat_khau", "tiep"))
        address = request.client.host if request.client else ""
        name = name.strip()[:64] if gate.accounts.by_name else ""
        try:
            right = await run_in_threadpool(try_password, gate, name, password, address)
        except TooMany as error:
            shown = sign_in_page(gate, inside(after), name, str(error))
            return HTMLResponse(shown, 429, {"Retry-After": str(error.wait)})
        if not right:
            wrong = _WRONG if gate.accounts.by_name else _WRONG_PASSWORD
            return HTMLResponse(sign_in_page(gate, inside(after), name, wrong), 401)
        token = gate.sessions.begin(name, gate.accounts.credential(name))
        response = RedirectResponse(root + inside(after), 303)
        response.set_cookie(SESSION, token, LASTS, **_cookie(gate, request))
        return response

    @router.post(SIGN_OUT)
    def sign_out(request: Request) -> Response:
        token = request.cookies.get(SESSION, "")
        if (account := gate.account_of(token)) is not None:
            gate.audit.write("logout", _named(account))
        gate.sessions.end(token)
        response = RedirectResponse(root + SIGN_IN, 303)
        response.delete_cookie(SESSION, **_cookie(gate, request))
        return response

    return router


def try_password(gate: Gate, name: str, password: str, address: str) -> bool:
    """Whether this signs somebody in; counted, logged, slow. Raises TooMany after wrong ones."""
    account = f"{name.lower()}@{address}"
    gate.tries_of_address.take(address)
    gate.tries.take(account)
    if not gate.access.has_accounts:
        return False
    right = len(password) <= _LONGEST and gate.accounts.signed_in(name, password)
    if right:
        gate.tries.forgive(account)
        gate.tries_of_address.forgive(address)
    result = "ok" if right else "wrong"
    gate.metrics.logins.labels(result).inc()
    gate.audit.write("login", _named(name), result=result, address=address)
    return right


def sign_in_page(gate: Gate, after: str, name: str = "", error: str = "") -> str:
    """The page as HTML: no script, no file of its own."""
    told = f'<p class="loi" role="alert" id="loi">{escape(error)}</p>' if error else ""
    described = ' aria-describedby="loi" aria-invalid="true"' if error else ""
    asks_name = (
        '<label for="ten">Tên tài khoản</label><input id="ten" name="ten" autocomplete="username" required '
        f'autocapitalize="none" spellcheck="false" maxlength="64" value="{escape(name)}"{described}>'
        if gate.accounts.by_name
        else '<input type="hidden" autocomplete="username" value="hoibao">'
    )  # fmt: skip
    return f"""<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Đăng nhập · Hỏi Báo</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><style>{_STYLE}</style></head><body><main>
<h1>Hỏi Báo</h1><p>Đăng nhập để hỏi kho bài báo.</p>{told}
<form method="post" action="{escape(gate.access.root_path + SIGN_IN)}">{asks_name}
<label for="mat-khau">Mật khẩu</label>
<input id="mat-khau" name="mat_khau" type="password" autocomplete="current-password" required{described}>
<input type="hidden" name="tiep" value="{escape(after)}"><button>Đăng nhập</button></form></main></body></html>"""


def _named(name: str) -> Who:
    return Who(name or "mật khẩu chung", name or "mật khẩu chung", Role.READER)


def _cookie(gate: Gate, request: Request) -> _Cookie:
    return {
        "path": gate.access.root_path or "/", "httponly": True, "samesite": "lax",
        "secure": request.url.scheme == "https",
    }  # fmt: skip
