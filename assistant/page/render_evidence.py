"""The evidence of one answer: a card for each cited sentence, or for each of the nearest articles. Pure."""

from html import escape

from assistant.exports.reference import day, quotation
from assistant.page.icons import icon
from assistant.page.marks import paragraphs
from assistant.page.render_answer import anchor
from assistant.records.kept import Kept, KeptCitation, Source

_ALSO = 3  # other articles named that tell the same


def evidence(kept: Kept, turn: str) -> str:
    """The cards beside an answer; nothing for an empty archive."""
    if kept.answered:
        cards = [_card(citation, turn) for citation in kept.citations]
        title = "Dẫn chứng"
    else:
        cards = [_near_card(n, source, turn) for n, source in enumerate(kept.nearest, start=1)]
        title = "Bài gần nhất"
    if not cards:
        return ""
    return f'<aside class="hb-dan" aria-label="{title}"><h3>{title}</h3>{"".join(cards)}</aside>'


def _card(c: KeptCitation, turn: str) -> str:
    cited = (c.start - c.passage_start, c.end - c.passage_start)
    return (
        f'<article class="hb-the" id="{anchor(turn, c.n)}" tabindex="-1" aria-label="Dẫn chứng {c.n}">'
        f"{_heading(c.article, f'[{c.n}]')}{_also(c.also)}"
        f'<div class="hb-doan">{paragraphs(c.passage, cited)}</div>{_why(c)}'
        f'<div class="hb-nut-hang">{_open(c.n, turn)}'
        f'<button type="button" class="hb-nut" data-lam="chep" data-chep="{escape(quotation(c))}">'
        f"{icon('chép')}Chép trích dẫn</button></div></article>"
    )


def _near_card(n: int, source: Source, turn: str) -> str:
    return (
        f'<article class="hb-the" id="{anchor(turn, n)}" tabindex="-1" aria-label="Bài {n}">'
        f'{_heading(source)}<div class="hb-nut-hang">{_open(n, turn)}</div></article>'
    )


def _heading(source: Source, number: str = "") -> str:
    facts = " · ".join(filter(None, [source.source, day(source) or "không rõ ngày đăng"]))
    label = f'<span class="hb-so">{number}</span> ' if number else ""
    return f'<h4>{label}{escape(source.title)}</h4><p class="hb-phu">{escape(facts)}</p>'


def _also(also: tuple[Source, ...]) -> str:
    """Where else the story stands: one story is not three confirmations."""
    if not also:
        return ""
    places = [f"{s.source or s.id}{f' ({day(s)})' if s.date else ''}" for s in also[:_ALSO]]
    more = f" và {len(also) - _ALSO} bài khác" if len(also) > _ALSO else ""
    return f'<p class="hb-phu">Cũng đăng tại: {escape(", ".join(places))}{more}</p>'


def _why(c: KeptCitation) -> str:
    """Shared words and nearness in meaning, in words."""
    reasons = []
    if c.shared:
        reasons.append(f"có chung {_named(c.shared)}")
    if c.shared_title:
        reasons.append(f"nhan đề có {_named(c.shared_title)}")
    if c.near:
        reasons.append(f"nghĩa {c.near} với câu hỏi")
    if c.speaker:
        reasons.append(f"lời của {c.speaker}")
    return (
        f'<p class="hb-phu hb-vi-sao">Vì sao chọn: {escape("; ".join(reasons))}.</p>'
        if reasons
        else ""
    )


def _named(words: tuple[str, ...]) -> str:
    return ", ".join(f"“{word}”" for word in words)


def _open(n: int, turn: str) -> str:
    return (
        f'<button type="button" class="hb-nut" data-lam="bai" data-luot="{escape(turn)}" data-so="{n}">'
        f"{icon('mở')}Mở toàn bài</button>"
    )
