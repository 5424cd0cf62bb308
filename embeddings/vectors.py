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

    def contents(self) -> tuple[Ids, Vectors]:
        """All ids ``(n,)`` and vectors ``(n, dimension)``, by ascending id."""
        ...

    def save(self, file: Path) -> None:
        """Write the index to ``file``. Raises OSError when it cannot be."""
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
        if index.d != dimension or not isinstance(index, faiss.IndexIDMap2):
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

    def contents(self) -> tuple[Ids, Vectors]:
        """All ids ``(n,)`` and vectors ``(n, dimension)``, by ascending id."""
        ids = faiss.vector_to_array(self._index.id_map)
        vectors = self._index.index.reconstruct_n(0, len(self))
        order = np.argsort(ids, kind="stable")
        return ids[order].astype(np.int64), vectors.reshape(len(self), -1)[order]

    def save(self, file: Path) -> None:
        """Write the index to ``file``. Raises OSError when it cannot be."""
        try:
            faiss.write_index(self._index, str(file))
        except RuntimeError as error:  # what FAISS makes of a full disk
            raise OSError(f"{file.name}: {error}") from error
