"""Who is signed in: sessions in SQLite, so that they survive a restart. Only hashes of tokens are kept."""

import secrets
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

from assistant.server.users import digest
from corpus.errors import UserError

LASTS = 14 * 24 * 3600  # seconds
_FILE = "sessions.sqlite3"
_SCHEMA = """CREATE TABLE IF NOT EXISTS sessions (
    token TEXT PRIMARY KEY, account TEXT NOT NULL, credential TEXT NOT NULL, expires REAL NOT NULL
) STRICT"""


class Sessions:
    """The sessions of one server; safe to share between threads."""

    def __init__(self, state: Path, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._lock = threading.Lock()
        try:
            state.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = state / _FILE
            file.touch(mode=0o600)
            self._db = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise UserError(
                f"Không ghi được vào “{state}” ({error}). Hãy chọn thư mục khác bằng HOIBAO_STATE."
            ) from error

    def begin(self, account: str, credential: str) -> str:
        """A new session's token. ``credential`` changes with the account's password."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._db.execute("DELETE FROM sessions WHERE expires <= ?", [self._now()])
            row = [digest(token), account, credential, self._now() + LASTS]
            self._db.execute("INSERT INTO sessions VALUES (?, ?, ?, ?)", row)
        return token

    def find(self, token: str) -> tuple[str, str] | None:
        """``(account, credential)`` of a session that has not ended."""
        with self._lock:
            found: tuple[str, str] | None = self._db.execute(
                "SELECT account, credential FROM sessions WHERE token = ? AND expires > ?",
                [digest(token), self._now()],
            ).fetchone()
        return found

    def end(self, token: str) -> None:
        """Sign out."""
        with self._lock:
            self._db.execute("DELETE FROM sessions WHERE token = ?", [digest(token)])

    def close(self) -> None:
        """Release the file."""
        self._db.close()
