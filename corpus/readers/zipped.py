"""Zip files of articles. Nothing is unpacked to disk; names inside are names, never paths.

``kho.zip!/2024/tin.docx`` names the article of the entry ``2024/tin.docx`` in ``kho.zip``. A zip
inside a zip is refused.
"""

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace

from corpus.article import FileContent
from corpus.errors import UnreadableFile
from corpus.readers.fields import Collector
from corpus.readers.packed import open_zip, read_entry

Read = Callable[[bytes, str], FileContent]


def read_zip(data: bytes, path: str, read: Read, wanted: Callable[[str], bool]) -> FileContent:
    """The articles of a zip file; ``read(data, name)`` reads an entry that is ``wanted``."""
    found = Collector(path)
    packed = open_zip(data)
    entries = [(inner_name(e), e) for e in packed.infolist() if not e.filename.endswith("/")]
    entries = [
        (name, e)
        for name, e in sorted(entries, key=lambda pair: pair[0])
        if _is_visible(name) and wanted(name)
    ]
    if not entries:
        raise UnreadableFile("tệp nén không có bài viết nào")
    if all(e.flag_bits & 0x1 for _, e in entries):
        raise UnreadableFile("tệp nén có mật khẩu; hãy giải nén rồi để tệp vào kho")
    seen: set[str] = set()
    for name, entry in entries:
        try:
            if name in seen:
                raise UnreadableFile("trùng tên với một mục trước trong tệp nén")
            seen.add(name)
            content = read(read_entry(packed, entry), f"{path}!/{name}")
            for failure in content.failures:
                found.fail(failure.path.removeprefix(path), failure.reason)
            for article in content.articles:
                found.add(replace(article, path=path))
        except UnreadableFile as error:
            found.fail(f"!/{name}", str(error))
            if found.full:
                break
    return found.content()


def inner_name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry as a relative path with ``/``: no root, no drive, no ``..``."""
    name = entry.filename
    if not entry.flag_bits & 0x800:  # no Unicode flag: zipfile has read it as cp437
        name = _decoded(name)
    name = re.sub(r"^[A-Za-z]:", "", name.replace("\\", "/"))
    return "/".join(part for part in name.split("/") if part not in ("", ".", ".."))


def _decoded(name: str) -> str:
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "cp1258"):  # macOS; Windows Explorer in Vietnam
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _is_visible(name: str) -> bool:
    parts = name.split("/")
    return (
        "__MACOSX" not in parts
        and not any(p.startswith(".") for p in parts)
        and not parts[-1].startswith("~$")
    )
