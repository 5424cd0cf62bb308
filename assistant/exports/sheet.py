"""Answers as CSV: a row for each sentence they cite."""

from collections.abc import Iterable, Iterator, Sequence

from assistant.exports.reference import confidence_word, day, quotation
from assistant.records.kept import Kept
from assistant.spreadsheet import csv_bytes

_HEADER = (
    "Câu hỏi", "Hiểu là", "Độ tin cậy", "Số", "Câu trích", "Tên bài", "Nguồn", "Ngày đăng", "Tác giả", "Người nói",
    "Mã bài", "Từ ký tự", "Đến ký tự", "Dòng dẫn",
)  # fmt: skip


def answers_csv(answers: Iterable[Kept]) -> bytes:
    """A row for each cited sentence; one that says so for a question without an answer."""
    return csv_bytes(_HEADER, (row for kept in answers for row in _rows(kept)))


def _rows(kept: Kept) -> Iterator[Sequence[object]]:
    resolved = kept.resolved if kept.resolved != kept.question else ""
    if not kept.answered:
        yield (kept.question, resolved, "", "", kept.note, *[""] * 9)
    for c in kept.citations:
        a = c.article
        yield (
            kept.question, resolved, confidence_word(kept.confidence), c.n, c.quote, a.title, a.source, day(a),
            a.author, c.speaker, a.id, c.start, c.end, quotation(c),
        )  # fmt: skip
