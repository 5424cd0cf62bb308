"""The newspaper layout of a plain text file: which line is title, date, caption, byline, body.

It reads what a web page leaves when it is saved as text: a title, a date line such as
``Thứ Sáu, 25/03/2022, 14:51``, a stray ``print``, an agency tag ``(ANTV) -``, photo captions after
a line ending in ``-0``, a byline, trailing dots; and the head of a letter or decision. Anything it
does not know is body.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field

from corpus.dates import is_place_date, parse_date_line
from corpus.text import fold

_NOISE = re.compile(
    r"(?:print|in bài|in trang|chia sẻ|facebook|zalo|[.\s…\u200b\ufeff_*=—–-]+"
    # The head of every official document.
    r"|cộng h(?:òa|oà) xã hội chủ nghĩa việt nam|độc lập\s*[-–—]\s*tự do\s*[-–—]\s*hạnh phúc)$",
    re.I,
)
_ALT_TEXT = re.compile(r"^(?P<alt>.*\S)\s+-\s?\d{1,2}$")
_PHOTO_LINE = re.compile(
    r"^(?:ảnh(?!\s+hưởng\b)|ảnh minh họa|ảnh minh hoạ|đồ họa|video|clip)\s*[:.]?\s*.{0,120}$", re.I
)
_PHOTO_CREDIT = re.compile(r"[(.\s](?:ảnh|nguồn ảnh|ảnh minh họa)\s*:\s*[^.]{1,60}\)?\.?$", re.I)
_SOURCE_TAG = re.compile(
    r"^\(\s*([^()\d]{2,30}?)\s*\)\s*[-–—:.]?\s+|^([A-ZĐ]{3,8}(?:VN|TV)?)\s+[-–—]\s+"
)
_AGENCY = r"TTXVN(?:/Vietnam\+)?|Vietnam\+|VNA|VOV|VTV|ANTV|NLĐ"
_PLACE_TAG = re.compile(rf"^[A-ZĐ][\w\u0300-\u036f .]{{2,40}}\s\(({_AGENCY})\)\s*[-–—]\s+")
_LATER_TAG = re.compile(rf"^\(({_AGENCY})\)\s*[-–—:.]?\s+|^({_AGENCY})\s+[-–—]\s+")
# "(TTXVN)" or "Nguồn: Báo Cửa Biển" under the text.
_SOURCE_LINE = re.compile(
    rf"^\(?(?:(?:nguồn|nguồn tin)\s*:\s*(?P<named>[^.!?:]{{2,60}})|(?:theo\s+)?(?P<agency>{_AGENCY}))\)?\.?$",
    re.I,
)
# "Bài, ảnh: Hà My", "Tin: Lê Nam". A lone "Ảnh:" is the credit of a photo.
_BYLINE_LABEL = re.compile(
    r"^(?:(?:tin|bài|ảnh)(?:(?:,|\s+và|\s*[-–])\s*(?:tin|bài|ảnh))+|tin|bài|tác giả|thực hiện)\s*:\s*",
    re.I,
)
_HEADER_LINES = 6  # date line and title stand among the first lines
_DOCUMENT_HEADER_LINES = 12  # "Hà Nội, ngày 5 tháng 3 năm 2021" stands below office and number
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
    return parse_lines(_lines(text))


def parse_lines(lines: list[str], title: str | None = None) -> Layout:
    """Like parse_layout, of paragraphs. ``title`` is known from elsewhere; None: look for it."""
    lines = [line for line in lines if not is_noise(line)]
    lines, date, time = _take_date(lines)
    if title is None:
        title, lines = _take_title(lines)
    elif title and lines and fold(lines[0]) == fold(title):
        del lines[0]
    lines, source = _take_source_line(lines)
    lines, author = _take_byline(lines)
    paragraphs, captions = _take_captions(lines, title)
    tag, paragraphs = _take_source(paragraphs)
    return Layout(title, paragraphs, captions, date, time, tag or source, author)


def is_noise(line: str) -> bool:
    """Whether ``line`` is what a page leaves around an article, or the head of every document."""
    return bool(_NOISE.match(_nfc(line)))


def _lines(text: str) -> list[str]:
    """Non-empty lines, with the lines of a paragraph that was wrapped at a page width rejoined."""
    paragraphs: list[list[str]] = []
    gap = True
    for raw in text.split("\n"):
        line = raw.strip()
        if not line:
            gap = True
        elif not gap and _is_wrapped(paragraphs[-1], line):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
            gap = False
    return [" ".join(lines) for lines in paragraphs]


def _is_wrapped(paragraph: list[str], line: str) -> bool:
    last = paragraph[-1]
    long = len(paragraph) > 1 or len(last) >= _WRAPPED_LINE
    return long and last[-1] not in '.!?:;”"…' and line[0].islower()


def _take_date(lines: list[str]) -> tuple[list[str], dt.date | None, dt.time | None]:
    for i, line in enumerate(lines[:_DOCUMENT_HEADER_LINES]):
        parsed = parse_date_line(line) if i < _HEADER_LINES or is_place_date(line) else None
        if parsed:
            return lines[:i] + lines[i + 1 :], *parsed
    return lines, None, None


def _take_title(lines: list[str]) -> tuple[str, list[str]]:
    if len(lines) < 2 or len(lines[0]) > _TITLE_CHARS:
        return "", lines
    first = lines[0]
    ends_like_prose = first.endswith((".", ";", ":", ",")) and not first.endswith(("...", "…"))
    return ("", lines) if ends_like_prose else (first, lines[1:])


def _take_source_line(lines: list[str]) -> tuple[list[str], str]:
    match = _SOURCE_LINE.match(_nfc(lines[-1])) if len(lines) > 1 else None
    return (lines[:-1], match["named"] or match["agency"]) if match else (lines, "")


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


def _take_source(paragraphs: list[str]) -> tuple[str, list[str]]:
    """The agency before the first paragraph, or before the second where a sapo comes first."""
    for i, pattern in enumerate((_SOURCE_TAG, _PLACE_TAG, _LATER_TAG, _PLACE_TAG)):
        at = i // 2
        match = pattern.match(paragraphs[at]) if at < len(paragraphs) else None
        if match:
            rest = paragraphs[at][match.end() :]
            source = next(filter(None, match.groups())).strip(" -–")
            return source, [*paragraphs[:at], *filter(None, [rest]), *paragraphs[at + 1 :]]
    return "", paragraphs


def _nfc(line: str) -> str:
    """What the patterns are matched against; the line itself is kept as printed."""
    return unicodedata.normalize("NFC", line)
