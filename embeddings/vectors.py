"""Dense search with FAISS: the VectorIndex protocol and its two kinds on this machine.

    FlatIndex        every vector as it is: exact, 4 bytes a dimension. For small archives.
    CompressedIndex  one bit a dimension (RaBitQ; Gao and Long, 2024): finds candidates, whose exact
                     scores the caller works out from the store. 72 bytes a passage where flat
                     takes 2,056, and nine times as fast.

Neither parts the vectors into cells: on these mean-of-token vectors a question's neighbours lie
scattered, and IVF had to look into an eighth of 512 cells to find 97 of 100 (docs/performance.md).
The only file that imports faiss. Ids are always explicit: removing from a bare flat index would
shift every later position and cite the wrong passage.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import faiss as _faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors

faiss: Any = _faiss  # its stubs know neither search parameters nor codes

_COMPRESSED_FROM = 50_000  # vectors; exact search over them takes 4 ms and 100 MB
_FLAT_BELOW = (
    25_000  # and back only here, so that an archive at the border does not change to and fro
)
_DRIFT = 0.2  # of the vectors' spread about their centre, from which the codes are made anew
_QUERY_BITS = 4

Ids = NDArray[np.int64]
Facts = Sequence[tuple[str, str]]  # of each passage's article: ISO date or "", and source


@dataclass(frozen=True, slots=True)
class Selection:
    """A part of the archive: the ids of its passages, ascending, and what they were selected by."""

    ids: Ids
    first: dt.date | None = None
    last: dt.date | None = None
    sources: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)


class VectorIndex(Protocol):
    """Nearest vectors by inner product; adding an id again is the caller's to avoid."""

    @property
    def exact(self) -> bool:
        """Whether ``search`` finds the very nearest; if not, it finds candidates and rough scores."""
        ...

    @property
    def shared(self) -> bool:
        """Whether one index serves all processes, and its writer alone brings it up to date."""
        ...

    def __len__(self) -> int: ...

    def add(self, ids: Ids, vectors: Vectors, facts: Facts = ()) -> None:
        """Add ``(n, dimension)`` vectors under ``(n,)`` ids; ``facts`` are what a selection may ask for."""
        ...

    def remove(self, ids: Ids) -> None:
        """Remove the ids that are there; the others are ignored."""
        ...

    def search(self, query: Vectors, k: int, among: Selection | None = None) -> tuple[Ids, Vectors]:
        """Ids and inner products of the ``k`` nearest to ``(dimension,)``, best first.

        ``among``: the only passages to look at.
        """
        ...

    def ids(self) -> Ids:
        """All ids ``(n,)``, ascending."""
        ...

    def kept(self) -> NDArray[np.uint8]:
        """What is kept of each vector, ``(n, bytes)``, by ascending id."""
        ...

    def coded(self, vectors: Vectors) -> NDArray[np.uint8]:
        """What would be kept of ``(n, dimension)`` vectors: ``(n, bytes)``."""
        ...


class _FaissIndex:
    """What both kinds share: a FAISS index of codes behind a map of ids."""

    exact = True
    shared = False

    def __init__(self, index: Any) -> None:
        self._index = faiss.IndexIDMap2(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, ids: Ids, vectors: Vectors, facts: Facts = ()) -> None:
        """Add ``(n, dimension)`` vectors under ``(n,)`` ids; a selection brings its own ids, not facts."""
        if len(ids):
            self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), ids)

    def remove(self, ids: Ids) -> None:
        """Remove the ids that are there; the others are ignored."""
        if len(ids):
            self._index.remove_ids(ids)

    def search(self, query: Vectors, k: int, among: Selection | None = None) -> tuple[Ids, Vectors]:
        """Ids and inner products of the ``k`` nearest to ``(dimension,)``; ties by smaller id.

        ``among``: the only passages to look at.
        """
        k = min(k, len(self) if among is None else len(among))
        if k <= 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        only = {} if among is None else {"params": self._only(_selector(among.ids))}
        scores, ids = self._index.search(np.ascontiguousarray(query[None], np.float32), k, **only)
        there = ids[0] >= 0  # of ``among``, some may be gone
        found, near = ids[0][there], scores[0][there]
        order = np.lexsort((found, -near))
        return found[order], near[order]

    def ids(self) -> Ids:
        """All ids ``(n,)``, ascending."""
        return np.sort(self._places()).astype(np.int64)

    def kept(self) -> NDArray[np.uint8]:
        """What is kept of each vector, ``(n, bytes)``, by ascending id."""
        codes = faiss.vector_to_array(faiss.downcast_index(self._index.index).codes)
        rows: NDArray[np.uint8] = codes.reshape(len(self), -1)
        return rows[np.argsort(self._places(), kind="stable")]

    def coded(self, vectors: Vectors) -> NDArray[np.uint8]:
        """What would be kept of ``(n, dimension)`` vectors: ``(n, bytes)``."""
        inner = faiss.downcast_index(self._index.index)
        rows: NDArray[np.uint8] = inner.sa_encode(np.ascontiguousarray(vectors, np.float32))
        return rows

    def save(self, file: Path) -> None:
        """Write the index to ``file``. Raises OSError when it cannot be."""
        try:
            faiss.write_index(self._index, str(file))
        except RuntimeError as error:  # what FAISS makes of a full disk
            raise OSError(f"{file.name}: {error}") from error

    def _only(self, selector: Any) -> Any:
        return faiss.SearchParameters(sel=selector)

    def _places(self) -> Ids:
        found: Ids = faiss.vector_to_array(self._index.id_map)
        return found


class FlatIndex(_FaissIndex):
    """Exact search over all vectors, in float32."""

    def __init__(self, dimension: int) -> None:
        super().__init__(faiss.IndexFlatIP(dimension))

    def fits(self, passages: int, _sample: Vectors) -> bool:
        """Whether this kind is still the right one for so many passages."""
        return passages < _COMPRESSED_FROM


class CompressedIndex(_FaissIndex):
    """Rough search over the signs of the vectors' rotated distances from their centre."""

    exact = False

    def __init__(self, dimension: int, sample: Vectors) -> None:
        """``sample`` tells where the centre is: ``(n, dimension)`` of any number of vectors."""
        inner = faiss.IndexRaBitQ(dimension, faiss.METRIC_INNER_PRODUCT)
        inner.qb = _QUERY_BITS
        inner.train(np.ascontiguousarray(sample, np.float32))
        super().__init__(inner)

    def fits(self, passages: int, sample: Vectors) -> bool:
        """Whether this kind, with its centre, is still the right one."""
        if passages < _FLAT_BELOW or not len(sample):
            return False
        centre = faiss.vector_to_array(faiss.downcast_index(self._index.index).center)
        mean = sample.mean(axis=0)
        spread = float(np.linalg.norm(sample - mean, axis=1).mean())
        return float(np.linalg.norm(mean - centre)) <= _DRIFT * max(spread, 1e-12)

    def _only(self, selector: Any) -> Any:
        return faiss.RaBitQSearchParameters(sel=selector, qb=_QUERY_BITS, centered=False)


LocalIndex = FlatIndex | CompressedIndex


def empty(dimension: int, passages: int, sample: Vectors) -> LocalIndex:
    """An index without a vector, of the kind for so many; ``sample``: some of them, (n, dimension)."""
    if passages < _COMPRESSED_FROM or not len(sample):
        return FlatIndex(dimension)
    return CompressedIndex(dimension, sample)


def load(file: Path, dimension: int) -> LocalIndex:
    """Read a saved index. Raises ValueError when it is damaged or of another dimension or kind."""
    try:
        index = faiss.read_index(str(file))
    except RuntimeError as error:
        raise ValueError(f"damaged: {file.name}") from error
    if index.d != dimension or not isinstance(index, faiss.IndexIDMap2):
        raise ValueError(f"dimension {index.d}, not {dimension}: {file.name}")
    kinds: dict[type, type[LocalIndex]] = {
        faiss.IndexFlatIP: FlatIndex,
        faiss.IndexFlat: FlatIndex,
        faiss.IndexRaBitQ: CompressedIndex,
    }
    kind = kinds.get(type(faiss.downcast_index(index.index)))
    if kind is None:
        raise ValueError(f"another kind of index: {file.name}")
    loaded: LocalIndex = kind.__new__(kind)
    loaded._index = index
    return loaded


def _selector(ids: Ids) -> Any:
    """One bit for each id there could be: found faster than in a set, and 12 KB for 100,000."""
    chosen = np.zeros(int(ids.max()) + 1, np.uint8)
    chosen[ids] = 1
    return faiss.IDSelectorBitmap(np.packbits(chosen, bitorder="little"))


__all__ = [
    "CompressedIndex",
    "Facts",
    "FlatIndex",
    "Ids",
    "LocalIndex",
    "Selection",
    "VectorIndex",
    "empty",
    "load",
]
