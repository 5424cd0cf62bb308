"""The tables, and opening the file: for the writer, for readers, and where nothing may be written.

``passages.length`` counts terms (embeddings.bm25). ``articles.text`` and
``vectors.vector`` are packed (embeddings.store.packed); ``vectors.crc`` guards a blob that SQLite itself does not check. ``files.settled`` is 0 where a change could hide behind the same time stamp.
``meta.compacted`` is the generation up to which the change log is gone.
"""

import sqlite3
from pathlib import Path
from urllib.parse import quote

from corpus.errors import IndexError_

FORMAT = 4
_PAGE = 8_192  # bytes: seven vectors, or most articles, to a page
_CACHE = -16_384  # KiB of pages that a connection keeps
_BUSY_SECONDS = 30

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL, settled INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE failures (path TEXT NOT NULL, file TEXT NOT NULL, reason TEXT NOT NULL);
CREATE INDEX failures_by_file ON failures (file);
CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, path TEXT NOT NULL,
    title TEXT NOT NULL, text BLOB NOT NULL, body_end INTEGER NOT NULL, date TEXT, time TEXT,
    source TEXT NOT NULL, author TEXT NOT NULL, url TEXT NOT NULL,
    digest TEXT NOT NULL, content TEXT NOT NULL, passages INTEGER NOT NULL
);
CREATE INDEX articles_by_path ON articles (path);
CREATE INDEX articles_by_date ON articles (date DESC, id, source);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES articles (number),
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, kind TEXT NOT NULL, key BLOB NOT NULL,
    length INTEGER NOT NULL
);
CREATE INDEX passages_by_article ON passages (article);
CREATE INDEX passages_by_key ON passages (key);
CREATE TABLE vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL, crc INTEGER NOT NULL);
CREATE TABLE changes (generation INTEGER NOT NULL, passage INTEGER NOT NULL);
CREATE INDEX changes_by_generation ON changes (generation);
CREATE TABLE signatures (
    article INTEGER PRIMARY KEY REFERENCES articles (number), same BLOB NOT NULL,
    minima BLOB NOT NULL, numbers BLOB NOT NULL
);
CREATE INDEX signatures_by_same ON signatures (same);
CREATE TABLE bands (
    band INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (band, article)
) WITHOUT ROWID;
CREATE TABLE groups (
    article INTEGER PRIMARY KEY REFERENCES articles (number), "group" INTEGER NOT NULL
);
CREATE INDEX groups_by_group ON groups ("group");
"""


class Damaged(IndexError_):
    """The file is no database, or a part of it cannot be read."""

    def __init__(self, file: Path, error: object) -> None:
        super().__init__(
            f"Chỉ mục ở “{_home(file)}” bị hỏng ({error}). Kho bài viết vẫn nguyên vẹn: hãy chạy "
            "hoibao repair để dựng lại phần hỏng."
        )


class WrongFormat(IndexError_):
    """The file was written by an older or newer version of this program."""

    def __init__(self, file: Path, found: str | None) -> None:
        super().__init__(
            f"Chỉ mục ở “{_home(file)}” có định dạng {found or 'không rõ'}, bản này dùng định dạng "
            f"{FORMAT}. Hãy chạy: hoibao build (dựng chỉ mục mới bên cạnh, từ kho bài viết)."
        )


def _home(file: Path) -> Path:
    """The folder a user knows as the index: that of all its versions."""
    return file.parent.parent if file.parent.name.startswith("v") else file.parent


def open_reader(file: Path) -> sqlite3.Connection:
    """Open for reading. Raises IndexError_ when there is no file, Damaged or WrongFormat."""
    if not file.is_file():
        raise IndexError_(f"Chưa có chỉ mục ở “{_home(file)}”. Hãy chạy: hoibao build")
    errors: list[sqlite3.Error] = []
    for options in _reader_options(file):
        try:
            db = _connect(file, options)
        except sqlite3.OperationalError as error:
            errors.append(error)
            continue
        except sqlite3.DatabaseError as error:
            raise Damaged(file, error) from error
        _check_format(db, file)
        return db
    raise Damaged(file, errors[0]) from errors[0]


def _reader_options(file: Path) -> list[str]:
    """Where nothing may be written, WAL needs a file system it can lock in; a closed store does not."""
    wal = file.with_name(file.name + "-wal")
    closed = not wal.is_file() or not wal.stat().st_size
    return ["mode=rw", "mode=ro", *(["mode=ro&immutable=1"] if closed else [])]


def open_writer(file: Path) -> sqlite3.Connection:
    """Open for writing, with the tables made when the file is new. Raises Damaged, WrongFormat.

    ``synchronous = FULL``: a cache must never know a generation that a power cut takes back.
    """
    try:
        if not file.exists():
            _create(file)
        db = _connect(file, "mode=rw")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
    except sqlite3.OperationalError as error:
        if "malformed" in str(error):
            raise Damaged(file, error) from error
        raise
    except sqlite3.DatabaseError as error:
        raise Damaged(file, error) from error
    _check_format(db, file)
    return db


def _connect(file: Path, options: str) -> sqlite3.Connection:
    db = sqlite3.connect(
        f"file:{quote(str(file))}?{options}", uri=True,
        check_same_thread=False, isolation_level=None, timeout=_BUSY_SECONDS,
    )  # fmt: skip
    try:
        db.execute("SELECT count(*) FROM sqlite_master").fetchall()  # connecting reads nothing yet
        db.execute(f"PRAGMA cache_size = {_CACHE}")
    except BaseException:
        db.close()
        raise
    return db


def _create(file: Path) -> None:
    """With its tables before it has its name: no crash leaves a store without them."""
    partial = file.with_name("store.new")
    partial.unlink(missing_ok=True)
    db = _connect(partial, "mode=rwc")
    try:
        db.execute(f"PRAGMA page_size = {_PAGE}")
        db.executescript(_TABLES)
        for key, value in (("format", FORMAT), ("generation", 0), ("compacted", 0), ("terms", 0)):
            db.execute("INSERT INTO meta VALUES (?, ?)", (key, str(value)))
    finally:
        db.close()
    partial.replace(file)


def _check_format(db: sqlite3.Connection, file: Path) -> None:
    try:
        rows = db.execute("SELECT value FROM meta WHERE key = 'format'").fetchall()
    except sqlite3.DatabaseError as error:
        db.close()
        raise Damaged(file, error) from error
    found = str(rows[0][0]) if rows else None
    if found != str(FORMAT):
        db.close()
        raise WrongFormat(file, found)
