"""The store: SQLite, the truth of the index. Articles, passages, vectors, and a change log.

Every batch of changes is one transaction that raises the generation by one and logs the passage
ids it touched. FAISS and tantivy replay that log; nothing else tells them what changed. Passage
ids count up and are never used again. Readers hold no lock (WAL).
"""

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.archive import Failure
from corpus.article import Article, Passage, PassageKind
from corpus.errors import IndexError_
from embeddings.encoder import Vectors
from embeddings.vectors import Ids

FORMAT = 1
_CHUNK = 10_000  # rows read at once when everything is read
_VARIABLES = 900  # SQLite's old limit on "?" in one statement

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE failures (path TEXT NOT NULL, file TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, path TEXT NOT NULL,
    title TEXT NOT NULL, text TEXT NOT NULL, body_end INTEGER NOT NULL, date TEXT, time TEXT,
    source TEXT NOT NULL, author TEXT NOT NULL, url TEXT NOT NULL, digest TEXT NOT NULL
);
CREATE INDEX articles_by_path ON articles (path);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES articles (number),
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, kind TEXT NOT NULL, key BLOB NOT NULL
);
CREATE INDEX passages_by_article ON passages (article);
CREATE INDEX passages_by_key ON passages (key);
CREATE TABLE vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE changes (generation INTEGER NOT NULL, passage INTEGER NOT NULL);
CREATE INDEX changes_by_generation ON changes (generation);
"""


@dataclass(frozen=True, slots=True)
class FileState:
    """What a file looked like when it was read."""

    size: int
    mtime_ns: int
    sha256: str


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
class Counts:
    """How much the store holds; dates are those of the articles that have one."""

    articles: int
    passages: int
    first_date: dt.date | None
    last_date: dt.date | None


class Store:
    """One SQLite file. Safe to share between threads."""

    def __init__(self, file: Path, *, create: bool = False) -> None:
        """Open ``file``. Raises IndexError_ when it is missing (unless ``create``) or no store."""
        if not create and not file.is_file():
            raise IndexError_(f"Chưa có chỉ mục ở “{file.parent}”. Hãy chạy: hoibao build")
        self._lock = threading.RLock()
        try:
            self._db = sqlite3.connect(
                file, check_same_thread=False, isolation_level=None, timeout=30
            )
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            if not self._rows("SELECT 1 FROM sqlite_master WHERE name = 'meta'"):
                self._create()
        except sqlite3.DatabaseError as error:
            raise IndexError_(
                f"Chỉ mục ở “{file.parent}” bị hỏng hoặc không ghi được ({error}). Kho bài viết vẫn "
                "nguyên vẹn: hãy xóa thư mục chỉ mục rồi chạy: hoibao build"
            ) from error
        if self.meta("format") != str(FORMAT):
            raise IndexError_(
                f"Chỉ mục ở “{file.parent}” có định dạng {self.meta('format')}, bản này cần {FORMAT}. "
                "Hãy xóa thư mục chỉ mục rồi chạy: hoibao build"
            )

    def close(self) -> None:
        """Close the file; the write-ahead log is folded in."""
        self._db.close()

    # Reading

    @property
    def generation(self) -> int:
        """Number of the last committed batch."""
        return int(self.meta("generation") or 0)

    def meta(self, key: str) -> str | None:
        """A named fact about the index, such as ``encoder`` or ``built_at``."""
        rows = self._rows("SELECT value FROM meta WHERE key = ?", key)
        return str(rows[0][0]) if rows else None

    def counts(self) -> Counts:
        """Articles, passages and the range of publication dates."""
        articles, first, last = self._rows("SELECT count(*), min(date), max(date) FROM articles")[0]
        passages = self._rows("SELECT count(*) FROM passages")[0][0]
        return Counts(articles, passages, _date(first), _date(last))

    def files(self) -> dict[str, FileState]:
        """Every file that was read, by path."""
        rows = self._rows("SELECT path, size, mtime_ns, sha256 FROM files")
        return {path: FileState(size, mtime, sha) for path, size, mtime, sha in rows}

    def failures(self) -> list[Failure]:
        """What the last builds could not read, in order of path."""
        return [
            Failure(p, r) for p, r in self._rows("SELECT path, reason FROM failures ORDER BY path")
        ]

    def digests(self, path: str) -> dict[str, str]:
        """Article id → digest of the articles that came from one file."""
        return dict(self._rows("SELECT id, digest FROM articles WHERE path = ?", path))

    def article(self, id: str) -> Article | None:
        """One article by its id."""
        rows = self._rows(f"SELECT {_ARTICLE} FROM articles a WHERE a.id = ?", id)
        return _article(rows[0]) if rows else None

    def article_list(self) -> list[tuple[str, str, dt.date | None, str]]:
        """``(id, title, date, source)`` of every article, newest first, undated last."""
        rows = self._rows("SELECT id, title, date, source FROM articles ORDER BY date DESC, id")
        return [(id, title, _date(date), source) for id, title, date, source in rows]

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """Those of ``ids`` that are still there."""
        found = {}
        for chunk in _chunks(list(ids), _VARIABLES):
            for row in self._rows(
                f'SELECT p.id, p.start, p."end", p.kind, p.key, {_ARTICLE} FROM passages p '
                f"JOIN articles a ON a.number = p.article WHERE p.id IN ({_marks(chunk)})",
                *chunk,
            ):
                article = _article(row[5:])
                text = article.text[row[1] : row[2]]
                kind = PassageKind(row[3])
                found[row[0]] = StoredPassage(row[0], article, row[1], row[2], text, kind, row[4])
        return found

    def passage_ids(self) -> Ids:
        """Ids of all passages, ascending."""
        return np.array([r[0] for r in self._rows("SELECT id FROM passages ORDER BY id")], np.int64)

    def changed_since(self, generation: int) -> list[int]:
        """Passage ids added or removed after ``generation``."""
        sql = "SELECT DISTINCT passage FROM changes WHERE generation > ? ORDER BY passage"
        return [row[0] for row in self._rows(sql, generation)]

    def vectors(self, ids: Iterable[int]) -> Iterator[tuple[Ids, Vectors]]:
        """Ids still there and their ``(n, dimension)`` vectors, in chunks."""
        for chunk in _chunks(list(ids), _VARIABLES):
            rows = self._rows(
                "SELECT p.id, v.vector FROM passages p JOIN vectors v ON v.key = p.key "
                f"WHERE p.id IN ({_marks(chunk)}) ORDER BY p.id",
                *chunk,
            )
            if rows:
                blob = b"".join(row[1] for row in rows)
                matrix = np.frombuffer(blob, np.float16).reshape(len(rows), -1)
                yield np.array([r[0] for r in rows], np.int64), matrix.astype(np.float32)

    def texts(self, ids: Iterable[int]) -> Iterator[tuple[int, str, str]]:
        """``(id, title, text)`` of those of ``ids`` that are still there."""
        for chunk in _chunks(list(ids), _VARIABLES):
            yield from self._rows(
                'SELECT p.id, a.title, substr(a.text, p.start + 1, p."end" - p.start) '
                "FROM passages p JOIN articles a ON a.number = p.article "
                f"WHERE p.id IN ({_marks(chunk)}) ORDER BY p.id",
                *chunk,
            )

    def known_keys(self, keys: Iterable[bytes]) -> set[bytes]:
        """Those of ``keys`` that have a vector already."""
        known: set[bytes] = set()
        for chunk in _chunks(list(keys), _VARIABLES):
            sql = f"SELECT key FROM vectors WHERE key IN ({_marks(chunk)})"
            known.update(row[0] for row in self._rows(sql, *chunk))
        return known

    # Writing: by the build alone, inside a transaction

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def set_meta(self, key: str, value: str) -> None:
        """Record a named fact."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def put_file(self, path: str, state: FileState, failures: list[Failure]) -> None:
        """Record that ``path`` was read, and what of it could not be."""
        row = (path, state.size, state.mtime_ns, state.sha256)
        self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", row)
        self._db.execute("DELETE FROM failures WHERE file = ?", (path,))
        rows = [(f.path, path, f.reason) for f in failures]
        self._db.executemany("INSERT INTO failures VALUES (?, ?, ?)", rows)

    def remove_file(self, path: str) -> None:
        """Forget a file and its failures; its articles are removed one by one."""
        self._db.execute("DELETE FROM files WHERE path = ?", (path,))
        self._db.execute("DELETE FROM failures WHERE file = ?", (path,))

    def put_article(
        self, article: Article, digest: str, passages: list[tuple[Passage, bytes]], generation: int
    ) -> None:
        """Add an article with its passages and their vector keys, in place of an earlier version."""
        self.remove_article(article.id, generation)
        number = self._db.execute(
            "INSERT INTO articles (id, path, title, text, body_end, date, time, source, author, url,"
            " digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (article.id, article.path, article.title, article.text, article.body_end,
             article.date and article.date.isoformat(),
             article.time and article.time.isoformat("minutes"),
             article.source, article.author, article.url, digest),
        ).lastrowid  # fmt: skip
        for passage, key in passages:
            id = self._db.execute(
                'INSERT INTO passages (article, start, "end", kind, key) VALUES (?, ?, ?, ?, ?)',
                (number, passage.start, passage.end, passage.kind, key),
            ).lastrowid
            self._db.execute("INSERT INTO changes VALUES (?, ?)", (generation, id))

    def remove_article(self, id: str, generation: int) -> None:
        """Remove an article, its passages and the vectors nobody else uses."""
        for number, text_id in self._rows(
            "SELECT a.number, p.id FROM articles a LEFT JOIN passages p "
            "ON p.article = a.number WHERE a.id = ?",
            id,
        ):
            if text_id is not None:
                self._db.execute("DELETE FROM passages WHERE id = ?", (text_id,))
                self._db.execute("INSERT INTO changes VALUES (?, ?)", (generation, text_id))
            self._db.execute("DELETE FROM articles WHERE number = ?", (number,))

    def put_vectors(self, vectors: dict[bytes, Vectors]) -> None:
        """Store vectors by key, as float16: half the disk, the same ranking."""
        rows = [(key, vector.astype(np.float16).tobytes()) for key, vector in vectors.items()]
        self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def drop_unused_vectors(self) -> None:
        """Remove the vectors that no passage has any more."""
        self._db.execute("DELETE FROM vectors WHERE key NOT IN (SELECT key FROM passages)")

    def _create(self) -> None:
        with self.transaction():
            for statement in _TABLES.split(";\n"):
                self._db.execute(statement)
            self.set_meta("format", str(FORMAT))
            self.set_meta("generation", "0")

    def _rows(self, sql: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        with self._lock:
            return self._db.execute(sql, values).fetchall()


_ARTICLE = "a.id, a.path, a.title, a.text, a.body_end, a.date, a.time, a.source, a.author, a.url"


def _article(row: tuple) -> Article:  # type: ignore[type-arg]
    time = dt.time.fromisoformat(row[6]) if row[6] else None
    id, path, title, text, body_end, date, _, source, author, url = row
    return Article(id, path, title, text, body_end, _date(date), time, source, author, url)


def _date(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def _marks(values: list) -> str:  # type: ignore[type-arg]
    return ", ".join("?" * len(values))


def _chunks(values: list, size: int) -> Iterator[list]:  # type: ignore[type-arg]
    return (values[i : i + size] for i in range(0, len(values), size))
