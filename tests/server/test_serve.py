"""One real server in a process of its own: from the first moment to Ctrl+C, with accounts, through Gradio's own API."""

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from assistant.server.users import Users, new_account, new_key, write_users
from assistant.who import Role
from tests.server.conftest import BRIDGE, MARKET, PASSWORDS, QUESTION
from tests.serving import ROOT, ask, free_port, start, stop

CHANGING = {"sua", "luu", "goc", "xoa", "xoa_tep", "tra_lai", "tep", "dan", "dung", "ngung"}
SENT = {
    "id": "cau.txt", "nhan_de": "Đã sửa", "ngay": "1/1/2020", "nguon": "X", "noi_dung": "Bãi Rạn Trào có 300 loài san hô.",
    "ma": "20260101-000000000000-00000000", "ten": ["a.txt"], "tep": ["/etc/hostname"],
}  # fmt: skip


class Running:
    """The server and what was seen while it started."""

    def __init__(self, folder: Path) -> None:
        self.archive = folder / "kho"
        self.state = folder / "chi-muc-state"
        self.archive.mkdir()
        (self.archive / "cau.txt").write_text(BRIDGE, encoding="utf-8")
        (self.archive / "cho.txt").write_text(MARKET, encoding="utf-8")
        self.keys = {role: new_key(f"may-{role.value}", role) for role in Role}
        roles = {"doc-gia": Role.READER, "bien-tap": Role.EDITOR}
        write_users(folder / "users.json", Users(
            {name: new_account(name, role, PASSWORDS[name]) for name, role in roles.items()},
            {f"may-{role.value}": key for role, (_, key) in self.keys.items()},
        ))  # fmt: skip
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.process = start(
            port, HOIBAO_ARCHIVE=str(self.archive), HOIBAO_INDEX=str(folder / "chi-muc"),
            HOIBAO_USERS=str(folder / "users.json"),
        )  # fmt: skip
        self.seen: list[tuple[int, int]] = []
        self._wait()

    def _wait(self) -> None:
        """Until it is ready; keeps the statuses of page and /readyz on the way."""
        with self.client(Role.READER) as client:
            for _ in range(900):
                assert self.process.poll() is None, self.process.communicate()[0]
                with contextlib.suppress(httpx.TransportError):
                    page, ready = client.get("/"), client.get("/readyz")
                    self.seen.append((page.status_code, ready.status_code))
                if self.seen and self.seen[-1] == (200, 200):
                    return
                time.sleep(0.1)
        pytest.fail("the server does not get ready")

    def logged(self) -> list[dict[str, Any]]:
        """The lines of the audit log."""
        files = (self.state / "audit").glob("*.jsonl")
        return [json.loads(line) for f in files for line in f.read_text("utf-8").splitlines()]

    def client(self, role: Role | None = None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.keys[role][0]}"} if role else {}
        return httpx.Client(base_url=self.address, headers=headers, timeout=60)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    server = Running(tmp_path_factory.mktemp("that"))
    yield server
    stop(server.process)


def test_it_answers_before_everything_is_loaded(running: Running) -> None:
    assert running.seen[0] == (503, 503), "the first answer says that it is starting"
    assert running.seen[-1] == (200, 200)


def act(client: httpx.Client, event: str, sent: dict[str, Any]) -> str:
    """Raise an event of the archive's bus through Gradio's queue, as a script would; all that comes back."""
    config = client.get("/config").json()
    [found] = [
        d for d in config["dependencies"]
        if any(name == event for _, name in d["targets"]) and d["targets"][0][0] in buses(config, "dung")
    ]  # fmt: skip
    session = secrets.token_hex(6)
    joined = client.post("/gradio_api/queue/join", json={
        "fn_index": found["id"], "data": [], "event_data": sent, "session_hash": session,
        "trigger_id": found["targets"][0][0],
    })  # fmt: skip
    assert joined.status_code == 200, joined.text
    said = []
    with client.stream("GET", f"/gradio_api/queue/data?session_hash={session}") as stream:
        for line in stream.iter_lines():
            said.append(line)
            if "close_stream" in line or "process_completed" in line:
                break
    return json.dumps(
        [json.loads(s[6:]) for s in said if s.startswith("data: ")], ensure_ascii=False
    )


def buses(config: dict[str, Any], event: str) -> set[int]:
    """The components that have this event: the archive's, which alone has ``dung``."""
    return {
        d["targets"][0][0]
        for d in config["dependencies"]
        if any(n == event for _, n in d["targets"])
    }


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(f): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def test_a_reader_changes_nothing_through_gradios_own_api(running: Running) -> None:
    before = snapshot(running.archive)
    with running.client() as client:
        sign_in = {"ten": "doc-gia", "mat_khau": PASSWORDS["doc-gia"]}
        assert client.post("/dang-nhap", data=sign_in).status_code == 303
        for event in sorted(CHANGING):
            said = act(client, event, SENT)
            assert "chỉ được hỏi và đọc" in said, (event, said[:2000])
    assert snapshot(running.archive) == before


def test_an_editor_does_so_and_the_same_call_works(running: Running) -> None:
    with running.client(Role.EDITOR) as client:
        act(client, "dan", SENT)
    assert [f.name for f in (running.archive / "bai-them").iterdir()]
    change = running.logged()[-1]
    assert (change["event"], change["what"], change["who"]) == (
        "change",
        "paste",
        "khoa:may-editor",
    )


def test_answers_come_as_events_one_by_one(running: Running) -> None:
    headers = {"Accept": "text/event-stream"}
    with (
        running.client(Role.READER) as client,
        client.stream("POST", "/api/ask", json={"question": QUESTION}, headers=headers) as answer,
    ):
        assert answer.status_code == 200
        names = [line[7:] for line in answer.iter_lines() if line.startswith("event: ")]
    assert names[0] == "stage" and names[-1] == "answer"


def test_a_body_without_a_told_length_is_limited(running: Running) -> None:
    with running.client(Role.READER) as client:
        answer = client.post("/api/ask", content=(b"x" * 2**16 for _ in range(100)))
    assert answer.status_code == 413


@pytest.mark.browser
def test_a_person_signs_in_asks_and_signs_out(running: Running, browser: Browser) -> None:
    context = browser.new_context(locale="vi-VN")
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(running.address)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Tên tài khoản")).to_be_focused()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.keyboard.type("doc-gia")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORDS["doc-gia"])
    page.keyboard.press("Enter")
    expect(page.locator("#tai-khoan")).to_contain_text("doc-gia (chỉ đọc)")
    page.locator(".hb-chao").wait_for()
    expect(ask(page, QUESTION)).to_contain_text("312 mét")
    asked = running.logged()[-1]
    assert (asked["event"], asked["via"], asked["who"]) == ("question", "page", "doc-gia")
    assert asked["question"] == QUESTION and asked["evidence"][0]["article_id"] == "cau.txt"
    picture = os.environ.get("HOIBAO_SCREENSHOT_ACCOUNT")
    if picture:
        page.screenshot(path=picture)
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_label("Mật khẩu")).to_be_visible()
    page.goto(running.address)
    assert "/dang-nhap" in page.url
    assert not wrong, wrong
    context.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_it_refuses_to_start_for_others_without_a_password(tmp_path: Path, host: str) -> None:
    process = start(free_port(), HOIBAO_HOST=host, HOIBAO_INDEX=str(tmp_path / "i"))
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1 and "HOIBAO_PASSWORD" in said and "Traceback" not in said
    assert not (tmp_path / "i").exists()


def test_a_missing_users_file_is_named(tmp_path: Path) -> None:
    process = start(
        free_port(), HOIBAO_USERS=str(tmp_path / "u.json"), HOIBAO_INDEX=str(tmp_path / "i")
    )
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1 and "hoibao users add" in said and "Traceback" not in said


def test_users_are_added_and_removed_on_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "users.json"

    def users(*arguments: str, said: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "assistant.cli", "users", *arguments, "--file", str(file)],
            cwd=ROOT, input=said, capture_output=True, encoding="utf-8",
            env=os.environ | {"HOIBAO_INDEX": str(tmp_path / "i"), "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip

    assert users("add", "lan", "--role", "editor", said="mật khẩu của Lan\n").returncode == 0
    made = users("key", "trang-tin")
    assert made.stdout.startswith("hoibao_") and made.stdout.strip() not in file.read_text(
        encoding="utf-8"
    )
    assert users("list").stdout == "lan\teditor\ttài khoản\ntrang-tin\treader\tkhóa API\n"
    assert users("remove", "lan").returncode == 0
    again = users("remove", "lan")
    assert again.returncode == 1 and "Không có tài khoản" in again.stderr
    assert users("add", "lan", said="ngắn\n").returncode == 1
    assert users("add", "tên có dấu cách", said="mật khẩu dài\n").returncode == 1


def test_the_server_ends_when_told_to(running: Running) -> None:
    running.process.send_signal(signal.SIGINT)
    said, _ = running.process.communicate(timeout=30)
    assert running.process.returncode == 0, said
    assert said.endswith("Đã dừng.\n")
