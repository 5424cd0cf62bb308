"""Every role against every endpoint. A route that is not in the table fails the test."""

from collections.abc import Iterator
from typing import Any

import pytest

from assistant.server.application import create_api
from assistant.who import Role
from tests.server.conftest import QUESTION, Serve, Server

NEW = {"title": "Tin mới", "text": "Một tin mới về hội sách ở Tam Kỳ."}
# (method, path as declared): what is sent, then the status for nobody, a reader, an editor.
TABLE: dict[tuple[str, str], tuple[str, Any, int, int, int]] = {
    ("GET", "/api/articles"): ("/api/articles", None, 401, 200, 200),
    ("GET", "/api/articles/{id:path}"): ("/api/articles/cau.txt", None, 401, 200, 200),
    ("GET", "/api/build"): ("/api/build", None, 401, 200, 200),
    ("GET", "/api/passages/{id}"): ("/api/passages/1", None, 401, 200, 200),
    ("GET", "/api/search"): ("/api/search?q=cầu+Vân+Du", None, 401, 200, 200),
    ("GET", "/api/sources"): ("/api/sources", None, 401, 200, 200),
    ("GET", "/api/status"): ("/api/status", None, 401, 200, 200),
    ("GET", "/api/trash"): ("/api/trash", None, 401, 403, 200),
    ("GET", "/dang-nhap"): ("/dang-nhap", None, 200, 303, 303),
    ("GET", "/docs"): ("/docs", None, 401, 200, 200),
    ("GET", "/healthz"): ("/healthz", None, 200, 200, 200),
    ("GET", "/metrics"): ("/metrics", None, 401, 200, 200),
    ("GET", "/readyz"): ("/readyz", None, 200, 200, 200),
    ("POST", "/api/ask"): ("/api/ask", {"question": QUESTION}, 401, 200, 200),
    ("POST", "/api/articles"): ("/api/articles", NEW, 401, 403, 201),
    ("POST", "/api/uploads"): ("/api/uploads?name=a.txt", b"Tin\n\nHai c\xc3\xa2u tin.", 401, 403, 201),
    ("POST", "/api/trash/{token}"): ("/api/trash/khong-co", None, 401, 403, 409),
    ("PATCH", "/api/articles/{id:path}"): ("/api/articles/cau.txt", {"source": "ANTV"}, 401, 403, 204),
    ("POST", "/api/build"): ("/api/build", {}, 401, 403, 202),
    ("DELETE", "/api/build"): ("/api/build", None, 401, 403, (202, 409)),
    ("DELETE", "/api/articles/{id:path}"): ("/api/articles/cho.txt", None, 401, 403, 200),
    ("POST", "/dang-xuat"): ("/dang-xuat", None, 303, 303, 303),
    ("POST", "/dang-nhap"): ("/dang-nhap", None, 401, 401, 401),
}  # fmt: skip
ELSEWHERE = {"/api/{rest:path}", "/openapi.json", "/mcp"}  # tested on their own


@pytest.fixture(scope="module")
def server(serve: Serve) -> Server:
    return serve(users=True)


def declared(server: Server) -> Iterator[tuple[str, str]]:
    app = create_api(server.assistant, server.gate)
    for route in flat(app.router.routes):
        for method in (route.methods or set()) - {"HEAD", "OPTIONS"}:
            yield method, route.path


def flat(routes: Any) -> Iterator[Any]:
    """Routes, and those of routers that are included, which FastAPI keeps as they are."""
    for route in routes:
        inner = getattr(route, "effective_candidates", None)
        if inner:
            yield from flat(inner())
        else:
            yield route


def test_every_route_is_in_the_table(server: Server) -> None:
    found = {(m, path) for m, path in declared(server) if path not in ELSEWHERE}
    assert found == TABLE.keys()


@pytest.mark.parametrize("who", ["nobody", "reader", "editor"])
def test_every_role_against_every_endpoint(server: Server, who: str) -> None:
    role = None if who == "nobody" else Role(who)
    for (method, declared), (path, sent, *statuses) in TABLE.items():
        if declared in ("/dang-nhap", "/dang-xuat") and role:
            continue  # an API key signs nobody in
        wanted = statuses[["nobody", "reader", "editor"].index(who)]
        body = (
            {"content": sent}
            if isinstance(sent, bytes)
            else {"json": sent}
            if sent is not None
            else {}
        )
        given = server.client(role).request(method, path, **body).status_code
        assert given in (wanted if isinstance(wanted, tuple) else (wanted,)), (
            f"{method} {path}: {given}"
        )


def test_a_session_has_the_role_of_its_account(server: Server) -> None:
    from tests.server.conftest import PASSWORDS

    reader = server.sign_in("doc-gia", PASSWORDS["doc-gia"])
    assert reader.get("/api/articles").status_code == 200
    assert reader.post("/api/articles", json=NEW).status_code == 403
    assert reader.get("/dang-nhap").status_code == 303
    editor = server.sign_in("bien-tap", PASSWORDS["bien-tap"])
    assert editor.post("/api/articles", json=NEW).status_code == 201
