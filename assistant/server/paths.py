"""Which paths there are: of Gradio's many only those that the page uses, and which are open to all."""

from urllib.parse import quote

from starlette.types import Scope

SIGN_IN, SIGN_OUT = "/dang-nhap", "/dang-xuat"
_OPEN = (SIGN_IN, SIGN_OUT, "/healthz", "/readyz", "/favicon.ico", "/robots.txt")
_GRADIO_API = (
    "/gradio_api/queue/join", "/gradio_api/queue/data", "/gradio_api/upload", "/gradio_api/upload_progress",
    "/gradio_api/heartbeat/", "/gradio_api/cancel", "/gradio_api/reset", "/gradio_api/info",
    "/gradio_api/app_id", "/gradio_api/startup-events", "/gradio_api/theme.css", "/gradio_api/file=",
    "/gradio_api/component_server", "/gradio_api/user", "/gradio_api/login_check",
)  # fmt: skip
_CLOSED = (
    "/monitoring",
    "/login",
    "/logout",
    "/svelte",
    "/pwa_icon",
    "/file/",
    "/file=",
    "/proxy=",
)


def is_served(path: str) -> bool:
    """Whether there may be something at ``path``. Gradio's proxies, recordings and monitoring are not served."""
    if path.startswith("/gradio_api"):
        return path.startswith(_GRADIO_API)
    return not path.startswith(_CLOSED)


def is_open(path: str) -> bool:
    """Whether nobody has to sign in for ``path``."""
    return path in _OPEN


def is_page(path: str) -> bool:
    """Whether this is the page itself."""
    return path in ("", "/")


def is_upload(path: str) -> bool:
    """Whether files come in here."""
    return path in ("/gradio_api/upload", "/api/uploads")


def return_address(scope: Scope, path: str) -> str:
    """Where to go after signing in, quoted for a query."""
    query = scope.get("query_string", b"").decode("latin-1")
    return quote(path + ("?" + query if query else ""), safe="/")


def inside(address: str) -> str:
    """``address`` if it is a path of this server, else "/": no link leads from the sign-in page elsewhere."""
    inner = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if inner and not any(ord(c) < 33 or c == "\\" for c in address) else "/"
