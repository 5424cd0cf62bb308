"""One article a row: JSON lines, CSV and Excel. A broken row costs itself alone.

Text is decoded row by row, so that a file of a million articles is never held as one string.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from corpus.article import FileContent
from corpus.encoding import decode_lines
from corpus.errors import UnreadableFile
from corpus.readers.fields import MAX_ARTICLE_CHARS, Collector, column_of, row_article
from corpus.readers.packed import checked_office_file

_DELIMITERS = ",;\t|"
_HEADER_ROWS = 10  # the names of the columns stand among the first rows, under a heading at most
_MAX_COLUMNS = 256  # of a sheet; one cell at column 16,384 makes every row that wide
_MAX_EMPTY_ROWS = 5_000  # one after another: nothing follows
_BAD_BYTES = "dòng không đúng mã UTF-8"
_LONG_ROW = f"dòng dài hơn {MAX_ARTICLE_CHARS // 10**6} triệu ký tự"

Row = tuple[int, list[Any]]


def read_json_lines(data: bytes, path: str) -> FileContent:
    """One JSON object a line: ``title, abstract, body, date, source, url`` as far as known."""
    found = Collector(path)
    for number, line in enumerate(decode_lines(data), start=1):
        if not line.strip():
            continue
        try:
            found.add(row_article(_parse_row(line), path, str(number)))
        except UnreadableFile as error:
            found.fail(f"#{number}", str(error))
            if found.full:
                break
    return found.content()


def _parse_row(line: str) -> dict[str, Any]:
    if len(line) > 2 * MAX_ARTICLE_CHARS:
        raise UnreadableFile(_LONG_ROW)
    if has_bad_bytes(line):
        raise UnreadableFile(_BAD_BYTES)
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:  # ValueError: also a number of 5,000 digits
        raise UnreadableFile("dòng không phải JSON hợp lệ") from error
    if not isinstance(row, dict):
        raise UnreadableFile("dòng không phải một đối tượng JSON")
    return row


def has_bad_bytes(text: str) -> bool:
    """Whether ``decode_lines`` met bytes that are no UTF-8 here."""
    if text.isascii():
        return False
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def read_csv(data: bytes, path: str) -> FileContent:
    """A table with a row of column names; the delimiter is found out."""
    csv.field_size_limit(MAX_ARTICLE_CHARS)
    head = list(islice(decode_lines(data), 200))
    delimiter, skip = _delimiter(head)
    found = Collector(path)
    rows = _csv_rows(decode_lines(data), delimiter, skip, found)
    _take_table(rows, path, "", found)
    return found.content()


def _delimiter(head: list[str]) -> tuple[str, int]:
    """The delimiter, and the number of lines before the table."""
    if head and head[0].lower().startswith("sep=") and len(head[0].strip()) == 5:
        return head[0].strip()[4], 1  # Excel's own hint
    widths = {d: max((_known(row) for row in _parse(head, d)), default=(0, 0)) for d in _DELIMITERS}
    return max(widths, key=lambda d: widths[d]), 0


def _parse(head: list[str], delimiter: str) -> list[list[str]]:
    try:
        lines = (line + "\n" for line in head)
        return list(islice(csv.reader(lines, delimiter=delimiter), _HEADER_ROWS))
    except csv.Error:
        return []


def _known(names: Iterable[Any]) -> tuple[int, int]:
    """How many columns are recognised, and how many there are."""
    cells = [name for name in names if name]
    return len({column_of(name) for name in cells} - {None}), len(cells)


def _csv_rows(lines: Iterator[str], delimiter: str, skip: int, found: Collector) -> Iterator[Row]:
    reader = csv.reader((line + "\n" for line in islice(lines, skip, None)), delimiter=delimiter)
    while True:
        start = reader.line_num + 1 + skip
        try:
            yield start, next(reader)
        except StopIteration:
            return
        except csv.Error:
            found.fail(f"#{start}", f"{_LONG_ROW}, hoặc thiếu dấu nháy đóng")


def read_xlsx(data: bytes, path: str) -> FileContent:
    """Every sheet with a row of column names; ``path#sheet!row`` names the article."""
    import openpyxl

    checked_office_file(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except Exception as error:  # whatever a broken file makes the library raise
        raise UnreadableFile("tệp Excel hỏng, không mở được") from error
    found = Collector(path)
    reasons: list[str] = []
    tables = 0
    try:
        for sheet in book.worksheets:
            try:
                _take_table(_sheet_rows(sheet), path, f"{sheet.title}!", found)
                tables += 1
            except UnreadableFile as error:
                reasons.append(str(error))
            except Exception:  # a broken sheet; the others go on
                found.fail(f"#{sheet.title}", "trang tính hỏng, không đọc được hết")
    finally:
        book.close()
    content = found.content()
    if not tables and not content.failures:
        raise UnreadableFile(reasons[0] if reasons else "tệp Excel không có trang tính nào")
    return content


def _sheet_rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # a sheet may say that it is smaller than it is, or endless
    empty = 0
    for number, row in enumerate(sheet.iter_rows(max_col=_MAX_COLUMNS, values_only=True), start=1):
        if any(value is not None for value in row):
            empty = 0
            yield number, list(row)
            continue
        empty += 1
        if empty > _MAX_EMPTY_ROWS:
            return


def _take_table(rows: Iterator[Row], path: str, place: str, found: Collector) -> None:
    """Add the rows under the row of column names. Raises UnreadableFile when there is none."""
    names = _header(rows)
    for number, cells in rows:
        fields = {name: value for name, value in zip(names, cells, strict=False) if name}
        if not any(value not in (None, "") for value in cells):
            continue
        try:
            if any(isinstance(v, str) and has_bad_bytes(v) for v in fields.values()):
                raise UnreadableFile(_BAD_BYTES)
            found.add(row_article(fields, path, f"{place}{number}"))
        except UnreadableFile as error:
            found.fail(f"#{place}{number}", str(error))
            if found.full:
                return


def _header(rows: Iterator[Row]) -> list[str]:
    """Column names, recognised or not; of two columns for the same field the first counts."""
    seen: list[str] = []
    for _, cells in islice(rows, _HEADER_ROWS):
        columns = [column_of(cell) for cell in cells]
        filled = [" ".join(str(cell).split())[:30] for cell in cells if cell]
        # A heading above the table fills one cell of many.
        is_header = len(set(columns) - {None}) > 1 or len(filled) == len(cells)
        if is_header and ("body" in columns or "abstract" in columns):
            pairs = zip(cells, columns, strict=True)
            return [str(cell) if column else "" for cell, column in pairs]
        seen = seen or list(filter(None, filled))[:6]
    there = f" (đang có: {', '.join(seen)})" if seen else ""
    raise UnreadableFile(
        f"không thấy cột nội dung: bảng cần dòng tên cột, có “Nội dung” (body) và “Tiêu đề” (title){there}"
    )
