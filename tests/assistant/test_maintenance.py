"""build, status, verify and repair as commands: what they print, their JSON, how they end."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.maintenance import LISTED, build_text, checks_text, status_text
from assistant.service import Assistant
from corpus.archive import Failure
from corpus.progress import Step, duration
from embeddings.changes import BuildReport, Change, Kind
from embeddings.store import packed
from embeddings.verify import Check
from embeddings.versions import store_file
from tests.assistant.test_cli import hoibao
from tests.conftest import Write
from tests.embeddings.news import article, fill


@pytest.fixture
def place(archive: Path, tmp_path: Path) -> list[str]:
    """The options that name the archive and its index."""
    return ["--archive", str(archive), "--index", str(tmp_path / "index")]


def test_build_prints_what_became_of_each_article(
    archive: Path, write: Write, place: list[str]
) -> None:
    for n in range(3):
        write(f"{n}.txt", article(n))
    out = hoibao("build", *place)
    assert "Thêm 3 bài, đổi 0, đổi thông tin 0, chuyển chỗ 0, bỏ 0; 0 tệp không đổi" in out.stdout
    assert "- thêm: 0.txt" in out.stdout
    (archive / "0.txt").rename(archive / "moi.txt")
    (archive / "1.txt").unlink()
    planned = hoibao("build", "--dry-run", *place)
    assert "Sẽ thêm 0 bài" in planned.stdout and "Chưa ghi gì cả" in planned.stdout
    assert "- chuyển chỗ: 0.txt → moi.txt" in planned.stdout
    assert "- bỏ: 1.txt" in planned.stdout
    assert "Có 3 tệp" not in hoibao("status", *place).stdout
    told = hoibao("status", *place).stdout
    assert "Có 2 tệp mới, đổi hoặc mất" in told and "- moi.txt" in told
    report = json.loads(hoibao("build", "--json", *place).stdout)
    assert report["changes"] == [
        {"kind": "moved", "article_id": "moi.txt", "before": "0.txt"},
        {"kind": "removed", "article_id": "1.txt", "before": ""},
    ]
    assert (report["moved"], report["removed"], report["embedded"]) == (1, 1, 0)
    assert "dựng lại từ đầu" in hoibao("build", "--full", *place).stdout


def test_long_lists_are_bounded_and_json_has_all() -> None:
    changes = [Change(Kind.ADDED, f"{n}.txt") for n in range(1000)]
    failures = [Failure(f"h{n}.pdf", "tệp rỗng") for n in range(100)]
    text = build_text(BuildReport(added=1000, changes=changes, failures=failures))
    assert f"… và {1000 - LISTED} bài nữa" in text
    assert f"… và {100 - LISTED} chỗ nữa" in text
    assert text.count("\n") < 3 * LISTED


def test_verify_and_repair_say_what_is_wrong_and_mend_it(
    archive: Path, place: list[str], assistant: Assistant
) -> None:
    fill(archive, range(5))
    missing = hoibao("verify", *place)
    assert missing.returncode == 1 and "hoibao build" in missing.stderr
    assistant.build()
    assistant.close()
    sound = hoibao("verify", *place)
    assert sound.returncode == 0 and "Chỉ mục toàn vẹn." in sound.stdout
    vectors = next(store_file(assistant.settings.index).parent.glob("vectors-*"))
    vectors.write_bytes(vectors.read_bytes()[:-9])
    broken = hoibao("verify", *place)
    assert broken.returncode == 1
    assert "SAI  Chỉ mục vectơ (FAISS)" in broken.stdout
    assert "Hãy chạy: hoibao repair" in broken.stdout
    told = json.loads(hoibao("verify", "--json", *place).stdout)
    assert told["ok"] is False
    assert [c["name"] for c in told["checks"] if not c["ok"]] == ["Chỉ mục vectơ (FAISS)"]
    mended = hoibao("repair", *place)
    assert mended.returncode == 0
    assert "Ghi lại chỉ mục vectơ" in mended.stdout
    again = json.loads(hoibao("repair", "--json", *place).stdout)
    assert (again["ok"], again["actions"], again["build"]) == (True, [], None)


def test_an_article_damaged_in_the_store_is_read_again(
    archive: Path, place: list[str], assistant: Assistant
) -> None:
    import sqlite3

    fill(archive, range(3))
    assistant.build()
    assistant.close()
    with sqlite3.connect(store_file(assistant.settings.index)) as db:
        (blob,) = db.execute("SELECT text FROM articles WHERE number = 1").fetchone()
        false = packed.pack_text(packed.unpack_text(blob) + " bịa thêm")
        db.execute("UPDATE articles SET text = ? WHERE number = 1", (false,))
    db.close()
    assert "tin/00000.txt: nội dung không khớp" in hoibao("verify", *place).stdout
    assert "Đọc lại 1 bài hỏng từ kho" in hoibao("repair", *place).stdout
    assert "bịa thêm" not in assistant.article("tin/00000.txt").text


@pytest.mark.skipif(os.name == "nt", reason="SIGINT")
def test_ctrl_c_keeps_what_is_done(archive: Path, place: list[str], assistant: Assistant) -> None:
    fill(archive, range(400))
    code = (
        "import sys, embeddings.builder as b; b._FIRST_BATCH = b._LARGEST_BATCH = 8\n"
        "import os, signal; from assistant import cli; from embeddings.store import Store\n"
        "put, count = Store.put_article, [0]\n"
        "def put_article(*a):\n"
        "    count[0] += 1\n"
        "    if count[0] == 100: os.kill(os.getpid(), signal.SIGINT)\n"
        "    return put(*a)\n"
        "Store.put_article = put_article\n"
        "sys.exit(cli.main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "build", *place], capture_output=True, encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"}, check=False,
    )  # fmt: skip
    assert done.returncode == 130, done.stderr
    assert "Đang dừng sau mẻ này" in done.stderr
    assert "Chạy lại hoibao build để làm tiếp" in done.stdout
    assert 100 <= assistant.status().articles < 130
    assert assistant.build().articles == 400


@pytest.mark.skipif(os.name == "nt", reason="SIGINT")
def test_watch_takes_up_what_comes_and_ends_with_ctrl_c(
    archive: Path, write: Write, place: list[str], assistant: Assistant
) -> None:
    write("a.txt", article(1))
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant.cli", "build", "--watch", "--json", *place],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert process.stdout
    assert json.loads(process.stdout.readline())["added"] == 1
    write("b.txt", article(2))
    started = time.monotonic()
    assert json.loads(process.stdout.readline())["added"] == 1
    assert time.monotonic() - started < 20
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 0
    assert assistant.status().articles == 2


def test_watch_and_dry_run_exclude_each_other() -> None:
    out = hoibao("build", "--watch", "--dry-run")
    assert out.returncode == 2
    assert "không dùng cùng" in out.stderr


def test_status_tells_of_a_build_that_was_stopped(assistant: Assistant, archive: Path) -> None:
    fill(archive, range(3))
    assistant.build(lambda _: assistant.stop_build())
    text = status_text(assistant.status())
    assert "dở dang" in text or "chưa dựng xong lần nào" in text
    assistant.build()
    assert "dở dang" not in status_text(assistant.status())


def test_checks_name_each_problem_and_the_remedy() -> None:
    check = Check("Vectơ")
    for n in range(50):
        check.wrong(f"vectơ {n}: hỏng")
    text = checks_text([Check("Bài viết"), check])
    assert text.startswith("tốt  Bài viết\nSAI  Vectơ\n     - vectơ 0: hỏng")
    assert "… và 30 lỗi nữa" in text
    assert text.endswith("Hãy chạy: hoibao repair")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 giây"), (89, "89 giây"), (119, "119 giây"), (125, "2 phút"), (150, "3 phút"), (4_810, "1 giờ 20 phút")],
)  # fmt: skip
def test_durations_in_words(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_a_step_in_words() -> None:
    step = Step("Đọc và nhúng bài viết", 120, 2_000, "tệp", 850.2, 130)
    assert str(step) == "Đọc và nhúng bài viết: 120/2.000 tệp · 850 đoạn/giây · còn khoảng 2 phút"
