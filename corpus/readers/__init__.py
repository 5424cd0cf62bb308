"""One reader for each format: the bytes of a file → its articles.

Every reader takes ``(data, path)`` and returns the articles and the failures of single rows, or
raises UnreadableFile when the whole file is of no use. The format is told by what the file begins
with, where that is certain, and else by its suffix: people name a saved page ``.doc``.
"""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass

from corpus.article import FileContent
from corpus.errors import UnreadableFile
from corpus.readers.packed import open_zip
from corpus.readers.pdf import read_pdf
from corpus.readers.plain import read_markdown, read_text
from corpus.readers.rows import read_csv, read_json_lines, read_xlsx
from corpus.readers.web import read_html
from corpus.readers.word import read_docx
from corpus.readers.zipped import read_zip

# What they find wrong with a file is said once, in Vietnamese, by the reader.
for _library in ("pypdf", "trafilatura", "htmldate", "openpyxl"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)

_MB = 2**20
MAX_BYTES = 256 * _MB  # a larger file is no article, and would not fit in memory a few times over


@dataclass(frozen=True, slots=True)
class _Format:
    read: Callable[[bytes, str], FileContent]
    max_bytes: int = MAX_BYTES


_TEXT = _Format(read_text, 24 * _MB)
_HTML = _Format(read_html, 64 * _MB)  # with its pictures inside
_PDF = _Format(read_pdf)
_DOCX = _Format(read_docx)
_XLSX = _Format(read_xlsx)
_ZIP = _Format(lambda data, path: read_zip(data, path, _read_entry, is_article_file))
_FORMATS = {
    ".txt": _TEXT,
    ".md": _Format(read_markdown, 24 * _MB),
    ".html": _HTML,
    ".htm": _HTML,
    ".jsonl": _Format(read_json_lines),
    ".csv": _Format(read_csv),
    ".docx": _DOCX,
    ".xlsx": _XLSX,
    ".pdf": _PDF,
    ".zip": _ZIP,
}
# Files people keep articles in and expect to be read; anything else (a logo, a LICENSE) is no article.
_UNSUPPORTED = {
    ".doc": "tệp Word cũ (.doc); hãy mở bằng Word hoặc LibreOffice rồi lưu thành .docx",
    ".xls": "tệp Excel cũ (.xls); hãy lưu lại thành .xlsx",
    ".rtf": "định dạng .rtf chưa được hỗ trợ; hãy lưu lại thành .docx",
    ".odt": "định dạng .odt chưa được hỗ trợ; hãy lưu lại thành .docx",
} | {
    suffix: f"định dạng {suffix} chưa được hỗ trợ"
    for suffix in ".docm .xlsm .json .xml .epub .rar .7z .eml .mht .mhtml".split()
}
_PROSE = (".txt", ".md", ".doc", ".xls", ".docx", ".pdf", ".rtf")  # may be a web page in truth
_MAGIC = (
    (b"\x89PNG", "ảnh"), (b"\xff\xd8\xff", "ảnh"), (b"GIF8", "ảnh"), (b"Rar!", "tệp nén RAR"),
    (b"7z\xbc\xaf", "tệp nén 7z"), (b"{\\rtf", "văn bản RTF"), (b"\x1f\x8b", "tệp nén gzip"),
    (b"ID3", "âm thanh"), (b"\x7fELF", "chương trình"), (b"MZ\x90", "chương trình"),
)  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


READABLE = frozenset(_FORMATS)  # suffixes, in lower case


def is_article_file(name: str) -> bool:
    """Whether a file of this name is looked into, if only to say that it cannot be read."""
    base = name.rpartition("/")[2]
    suffix = suffix_of(base)
    return not base.startswith((".", "~$")) and (suffix in _FORMATS or suffix in _UNSUPPORTED)


def suffix_of(name: str) -> str:
    """``Tin.TXT`` → ``.txt``"""
    return os.path.splitext(name)[1].lower()


def read(data: bytes, path: str) -> FileContent:
    """The articles of a file. Raises UnreadableFile with the reason when there are none to be had."""
    if not data or data.isspace():
        raise UnreadableFile("tệp rỗng")
    return _read(data, path, _format_of(data, suffix_of(path)))


def _read_entry(data: bytes, path: str) -> FileContent:
    """Like read, inside a zip."""
    if not data or data.isspace():
        raise UnreadableFile("tệp rỗng")
    found = _format_of(data, suffix_of(path))
    if found is _ZIP:
        raise UnreadableFile("tệp nén nằm trong tệp nén; hãy giải nén ra trước")
    return _read(data, path, found)


def _read(data: bytes, path: str, found: _Format) -> FileContent:
    if len(data) > found.max_bytes:
        raise UnreadableFile(f"tệp lớn hơn {found.max_bytes // _MB} MB")
    try:
        return found.read(data, path)
    except (MemoryError, RecursionError) as error:
        raise UnreadableFile("tệp quá lớn hoặc lồng quá sâu, không đọc được") from error


def _format_of(data: bytes, suffix: str) -> _Format:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"%PDF-"):
        return _PDF
    if head.startswith(b"PK\x03\x04"):
        return _container(data, suffix)
    if suffix in _PROSE and head[:15].lower().startswith((b"<!doctype html", b"<html")):
        return _HTML
    _refuse_binary(data, head)
    if suffix in _UNSUPPORTED:
        raise UnreadableFile(_UNSUPPORTED[suffix])
    return _FORMATS[suffix]


def _container(data: bytes, suffix: str) -> _Format:
    names = set(open_zip(data).namelist())
    if "word/document.xml" in names:
        return _DOCX
    if "xl/workbook.xml" in names:
        return _XLSX
    if "mimetype" in names or "[Content_Types].xml" in names:  # .odt, .epub, .pptx
        raise UnreadableFile("định dạng này chưa được hỗ trợ; hãy lưu lại thành .docx hoặc .pdf")
    return _FORMATS[suffix] if suffix in (".docx", ".xlsx") else _ZIP


def _refuse_binary(data: bytes, head: bytes) -> None:
    if head.startswith(_OLE):
        if b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in data:
            raise UnreadableFile("tệp có mật khẩu; hãy bỏ mật khẩu rồi lưu lại")
        raise UnreadableFile("tệp Word hoặc Excel đời cũ; hãy lưu lại thành .docx hoặc .xlsx")
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise UnreadableFile(f"nội dung là {what}, không phải bài viết")
