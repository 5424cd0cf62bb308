"""One writer: a lock of the operating system, and a note that says who holds it.

The lock ends with its process, however that ends; the note only explains. One that was left behind
by a process that is gone blocks nobody.
"""

import contextlib
import datetime as dt
import getpass
import json
import os
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import IndexError_

_NOTE = "lock.json"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who writes: process, machine, user, and since when (ISO, UTC)."""

    pid: int
    host: str
    user: str
    since: str

    def __str__(self) -> str:
        since = dt.datetime.fromisoformat(self.since).astimezone()
        return (
            f"tiến trình {self.pid} của {self.user} trên máy {self.host}, "
            f"từ {since:%H:%M:%S ngày %d/%m/%Y}"
        )


class Locked(IndexError_):
    """Another process is writing."""


@contextlib.contextmanager
def write_lock(folder: Path, wait: float = 1.0) -> Iterator[None]:
    """Only one writer. Raises Locked after ``wait`` seconds, IndexError_ when nothing can be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "lock", timeout=wait)
        lock.acquire()
    except Timeout as error:
        who = holder(folder)
        raise Locked(
            f"Một lần dựng chỉ mục khác đang chạy trên “{folder}”"
            f"{f' ({who})' if who else ''}. Hãy đợi nó xong rồi chạy lại; các câu hỏi vẫn được trả lời."
        ) from error
    except OSError as error:
        raise IndexError_(
            f"Không ghi được vào thư mục chỉ mục “{folder}”: {error.strerror or error}. "
            "Hãy chọn nơi khác bằng --index."
        ) from error
    note = folder / _NOTE
    try:
        with contextlib.suppress(OSError):  # a full disk must not hide what fails next
            note.write_text(json.dumps(asdict(_me())), encoding="utf-8")
        yield
    finally:
        with contextlib.suppress(OSError):
            note.unlink()
        lock.release()


def holder(folder: Path) -> Holder | None:
    """Who says to hold the lock; true only while it is held."""
    try:
        found = Holder(**json.loads((folder / _NOTE).read_text(encoding="utf-8")))
        dt.datetime.fromisoformat(found.since)
    except (OSError, ValueError, TypeError):
        return None
    return found


def writer(folder: Path) -> Holder | None:
    """Who is writing now, or none."""
    found = holder(folder)
    if found is None or not (folder / "lock").is_file():
        return None
    try:
        with FileLock(folder / "lock", timeout=0):
            return None
    except Timeout:
        return found
    except OSError:
        return None


def _me() -> Holder:
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container's user without a name
        user = str(os.getuid()) if hasattr(os, "getuid") else "?"
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return Holder(os.getpid(), socket.gethostname(), user, now)
