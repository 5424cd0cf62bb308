"""One answer, or all of a conversation, as a file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.exports.markdown import markdown
from assistant.exports.sheet import answers_csv
from assistant.exports.word import word
from assistant.records.kept import Kept
from corpus.text import fold

_NAME = 50  # characters of a file name


class Format(StrEnum):
    """What can be written; the value is the file's ending."""

    MARKDOWN = "md"
    WORD = "docx"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Exported:
    """A file to save."""

    name: str
    mime: str
    data: bytes


_MIME = {
    Format.MARKDOWN: "text/markdown;charset=utf-8",
    Format.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.CSV: "text/csv;charset=utf-8",
}


def export(title: str, answers: Sequence[Kept], format: Format) -> Exported:
    """``answers`` under ``title``, which also names the file."""
    match format:
        case Format.MARKDOWN:
            data = markdown(title, answers).encode()
        case Format.WORD:
            data = word(title, answers)
        case Format.CSV:
            data = answers_csv(answers)
    slug = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:_NAME].rstrip("-") or "tra-loi"
    return Exported(f"hoi-bao-{slug}.{format.value}", _MIME[format], data)
