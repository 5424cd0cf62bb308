"""What the one writer may change, inside transactions."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from corpus.archive import Failure
from corpus.article import Article, Passage
from embeddings.duplicates import Signature
from embeddings.encoder import Vectors
from embeddings.store import packed
from embeddings.store.groups import Groups
from embeddings.store.reader import Reader
from embeddings.store.schema import open_writer
from embeddings.store.values import FileState


def digest(article: Article) -> str:
    """Of everything an article says, wherever its file is."""
    return _hash(repr(replace(article, id="", path="")))


def content_digest(article: Article) -> str:
    """Of what its passages are made from. While it is the same, a change is one of metadata."""
    text = repr((article.title, article.text, article.body_end))
    return _hash(text)


def _hash(text: str) -> str:
    """128 bits: no two texts of an archive share them by chance."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class Store(Reader):
    """The store for the holder of the write lock."""

    def __init__(self, file: Path) -> None:
        """Open or create ``file``. Raises Damaged, WrongFormat; sqlite3.OperationalError when it cannot be written."""
        self._open(open_writer(file), file)
        self.groups = Groups(self._db)
        self._generation = 0
        self._terms = 0
        self._left: set[bytes] = set()  # keys of removed passages

    @contextmanager
    def transaction(self, *, changes: bool = True) -> Iterator[None]:
        """All or nothing. ``changes``: to the articles, so that the generation goes up by one."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._generation = self.generation + 1
                self._terms = 0
                yield
                self.groups.settle()
                if changes:
                    self.set_meta("generation", str(self._generation))
                if self._terms:
                    self.set_meta("terms", str(self.terms + self._terms))
                self._db.execute("COMMIT")
            except BaseException:
                self.groups.forget()
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def set_meta(self, key: str, value: str) -> None:
        """Record a named fact."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def put_file(self, path: str, state: FileState, failures: list[Failure] | None) -> None:
        """Record that ``path`` was read, and what of it could not be (None: as it was)."""
        row = (path, state.size, state.mtime_ns, state.ctime_ns, state.sha256, state.settled)
        self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)", row)
        if failures is not None:
            self._db.execute("DELETE FROM failures WHERE file = ?", (path,))
            rows = [(f.path, path, f.reason) for f in failures]
            self._db.executemany("INSERT INTO failures VALUES (?, ?, ?)", rows)

    def remove_file(self, path: str) -> None:
        """Forget a file and its failures; its articles are removed one by one."""
        self._db.execute("DELETE FROM files WHERE path = ?", (path,))
        self._db.execute("DELETE FROM failures WHERE file = ?", (path,))

    def put_article(
        self,
        article: Article,
        passages: list[tuple[Passage, bytes, int]],
        signature: Signature | None,
    ) -> None:
        """Add an article with its passages, their vector keys and lengths, in place of an earlier one."""
        self.remove_article(article.id)
        number = self._db.execute(
            "INSERT INTO articles (id, path, title, text, body_end, date, time, source, author, url,"
            " digest, content, passages) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*_columns(article), digest(article), content_digest(article), len(passages)),
        ).lastrowid
        for passage, key, length in passages:
            id = self._db.execute(
                'INSERT INTO passages (article, start, "end", kind, key, length) '
                "VALUES (?, ?, ?, ?, ?, ?)",
                (number, passage.start, passage.end, passage.kind, key, length),
            ).lastrowid
            self._log(id)
            self._terms += length
        if signature is not None and number is not None:
            self.groups.add(number, signature)

    def update_article(self, before: str, article: Article) -> None:
        """Another id, path or metadata for the article ``before``, whose passages stay as they are.

        Those of another day or source are logged: an index that filters by them must hear of it.
        """
        day = article.date and article.date.isoformat()
        for (passage,) in self._rows(
            "SELECT p.id FROM articles a JOIN passages p ON p.article = a.number "
            "WHERE a.id = ? AND (a.date IS NOT ? OR a.source != ?)",
            before, day, article.source,
        ):  # fmt: skip
            self._log(passage)
        self._db.execute(
            "UPDATE articles SET id = ?, path = ?, title = ?, text = ?, body_end = ?, date = ?, "
            "time = ?, source = ?, author = ?, url = ?, digest = ?, content = ? WHERE id = ?",
            (*_columns(article), digest(article), content_digest(article), before),
        )

    def remove_article(self, id: str) -> None:
        """Remove an article and its passages."""
        for (number,) in self._rows("SELECT number FROM articles WHERE id = ?", id):
            for passage, length, key in self._rows(
                "SELECT id, length, key FROM passages WHERE article = ?", number
            ):
                self._log(passage)
                self._terms -= length
                self._left.add(key)
            self.groups.remove(number)
            self._db.execute("DELETE FROM passages WHERE article = ?", (number,))
            self._db.execute("DELETE FROM articles WHERE number = ?", (number,))

    def put_vectors(self, vectors: Mapping[bytes, Vectors]) -> None:
        """Store vectors by key, packed."""
        if not vectors:
            return
        blobs = packed.pack(np.stack(list(vectors.values())))
        rows = [(key, blob, zlib.crc32(blob)) for key, blob in zip(vectors, blobs, strict=True)]
        self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)

    def drop_unused_vectors(self, *, everywhere: bool = False) -> int:
        """Remove the vectors that no passage has any more; how many they were.

        Looks at those of articles removed since the last time, or at all.
        """
        unused = "key NOT IN (SELECT key FROM passages)"
        if everywhere:
            count = self._db.execute(f"DELETE FROM vectors WHERE {unused}").rowcount
        else:
            keys = [(key,) for key in self._left]
            sql = f"DELETE FROM vectors WHERE key = ? AND {unused}"
            count = self._db.executemany(sql, keys).rowcount
        self._left.clear()
        return count

    def compact(self, until: int) -> None:
        """Forget the changes up to generation ``until``: every cache on disk has applied them."""
        if until > self.compacted:
            with self.transaction(changes=False):
                self._db.execute("DELETE FROM changes WHERE generation <= ?", (until,))
                self.set_meta("compacted", str(until))

    def execute(self, sql: str, values: Iterable[object] = ()) -> int:
        """Any other statement, for repair; the number of rows it touched."""
        return self._db.execute(sql, tuple(values)).rowcount

    def _log(self, passage: int | None) -> None:
        self._db.execute("INSERT INTO changes VALUES (?, ?)", (self._generation, passage))


def _columns(a: Article) -> tuple[object, ...]:
    return (
        a.id, a.path, a.title, packed.pack_text(a.text), a.body_end,
        a.date and a.date.isoformat(), a.time and a.time.isoformat(),
        a.source, a.author, a.url,
    )  # fmt: skip
