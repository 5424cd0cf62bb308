"""The form of the look-up and of the list of articles: words, days, sources, order. Pure; all is escaped."""

from collections.abc import Mapping, Sequence
from html import escape

from assistant.scope import UNNAMED
from assistant.wording import number_text

_DAY = "25/3/2022, 3/2022 hay 2022"


def filter_form(
    name: str,
    sources: Sequence[tuple[str, int]],
    *,
    label: str,
    placeholder: str,
    button: str,
    orders: Mapping[str, str],
    always: bool = False,
) -> str:
    """A form whose fields are ``chu``, ``tu``, ``den``, ``nguon`` (several) and ``xep`` (one of ``orders``: value →
    words); static/search.js and archive.js send it. ``name`` is unlike that of any other form. ``always``: it may be
    sent without words.
    """
    empty = ' data-luon="1"' if always else ""
    chosen = "".join(
        f'<option value="{escape(value)}">{escape(words)}</option>'
        for value, words in orders.items()
    )
    order = (
        f'<div class="hb-o"><label for="{name}-xep">Sắp xếp</label>'
        f'<select id="{name}-xep" name="xep">{chosen}</select></div>'
        if orders
        else ""
    )
    return (
        f'<form class="hb-loc" id="{name}" role="search" novalidate{empty}>'
        f'<div class="hb-o hb-o-chu"><label for="{name}-chu">{escape(label)}</label>'
        f'<div class="hb-hang"><input id="{name}-chu" name="chu" type="search" maxlength="2000" autocomplete="off" '
        f'placeholder="{escape(placeholder)}"><button type="submit" class="hb-nut hb-chinh">{escape(button)}</button>'
        f'</div></div><div class="hb-o-hang">'
        f"{_day(name, 'tu', 'Từ ngày')}{_day(name, 'den', 'Đến ngày')}{_sources(name, sources)}{order}"
        f'<button type="reset" class="hb-nut">Bỏ lọc</button></div></form>'
    )


def _day(name: str, field: str, label: str) -> str:
    return (
        f'<div class="hb-o"><label for="{name}-{field}">{label}</label>'
        f'<input id="{name}-{field}" name="{field}" maxlength="12" autocomplete="off" inputmode="numeric" '
        f'placeholder="vd 3/2022" title="Viết như {_DAY}"></div>'
    )


def _sources(name: str, sources: Sequence[tuple[str, int]]) -> str:
    if len(sources) < 2:
        return ""
    boxes = "".join(
        f'<label><input type="checkbox" name="nguon" value="{escape(source)}"> {escape(source or UNNAMED)} '
        f'<span class="hb-phu">({number_text(count)})</span></label>'
        for source, count in sources
    )
    return (
        f'<div class="hb-o"><span id="{name}-nguon" class="hb-ten-o">Nguồn</span><details class="hb-chon">'
        f'<summary aria-labelledby="{name}-nguon {name}-da-chon"><span id="{name}-da-chon">Mọi nguồn</span></summary>'
        f'<div role="group" aria-labelledby="{name}-nguon">{boxes}</div></details></div>'
    )


def pages_nav(page: int, pages: int, what: str) -> str:
    """Buttons to the other pages, with data-trang; nothing where there is one page. ``what`` names the list."""
    if pages < 2:
        return ""
    near = [n for n in range(1, pages + 1) if n in (1, pages) or abs(n - page) <= 2]
    parts, last = [], 0
    for n in near:
        if n > last + 1:
            parts.append('<span aria-hidden="true">…</span>')
        current = ' aria-current="page"' if n == page else ""
        parts.append(
            f'<button type="button" class="hb-nut" data-trang="{n}" aria-label="Trang {n}"{current}>{n}</button>'
        )
        last = n
    before = _step("Trang trước", page - 1) if page > 1 else ""
    after = _step("Trang sau", page + 1) if page < pages else ""
    return (
        f'<nav class="hb-trang" aria-label="{escape(what)}">{before}{"".join(parts)}{after}</nav>'
    )


def _step(label: str, page: int) -> str:
    return f'<button type="button" class="hb-nut" data-trang="{page}">{label}</button>'


__all__ = ["filter_form", "pages_nav"]
