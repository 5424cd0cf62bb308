"""The audit log: what was asked, on what evidence it was answered, what was changed, who signed in.

JSON lines in ``state/audit/2025-09-06.jsonl`` (days in UTC), one file a day; files older than the days
that are kept are removed when a new one begins.
"""

import datetime as dt
import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.server.users import digest
from assistant.who import Who

_log = logging.getLogger(__name__)


def _utc() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Audit:
    """One server's log; without a ``folder`` nothing is written."""

    def __init__(
        self, folder: Path | None, keep_days: int, now: Callable[[], dt.datetime] = _utc
    ) -> None:
        self._folder, self._keep, self._now = folder, keep_days, now
        self._lock = threading.Lock()
        self._day = ""

    def write(self, event: str, who: Who | None = None, **facts: Any) -> None:
        """One line. A disk that is full is logged once more elsewhere and stops nobody."""
        if self._folder is None:
            return
        at = self._now()
        line = {"at": at.isoformat(timespec="milliseconds"), "event": event}
        line |= {"who": named(who)} if who else {}
        text = json.dumps(line | facts, ensure_ascii=False, default=str)
        with self._lock:
            try:
                self._begin_day(at)
                file = self._folder / f"{self._day}.jsonl"
                file.touch(mode=0o600)
                with file.open("a", encoding="utf-8", errors="replace") as stream:
                    stream.write(text + "\n")
            except OSError as error:
                _log.error("Không ghi được nhật ký ở %s: %s", self._folder, error)

    def _begin_day(self, at: dt.datetime) -> None:
        day = at.date().isoformat()
        if day == self._day or self._folder is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        oldest = (at.date() - dt.timedelta(days=self._keep)).isoformat()
        for file in self._folder.glob("????-??-??.jsonl"):
            if file.stem < oldest:
                file.unlink(missing_ok=True)
        self._day = day


def named(who: Who) -> str:
    """The account's name; without accounts a mark of the browser that opens nothing."""
    return who.name or f"khách-{digest(who.owner)[:8]}"
