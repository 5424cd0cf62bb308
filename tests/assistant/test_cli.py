"""The command as a user runs it: a process of its own, what it prints and how it exits."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.arguments import make_parser
from assistant.cli import _HANDLERS
from corpus.archive import SAMPLE_ARCHIVE

COMMANDS = ["ask", "search", "article", "build", "status", "verify", "repair", "map", "serve"]


def hoibao(*arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli", *arguments],
        capture_output=True, encoding="utf-8", check=False,
        env=os.environ | {"PYTHONIOENCODING": "ascii"} | environ,
    )  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = str(tmp_path_factory.mktemp("cli") / "index")
    first = hoibao("ask", "Ai là Khối trưởng Khối thi đua số 4?", "--index", folder)
    assert first.returncode == 0, first.stderr
    assert "đang dựng" in first.stderr
    assert "Thiếu tá Trần Xuân Lịch" in first.stdout
    assert "[1]" in first.stdout
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_vietnamese_help_and_every_option_is_explained(command: str) -> None:
    shown = hoibao(command, "--help")
    assert shown.returncode == 0
    assert shown.stdout.startswith(f"Cách dùng: hoibao {command} ")
    assert not re.search(r"\b(usage|options|show this|positional)\b", shown.stdout)
    parser = make_parser(_HANDLERS)._subparsers._group_actions[0].choices[command]  # type: ignore[union-attr,index]
    assert all(action.help for action in parser._actions)


def test_ask_json_is_the_contract(index: str) -> None:
    out = hoibao(
        "ask", "Các bị cáo vụ Thiên Mộc Kim phải bồi thường bao nhiêu?", "--json", "--index", index
    )
    answer = json.loads(out.stdout)
    assert list(answer) == [
        "question", "resolved_question", "kind", "expansions", "dates", "answered", "confidence", "answer",
        "citations", "nearest", "missing", "mode", "remarks",
    ]  # fmt: skip
    assert (answer["kind"], answer["mode"]) == ("how_many", "quote")
    assert answer["answered"] is True
    assert 0 <= answer["confidence"] <= 1
    assert answer["citations"]
    for c in answer["citations"]:
        assert list(c) == [
            "n", "article_id", "path", "title", "date", "source", "quote", "start", "end", "span",
            "speaker", "also",
        ]  # fmt: skip
        article = json.loads(hoibao("article", c["article_id"], "--json", "--index", index).stdout)
        assert article["text"][c["start"] : c["end"]] == c["quote"]
        assert article["date"] == c["date"] == "2024-08-16"
        if c["span"]:
            assert article["text"][c["span"]["start"] : c["span"]["end"]] == c["span"]["text"]
    assert "149,8 tỷ đồng" in [c["span"]["text"] for c in answer["citations"] if c["span"]]
    assert {"article_id", "title", "date"} == set(answer["nearest"][0])


def test_search_json_is_the_contract(index: str) -> None:
    out = hoibao("search", "vải thiều Bắc Giang", "-k", "3", "--json", "--index", index)
    hits = json.loads(out.stdout)["hits"]
    assert len(hits) == 3
    assert list(hits[0]) == [
        "article_id",
        "passage_id",
        "title",
        "date",
        "start",
        "end",
        "text",
        "score",
        "also",
    ]
    assert hits[0]["article_id"] == "kinh-te/2021-06-18-vai-thieu-bac-giang.txt"
    article = json.loads(
        hoibao("article", hits[0]["article_id"], "--json", "--index", index).stdout
    )
    assert article["text"][hits[0]["start"] : hits[0]["end"]] == hits[0]["text"]


def test_a_batch_answers_in_order_with_ids_and_history(index: str, tmp_path: Path) -> None:
    file = tmp_path / "hoi.jsonl"
    rows = [
        {"id": "b", "question": "Ai là Khối trưởng Khối thi đua số 4?"},
        {
            "id": 7,
            "question": "Ông ấy giữ chức vụ gì?",
            "history": ["Ai là Khối trưởng Khối thi đua số 4?"],
        },
        {"id": "rỗng", "question": "  "},
        {"id": "thiếu"},
    ]
    file.write_text("\n".join(json.dumps(r) for r in rows) + "\n\n{hỏng\n", encoding="utf-8")
    out = hoibao("ask", "--batch", str(file), "--json", "--index", index)
    lines = [json.loads(line) for line in out.stdout.splitlines()]
    assert [line["id"] for line in lines] == ["b", 7, "rỗng", "thiếu", None]
    assert lines[1]["resolved_question"].startswith("Ai là Khối trưởng")
    assert all("error" in line for line in lines[2:])
    assert out.returncode == 1
    found = hoibao("search", "--batch", str(file), "-k", "2", "--json", "--index", index).stdout
    assert [len(json.loads(line).get("hits", [])) for line in found.splitlines()] == [2, 2, 0, 0, 0]


def test_build_and_status_tell_what_there_is(index: str) -> None:
    built = json.loads(hoibao("build", "--json", "--index", index).stdout)
    assert (built["added"], built["embedded"], built["failures"]) == (0, 0, [])
    status = json.loads(hoibao("status", "--json", "--index", index).stdout)
    assert status["articles"] == built["articles"] >= 40
    assert status["stale"] == 0
    assert status["archive"] == str(SAMPLE_ARCHIVE)
    assert "Dựng lần cuối" in hoibao("status", "--index", index).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["ask", ""], 1, "chưa nhập câu hỏi"),
        (["ask"], 1, "Thiếu câu hỏi"),
        (["ask", "a" * 20_000], 1, "quá giới hạn"),
        (["article", "khong-co.txt"], 1, "Không có bài"),
        (["search", "gì", "-k", "0"], 2, "không nhận giá trị"),
        (["search", "--batch", "khong-co.jsonl"], 1, "Không đọc được tệp câu hỏi"),
        (["bay"], 2, "không có lệnh 'bay'"),
        (["status", "--thua"], 2, "không hiểu --thua"),
        (["build", "--archive", "/khong/co"], 1, "Không có thư mục bài viết"),
    ],
)
def test_mistakes_get_a_clear_message(
    index: str, arguments: list[str], code: int, message: str
) -> None:
    place = [] if code == 2 or arguments[0] == "build" else ["--index", index]
    out = hoibao(*arguments, *place)
    assert out.returncode == code
    assert message in out.stderr
    assert "Traceback" not in out.stderr


def test_an_empty_archive_is_built_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "kho").mkdir()
    place = ["--archive", str(tmp_path / "kho"), "--index", str(tmp_path / "i")]
    built = hoibao("build", *place)
    assert built.returncode == 0
    assert "chưa có bài nào đọc được" in built.stdout
    assert "Không tìm thấy" in hoibao("ask", "Có gì mới?", *place).stdout


def test_status_before_any_build_says_what_to_do(tmp_path: Path) -> None:
    out = hoibao("status", "--index", str(tmp_path / "i"))
    assert out.returncode == 1
    assert "hoibao build" in out.stderr
    assert not (tmp_path / "i").exists()


def test_a_broken_file_is_named_and_the_exit_code_says_so(tmp_path: Path) -> None:
    archive = tmp_path / "kho"
    archive.mkdir()
    (archive / "tot.txt").write_text("Tin tốt\n\nTrời đẹp suốt cả tuần ở Đà Lạt.", encoding="utf-8")
    (archive / "hong.html").write_bytes(b"\x89PNG\x00\x00")
    out = hoibao("build", "--archive", str(archive), "--index", str(tmp_path / "i"))
    assert out.returncode == 3
    assert "hong.html: " in out.stdout
    assert "Thêm 1 bài" in out.stdout
