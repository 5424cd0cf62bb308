"""What the server keeps about what was done: the audit log, and the counters at /metrics."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from assistant.server.audit import Audit
from assistant.who import Role, Who
from tests.server.conftest import PASSWORDS, QUESTION, Serve, Server


def lines(server: Server) -> list[dict[str, Any]]:
    folder = server.assistant.settings.state / "audit"
    found = sorted(folder.glob("*.jsonl")) if folder.is_dir() else []
    return [json.loads(line) for f in found for line in f.read_text(encoding="utf-8").splitlines()]


def test_questions_evidence_changes_and_logins_are_logged(serve: Serve) -> None:
    server = serve(users=True)
    server.client().post("/dang-nhap", data={"ten": "doc-gia", "mat_khau": "sai\nmật khẩu"})
    reader = server.sign_in("doc-gia", PASSWORDS["doc-gia"])
    reader.post("/api/ask", json={"question": QUESTION})
    editor = server.client(Role.EDITOR)
    editor.patch("/api/articles/cau.txt", json={"source": "ANTV"})
    reader.post("/dang-xuat")
    found = lines(server)
    assert [e["event"] for e in found] == ["login", "login", "question", "change", "logout"]
    wrong, right, question, change, _ = found
    assert (wrong["result"], right["result"], right["who"]) == ("wrong", "ok", "doc-gia")
    assert question["question"] == QUESTION and question["via"] == "api" and question["answered"]
    assert question["evidence"][0]["article_id"] == "cau.txt"
    assert (
        change["who"] == "khoa:may-editor"
        and change["what"] == "edit"
        and change["article_id"] == "cau.txt"
    )
    file = next((server.assistant.settings.state / "audit").iterdir())
    assert file.stat().st_mode & 0o777 == 0o600
    assert "sai\\nmật" not in file.read_text(encoding="utf-8"), "no password is logged"


def test_the_log_can_be_switched_off(serve: Serve) -> None:
    server = serve(audit=False)
    server.client().post("/api/ask", json={"question": QUESTION})
    assert not (server.assistant.settings.state / "audit").exists()


def test_a_browser_without_an_account_is_logged_by_a_mark_alone(serve: Serve) -> None:
    server = serve()
    client = server.client()
    client.get("/healthz")
    client.post("/api/ask", json={"question": QUESTION})
    [line] = lines(server)
    assert line["who"].startswith("khách-")
    assert client.cookies["hoibao_may"] not in json.dumps(line)


def test_old_days_are_removed(tmp_path: Path) -> None:
    day = dt.datetime(2025, 9, 6, tzinfo=dt.UTC)
    for old in ("2025-06-01", "2025-09-01"):
        (tmp_path / f"{old}.jsonl").write_text("{}\n")
    (tmp_path / "ghi-chu.txt").write_text("của người dùng")
    Audit(tmp_path, 30, lambda: day).write("question", Who("a", "a", Role.READER))
    assert sorted(f.name for f in tmp_path.iterdir()) == [
        "2025-09-01.jsonl",
        "2025-09-06.jsonl",
        "ghi-chu.txt",
    ]


def test_counters(serve: Serve) -> None:
    server = serve(users=True)
    reader = server.client(Role.READER)
    reader.post("/api/ask", json={"question": QUESTION})
    reader.get("/api/khong-co-" + "x" * 50)
    server.client().post("/dang-nhap", data={"ten": "x", "mat_khau": "sai"})
    text = reader.get("/metrics").text
    for line in (
        'hoibao_questions_total{answered="true",via="api"} 1.0',
        'hoibao_question_seconds_count{via="api"} 1.0',
        'hoibao_logins_total{result="wrong"} 1.0',
        'hoibao_requests_total{area="/api/ask",status="2xx"} 1.0',
        "hoibao_articles 2.0",
        "hoibao_ready 1.0",
    ):
        assert line in text, line
    assert "khong-co" not in text and QUESTION not in text
