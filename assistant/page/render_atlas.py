"""An atlas as one HTML file that needs nothing else: no script, no network; light and dark.

Pure functions. Titles, sources and the archive's name are escaped, and the page's own policy forbids
scripts and other hosts besides.
"""

from html import escape
from textwrap import wrap

import numpy as np

from assistant.atlas import Atlas, By, Places
from assistant.atlas_colours import by_month, by_source
from assistant.atlas_layout import FONT, HEIGHT, LINE, WIDTH, Label, on_screen, spread
from assistant.page.look import FONTS
from assistant.wording import format_date, number_text
from embeddings.store import Counts, Outline

_TIP, _TITLE_LINE = 200, 24  # characters of a title: in a tooltip, in a line of a label

_AGAIN = "rồi chạy: hoibao build, hoibao map."
_FEW = {
    0: f"Kho chưa có bài nào để vẽ. Hãy chép bài vào thư mục của kho {_AGAIN}",
    1: f"Mới có một bài, nên chưa có gì để so. Hãy thêm bài vào kho {_AGAIN}",
    2: f"Mới có hai bài: gần nghĩa hay không, chúng cũng nằm ở hai đầu. Hãy thêm bài vào kho {_AGAIN}",
}
_HOW = (
    "Mỗi chấm là một bài; rê chuột lên chấm để xem nhan đề, nguồn và ngày đăng. Các bài gần nghĩa thì nằm gần nhau; "
    "hai chiều ngang, dọc (hai thành phần chính của véc-tơ bài viết) không có đơn vị."
)
_BOLD = " Chữ đậm là những cụm từ hay gặp ở nhan đề các bài quanh đó mà ít gặp ở nơi khác."
_ITALIC = " Chữ nghiêng là nhan đề của một bài ở đó."


def atlas_page(atlas: Atlas, by: By, name: str, counts: Counts) -> str:
    """The whole page. ``name`` is what the archive is called, ``counts`` what all of it holds."""
    colours = by_source(atlas.outlines) if by is By.SOURCE else by_month(atlas.outlines)
    heading = escape(f"Bản đồ {name}")
    drawn = len(atlas.outlines)
    parts = [f"<h1>{heading}</h1>", f"<p>{escape(_facts(counts))}</p>"]
    if 0 < drawn < counts.articles:
        sample = f"Hình vẽ {number_text(drawn)} trong {number_text(counts.articles)} bài: một mẫu cố định, chọn đều trong kho."
        parts.append(f"<p>{sample}</p>")
    if drawn in _FEW:
        parts.append(f'<p class="nhac">{_FEW[drawn]}</p>')
    if drawn:
        parts += [
            colours.legend,
            _drawing(atlas, colours.classes),
            f'<p class="phu">{_how(atlas)}</p>',
        ]
    return _PAGE.format(title=heading, style=_STYLE + colours.style, body="\n".join(parts))


def _how(atlas: Atlas) -> str:
    """How the picture is to be read."""
    bold = any(region.words for region in atlas.regions)
    italic = not atlas.regions or not all(region.words for region in atlas.regions)
    return _HOW + _BOLD * bold + _ITALIC * italic


def _facts(counts: Counts) -> str:
    days = [format_date(day) for day in (counts.first_date, counts.last_date) if day]
    when = " – ".join(dict.fromkeys(days))
    return f"{number_text(counts.articles)} bài" + (f" · đăng {when}" if when else "")


def _drawing(atlas: Atlas, classes: list[str]) -> str:
    at = on_screen(atlas.places, atlas.places)
    radius = 7 if len(at) <= 150 else 5 if len(at) <= 1_000 else 3.2
    points = "\n".join(
        f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}"><title>{_tip(outline)}</title></circle>'
        for outline, kind, (x, y) in zip(atlas.outlines, classes, at, strict=True)
    )
    named = _region_labels(atlas) if atlas.regions else _title_labels(atlas, at)
    placed = "".join(_text(label) for label in spread(named, at, radius))
    said = "; ".join(" ".join(label.lines) for label in named)
    about = escape(f"Bản đồ {number_text(len(at))} bài. Trên hình có: {said}.")
    return (
        f'<div class="hinh"><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{about}">\n'
        f"<g>{points}</g>\n<g>{placed}</g></svg></div>"
    )


def _tip(outline: Outline) -> str:
    facts = [outline.source or "không rõ nguồn", format_date(outline.date) or "không rõ ngày"]
    return escape(f"{_cut(outline.title or outline.id, _TIP)}\n{_cut(' · '.join(facts), _TIP)}")


def _region_labels(atlas: Atlas) -> list[Label]:
    """Of each region its words; or the title of the article in its middle, where the titles share none."""
    centres = on_screen(np.array([(r.x, r.y) for r in atlas.regions]), atlas.places)
    labels = []
    for region, (x, y) in zip(atlas.regions, centres, strict=True):
        lines = region.words or _title(atlas.outlines[region.central])
        labels.append(Label(float(x), float(y), lines, title=not region.words))
    return labels


def _title_labels(atlas: Atlas, at: Places) -> list[Label]:
    """Of a few articles, the title of each."""
    return [
        Label(float(x), float(y), _title(outline), title=True)
        for outline, (x, y) in zip(atlas.outlines, at, strict=True)
    ]


def _title(outline: Outline) -> tuple[str, ...]:
    title = _cut(outline.title or outline.id, _TIP)
    return tuple(wrap(title, _TITLE_LINE, max_lines=2, placeholder="…")) or ("…",)


def _text(label: Label) -> str:
    first = label.y - (len(label.lines) - 1) * LINE / 2 + FONT * 0.35
    spans = "".join(
        f'<tspan x="{label.x:.1f}" y="{first + n * LINE:.1f}">{escape(line)}</tspan>'
        for n, line in enumerate(label.lines)
    )
    return f'<text class="bai">{spans}</text>' if label.title else f"<text>{spans}</text>"


def _cut(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


_PAGE = """<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""

_STYLE = f"""
:root {{ color-scheme: light dark; --nen: #fbfaf8; --hinh: #ffffff; --chu: #26241f; --phu: #6a665e; --vien: #e4e0d8; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --nen: #17181a; --hinh: #1e2023; --chu: #e8e6e1; --phu: #a09c93; --vien: #34373b; }}
}}
body {{ margin: 0; background: var(--nen); color: var(--chu); line-height: 1.5;
  font-family: {", ".join(f'"{f}"' if " " in f else f for f in FONTS)}; }}
main {{ max-width: 1080px; margin: 0 auto; padding: 1.5rem 1rem 2rem; overflow-wrap: anywhere; }}
h1 {{ font-size: 1.5rem; line-height: 1.3; margin: 0; }}
p {{ margin: .25rem 0; color: var(--phu); }}
.phu {{ font-size: .9rem; }}
.nhac {{ border-left: 3px solid #d97706; padding-left: .8rem; margin: .8rem 0; color: var(--chu); }}
.chu-giai {{ display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; list-style: none; margin: .9rem 0 .7rem; padding: 0; font-size: .9rem; }}
.chu-giai li {{ display: flex; align-items: center; gap: .4rem; }}
.chu-giai i {{ flex: none; width: .8rem; height: .8rem; border-radius: 50%; background: var(--mau); }}
.chu-giai .dai {{ gap: 0; }}
.chu-giai .dai i {{ width: .7rem; border-radius: 0; }}
.chu-giai .dai span {{ margin: 0 .5rem; }}
.hinh {{ overflow-x: auto; border: 1px solid var(--vien); border-radius: 8px; background: var(--hinh); margin-bottom: .7rem; }}
svg {{ display: block; width: 100%; min-width: 700px; height: auto; }}
circle {{ fill: var(--mau); fill-opacity: .8; stroke: var(--hinh); stroke-width: .8; }}
circle:hover {{ fill-opacity: 1; stroke: var(--chu); stroke-width: 2; }}
text {{ font-size: {FONT}px; font-weight: 600; text-anchor: middle; fill: var(--chu); pointer-events: none;
  stroke: var(--hinh); stroke-width: 4px; stroke-linejoin: round; paint-order: stroke; }}
.bai {{ font-weight: 400; font-style: italic; fill: var(--phu); }}
"""


__all__ = ["atlas_page"]
