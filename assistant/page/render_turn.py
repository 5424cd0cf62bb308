"""A turn of the conversation: the question, its answer, the evidence beside it and what can be done with them.

Pure. Whatever comes from an article, a question or a model passes through ``escape``, and nothing passes
through Markdown: text is data and is shown as it was printed.
"""

from collections.abc import Mapping, Sequence
from html import escape

from assistant.exports import Format
from assistant.page.icons import icon
from assistant.page.render_answer import answer_body
from assistant.page.render_evidence import evidence
from assistant.records.conversations import Turn
from assistant.records.feedback import MAX_COMMENT, Reason
from assistant.records.kept import Kept
from assistant.respond import Stage

_DOING = {
    Stage.SEARCHING: "Đang tìm trong kho bài viết…",
    Stage.CHOOSING: "Đang chọn câu trả lời…",
}
_FORMATS = {Format.WORD: "Word (.docx)", Format.MARKDOWN: "Markdown (.md)", Format.CSV: "Bảng CSV"}


def turns_html(turns: Sequence[Turn], verdicts: Mapping[str, bool]) -> str:
    """Several turns, as they were given; ``verdicts`` has the reader's own, by turn."""
    return "".join(turn_html(turn, verdicts.get(turn.id)) for turn in turns)


def turn_html(turn: Turn, verdict: bool | None = None) -> str:
    """A turn with its answer; one without was stopped."""
    if turn.answer is None:
        return _frame(turn, _stopped(turn))
    return _frame(turn, _answered(turn, turn.answer, verdict), evidence(turn.answer, turn.id))


def doing_html(turn: Turn, stage: Stage) -> str:
    """A turn while it is answered."""
    doing = escape(_DOING[stage])
    return _frame(turn, f'<p class="hb-dang" data-bao="{doing}"><span></span>{doing}</p>')


def growing_html(turn: Turn, kept: Kept) -> str:
    """A turn while a model still words its answer."""
    body = f'<div class="hb-dang-viet">{answer_body(kept, turn.id)}</div>'
    doing = '<p class="hb-dang" data-bao="Đang viết câu trả lời…"><span></span>Đang viết câu trả lời…</p>'
    return _frame(turn, body + doing, evidence(kept, turn.id))


def failed_html(turn: Turn, message: str) -> str:
    """A turn that could not be answered, and why."""
    said = f'<div class="hb-loi" role="alert" data-bao="{escape(message)}">{escape(message)}</div>'
    return _frame(turn, said + _again(turn))


def suggestions_html(questions: Sequence[str]) -> str:
    """Questions to ask next, as buttons."""
    if not questions:
        return ""
    buttons = "".join(
        f'<li><button type="button" class="hb-goi-y" data-lam="hoi" data-hoi="{escape(q)}">{icon("hỏi")}'
        f"<span>{escape(q)}</span></button></li>"
        for q in questions
    )
    return (
        f'<nav class="hb-tiep" aria-label="Câu hỏi gợi ý"><h3>Hỏi tiếp</h3><ul>{buttons}</ul></nav>'
    )


def welcome_html(examples: Sequence[str]) -> str:
    """What an empty conversation shows."""
    buttons = "".join(
        f'<li><button type="button" class="hb-goi-y" data-lam="hoi" data-hoi="{escape(q)}">{icon("hỏi")}'
        f"<span>{escape(q)}</span></button></li>"
        for q in examples
    )
    tries = f'<h3>Thử một câu</h3><ul class="hb-thu">{buttons}</ul>' if examples else ""
    return (
        '<div class="hb-chao"><h2>Bạn muốn biết gì từ kho bài báo?</h2>'
        "<p>Mỗi câu trả lời gồm những câu nguyên văn trong bài, bấm vào số là thấy bài nào, ngày nào, câu nào. "
        f"Kho không có thì Hỏi Báo nói là không có. Gõ không dấu cũng được.</p>{tries}</div>"
    )


def _frame(turn: Turn, left: str, right: str = "") -> str:
    return (
        f'<section class="hb-luot" data-luot="{escape(turn.id)}" aria-label="Câu hỏi và trả lời">'
        '<div class="hb-hai"><div class="hb-trai">'
        f'<h2 class="hb-hoi">{escape(turn.question)}</h2>{left}</div>{right}</div></section>'
    )


def _answered(turn: Turn, kept: Kept, verdict: bool | None) -> str:
    return (
        f'<div class="hb-tra-loi" data-bao="{escape(_announced(kept))}">{answer_body(kept, turn.id)}</div>'
        f"{_tools(turn, verdict)}{_form(turn)}"
    )


def _announced(kept: Kept) -> str:
    """What a screen reader says when the answer is there."""
    if not kept.answered:
        return kept.note
    return f"Đã có câu trả lời, kèm {len(kept.citations)} dẫn chứng."


def _stopped(turn: Turn) -> str:
    return f'<p class="hb-phu" data-bao="Đã dừng.">Đã dừng, chưa có câu trả lời.</p>{_again(turn)}'


def _again(turn: Turn) -> str:
    return f'<div class="hb-cong-cu">{_button("lai", turn, icon("lại"), "Hỏi lại")}</div>'


def _tools(turn: Turn, verdict: bool | None) -> str:
    formats = "".join(
        f'<button type="button" data-lam="xuat" data-luot="{escape(turn.id)}" data-dang="{f.value}">{label}</button>'
        for f, label in _FORMATS.items()
    )
    return (
        '<div class="hb-cong-cu">'
        + _button("chep-het", turn, icon("chép"), "Chép", "Chép câu trả lời kèm nguồn")
        + f'<details class="hb-chon-dang"><summary class="hb-nut">{icon("xuất")}Xuất</summary><div>{formats}'
        + _button("in", turn, "", "In câu trả lời")
        + "</div></details>"
        + _verdict("dung", turn, icon("đúng"), "Đúng", verdict is True)
        + _verdict("sai", turn, icon("sai"), "Chưa đúng", verdict is False)
        + _button("lai", turn, icon("lại"), "Hỏi lại")
        + "</div>"
    )


def _button(action: str, turn: Turn, picture: str, label: str, long: str = "") -> str:
    title = f' title="{long}" aria-label="{long}"' if long else ""
    return (
        f'<button type="button" class="hb-nut" data-lam="{action}" data-luot="{escape(turn.id)}"{title}>'
        f"{picture}{label}</button>"
    )


def _verdict(action: str, turn: Turn, picture: str, label: str, pressed: bool) -> str:
    state = "true" if pressed else "false"
    return (
        f'<button type="button" class="hb-nut" data-lam="{action}" data-luot="{escape(turn.id)}" '
        f'aria-pressed="{state}" title="Câu trả lời {label.lower()}">{picture}{label}</button>'
    )


def _form(turn: Turn) -> str:
    """What is wrong with the answer: opened by "Chưa đúng"."""
    reasons = "".join(
        f'<label><input type="checkbox" name="ly-do" value="{r.value}"> {r.value}</label>'
        for r in Reason
    )
    return (
        f'<form class="hb-gop-y" data-luot="{escape(turn.id)}" hidden><fieldset><legend>Chưa đúng ở đâu?</legend>'
        f"{reasons}</fieldset><label>Ghi thêm, nếu muốn"
        f'<textarea name="them" rows="2" maxlength="{MAX_COMMENT}"></textarea></label>'
        '<button type="submit" class="hb-nut hb-chinh">Gửi góp ý</button></form>'
    )
