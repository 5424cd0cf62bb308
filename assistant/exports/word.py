"""Answers as a Word document."""

import re
from collections.abc import Sequence
from io import BytesIO

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from assistant.exports.reference import confidence_word, reference_line
from assistant.records.kept import Kept

_NOT_IN_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def word(title: str, answers: Sequence[Kept]) -> bytes:
    """The file; its language is Vietnamese, so that no spell checker underlines it."""
    document = Document()
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    document.styles["Normal"].element.get_or_add_rPr().append(language)
    document.core_properties.title = _clean(title)[:255]
    document.core_properties.author = "Hỏi Báo"
    document.add_heading(_clean(title), level=0)
    for kept in answers:
        _add(document, kept)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _add(document, kept: Kept) -> None:  # type: ignore[no-untyped-def]  # python-docx has no types
    def say(text: str, style: str | None = None) -> None:
        document.add_paragraph(_clean(text), style)

    document.add_heading(_clean(kept.question), level=1)
    if kept.resolved != kept.question:
        say(f"Hiểu là: {kept.resolved}")
    if kept.within:
        say(f"Chỉ tìm trong: {kept.within}")
    if not kept.answered:
        say(kept.note)
        for source in kept.nearest:
            say(reference_line(source), "List Bullet")
        return
    if kept.note:
        say(kept.note)
    quotes = {c.n: c for c in kept.citations}
    for part in kept.parts:
        numbers = "".join(f"[{n}]" for n in part.cites)
        say(f"{part.text} {numbers}" if part.claim else part.text)
        if not part.claim:
            for n in part.cites:
                say(f"{quotes[n].quote} [{n}]", "Quote")
    for remark in kept.remarks:
        say(remark)
    say(f"Độ tin cậy: {confidence_word(kept.confidence)}")
    document.add_heading("Nguồn", level=2)
    for c in kept.citations:
        say(
            f"[{c.n}] “{c.quote}” ({reference_line(c.article)}; bài {c.article.id}, ký tự {c.start}–{c.end})"
        )


def _clean(text: str) -> str:
    """Without what XML cannot hold."""
    return _NOT_IN_XML.sub("", text)
