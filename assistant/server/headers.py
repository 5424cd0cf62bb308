"""Response headers: a content security policy that names every inline script by its hash, and the rest.

Gradio compiles the ``js=`` of handlers in the browser, which needs ``unsafe-eval``, and sets styles inline. An
injected ``<script>`` or ``onclick`` still runs nowhere: only scripts whose hashes the server gave may.
"""

import base64
import hashlib
import re
from collections.abc import Iterable

_INLINE = re.compile(rb"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.S | re.I)

PLAIN: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)


def script_hashes(html: bytes) -> list[str]:
    """``'sha256-…'`` of every inline script in ``html``."""
    return [
        f"'sha256-{base64.b64encode(hashlib.sha256(found['code']).digest()).decode()}'"
        for found in _INLINE.finditer(html)
        if b"src=" not in found["attributes"]
    ]


def page_policy(hashes: Iterable[str]) -> bytes:
    """The policy of the page, which is Gradio's."""
    scripts = " ".join(["'self'", "'unsafe-eval'", *dict.fromkeys(hashes)])
    return _policy(
        f"script-src {scripts}", "style-src 'self' 'unsafe-inline'", "img-src 'self' data: blob:",
        "font-src 'self' data:", "connect-src 'self' data: blob:", "worker-src 'self' blob:",
        "media-src 'self' blob:", "frame-src 'self' data: blob:", "manifest-src 'self'",
    )  # fmt: skip


def plain_policy() -> bytes:
    """The policy of everything else: nothing runs."""
    return _policy("style-src 'self' 'unsafe-inline'", "img-src 'self' data:")


def _policy(*directives: str) -> bytes:
    return "; ".join(
        ["default-src 'none'" if len(directives) < 3 else "default-src 'self'", *directives,
         "object-src 'none'", "base-uri 'self'", "form-action 'self'", "frame-ancestors 'none'"]
    ).encode()  # fmt: skip
