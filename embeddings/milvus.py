"""Dense search in Milvus, past what one machine holds: the VectorIndex of a server or of Milvus Lite.

    milvus+http://host:19530/collection        a server (https too)
    milvus+file:///path/vectors.db/collection  Milvus Lite, one file

The one writer brings a collection up to the store's change log and notes the generation in the
collection's properties, after everything of it was written: what a crash left half done is done once
more, and upserts and deletes by id change nothing the second time. Readers only search.

Consistency: every search asks for Strong, so that whoever has read a generation finds all of it. A
collection may be ahead of what a reader has seen of the store: ids that the store does not have are
dropped there. The only file that imports pymilvus.
"""

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexError_
from embeddings.encoder import Vectors
from embeddings.vectors import Facts, Ids, Selection

if TYPE_CHECKING:
    from pymilvus import MilvusClient

_ADDRESS = re.compile(r"milvus\+(?:(https?)://([^/\s]+)|file://(/[^\s]+))/([A-Za-z_]\w{0,200})")
_INDEX = (
    "AUTOINDEX"  # the server's own choice; IVF_PQ is refused by some and leaves half a collection
)
_BATCH = 1_000  # vectors to a request: 2 MB
_LONGEST_SOURCE = 2_048  # bytes
_GENERATION, _FILLED, _ENCODER = "hoibao.generation", "hoibao.filled", "hoibao.encoder"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the vectors are, as HOIBAO_VECTORS says it."""

    uri: str
    collection: str

    @classmethod
    def of(cls, text: str) -> "Address":
        """Raises IndexError_ for anything but ``milvus+http://host:port/collection`` or ``milvus+file://…``."""
        match = _ADDRESS.fullmatch(text)
        if not match:
            raise IndexError_(
                f"HOIBAO_VECTORS phải có dạng milvus+http://máy:19530/tên hoặc "
                f"milvus+file:///đường/dẫn.db/tên, không phải “{text}”."
            )
        scheme, host, file, collection = match.groups()
        return cls(file or f"{scheme}://{host}", collection)

    def named(self, version: Path) -> str:
        """The collection of one version of an index: versions stand beside one another."""
        return f"{self.collection}_{version.name.partition('.')[0]}"


class MilvusIndex:
    """One collection."""

    exact = False
    shared = True

    def __init__(self, address: Address, collection: str, dimension: int, encoder: str) -> None:
        """Open or create the collection; one of another encoder or dimension is begun anew.

        Raises IndexError_ when the server cannot be reached or refuses.
        """
        self._client = _connect(address)
        self._name = collection
        self._address = address
        self._dimension = dimension
        self._encoder = encoder

    def __len__(self) -> int:
        if not self._exists():
            return 0
        with _asked(self._address):
            rows = self._client.query(
                self._name, filter="id >= 0", output_fields=["count(*)"], consistency_level="Strong"
            )
        return int(rows[0]["count(*)"])

    @property
    def generation(self) -> int:
        """The generation of the store that was surely applied; 0 for a collection not begun, or of
        another encoder."""
        return self._noted(_GENERATION)

    def _noted(self, name: str) -> int:
        if not self._exists():
            return 0
        with _asked(self._address):
            found = self._client.describe_collection(self._name)
        properties = dict(found.get("properties") or {})
        if properties.get(_ENCODER) != self._encoder:
            return 0
        number = str(properties.get(name, "0"))
        return int(number) if number.isdigit() else 0

    @property
    def filled(self) -> int:
        """Up to which passage id a first filling came that was broken off; 0 for none."""
        return 0 if self.generation else self._noted(_FILLED)

    def begin(self) -> None:
        """An empty collection in place of what there is."""
        with _asked(self._address):
            if self._client.has_collection(self._name):
                self._client.drop_collection(self._name)
            try:
                self._create()
            except Exception:  # a refused index leaves the collection half made
                with contextlib.suppress(Exception):
                    self._client.drop_collection(self._name)
                raise

    def note(self, generation: int, filled: int = 0) -> None:
        """Record what has been applied; while it is filled for the first time, up to which passage."""
        facts = {_GENERATION: str(generation), _FILLED: str(filled), _ENCODER: self._encoder}
        with _asked(self._address):
            self._client.alter_collection_properties(self._name, facts)

    def add(self, ids: Ids, vectors: Vectors, facts: Facts = ()) -> None:
        """Add ``(n, dimension)`` vectors under ``(n,)`` ids, in place of what was there."""
        known = facts or [("", "")] * len(ids)
        with _asked(self._address):
            for at in range(0, len(ids), _BATCH):
                some = slice(at, at + _BATCH)
                rows = [
                    {"id": int(id), "vector": vector, "date": _day(day), "source": _source(source)}
                    for id, vector, (day, source) in zip(
                        ids[some], np.asarray(vectors[some], np.float32).tolist(), known[some], strict=True
                    )
                ]  # fmt: skip
                self._client.upsert(self._name, rows)

    def remove(self, ids: Ids) -> None:
        """Remove the ids that are there; the others are ignored."""
        with _asked(self._address):
            for at in range(0, len(ids), _BATCH):
                self._client.delete(self._name, ids=[int(i) for i in ids[at : at + _BATCH]])

    def search(self, query: Vectors, k: int, among: Selection | None = None) -> tuple[Ids, Vectors]:
        """Ids and rough inner products of the ``k`` nearest to ``(dimension,)``; ties by smaller id."""
        if k <= 0 or not self._exists():
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        with _asked(self._address):
            [found] = self._client.search(
                self._name, data=[query.astype(np.float32).tolist()], limit=min(k, 16_384),
                anns_field="vector", filter=_condition(among), consistency_level="Strong",
            )  # fmt: skip
        ids = np.array([hit["id"] for hit in found], np.int64)
        scores = np.array([hit["distance"] for hit in found], np.float32)
        order = np.lexsort((ids, -scores))
        return ids[order], scores[order]

    def ids(self) -> Ids:
        """All ids ``(n,)``, ascending."""
        return np.sort(np.array([row["id"] for row in self._rows(["id"])], np.int64))

    def kept(self) -> NDArray[np.uint8]:
        """What is kept of each vector, ``(n, bytes)``, by ascending id."""
        rows = sorted(self._rows(["id", "vector"]), key=lambda row: int(row["id"]))
        vectors = np.array([row["vector"] for row in rows], np.float32)
        return self.coded(vectors.reshape(len(rows), self._dimension))

    def coded(self, vectors: Vectors) -> NDArray[np.uint8]:
        """What would be kept of ``(n, dimension)`` vectors: ``(n, bytes)``."""
        return np.ascontiguousarray(vectors, np.float32).view(np.uint8)

    def drop_others(self) -> None:
        """Remove the collections of other versions of this index."""
        own = re.compile(re.escape(self._address.collection) + r"_v\d+")
        with _asked(self._address):
            for name in self._client.list_collections():
                if name != self._name and own.fullmatch(name):
                    self._client.drop_collection(name)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _exists(self) -> bool:
        with _asked(self._address):
            return bool(self._client.has_collection(self._name))

    def _create(self) -> None:
        from pymilvus import DataType, MilvusClient

        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=self._dimension)
        schema.add_field("date", DataType.INT64)  # 20220325; 0 for none
        schema.add_field("source", DataType.VARCHAR, max_length=_LONGEST_SOURCE)
        index = self._client.prepare_index_params()
        index.add_index("vector", index_type=_INDEX, metric_type="IP")
        self._client.create_collection(
            self._name, schema=schema, index_params=index, consistency_level="Strong"
        )

    def _rows(self, fields: list[str]) -> Iterator[dict[str, Any]]:
        if not self._exists():
            return
        with _asked(self._address):
            rows = self._client.query_iterator(
                self._name, filter="id >= 0", output_fields=fields, batch_size=_BATCH,
                consistency_level="Strong",
            )  # fmt: skip
            while some := rows.next():
                yield from some
            rows.close()


def _connect(address: Address) -> "MilvusClient":
    try:
        from pymilvus import MilvusClient
    except ImportError as error:
        raise IndexError_(
            "HOIBAO_VECTORS chỉ tới Milvus nhưng chưa cài thư viện. Hãy chạy: pip install 'hoibao[milvus]'"
        ) from error
    with _asked(address):
        return MilvusClient(address.uri)


@contextlib.contextmanager
def _asked(address: Address) -> Iterator[None]:
    """What the server or its client says, as one IndexError_."""
    from pymilvus.exceptions import MilvusException

    try:
        yield
    except (MilvusException, OSError, ConnectionError) as error:
        raise IndexError_(
            f"Milvus ở “{address.uri}” không trả lời được: {error}. Hãy kiểm tra máy chủ rồi thử lại."
        ) from error


def _condition(among: Selection | None) -> str:
    """The scope as Milvus writes it; sources are quoted as JSON, so that none of them is a condition."""
    parts = ["id >= 0"]
    if among is None:
        return parts[0]
    if among.first:
        parts.append(f"date >= {among.first:%Y%m%d}")
    if among.last:
        parts.append(f"date > 0 and date <= {among.last:%Y%m%d}")
    if among.sources:
        named = json.dumps([_source(s) for s in among.sources], ensure_ascii=False)
        parts.append(f"source in {named}")
    return " and ".join(parts)


def _day(date: str) -> int:
    return int(date.replace("-", "")) if date else 0


def _source(name: str) -> str:
    return name.encode()[:_LONGEST_SOURCE].decode("utf-8", "ignore")


__all__ = ["Address", "MilvusIndex"]
