"""One run over an archive: operations in batches, each embedded first and then written at once.

A batch takes about two seconds, so that a stop comes soon and a power cut costs little. Additions
come before removals: an article that moved is never missing in between.
"""

import datetime as dt
import hashlib
import threading
import time
from dataclasses import dataclass

from corpus.article import Article, Passage
from corpus.errors import EncoderError
from corpus.passages import fit_passages
from corpus.progress import Progress, Step
from embeddings import caches
from embeddings.ahead import Parts, parts_of
from embeddings.bm25 import term_count
from embeddings.changes import BuildReport, Forget, Operation, Put, Read, Remove, Update
from embeddings.donor import Donors
from embeddings.duplicates import Signature, signature
from embeddings.encoder import Encoder, Vectors
from embeddings.planner import Planner
from embeddings.processes import Processes
from embeddings.static import NO_LIMIT
from embeddings.store import Store

_BATCH_SECONDS = 2.0
_FIRST_BATCH = 256  # passages
_SMALLEST_BATCH, _LARGEST_BATCH = 32, 2_048
_MOST_OPERATIONS = 2_000  # a batch of files that were only touched
_ENCODE_BATCH = 128  # passages between two signs of progress
_TERMS_SECONDS = 30.0  # what a long build has done so far can be found after this long
_TOLD_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An article with its passages, their keys and lengths, ready to be embedded and written."""

    put: Put
    passages: list[tuple[Passage, bytes, int]]
    signature: Signature | None


class Builder:
    """Does what the planner plans; keeps the counts."""

    def __init__(
        self, store: Store, encoder: Encoder, donor: Donors, progress: Progress,
        stop: threading.Event, processes: Processes,
    ) -> None:  # fmt: skip
        self.store = store
        self.encoder = encoder
        self.donor = donor
        self.progress = progress
        self.stop = stop
        self.processes = processes
        self.report = BuildReport()
        self._limit = _FIRST_BATCH
        self._started = self._told = self._terms_at = time.monotonic()
        self._written = 0  # passages

    def run(self, planner: Planner) -> None:
        """All operations, or as many whole batches as come before a stop."""
        self._planner = planner
        batch: list[Operation | _Prepared] = []
        passages, began = 0, time.monotonic()
        for operation in planner.operations(self.processes):
            if self.stop.is_set():
                self.report.stopped = True
                break
            batch.append(self._prepare(operation) if isinstance(operation, Put) else operation)
            passages += len(batch[-1].passages) if isinstance(batch[-1], _Prepared) else 0
            self._tell()
            if passages >= self._limit or len(batch) >= _MOST_OPERATIONS:
                self._write(batch, passages, began)
                batch, passages, began = [], 0, time.monotonic()
        else:
            self._write(batch, passages, began)
            self._tell(last=True)
        if self.stop.is_set():
            self.report.stopped = True

    def _prepare(self, put: Put) -> _Prepared:
        a = put.article
        if self.encoder.max_tokens >= NO_LIMIT:
            parts = self._planner.parts.get(a.id) or parts_of(a)
        else:
            passages = [(p, term_count(a.title, p.text)) for p in self._split(a)]
            parts = Parts(passages, signature(a))
        keyed = [(p, self._key(a, p), length) for p, length in parts.passages]
        return _Prepared(put, keyed, parts.signature)

    def _write(self, batch: list[Operation | _Prepared], passages: int, began: float) -> None:
        if not batch:
            return
        texts = {
            key: embedded_text(item.put.article, passage.text)
            for item in batch
            if isinstance(item, _Prepared)
            for passage, key, _ in item.passages
        }
        vectors = self._embed(texts)
        if vectors is None:
            self.report.stopped = True
            return
        changes = any(not isinstance(item, Read | Forget) for item in batch)
        with self.store.transaction(changes=changes):
            if changes:
                self.store.set_meta("unfinished", "1")
            self.store.put_vectors(vectors)
            for item in batch:
                self._apply(item)
        self._count(batch)
        self._written += passages
        speed = passages / max(time.monotonic() - began, 1e-3)
        if passages >= self._limit / 2:
            wanted = int(speed * _BATCH_SECONDS)
            self._limit = min(max(wanted, _SMALLEST_BATCH), _LARGEST_BATCH)
        if time.monotonic() - self._terms_at > _TERMS_SECONDS:
            caches.write_terms(self.store.file.parent, self.store, processes=self.processes)
            self._terms_at = time.monotonic()

    def _apply(self, item: Operation | _Prepared) -> None:
        store = self.store
        match item:
            case _Prepared(put, passages, sign):
                if put.change.before:
                    store.remove_article(put.change.before)
                store.put_article(put.article, passages, sign)
            case Update(article, change):
                store.update_article(change.before or article.id, article)
            case Remove(change):
                store.remove_article(change.article_id)
            case Read(path, state, failures):
                store.put_file(path, state, failures)
            case Forget(path):
                store.remove_file(path)

    def _count(self, batch: list[Operation | _Prepared]) -> None:
        for item in batch:
            if isinstance(item, _Prepared):
                self.report.count(item.put.change)
            elif isinstance(item, Update | Remove):
                self.report.count(item.change)

    def _split(self, article: Article) -> list[Passage]:
        try:
            return fit_passages(article, lambda texts: self._fits(article, texts))
        except ValueError as error:
            raise EncoderError(
                f"Mô hình {self.encoder.name} chỉ nhận {self.encoder.max_tokens} từ tố, quá ngắn cho "
                f"bài “{article.id}”. Hãy chọn mô hình khác bằng HOIBAO_MODEL."
            ) from error

    def _fits(self, article: Article, texts: list[str]) -> bool:
        counts = self.encoder.count_tokens([embedded_text(article, t) for t in texts])
        return max(counts, default=0) <= self.encoder.max_tokens

    def _key(self, article: Article, passage: Passage) -> bytes:
        return passage_key(self.encoder.fingerprint, embedded_text(article, passage.text))

    def _embed(self, texts: dict[bytes, str]) -> dict[bytes, Vectors] | None:
        """Vectors for the keys that have none; None when it was stopped before the last."""
        known = self.store.known_keys(texts)
        vectors = self.donor.give(key for key in texts if key not in known)
        missing = [key for key in texts if key not in known and key not in vectors]
        for start in range(0, len(missing), _ENCODE_BATCH):
            if self.stop.is_set():
                return None
            keys = missing[start : start + _ENCODE_BATCH]
            made = self.encoder.encode_passages([texts[k] for k in keys])
            vectors.update(zip(keys, made, strict=True))
            self._tell(start + len(keys))
        self.report.embedded += len(missing)
        return vectors

    def _tell(self, embedded: int = 0, *, last: bool = False) -> None:
        now = time.monotonic()
        if now - self._told < _TOLD_SECONDS and not last:
            return
        self._told = now
        plan = self._planner
        spent = max(now - self._started, 1e-3)
        rate = (self._written + embedded) / spent
        left = spent / plan.done * (plan.total - plan.done) if plan.done and spent > 1 else 0.0
        done, total = plan.articles
        if plan.total == 1 and total > 1:  # one table: its rows tell more than its name
            self.progress(Step("Đọc và nhúng bài viết", done, total, "bài", rate, left))
        else:
            self.progress(
                Step("Đọc và nhúng bài viết", int(plan.done), plan.total, "tệp", rate, left)
            )


def embedded_text(article: Article, text: str) -> str:
    """What the encoder sees: the title stands before every passage, outside its offsets."""
    return f"{article.title}\n{text}" if article.title else text


def passage_key(fingerprint: str, text: str) -> bytes:
    """Of a text as it is embedded, and by whom: equal keys have equal vectors."""
    return hashlib.sha256(f"{fingerprint}\0{text}".encode()).digest()[:16]


def now() -> str:
    """This moment in UTC, as ISO."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
