"""Build: bring the index up to what the archive folder holds now.

Unchanged files are not opened, unchanged articles keep their passages, and a passage is embedded
only when its text is new to this encoder. Each batch of files is one transaction; the caches
(FAISS, tantivy) replay the log at the end.
"""

import datetime as dt
import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.archive import Failure, FileContent, list_files, read_file
from corpus.article import Article, Passage
from corpus.errors import EncoderError, IndexError_
from corpus.passages import fit_passages, split_passages
from embeddings.encoder import Encoder, Vectors
from embeddings.index import Index, store_file
from embeddings.static import NO_LIMIT
from embeddings.store import FileState, Store

_BATCH_FILES = 200  # files a transaction
_ENCODE_BATCH = 256  # passages between two signs of progress

Progress = Callable[[str, int, int], None]  # (stage in Vietnamese, done, total)


@dataclass(slots=True)
class BuildReport:
    """What a build did, in articles, and what it could not read."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged_files: int = 0
    embedded: int = 0
    articles: int = 0
    passages: int = 0
    seconds: float = 0.0
    failures: list[Failure] = field(default_factory=list)


def build(
    archive: Path, folder: Path, encoder: Encoder, progress: Progress | None = None,
    *, full: bool = False,
) -> BuildReport:  # fmt: skip
    """Bring the index in ``folder`` up to date with ``archive``.

    Raises ArchiveError when the archive cannot be listed, IndexError_ when another build runs or
    the index belongs to another archive (``full`` takes it over).
    """
    started = dt.datetime.now(dt.UTC)
    archive = archive.expanduser().absolute()
    paths = list_files(archive)
    with write_lock(folder):
        store = Store(store_file(folder), create=True)
        try:
            builder = _Builder(archive, store, encoder, progress or (lambda *_: None))
            builder.run(paths, full)
            store.close()
            _write_caches(folder, encoder, builder.progress)
        except (OSError, sqlite3.OperationalError) as error:
            raise IndexError_(
                f"Không ghi được chỉ mục ở “{folder}”: {error}. Chỉ mục cũ vẫn dùng được."
            ) from error
        finally:
            store.close()
    report = builder.report
    report.seconds = (dt.datetime.now(dt.UTC) - started).total_seconds()
    return report


@contextmanager
def write_lock(folder: Path) -> Iterator[None]:
    """Only one writer. Raises IndexError_ at once when there is another, or the folder is read-only."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "lock", timeout=0)
        lock.acquire()
    except Timeout as error:
        raise IndexError_(
            f"Một lần dựng chỉ mục khác đang chạy trên “{folder}”. Hãy đợi nó xong rồi chạy lại."
        ) from error
    except OSError as error:
        raise IndexError_(
            f"Không ghi được vào thư mục chỉ mục “{folder}”: {error.strerror}. Hãy chọn nơi khác bằng --index."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _write_caches(folder: Path, encoder: Encoder, progress: Progress) -> None:
    progress("Ghi chỉ mục tìm kiếm", 0, 1)
    index = Index(folder, encoder)
    try:
        index.write_caches()
    finally:
        index.close()
    progress("Ghi chỉ mục tìm kiếm", 1, 1)


class _Builder:
    """One run; keeps the counts."""

    def __init__(self, archive: Path, store: Store, encoder: Encoder, progress: Progress) -> None:
        self.archive = archive
        self.store = store
        self.encoder = encoder
        self.progress = progress
        self.report = BuildReport()

    def run(self, paths: list[str], full: bool) -> None:
        store = self.store
        known = store.files()
        self._check_owner(full)
        self._check_not_emptied(paths, known, full)
        if full or store.meta("encoder") not in (None, self.encoder.fingerprint):
            self._rebuild_all(paths, known)
        else:
            self._update(paths, known)
        with store.transaction():
            if self.report.removed or self.report.changed:
                store.drop_unused_vectors()
            store.set_meta("built_at", dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))
        counts = store.counts()
        self.report.articles, self.report.passages = counts.articles, counts.passages
        self.report.failures = store.failures()

    def _check_owner(self, full: bool) -> None:
        owner = self.store.meta("archive")
        if owner not in (None, str(self.archive)) and not full:
            raise IndexError_(
                f"Chỉ mục này được dựng từ kho “{owner}”, không phải “{self.archive}”. Hãy chọn thư mục "
                "khác bằng --index, hoặc thêm --full nếu kho đã chuyển sang chỗ mới."
            )

    def _check_not_emptied(self, paths: list[str], known: dict[str, FileState], full: bool) -> None:
        """A folder that is suddenly empty is a disk not mounted, more often than a wish."""
        if known and not paths and not full:
            raise IndexError_(
                f"Thư mục “{self.archive}” không còn tệp bài viết nào, trong khi chỉ mục đang có "
                f"{len(known)} tệp. Nếu đúng là muốn xóa hết, hãy thêm --full."
            )

    def _rebuild_all(self, paths: list[str], known: dict[str, FileState]) -> None:
        """In one transaction, so that a failure leaves the old index in service."""
        with self.store.transaction():
            generation = self._begin()
            gone = sorted(known.keys() - set(paths))
            self._remove(gone, generation)
            for done, path in enumerate(paths):
                self.progress("Đọc và nhúng bài viết", done, len(paths))
                self._take([(path, self._state(path))], generation, force=True)
            self.progress("Đọc và nhúng bài viết", len(paths), len(paths))

    def _update(self, paths: list[str], known: dict[str, FileState]) -> None:
        gone = sorted(known.keys() - set(paths))
        todo = self._changed_files(paths, known)
        for start in range(0, max(len(todo), 1), _BATCH_FILES):
            batch = todo[start : start + _BATCH_FILES]
            if not batch and not gone:
                break
            with self.store.transaction():
                generation = self._begin()
                self._remove(gone, generation)
                self._take(batch, generation)
            gone = []
            self.progress("Đọc và nhúng bài viết", start + len(batch), len(todo))

    def _begin(self) -> int:
        """The generation of this transaction, recorded with whose index this is."""
        generation = self.store.generation + 1
        self.store.set_meta("generation", str(generation))
        self.store.set_meta("archive", str(self.archive))
        self.store.set_meta("encoder", self.encoder.fingerprint)
        self.store.set_meta("encoder_name", self.encoder.name)
        self.store.set_meta("dimension", str(self.encoder.dimension))
        return generation

    def _changed_files(
        self, paths: list[str], known: dict[str, FileState]
    ) -> list[tuple[str, FileState]]:
        todo = []
        for path in paths:
            before = known.get(path)
            if before and _stat(self.archive / path) == (before.size, before.mtime_ns):
                self.report.unchanged_files += 1
                continue
            todo.append((path, self._state(path)))
        return todo

    def _state(self, path: str) -> FileState:
        file = self.archive / path
        size, mtime_ns = _stat(file)
        try:
            with open(file, "rb") as stream:
                return FileState(size, mtime_ns, hashlib.file_digest(stream, "sha256").hexdigest())
        except OSError:
            return FileState(size, mtime_ns, "")  # read_file tells why

    def _remove(self, paths: list[str], generation: int) -> None:
        for path in paths:
            for id in self.store.digests(path):
                self.store.remove_article(id, generation)
                self.report.removed += 1
            self.store.remove_file(path)

    def _take(
        self, files: list[tuple[str, FileState]], generation: int, force: bool = False
    ) -> None:
        contents = [read_file(self.archive, path) for path, _ in files]
        new = [
            (article, digest, self._split(article))
            for content, (path, _) in zip(contents, files, strict=True)
            for article, digest in self._new_articles(path, content, generation, force)
        ]
        keyed = [(a, d, [(p, self._key(a, p)) for p in passages]) for a, d, passages in new]
        self._embed({key: embedded_text(a, p) for a, _, ps in keyed for p, key in ps})
        for article, digest, passages in keyed:
            self.store.put_article(article, digest, passages, generation)
        for (path, state), content in zip(files, contents, strict=True):
            self.store.put_file(path, state, content.failures)

    def _new_articles(
        self, path: str, content: FileContent, generation: int, force: bool
    ) -> Iterator[tuple[Article, str]]:
        """Articles that differ from what is stored; those no longer in the file are removed."""
        before = self.store.digests(path)
        for gone in before.keys() - {a.id for a in content.articles}:
            self.store.remove_article(gone, generation)
            self.report.removed += 1
        for article in content.articles:
            digest = hashlib.sha256(repr(article).encode()).hexdigest()
            if before.get(article.id) == digest and not force:
                continue
            self.report.changed += article.id in before
            self.report.added += article.id not in before
            yield article, digest

    def _split(self, article: Article) -> list[Passage]:
        if self.encoder.max_tokens >= NO_LIMIT:
            return split_passages(article)
        try:
            return fit_passages(article, lambda texts: self._fits(article.title, texts))
        except ValueError as error:
            raise EncoderError(
                f"Mô hình {self.encoder.name} chỉ nhận {self.encoder.max_tokens} từ tố, quá ngắn cho "
                f"bài “{article.id}”. Hãy chọn mô hình khác bằng HOIBAO_MODEL."
            ) from error

    def _fits(self, title: str, texts: list[str]) -> bool:
        counts = self.encoder.count_tokens([f"{title}\n{text}" for text in texts])
        return max(counts, default=0) <= self.encoder.max_tokens

    def _key(self, article: Article, passage: Passage) -> bytes:
        text = f"{self.encoder.fingerprint}\0{embedded_text(article, passage)}"
        return hashlib.sha256(text.encode()).digest()[:16]

    def _embed(self, texts: dict[bytes, str]) -> None:
        known = self.store.known_keys(texts)
        missing = [key for key in texts if key not in known]
        for start in range(0, len(missing), _ENCODE_BATCH):
            keys = missing[start : start + _ENCODE_BATCH]
            vectors: Vectors = self.encoder.encode_passages([texts[k] for k in keys])
            self.store.put_vectors(dict(zip(keys, vectors, strict=True)))
            self.report.embedded += len(keys)
            self.progress("Nhúng đoạn văn", min(start + _ENCODE_BATCH, len(missing)), len(missing))


def embedded_text(article: Article, passage: Passage) -> str:
    """What the encoder sees: the title stands before every passage, outside its offsets."""
    return f"{article.title}\n{passage.text}"


def _stat(file: Path) -> tuple[int, int]:
    try:
        status = os.stat(file)
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns
