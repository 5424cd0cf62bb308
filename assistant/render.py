"""Answers, hits and articles as HTML for the page (the archive tab: render_archive.py).

Pure functions. Whatever comes from an article, a file name, a question or an error passes through
``escape`` here, and nothing here passes through Markdown: article text is data and is shown as it
was printed.
"""

import re
from dataclasses import dataclass
from html import escape

from assistant.answer import Answer, Citation
from assistant.fold import published_also
from assistant.render_answer import anchor, answer_message, confidence_word, title_of
from assistant.retrieve import Hit
from assistant.wording import format_date
from corpus.article import Article
from corpus.text import has_marks, syllables
from embeddings.store import Twin

_CONTEXT = 300  # characters of context worth showing around a sentence in a one-line paragraph

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Section:
    """The evidence of one question of a chat; ``cards`` is HTML, empty when there is none to show."""

    question: str
    cards: str = ""


# Syllables of every question. Highlighting them would highlight every line.
_GRAMMAR = frozenset(
    "la cua va co khong duoc cho voi tu den trong ngoai o tai thi ma nay do kia nhung cac mot ve theo bi se da dang"
    " ai gi nao dau bao nhieu khi sao the vi the may con".split()
)


def error_message(message: str) -> str:
    """What went wrong, as the user may read it."""
    return f'<div class="hb-loi" role="alert">{escape(message)}</div>'


def evidence_panel(sections: list[Section]) -> str:
    """All evidence of a chat, newest first: that of the last question open, the others folded."""
    shown = [section for section in reversed(sections) if section.cards]
    if not shown:
        return _EMPTY_PANEL
    return "".join(
        f'<details class="hb-dan"{" open" if section is sections[-1] else ""}>'
        f"<summary>{escape(section.question)}</summary>{section.cards}</details>"
        for section in shown
    )


_EMPTY_PANEL = (
    '<p class="hb-phu">Mỗi câu trả lời đều kèm câu gốc trong bài báo. Dẫn chứng sẽ hiện ở đây: '
    "bài nào, ngày nào, câu nào.</p>"
)


def evidence_section(answer: Answer, token: str) -> Section:
    """The cards of one answer: what it cites or, when it abstains, the nearest articles."""
    if answer.answered:
        cards = [_citation_card(citation, token) for citation in answer.citations]
    else:
        cards = [_near_card(n, a, token) for n, a in enumerate(answer.nearest, start=1)]
    return Section(answer.question.text, "".join(cards))


def search_results(query: str, hits: list[Hit]) -> str:
    """Hits as cards with the syllables of ``query`` highlighted."""
    if not hits:
        return '<p class="hb-phu">Không có đoạn nào phù hợp.</p>'
    return "".join(_hit_card(n, query, hit) for n, hit in enumerate(hits, start=1))


def whole_article(article: Article, cited: Span | None = None) -> str:
    """A native ``<details>`` with the whole article, captions apart, ``cited`` marked."""
    body = _paragraphs(article, 0, article.body_end, cited)
    captions = _paragraphs(article, article.body_end, len(article.text), cited)
    if captions:
        captions = f'<h4>Chú thích ảnh</h4><div class="hb-anh">{captions}</div>'
    return (
        '<details class="hb-bai"><summary>Mở toàn bài</summary>'
        f'<div class="hb-toan-van">{body}{captions}{_imprint(article)}</div></details>'
    )


def highlight(text: str, spans: list[Span]) -> str:
    """``text`` escaped, with ``<mark>`` around each of the ordered, disjoint ``spans``."""
    parts, at = [], 0
    for start, end in spans:
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return "".join([*parts, escape(text[at:])])


def matches(query: str, text: str) -> list[Span]:
    """Where syllables of ``query`` stand in ``text``: with their marks if it was typed with any."""
    marked = has_marks(query)
    wanted = {
        s.marked if marked else s.folded for s in syllables(query) if s.folded not in _GRAMMAR
    }
    spans: list[Span] = []
    for s in syllables(text):
        if (s.marked if marked else s.folded) not in wanted:
            continue
        if spans and text[spans[-1][1] : s.start].isspace():
            spans[-1] = (spans[-1][0], s.end)  # one mark around a run of words
        else:
            spans.append((s.start, s.end))
    return spans


def context(article: Article, start: int, end: int) -> Span:
    """The paragraphs to show around a sentence: its own, and its neighbours while that is short."""
    low, high = (
        (0, article.body_end) if start < article.body_end else (article.body_end, len(article.text))
    )
    first, last = _grow(article.text, start, end, low, high)
    while last - first < _CONTEXT and (first, last) != (low, high):
        wider = _grow(article.text, max(low, first - 2), min(high, last + 2), low, high)
        if wider == (first, last):
            break
        first, last = wider
    return first, last


def _citation_card(citation: Citation, token: str) -> str:
    article, cited = citation.article, (citation.start, citation.end)
    first, last = context(article, *cited)
    passage = _paragraphs(article, first, last, cited)
    return (
        f'<article class="hb-the" id="{anchor(token, citation.n)}" tabindex="-1">'
        f"{_heading(article, f'[{citation.n}]')}"
        f"{_also(citation.also)}"
        f'<div class="hb-doan">{passage}</div>{whole_article(article, cited)}</article>'
    )


def _near_card(n: int, article: Article, token: str) -> str:
    return (
        f'<article class="hb-the" id="{anchor(token, n)}" tabindex="-1">'
        f"{_heading(article)}{whole_article(article)}</article>"
    )


def _hit_card(n: int, query: str, hit: Hit) -> str:
    passage = hit.passage
    text = highlight(passage.text, matches(query, passage.text))
    return (
        f'<article class="hb-the">{_heading(passage.article, f"{n}.")}{_also(hit.also)}'
        f'<div class="hb-doan hb-nguyen">{text}</div>{whole_article(passage.article)}</article>'
    )


def _heading(article: Article, number: str = "") -> str:
    date = format_date(article.date) or "không rõ ngày đăng"
    facts = " · ".join(filter(None, [article.source, date]))
    label = f'<span class="hb-so">{number}</span> ' if number else ""
    return f'<h3>{label}{escape(title_of(article))}</h3><p class="hb-phu">{escape(facts)}</p>'


def _also(twins: tuple[Twin, ...]) -> str:
    """Where else the story stands: one story is not three confirmations."""
    return f'<p class="hb-phu">{escape(published_also(twins))}</p>' if twins else ""


def _imprint(article: Article) -> str:
    """Byline, time of publication, file and address: what one needs to look the article up."""
    time = f"{article.time:%H:%M}, " if article.time and article.date else ""
    facts = [
        escape(article.author),
        escape(time + format_date(article.date)),
        f"<code>{escape(article.id)}</code>",
    ]
    if re.match(r"https?://", article.url):
        address = escape(article.url)
        facts.append(f'<a href="{address}" target="_blank" rel="noopener noreferrer">{address}</a>')
    return f'<p class="hb-phu">{" · ".join(filter(None, facts))}</p>'


def _paragraphs(article: Article, start: int, end: int, cited: Span | None) -> str:
    """``article.text[start:end]`` as paragraphs, with the part of ``cited`` in each marked."""
    parts = []
    for match in re.finditer(r"[^\n]+", article.text[start:end]):
        at, stop = start + match.start(), start + match.end()
        first, last = (
            max(cited[0], at) - at if cited else 0,
            min(cited[1], stop) - at if cited else 0,
        )
        spans = [(first, last)] if first < last else []
        parts.append(f"<p>{highlight(match.group(), spans)}</p>")
    return "".join(parts)


def _grow(text: str, start: int, end: int, low: int, high: int) -> Span:
    """To the line breaks around ``[start:end)``, within ``[low:high)``."""
    first = text.rfind("\n", low, start) + 1 or low
    last = text.find("\n", end, high)
    return first, high if last < 0 else last


__all__ = [
    "Section",
    "answer_message",
    "confidence_word",
    "context",
    "error_message",
    "evidence_panel",
    "evidence_section",
    "highlight",
    "matches",
    "search_results",
    "whole_article",
]
