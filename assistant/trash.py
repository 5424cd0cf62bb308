"""Deleted files, kept until somebody wants them back.

Each lies in a folder of its own under the state folder, ``thung-rac/<token>/``: the file, its
corrections, and ``info.json`` with the path it came from. Nothing is ever emptied by itself.
"""

import datetime as dt
import errno
import json
import re
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from corpus.edits import sidecar
from corpus.errors import ArchiveError
from corpus.placing import place_new, replace_file

FOLDER = "thung-rac"
_TOKEN = re.compile(r"\d{8}-\d{12}-[0-9a-f]{8}")
_FILE, _EDITS, _INFO = "tep", "sua.json", "info.json"


@dataclass(frozen=True, slots=True)
class Removed:
    """A deleted file: the token that takes it back, its path, the headline, and when (ISO, UTC)."""

    token: str
    path: str
    title: str
    at: str


class Trash:
    """The trash of one archive."""

    def __init__(self, archive: Path, state: Path) -> None:
        self.archive = archive
        self.folder = state / FOLDER

    def take(self, file: Path, path: str, title: str) -> Removed:
        """Move ``file`` here. Raises ArchiveError; then it is still where it was."""
        at = dt.datetime.now(dt.UTC)
        removed = Removed(
            f"{at:%Y%m%d-%H%M%S%f}-{secrets.token_hex(4)}", path, title, at.isoformat()
        )
        place = self.folder / removed.token
        facts = {"archive": str(self.archive), "path": path, "title": title, "at": removed.at}
        try:
            place.mkdir(parents=True, mode=0o700)
            replace_file(place / _INFO, json.dumps(facts, ensure_ascii=False).encode())
            if sidecar(file).is_file():
                shutil.copy2(sidecar(file), place / _EDITS)
            _move(file, place / _FILE)
        except OSError as error:
            shutil.rmtree(place, ignore_errors=True)
            raise ArchiveError(
                f"Không xóa được “{path}” ({error.strerror or error}); tệp vẫn ở chỗ cũ."
            ) from error
        sidecar(file).unlink(missing_ok=True)
        return removed

    def give_back(self, token: str) -> str:
        """Put a file back where it was. Raises ArchiveError."""
        removed = self._read(token)
        place = self.folder / token
        if removed is None:
            raise ArchiveError("Không có tệp ấy trong thùng rác: có lẽ đã lấy lại rồi.")
        target = self.archive / removed.path
        outside = Path(removed.path).is_absolute() or ".." in Path(removed.path).parts
        folders = target.parents[: len(Path(removed.path).parts) - 1]
        if outside or any(f.is_symlink() for f in folders):
            raise ArchiveError(
                f"Chỗ cũ của “{removed.path}” nay là một liên kết, nên không trả về được."
            )
        try:
            back = place_new(target.parent, target.name, (place / _FILE).read_bytes())
            shutil.copystat(place / _FILE, back)
            if (place / _EDITS).is_file():
                sidecar(back).parent.mkdir(exist_ok=True)
                replace_file(sidecar(back), (place / _EDITS).read_bytes())
        except OSError as error:
            raise ArchiveError(
                f"Không trả được “{removed.path}” về kho ({error.strerror or error})."
            ) from error
        shutil.rmtree(place, ignore_errors=True)
        return back.relative_to(self.archive).as_posix()

    def listing(self, most: int) -> list[Removed]:
        """What is here of this archive, newest first."""
        try:
            tokens = sorted((p.name for p in self.folder.iterdir()), reverse=True)
        except OSError:
            return []
        found: list[Removed] = []
        for token in tokens:
            if len(found) == most:
                break
            if removed := self._read(token):
                found.append(removed)
        return found

    def _read(self, token: str) -> Removed | None:
        if not _TOKEN.fullmatch(token):
            return None
        try:
            facts = json.loads((self.folder / token / _INFO).read_text(encoding="utf-8"))
            path, title, at = str(facts["path"]), str(facts["title"]), str(facts["at"])
            ours = facts["archive"] == str(self.archive) and (self.folder / token / _FILE).is_file()
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return Removed(token, path, title, at) if ours else None


def _move(file: Path, target: Path) -> None:
    """Across disks too: the copy is whole and on the disk before the file is gone."""
    try:
        file.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        replace_file(target, file.read_bytes())
        shutil.copystat(file, target)
        file.unlink()


__all__ = ["FOLDER", "Removed", "Trash"]
