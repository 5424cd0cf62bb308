"""What readers think of the answers, for editors to look through. Pure; everything is escaped."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from assistant.wording import local_time, number_text

if TYPE_CHECKING:
    from assistant.records.feedback import Verdict


def feedback_html(verdicts: "Sequence[Verdict]") -> str:
    """The verdicts in the order given, the bad ones in sight and the good ones as a number."""
    if not verdicts:
        return '<p class="hb-phu">Chưa có góp ý nào.</p>'
    bad = [v for v in verdicts if not v.good]
    good = len(verdicts) - len(bad)
    line = f"{number_text(good)} câu trả lời được khen đúng, {number_text(len(bad))} bị chê."
    items = "".join(_item(verdict) for verdict in bad)
    return f'<p class="hb-phu">{line}</p>' + (
        f'<ul class="hb-cac-gop-y">{items}</ul>' if bad else ""
    )


def _item(v: "Verdict") -> str:
    reasons = ", ".join(reason.value for reason in v.reasons) or "Không nêu lý do"
    comment = f"<p>{escape(v.comment)}</p>" if v.comment else ""
    answer = escape(v.answer) or "Đã trả lời là không tìm thấy."
    evidence = ", ".join(f"<code>{escape(e)}</code>" for e in v.evidence)
    where = f'<p class="hb-phu">Dẫn chứng: {evidence}</p>' if evidence else ""
    return (
        f'<li class="hb-the"><h3>{escape(v.question)}</h3><p><strong>{escape(reasons)}</strong> '
        f'<span class="hb-phu">lúc {escape(local_time(v.at))}</span></p>{comment}'
        f'<details><summary>Câu trả lời bị chê</summary><p class="hb-nguyen">{answer}</p>{where}</details></li>'
    )


__all__ = ["feedback_html"]
