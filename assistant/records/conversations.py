"""Conversations: questions and the answers they got, each conversation one person's own."""

import datetime as dt
import secrets
import sqlite3
from dataclasses import dataclass

from assistant.records.database import Database, RecordsError
from assistant.records.kept import Kept, from_json, to_json

LISTED = 200  # conversations shown of one owner
MAX_TITLE = 80  # characters
_UNDONE = dt.timedelta(days=1)  # a deleted conversation can come back for so long


@dataclass(frozen=True, slots=True)
class Entry:
    """A conversation in the list; ``changed`` is ISO, UTC."""

    id: str
    title: str
    changed: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One question; ``answer`` is None where it was stopped, or is still being answered."""

    id: str
    question: str
    asked: str
    answer: Kept | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation with its turns, oldest first."""

    id: str
    title: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Conversations:
    """All of a server's. ``owner`` is who asks; what is another's is as good as absent: RecordsError."""

    database: Database

    def listing(self, owner: str) -> list[Entry]:
        """The owner's own, the last used first."""
        with self.database.transaction() as db:
            rows = db.execute(
                "SELECT id, title, changed FROM conversations WHERE owner = ? AND deleted IS NULL"
                " ORDER BY changed DESC, id LIMIT ?",
                (owner, LISTED),
            )
            return [Entry(*row) for row in rows]

    def read(self, owner: str, id: str) -> Conversation:
        """One of the owner's own. Raises RecordsError."""
        with self.database.transaction() as db:
            title = _owned(db, owner, id)
            rows = db.execute(
                "SELECT t.id, t.question, t.asked, t.answer FROM turns t"
                " JOIN conversations c ON c.id = t.conversation"
                " WHERE c.id = ? AND c.owner = ? ORDER BY t.number",
                (id, owner),
            ).fetchall()
        return Conversation(id, title, tuple(_turn(row) for row in rows))

    def turn(self, owner: str, id: str) -> Turn:
        """One question of the owner's own. Raises RecordsError."""
        with self.database.transaction() as db:
            row = db.execute(
                "SELECT t.id, t.question, t.asked, t.answer FROM turns t"
                " JOIN conversations c ON c.id = t.conversation"
                " WHERE t.id = ? AND c.owner = ? AND c.deleted IS NULL",
                (id, owner),
            ).fetchone()
        if row is None:
            raise RecordsError("Không có câu hỏi ấy trong các cuộc trò chuyện của bạn.")
        return _turn(row)

    def last(self, owner: str) -> str:
        """The id of the conversation used last; empty when there is none."""
        found = self.listing(owner)
        return found[0].id if found else ""

    def start(self, owner: str, question: str) -> str:
        """A new conversation, named by its first question; gives its id."""
        id, now = secrets.token_urlsafe(12), _now()
        with self.database.transaction() as db:
            db.execute("DELETE FROM conversations WHERE deleted < ?", (_before(_UNDONE),))
            db.execute(
                "INSERT INTO conversations VALUES (?, ?, ?, ?, NULL)",
                (id, owner, _title(question), now),
            )
        return id

    def ask(self, owner: str, id: str, question: str) -> str:
        """Add a question without an answer; gives the turn's id. Raises RecordsError."""
        turn = secrets.token_urlsafe(12)
        with self.database.transaction() as db:
            db.execute("BEGIN IMMEDIATE")
            _owned(db, owner, id)
            number = db.execute(
                "SELECT 1 + coalesce(max(number), 0) FROM turns WHERE conversation = ?", (id,)
            ).fetchone()[0]
            db.execute(
                "INSERT INTO turns VALUES (?, ?, ?, ?, ?, NULL)",
                (turn, id, number, question, _now()),
            )
            db.execute("UPDATE conversations SET changed = ? WHERE id = ?", (_now(), id))
        return turn

    def answer(self, owner: str, turn: str, answer: Kept | None) -> None:
        """Keep the answer of a question, or take it back. Raises RecordsError."""
        with self.database.transaction() as db:
            changed = db.execute(
                "UPDATE turns SET answer = ? WHERE id = ? AND conversation IN"
                " (SELECT id FROM conversations WHERE owner = ? AND deleted IS NULL)",
                (to_json(answer) if answer else None, turn, owner),
            )
            if not changed.rowcount:
                raise RecordsError("Cuộc trò chuyện này đã bị xóa, nên câu trả lời không được giữ.")

    def rename(self, owner: str, id: str, title: str) -> str:
        """Give a new name; gives the name as kept. Raises RecordsError for an empty one."""
        title = _title(title)
        if not title:
            raise RecordsError("Tên cuộc trò chuyện không được để trống.")
        self._change(owner, id, "title = ?", title, "deleted IS NULL")
        return title

    def delete(self, owner: str, id: str) -> str:
        """Put aside for a day, then for good; gives the title. Raises RecordsError."""
        with self.database.transaction() as db:
            title = _owned(db, owner, id)
        self._change(owner, id, "deleted = ?", _now(), "deleted IS NULL")
        return title

    def restore(self, owner: str, id: str) -> None:
        """Undo ``delete``. Raises RecordsError when it is too late."""
        self._change(owner, id, "deleted = ?", None, "deleted IS NOT NULL")

    def _change(self, owner: str, id: str, what: str, value: str | None, where: str) -> None:
        with self.database.transaction() as db:
            changed = db.execute(
                f"UPDATE conversations SET {what} WHERE id = ? AND owner = ? AND {where}",
                (value, id, owner),
            )
            if not changed.rowcount:
                raise _missing()


def _owned(db: sqlite3.Connection, owner: str, id: str) -> str:
    """The title of the owner's own conversation."""
    row = db.execute(
        "SELECT title FROM conversations WHERE id = ? AND owner = ? AND deleted IS NULL",
        (id, owner),
    ).fetchone()
    if row is None:
        raise _missing()
    return str(row["title"])


def _missing() -> RecordsError:
    return RecordsError("Không có cuộc trò chuyện này, hoặc nó đã bị xóa.")


def _turn(row: sqlite3.Row) -> Turn:
    try:
        answer = from_json(row["answer"]) if row["answer"] else None
    except (ValueError, TypeError, KeyError):  # of another version: it can be asked again
        answer = None
    return Turn(row["id"], row["question"], row["asked"], answer)


def _title(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MAX_TITLE else text[: MAX_TITLE - 1].rstrip() + "…"


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def _before(span: dt.timedelta) -> str:
    return (dt.datetime.now(dt.UTC) - span).isoformat(timespec="milliseconds")


__all__ = ["Conversation", "Conversations", "Entry", "Turn"]
