"""What a build has to do, file by file: operations in an order that may be cut off anywhere."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from embeddings.ahead import Parts, Ready, read, read_ahead
from embeddings.changes import Forget, Operation, Read, differences, moves, removals
from embeddings.processes import Processes
from embeddings.scan import Scan
from embeddings.store import Reader


class Planner:
    """What has to be done, file by file. Reads; writes nothing."""

    def __init__(self, archive: Path, store: Reader | None, scan: Scan) -> None:
        self.archive = archive
        self.store = store
        self.scan = scan
        self.total = len(scan.touched) + len(scan.fresh) + len(scan.changed)
        self.total += len(scan.moved) + len(scan.gone)
        self.done = 0.0  # files, and of the one at hand the share of its articles
        self.path = ""
        self.parts: dict[str, Parts] = {}  # of the file at hand, by article id, where known
        self.articles = (0, 0)  # done and all of the file at hand

    def operations(self, processes: Processes) -> Iterator[Operation]:
        """In the order in which they may be written, whole or up to any point."""
        scan = self.scan
        for path, state in scan.touched:
            yield Read(path, state, None)
            self.done += 1
        for old, new in scan.moved:
            yield from self._file(new, read(self.archive, new), moved_from=old)
        fresh = sorted(scan.fresh + scan.changed)
        for path, ready in read_ahead(self.archive, fresh, processes):
            yield from self._file(path, ready)
        for path in scan.gone:
            yield from removals(self._digests(path))
            yield Forget(path)
            self.done += 1

    def _file(self, path: str, ready: Ready, moved_from: str = "") -> Iterator[Operation]:
        self.path, self.parts = path, ready.parts
        state, content = ready.state, ready.content
        there = self._digests(path)
        if content.failures and not content.articles and not state.sha256:
            yield Read(
                path, state, content.failures
            )  # cannot be opened now: nothing is known to be gone
            self.done += 1
            return
        if moved_from:
            steps = moves(content, moved_from, path, self._digests(moved_from), there)
        else:
            steps = differences(content, there)
        yield from self._counted(steps, len(content.articles))
        if moved_from:
            yield Forget(moved_from)
        yield Read(path, state, content.failures)

    def _counted(self, steps: Iterable[Operation], total: int) -> Iterator[Operation]:
        start = self.done
        for n, step in enumerate(steps, start=1):
            yield step
            self.articles = (n, max(n, total))
            self.done = start + min(n / max(total, 1), 1.0)
        self.done = start + 1

    def _digests(self, path: str) -> dict[str, tuple[str, str]]:
        return self.store.digests(path) if self.store else {}
