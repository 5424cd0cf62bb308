"""Archive, index and state in one file, and back. Consistent while the server runs.

A gzipped tar: ``hoibao.json`` first, then ``archive/…``, ``index/…``, ``state/…``. No build runs meanwhile (it waits
for the writer's lock), SQLite files are copied through SQLite. Sessions are left out: whoever signed out stays out.
"""

import io
import json
import os
import secrets
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assistant.settings import Settings
from corpus.errors import UserError
from embeddings.lock import write_lock

_VERSION = 1
_MANIFEST = "hoibao.json"
_SQLITE = (".db", ".sqlite3")
_LEFT_OUT = ("sessions.sqlite3", "lock", "lock.json")
_SIDES = ("-wal", "-shm", "-journal")
_WAITS = 600  # seconds for a build that runs


class BackupError(UserError):
    """A backup cannot be written, or not be put back."""


@dataclass(slots=True)
class Copied:
    """How much was copied."""

    files: int = 0
    bytes: int = 0


def back_up(settings: Settings, out: Path, *, force: bool = False) -> Copied:
    """Write everything into ``out``, whole or not at all. Raises BackupError, Locked."""
    out = out.expanduser().absolute()
    if out.exists() and not force:
        raise BackupError(f"Đã có “{out}”. Hãy chọn tên khác, hoặc thêm --force để ghi đè.")
    folders = _folders(settings)
    if not settings.archive.is_dir():
        raise BackupError(f"Không có thư mục bài viết “{settings.archive}” để sao lưu.")
    for folder in folders.values():
        if out.is_relative_to(folder):
            raise BackupError(f"Đừng ghi bản sao lưu vào trong “{folder}”; hãy chọn chỗ khác.")
    partial = out.with_name(f".{out.name}-{secrets.token_hex(4)}.partial")
    try:
        with write_lock(settings.index, wait=_WAITS):
            copied = _write(partial, folders)
        partial.replace(out)
    except (OSError, sqlite3.Error, tarfile.TarError) as error:
        raise BackupError(f"Không sao lưu được ({error}).") from error
    finally:
        partial.unlink(missing_ok=True)
    return copied


def put_back(settings: Settings, file: Path, *, force: bool = False) -> Copied:
    """Put back what ``back_up`` wrote, to where the settings say. Raises BackupError.

    Everything is unpacked beside what is there first; only a whole backup replaces it.
    """
    folders = _folders(settings)
    full = [folder for folder in folders.values() if _in_use(folder)]
    if full and not force:
        named = ", ".join(f"“{folder}”" for folder in full)
        raise BackupError(f"{named} đang có dữ liệu. Hãy thêm --force để thay bằng bản sao lưu.")
    staged: dict[str, Path] = {}
    try:
        for name, folder in folders.items():
            staged[name] = folder / f".hoibao-{secrets.token_hex(4)}.restore"
            staged[name].mkdir(parents=True, mode=0o700)
        with write_lock(settings.index, wait=1):
            copied = _unpack(file, staged)
            _tell_owner(staged["index"], settings.archive)
            for name, folder in folders.items():
                _replace(folder, staged[name])
    except (OSError, EOFError, tarfile.TarError, sqlite3.Error, ValueError) as error:
        raise BackupError(f"Không khôi phục được từ “{file}” ({error}).") from error
    finally:
        for place in staged.values():
            shutil.rmtree(place, ignore_errors=True)
    return copied


def _folders(settings: Settings) -> dict[str, Path]:
    return {"archive": settings.archive, "index": settings.index, "state": settings.state}


def _write(partial: Path, folders: dict[str, Path]) -> Copied:
    copied = Copied()
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with (
        os.fdopen(os.open(partial, flags, 0o600), "wb") as raw,
        tarfile.open(fileobj=raw, mode="w:gz") as tar,
    ):
        manifest = json.dumps({"format": "hoibao backup", "version": _VERSION}).encode()
        info = tarfile.TarInfo(_MANIFEST)
        info.size = len(manifest)
        tar.addfile(info, io.BytesIO(manifest))
        for name, folder in folders.items():
            for file in _files(folder, others=[f for f in folders.values() if f != folder]):
                _add(tar, file, f"{name}/{file.relative_to(folder).as_posix()}", copied)
        raw.flush()
    return copied


def _files(folder: Path, others: list[Path]) -> Iterator[Path]:
    """Regular files under ``folder``, in order; not those of another of the three that lies within it."""
    for place, folders, files in os.walk(folder):
        here = Path(place)
        folders[:] = sorted(
            f for f in folders if here / f not in others and not f.endswith(".restore")
        )
        for name in sorted(files):
            left_out = (name in _LEFT_OUT and here == folder) or name.endswith(
                (".partial", *_SIDES)
            )
            if not left_out and (here / name).is_file():
                yield here / name


def _add(tar: tarfile.TarFile, file: Path, name: str, copied: Copied) -> None:
    if file.suffix in _SQLITE and _is_sqlite(file):
        with tempfile.TemporaryDirectory() as place:
            copy = Path(place) / "copy"
            with (
                closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as source,
                closing(sqlite3.connect(copy)) as target,
            ):
                source.backup(target)
            _add_bytes(tar, copy, name, copied)
        return
    try:
        _add_bytes(tar, file, name, copied)
    except FileNotFoundError:  # it went away meanwhile
        return


def _add_bytes(tar: tarfile.TarFile, file: Path, name: str, copied: Copied) -> None:
    with file.open("rb") as stream:
        state = os.fstat(stream.fileno())
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = state.st_size, int(state.st_mtime), 0o600
        tar.addfile(info, stream)
    copied.files += 1
    copied.bytes += info.size


def _is_sqlite(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(16) == b"SQLite format 3\0"


def _unpack(file: Path, staged: dict[str, Path]) -> Copied:
    copied = Copied()
    free = min(shutil.disk_usage(place).free for place in staged.values())
    with tarfile.open(file, "r:gz") as tar:
        first = tar.next()
        manifest = tar.extractfile(first) if first and first.name == _MANIFEST else None
        if manifest is None or json.loads(manifest.read(4096)).get("version") != _VERSION:
            raise BackupError(f"“{file}” không phải bản sao lưu của Hỏi Báo.")
        while member := tar.next():
            copied.files += 1
            copied.bytes += member.size
            if copied.bytes > free:
                raise BackupError("Đĩa không đủ chỗ cho bản sao lưu này.")
            target = _target(member, staged)
            source = tar.extractfile(member)
            target.parent.mkdir(parents=True, exist_ok=True)
            if source is None:
                raise BackupError(f"“{file}” có mục lạ “{member.name}”.")
            with target.open("xb") as stream:
                shutil.copyfileobj(source, stream)
            os.utime(target, (member.mtime, member.mtime))
    return copied


def _target(member: tarfile.TarInfo, staged: dict[str, Path]) -> Path:
    """Where a member goes: a regular file inside one of the three folders, or it is refused."""
    path = PurePosixPath(member.name)
    strange = ".." in path.parts or str(path) != member.name or "\\" in member.name
    if (
        not member.isreg()
        or path.is_absolute()
        or strange
        or len(path.parts) < 2
        or path.parts[0] not in staged
    ):
        raise BackupError(
            f"Bản sao lưu có mục không an toàn: “{member.name[:200]}”. Không khôi phục gì."
        )
    return staged[path.parts[0]].joinpath(*path.parts[1:])


def _tell_owner(index: Path, archive: Path) -> None:
    """The index is of the archive where it lies now."""
    for store in index.glob("v*/store.db"):
        with closing(sqlite3.connect(store)) as db, db:
            db.execute("UPDATE meta SET value = ? WHERE key = 'archive'", [str(archive)])


def _in_use(folder: Path) -> bool:
    return folder.is_dir() and any(f.name not in _LEFT_OUT for f in folder.iterdir())


def _replace(folder: Path, staged: Path) -> None:
    """Put the children of ``staged`` in the place of those of ``folder``, which may be a mount point."""
    old = folder / f".hoibao-{secrets.token_hex(4)}.restore"
    old.mkdir(mode=0o700)
    for child in list(folder.iterdir()):
        if not child.name.endswith(".restore") and child.name not in _LEFT_OUT[1:]:
            child.rename(old / child.name)
    for child in list(staged.iterdir()):
        child.rename(folder / child.name)
    shutil.rmtree(old, ignore_errors=True)


__all__ = ["BackupError", "Copied", "back_up", "put_back"]
