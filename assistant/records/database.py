"""The SQLite file: its schema, its version, and short transactions on it."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import UserError

VERSION = 1
_WAITS = 20  # seconds for another writer
_SCHEMA = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL,
    changed TEXT NOT NULL, deleted TEXT
) STRICT;
CREATE INDEX of_owner ON conversations (owner, changed);
CREATE TABLE turns (
    id TEXT PRIMARY KEY,
    conversation TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
    number INTEGER NOT NULL, question TEXT NOT NULL, asked TEXT NOT NULL, answer TEXT,
    UNIQUE (conversation, number)
) STRICT;
CREATE TABLE feedback (
    id INTEGER PRIMARY KEY, owner TEXT NOT NULL, turn TEXT NOT NULL, at TEXT NOT NULL,
    good INTEGER NOT NULL, reasons TEXT NOT NULL, comment TEXT NOT NULL,
    question TEXT NOT NULL, answer TEXT NOT NULL, evidence TEXT NOT NULL,
    generation INTEGER NOT NULL, confidence REAL NOT NULL,
    UNIQUE (owner, turn)
) STRICT;
CREATE INDEX by_time ON feedback (at);
"""


class RecordsError(UserError):
    """What the server keeps cannot be read or written, or is not there."""


@dataclass(frozen=True, slots=True)
class Database:
    """One file; a connection is opened for each transaction, so any thread may come."""

    file: Path
    _ready: threading.Event = field(default_factory=threading.Event)
    _making: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are all kept, or none. Raises RecordsError."""
        try:
            self._prepare()
            connection = self._connect()
            try:
                with connection:
                    yield connection
            finally:
                connection.close()
        except (sqlite3.Error, OSError) as error:
            raise RecordsError(
                f"Không đọc hay ghi được “{self.file}” ({error}). Hãy xem ổ đĩa còn chỗ không và "
                "chương trình có quyền ghi ở đó không; có thể chọn thư mục khác bằng HOIBAO_STATE."
            ) from error

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.file, timeout=_WAITS)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    def _prepare(self) -> None:
        if self._ready.is_set():
            return
        with self._making:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self.file.touch(mode=0o600)
            connection = self._connect()
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                _make(connection, self.file)
            finally:
                connection.close()
            self._ready.set()


def _make(connection: sqlite3.Connection, file: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise RecordsError(
            f"“{file}” do một bản Hỏi Báo mới hơn ghi (định dạng {version}; bản này đọc đến {VERSION}). "
            "Hãy cập nhật Hỏi Báo, hoặc chọn thư mục khác bằng HOIBAO_STATE."
        )
    if version == 0:
        for statement in _SCHEMA.split(";\n"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.commit()
