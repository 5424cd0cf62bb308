"""The values that travel: Article, Sentence, Passage. All offsets count characters of Article.text."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Article:
    """One article of the archive.

    ``text`` is what can be cited: the body, then the photo captions, each paragraph as printed,
    joined by blank lines. ``text[:body_end]`` is the body alone. Title, date line, source tag and
    byline are told apart and are not part of it.

    ``id`` is the path relative to the archive, or ``path#row`` for a row of a table.
    """

    id: str
    path: str
    title: str
    text: str
    body_end: int
    date: dt.date | None = None
    time: dt.time | None = None
    source: str = ""
    author: str = ""
    url: str = ""

    @property
    def body(self) -> str:
        """The text without the captions."""
        return self.text[: self.body_end]


@dataclass(frozen=True, slots=True)
class Sentence:
    """``text[start:end]``, without the white space around it."""

    start: int
    end: int


class PassageKind(StrEnum):
    """What a passage is made of; evidence comes from the body unless captions are asked about."""

    BODY = "body"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences: ``article.text[start:end] == text``."""

    start: int
    end: int
    text: str
    kind: PassageKind = PassageKind.BODY


def make_article(
    *,
    id: str,
    path: str,
    title: str,
    paragraphs: list[str],
    captions: list[str] | None = None,
    date: dt.date | None = None,
    time: dt.time | None = None,
    source: str = "",
    author: str = "",
    url: str = "",
) -> Article:
    """Join body paragraphs and captions into one citable text."""
    body = _storable("\n\n".join(paragraphs))
    text = _storable("\n\n".join([*paragraphs, *(captions or [])]))
    return Article(
        _storable(id), path, _storable(title), text, len(body), date, time,
        _storable(source), _storable(author), _storable(url),
    )  # fmt: skip


def _storable(text: str) -> str:
    """``text`` without what no store can hold: NUL and half surrogates, which JSON can spell."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
