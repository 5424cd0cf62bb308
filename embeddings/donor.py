"""Vectors of an index that is being replaced: the same encoder need not embed the same text twice.

The old store may be damaged or of another format. Whatever it cannot give is embedded again.
"""

import sqlite3
import zlib
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

import numpy as np

from embeddings.encoder import Encoder, Vectors
from embeddings.store import packed
from embeddings.store.values import chunks, marks

_VARIABLES = 900
_WITH_FLOAT16 = "2"  # the format whose vectors took two bytes a dimension


class Donor:
    """The vectors in ``file`` that were made by the encoder of that fingerprint."""

    def __init__(self, file: Path | None, fingerprint: str, dimension: int) -> None:
        self._db = _open(file, fingerprint) if file else None
        self._unpack, self._bytes = packed.unpack, packed.size(dimension)
        if self._db and _format(self._db) == _WITH_FLOAT16:
            self._unpack, self._bytes = _float16, dimension * np.dtype(np.float16).itemsize

    def give(self, keys: Iterable[bytes]) -> dict[bytes, Vectors]:
        """Sound vectors ``(dimension,)`` of those keys that are there."""
        found: dict[bytes, Vectors] = {}
        if self._db is None:
            return found
        for chunk in chunks(list(keys), _VARIABLES):
            sql = f"SELECT key, vector, crc FROM vectors WHERE key IN ({marks(chunk)})"
            try:
                rows = self._db.execute(sql, chunk).fetchall()
            except sqlite3.DatabaseError:
                rows = [row for key in chunk for row in self._one(key)]
            sound = [
                (key, blob)
                for key, blob, crc in rows
                if len(blob) == self._bytes and zlib.crc32(blob) == crc
            ]
            if sound:
                vectors = self._unpack([blob for _, blob in sound])
                found.update(zip((key for key, _ in sound), vectors, strict=True))
        return found

    def close(self) -> None:
        """Close the file."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def _one(self, key: bytes) -> list[tuple[bytes, bytes, int]]:
        """One by one around the damaged pages."""
        try:
            assert self._db is not None
            return self._db.execute(
                "SELECT key, vector, crc FROM vectors WHERE key = ?", (key,)
            ).fetchall()
        except sqlite3.DatabaseError:
            return []


class Donors:
    """Several stores, asked one after the other."""

    def __init__(self, files: Iterable[Path], encoder: Encoder) -> None:
        self._donors = [Donor(file, encoder.fingerprint, encoder.dimension) for file in files]

    def give(self, keys: Iterable[bytes]) -> dict[bytes, Vectors]:
        """Sound vectors ``(dimension,)`` of those keys that any of them has."""
        found: dict[bytes, Vectors] = {}
        left = list(keys)
        for donor in self._donors:
            found |= donor.give(key for key in left if key not in found)
        return found

    def close(self) -> None:
        """Close the files."""
        for donor in self._donors:
            donor.close()


def _open(file: Path, fingerprint: str) -> sqlite3.Connection | None:
    try:
        db = sqlite3.connect(f"file:{quote(str(file))}?mode=rw", uri=True, isolation_level=None)
    except sqlite3.Error:
        return None
    try:
        rows = db.execute("SELECT value FROM meta WHERE key = 'encoder'").fetchall()
    except sqlite3.Error:
        rows = []
    if rows != [(fingerprint,)]:
        db.close()
        return None
    return db


def _format(db: sqlite3.Connection) -> str:
    try:
        rows = db.execute("SELECT value FROM meta WHERE key = 'format'").fetchall()
    except sqlite3.Error:
        return ""
    return str(rows[0][0]) if rows else ""


def _float16(blobs: list[bytes]) -> Vectors:
    matrix = np.frombuffer(b"".join(blobs), np.float16).reshape(len(blobs), -1)
    return matrix.astype(np.float32)
