"""The filters of a question: days of publication as readers type them, sources, number of sentences."""

import calendar
import datetime as dt
import re
from collections.abc import Sequence

from assistant.scope import Scope
from corpus.errors import QuestionError

_DAY = re.compile(r"(?:(?:(\d{1,2})[/.-])?(\d{1,2})[/.-])?(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def read_scope(first: str | None, last: str | None, sources: Sequence[str] | None) -> Scope:
    """``first`` and ``last`` as ``25/3/2022``, ``3/2022`` or ``2022``: the whole month or year.

    Raises QuestionError for what is no date, or a first day after the last.
    """
    return Scope(_day(first, at_end=False), _day(last, at_end=True), tuple(sources or ()))


def _day(text: str | None, at_end: bool) -> dt.date | None:
    text = (text or "").strip()
    if not text:
        return None
    iso, found = _ISO.fullmatch(text), _DAY.fullmatch(text)
    try:
        if iso:
            return dt.date(*map(int, iso.groups()))
        if found:
            return _whole(found[1], found[2], found[3], at_end)
    except ValueError:
        pass
    raise QuestionError(
        f"“{text}” không phải là ngày. Hãy viết như 25/3/2022, 3/2022 (cả tháng) hay 2022 (cả năm)."
    )


def _whole(day: str | None, month: str | None, year: str, at_end: bool) -> dt.date:
    y, m = int(year), int(month) if month else (12 if at_end else 1)
    if day:
        return dt.date(y, m, int(day))
    return dt.date(y, m, calendar.monthrange(y, m)[1] if at_end else 1)
