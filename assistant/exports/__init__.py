"""Answers with their sources, for use elsewhere: Markdown, Word and CSV, each line checkable."""

from assistant.exports.files import Exported, Format, export
from assistant.exports.reference import quotation, reference_line

__all__ = [
    "Exported", "Format", "export", "quotation", "reference_line",
]  # fmt: skip
