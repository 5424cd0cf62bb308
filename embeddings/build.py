"""Build: bring the index up to what the archive folder holds now.

Files whose time stamps stand are not opened, those with the same content are not read into the
store, unchanged articles keep their passages, and a passage is embedded only when its text is new
to this encoder. The caches (FAISS, tantivy) replay the log at the end.
"""

import sqlite3
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.archive import Failure, list_files
from corpus.errors import IndexError_
from corpus.progress import Progress, Step, silent
from embeddings import caches, versions
from embeddings.builder import Builder, now
from embeddings.changes import BuildReport, Change, Kind, Put, Read, Remove, Update
from embeddings.donor import Donors
from embeddings.encoder import Encoder
from embeddings.lock import write_lock
from embeddings.milvus import Address
from embeddings.planner import Planner
from embeddings.processes import Processes
from embeddings.scan import Scan, scan
from embeddings.shards import Shard
from embeddings.store import Damaged, Reader, Store, WrongFormat


def build(
    archive: Path,
    folder: Path,
    encoder: Encoder,
    progress: Progress | None = None,
    *,
    full: bool = False,
    dry_run: bool = False,
    stop: threading.Event | None = None,
    vectors: str | None = None,
    shard: Shard | None = None,
    parts: Sequence[Path] = (),
) -> BuildReport:
    """Bring the index in ``folder`` up to date with ``archive``.

    ``vectors`` is where dense search is: "" on this machine, or ``milvus+http://…`` (embeddings.milvus).
    ``shard``: only that part of the files; ``parts``: index folders whose vectors are taken (embeddings.shards).
    ``full`` reads everything anew; like another encoder or format it builds beside the index in
    service and switches when it is whole. ``dry_run`` only reports. Once ``stop`` is set, the build
    ends within seconds with what it has committed, and the next one goes on from there.

    Raises ArchiveError when the archive cannot be listed, IndexError_ when another build runs, the
    disk is full, or the index belongs to another archive (``full`` takes it over).
    """
    started = time.monotonic()
    archive = archive.expanduser().absolute()
    job = Job(
        archive, folder, encoder, progress or silent, full,
        vectors=vectors, shard=shard, parts=tuple(parts),
    )  # fmt: skip
    if dry_run:
        report = job.plan()
    else:
        with write_lock(folder):
            report = job.run(stop or threading.Event())
    report.seconds = time.monotonic() - started
    return report


@dataclass(frozen=True, slots=True)
class Target:
    """Which version to write: the one in service, or one beside it and why. ``donor``: its vectors."""

    version: Path | None
    reason: str = ""
    donor: Path | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One build, as it was asked for."""

    archive: Path
    folder: Path
    encoder: Encoder
    progress: Progress
    full: bool = False
    vectors: str | None = None  # where dense search is: "" here, or in Milvus; None: as it was
    shard: Shard | None = None
    parts: tuple[Path, ...] = ()
    salvage: bool = False  # a damaged store may be replaced: repair says so

    def run(self, stop: threading.Event) -> BuildReport:
        """Write. For the holder of the write lock."""
        paths = self._paths()
        target = self._target(paths)
        version = self._open_version(target)
        old = [target.donor] if target.donor else []
        donor = Donors([*old, *map(versions.store_file, self.parts)], self.encoder)
        try:
            report = self._write(version, paths, donor, stop, target.reason)
        except (OSError, sqlite3.OperationalError) as error:
            raise IndexError_(
                f"Không ghi được chỉ mục ở “{self.folder}”: {error}. Chỉ mục cũ vẫn dùng được; hãy dọn "
                "chỗ trống hoặc kiểm tra quyền ghi rồi chạy lại để làm tiếp."
            ) from error
        finally:
            donor.close()
        if version.suffix == ".partial" and not report.stopped:
            caches.drop_others(versions.switch(version))
        return report

    def plan(self) -> BuildReport:
        """Report what ``run`` would do. Writes nothing, takes no lock."""
        paths = self._paths()
        target = self._target(paths)
        store = Reader(versions.store_in(target.version)) if target.version else None
        try:
            known = store.files() if store else {}
            found = scan(
                self.archive, paths, known, store.orphans() if store else (), progress=self.progress
            )
            report = _planned(Planner(self.archive, store, found), self.progress)
        finally:
            if store:
                store.close()
        report.rebuilt = target.reason
        report.unchanged_files = found.unchanged + len(found.touched)
        report.rehashed_files = len(found.touched)
        return report

    def _paths(self) -> list[str]:
        paths = list_files(self.archive)
        return [p for p in paths if self.shard.holds(p)] if self.shard else paths

    def _target(self, paths: list[str]) -> Target:
        """Which version to write. Raises IndexError_ when that could not be meant."""
        current = versions.current(self.folder)
        if current is None:
            return Target(None)
        file = versions.store_in(current)
        try:
            store = Reader(file)
        except WrongFormat as error:
            self._check_not_emptied(paths, None)
            return Target(None, str(error).partition(". Hãy")[0], file)
        except Damaged:
            if not self.salvage:
                raise
            self._check_not_emptied(paths, None)
            return Target(None, "chỉ mục cũ bị hỏng", file)
        try:
            return self._target_beside(store, current, paths)
        finally:
            store.close()

    def _target_beside(self, store: Reader, current: Path, paths: list[str]) -> Target:
        made_by, file = store.meta("encoder"), store.file
        if self.salvage:
            self._check_not_emptied(paths, None)
            return Target(None, "chỉ mục cũ bị hỏng", file)
        self._check_owner(store)
        self._check_shard(store)
        self._check_not_emptied(paths, store.file_count())
        if made_by not in (None, self.encoder.fingerprint):
            reason = f"mô hình nhúng đổi từ {store.meta('encoder_name')} ({made_by}) sang {self.encoder.name}"
            return Target(None, f"{reason} ({self.encoder.fingerprint})", file)
        if self.full and made_by is not None:
            return Target(None, "dựng lại từ đầu (--full)", file)
        return Target(current)

    def _open_version(self, target: Target) -> Path:
        """The folder to write in; a version begun earlier for the same purpose is gone on with."""
        if target.version:
            versions.clean(self.folder, keep=target.version)
            return target.version
        begun = versions.partial(self.folder)
        if begun and target.reason and self._is_ours(begun, target.reason):
            return begun
        current = versions.current(self.folder)
        if current:
            versions.clean(self.folder, keep=current)
        return versions.begin(self.folder, beside=current is not None)

    def _is_ours(self, version: Path, reason: str) -> bool:
        try:
            store = Reader(versions.store_in(version))
        except IndexError_:
            return False
        facts = [store.meta(k) for k in ("archive", "encoder", "reason")]
        store.close()
        return facts == [str(self.archive), self.encoder.fingerprint, reason]

    def _write(
        self, version: Path, paths: list[str], donor: Donors, stop: threading.Event, reason: str
    ) -> BuildReport:
        store = Store(versions.store_in(version))
        try:
            was_unfinished = bool(store.meta("unfinished"))
            self._sign(store, reason)
            found = scan(
                self.archive, paths, store.files(), store.orphans(), progress=self.progress
            )
            with Processes() as processes:
                builder = Builder(store, self.encoder, donor, self.progress, stop, processes)
                builder.run(Planner(self.archive, store, found))
                self._finish(store, builder.report, found, was_unfinished)
                caches.write_caches(version, store, self.progress, processes)
        finally:
            store.close()
        builder.report.rebuilt = reason
        return builder.report

    def _sign(self, store: Store, reason: str) -> None:
        """Whose index this is, and by which encoder, before the first article is in it."""
        facts = {
            "archive": str(self.archive), "encoder": self.encoder.fingerprint,
            "encoder_name": self.encoder.name, "dimension": str(self.encoder.dimension),
            "reason": reason, "shard": str(self.shard or ""),
        }  # fmt: skip
        if self.vectors is not None:
            facts["vectors"] = self.vectors
            if self.vectors:
                Address.of(self.vectors)
        if any(store.meta(key) != value for key, value in facts.items()):
            with store.transaction(changes=False):
                for key, value in facts.items():
                    store.set_meta(key, value)

    def _finish(self, store: Store, report: BuildReport, found: Scan, was_unfinished: bool) -> None:
        with store.transaction(changes=False):
            store.drop_unused_vectors(everywhere=was_unfinished)
            if report.stopped:  # perhaps before the first batch was begun
                store.set_meta("unfinished", "1")
            else:
                store.set_meta("built_at", now())
                store.set_meta("unfinished", "")
        counts = store.counts()
        report.articles, report.passages = counts.articles, counts.passages
        report.unchanged_files = found.unchanged + len(found.touched)
        report.rehashed_files = len(found.touched)
        report.failures = store.failures()

    def _check_owner(self, store: Reader) -> None:
        owner = store.meta("archive")
        if owner not in (None, str(self.archive)) and not self.full:
            raise IndexError_(
                f"Chỉ mục này được dựng từ kho “{owner}”, không phải “{self.archive}”. Hãy chọn thư mục "
                "khác bằng --index, hoặc thêm --full nếu kho đã chuyển sang chỗ mới."
            )

    def _check_shard(self, store: Reader) -> None:
        """A part never takes the place of the whole, nor of another part."""
        there = store.meta("shard") or ""
        if self.shard and there != str(self.shard):
            has = f"phần {there}" if there else "cả kho"
            raise IndexError_(
                f"Chỉ mục “{self.folder}” là của {has}, không phải phần {self.shard}. Hãy chọn thư mục khác "
                "bằng --index."
            )

    def _check_not_emptied(self, paths: list[str], known: int | None) -> None:
        """A folder that is suddenly empty is a disk not mounted, more often than a wish."""
        if self.shard:
            return
        if known != 0 and not paths and not self.full:
            raise IndexError_(
                f"Thư mục “{self.archive}” không còn tệp bài viết nào, trong khi chỉ mục đang có "
                f"{known if known is not None else 'nhiều'} tệp. Nếu đúng là muốn xóa hết, hãy thêm --full."
            )


def _planned(planner: Planner, progress: Progress) -> BuildReport:
    report = BuildReport(dry_run=True)
    with Processes() as processes:
        for operation in planner.operations(processes):
            if isinstance(operation, Put | Update | Remove):
                report.count(operation.change)
            elif isinstance(operation, Read) and operation.failures:
                report.failures += operation.failures
            progress(Step("Xem sẽ làm gì", int(planner.done), planner.total))
    return report


__all__ = ["BuildReport", "Change", "Failure", "Job", "Kind", "Progress", "build", "write_lock"]
