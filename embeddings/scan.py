"""What became of each file of the archive since it was read: by time stamps first, by content where those differ.

What a user has put right (``corpus.edits``) counts as part of its file.

Like git, a file is not trusted that was young when it was read: a second change within the clock's
granularity leaves no trace in its stamps, so such a file is hashed once more the next time.
"""

import hashlib
import os
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from corpus.archive import open_regular
from corpus.edits import FOLDER, sidecar, sidecar_name
from corpus.progress import Progress, Step, silent
from embeddings.store import FileState

_SETTLES_NS = 2_000_000_000  # FAT keeps time to two seconds; the others are finer
_TOLD_EVERY = 500  # files between two signs of progress


@dataclass(slots=True)
class Scan:
    """Files by what has to be done with them; ``moved`` is (from, to). All sorted by path."""

    unchanged: int = 0
    touched: list[tuple[str, FileState]] = field(default_factory=list)  # same content, other stamps
    fresh: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    moved: list[tuple[str, str]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    @property
    def stale(self) -> int:
        """Files that a build would have to do something about."""
        return len(self.fresh) + len(self.changed) + len(self.moved) + len(self.gone)


def scan(
    archive: Path,
    paths: list[str],
    known: Mapping[str, FileState],
    orphans: Iterable[str] = (),
    *,
    unread: Iterable[str] = (),
    progress: Progress = silent,
) -> Scan:
    """Compare the files at ``paths`` with what is known of them.

    ``orphans``: paths that articles came from without their file being known; a build was stopped
    there. ``unread``: paths to read again whatever their stamps say.
    """
    result = Scan()
    again = set(unread)
    with closing(_Place(archive)) as place:
        for done, path in enumerate(paths):
            if done % _TOLD_EVERY == 0:
                progress(Step("Xem tệp nào đã đổi", done, len(paths)))
            before = known.get(path)
            if before is None:
                result.fresh.append(path)
            elif path in again:
                result.changed.append(path)
            elif before.settled and place.stamps(path) == _stamps(before):
                result.unchanged += 1
            else:
                state = read_state(archive / path)
                if state.sha256 and state.sha256 == before.sha256:
                    result.touched.append((path, state))
                else:
                    result.changed.append(path)
    result.gone = sorted((known.keys() | set(orphans)) - set(paths))
    _pair_moved(archive, result, known)
    return result


def _pair_moved(archive: Path, result: Scan, known: Mapping[str, FileState]) -> None:
    """A new file with the content of one that is gone is that one, moved."""
    lost: dict[tuple[int, str], list[str]] = defaultdict(list)
    for path in result.gone:
        if path in known and known[path].sha256:
            lost[known[path].size, known[path].sha256].append(path)
    sizes = {size for size, _ in lost}
    for path in list(result.fresh):
        if stamps(archive / path)[0] not in sizes:
            continue
        state = read_state(archive / path)
        if before := lost.get((state.size, state.sha256)):
            result.moved.append((before.pop(0), path))
    taken = {new for _, new in result.moved}
    left = {old for old, _ in result.moved}
    result.fresh = [p for p in result.fresh if p not in taken]
    result.gone = [p for p in result.gone if p not in left]


def read_state(file: Path) -> FileState:
    """Stamps and hash of a file; an empty hash when it cannot be read or changes meanwhile."""
    now = time.time_ns()
    before = stamps(file)
    try:
        with open_regular(file) as stream:
            digest = hashlib.file_digest(stream, "sha256")
        if corrections := _corrections(file):
            digest.update(corrections)
        sha256 = digest.hexdigest()
    except OSError:
        sha256 = ""  # read_file tells why
    if stamps(file) != before:
        sha256 = ""
    return FileState(*before, sha256, bool(sha256) and _is_settled(before, now))


def _corrections(file: Path) -> bytes:
    """What the user has put right of the file's articles, as stored beside it."""
    try:
        return sidecar(file).read_bytes()
    except FileNotFoundError:
        return b""


def confirmed(file: Path, state: FileState) -> FileState:
    """``state`` after the file was read as well: void when it changed in between."""
    if stamps(file) == _stamps(state):
        return state
    return FileState(*_stamps(state), "", False)


class _Place:
    """Looks at every file of an archive, folder by folder: by its name in an open folder, where the system can,
    and for corrections only where a folder has any."""

    def __init__(self, archive: Path) -> None:
        self._archive = os.fspath(archive)
        self._folder: str | None = None
        self._opened: int | None = None  # descriptor of the folder
        self._start = ""  # of a path to one of its files
        self._corrected = False

    def stamps(self, path: str) -> tuple[int, int, int]:
        """Those of a path relative to the archive."""
        folder, _, name = path.rpartition("/")
        if folder != self._folder:
            self._enter(folder)
        if self._corrected or self._opened is None:
            return stamps(self._start + name, corrected=self._corrected)
        try:
            own = os.stat(name, dir_fd=self._opened)
        except OSError:
            return 0, 0, 0
        return own.st_size, own.st_mtime_ns, own.st_ctime_ns

    def close(self) -> None:
        """Close the folder that was looked at last."""
        if self._opened is not None:
            os.close(self._opened)
        self._folder = self._opened = None

    def _enter(self, folder: str) -> None:
        self.close()
        place = Path(self._archive, folder)
        self._folder, self._start = folder, os.path.join(place, "")
        self._corrected = (place / FOLDER).is_dir()
        if os.stat in os.supports_dir_fd:
            with suppress(OSError):  # gone, or closed to us: its files are as well
                self._opened = os.open(place, os.O_RDONLY)


def stamps(file: str | Path, *, corrected: bool = True) -> tuple[int, int, int]:
    """Size, time of content and time of status, of the file and its corrections (where there may be any)
    together; zeros when there is no such file."""
    try:
        own = os.stat(file)
    except OSError:
        return 0, 0, 0
    if not corrected:
        return own.st_size, own.st_mtime_ns, own.st_ctime_ns
    try:
        beside = os.stat(sidecar_name(os.fspath(file)))
    except OSError:
        return own.st_size, own.st_mtime_ns, own.st_ctime_ns
    size = own.st_size + beside.st_size
    return size, max(own.st_mtime_ns, beside.st_mtime_ns), max(own.st_ctime_ns, beside.st_ctime_ns)


def _stamps(state: FileState) -> tuple[int, int, int]:
    return state[:3]


def _is_settled(stamped: tuple[int, int, int], now: int) -> bool:
    return max(stamped[1:]) + _SETTLES_NS < now
