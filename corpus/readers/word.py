"""Word documents (.docx): paragraphs and tables in order, title, captions, properties.

Text boxes, footnotes and comments are left out; so is what a tracked change deleted. Macros are
never run, and nothing a document links to is fetched.
"""

import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from corpus.article import FileContent
from corpus.errors import UnreadableFile
from corpus.legacy import CONVERTERS, Legacy, is_unicode_only
from corpus.readers.fields import NO_CONTENT, article_of
from corpus.readers.packed import checked_office_file

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAX_DEPTH = 20  # tables in tables
_GENERIC_TITLE = re.compile(
    r"^(?:microsoft word - .*|document\d*|tài liệu\d*|untitled.*|word document|cộng h[òo][aà].*)$",
    re.I,
)
_TEMPLATE_AUTHOR = "python-docx"  # what its template says of every document


@dataclass(slots=True)
class _Parts:
    title: str = ""
    paragraphs: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)


def read_docx(data: bytes, path: str) -> FileContent:
    """One article. Its date is its date line, or else the day the document was made."""
    document = _open(data)
    parts = _Parts()
    styles = _Styles(document)
    _walk(document.element.body, styles, parts, 0)
    if not parts.paragraphs and not parts.captions:
        raise UnreadableFile(NO_CONTENT)
    title, author, created = _properties(document)
    article = article_of(
        {"author": author},
        path,
        path,
        parts.title or title or None,
        parts.paragraphs,
        parts.captions,
    )
    if article.date is None and created:
        article = article_of(
            {"author": author, "date": created}, path, path, parts.title or title or None,
            parts.paragraphs, parts.captions,
        )  # fmt: skip
    return FileContent([article], [])


def _open(data: bytes) -> Any:
    import docx

    names = checked_office_file(data).namelist()
    if "word/document.xml" not in names:
        raise UnreadableFile("tệp không phải văn bản Word")
    try:
        return docx.Document(io.BytesIO(data))
    except ValueError as error:
        if "macroEnabled" in str(error):
            raise UnreadableFile("tệp Word có macro; hãy lưu lại thành .docx") from error
        raise UnreadableFile("tệp Word hỏng, không mở được") from error
    except Exception as error:  # whatever a broken package makes the library raise
        raise UnreadableFile("tệp Word hỏng, không mở được") from error


def _properties(document: Any) -> tuple[str, str, dt.datetime | None]:
    try:
        core = document.core_properties
        title, author, created = core.title or "", core.author or "", core.created
    except Exception:  # a broken date or part costs the properties alone
        return "", "", None
    if author == _TEMPLATE_AUTHOR:
        author, created = "", None
    if isinstance(created, dt.datetime) and created.tzinfo is None:
        created = created.replace(tzinfo=dt.UTC)
    return ("" if _GENERIC_TITLE.match(title.strip()) else title.strip()), author.strip(), created


class _Styles:
    """Names and fonts of styles, looked up once each."""

    def __init__(self, document: Any) -> None:
        self._names: dict[str, str] = {}
        self._fonts: dict[str, str] = {}
        self._parents: dict[str, str] = {}
        for style in document.styles.element.iterchildren(f"{_W}style"):
            id = style.get(f"{_W}styleId", "")
            self._names[id] = _value(style.find(f"{_W}name")).lower()
            self._parents[id] = _value(style.find(f"{_W}basedOn"))
            self._fonts[id] = _font(style.find(f"{_W}rPr"))

    def name(self, paragraph: Any) -> str:
        """The style of a paragraph, in small letters: "caption", "heading 1", "title"."""
        id = _value(paragraph.find(f"{_W}pPr/{_W}pStyle"))
        return self._names.get(id, id).lower()

    def font(self, run: Any, paragraph: Any) -> str:
        """The font of a run, by itself, by its style or by that of its paragraph."""
        properties = run.find(f"{_W}rPr")
        direct = _font(properties)
        if direct:
            return direct
        style = _value(properties.find(f"{_W}rStyle")) if properties is not None else ""
        return self._inherited(style) or self._inherited(
            _value(paragraph.find(f"{_W}pPr/{_W}pStyle")) or "Normal"
        )

    def _inherited(self, id: str) -> str:
        for _ in range(10):  # a style can be based on itself
            if self._fonts.get(id):
                return self._fonts[id]
            id = self._parents.get(id, "")
        return ""


def _value(element: Any) -> str:
    return element.get(f"{_W}val", "") if element is not None else ""


def _font(properties: Any) -> str:
    fonts = properties.find(f"{_W}rFonts") if properties is not None else None
    return (fonts.get(f"{_W}ascii") or fonts.get(f"{_W}hAnsi") or "") if fonts is not None else ""


def _walk(parent: Any, styles: _Styles, parts: _Parts, depth: int) -> None:
    for element in parent.iterchildren():
        if element.tag == f"{_W}p":
            _take_paragraph(element, styles, parts)
        elif element.tag == f"{_W}tbl" and depth < _MAX_DEPTH:
            for row in element.iter(f"{_W}tr"):
                if _owner(row) is element:
                    _take_row(row, styles, parts, depth)
        elif element.tag == f"{_W}sdt" and depth < _MAX_DEPTH:  # a content control
            for content in element.iterchildren(f"{_W}sdtContent"):
                _walk(content, styles, parts, depth + 1)


def _owner(row: Any) -> Any:
    table = row.getparent()
    while table is not None and table.tag != f"{_W}tbl":
        table = table.getparent()
    return table


def _take_paragraph(element: Any, styles: _Styles, parts: _Parts) -> None:
    text = _text(element, styles)
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if not lines:
        return
    style = styles.name(element)
    if style in ("caption", "chú thích"):
        parts.captions += lines
    elif not parts.title and (style == "title" or (style == "heading 1" and not parts.paragraphs)):
        parts.title = " ".join(lines)
    else:
        parts.paragraphs += lines


def _take_row(row: Any, styles: _Styles, parts: _Parts, depth: int) -> None:
    """A row of facts is one line, "Tàu | Áo"; a row that lays out the page is its paragraphs."""
    cells = []
    for cell in row.iter(f"{_W}tc"):
        if next(cell.iterancestors(f"{_W}tr")) is row:
            inside = _Parts(title=" ")
            _walk(cell, styles, inside, depth + 1)
            cells.append(inside)
    parts.captions += [line for cell in cells for line in cell.captions]
    filled = [cell.paragraphs for cell in cells if cell.paragraphs]
    if len(filled) > 1 and all(len(lines) == 1 for lines in filled):
        parts.paragraphs.append(" | ".join(lines[0] for lines in filled))
    else:
        parts.paragraphs += [line for lines in filled for line in lines]


def _text(paragraph: Any, styles: _Styles) -> str:
    pieces = []
    for run in paragraph.iter(f"{_W}r"):
        if next(run.iterancestors(f"{_W}p")) is not paragraph:
            continue  # in a text box
        pieces.append(_in_unicode("".join(_characters(run)), styles.font(run, paragraph)))
    return "".join(pieces)


def _characters(run: Any) -> Iterator[str]:
    for child in run.iterchildren():
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif child.tag == f"{_W}tab":
            yield " "
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif child.tag == f"{_W}softHyphen":  # Word's reading of TCVN3's "ư"
            yield "\u00ad"


def _in_unicode(text: str, font: str) -> str:
    """What was typed in an old font, by the font's name; Unicode typed in it stays."""
    table = _table_of(font)
    if table is None or text.isascii() or is_unicode_only(text):
        return text
    # A symbol font keeps its characters in the private area.
    text = "".join(chr(ord(c) - 0xF000) if "\uf020" <= c <= "\uf0ff" else c for c in text)
    text = CONVERTERS[table](text)
    return text.upper() if table is Legacy.TCVN3 and font.upper().endswith("H") else text


def _table_of(font: str) -> Legacy | None:
    if font.lower().startswith(".vn"):
        return Legacy.TCVN3
    return Legacy.VNI if font.upper().startswith("VNI-") else None
