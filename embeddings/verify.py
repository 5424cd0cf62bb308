"""Everything against everything: is the index what the store says, and the store what it says of itself?

Reads the version in service and changes nothing. What cannot be looked at because of earlier damage
is left out. Orphaned vectors and a log that the caches have yet to replay are no fault: a build that
was killed leaves them, and the next one takes them up.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from corpus.errors import IndexError_
from corpus.progress import Progress, Step, silent
from embeddings import soundness, versions
from embeddings.findings import Check, Findings
from embeddings.store import Reader


def verify(folder: Path, progress: Progress = silent) -> Findings:
    """Check the index in ``folder``. Raises IndexError_ when there is none."""
    found = Findings()
    current = versions.current(folder)
    if current is None:
        raise IndexError_(f"Chưa có chỉ mục ở “{folder}”. Hãy chạy: hoibao build")
    check = found.begin("Tệp dữ liệu SQLite")
    try:
        store = Reader(versions.store_in(current))
    except IndexError_ as error:
        found.store = True
        check.wrong(str(error).partition(" Hãy")[0].partition(". Kho")[0])
        return found
    steps: list[tuple[str, Callable[[Reader, Findings, Progress], None]]] = [
        ("SQLite", lambda s, f, _: _database(s, f, check)),
        ("thông tin chung", soundness.facts),
        ("bài viết", soundness.articles),
        ("đoạn văn", soundness.passages),
        ("vectơ", soundness.vectors),
        ("bài trùng", soundness.groups),
        ("FAISS", soundness.faiss),
        ("tantivy", soundness.tantivy),
    ]
    try:
        for done, (name, step) in enumerate(steps):
            progress(Step(f"Kiểm tra {name}", done, len(steps), "bước"))
            with _readable(found, check):
                step(store, found, progress)
            if found.store:
                break
    finally:
        store.close()
    return found


@contextlib.contextmanager
def _readable(found: Findings, check: Check) -> Iterator[None]:
    """A page of SQLite that cannot be read is damage of the store, wherever one stumbles over it."""
    try:
        yield
    except (sqlite3.DatabaseError, IndexError_, ValueError, TypeError, OverflowError) as error:
        found.store = True
        check.wrong(f"không đọc được: {error}")


def _database(store: Reader, found: Findings, check: Check) -> None:
    for (said,) in store.query("PRAGMA integrity_check(20)"):
        if said != "ok":
            found.store = True
            check.wrong(f"integrity_check: {said}")
    for table, row, parent, _ in store.query("PRAGMA foreign_key_check"):
        found.store = True
        check.wrong(f"{table} dòng {row} trỏ tới {parent} không có")


__all__ = ["Check", "Findings", "verify"]
