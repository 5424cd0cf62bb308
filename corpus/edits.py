"""Title, date and source that a user has put right, kept beside the file they belong to.

The file itself is never touched. ``tin/bai.pdf`` has its corrections in ``tin/.hoibao/bai.pdf.json``, so
they travel with the folder and outlive every rebuild:

    {"": {"title": "…", "date": "2023-01-05", "source": "…"}, "#12": {"date": "", "of": "9f86d081884c7d65"}}

A key is what follows the path in an article's id. What is left out is as the file says; an empty
date is none. ``of`` is a fingerprint of the row's own text: rows are often named by their number, and a
correction must not slip to the next article when a row is put in. What no longer fits is a failure that
the user is told, like an unreadable row.
"""

import datetime as dt
import hashlib
import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from corpus.article import Article, Failure, FileContent
from corpus.placing import replace_file

FOLDER = ".hoibao"
MAX_CHARS = 500  # of a title or source
_MAX_BYTES = 8 * 2**20  # corrections of one file


@dataclass(frozen=True, slots=True)
class Edit:
    """What is put right of one article; None leaves a field as the file says.

    ``date`` is an ISO day, or "" for no date. ``of`` ties a row's correction to its text.
    """

    title: str | None = None
    date: str | None = None
    source: str | None = None
    of: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is put right."""
        return self.title is None and self.date is None and self.source is None


def sidecar(file: Path) -> Path:
    """Where the corrections of ``file`` are, if there are any."""
    return Path(sidecar_name(os.fspath(file)))


def sidecar_name(file: str) -> str:
    """The same for a path as text: it is asked for every file of an archive."""
    folder, name = os.path.split(file)
    return os.path.join(folder, FOLDER, f"{name}.json")


def read_edits(file: Path) -> dict[str, Edit]:
    """The corrections of a file by the rest of the article's id. Raises ValueError when they are damaged."""
    place = sidecar(file)
    try:
        if place.stat().st_size > _MAX_BYTES:
            raise ValueError("too large")
        found = json.loads(place.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ValueError(str(error)) from error
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return {str(key): _edit(value) for key, value in found.items()}


def write_edit(file: Path, key: str, edit: Edit) -> None:
    """Keep one correction, or forget it when it is empty. Raises ValueError, OSError."""
    edits = read_edits(file)
    edits.pop(key, None)
    if not edit.is_empty:
        edits[key] = edit
    place = sidecar(file)
    if not edits:
        place.unlink(missing_ok=True)
        return
    place.parent.mkdir(exist_ok=True)
    kept = {
        key: {name: value for name, value in asdict(one).items() if value is not None and name}
        for key, one in sorted(edits.items())
    }
    replace_file(place, json.dumps(kept, ensure_ascii=False, indent=1).encode() + b"\n")


def edited(archive: Path, path: str, content: FileContent) -> FileContent:
    """``content`` of the file ``path`` with its corrections; failures where they do not fit."""
    if not os.path.lexists(sidecar(archive / path)):
        return content
    try:
        edits = read_edits(archive / path)
    except ValueError:
        reason = f"tệp {FOLDER}/{Path(path).name}.json ghi thông tin đã sửa bị hỏng; hãy sửa lại hoặc xóa nó đi"
        return FileContent(content.articles, [*content.failures, Failure(path, reason)])
    articles, failures = [], list(content.failures)
    for article in content.articles:
        edit = edits.get(key_of(article))
        if edit and edit.of and edit.of != fingerprint(article):
            failures.append(Failure(article.id, _SLIPPED))
            edit = None
        articles.append(_applied(article, edit) if edit else article)
    return FileContent(articles, failures)


_SLIPPED = "thông tin đã sửa không còn khớp với bài ở dòng này nên không được dùng; hãy sửa lại"


def key_of(article: Article) -> str:
    """What follows the path in the id: "" where a file is one article."""
    return article.id.removeprefix(article.path)


def fingerprint(article: Article) -> str:
    """Of the article's own text; "" where its file is one article, whose text may be mended."""
    if not key_of(article):
        return ""
    return hashlib.sha256(article.text.encode()).hexdigest()[:16]


def _applied(article: Article, edit: Edit) -> Article:
    if edit.title is not None:
        article = replace(article, title=edit.title)
    if edit.source is not None:
        article = replace(article, source=edit.source)
    if edit.date is not None:
        day = dt.date.fromisoformat(edit.date) if edit.date else None
        article = replace(article, date=day, time=article.time if day == article.date else None)
    return article


def _edit(value: Any) -> Edit:
    """A correction as it was stored. Raises ValueError."""
    if not isinstance(value, dict):
        raise ValueError("not an object")
    texts = {name: value.get(name) for name in ("title", "date", "source")}
    if any(v is not None and not isinstance(v, str) for v in texts.values()):
        raise ValueError("not text")
    if any(len(v) > MAX_CHARS for v in texts.values() if v):
        raise ValueError("too long")
    if texts["date"]:
        dt.date.fromisoformat(texts["date"])
    return Edit(**texts, of=str(value.get("of", "")))


__all__ = ["FOLDER", "MAX_CHARS", "Edit", "edited", "fingerprint", "key_of", "read_edits", "sidecar", "sidecar_name", "write_edit"]  # fmt: skip
