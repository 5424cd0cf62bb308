"""The newspaper layout of a plain text file: which line is title, date, caption, byline, body.

It reads what a web page leaves when it is saved as text: a title, a date line such as
``Thứ Sáu, 25/03/2022, 14:51``, a stray ``print``, an agency tag ``(ANTV) -``, photo captions after
a line ending in ``-0``, a byline, trailing dots. Anything it does not know is body.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field

from corpus.dates import parse_date_line
from corpus.text import fold

_NOISE = re.compile(r"(?:print|in bài|in trang|chia sẻ|facebook|zalo|[.\s…\u200b\ufeff-]+)$", re.I)
_ALT_TEXT = re.compile(r"^(?P<alt>.*\S)\s+-\s?\d{1,2}$")
_PHOTO_LINE = re.compile(
    r"^(?:ảnh(?!\s+hưởng\b)|ảnh minh họa|ảnh minh hoạ|đồ họa|video|clip)\s*[:.]?\s*.{0,120}$", re.I
)
_PHOTO_CREDIT = re.compile(r"[(.\s](?:ảnh|nguồn ảnh|ảnh minh họa)\s*:\s*[^.]{1,60}\)?\.?$", re.I)
_SOURCE_TAG = re.compile(
    r"^\(\s*([^()\d]{2,30}?)\s*\)\s*[-–—:.]?\s+|^([A-ZĐ]{3,8}(?:VN|TV)?)\s+[-–—]\s+"
)
_PLACE_TAG = re.compile(r"^[A-ZĐ][\w\u0300-\u036f .]{2,40}\s\((TTXVN|VNA|VOV|NLĐ)\)\s*[-–—]\s+")
# "Bài, ảnh: Hà My", "Tin: Lê Nam". A lone "Ảnh:" is the credit of a photo.
_BYLINE_LABEL = re.compile(
    r"^(?:(?:tin|bài|ảnh)(?:(?:,|\s+và|\s*[-–])\s*(?:tin|bài|ảnh))+|tin|bài|tác giả|thực hiện)\s*:\s*",
    re.I,
)
_HEADER_LINES = 6  # date line and title stand among the first lines
_BYLINE_WORDS = 8
_CAPTION_WORDS = 60
_WRAPPED_LINE = 50  # a shorter line was ended by its writer, not by the width of the page
_TITLE_CHARS = 300


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of one text; paragraphs and captions are verbatim lines."""

    title: str
    paragraphs: list[str]
    captions: list[str] = field(default_factory=list)
    date: dt.date | None = None
    time: dt.time | None = None
    source: str = ""
    author: str = ""


def parse_layout(text: str) -> Layout:
    """Tell the parts of a newspaper text apart. ``title`` is empty when there is none."""
    lines = [line for line in _lines(text) if not _NOISE.match(_nfc(line))]
    lines, date, time = _take_date(lines)
    title, lines = _take_title(lines)
    lines, author = _take_byline(lines)
    paragraphs, captions = _take_captions(lines, title)
    source = ""
    if paragraphs:
        source, paragraphs[0] = _take_source(paragraphs[0])
    paragraphs = [p for p in paragraphs if p]
    return Layout(title, paragraphs, captions, date, time, source, author)


def _lines(text: str) -> list[str]:
    """Non-empty lines, with the lines of a paragraph that was wrapped at a page width rejoined."""
    joined: list[str] = []
    gap = True
    for raw in text.split("\n"):
        line = raw.strip()
        if not line:
            gap = True
            continue
        wrapped = not gap and _is_wrapped(joined[-1], line)
        if wrapped:
            joined[-1] += " " + line
        else:
            joined.append(line)
        gap = False
    return joined


def _is_wrapped(previous: str, line: str) -> bool:
    return len(previous) >= _WRAPPED_LINE and previous[-1] not in '.!?:;”"…' and line[0].islower()


def _take_date(lines: list[str]) -> tuple[list[str], dt.date | None, dt.time | None]:
    for i, line in enumerate(lines[:_HEADER_LINES]):
        parsed = parse_date_line(line)
        if parsed:
            return lines[:i] + lines[i + 1 :], *parsed
    return lines, None, None


def _take_title(lines: list[str]) -> tuple[str, list[str]]:
    if len(lines) < 2 or len(lines[0]) > _TITLE_CHARS:
        return "", lines
    first = lines[0]
    ends_like_prose = first.endswith((".", ";", ":", ",")) and not first.endswith(("...", "…"))
    return ("", lines) if ends_like_prose else (first, lines[1:])


def _take_byline(lines: list[str]) -> tuple[list[str], str]:
    if len(lines) > 1:
        names = _BYLINE_LABEL.sub("", _nfc(lines[-1]))
        if _is_byline(names):
            return lines[:-1], names.strip("()")
    return lines, ""


def _is_byline(line: str) -> bool:
    """Names, initials, "Theo X/Báo Y": a few capitalised words and no end of sentence."""
    words = re.findall(r"[^\s/,&–-]+", line)
    if not words or len(words) > _BYLINE_WORDS or line[-1] in '!?:;”"…' or re.search(r"\d", line):
        return False
    if line.endswith(".") and len(words) > 4:
        return False
    return all(w[0].isupper() or w[0] == "(" or w.lower() in {"và", "theo", "báo"} for w in words)


def _take_captions(lines: list[str], title: str) -> tuple[list[str], list[str]]:
    paragraphs: list[str] = []
    captions: list[str] = []
    caption_follows = False
    for line in lines:
        alt = _ALT_TEXT.match(line)
        if alt:
            if fold(alt["alt"]) != fold(title):
                captions.append(alt["alt"])
            caption_follows = True
        elif (caption_follows and _is_short(line)) or _is_photo_line(_nfc(line)):
            captions.append(line)
            caption_follows = False
        else:
            paragraphs.append(line)
            caption_follows = False
    return paragraphs, list(dict.fromkeys(captions))


def _is_photo_line(line: str) -> bool:
    if _PHOTO_LINE.match(line) and len(line.split()) <= 20:
        return True
    return bool(_PHOTO_CREDIT.search(line)) and _is_short(line)


def _is_short(line: str) -> bool:
    return len(line.split()) <= _CAPTION_WORDS


def _take_source(paragraph: str) -> tuple[str, str]:
    match = _SOURCE_TAG.match(paragraph)
    if match:
        source = (match.group(1) or match.group(2)).strip(" -–")
        return source, paragraph[match.end() :]
    place = _PLACE_TAG.match(paragraph)
    return (place.group(1), paragraph[place.end() :]) if place else ("", paragraph)


def _nfc(line: str) -> str:
    """What the patterns are matched against; the line itself is kept as printed."""
    return unicodedata.normalize("NFC", line)
