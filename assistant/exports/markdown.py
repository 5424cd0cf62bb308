"""Answers as Markdown. Text of articles and questions is escaped: it is data, not markup."""

import re
from collections.abc import Sequence

from assistant.exports.reference import confidence_word, reference_line
from assistant.records.kept import Kept, KeptCitation, Source

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|~-])")


def markdown(title: str, answers: Sequence[Kept]) -> str:
    """The whole document."""
    return "\n\n".join([f"# {_plain(title)}", *map(_answer, answers)]) + "\n"


def _answer(kept: Kept) -> str:
    lines = [f"## {_plain(kept.question)}"]
    if kept.resolved != kept.question:
        lines.append(f"Hiểu là: {_plain(kept.resolved)}")
    if kept.within:
        lines.append(f"Chỉ tìm trong: {_plain(kept.within)}")
    if not kept.answered:
        lines.append(_plain(kept.note))
        lines += [f"- {_plain(reference_line(source))}" for source in kept.nearest]
        return "\n\n".join(lines)
    lines += [_plain(kept.note)] if kept.note else []
    quotes = {c.n: c for c in kept.citations}
    for part in kept.parts:
        marks = "".join(f"[^{n}]" for n in part.cites) if part.claim else ""
        lines.append(_plain(part.text) + marks)
        if not part.claim:
            lines += [f"> {_plain(quotes[n].quote)} \\[{n}\\]" for n in part.cites]
    lines += [_plain(remark) for remark in kept.remarks]
    lines.append(f"Độ tin cậy: {confidence_word(kept.confidence)}")
    lines.append("### Nguồn")
    lines.append("\n".join(f"{c.n}. {_source(c)}" for c in kept.citations))
    return "\n\n".join(lines)


def _source(c: KeptCitation) -> str:
    return f"“{_plain(c.quote)}” ({_plain(reference_line(c.article))}; {_place(c.article, c)})"


def _place(source: Source, c: KeptCitation) -> str:
    address = f"; {_plain(source.url)}" if re.match(r"https?://", source.url) else ""
    return f"bài {_plain(source.id)}, ký tự {c.start}–{c.end}{address}"


def _plain(text: str) -> str:
    """One line that no Markdown reader takes for markup or HTML."""
    text = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _MARKUP.sub(r"\\\1", text)
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", text)
