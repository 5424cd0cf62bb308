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

    ``id`` is the path relative to the archive, ``path#row`` for a row of a table, and
    ``archive.zip!/inner/path`` inside a zip file; ``path`` is always the file in the archive.
    ``title`` is empty for a row that has none: its first words are text already, and would count
    twice in retrieval. ``headline`` is for showing.
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

    @property
    def headline(self) -> str:
        """What a reader is shown: the title, or the first words of the text where there is none."""
        return headline(self.title, self.text)


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be read, and why: ``path`` (with ``#row`` for one row), reason in Vietnamese."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class FileContent:
    """The articles of one file, and what of it could not be read."""

    articles: list[Article]
    failures: list[Failure]


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


_HEADLINE_CHARS = 90  # what fits on one line of the page


def headline(title: str, text: str) -> str:
    """``title``, or else the first words of ``text``: whole words, at most 90 characters."""
    if title:
        return title
    words = " ".join(text.partition("\n\n")[0][: 4 * _HEADLINE_CHARS].split())
    if len(words) <= _HEADLINE_CHARS:
        return words
    cut = words[: _HEADLINE_CHARS - 1]  # the dots are one character
    if not words[_HEADLINE_CHARS - 1].isspace():
        cut = cut.rpartition(" ")[0] or cut
    return cut.rstrip(" ,;:–-") + "…"


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
