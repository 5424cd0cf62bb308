"""Putting a file into a folder: under a name that is safe and free, whole or not at all."""

import os
import re
import secrets
import unicodedata
from itertools import count
from pathlib import Path

_MAX_NAME = 180  # bytes of UTF-8; file systems take 255, and a number may follow
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.I)  # on Windows, whatever the suffix


def safe_name(name: str) -> str:
    """A file name that stands for itself on every system: no folder, no hidden file, no control character.

    ``../../Tin.TXT`` → ``Tin.txt``; "" where nothing of a name is left.
    """
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    base = base.encode("utf-8", "replace").decode()
    stem, dot, suffix = _FORBIDDEN.sub(" ", base).strip(" .").rpartition(".")
    stem, suffix = (stem, dot + suffix.lower()) if dot else (suffix, "")
    stem = _fitting(" ".join(stem.split()).strip(" ."))
    if _RESERVED.match(stem):
        stem += "_"
    return stem + suffix if stem else ""


def _fitting(stem: str) -> str:
    return stem.encode()[:_MAX_NAME].decode("utf-8", "ignore").rstrip(" .")


def place_new(folder: Path, name: str, data: bytes) -> Path:
    """Write ``data`` as a new file of that name, or with a number where the name is taken: nothing is
    ever overwritten. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    partial = _written(folder, data)
    try:
        return _linked(partial, folder, name)
    finally:
        partial.unlink(missing_ok=True)


def _linked(partial: Path, folder: Path, name: str) -> Path:
    stem, suffix = os.path.splitext(name)
    for number in count(1):
        target = folder / (name if number == 1 else f"{stem} ({number}){suffix}")
        try:
            os.link(partial, target)
        except FileExistsError:
            continue
        except OSError:  # a file system without links: take the name first
            try:
                target.touch(exist_ok=False)
            except FileExistsError:
                continue
            partial.replace(target)
        return target
    raise AssertionError("unreachable")


def replace_file(target: Path, data: bytes) -> None:
    """Write ``target`` anew: readers see the old bytes or the new ones. Raises OSError."""
    partial = _written(target.parent, data)
    try:
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _written(folder: Path, data: bytes) -> Path:
    """A hidden file, which no build looks into, with ``data`` on the disk."""
    partial = folder / f".hoibao-{secrets.token_hex(6)}.partial"
    try:
        with partial.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return partial


__all__ = ["place_new", "replace_file", "safe_name"]
