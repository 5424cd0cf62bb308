"""What is read out of the store, and rows turned into it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.article import Article, PassageKind


@dataclass(frozen=True, slots=True)
class FileState:
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
class Counts:
    """How much the store holds; dates are those of the articles that have one."""

    articles: int
    passages: int
    groups: int
    first_date: dt.date | None
    last_date: dt.date | None


ARTICLE = "a.id, a.path, a.title, a.text, a.body_end, a.date, a.time, a.source, a.author, a.url"


def to_article(row: tuple) -> Article:  # type: ignore[type-arg]
    """The columns ARTICLE as an Article."""
    time = dt.time.fromisoformat(row[6]) if row[6] else None
    id, path, title, text, body_end, date, _, source, author, url = row
    return Article(id, path, title, text, body_end, to_date(date), time, source, author, url)


def to_date(value: str | None) -> dt.date | None:
    """An ISO date, or none."""
    return dt.date.fromisoformat(value) if value else None


def marks(values: list) -> str:  # type: ignore[type-arg]
    """As many ``?`` as there are values."""
    return ", ".join("?" * len(values))


def chunks(values: list, size: int) -> Iterator[list]:  # type: ignore[type-arg]
    """``values`` in runs of at most ``size``."""
    return (values[i : i + size] for i in range(0, len(values), size))
