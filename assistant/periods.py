"""Whether a sentence speaks of the time that a question names: "6 tháng đầu năm 2020" is not "năm 2020". Pure.

A sentence without a time of its own has that of the sentence before it or of the title, then the day its
article was published. Times without a year are read as of that day.
"""

import datetime as dt

from assistant.analysis.dates import DateRange, Reference, find_dates
from assistant.question import Question

_SHORT = 28  # days; a shorter time is an event's, a longer one is what a figure was summed over
_AFTER = 45  # days in which news of a time is still printed

SAME, WITHIN, OPEN, OTHER_SPAN, OVERLAPS, ELSEWHERE = 1.0, 0.5, 0.0, -0.6, -0.3, -1.0


def period_fit(
    question: Question, sentence: str, around: tuple[str, ...], published: dt.date | None
) -> float:
    """From ELSEWHERE (-1) to SAME (1), and OPEN (0) where question or sentence name no time.

    ``around``: where else to look for the time, the nearest first.
    """
    printed = [d for d in question.dates if d.reference is Reference.PUBLICATION]
    if printed and published:
        return SAME if any(d.contains(published) for d in printed) else ELSEWHERE
    asked = [d for d in question.dates if d.reference is Reference.EVENT]
    if not asked:
        return OPEN
    told = told_in(sentence, around, published or asked[0].last)
    if told:
        return max(_compare(a, t) for a in asked for t in told)
    return max(_by_publication(a, published) for a in asked)


def told_in(sentence: str, around: tuple[str, ...], as_of: dt.date) -> list[DateRange]:
    """The times of a sentence, or of the nearest text around it that names one."""
    return next((found for text in (sentence, *around) if (found := find_dates(text, as_of))), [])


def same_period(first: list[DateRange], second: list[DateRange]) -> bool:
    """Whether figures told with these times may be of one thing: a half-year's is not the year's."""
    long_one, long_two = ([d for d in told if _days(d) >= _SHORT] for told in (first, second))
    if not long_one or not long_two:
        return True
    return any((a.first, a.last) == (b.first, b.last) for a in long_one for b in long_two)


def _compare(asked: DateRange, told: DateRange) -> float:
    if (asked.first, asked.last) == (told.first, told.last):
        return SAME
    if told.last < asked.first or asked.last < told.first:
        return ELSEWHERE
    if asked.first <= told.first and told.last <= asked.last:
        return WITHIN if _days(told) < _SHORT else OTHER_SPAN
    if told.first <= asked.first and asked.last <= told.last:
        return OPEN if _days(asked) < _SHORT else OTHER_SPAN
    return OVERLAPS


def _by_publication(asked: DateRange, published: dt.date | None) -> float:
    if published is None:
        return OPEN
    if published < asked.first:
        return ELSEWHERE
    return WITHIN if (published - asked.last).days <= _AFTER else OPEN


def _days(period: DateRange) -> int:
    return (period.last - period.first).days + 1


__all__ = ["ELSEWHERE", "OPEN", "SAME", "WITHIN", "period_fit", "same_period", "told_in"]
