"""The index a question is asked of: the store with its two caches, in step with the change log.

A cache that is behind catches up from the store without embedding anything; one that is damaged,
of another encoder or ahead of the log is put aside and filled again. Only ``write_caches`` writes,
and only the one writer calls it.
"""

import contextlib
import shutil
import threading
from pathlib import Path

import numpy as np

from corpus.errors import IndexError_
from embeddings.encoder import Encoder, Vectors
from embeddings.store import Store, StoredPassage
from embeddings.terms import Channel, TermIndex
from embeddings.vectors import FlatIndex, Ids, VectorIndex

_SAMPLE = 1_000  # passages whose scores stand for the whole archive's mean and deviation
_SEED = 20_261_124


def store_file(folder: Path) -> Path:
    """The SQLite file of the index in ``folder``."""
    return folder / "store.db"


class Index:
    """Store, dense and term search of one index folder."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        """Open for reading. Raises IndexError_ when it is missing or of another encoder."""
        self.folder = folder
        self.encoder = encoder
        self.store = Store(store_file(folder))
        self._lock = threading.RLock()
        made_by = self.store.meta("encoder")
        if made_by not in (None, encoder.fingerprint):
            name = self.store.meta("encoder_name")
            raise IndexError_(
                f"Chỉ mục được dựng bằng mô hình {name} ({made_by}), nhưng đang chọn {encoder.name} "
                f"({encoder.fingerprint}). Hãy chạy hoibao build để dựng lại, hoặc đổi HOIBAO_MODEL."
            )
        self._vectors, self._generation = self._load_vectors()
        self.terms = self._load_terms()
        self._catch_up_vectors()
        self.sample = self._draw_sample()

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def __len__(self) -> int:
        return len(self._vectors)

    def refresh(self) -> None:
        """Take what a build has committed since; cheap when there is nothing new."""
        with self._lock:
            if self.store.generation == self._generation:
                return
            self._catch_up_vectors()
            self.terms.reload()
            self.sample = self._draw_sample()

    def nearest(self, query: Vectors, k: int) -> dict[int, float]:
        """Passage id → cosine of the ``k`` nearest."""
        with self._lock:
            ids, scores = self._vectors.search(query, k)
        return {int(i): float(s) for i, s in zip(ids, scores, strict=True)}

    def cosines(self, query: Vectors, ids: list[int]) -> dict[int, float]:
        """Exact cosines of the given passages, from their stored vectors."""
        found: dict[int, float] = {}
        for chunk, vectors in self.store.vectors(ids):
            found.update(zip(chunk.tolist(), (vectors @ query).tolist(), strict=True))
        return found

    def matching(self, query_terms: list[str], channel: Channel, k: int) -> dict[int, float]:
        """Passage id → BM25 of the ``k`` best."""
        return self.terms.search(query_terms, channel, k)

    def passages(self, ids: list[int]) -> dict[int, StoredPassage]:
        """The passages of those ids that are still there."""
        return self.store.passages(ids)

    def write_caches(self) -> None:
        """Bring both caches up to the log and save them. For the holder of the write lock."""
        generation = self.store.generation
        if self.terms.generation > generation:
            self.terms = self._fresh_terms()
        if self.terms.generation < generation:
            changed = self._changes_since(self.terms.generation)
            self.terms.apply(changed, self.store.texts(changed), generation)
        if len(self.terms) != len(self.store.passage_ids()):
            self.terms = self._fresh_terms()
            ids = self.store.passage_ids().tolist()
            self.terms.apply([], self.store.texts(ids), generation)
        self._catch_up_vectors()
        self._save_vectors(generation)

    def _changes_since(self, generation: int) -> list[int]:
        if generation:
            return self.store.changed_since(generation)
        return [int(id) for id in self.store.passage_ids()]

    # FAISS: the file's name tells its generation and encoder, so no side file can disagree with it

    def _vectors_name(self, generation: int) -> str:
        return f"vectors-{generation}-{self.encoder.fingerprint[-16:]}.faiss"

    def _load_vectors(self) -> tuple[VectorIndex, int]:
        for generation in range(self.store.generation, 0, -1):
            file = self.folder / self._vectors_name(generation)
            if file.is_file():
                with contextlib.suppress(ValueError):
                    return FlatIndex.load(file, self.encoder.dimension), generation
        return FlatIndex(self.encoder.dimension), 0

    def _catch_up_vectors(self) -> None:
        generation = self.store.generation
        if self._generation != generation:
            changed = self._changes_since(self._generation)
            self._vectors.remove(np.array(changed, np.int64))
            for ids, vectors in self.store.vectors(changed):
                self._vectors.add(ids, vectors)
        if len(self._vectors) != len(self.store.passage_ids()):
            self._vectors = FlatIndex(self.encoder.dimension)
            for ids, vectors in self.store.vectors(self.store.passage_ids().tolist()):
                self._vectors.add(ids, vectors)
        self._generation = generation

    def _save_vectors(self, generation: int) -> None:
        file = self.folder / self._vectors_name(generation)
        if not file.is_file():
            self._vectors.save(file)
        for other in self.folder.glob("vectors-*"):
            if other != file:
                other.unlink(missing_ok=True)

    # tantivy

    def _load_terms(self) -> TermIndex:
        try:
            return TermIndex(self.folder / "terms")
        except ValueError:
            return self._fresh_terms()

    def _fresh_terms(self) -> TermIndex:
        shutil.rmtree(self.folder / "terms", ignore_errors=True)
        return TermIndex(self.folder / "terms")

    def _draw_sample(self) -> tuple[list[int], Vectors]:
        """Ids and vectors of up to 1,000 passages, the same ones for the same archive."""
        ids = self.store.passage_ids()
        if len(ids) > _SAMPLE:
            ids = np.sort(np.random.default_rng(_SEED).choice(ids, _SAMPLE, replace=False))
        parts = list(self.store.vectors(ids.tolist()))
        if not parts:
            return [], np.zeros((0, self.encoder.dimension), np.float32)
        return (
            [int(i) for chunk, _ in parts for i in chunk],
            np.concatenate([vectors for _, vectors in parts]),
        )


__all__ = ["Ids", "Index", "store_file"]
