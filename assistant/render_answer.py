"""One answer as the HTML of its chat message: quotes or checked claims, with links to their evidence.

Pure. Whatever comes from an article, a question or a model passes through ``escape`` here.
"""

from html import escape

from assistant.answer import ABSTAIN, Answer, Citation, Claim
from assistant.wording import blocks, dates_line, format_date, missing_line
from corpus.article import Article

_SURE, _FAIR = 0.85, 0.65  # from here on confidence is called high, fair


def answer_message(answer: Answer, token: str) -> str:
    """The chat message: the quotes with links to their cards, or what to look at instead.

    ``token`` tells this answer's cards from those of every other answer on the page.
    """
    parts = [_understood(answer), _expanded(answer)]
    if not answer.answered:
        parts.append(_abstention(answer, token))
    elif answer.claims:
        parts += [_claim(claim, token) for claim in answer.claims]
    else:
        parts += _quotes(answer, token)
    parts += [f'<p class="hb-phu">{escape(remark)}</p>' for remark in answer.remarks]
    if answer.answered:
        parts.append(f'<p class="hb-phu">Độ tin cậy: {confidence_word(answer.confidence)}</p>')
    return f'<div class="hb-tra-loi">{"".join(parts)}</div>'


def confidence_word(confidence: float) -> str:
    """``cao``, ``vừa`` or ``thấp``: a word can be read without seeing colours."""
    if confidence >= _SURE:
        return "cao"
    return "vừa" if confidence >= _FAIR else "thấp"


def _understood(answer: Answer) -> str:
    question = answer.question
    if question.resolved == question.text:
        return ""
    return (
        f'<p class="hb-phu">Hiểu là: <span>{escape(question.resolved)}</span> '
        '<button type="button" class="hb-sua">Sửa lại câu này</button></p>'
    )


def _expanded(answer: Answer) -> str:
    """Which abbreviations were read as what."""
    pairs = [f"{e.term} = {e.also}" for e in answer.question.expansions]
    return f'<p class="hb-phu">Tìm cả: {escape("; ".join(pairs))}</p>' if pairs else ""


def _abstention(answer: Answer, token: str) -> str:
    """That nothing was found, and the nearest headlines with links to their cards."""
    if not answer.nearest:
        return f"<p>{ABSTAIN} Kho chưa có bài nào.</p>"
    headlines = "".join(
        f'<li><a href="#{anchor(token, n)}">{escape(title_of(article))}</a>'
        f'<span class="hb-phu"> {escape(format_date(article.date))}</span></li>'
        for n, article in enumerate(answer.nearest, start=1)
    )
    view = answer.archive
    why = [missing_line(view.missing), dates_line(view.first_date, view.last_date)]
    said = escape(" ".join(filter(None, [ABSTAIN, *why, "Những bài gần nhất với câu hỏi:"])))
    return f"<p>{said}</p><ul>{headlines}</ul>"


def _quotes(answer: Answer, token: str) -> list[str]:
    """The sentences quoted, under their leads."""
    parts = [f"<p>{escape(answer.note)}</p>"] if answer.note else []
    for block in blocks(answer.question.kind, answer.citations):
        parts.append(f"<p>{escape(block.lead)}</p>")
        parts += [_quote(citation, token) for citation in block.citations]
    return parts


def _claim(claim: Claim, token: str) -> str:
    """A model's sentence that passed the gate, with links to what it cites."""
    links = "".join(_link(n, token) for n in claim.cites)
    return f"<p>{escape(claim.text)} {links}</p>"


def _quote(citation: Citation, token: str) -> str:
    return f"<blockquote>{_bold(citation)} {_link(citation.n, token)}</blockquote>"


def _bold(citation: Citation) -> str:
    """The quote with its answering span in bold."""
    if not citation.span:
        return escape(citation.quote)
    first, last = (at - citation.start for at in citation.span)
    before, span, after = (
        escape(part)
        for part in (citation.quote[:first], citation.quote[first:last], citation.quote[last:])
    )
    return f"{before}<strong>{span}</strong>{after}"


def _link(n: int, token: str) -> str:
    return (
        f'<a class="hb-so" href="#{anchor(token, n)}" title="Xem dẫn chứng {n}" '
        f'aria-label="Dẫn chứng {n}">[{n}]</a>'
    )


def anchor(token: str, n: int) -> str:
    return f"dan-{escape(token)}-{n}"


def title_of(article: Article) -> str:
    return article.headline or article.id


__all__ = ["anchor", "answer_message", "confidence_word", "title_of"]
