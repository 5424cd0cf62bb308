"""PDF: the text layer, its lines healed into paragraphs. Scans and locked files say what they are."""

import io
import re
import time
from collections.abc import Iterator
from typing import Any

from corpus.article import FileContent
from corpus.errors import UnreadableFile
from corpus.readers.fields import MAX_ARTICLE_CHARS, article_of, clean
from corpus.readers.reflow import Line, reflow

_MAX_PAGES = 3_000
_MAX_SECONDS = 120  # a thousand pages take about 60 here
# A page of dense newsprint has 20,000 operators; more is a drawing or an attack.
_LIMITS: dict[str, Any] = {
    "stream_parsing_work_maximum_count": 600_000,
    "zlib_maximum_output_length": 32_000_000,
    "lzw_maximum_output_length": 32_000_000,
    "run_length_maximum_output_length": 32_000_000,
    "array_based_stream_maximum_output_length": 32_000_000,
    "xform_maximum_invocations_per_extraction": 500,
}
_GENERIC_TITLE = re.compile(
    r"^(?:microsoft word\b.*|untitled.*|document\d*|.*\.(?:docx?|html?|pdf|indd|pptx?|xlsx?|qxd|txt))$",
    re.I,
)
_UNREADABLE = re.compile("[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f]")
_SCAN = "PDF chỉ có ảnh quét, không có lớp chữ; hãy nhận dạng chữ (OCR) rồi lưu lại"
_BROKEN = "tệp PDF hỏng hoặc bị cắt cụt, không đọc được"


def read_pdf(data: bytes, path: str) -> FileContent:
    """One article. Its date is its date line: the day a PDF was made is no day of publication."""
    import pypdf

    with pypdf.apply_configuration(**_LIMITS):
        try:
            reader = pypdf.PdfReader(io.BytesIO(data))
            _unlock(reader)
            title, author = _properties(reader)
            pages = list(_pages(reader))
        except UnreadableFile:
            raise
        except Exception as error:  # whatever a broken file makes the library raise
            raise UnreadableFile(_BROKEN) from error
    paragraphs = clean(reflow(pages))
    _check_text(paragraphs)
    article = article_of({"author": author}, path, path, title or None, paragraphs)
    return FileContent([article], [])


def _unlock(reader: Any) -> None:
    """Many files have a password for changes alone, and open with an empty one."""
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableFile("tệp PDF có mật khẩu; hãy bỏ mật khẩu rồi lưu lại")


def _properties(reader: Any) -> tuple[str, str]:
    try:
        found = reader.metadata or {}
        title, author = str(found.get("/Title") or ""), str(found.get("/Author") or "")
    except Exception:  # broken properties cost themselves alone
        return "", ""
    title, author = " ".join(title.split()), " ".join(author.split())
    return ("" if _GENERIC_TITLE.match(title) else title), author


def _pages(reader: Any) -> Iterator[list[Line]]:
    started, chars, broken = time.monotonic(), 0, 0
    count = len(reader.pages)
    if count > _MAX_PAGES:
        raise UnreadableFile(f"PDF dài hơn {_MAX_PAGES} trang; hãy tách nhỏ")
    for number in range(count):
        if time.monotonic() - started > _MAX_SECONDS:
            raise UnreadableFile(f"đọc quá {_MAX_SECONDS} giây chưa xong; hãy tách nhỏ tệp PDF")
        try:
            lines = _lines(reader.pages[number])
        except Exception:  # a broken page; the others go on
            broken += 1
            continue
        chars += sum(len(line.text) for line in lines)
        if chars > MAX_ARTICLE_CHARS:
            raise UnreadableFile(f"bài dài hơn {MAX_ARTICLE_CHARS // 10**6} triệu ký tự")
        yield lines
    if broken == count:
        raise UnreadableFile(_BROKEN)


def _lines(page: Any) -> list[Line]:
    """Printed lines of a page, in the order they were written."""
    lines: list[Line] = []
    pieces: list[str] = []
    start: list[float] = []

    def flush() -> None:
        text = " ".join("".join(pieces).split())
        if text:
            lines.append(Line(text, *start))
        pieces.clear()
        start.clear()

    def visit(text: str, cm: list[float], tm: list[float], _font: Any, size: float) -> None:
        for i, part in enumerate(text.split("\n")):
            if i:
                flush()
            if part.strip() and not start:
                x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
                y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
                start.extend([x, y, abs(size * (tm[3] or 1) * (cm[3] or 1))])
            pieces.append(part)

    page.extract_text(visitor_text=visit)
    flush()
    return lines


def _check_text(paragraphs: list[str]) -> None:
    text = "".join(paragraphs)
    if not re.search(r"\w{2}", text):
        raise UnreadableFile(_SCAN)
    if len(_UNREADABLE.findall(text)) * 5 > len(text):
        raise UnreadableFile("PDF không cho biết chữ nào là chữ nào (phông thiếu bảng mã); cần OCR")
