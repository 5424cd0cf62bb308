"""Text as HTML with parts of it marked. Pure; the text is escaped here."""

import re
from collections.abc import Sequence
from html import escape

from assistant.excerpt import Span


def highlight(text: str, spans: Sequence[Span]) -> str:
    """``text`` escaped, with ``<mark>`` around each of the ordered, disjoint ``spans``."""
    parts, at = [], 0
    for start, end in spans:
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return "".join([*parts, escape(text[at:])])


def paragraphs(text: str, cited: Span | None = None) -> str:
    """Each line of ``text`` as a paragraph, with the part of ``cited`` in it marked."""
    parts = []
    for match in re.finditer(r"[^\n]+", text):
        at, stop = match.span()
        first, last = (
            max(cited[0], at) - at if cited else 0,
            min(cited[1], stop) - at if cited else 0,
        )
        spans = [(first, last)] if first < last else []
        parts.append(f"<p>{highlight(match.group(), spans)}</p>")
    return "".join(parts)
