"""The time a question speaks of, as ranges of days: "tháng 11-2024", "năm ngoái", "tuần qua", "Tết 2022".

Relative words count from an *as of* day. Whether the time is that of the event or of publication
("bài đăng tháng 8", "tin tuần qua") is kept apart: an article about 2020 may be printed in 2023.
"""

import calendar
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from assistant.moments import Moment, moments
from corpus.text import Syllable, syllables


class Reference(StrEnum):
    """What a time in a question dates."""

    EVENT = "event"
    PUBLICATION = "publication"


@dataclass(frozen=True, slots=True)
class DateRange:
    """``first`` to ``last``, both included; ``text`` is how the question said it, at ``[start:end)``."""

    first: dt.date
    last: dt.date
    reference: Reference
    text: str
    start: int
    end: int

    def contains(self, day: dt.date) -> bool:
        """Whether ``day`` lies in the range."""
        return self.first <= day <= self.last


_NEW_YEAR = {  # first day of the Vietnamese lunar year
    year: dt.date(year, month, day)
    for year, month, day in (
        (2000, 2, 5), (2001, 1, 24), (2002, 2, 12), (2003, 2, 1), (2004, 1, 22), (2005, 2, 9), (2006, 1, 29), (2007, 2, 17),
        (2008, 2, 7), (2009, 1, 26), (2010, 2, 14), (2011, 2, 3), (2012, 1, 23), (2013, 2, 10), (2014, 1, 31), (2015, 2, 19),
        (2016, 2, 8), (2017, 1, 28), (2018, 2, 16), (2019, 2, 5), (2020, 1, 25), (2021, 2, 12), (2022, 2, 1), (2023, 1, 22),
        (2024, 2, 10), (2025, 1, 29), (2026, 2, 17), (2027, 2, 6), (2028, 1, 26), (2029, 2, 13), (2030, 2, 2),
    )
}  # fmt: skip
# "bài đăng", "tin", "báo viết": the time of the article, unless what follows is an event of its own.
_PUBLISHED = re.compile(
    r"\b(?:bai|tin|tin tuc|bai bao|bai viet|ban tin|phong su|bao)(?: \w+){0,3}? (?:dang|ra|viet|xuat ban|phat hanh|in)(?: \w+){0,2}? $"
    r"|\b(?:dang|xuat ban|phat hanh|dang tai|len bao)(?: \w+){0,2}? $|\b(?:tin|tin tuc|bai bao|bai|bai viet|nhung bai|cac bai|so bao)(?: trong| cua| tu)? $"
    r"|\b(?:published|articles?|news)(?: in| on| from| of)? $"
)
_ONE_DAY = dt.timedelta(1)
_Range = tuple[dt.date, dt.date]


def find_dates(text: str, as_of: dt.date | None = None) -> list[DateRange]:
    """The times ``text`` names, in order; ``as_of`` (today unless given) is what "hôm qua" counts from."""
    today = as_of or dt.date.today()
    found = syllables(text)
    spans = [(m.start, m.end, _range_of(m, text, today)) for m in moments(text)]
    taken = [(start, end) for start, end, _ in spans]
    spans += [
        s for s in _relative(found, today) if not any(s[0] < e and b < s[1] for b, e in taken)
    ]
    return [
        DateRange(*span, _reference(found, start), text[start:end], start, end)
        for start, end, span in _merged(text, sorted(spans, key=lambda s: s[0]))
        if span
    ]


def _range_of(moment: Moment, text: str, today: dt.date) -> _Range | None:
    year = moment.year or today.year
    if re.match(r"t[ếe]t\b", text[moment.start : moment.end], re.I):
        return _tet(year)
    try:
        if moment.day and moment.month:
            day = dt.date(year, moment.month, moment.day)
            # Without a year, the last such day: in January, "20/12" was last month.
            day = day if moment.year or day <= today else day.replace(year=year - 1)
            return day, day
    except ValueError:  # 30/2
        return None
    if moment.month:
        year = year if moment.year or moment.month <= today.month else year - 1
        return _months(year, moment.month, 1)
    if moment.quarter:
        return _months(year, 3 * moment.quarter - 2, 3)
    if moment.half:
        return _months(year, 6 * moment.half - 5, 6)
    return _months(year, 1, 12) if moment.year else None


def _months(year: int, first: int, count: int) -> _Range:
    """``count`` months from month ``first``, which may lie outside 1..12."""
    begin = dt.date(year + (first - 1) // 12, (first - 1) % 12 + 1, 1)
    last = first + count - 1
    end_year, end_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    return begin, dt.date(end_year, end_month, calendar.monthrange(end_year, end_month)[1])


def _tet(year: int) -> _Range:
    """From the 23rd of the last lunar month, when it begins, to the seventh day."""
    day = _NEW_YEAR.get(year)
    return (day - dt.timedelta(7), day + dt.timedelta(6)) if day else _months(year, 1, 2)


def _week(today: dt.date, back: int) -> _Range:
    monday = today - dt.timedelta(today.weekday() + 7 * back)
    return monday, monday + dt.timedelta(6)


def _quarter(today: dt.date, back: int) -> _Range:
    return _months(today.year, 3 * ((today.month - 1) // 3 - back) + 1, 3)


def _days(today: dt.date, count: int) -> _Range:
    return today - dt.timedelta(count), today


_Rule = tuple[re.Pattern[str], Callable[[dt.date, re.Match[str]], _Range]]
_SPOKEN = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10, "vai": 5, "may": 5,
    "one": 1, "two": 2, "three": 3, "few": 5,
}  # fmt: skip


def _count(word: str) -> int:
    return min(int(word), 600) if word.isdigit() else _SPOKEN[word]


_N = r"(\d{1,3}|" + "|".join(_SPOKEN) + ")"
_RULES: list[_Rule] = [
    (re.compile(rf"(?<![\w~])(?:{pattern})(?![\w~])"), rule)
    for pattern, rule in (
        (r"hom kia|day before yesterday", lambda t, m: (t - 2 * _ONE_DAY,) * 2),
        (r"(?:hom|toi|dem|chieu|sang|trua) qua|yesterday", lambda t, m: (t - _ONE_DAY,) * 2),
        (r"(?:hom|sang|trua|chieu|toi) nay|today|tonight", lambda t, m: (t, t)),
        (r"ngay mai|tomorrow", lambda t, m: (t + _ONE_DAY,) * 2),
        (rf"{_N} ngay (?:qua|gan day|vua qua)|(?:last|past) {_N} days", lambda t, m: _days(t, _count(m[1] or m[2]))),
        (rf"{_N} tuan (?:qua|gan day|vua qua)|(?:last|past) {_N} weeks", lambda t, m: _days(t, 7 * _count(m[1] or m[2]))),
        (rf"{_N} thang (?:qua|gan day|vua qua)|(?:last|past) {_N} months", lambda t, m: (_back(t, _count(m[1] or m[2])), t)),
        (rf"{_N} nam (?:qua|gan day|vua qua)|(?:last|past) {_N} years", lambda t, m: (_back(t, 12 * _count(m[1] or m[2])), t)),
        (rf"{_N} thang dau nam(?: nay)?", lambda t, m: _months(t.year, 1, min(_count(m[1]), 12))),
        (rf"{_N} thang cuoi nam(?: nay)?", lambda t, m: _months(t.year, 13 - min(_count(m[1]), 12), min(_count(m[1]), 12))),
        (r"tuan (?:truoc|vua roi)|last week", lambda t, m: _week(t, 1)),
        (r"tuan (?:qua|vua qua)|past week", lambda t, m: _days(t, 7)),
        (r"tuan nay|trong tuan|this week", lambda t, m: _week(t, 0)),
        (r"thang (?:truoc|qua|vua qua|vua roi)|last month", lambda t, m: _months(t.year, t.month - 1, 1)),
        (r"thang nay|this month", lambda t, m: _months(t.year, t.month, 1)),
        (r"quy (?:truoc|vua qua)|last quarter", lambda t, m: _quarter(t, 1)),
        (r"quy nay|this quarter", lambda t, m: _quarter(t, 0)),
        (r"tet nam ngoai|tet (?:roi|vua qua|vua roi)", lambda t, m: _tet(t.year if "ngoai" not in m[0] and t >= _tet(t.year)[0] else t.year - 1)),
        (r"tet nam nay|tet nay", lambda t, m: _tet(t.year)),
        (r"nam kia|nam truoc nua", lambda t, m: _months(t.year - 2, 1, 12)),
        (r"nam (?:ngoai|truoc|qua|vua qua|vua roi)|last year", lambda t, m: _months(t.year - 1, 1, 12)),
        (r"dau nam nay", lambda t, m: _months(t.year, 1, 4)),
        (r"nam nay|this year", lambda t, m: _months(t.year, 1, 12)),
        (r"sang nam|nam sau|nam toi|next year", lambda t, m: _months(t.year + 1, 1, 12)),
        (r"gan day|vua qua|moi day|recently", lambda t, m: _days(t, 30)),
    )
]  # fmt: skip


def _back(today: dt.date, months: int) -> dt.date:
    first, last = _months(today.year, today.month - months, 1)
    return first.replace(day=min(today.day, last.day))


# "năm qua" folds like "nằm quá": a word of these rules that carries marks must carry these.
_MARKED = frozenset(
    """hôm tối đêm chiều sáng trưa ngày mai tuần tháng năm quý quí tết ngoái trước vừa rồi qua kia nay đầu cuối gần đây mới tới sau nữa
    một hai ba bốn sáu bảy tám chín mười vài mấy trong""".split()
)


def _relative(found: list[Syllable], today: dt.date) -> list[tuple[int, int, _Range | None]]:
    words, starts, at = [], [], 0
    marked = any(s.marked != s.folded for s in found)
    for s in found:
        fits = s.marked == s.folded or s.marked in _MARKED
        alone = (
            marked and s.folded in ("nam", "thang", "quy", "tuan", "tet") and s.marked == s.folded
        )
        words.append(s.folded if fits and not alone else s.folded + "~")
        starts.append(at)
        at += len(words[-1]) + 1
    line = " ".join(words)
    spans: list[tuple[int, int, _Range | None]] = []
    for pattern, rule in _RULES:
        for match in pattern.finditer(line):
            first = starts.index(match.start())
            last = first + match.group().count(" ")
            span = (found[first].start, found[last].end)
            if not any(span[0] < e and b < span[1] for b, e, _ in spans):
                spans.append((*span, rule(today, match)))
    return spans


def _merged(
    text: str, spans: list[tuple[int, int, _Range | None]]
) -> list[tuple[int, int, _Range | None]]:
    """ "từ năm 2019 đến năm 2021", "từ 3/5 đến 7/5": one range."""
    merged: list[tuple[int, int, _Range | None]] = []
    for start, end, span in spans:
        if merged and span and merged[-1][2]:
            begin, last, before = merged[-1]
            between = text[last:start].strip().lower()
            joined = between in ("đến", "den", "tới", "toi", "to", "until", "–", "-") or (
                between in ("và", "and") and re.search(r"giữa\s*$|between\s*$", text[:begin], re.I)
            )
            if joined and before and before[0] <= span[1]:
                merged[-1] = (begin, end, (before[0], span[1]))
                continue
        merged.append((start, end, span))
    return merged


def _reference(found: list[Syllable], start: int) -> Reference:
    before = " ".join(s.folded for s in found if s.start < start) + " "
    return Reference.PUBLICATION if _PUBLISHED.search(before) else Reference.EVENT


__all__ = ["DateRange", "Reference", "find_dates"]
