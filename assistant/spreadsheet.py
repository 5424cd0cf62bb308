"""A table as CSV for a spreadsheet: Vietnamese readable in Excel, and no cell that runs."""

import csv
import io
from collections.abc import Iterable, Sequence

from assistant.lookup import Found
from assistant.wording import format_date

MIME = "text/csv; charset=utf-8"
_STARTS = tuple("=+-@＝＋－＠|%\t\r\n")  # what a spreadsheet may take for a formula or a command


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with the mark that Excel looks for; text that looks like a formula gets a ``'`` before it."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([safe_cell(value) for value in row])
    return stream.getvalue().encode("utf-8-sig")


def found_csv(found: Found) -> bytes:
    """The hits of a look-up, one a row."""
    header = (
        "STT", "Ngày đăng", "Nguồn", "Nhan đề", "Đoạn văn", "Cũng đăng tại", "Tác giả", "Mã bài",
        "Ký tự đầu", "Ký tự cuối", "Liên kết",
    )  # fmt: skip
    rows = []
    for number, hit in enumerate(found.hits, start=found.start + 1):
        p, a = hit.passage, hit.passage.article
        also = "; ".join(
            " ".join(filter(None, [t.source or t.id, format_date(t.date)])) for t in hit.also
        )
        rows.append((
            number, a.date.isoformat() if a.date else "", a.source, a.headline, p.text, also, a.author, a.id,
            p.start, p.end, a.url,
        ))  # fmt: skip
    return csv_bytes(header, rows)


def safe_cell(value: object) -> object:
    """``value`` itself, or behind an apostrophe where it is text that a spreadsheet would run."""
    if isinstance(value, str) and value.lstrip(" \u00a0").startswith(_STARTS):
        return f"'{value}"
    return value


__all__ = ["MIME", "csv_bytes", "found_csv", "safe_cell"]
