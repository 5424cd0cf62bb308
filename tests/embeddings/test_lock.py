"""One writer, told by name; a note left behind by a process that is gone blocks nobody."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from assistant.service import Assistant
from corpus.errors import IndexError_
from embeddings.lock import Locked, holder, write_lock, writer
from tests.embeddings.news import fill

_HOLD = (
    "import sys; from pathlib import Path; from embeddings.lock import write_lock\n"
    "with write_lock(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
)


@pytest.fixture
def other(tmp_path: Path) -> "subprocess.Popen[str]":
    """Another process that holds the lock on ``index``."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path / "index")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(Path.cwd())},
    )  # fmt: skip
    assert process.stdout and process.stdout.readline() == "held\n"
    yield process  # type: ignore[misc]
    process.kill()
    process.communicate()


def test_a_second_writer_is_told_who_and_since_when(
    assistant: Assistant, archive: Path, other: "subprocess.Popen[str]"
) -> None:
    fill(archive, range(1))
    with pytest.raises(Locked, match=rf"tiến trình {other.pid} của \S+ trên máy \S+, từ \d\d:\d\d"):
        assistant.build()
    found = writer(assistant.settings.index)
    assert found and found.pid == other.pid
    other.kill()  # as hard as it gets: its note stays behind
    other.wait()
    assert holder(assistant.settings.index)
    assert writer(assistant.settings.index) is None
    assert assistant.build().articles == 1
    assert holder(assistant.settings.index) is None


@pytest.mark.parametrize(
    "note",
    ["", "{", '{"pid": 1}', json.dumps({"pid": 1, "host": "a", "user": "b", "since": "hôm qua"})],
)
def test_a_broken_note_is_no_note(tmp_path: Path, note: str) -> None:
    (tmp_path / "lock.json").write_text(note, encoding="utf-8")
    assert holder(tmp_path) is None
    with write_lock(tmp_path):
        assert holder(tmp_path)


def test_questions_are_answered_while_another_writes(
    assistant: Assistant, archive: Path, tmp_path: Path
) -> None:
    fill(archive, range(3))
    assistant.build()
    assistant.close()
    with write_lock(assistant.settings.index):
        assert assistant.search("nông dân")
        assert assistant.status().writer.startswith(f"tiến trình {os.getpid()}")


def test_two_builds_at_once_make_one_index(assistant: Assistant, archive: Path) -> None:
    fill(archive, range(30))
    results: list[object] = []

    def run() -> None:
        try:
            results.append(Assistant(assistant.settings).build().articles)
        except IndexError_ as error:
            results.append(str(error))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 30 in results
    assert all(r == 30 or "đang chạy" in str(r) for r in results)
    assert assistant.status().articles == 30
