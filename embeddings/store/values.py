"""What is read out of the store, and rows turned into it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from corpus.article import Article, PassageKind, headline
from embeddings.encoder import Vectors
from embeddings.store import packed


class FileState(NamedTuple):  # hundreds of thousands are made at each build
    """What a file looked like when it was read.

    ``settled``: its time stamps were old enough that a later change must show in them. An empty
    ``sha256`` matches nothing: the file changed under the reader's hands.
    """

    size: int
    mtime_ns: int
    ctime_ns: int
    sha256: str
    settled: bool


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with the article it stands in; ``article.text[start:end] == text``."""

    id: int
    article: Article
    start: int
    end: int
    text: str
    kind: PassageKind
    key: bytes


@dataclass(frozen=True, slots=True)
class Twin:
    """Another article that tells the same story: what "cũng đăng tại" names."""

    id: str
    title: str
    date: dt.date | None
    source: str


@dataclass(frozen=True, slots=True)
class Outline:
    """An article without its text; ``title`` is its headline."""

    id: str
    title: str
    date: dt.date | None
    source: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the store holds; dates are those of the articles that have one."""

    articles: int
    passages: int
    groups: int
    first_date: dt.date | None
    last_date: dt.date | None


# An article without a title is shown by how its text begins.
BEGINS = "CASE a.title WHEN '' THEN a.text END"
ARTICLE = "a.id, a.path, a.title, a.text, a.body_end, a.date, a.time, a.source, a.author, a.url"


def to_article(row: tuple) -> Article:  # type: ignore[type-arg]
    """The columns ARTICLE as an Article."""
    time = dt.time.fromisoformat(row[6]) if row[6] else None
    id, path, title, text, body_end, date, _, source, author, url = row
    text = packed.unpack_text(text)
    return Article(id, path, title, text, body_end, to_date(date), time, source, author, url)


def to_date(value: str | None) -> dt.date | None:
    """An ISO date, or none."""
    return dt.date.fromisoformat(value) if value else None


def to_passage(row: tuple, article: Article) -> StoredPassage:  # type: ignore[type-arg]
    """The columns id, start, end, kind and key of a passage of ``article`` as a StoredPassage."""
    id, start, end, kind, key = row
    return StoredPassage(id, article, start, end, article.text[start:end], PassageKind(kind), key)


def to_vectors(rows: list[tuple]) -> Vectors:  # type: ignore[type-arg]
    """Rows with a packed vector in the second column as ``(n, dimension)``. ValueError where they do not fill it."""
    return packed.unpack([row[1] for row in rows])


def to_means(rows: list[tuple]) -> dict[str, Vectors]:  # type: ignore[type-arg]
    """``(article id, vector)``, sorted by id → the direction of each article's mean vector."""
    if not rows:
        return {}
    matrix = to_vectors(rows)
    if not np.isfinite(matrix).all():
        raise ValueError("a vector is not finite")
    starts = [n for n, row in enumerate(rows) if not n or row[0] != rows[n - 1][0]]
    sums = np.add.reduceat(matrix, starts)
    sums /= np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    return {rows[start][0]: mean for start, mean in zip(starts, sums, strict=True)}


def to_outlines(rows: list[tuple]) -> list[Outline]:  # type: ignore[type-arg]
    """The columns id, title, BEGINS, date and source."""
    return [Outline(id, _shown(title, begins), to_date(d), s) for id, title, begins, d, s in rows]


def to_twins(rows: list[tuple]) -> list[Twin]:  # type: ignore[type-arg]
    """The columns id, title, BEGINS, date and source."""
    return [Twin(id, _shown(title, begins), to_date(d), s) for id, title, begins, d, s in rows]


def _shown(title: str, begins: bytes | None) -> str:
    return title if begins is None else headline(title, packed.unpack_text(begins))


def articles_where(
    first: dt.date | None, last: dt.date | None, sources: Iterable[str]
) -> tuple[str, list[str]]:
    """A condition on ``articles a`` and its values: days of publication, inclusive, and sources.

    An article without a date meets no condition on dates.
    """
    parts, values = ["1"], []
    if first:
        parts.append("a.date >= ?")
        values.append(first.isoformat())
    if last:
        parts.append("a.date <= ?")
        values.append(last.isoformat())
    if named := list(sources):
        parts.append(f"a.source IN ({marks(named)})")
        values += named
    return " AND ".join(parts), values


def marks(values: list) -> str:  # type: ignore[type-arg]
    """As many ``?`` as there are values."""
    return ", ".join("?" * len(values))


def chunks(values: list, size: int) -> Iterator[list]:  # type: ignore[type-arg]
    """``values`` in runs of at most ``size``."""
    return (values[i : i + size] for i in range(0, len(values), size))
