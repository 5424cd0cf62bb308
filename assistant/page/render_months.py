"""Counts by month as a picture, with a table of the same numbers. Pure."""

import datetime as dt
from collections.abc import Sequence
from html import escape

from assistant.wording import number_text

Count = tuple[dt.date, int]  # the first day of a month, or of a year

_MOST_MONTHS = 60  # more are drawn by year: a bar has to be seen
_LABELS = 9  # years that stand side by side on a phone
_FEWEST = 12  # a single month is not drawn as wide as the page
_HEIGHT, _STEP, _BAR = 60, 10, 7


def months_figure(counts: Sequence[Count], what: str, undated: int = 0, name: str = "thang") -> str:
    """``counts`` by month in order of time, as bars; ``what`` is counted ("đoạn"). ``name`` is unlike that of any
    other figure of the page. Nothing for nothing."""
    if not counts:
        return ""
    first, last = counts[0][0], counts[-1][0]
    if len(counts) == 1 and not undated:
        only = f"Cả {number_text(counts[0][1])} {what} đăng trong tháng {_label(first, False)}."
        return f'<p class="hb-phu">{escape(only)}</p>'
    by_year = _months_between(first, last) > _MOST_MONTHS
    bars = _years(counts) if by_year else _months(counts)
    unit = "năm" if by_year else "tháng"
    title = f"Số {what} theo {unit} đăng bài"
    said = f"Từ {_label(first, by_year)} đến {_label(last, by_year)}; {_peak(bars, what, by_year)}"
    note = f" {number_text(undated)} {what} không rõ ngày." if undated else ""
    return (
        f'<figure class="hb-thoi-gian"><figcaption>{escape(title)}</figcaption>'
        f"{_drawing(bars, name, title, said, by_year, what)}"
        f"{_axis(bars, by_year)}"
        f'<p class="hb-phu">{escape(said + note)}</p>{_table(bars, unit, what, by_year)}</figure>'
    )


def _drawing(bars: list[Count], name: str, title: str, said: str, by_year: bool, what: str) -> str:
    top = max(count for _, count in bars)
    width = len(bars) * _STEP
    drawn = []
    for n, (day, count) in enumerate(bars):
        if not count:
            continue
        height = max(2.0, count / top * _HEIGHT)
        tip = escape(f"{_label(day, by_year)}: {number_text(count)} {what}")
        drawn.append(
            f'<rect x="{n * _STEP + (_STEP - _BAR) / 2:.1f}" y="{_HEIGHT - height:.1f}" width="{_BAR}" '
            f'height="{height:.1f}"><title>{tip}</title></rect>'
        )
    return (
        f'<svg viewBox="0 0 {width} {_HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-labelledby="{name}-ten {name}-ta"><title id="{name}-ten">{escape(title)}</title>'
        f'<desc id="{name}-ta">{escape(said)}</desc>{"".join(drawn)}</svg>'
    )


def _axis(bars: list[Count], by_year: bool) -> str:
    """The first, the middle and the last label, as text: the picture is stretched, they are not."""
    every = len(bars) <= (_LABELS if by_year else 4)
    places = range(len(bars)) if every else [0, len(bars) // 2, len(bars) - 1]
    labels = "".join(f"<span>{_label(bars[n][0], by_year)}</span>" for n in places)
    return f'<div class="hb-truc{" hb-deu" * every}" aria-hidden="true">{labels}</div>'


def _table(bars: list[Count], unit: str, what: str, by_year: bool) -> str:
    rows = "".join(
        f'<tr><th scope="row">{_label(day, by_year)}</th><td>{number_text(count)}</td></tr>'
        for day, count in bars
        if count
    )
    head = (
        f'<tr><th scope="col">{unit.capitalize()}</th><th scope="col">Số {escape(what)}</th></tr>'
    )
    return (
        '<details class="hb-so-lieu"><summary>Xem bằng bảng số</summary><div class="hb-bang" tabindex="0">'
        f"<table><thead>{head}</thead><tbody>{rows}</tbody></table></div></details>"
    )


def _peak(bars: list[Count], what: str, by_year: bool) -> str:
    day, count = max(bars, key=lambda bar: bar[1])
    return f"nhiều nhất là {_label(day, by_year)} với {number_text(count)} {what}."


def _label(day: dt.date, by_year: bool) -> str:
    return str(day.year) if by_year else f"{day.month}/{day.year}"


def _months_between(first: dt.date, last: dt.date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _months(counts: Sequence[Count]) -> list[Count]:
    """Every month from the first to the last, those without any too."""
    known, (first, _) = dict(counts), counts[0]
    total = _months_between(first, counts[-1][0])
    before = max(0, _FEWEST - total) // 2
    start = max(12, first.year * 12 + first.month - 1 - before)
    every = range(start, start + max(total, _FEWEST))
    days = [dt.date(number // 12, number % 12 + 1, 1) for number in every]
    return [(day, known.get(day, 0)) for day in days]


def _years(counts: Sequence[Count]) -> list[Count]:
    totals = dict.fromkeys(range(counts[0][0].year, counts[-1][0].year + 1), 0)
    for day, count in counts:
        totals[day.year] += count
    return [(dt.date(year, 1, 1), count) for year, count in totals.items()]


__all__ = ["months_figure"]
