"""Lists of articles: by day of publication and source, and how many there are of each."""

import datetime as dt
from collections.abc import Iterable

from embeddings.store.connection import Connection
from embeddings.store.values import BEGINS, Outline, articles_where, to_outlines
from embeddings.vectors import Ids


class Listing(Connection):
    """What there is in the store, without the texts."""

    def article_list(self, most: int = -1) -> list[tuple[str, str, dt.date | None, str]]:
        """``(id, headline, date, source)`` of articles, newest first, undated last."""
        rows = self._rows(
            f"SELECT id, title, {BEGINS}, date, source FROM articles a "
            "ORDER BY date DESC, id LIMIT ?",
            most,
        )
        return [(o.id, o.title, o.date, o.source) for o in self._sound(to_outlines, rows)]

    def selected_ids(
        self, first: dt.date | None, last: dt.date | None, sources: Iterable[str]
    ) -> Ids:
        """Ids of the passages of articles published from ``first`` to ``last``, both inclusive, by one of
        ``sources``, ascending; None and an empty collection restrict nothing."""
        where, values = articles_where(first, last, sources)
        return self._ids(
            "SELECT p.id FROM articles a JOIN passages p ON p.article = a.number "
            f"WHERE {where} ORDER BY p.id",
            *values,
        )

    def sources(self) -> list[tuple[str, int]]:
        """``(source, articles)``, most articles first, then by name; "" for articles without one."""
        rows = self._rows(
            "SELECT source, count(*) FROM articles GROUP BY source ORDER BY count(*) DESC, source"
        )
        return [(str(source), int(count)) for source, count in rows]

    def months(self) -> list[tuple[str, int]]:
        """``("2022-10", articles)`` in order of time; "" for articles without a date."""
        rows = self._rows(
            "SELECT coalesce(substr(date, 1, 7), ''), count(*) FROM articles GROUP BY 1 ORDER BY 1"
        )
        return [(str(month), int(count)) for month, count in rows]

    def article_count(
        self, first: dt.date | None, last: dt.date | None, sources: Iterable[str]
    ) -> int:
        """How many articles are of that time and those sources."""
        where, values = articles_where(first, last, sources)
        return int(self._rows(f"SELECT count(*) FROM articles a WHERE {where}", *values)[0][0])

    def outlines(
        self,
        first: dt.date | None = None,
        last: dt.date | None = None,
        sources: Iterable[str] = (),
        start: int = 0,
        most: int = -1,
    ) -> list[Outline]:
        """Articles of that time and those sources, newest first, undated last, then by id."""
        where, values = articles_where(first, last, sources)
        rows = self._rows(
            f"SELECT a.id, a.title, {BEGINS}, a.date, a.source FROM articles a "
            f"WHERE {where} ORDER BY a.date DESC, a.id LIMIT ? OFFSET ?",
            *values, most, start,
        )  # fmt: skip
        return self._sound(to_outlines, rows)
