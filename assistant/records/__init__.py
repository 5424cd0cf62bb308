"""What people did with the page, kept in one SQLite file: conversations and feedback.

Everything has an owner, and every statement names it: nobody reads or changes what is another's.
"""

from dataclasses import dataclass
from pathlib import Path

from assistant.records.conversations import Conversations
from assistant.records.database import Database
from assistant.records.feedback import Feedback

_FILE = "records.sqlite3"


@dataclass(frozen=True, slots=True)
class Records:
    """The conversations and the feedback of one server."""

    conversations: Conversations
    feedback: Feedback


def open_records(state: Path) -> Records:
    """Those kept in the folder ``state``; made there at the first use.

    Raises RecordsError when the file is of a newer version, or cannot be written.
    """
    database = Database(state / _FILE)
    return Records(Conversations(database), Feedback(database))


__all__ = ["Records", "open_records"]
