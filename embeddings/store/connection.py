"""One SQLite file, opened for reading and asked under a lock; what cannot be read is Damaged."""

import gc
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np

from embeddings.store.schema import Damaged, open_reader
from embeddings.vectors import Ids

_STREAMED = 500

T = TypeVar("T")


@contextmanager
def uncollected() -> Iterator[None]:
    """While very many small tuples are made, none of them in a cycle: looking for cycles would take longer."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class Connection:
    """Safe to share between threads."""

    def __init__(self, file: Path) -> None:
        """Open ``file``. Raises IndexError_ when it is missing, damaged or of another format."""
        self._open(open_reader(file), file)

    def _open(self, db: sqlite3.Connection, file: Path) -> None:
        self.file = file
        self._db = db
        self._lock = threading.RLock()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __del__(self) -> None:
        if hasattr(self, "_db"):  # a reader that another thread still used when it was replaced
            self._db.close()

    def query(self, sql: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        """Any other question, for verify."""
        return self._rows(sql, *values)

    def stream(self, sql: str) -> Iterator[tuple]:  # type: ignore[type-arg]
        """The rows of a long answer, some at a time."""
        cursor = self._db.execute(sql)
        while rows := cursor.fetchmany(_STREAMED):
            yield from rows

    def _rows(self, sql: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        with self._asked():
            return self._db.execute(sql, values).fetchall()

    def _ids(self, sql: str, *values: object) -> Ids:
        """The first column as ``(n,)``, however long: a list of rows would take twenty times the memory."""
        with self._asked():
            return np.fromiter((row[0] for row in self._db.execute(sql, values)), np.int64)

    @contextmanager
    def _asked(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except sqlite3.DatabaseError as error:
                if _is_damage(error):
                    raise Damaged(self.file, error) from error
                raise

    def _sound(self, make: "Callable[..., T]", *values: object) -> T:
        """What ``make`` makes of stored values; those that are none are damage."""
        try:
            return make(*values)
        except (ValueError, TypeError) as error:
            raise Damaged(self.file, error) from error


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    said = str(error)
    return not isinstance(error, sqlite3.OperationalError) or any(
        sign in said for sign in ("malformed", "decode", "not a database", "no such", "disk I/O")
    )
