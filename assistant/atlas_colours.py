"""The colours of an atlas: a hue for each of the most frequent sources, or shades from old to new. Pure.

Every colour has a form for light and one for dark pages. The legend escapes what it shows.
"""

from collections import Counter
from dataclasses import dataclass
from html import escape

from assistant.wording import number_text
from embeddings.store import Outline

_SOURCES = 9  # hues that can still be told apart
_SHADES = 24
_NAME = 40  # characters of a source in the legend

# After Tableau 10, a little darker on light pages and lighter on dark ones.
_HUES = [
    ("#4e79a7", "#7aa6d6"), ("#e0812a", "#f0a35c"), ("#59a14f", "#7fc474"), ("#d1495b", "#ec7f88"),
    ("#8a6bb1", "#b294d6"), ("#3f9c9c", "#6cc4c2"), ("#c9a227", "#e3c55c"), ("#d37295", "#eb9bb8"),
    ("#8c6d4f", "#bd9a78"),
]  # fmt: skip
_Rgb = tuple[int, int, int]
# From old to new: away from the page's colour on both.
_SCALES: tuple[list[_Rgb], ...] = (
    [(226, 196, 120), (79, 157, 143), (44, 66, 130)],
    [(122, 104, 62), (74, 150, 140), (176, 208, 255)],
)
_OTHER = ("other", "#8d8a85", "#8f8c86")
_UNKNOWN = ("unknown", "#bdb9b1", "#56585b")


@dataclass(frozen=True, slots=True)
class Colours:
    """The CSS class of each point, the rules for these classes, and the legend as HTML."""

    classes: list[str]
    style: str
    legend: str


def by_source(outlines: list[Outline]) -> Colours:
    """The nine most frequent sources, ties by name; then "khác", and articles without a source."""
    counts = Counter(o.source for o in outlines if o.source)
    named = sorted(counts, key=lambda source: (-counts[source], source))[:_SOURCES]
    kinds = {source: f"c{n}" for n, source in enumerate(named)}
    classes = [kinds.get(o.source, _OTHER[0]) if o.source else _UNKNOWN[0] for o in outlines]
    sizes = Counter(classes)
    rows = [(kinds[source], _short(source)) for source in named]
    rows += [(_OTHER[0], "khác"), (_UNKNOWN[0], "không rõ nguồn")]
    items = "".join(_item(kind, name, sizes[kind]) for kind, name in rows if sizes[kind])
    style = _style([(f"c{n}", *hues) for n, hues in enumerate(_HUES[: len(named)])])
    return Colours(classes, style, _legend("Màu theo nguồn:", items))


def by_month(outlines: list[Outline]) -> Colours:
    """From the first month of publication to the last, each month that occurs a step on; undated grey.

    Steps and not time: one wrong date of 1970 would make all other months one colour.
    """
    months = sorted({(o.date.year, o.date.month) for o in outlines if o.date})
    steps = min(len(months), _SHADES)
    shade = {m: f"c{n * (steps - 1) // max(len(months) - 1, 1)}" for n, m in enumerate(months)}
    classes = [shade[o.date.year, o.date.month] if o.date else _UNKNOWN[0] for o in outlines]
    undated = classes.count(_UNKNOWN[0])
    items = _band(months, steps) if months else ""
    items += _item(_UNKNOWN[0], "không rõ ngày", undated) if undated else ""
    style = _style([(f"c{n}", *_shade(n, steps)) for n in range(steps)])
    return Colours(classes, style, _legend("Màu theo tháng đăng:", items))


def _band(months: list[tuple[int, int]], steps: int) -> str:
    """The shades in a row between the first month and the last."""
    first, last = (f"<span>{month:02}/{year}</span>" for year, month in (months[0], months[-1]))
    shades = "".join(f'<i class="c{n}"></i>' for n in range(steps))
    return f'<li class="dai">{first}{shades}{last if len(months) > 1 else ""}</li>'


def _shade(n: int, steps: int) -> tuple[str, str]:
    """The n-th of so many steps along each scale, for light and for dark."""
    at = 2 * n / (steps - 1) if steps > 1 else 1.0
    n = min(int(at), 1)
    light, dark = (_mixed(scale[n], scale[n + 1], at - n) for scale in _SCALES)
    return light, dark


def _mixed(one: _Rgb, other: _Rgb, part: float) -> str:
    mixed = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return "#" + "".join(f"{value:02x}" for value in mixed)


def _style(rules: list[tuple[str, str, str]]) -> str:
    rules = [*rules, _OTHER, _UNKNOWN]
    light = " ".join(f".{kind} {{ --mau: {colour}; }}" for kind, colour, _ in rules)
    dark = " ".join(f".{kind} {{ --mau: {colour}; }}" for kind, _, colour in rules)
    faded = " ".join(
        f"main:has(li.{kind}:hover) circle:not(.{kind}) {{ opacity: .12; }}" for kind, _, _ in rules
    )
    return f"{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n{faded}\n"


def _item(kind: str, name: str, count: int) -> str:
    return f'<li class="{kind}"><i></i>{escape(name)} ({number_text(count)})</li>'


def _legend(heading: str, items: str) -> str:
    return f'<ul class="chu-giai"><li>{heading}</li>{items}</ul>'


def _short(source: str) -> str:
    source = " ".join(source.split())
    return source if len(source) <= _NAME else source[: _NAME - 1].rstrip() + "…"


__all__ = ["Colours", "by_month", "by_source"]
