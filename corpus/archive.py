"""The archive: a folder of article files. Lists the files and reads them by their suffix."""

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path

from corpus import readers
from corpus.article import Failure, FileContent
from corpus.edits import edited
from corpus.errors import ArchiveError, UnreadableFile

__all__ = ["MAX_BYTES", "SAMPLE_ARCHIVE", "Failure", "FileContent", "list_files", "read_file"]

SAMPLE_ARCHIVE = Path(__file__).parent / "articles"
MAX_BYTES = readers.MAX_BYTES
_REASONS = {
    errno.ENOENT: "tệp không còn ở đó",
    errno.EACCES: "không có quyền đọc",
    errno.EPERM: "không có quyền đọc",
    errno.ELOOP: "liên kết vòng tròn",
    errno.EINVAL: "không phải tệp thường (ống dẫn, ổ cắm hoặc thiết bị)",
    errno.EIO: "ổ đĩa báo lỗi đọc",
    errno.ENAMETOOLONG: "tên tệp quá dài",
    errno.ENOTDIR: "đường dẫn không phải thư mục",
}


def list_files(archive: Path) -> list[str]:
    """Paths of the article files, relative to ``archive`` with ``/``, sorted; hidden ones left out.

    Raises ArchiveError when the folder does not exist or cannot be listed.
    """
    if not archive.is_dir():
        raise ArchiveError(
            f"Không có thư mục bài viết “{archive}”. Hãy kiểm tra lại đường dẫn (--archive)."
        )
    found: list[str] = []
    try:
        # os.walk does not follow links to folders: an archive cannot contain itself.
        for folder, names, files in os.walk(archive, onerror=_raise):
            names[:] = [n for n in names if not n.startswith(".")]
            inside = Path(folder).relative_to(archive).as_posix()  # once, not for each of its files
            start = "" if inside == "." else f"{inside}/"
            found += [_printable(start + f) for f in files if readers.is_article_file(f)]
    except OSError as error:
        raise ArchiveError(
            f"Không đọc được thư mục “{error.filename}”: {_reason(error)}."
        ) from error
    return sorted(found)


def _printable(path: str) -> str:
    """``path`` as text: no store, page or JSON holds a file name that is not UTF-8."""
    return path if path.isascii() else os.fsencode(path).decode("utf-8", "replace")


def read_file(archive: Path, path: str) -> FileContent:
    """Read one file of the archive, with what the user has put right of it (``corpus.edits``).

    What cannot be read is returned as failures, never raised.
    """
    try:
        return edited(archive, path, readers.read(read_bytes(archive / path), path))
    except UnreadableFile as error:
        return FileContent([], [Failure(path, str(error))])
    except OSError as error:
        if "\ufffd" in path:  # put there by list_files
            return FileContent([], [Failure(path, "tên tệp không phải UTF-8; hãy đổi tên tệp")])
        return FileContent([], [Failure(path, f"không mở được tệp: {_reason(error)}")])
    except Exception as error:  # a reader's library met what it did not foresee; the others go on
        reason = f"tệp hỏng, không đọc được ({type(error).__name__})"
        return FileContent([], [Failure(path, reason)])


def read_bytes(file: Path) -> bytes:
    """All of ``file``. Raises OSError, or UnreadableFile when it is too large."""
    with open_regular(file) as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UnreadableFile(f"tệp lớn hơn {MAX_BYTES // 2**20} MB")
    return data


def open_regular(file: Path) -> BufferedReader:
    """Open ``file`` for reading. Raises OSError, instead of hanging, for what is no regular file."""
    if not stat.S_ISREG(file.stat().st_mode):  # opening a pipe waits for its writer
        raise OSError(errno.EINVAL, "không phải tệp thường", str(file))
    return file.open("rb")


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0, error.strerror or type(error).__name__)


def _raise(error: OSError) -> None:
    raise error
