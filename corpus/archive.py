"""The archive: a folder of article files. Lists the files and reads them by their suffix."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus import readers
from corpus.article import Article
from corpus.encoding import decode
from corpus.errors import ArchiveError, UnreadableFile

SAMPLE_ARCHIVE = Path(__file__).parent / "articles"
MAX_BYTES = 512 * 1024 * 1024  # a larger file is no article, and would not fit in memory twice

_READERS: dict[str, Callable[[str, str], "readers.Rows"]] = {
    ".txt": readers.read_text,
    ".md": readers.read_markdown,
    ".html": readers.read_html,
    ".htm": readers.read_html,
    ".jsonl": readers.read_json_lines,
}
# Files people keep articles in and expect to be read; anything else (a logo, a LICENSE) is no article.
_UNSUPPORTED = frozenset(
    ".doc .docx .pdf .rtf .odt .xls .xlsx .csv .json .xml .epub .zip .rar .7z .eml .mht".split()
)


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be read, and why: ``path`` (with ``#row`` for one row), reason in Vietnamese."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class FileContent:
    """The articles of one file, and what of it could not be read."""

    articles: list[Article]
    failures: list[Failure]


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
            found += [os.path.join(folder, f) for f in files if _is_article_file(f)]
    except OSError as error:
        raise ArchiveError(
            f"Không đọc được thư mục “{error.filename}”: {error.strerror}."
        ) from error
    return sorted(_printable(Path(f).relative_to(archive).as_posix()) for f in found)


def _printable(path: str) -> str:
    """``path`` as text: no store, page or JSON holds a file name that is not UTF-8."""
    return os.fsencode(path).decode("utf-8", "replace")


def read_file(archive: Path, path: str) -> FileContent:
    """Read one file of the archive. What cannot be read is returned as failures, never raised."""
    try:
        articles, failures = _read(archive / path, path)
    except UnreadableFile as error:
        return FileContent([], [Failure(path, str(error))])
    except OSError as error:
        if "\ufffd" in path:  # put there by list_files
            return FileContent([], [Failure(path, "tên tệp không phải UTF-8; hãy đổi tên tệp")])
        return FileContent([], [Failure(path, f"không mở được tệp: {error.strerror}")])
    return FileContent(articles, [Failure(f"{path}#{row}", reason) for row, reason in failures])


def _read(file: Path, path: str) -> "readers.Rows":
    suffix = file.suffix.lower()
    if suffix not in _READERS:
        raise UnreadableFile(f"định dạng {suffix} chưa được hỗ trợ")
    if file.stat().st_size > MAX_BYTES:
        raise UnreadableFile(f"tệp lớn hơn {MAX_BYTES // 2**20} MB")
    text = decode(file.read_bytes())
    if not text.strip():
        raise UnreadableFile("tệp rỗng")
    return _READERS[suffix](text, path)


def _is_article_file(name: str) -> bool:
    suffix = os.path.splitext(name)[1].lower()
    return not name.startswith((".", "~$")) and (suffix in _READERS or suffix in _UNSUPPORTED)


def _raise(error: OSError) -> None:
    raise error
