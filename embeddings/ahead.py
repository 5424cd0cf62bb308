"""Files read ahead of the writer by other processes: read, parted into passages, and signed.

That is two thirds of a build's work and needs neither the store nor the encoder. What comes back is in
the order of the files, so that the result is the one that a single process has.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from corpus.archive import FileContent, read_file
from corpus.article import Article, Passage
from corpus.passages import split_passages
from embeddings.bm25 import term_count
from embeddings.duplicates import Signature, signature
from embeddings.processes import Processes
from embeddings.scan import confirmed, read_state
from embeddings.store import FileState

_WORTH_IT = 500  # files; fewer are read before a process has started
_TOGETHER = 16  # files to a task
_LARGEST = 1_000_000  # bytes; a table is read where it is needed, row after row of it


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


def read_ahead(
    archive: Path, paths: Iterable[str], processes: Processes
) -> Iterator[tuple[str, Ready]]:
    """Every file in the order given, read by other processes where that is worth it."""
    paths = list(paths)
    if len(paths) < _WORTH_IT:
        yield from ((path, read(archive, path)) for path in paths)
        return
    for task, found in processes.in_order(partial(_read_all, archive), _tasks(archive, paths)):
        if found is None:
            yield from ((path, read(archive, path)) for path in task)
        else:
            yield from zip(task, found, strict=True)


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


def _read_all(archive: Path, paths: list[str]) -> list[Ready] | None:
    """In another process; None for a large file."""
    if len(paths) == 1 and _size(archive / paths[0]) > _LARGEST:
        return None
    found = []
    for path in paths:
        ready = read(archive, path)
        parts = {article.id: parts_of(article) for article in ready.content.articles}
        found.append(Ready(ready.state, ready.content, parts))
    return found


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


__all__ = ["Parts", "Ready", "parts_of", "read", "read_ahead"]
