"""The guard: whom it lets in, what it adds to responses, what it never lets through."""

import re
from collections.abc import Iterator

import pytest

from assistant.server.gate import owner_of
from assistant.server.headers import script_hashes
from assistant.who import Role
from tests.server.conftest import PASSWORDS, QUESTION, Serve, Server


@pytest.fixture(scope="module")
def local(serve: Serve) -> Server:
    """Loopback, without accounts, with the page."""
    return serve(page=True)


@pytest.fixture(scope="module")
def guarded(serve: Serve) -> Server:
    """With accounts, and the page."""
    return serve(users=True, page=True)


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:1", "[::1]:80", "LOCALHOST"])
def test_names_of_this_machine_are_known(local: Server, host: str) -> None:
    assert local.client().get("/api/status", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "0.0.0.0"])
def test_a_name_that_somebody_points_here_is_refused(local: Server, host: str) -> None:
    answer = local.client().get("/api/status", headers={"Host": host})
    assert answer.status_code == 421
    assert "HOIBAO_HOSTS" in answer.json()["detail"]


def test_names_may_be_added(serve: Serve) -> None:
    server = serve(users=True, hosts=("bao.example.vn",))
    for host, status in (
        ("bao.example.vn", 200),
        ("bao.example.vn:8443", 200),
        ("khac.example", 421),
    ):
        assert server.client().get("/healthz", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"},
    ],
)
def test_what_another_sites_page_sends_is_refused(local: Server, headers: dict[str, str]) -> None:
    client = local.client()
    assert client.post("/api/build", json={}, headers=headers).status_code == 403
    assert client.get("/api/articles", headers=headers).status_code == 403
    assert client.post("/gradio_api/queue/join", json={}, headers=headers).status_code == 403


def test_links_from_elsewhere_and_own_requests_pass(local: Server) -> None:
    client = local.client()
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert client.get("/", headers=link).status_code == 200
    own = {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/api/ask", json={"question": QUESTION}, headers=own).status_code == 200


def test_no_other_origin_is_given_leave_to_read(local: Server) -> None:
    for path in ("/", "/config", "/api/status"):
        answer = local.client().options(path, headers={"Access-Control-Request-Method": "GET"})
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "path",
    ["/", "/api/status", "/docs", "/healthz", "/config", "/theme.css", "/api/nichts", "/dang-nhap"],
)
def test_every_response_has_its_headers(local: Server, path: str) -> None:
    headers = local.client().get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy and "object-src 'none'" in policy
    assert "server" not in headers
    scripts = re.search(r"script-src ([^;]*)", policy)
    assert not scripts or "unsafe-inline" not in scripts[1]
    assert not re.search(r"https?:", policy), "nothing comes from another host"


def test_inline_scripts_of_the_page_run_by_their_hash_alone(local: Server) -> None:
    page = local.client().get("/")
    hashes = script_hashes(page.content)
    assert len(hashes) >= 4
    assert all(h in page.headers["content-security-policy"] for h in hashes)
    assert "'sha256-" not in local.client().get("/docs").headers["content-security-policy"]


def test_a_browser_gets_a_cookie_that_scripts_cannot_read(local: Server) -> None:
    client = local.client()
    cookie = client.get("/").headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie
    assert "set-cookie" not in client.get("/").headers
    owner = owner_of(client.cookies["hoibao_may"])
    assert client.cookies["hoibao_may"] not in owner


def test_cookies_are_secure_behind_https(serve: Serve) -> None:
    server = serve(password="một mật khẩu dài")
    client = server.client(base_url="https://localhost")
    done = client.post("/dang-nhap", data={"mat_khau": "một mật khẩu dài"})
    assert done.headers.get_list("set-cookie")
    for cookie in done.headers.get_list("set-cookie"):
        assert (
            "Secure" in cookie
            and "HttpOnly" in cookie
            and "SameSite=lax" in cookie.replace("Lax", "lax")
        )


def test_nobody_meets_the_sign_in_page_or_a_401(guarded: Server) -> None:
    client = guarded.client()
    answer = client.get("/?x=1", headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/dang-nhap?tiep=/%3Fx%3D1"
    for path in (
        "/config",
        "/gradio_api/info",
        "/gradio_api/file=/etc/passwd",
        "/assets/x.js",
        "/openapi.json",
    ):
        assert client.get(path).status_code == 401, path
    assert client.post("/gradio_api/queue/join", json={}).status_code == 401
    assert (
        client.get("/api/status", headers={"Authorization": "Bearer khong-phai-khoa"}).status_code
        == 401
    )


def test_a_wrong_key_is_nobody_even_without_accounts(local: Server) -> None:
    headers = {"Authorization": "Bearer khong-phai-khoa"}
    assert local.client().get("/api/status", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=../../../../etc/passwd",
        "/gradio_api/file=%2e%2e%2f%2e%2e%2fetc/passwd",
        "/gradio_api/file=app.py",
        "/gradio_api/file=http://127.0.0.1:1/x",
        "/static/../../../../etc/passwd",
        "/static/%2e%2e/%2e%2e/routes.py",
        "/assets/..%2f..%2f..%2froutes.py",
        "/gradio_api/proxy=http://127.0.0.1:1/",
        "/gradio_api/deep_link",
        "/gradio_api/run/x",
        "/gradio_api/api/x",
        "/gradio_api/runs",
        "/monitoring",
        "/monitoring/summary",
        "/api/articles/../../etc/passwd",
        "/api/articles/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    ],
)
def test_no_path_leads_out(local: Server, path: str) -> None:
    answer = local.client().get(path)
    assert answer.status_code in (400, 403, 404, 405), answer.status_code
    assert "root:" not in answer.text


def chunks(size: int) -> Iterator[bytes]:
    for _ in range(size // 2**16):
        yield b"x" * 2**16


def test_bodies_are_limited_told_or_in_chunks(local: Server) -> None:
    client = local.client()
    told = client.post("/api/ask", content=b"x" * (5 * 2**20))
    assert told.status_code == 413
    in_chunks = client.post("/api/ask", content=chunks(5 * 2**20))
    assert in_chunks.status_code == 413
    assert "4 MB" in in_chunks.json()["detail"]
    lied = client.post("/api/ask", content=b"x", headers={"Content-Length": "-1"})
    assert lied.status_code == 413
    joined = client.post("/gradio_api/queue/join", content=chunks(5 * 2**20))
    assert joined.status_code == 413


def test_uploads_have_a_limit_of_their_own(serve: Serve) -> None:
    server = serve(upload_mb=1)
    answer = server.client().post("/api/uploads?name=a.txt", content=chunks(2 * 2**20))
    assert answer.status_code == 413


def test_a_reader_uploads_nothing_through_gradio(guarded: Server) -> None:
    files = {"files": ("a.txt", b"x")}
    reader = guarded.sign_in("doc-gia", PASSWORDS["doc-gia"])
    assert reader.post("/gradio_api/upload", files=files).status_code == 403
    assert guarded.client(Role.EDITOR).post("/gradio_api/upload", files=files).status_code == 200


def test_forwarded_hosts_of_strangers_change_no_link(local: Server) -> None:
    page = local.client().get("/", headers={"X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in page.text


def test_under_a_root_path_links_and_cookies_stay_there(serve: Serve) -> None:
    server = serve(users=True, page=True, root_path="/bao")
    client = server.client(base_url="http://127.0.0.1", root_path="/bao")
    sent = client.get("/bao/", headers={"Accept": "text/html"})
    assert sent.headers["location"] == "/bao/dang-nhap?tiep=/"
    form = client.get("/bao/dang-nhap").text
    assert 'action="/bao/dang-nhap"' in form
    secret = {"ten": "doc-gia", "mat_khau": PASSWORDS["doc-gia"], "tiep": "/"}
    done = client.post("/bao/dang-nhap", data=secret)
    assert done.headers["location"] == "/bao/"
    assert "Path=/bao" in done.headers["set-cookie"]
    page = client.get("/bao/")
    assert page.status_code == 200
    assert '"root":"http://127.0.0.1/bao"' in page.text.replace(" ", "")


def test_questions_are_counted_for_each_client(serve: Serve) -> None:
    server = serve(users=True, questions_per_minute=3)
    reader, editor = server.client(Role.READER), server.client(Role.EDITOR)
    statuses = [reader.get("/api/search?q=cầu").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    refused = reader.post("/api/ask", json={"question": QUESTION})
    assert refused.status_code == 429 and int(refused.headers["retry-after"]) >= 1
    assert editor.post("/api/ask", json={"question": QUESTION}).status_code == 200
