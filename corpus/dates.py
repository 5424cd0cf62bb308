"""Publication dates as Vietnamese newspapers and files write them."""

import datetime as dt
import re
import unicodedata

_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_WORDS = re.compile(r"(\d{1,2})\s+tháng\s+(\d{1,2})(?:,|\s)\s*(?:năm\s+)?(\d{4})", re.I)
_TIME = re.compile(r"(?<!\d)(\d{1,2})\s?(?::|h|giờ)\s?(\d{2})(?::\d{2}(?:\.\d+)?)?(?!\d)", re.I)
_AFTERNOON = re.compile(r"\bpm\b|\bchiều\b|\btối\b", re.I)
# What may stand around the date in a date line, and nothing else.
_FURNITURE = re.compile(
    r"cập nhật|đăng|xuất bản|thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|t[2-7]\b|cn\b"
    r"|ngày|lúc|phút|giờ|\bsáng\b|\bchiều\b|\btối\b|\(?(?:gmt|utc)\s?[+-]\s?\d+(?::\d\d)?\)?"
    r"|[+-]\d\d:?\d\d|\bz\b|(?<=\d)t(?=\d)|\bt\b|lần cuối|\bam\b|\bpm\b",
    re.I,
)


def parse_date(text: str) -> tuple[dt.date, dt.time | None] | None:
    """The first full date in ``text`` (day-first, ISO or in words) and the time of day, if any."""
    text = unicodedata.normalize("NFC", text)  # "tháng", "giờ", "Thứ" as the patterns spell them
    for pattern, order in ((_ISO, (1, 2, 3)), (_DAY_FIRST, (3, 2, 1)), (_WORDS, (3, 2, 1))):
        match = pattern.search(text)
        if not match:
            continue
        try:
            date = dt.date(*(int(match.group(i)) for i in order))
        except ValueError:
            continue
        return date, _parse_time(text[: match.start()] + " " + text[match.end() :])
    return None


def parse_date_line(line: str) -> tuple[dt.date, dt.time | None] | None:
    """Like parse_date, but only for a line that holds a date and nothing else."""
    parsed = parse_date(line)
    if parsed is None:
        return None
    rest = unicodedata.normalize("NFC", line)
    for pattern in (_ISO, _DAY_FIRST, _WORDS, _TIME, _FURNITURE):
        rest = pattern.sub(" ", rest)
    return parsed if not re.search(r"\w", rest) else None


def _parse_time(text: str) -> dt.time | None:
    match = _TIME.search(text)
    if not match or int(match.group(1)) > 23 or int(match.group(2)) > 59:
        return None
    hour, minute = int(match.group(1)), int(match.group(2))
    return dt.time(hour + 12 if hour < 12 and _AFTERNOON.search(text) else hour, minute)
