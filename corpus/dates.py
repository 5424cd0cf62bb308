"""Publication dates as Vietnamese newspapers, documents and files write them."""

import datetime as dt
import re
import unicodedata

VIETNAM = dt.timezone(dt.timedelta(hours=7))

_MONTHS = {
    name: number
    for number, names in enumerate(
        ["một|giêng|january|jan", "hai|february|feb", "ba|march|mar", "tư|april|apr", "năm|may",
         "sáu|june|jun", "bảy|july|jul", "tám|august|aug", "chín|september|sept|sep",
         "mười|october|oct", "mười một|november|nov", "mười hai|december|dec"],
        start=1,
    )
    for name in names.split("|")
}  # fmt: skip
_VIETNAMESE_MONTH = r"\d{1,2}|mười\s+(?:một|hai)|" + "|".join(
    name for name in _MONTHS if not name.isascii() or name in ("hai", "ba")
)
_ENGLISH_MONTH = "|".join(n for n in _MONTHS if n.isascii() and n not in ("hai", "ba"))

_STAMP = re.compile(
    r"(?<!\d)\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)(?!\d)", re.I
)
_DAY_FIRST = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})\s?[/.-]\s?(?P<m>\d{1,2})\s?[/.-]\s?(?P<y>\d{4})(?!\d)"
)
_YEAR_FIRST = re.compile(
    r"(?<![\d/])(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)"
)
_WORDS = re.compile(
    rf"(?<!\d)(?P<d>\d{{1,2}})\s+tháng\s+(?P<m>{_VIETNAMESE_MONTH})(?:,|\s)\s*(?:năm\s+)?(?P<y>\d{{4}})(?!\d)",
    re.I,
)
_MONTH_FIRST = re.compile(  # WordPress in Vietnamese
    rf"\btháng\s+(?P<m>{_VIETNAMESE_MONTH})\s+(?P<d>\d{{1,2}}),\s*(?P<y>\d{{4}})(?!\d)", re.I
)
_ENGLISH = re.compile(
    rf"\b(?:(?P<d>\d{{1,2}})\s+)?(?P<m>{_ENGLISH_MONTH})\.?\s+(?:(?P<d2>\d{{1,2}}),?\s+)?(?P<y>\d{{4}})(?!\d)",
    re.I,
)
_PATTERNS = (_YEAR_FIRST, _DAY_FIRST, _WORDS, _MONTH_FIRST, _ENGLISH)
_TIME = re.compile(
    r"(?<![\d/.-])(?P<h>\d{1,2})\s?(?:(?::|h|g|giờ)\s?(?P<m>\d{2})(?::\d{2}(?:\.\d+)?)?(?!\d)|(?:h|giờ)(?!\w))",
    re.I,
)
_AFTERNOON = re.compile(r"\bpm\b|\bchiều\b|\btối\b|\d\s?pm\b", re.I)
# What may stand around the date in a date line, and nothing else.
_FURNITURE = re.compile(
    r"cập nhật|đăng|xuất bản|thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|t[2-7]\b|cn\b"
    r"|ngày|lúc|phút|giờ|vào|\bsáng\b|\btrưa\b|\bchiều\b|\btối\b|\(?(?:gmt|utc)\s?[+-]\s?\d+(?::\d\d)?\)?"
    r"|[+-]\d\d:?\d\d|\bz\b|(?<=\d)t(?=\d)|\bt\b|lần cuối|\d*\s?am\b|\bpm\b"
    r"|\b(?:mon|tues?|wed|thu(?:rs)?|fri|sat|sun)(?:day|nesday|urday)?\b",
    re.I,
)
# "Hà Nội, ngày 5 tháng 3 năm 2021": the place of a letter or decision, in capitalised words.
_PLACE = re.compile(r"^[^\W\d_][^\d,;:!?]{1,40},\s*(?=ngày\s)", re.I)


def parse_date(text: str) -> tuple[dt.date, dt.time | None] | None:
    """The first full date in ``text`` and the time of day there, in Vietnam, if any.

    Day first, year first, in words, or in English. A stamp with a time zone is moved to GMT+7.
    """
    text = unicodedata.normalize("NFC", text)  # "tháng", "giờ", "Thứ" as the patterns spell them
    stamp = _STAMP.search(text)
    if stamp and (moment := _parse_stamp(stamp.group())):
        return moment
    for pattern in _PATTERNS:
        match = pattern.search(text)
        date = _date(match) if match else None
        if match and date:
            return date, _parse_time(text[: match.start()] + " " + text[match.end() :])
    return None


def parse_date_line(line: str) -> tuple[dt.date, dt.time | None] | None:
    """Like parse_date, but only for a line that holds a date and nothing else."""
    if len(line) > 200:
        return None
    parsed = parse_date(line)
    if parsed is None:
        return None
    rest = unicodedata.normalize("NFC", line)
    if is_place_date(rest):
        rest = _PLACE.sub("", rest)
    for pattern in (_STAMP, *_PATTERNS, _TIME, _FURNITURE):
        rest = pattern.sub(" ", rest)
    return parsed if not re.search(r"\w", rest) else None


def is_place_date(line: str) -> bool:
    """Whether ``line`` begins like the date of a document: ``Huế, ngày 5 tháng 3 năm 2021``."""
    match = _PLACE.match(unicodedata.normalize("NFC", line))
    if match is None:
        return False
    words = re.findall(r"\w+", match.group())
    return len(words) <= 6 and all(word[0].isupper() for word in words)


def in_vietnam(moment: dt.datetime) -> tuple[dt.date, dt.time]:
    """Day and minute in Vietnam; a moment without a zone is taken to be there already."""
    local = moment.astimezone(VIETNAM) if moment.tzinfo else moment
    return local.date(), local.time().replace(second=0, microsecond=0, tzinfo=None)


def _parse_stamp(text: str) -> tuple[dt.date, dt.time] | None:
    try:
        return in_vietnam(dt.datetime.fromisoformat(re.sub(r"\s(?=[Zz+-])", "", text.upper())))
    except (ValueError, OverflowError):
        return None


def _date(match: re.Match[str]) -> dt.date | None:
    found = match.groupdict()
    month = " ".join(found["m"].lower().split())
    day = found["d"] or found.get("d2")
    if day is None:
        return None
    try:
        return dt.date(int(found["y"]), _MONTHS.get(month) or int(month), int(day))
    except ValueError:
        return None


def _parse_time(text: str) -> dt.time | None:
    match = _TIME.search(text)
    if not match or int(match["h"]) > 23 or int(match["m"] or 0) > 59:
        return None
    hour, minute = int(match["h"]), int(match["m"] or 0)
    return dt.time(hour + 12 if hour < 12 and _AFTERNOON.search(text) else hour, minute)
