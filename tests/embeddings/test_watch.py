"""A folder that grows is taken up once it is quiet, and what comes meanwhile is not missed."""

import threading
import time
from pathlib import Path

from embeddings.watch import changes


def test_runs_of_changes_are_one_and_none_is_missed(tmp_path: Path) -> None:
    stop = threading.Event()
    seen: list[int] = []

    def watch() -> None:
        for _ in changes(tmp_path, stop, quiet=0.3):
            seen.append(len(list(tmp_path.rglob("*.txt"))))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        _until(lambda: seen == [0])  # at once, before anything changes
        (tmp_path / "tin").mkdir()
        time.sleep(0.2)
        for n in range(5):
            (tmp_path / "tin" / f"{n}.txt").write_text("Tin", encoding="utf-8")
            time.sleep(0.05)
        _until(lambda: seen[-1] == 5)
        assert len(seen) <= 3
        (tmp_path / "tin/0.txt").unlink()
        _until(lambda: seen[-1] == 4)
        before = len(seen)
        (tmp_path / "tin/1.txt").read_text(encoding="utf-8")
        (tmp_path / ".an").write_text("x", encoding="utf-8")
        time.sleep(0.8)
        assert len(seen) == before, "reading is no change, nor is a hidden file"
    finally:
        stop.set()
        thread.join(5)
    assert not thread.is_alive()


def _until(holds: "object") -> None:
    for _ in range(100):
        if holds():  # type: ignore[operator]
            return
        time.sleep(0.05)
    raise AssertionError("not within five seconds")
