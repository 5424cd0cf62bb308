"""The index a question is asked of: the store with its two caches, at one generation.

A cache that is behind catches up from the store without embedding anything; one that is damaged, of
another encoder or ahead of the log is filled again. While another process is writing, dense search
follows the store's log, for what was changed has passages of other ids at once, and term search is
behind for as long as its writer takes; where nothing may be written, both are made whole in memory.
"""

import contextlib
import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from corpus.errors import IndexError_
from embeddings import caches, versions
from embeddings.bm25 import ExactTerms
from embeddings.encoder import Encoder, Vectors
from embeddings.lock import Locked, write_lock
from embeddings.milvus import MilvusIndex
from embeddings.store import Reader, Store, StoredPassage, Twin
from embeddings.terms import Channel, DamagedTerms, TermIndex
from embeddings.vectors import Ids, Selection, VectorIndex
from embeddings.versions import store_file

_SELECTIONS = 16  # scopes remembered: what people who filter at the same time look at
_CANDIDATES = 400  # looked at anew where the index is rough: it has 999 of the 1,000 ten nearest
_SAMPLE = 1_000  # passages whose scores stand for the whole archive's mean and deviation


class Index:
    """Store, dense and term search of the version in service when it was opened."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        """Open for reading. Raises IndexError_ when it is missing, damaged or of another encoder."""
        self.folder = folder
        self.encoder = encoder
        self.version = store_file(folder).parent
        self.store = Reader(versions.store_in(self.version))
        self._lock = threading.RLock()
        self._selected: OrderedDict[tuple[object, ...], Selection] = OrderedDict()
        _check_encoder(self.store, encoder)
        self._vectors, self._generation = caches.load_vectors(self.version, self.store)
        self.terms = ExactTerms(self._open_terms(), self.store)
        if not self._generation:  # what was just written
            self._vectors, self._generation = caches.load_vectors(self.version, self.store)
        self._move_to(self.store.generation)

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def __len__(self) -> int:
        return self._passages

    @property
    def generation(self) -> int:
        """The generation of the store that dense search answers from."""
        return self._generation

    def is_current(self) -> bool:
        """Whether this is still the version in service."""
        return versions.current(self.folder) == self.version

    def refresh(self) -> None:
        """Take what a build has committed since; one look at the store when there is nothing new."""
        with self._lock:
            now = self._generation
            if self.store.generation == now and self.terms.generation >= now:
                return  # terms are behind where the first build had written none when this was opened
            self.terms.refresh(self._newer_terms())
            target = self.store.generation
            if target != now:
                self._move_to(target)

    def select(
        self, first: dt.date | None, last: dt.date | None, sources: tuple[str, ...]
    ) -> Selection:
        """The passages published from ``first`` to ``last`` by one of ``sources``.

        What is None or empty restricts nothing. Worked out once for each generation.
        """
        wanted = (self._generation, first, last, sources)
        with self._lock:
            found = self._selected.get(wanted)
            if found is None:
                ids = self.store.selected_ids(first, last, sources)
                found = Selection(ids, first, last, sources)
                self._selected[wanted] = found
                while len(self._selected) > _SELECTIONS:
                    self._selected.popitem(last=False)
            return found

    def nearest(self, query: Vectors, k: int, among: Selection | None = None) -> dict[int, float]:
        """Passage id → cosine of the ``k`` nearest, of those ``among`` where they are given.

        A rough index finds the candidates only; their cosines are those of the stored vectors.
        """
        with self._lock:
            vectors = self._vectors
            wide = k if vectors.exact else max(2 * k, _CANDIDATES)
            if not vectors.shared:
                ids, scores = vectors.search(query, wide, among)
        if vectors.shared:  # a server takes several at once
            ids, scores = vectors.search(query, wide, among)
        if vectors.exact:
            return {int(i): float(s) for i, s in zip(ids, scores, strict=True)}
        found = self.cosines(query, ids.tolist())
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:k])

    def cosines(self, query: Vectors, ids: list[int]) -> dict[int, float]:
        """Exact cosines of the given passages, from their stored vectors."""
        found: dict[int, float] = {}
        for chunk, vectors in self.store.vectors(ids):
            found.update(zip(chunk.tolist(), (vectors @ query).tolist(), strict=True))
        return found

    def matching(
        self, query_terms: list[str], channel: Channel, k: int, among: Selection | None = None
    ) -> dict[int, float]:
        """Passage id → BM25 of the ``k`` best, of those ``among`` where they are given."""
        return self.terms.search(query_terms, channel, k, among)

    def in_order(self, ids: Iterable[int]) -> list[int]:
        """Those of ``ids`` that are still there, by article and position: ties break by this order.

        Passage ids tell in which order articles came, and the same archive must answer the same
        whatever its history.
        """
        places = self.store.places(ids)
        return sorted(places, key=lambda id: places[id])

    def passages(self, ids: list[int]) -> dict[int, StoredPassage]:
        """The passages of those ids that are still there."""
        return self.store.passages(ids)

    def duplicates(self, article_ids: Iterable[str]) -> dict[str, list[Twin]]:
        """For each article that is one of several with the same story: the group, its first first."""
        return self.store.duplicates(article_ids)

    def ids(self) -> Ids:
        """Ids of the passages that dense search answers from, ascending."""
        return self._vectors.ids()

    def _open_terms(self) -> TermIndex:
        """The term index, brought up to the log where this process may write."""
        store = self.store
        found = caches.open_terms(self.version)
        if found and found.generation == store.generation and len(found) == store.passage_count():
            return found
        if not store.generation:
            return TermIndex(None)
        try:
            with write_lock(self.folder, wait=0):
                self._write_caches()
        except Locked:
            return found or TermIndex(None)
        except (IndexError_, OSError):
            return caches.fill_terms(TermIndex(None), store, store.generation)
        return caches.open_terms(self.version) or TermIndex(None)

    def _newer_terms(self) -> TermIndex:
        """The term index as it is now; perhaps it was written anew, in another folder."""
        terms = self.terms.index
        with contextlib.suppress(DamagedTerms):  # its folder is gone
            terms.reload()
        if terms.generation != self.store.generation:
            newest = caches.open_terms(self.version)
            return newest if newest and newest.generation >= terms.generation else terms
        return terms

    def _write_caches(self) -> None:
        store = Store(versions.store_in(self.version))
        try:
            caches.write_caches(self.version, store)
        finally:
            store.close()

    def _move_to(self, target: int) -> None:
        """Replay the log, or start anew where it does not lead from here to there."""
        if isinstance(self._vectors, MilvusIndex):  # its writer brings it there
            self._settle(min(target, self._vectors.generation), self.store.passage_count())
            return
        after = self._generation
        if after > target or after < self.store.compacted:
            self._vectors, after = caches.load_vectors(self.version, self.store)
        if not after:  # perhaps from before the store knew its encoder
            self._vectors = caches.empty_vectors(self.store)
        if after < target:
            caches.catch_up(self._vectors, self.store, after, target)
        if target == self.store.generation and len(self._vectors) != self.store.passage_count():
            self._vectors = caches.empty_vectors(self.store)
            caches.catch_up(self._vectors, self.store, 0, target)
        self._settle(target, len(self._vectors))

    def _settle(self, generation: int, passages: int) -> None:
        self._generation, self._passages = generation, passages
        self.terms.refresh(self.terms.index)
        self.sample = self._draw_sample()

    def _draw_sample(self) -> tuple[list[int], Vectors]:
        """Ids and vectors of up to 1,000 passages, the same ones for the same archive."""
        ids = self.store.sample_ids(_SAMPLE)
        found = {
            int(i): v
            for chunk, vectors in self.store.vectors(ids)
            for i, v in zip(chunk, vectors, strict=True)
        }
        ids = [i for i in ids if i in found]
        if not ids:
            return [], np.zeros((0, self.encoder.dimension), np.float32)
        return ids, np.stack([found[i] for i in ids])


def _check_encoder(store: Reader, encoder: Encoder) -> None:
    made_by = store.meta("encoder")
    if made_by not in (None, encoder.fingerprint):
        name = store.meta("encoder_name")
        store.close()
        raise IndexError_(
            f"Chỉ mục được dựng bằng mô hình {name} ({made_by}), nhưng đang chọn {encoder.name} "
            f"({encoder.fingerprint}). Hãy chạy hoibao build để dựng lại, hoặc đổi HOIBAO_MODEL."
        )


__all__ = ["Ids", "Index", "Selection", "VectorIndex", "store_file"]
