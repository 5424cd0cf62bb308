"""Every question that may be put to the store. Safe to share between threads."""

from collections.abc import Iterable, Iterator

import numpy as np

from corpus.archive import Failure
from corpus.article import Article
from embeddings.encoder import Vectors
from embeddings.store.connection import uncollected
from embeddings.store.listing import Listing
from embeddings.store.packed import unpack_text
from embeddings.store.values import (
    ARTICLE,
    BEGINS,
    Counts,
    FileState,
    Outline,
    StoredPassage,
    Twin,
    chunks,
    marks,
    to_article,
    to_date,
    to_means,
    to_outlines,
    to_passage,
    to_twins,
    to_vectors,
)
from embeddings.vectors import Ids

_VARIABLES = 900  # SQLite's old limit on "?" in one statement
_STREAMED = 500
_AVERAGED = 100  # articles at a time: each may have hundreds of passages
_TWINS = 20  # other places of publication that are named


class Reader(Listing):
    """One SQLite file, read."""

    _counted: tuple[int, Counts] | None = None

    @property
    def generation(self) -> int:
        """Number of the last committed batch."""
        return self._number("generation")

    @property
    def compacted(self) -> int:
        """The generation up to which the change log is gone; a cache from before it starts anew."""
        return self._number("compacted")

    @property
    def terms(self) -> int:
        """Terms of all passages together; over their number, the mean length that BM25 needs."""
        return self._number("terms")

    def _number(self, key: str) -> int:
        return self._sound(lambda: int(self.meta(key) or 0))

    def meta(self, key: str) -> str | None:
        """A named fact about the index, such as ``encoder`` or ``built_at``."""
        rows = self._rows("SELECT value FROM meta WHERE key = ?", key)
        return str(rows[0][0]) if rows else None

    def counts(self) -> Counts:
        """Articles, passages, groups of the same story and the range of publication dates.

        Counted once a generation: an abstention tells the dates, and counting grows with the archive.
        """
        generation = self.generation
        if self._counted is None or self._counted[0] != generation:
            self._counted = generation, self._count()
        return self._counted[1]

    def _count(self) -> Counts:
        articles, first, last = self._rows("SELECT count(*), min(date), max(date) FROM articles")[0]
        groups = self._rows('SELECT count(DISTINCT "group") FROM groups')[0][0]
        return self._sound(
            lambda: Counts(articles, self.passage_count(), groups, to_date(first), to_date(last))
        )

    def passage_count(self) -> int:
        """How many passages there are."""
        return int(self._rows("SELECT count(*) FROM passages")[0][0])

    def files(self) -> dict[str, FileState]:
        """Every file that was read, by path."""
        with uncollected():
            rows = self._rows("SELECT path, size, mtime_ns, ctime_ns, sha256, settled FROM files")
            return {row[0]: FileState._make(row[1:]) for row in rows}

    def file_count(self) -> int:
        """How many files were read."""
        return int(self._rows("SELECT count(*) FROM files")[0][0])

    def orphans(self) -> list[str]:
        """Paths that articles came from without their file being known: a build was stopped there."""
        if not self.meta("unfinished"):
            return []
        sql = "SELECT DISTINCT path FROM articles WHERE path NOT IN (SELECT path FROM files)"
        return [row[0] for row in self._rows(sql)]

    def failures(self) -> list[Failure]:
        """What the last builds could not read, in order of path."""
        return [
            Failure(p, r) for p, r in self._rows("SELECT path, reason FROM failures ORDER BY path")
        ]

    def digests(self, path: str) -> dict[str, tuple[str, str]]:
        """Article id → digest and content digest of the articles that came from one file."""
        rows = self._rows("SELECT id, digest, content FROM articles WHERE path = ?", path)
        return {id: (digest, content) for id, digest, content in rows}

    def article(self, id: str) -> Article | None:
        """One article by its id."""
        rows = self._rows(f"SELECT {ARTICLE} FROM articles a WHERE a.id = ?", id)
        return self._sound(lambda: to_article(rows[0])) if rows else None

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """Those of ``ids`` that are still there."""
        found = {}
        for chunk in chunks(list(ids), _VARIABLES):
            rows = self._rows(
                'SELECT article, id, start, "end", kind, key FROM passages '
                f"WHERE id IN ({marks(chunk)})",
                *chunk,
            )
            articles = self._articles(rows)
            for number, *row in rows:
                if number in articles:
                    found[row[0]] = self._sound(to_passage, tuple(row), articles[number])
        return found

    def _articles(self, rows: list[tuple]) -> dict[int, Article]:  # type: ignore[type-arg]
        """By number the articles that the first column of ``rows`` names, each read once."""
        numbers = list(dict.fromkeys(row[0] for row in rows))
        sql = f"SELECT a.number, {ARTICLE} FROM articles a WHERE a.number IN ({marks(numbers)})"
        return {n: self._sound(to_article, tuple(row)) for n, *row in self._rows(sql, *numbers)}

    def places(self, ids: Iterable[int]) -> dict[int, tuple[str, int]]:
        """Article id and offset of those of ``ids`` that are still there: an order that no build changes."""
        found: dict[int, tuple[str, int]] = {}
        for chunk in chunks(list(ids), _VARIABLES):
            sql = (
                "SELECT p.id, a.id, p.start FROM passages p JOIN articles a "
                f"ON a.number = p.article WHERE p.id IN ({marks(chunk)})"
            )
            found.update({id: (article, start) for id, article, start in self._rows(sql, *chunk)})
        return found

    def passage_ids(self) -> Ids:
        """Ids of all passages, ascending."""
        return self._ids("SELECT id FROM passages ORDER BY id")

    def sample_ids(self, most: int) -> list[int]:
        """Up to ``most`` passages: the same ones for the same archive, whatever its history.

        Keys are hashes, so the first of them are a random sample that has no memory.
        """
        rows = self._rows(
            "SELECT p.id FROM passages p JOIN articles a ON a.number = p.article WHERE p.key <= "
            f"coalesce((SELECT key FROM passages ORDER BY key LIMIT 1 OFFSET ?), x'{'ff' * 17}') "
            "ORDER BY p.key, a.id, p.start LIMIT ?",
            most - 1,
            most,
        )
        return [row[0] for row in rows]

    def changed(self, after: int, until: int) -> list[int]:
        """Passage ids added or removed after generation ``after``, up to ``until``."""
        rows = self._rows(
            "SELECT DISTINCT passage FROM changes WHERE generation > ? AND generation <= ? "
            "ORDER BY passage",
            after,
            until,
        )
        return [row[0] for row in rows]

    def vectors(self, ids: Iterable[int]) -> Iterator[tuple[Ids, Vectors]]:
        """Ids still there and their ``(n, dimension)`` vectors, in chunks."""
        for chunk in chunks(list(ids), _VARIABLES):
            rows = self._rows(
                "SELECT p.id, v.vector FROM passages p JOIN vectors v ON v.key = p.key "
                f"WHERE p.id IN ({marks(chunk)}) ORDER BY p.id",
                *chunk,
            )
            if rows:
                yield np.array([r[0] for r in rows], np.int64), self._sound(to_vectors, rows)

    def article_ids(self) -> Iterator[str]:
        """Ids of all articles in order, some at a time."""
        sql, last = "SELECT id FROM articles WHERE id > ? ORDER BY id LIMIT ?", ""
        while rows := self._rows(sql, last, _STREAMED):
            yield from (row[0] for row in rows)
            last = rows[-1][0]

    def mean_vectors(self, ids: Iterable[str]) -> Iterator[tuple[list[Outline], Vectors]]:
        """Those articles of ``ids`` that have passages, in the order given, in chunks; and for each the mean
        of its passages' vectors, of unit length: ``(n, dimension)``. Raises Damaged."""
        for chunk in chunks(list(ids), _AVERAGED):
            outlines = self._rows(
                f"SELECT id, title, {BEGINS}, date, source FROM articles a "
                f"WHERE id IN ({marks(chunk)})",
                *chunk,
            )
            rows = self._rows(
                "SELECT a.id, v.vector FROM articles a JOIN passages p ON p.article = a.number "
                f"JOIN vectors v ON v.key = p.key WHERE a.id IN ({marks(chunk)}) ORDER BY a.id, p.start",
                *chunk,
            )
            means = self._sound(to_means, rows)
            known = {o.id: o for o in self._sound(to_outlines, outlines) if o.id in means}
            found = [id for id in chunk if id in known]
            if found:
                yield [known[id] for id in found], np.stack([means[id] for id in found])

    def texts(self, ids: Iterable[int]) -> Iterator[tuple[int, str, str]]:
        """``(id, title, text)`` of those of ``ids`` that are still there."""
        for chunk in chunks(list(ids), _VARIABLES):
            rows = self._rows(
                f'SELECT article, id, start, "end" FROM passages WHERE id IN ({marks(chunk)}) '
                "ORDER BY id",
                *chunk,
            )
            numbers = list(dict.fromkeys(row[0] for row in rows))
            sql = f"SELECT number, title, text FROM articles WHERE number IN ({marks(numbers)})"
            articles = {
                number: (title, self._sound(unpack_text, text))
                for number, title, text in self._rows(sql, *numbers)
            }
            for number, id, start, end in rows:
                if number in articles:
                    title, text = articles[number]
                    yield id, title, text[start:end]

    def facts(self, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
        """Day of publication (ISO, or "") and source of those of ``ids`` that are still there."""
        found: dict[int, tuple[str, str]] = {}
        for chunk in chunks(list(ids), _VARIABLES):
            sql = (
                "SELECT p.id, coalesce(a.date, ''), a.source FROM passages p JOIN articles a "
                f"ON a.number = p.article WHERE p.id IN ({marks(chunk)})"
            )
            found.update({id: (day, source) for id, day, source in self._rows(sql, *chunk)})
        return found

    def known_keys(self, keys: Iterable[bytes]) -> set[bytes]:
        """Those of ``keys`` that have a vector already."""
        known: set[bytes] = set()
        for chunk in chunks(list(keys), _VARIABLES):
            sql = f"SELECT key FROM vectors WHERE key IN ({marks(chunk)})"
            known.update(row[0] for row in self._rows(sql, *chunk))
        return known

    def duplicates(self, article_ids: Iterable[str]) -> dict[str, list[Twin]]:
        """For each article that is one of several with the same story: the whole group, itself included.

        The first stands for the group: the earliest dated, then by id. At most 20 are named.
        """
        found = {}
        for id in self._grouped(list(dict.fromkeys(article_ids))):
            rows = self._rows(
                f"SELECT a.id, a.title, {BEGINS}, a.date, a.source FROM articles b "
                "JOIN groups g ON g.article = b.number "
                'JOIN groups h ON h."group" = g."group" JOIN articles a ON a.number = h.article '
                "WHERE b.id = ? ORDER BY a.date IS NULL, a.date, a.id LIMIT ?",
                id,
                _TWINS + 1,
            )
            if rows:
                found[id] = self._sound(to_twins, rows)
        return found

    def _grouped(self, article_ids: list[str]) -> Iterator[str]:
        """Those articles that are of a group: most are of none, and all are asked about at once."""
        for chunk in chunks(article_ids, _VARIABLES):
            sql = (
                "SELECT a.id FROM articles a JOIN groups g ON g.article = a.number "
                f"WHERE a.id IN ({marks(chunk)})"
            )
            there = {row[0] for row in self._rows(sql, *chunk)}
            yield from (id for id in chunk if id in there)
