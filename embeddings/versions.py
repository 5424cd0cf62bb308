"""Versions of an index: folders ``v1``, ``v2`` … of which the highest is in service.

An index for another encoder or format, or one made anew (``--full``), is built in ``vN.partial``
beside the one in service and renamed when it is whole: nothing else has to be changed with it, so
no moment shows half of it, and one that failed or was stopped can be gone on with.
"""

import contextlib
import re
import shutil
from pathlib import Path

_NAME = re.compile(r"v(\d+)(\.partial)?")
_BEFORE_VERSIONS = ("store.db*", "vectors-*", "terms")  # format 1 lay in the folder itself


def current(folder: Path) -> Path | None:
    """The version in service, or none; an index of format 1 is ``folder`` itself."""
    whole = [p for p in _versions(folder) if p.suffix != ".partial" and store_in(p).is_file()]
    if whole:
        return whole[-1]
    return folder if store_in(folder).is_file() else None


def partial(folder: Path) -> Path | None:
    """The version that is being built beside the one in service, or none."""
    found = [p for p in _versions(folder) if p.suffix == ".partial" and store_in(p).is_file()]
    return found[-1] if found else None


def store_in(version: Path) -> Path:
    """The SQLite file of a version."""
    return version / "store.db"


def store_file(folder: Path) -> Path:
    """The SQLite file of the index in ``folder``: of the version in service, or of the first to be."""
    return store_in(current(folder) or folder / "v1")


def begin(folder: Path, *, beside: bool) -> Path:
    """An empty folder for a new version."""
    highest = max((_number(p) for p in _versions(folder)), default=0)
    version = folder / f"v{highest + 1}{'.partial' if beside else ''}"
    version.mkdir(parents=True)
    return version


def switch(version: Path) -> Path:
    """Put a whole ``vN.partial`` in service, and remove the others."""
    final = version.with_suffix("")
    version.rename(final)
    clean(final.parent, keep=final)
    return final


def clean(folder: Path, keep: Path) -> None:
    """Remove every other version. What a reader holds open may stay until the next time (Windows)."""
    for other in _versions(folder):
        if other != keep:
            shutil.rmtree(other, ignore_errors=True)
    if keep != folder:
        for pattern in _BEFORE_VERSIONS:
            for path in folder.glob(pattern):
                _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink()


def _versions(folder: Path) -> list[Path]:
    """Version folders, oldest first."""
    try:
        found = [p for p in folder.iterdir() if _NAME.fullmatch(p.name) and p.is_dir()]
    except OSError:
        return []
    return sorted(found, key=_number)


def _number(version: Path) -> int:
    match = _NAME.fullmatch(version.name)
    return int(match[1]) if match else 0
