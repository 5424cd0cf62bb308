"""A whole article in a window over the page, with the cited sentence marked. Pure; all is escaped."""

import re
from html import escape

from assistant.excerpt import Span
from assistant.page.marks import paragraphs
from assistant.wording import format_date
from corpus.article import Article

_MOVED = "Bài đã được sửa từ lúc trả lời; câu trích nay ở chỗ khác trong bài."
_CHANGED = "Bài đã được sửa từ lúc trả lời: không còn câu trích nguyên văn."


def article_window(article: Article, quote: str = "", start: int = 0) -> str:
    """The window; the sentence is looked for where it stood, then in all of the article."""
    cited, note = _find(article.text, quote, start)
    body = paragraphs(article.text[: article.body_end], cited)
    captions = ""
    if article.body_end < len(article.text):
        at = article.body_end
        below = (cited[0] - at, cited[1] - at) if cited else None
        shown = paragraphs(article.text[at:], below)
        captions = f'<h3>Chú thích ảnh</h3><div class="hb-anh">{shown}</div>'
    said = f'<p class="hb-luu-y" role="status">{note}</p>' if note else ""
    return _window(
        f"<h2>{escape(article.headline or article.id)}</h2>{_imprint(article)}{said}"
        f'<div class="hb-toan-van">{body}{captions}</div>'
    )


def missing_window(message: str) -> str:
    """Why the article cannot be shown."""
    return _window(f'<h2>Không mở được bài</h2><p class="hb-loi">{escape(message)}</p>')


def _window(inside: str) -> str:
    return (
        '<dialog class="hb-cua-so" aria-label="Toàn bài"><div class="hb-dau-cua-so">'
        '<button type="button" class="hb-nut" data-lam="dong">Đóng</button></div>'
        f'<div class="hb-trong" tabindex="0">{inside}</div></dialog>'
    )


def _find(text: str, quote: str, start: int) -> tuple[Span | None, str]:
    if not quote:
        return None, ""
    if text[start : start + len(quote)] == quote:
        return (start, start + len(quote)), ""
    at = text.find(quote)
    return ((at, at + len(quote)), _MOVED) if at >= 0 else (None, _CHANGED)


def _imprint(article: Article) -> str:
    """Source, byline, time of publication, file and address: what one needs to look the article up."""
    time = f"{article.time:%H:%M}, " if article.time and article.date else ""
    facts = [
        escape(article.source),
        escape(article.author),
        escape(time + (format_date(article.date) or "không rõ ngày đăng")),
        f"<code>{escape(article.id)}</code>",
    ]
    if re.match(r"https?://", article.url):
        address = escape(article.url)
        facts.append(f'<a href="{address}" target="_blank" rel="noopener noreferrer">{address}</a>')
    return f'<p class="hb-phu">{" · ".join(filter(None, facts))}</p>'
