"""Questions written for this project about texts of the data folder; the texts themselves stay there.

``written.jsonl.xz`` has one a line: ``text`` names what it is about (``n2016:ID``, ``n2017:ROW``, or
``wiki:ROW#FIRST-LAST``, characters of a page), ``sentence`` and ``answer`` are where the answer stands in that
text (first and last character). A question without them is a near miss: about the text, but not
answered there.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from assistant.evaluation.questions import Asked
from embeddings.sets import Document, Row, read_rows

WRITTEN = Path(__file__).parent / "written.jsonl.xz"

_NEWS = {"n2016": "news-2016-2019.jsonl.xz", "n2017": "news-2017.jsonl.xz"}
_WIKI = "wiki-vi.jsonl.xz"
_SECTION = re.compile(r"wiki:(\d+)#(\d+)-(\d+)")


def read_written(data: Path, file: Path = WRITTEN) -> tuple[list[Asked], list[Document]]:
    """The questions, and the texts that they are about. Raises ValueError where a text is not the one that a
    question was written for."""
    rows = list(read_rows(file))
    texts = {document.id: document for document in _texts(data, {row["text"] for row in rows})}
    return [_asked(row, texts.get(row["text"])) for row in rows], list(texts.values())


def digest(text: str) -> str:
    """By which a text is known again."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _asked(row: Row, document: Document | None) -> Asked:
    if document is None or digest(document.text) != row["digest"]:
        raise ValueError(f"Not the text that these questions were written for: {row['text']}")
    answerable = "sentence" in row
    sentence, answer = (
        document.text[slice(*row[part])] if answerable else "" for part in ("sentence", "answer")
    )
    return Asked(
        row["question"], row["type"], (), frozenset({document.id} if answerable else ()),
        (answer,) if answerable else (), sentence, answerable, row["split"], document.id,
    )  # fmt: skip


def _texts(data: Path, wanted: set[str]) -> Iterator[Document]:
    for name, file in _NEWS.items():
        for number, row in enumerate(read_rows(data / file)):
            if (key := f"{name}:{row.get('id', number)}") in wanted:
                text = f"{row.get('abstract', '')}\n{row['body']}".strip()
                yield Document(key, row["title"], text)
    pages = dict(enumerate(read_rows(data / _WIKI)))
    for key in sorted(wanted):
        if section := _SECTION.fullmatch(key):
            page, first, last = map(int, section.groups())
            if page in pages:
                yield Document(key, pages[page]["title"], pages[page]["body"][first:last])


__all__ = ["WRITTEN", "digest", "read_written"]
