"""Mend what verify found, with what is still sound: nothing stored is embedded again.

Damaged articles are read again from the archive, damaged vectors embedded again, caches filled
from the store. A store that SQLite cannot read is replaced by one built beside it from the archive, with
whatever vectors the old one still gives.
"""

import threading
from dataclasses import dataclass, field
from pathlib import Path

from corpus.progress import Progress, silent
from embeddings import caches, versions
from embeddings.build import Job
from embeddings.changes import BuildReport
from embeddings.duplicates import signature
from embeddings.encoder import Encoder
from embeddings.lock import write_lock
from embeddings.store import Damaged, Store
from embeddings.store.values import ARTICLE, to_article
from embeddings.verify import Check, Findings, verify


@dataclass(slots=True)
class RepairReport:
    """What was done, in Vietnamese; the build it ended with, if any; and the checks afterwards."""

    actions: list[str] = field(default_factory=list)
    build: BuildReport | None = None
    checks: list[Check] = field(default_factory=list)


def repair(
    archive: Path,
    folder: Path,
    encoder: Encoder,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> RepairReport:
    """Mend the index in ``folder``. Raises ArchiveError, IndexError_ as ``build`` does."""
    progress, stop = progress or silent, stop or threading.Event()
    report = RepairReport()
    job = Job(archive.expanduser().absolute(), folder, encoder, progress)
    with write_lock(folder):
        found = verify(folder, progress)
        if not found.ok and not found.store:
            found.store = not _mend(folder, found, report, progress)
        if found.store:
            report.actions.append("Dựng lại toàn bộ từ kho bài viết, giữ các vectơ còn dùng được")
            job = Job(job.archive, folder, encoder, progress, salvage=True)
        if found.store or found.articles or found.vectors:
            report.build = job.run(stop)
    report.checks = verify(folder, progress).checks
    return report


def _mend(folder: Path, found: Findings, report: RepairReport, progress: Progress) -> bool:
    """In place; False when the store turns out to be past that."""
    version = versions.store_file(folder).parent
    try:
        store = Store(versions.store_in(version))
    except Damaged:
        return False
    try:
        with store.transaction():
            store.set_meta("unfinished", "1")  # the next build drops what is left over
            _mend_articles(store, found, report)
            if found.groups:
                _mend_groups(store)
                report.actions.append("Tính lại các nhóm bài trùng")
        if found.lengths or found.articles:
            with store.transaction(changes=False):
                total = store.query("SELECT coalesce(sum(length), 0) FROM passages")[0][0]
                store.set_meta("terms", str(total))
            report.actions.append("Đếm lại số từ ngữ")
        if found.caches:
            caches.write_caches(version, store, progress, anew=True)
            report.actions.append("Ghi lại chỉ mục vectơ và chỉ mục từ ngữ từ dữ liệu")
    except Damaged:
        return False
    finally:
        store.close()
    return True


def _mend_articles(store: Store, found: Findings, report: RepairReport) -> None:
    """Damaged articles, and those of damaged vectors, go, and their files count as unread."""
    for key in found.vectors:
        rows = store.query(
            "SELECT a.id FROM articles a JOIN passages p ON p.article = a.number WHERE p.key = ?",
            key,
        )
        found.articles.update(id for (id,) in rows)
        store.execute("DELETE FROM vectors WHERE key = ?", [key])
    paths: set[str] = set()
    for id in found.articles:
        paths.update(p for (p,) in store.query("SELECT path FROM articles WHERE id = ?", id))
        store.remove_article(id)
    for path in paths:
        store.remove_file(path)
    if found.articles:
        report.actions.append(f"Đọc lại {len(found.articles)} bài hỏng từ kho")
    if found.vectors:
        report.actions.append(f"Nhúng lại {len(found.vectors)} vectơ hỏng")


def _mend_groups(store: Store) -> None:
    store.groups.clear()
    for number, *row in store.query(
        f"SELECT a.number, {ARTICLE} FROM articles a ORDER BY a.number"
    ):
        made = signature(to_article(tuple(row)))
        if made is not None:
            store.groups.add(number, made)
