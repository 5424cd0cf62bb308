"""Files read ahead of the writer by other processes: read, parted into passages, and signed.

That is two thirds of a build's work and needs neither the store nor the encoder. What comes back is
asked for in the order of the files, a bounded number ahead, so that memory does not grow and the
result is the one that a single process has. Where processes cannot be had, or one dies, the files
are read here.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from corpus.archive import FileContent, read_file
from corpus.article import Article, Passage
from corpus.passages import split_passages
from embeddings.bm25 import term_count
from embeddings.duplicates import Signature, signature
from embeddings.scan import confirmed, read_state
from embeddings.store import FileState

_WORTH_IT = 500  # files; fewer are read before a process has started
_TOGETHER = 16  # files to a task
_WAITING = 4  # tasks ahead, for each process
_MOST_PROCESSES = 8
_LARGEST = 1_000_000  # bytes; a table is read where it is needed, row after row of it
_LOOKS_UP = 2.0  # seconds between two looks at whether the parent still lives


@dataclass(frozen=True, slots=True)
class Parts:
    """What an article is stored as: its passages with their lengths in terms, and its signature."""

    passages: list[tuple[Passage, int]]
    signature: Signature | None


@dataclass(frozen=True, slots=True)
class Ready:
    """A file that was read. ``parts``: by article id, where they were worked out already."""

    state: FileState
    content: FileContent
    parts: dict[str, Parts] = field(default_factory=dict)


def read(archive: Path, path: str) -> Ready:
    """Read one file; its state is void when it changed meanwhile."""
    file = archive / path
    state = read_state(file)
    content = read_file(archive, path)
    return Ready(confirmed(file, state), content)


def parts_of(article: Article) -> Parts:
    """Passages for an encoder that takes texts of any length."""
    passages = [(p, term_count(article.title, p.text)) for p in split_passages(article)]
    return Parts(passages, signature(article))


def read_ahead(archive: Path, paths: Iterable[str]) -> Iterator[tuple[str, Ready]]:
    """Every file in the order given, read by other processes where that is worth it."""
    paths = list(paths)
    processes = min((os.cpu_count() or 1) - 1, _MOST_PROCESSES)
    if processes < 1 or len(paths) < _WORTH_IT:
        yield from ((path, read(archive, path)) for path in paths)
        return
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _follow_parent, (os.getpid(),))
    waiting: deque[tuple[list[str], Future[list[Ready]] | None]] = deque()
    tasks = _tasks(archive, paths)
    try:
        for task in tasks:
            waiting.append((task, _submit(pool, archive, task)))
            if len(waiting) > _WAITING * processes:
                yield from _done(archive, *waiting.popleft())
        while waiting:
            yield from _done(archive, *waiting.popleft())
    finally:
        pool.shutdown(cancel_futures=True)


def _tasks(archive: Path, paths: list[str]) -> Iterator[list[str]]:
    """Runs of small files; a large one is alone."""
    task: list[str] = []
    for path in paths:
        if _size(archive / path) > _LARGEST:
            if task:
                yield task
            yield [path]
            task = []
            continue
        task.append(path)
        if len(task) == _TOGETHER:
            yield task
            task = []
    if task:
        yield task


def _submit(
    pool: ProcessPoolExecutor, archive: Path, task: list[str]
) -> "Future[list[Ready]] | None":
    if len(task) == 1 and _size(archive / task[0]) > _LARGEST:
        return None
    try:
        return pool.submit(_read_all, archive, task)
    except RuntimeError:  # broken, or no process may be started
        return None


def _done(
    archive: Path, task: list[str], future: "Future[list[Ready]] | None"
) -> Iterator[tuple[str, Ready]]:
    try:
        found = future.result() if future else None
    except Exception:  # whatever became of the process: the files are still there
        found = None
    if found is None:
        yield from ((path, read(archive, path)) for path in task)
    else:
        yield from zip(task, found, strict=True)


def _read_all(archive: Path, paths: list[str]) -> list[Ready]:
    """In another process."""
    found = []
    for path in paths:
        ready = read(archive, path)
        parts = {article.id: parts_of(article) for article in ready.content.articles}
        found.append(Ready(ready.state, ready.content, parts))
    return found


def _follow_parent(parent: int) -> None:
    """A process whose parent was killed must not wait for work for ever."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOKS_UP)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


__all__ = ["Parts", "Ready", "parts_of", "read", "read_ahead"]
