"""Makes the documents the reader tests read: Word, Excel, PDF and zip files, from invented text."""

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import docx
import fpdf
import matplotlib
import openpyxl

# The one font with Vietnamese letters that comes with a package we have anyway.
FONT = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


def saved(document: Any) -> bytes:
    """A python-docx document or an openpyxl workbook as bytes."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def word(*paragraphs: str, font: str = "") -> bytes:
    """A Word document of plain paragraphs, typed in ``font``."""
    document = docx.Document()
    for text in paragraphs:
        run = document.add_paragraph().add_run(text)
        if font:
            run.font.name = font
    return saved(document)


def excel(sheets: dict[str, list[list[Any]]]) -> bytes:
    """A workbook with these sheets of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(book)


class Printed(fpdf.FPDF):
    """A printed paper: running head, page number at the foot."""

    head = ""

    def header(self) -> None:
        if self.head:
            self.set_font("DejaVu", size=8)
            self.cell(0, 6, self.head, new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("DejaVu", size=8)
        self.cell(0, 6, f"Trang {self.page_no()}", align="C")


def pdf(
    title: str, paragraphs: Iterable[str], head: str = "", encrypt: dict[str, Any] | None = None
) -> bytes:
    """A PDF of a title and paragraphs, each broken into lines at the page width."""
    page = Printed()
    page.head = head
    page.add_font("DejaVu", "", FONT)
    page.add_page()
    if title:
        page.set_font("DejaVu", size=18)
        page.multi_cell(0, 9, title)
        page.ln(4)
    page.set_font("DejaVu", size=11)
    for text in paragraphs:
        page.multi_cell(0, 6, text)
        page.ln(3)
    if encrypt:
        page.set_encryption(**encrypt)
    return bytes(page.output())


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file of these entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as packed:
        for name, data in entries.items():
            packed.writestr(name, data)
    return buffer.getvalue()
