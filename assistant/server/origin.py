"""Whether a request was meant for this server: a page elsewhere must not use the visitor's browser on it.

Host: a name that somebody else points at 127.0.0.1 (DNS rebinding) is refused. Origin and Sec-Fetch-Site: what
another site's page sends is refused, but for following a link.
"""

from urllib.parse import urlsplit

from assistant.access import Access, is_loopback

_LOCAL = ("localhost", "127.0.0.1", "[::1]")


def allowed_host(host: str, access: Access, own: str) -> bool:
    """Whether the Host header names this server.

    ``own`` is the address it listens on. On an address for others, with accounts and without HOIBAO_HOSTS, any name
    will do: a cookie belongs to a name, so another name meets the sign-in page.
    """
    name = _name(host)
    if name in _LOCAL or name == own.lower() or name in access.hosts:
        return True
    return bool(name) and not access.hosts and access.has_accounts and not is_loopback(own)


def from_elsewhere(headers: dict[str, str]) -> bool:
    """Whether another site's page sent this; ``headers`` in lower case."""
    origin = headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
    site = headers.get("sec-fetch-site", "none")
    return site in ("cross-site", "same-site") and headers.get("sec-fetch-mode") != "navigate"


def _name(host: str) -> str:
    host = host.lower()
    if host.startswith("["):
        return host[: host.find("]") + 1]
    return host.partition(":")[0]
