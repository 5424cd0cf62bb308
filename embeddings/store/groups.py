"""Groups of articles that tell the same story, brought up to date within a transaction.

Adding looks at the articles that share a band; removing may part a group, so what is left of it is
worked out again, once for each group, before the transaction ends.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable

import numpy as np

from embeddings.duplicates import Signature, components, linked

Query = Callable[[str], list[tuple]]  # type: ignore[type-arg]


class Groups:
    """The tables ``signatures``, ``bands`` and ``groups``."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._parted: set[int] = set()  # groups that lost a member in this transaction

    def add(self, article: int, signature: Signature) -> None:
        """Record an article and join it to the groups it belongs to."""
        same = signature.same
        alike = self._db.execute(
            "SELECT s.article FROM signatures s WHERE s.same = ? LIMIT 1", (same,)
        ).fetchall()
        bands = signature.bands
        joins = {alike[0][0]} if alike else self._similar(signature, bands)
        self._db.execute(
            "INSERT INTO signatures VALUES (?, ?, ?, ?)",
            (article, same, signature.minima.tobytes(), signature.numbers.tobytes()),
        )
        rows = [(band, article) for band in sorted(set(bands))]
        self._db.executemany("INSERT INTO bands VALUES (?, ?)", rows)
        if joins:
            self._join({article, *joins})

    def remove(self, article: int) -> None:
        """Forget an article; its group is parted by ``settle``."""
        group = self._group_of(article)
        if group is not None:
            self._parted.add(group)
        for signature in self._signatures([article]).values():
            rows = [(band, article) for band in set(signature.bands)]
            self._db.executemany("DELETE FROM bands WHERE band = ? AND article = ?", rows)
        for table in ("signatures", "groups"):
            self._db.execute(f"DELETE FROM {table} WHERE article = ?", (article,))

    def settle(self) -> None:
        """Part the groups that lost a member. Called before the transaction ends."""
        for group in sorted(self._parted):
            members = self._members(group)
            self._db.execute('DELETE FROM groups WHERE "group" = ?', (group,))
            for part in components(self._signatures(members)):
                self._put(part[0], part)
        self._parted.clear()

    def forget(self) -> None:
        """The transaction was taken back."""
        self._parted.clear()

    def clear(self) -> None:
        """Forget everything, to be added again."""
        for table in ("signatures", "bands", "groups"):
            self._db.execute(f"DELETE FROM {table}")

    def _signatures(self, articles: Iterable[int]) -> dict[int, Signature]:
        rows = [
            row
            for article in articles
            for row in self._db.execute(
                "SELECT article, minima, numbers FROM signatures WHERE article = ?", (article,)
            )
        ]
        return {number: _signature(minima, numbers) for number, minima, numbers in rows}

    def _similar(self, signature: Signature, bands: list[int]) -> set[int]:
        """Articles linked to a new one; of each group that is linked, one is enough."""
        rows = self._db.execute(
            'SELECT s.article, s.minima, s.numbers, g."group" FROM signatures s '
            "LEFT JOIN groups g ON g.article = s.article WHERE s.article IN "
            f"(SELECT article FROM bands WHERE band IN ({', '.join('?' * len(bands))})) "
            "ORDER BY s.article",
            bands,
        ).fetchall()
        found = linked(signature, [_signature(row[1], row[2]) for row in rows])
        return {row[0] for row, link in zip(rows, found, strict=True) if link}

    def _join(self, articles: set[int]) -> None:
        groups = {g for g in map(self._group_of, articles) if g is not None}
        members = (
            articles.union(*(self._members(g) for g in groups)) if len(groups) > 1 else articles
        )
        group = min(groups) if groups else min(articles)
        if self._parted & groups:
            self._parted = (self._parted - groups) | {group}
        self._put(group, sorted(members))

    def _put(self, group: int, members: list[int]) -> None:
        rows = [(member, group) for member in members]
        self._db.executemany("INSERT OR REPLACE INTO groups VALUES (?, ?)", rows)

    def _group_of(self, article: int) -> int | None:
        rows = self._db.execute(
            'SELECT "group" FROM groups WHERE article = ?', (article,)
        ).fetchall()
        return int(rows[0][0]) if rows else None

    def _members(self, group: int) -> list[int]:
        rows = self._db.execute('SELECT article FROM groups WHERE "group" = ?', (group,))
        return [int(row[0]) for row in rows]


def read_signatures(query: Query) -> dict[int, Signature]:
    """Every signature by article number."""
    rows = query("SELECT article, minima, numbers FROM signatures")
    return {number: _signature(minima, numbers) for number, minima, numbers in rows}


def read_groups(query: Query) -> list[list[int]]:
    """The article numbers of each group, ascending."""
    members: dict[int, list[int]] = defaultdict(list)
    for article, group in query('SELECT article, "group" FROM groups ORDER BY article'):
        members[group].append(article)
    return list(members.values())


def _signature(minima: bytes, numbers: bytes) -> Signature:
    return Signature(np.frombuffer(minima, np.uint32), np.frombuffer(numbers, np.uint32))
