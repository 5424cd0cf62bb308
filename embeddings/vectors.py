"""Dense search with FAISS: the VectorIndex protocol and the flat index.

The only file that imports faiss. Ids are always explicit: removing from a bare flat index would
shift every later position and cite the wrong passage.
"""

from pathlib import Path
from typing import Any, Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors

Ids = NDArray[np.int64]


class VectorIndex(Protocol):
    """Nearest vectors by inner product; adding an id again is the caller's to avoid."""

    def __len__(self) -> int: ...

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add ``(n, dimension)`` vectors under ``(n,)`` ids."""
        ...

    def remove(self, ids: Ids) -> None:
        """Remove the ids that are there; the others are ignored."""
        ...

    def search(self, query: Vectors, k: int) -> tuple[Ids, Vectors]:
        """Ids and inner products of the ``k`` nearest to ``(dimension,)``, best first."""
        ...

    def save(self, file: Path) -> None:
        """Write the index so that ``file`` is either whole or absent."""
        ...


class FlatIndex:
    """Exact search over all vectors, in float32."""

    def __init__(self, dimension: int) -> None:
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))

    @classmethod
    def load(cls, file: Path, dimension: int) -> "FlatIndex":
        """Read a saved index. Raises ValueError when it is damaged or of another dimension."""
        try:
            index = faiss.read_index(str(file))
        except RuntimeError as error:
            raise ValueError(f"damaged: {file.name}") from error
        if index.d != dimension:
            raise ValueError(f"dimension {index.d}, not {dimension}: {file.name}")
        loaded = cls(dimension)
        loaded._index = index
        return loaded

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add ``(n, dimension)`` vectors under ``(n,)`` ids."""
        if len(ids):
            self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), ids)

    def remove(self, ids: Ids) -> None:
        """Remove the ids that are there; the others are ignored."""
        if len(ids):
            self._index.remove_ids(ids)

    def search(self, query: Vectors, k: int) -> tuple[Ids, Vectors]:
        """Ids and inner products of the ``k`` nearest to ``(dimension,)``; ties by smaller id."""
        k = min(k, len(self))
        if k <= 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        scores, ids = self._index.search(np.ascontiguousarray(query[None], np.float32), k)
        order = np.lexsort((ids[0], -scores[0]))
        return ids[0][order], scores[0][order]

    def save(self, file: Path) -> None:
        """Write to a side file and rename: a reader never sees half an index."""
        partial = file.with_suffix(".partial")
        faiss.write_index(self._index, str(partial))
        partial.replace(file)
