"""What readers think of answers: good or not, why, with the question, evidence and index generation."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from assistant.records.database import Database, RecordsError
from assistant.records.kept import Kept

MAX_COMMENT = 2_000  # characters


class Reason(StrEnum):
    """What is wrong with an answer, as shown on the page."""

    SOURCE = "Sai nguồn"
    CONTENT = "Sai nội dung"
    MISSING = "Thiếu"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One reader's view of one answer; ``at`` is ISO, UTC. ``evidence`` are ids: ``article[start:end)``."""

    owner: str
    at: str
    good: bool
    reasons: tuple[Reason, ...]
    comment: str
    question: str
    answer: str
    evidence: tuple[str, ...]
    generation: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Feedback:
    """All of a server's; a reader's later verdict on the same answer takes the place of the earlier."""

    database: Database

    def add(
        self, owner: str, turn: str, answer: Kept, good: bool, reasons: Iterable[str], comment: str
    ) -> None:
        """Keep a verdict. Raises RecordsError for an unknown reason or an overlong comment."""
        known = {r.value for r in Reason}
        chosen = list(dict.fromkeys(reasons))
        if not set(chosen) <= known:
            raise RecordsError(f"Lý do phải là một trong: {', '.join(sorted(known))}.")
        if len(comment) > MAX_COMMENT:
            raise RecordsError(f"Góp ý dài quá {MAX_COMMENT} ký tự. Hãy viết ngắn lại.")
        evidence = [f"{c.article.id}[{c.start}:{c.end})" for c in answer.citations]
        quotes = "\n".join(c.quote for c in answer.citations)
        with self.database.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO feedback (owner, turn, at, good, reasons, comment, question,"
                " answer, evidence, generation, confidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    owner, turn, dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), int(good),
                    json.dumps(chosen, ensure_ascii=False), comment.strip(), answer.resolved, quotes,
                    json.dumps(evidence, ensure_ascii=False), answer.generation, answer.confidence,
                ),
            )  # fmt: skip

    def of_turns(self, owner: str, turns: Iterable[str]) -> dict[str, bool]:
        """Which of these answers the owner called good, or not."""
        wanted = list(turns)
        if not wanted:
            return {}
        with self.database.transaction() as db:
            rows = db.execute(
                "SELECT turn, good FROM feedback WHERE owner = ?"
                f" AND turn IN ({', '.join('?' * len(wanted))})",
                (owner, *wanted),
            ).fetchall()
        return {row["turn"]: bool(row["good"]) for row in rows}

    def listing(self, most: int = 200) -> list[Verdict]:
        """The last ``most`` verdicts of all readers, newest first: for editors to review."""
        with self.database.transaction() as db:
            rows = db.execute(
                "SELECT * FROM feedback ORDER BY at DESC, id DESC LIMIT ?", (most,)
            ).fetchall()
        return [
            Verdict(
                r["owner"], r["at"], bool(r["good"]), tuple(map(Reason, json.loads(r["reasons"]))),
                r["comment"], r["question"], r["answer"], tuple(json.loads(r["evidence"])),
                r["generation"], r["confidence"],
            )
            for r in rows
        ]  # fmt: skip


__all__ = ["Feedback", "Reason", "Verdict"]
