"""One kept answer as HTML: quotes or checked claims, with links to their evidence. Pure; all is escaped."""

from html import escape

from assistant.exports.reference import confidence_word, day
from assistant.records.kept import Kept, KeptCitation, Part

_ADVICE = {
    "cao": "",
    "vừa": " – nên đối chiếu với bài gốc",
    "thấp": " – hãy đọc kỹ dẫn chứng trước khi dùng",
}


def answer_body(kept: Kept, turn: str) -> str:
    """The quotes with links to their cards, or what to look at instead.

    ``turn`` tells this answer's cards from those of every other answer on the page.
    """
    parts = [_understood(kept)]
    if not kept.answered:
        parts.append(_abstention(kept, turn))
    else:
        parts += [f'<p class="hb-ghi-chu">{escape(kept.note)}</p>'] if kept.note else []
        quotes = {c.n: c for c in kept.citations}
        parts += [_part(part, quotes, turn) for part in kept.parts]
    parts += [f'<p class="hb-phu">{escape(remark)}</p>' for remark in kept.remarks]
    if kept.answered:
        word = confidence_word(kept.confidence)
        parts.append(
            f'<p class="hb-phu hb-tin-cay">Độ tin cậy: <strong>{word}</strong>{_ADVICE[word]}</p>'
        )
    return "".join(parts)


def _understood(kept: Kept) -> str:
    """How the question was read: a follow-up resolved, abbreviations spelled out, the part searched."""
    facts = []
    if kept.resolved != kept.question:
        facts.append(
            f"Hiểu là: <span>{escape(kept.resolved)}</span> "
            '<button type="button" class="hb-lien" data-lam="sua">Sửa lại câu này</button>'
        )
    if kept.expansions:
        pairs = "; ".join(f"{term} = {also}" for term, also in kept.expansions)
        facts.append(f"Tìm cả: {escape(pairs)}")
    if kept.within and kept.answered:  # an abstention says it itself
        facts.append(f"Chỉ tìm trong: {escape(kept.within)}")
    return "".join(f'<p class="hb-phu">{fact}</p>' for fact in facts)


def _abstention(kept: Kept, turn: str) -> str:
    """That nothing was found, and the nearest headlines with links to their cards."""
    said = f'<p class="hb-khong-thay">{escape(kept.note)}</p>'
    if not kept.nearest:
        return said
    headlines = "".join(
        f'<li><a href="#{anchor(turn, n)}">{escape(source.title)}</a>'
        f'<span class="hb-phu"> {day(source)}</span></li>'
        for n, source in enumerate(kept.nearest, start=1)
    )
    return f"{said}<p>Những bài gần nhất với câu hỏi:</p><ul>{headlines}</ul>"


def _part(part: Part, quotes: dict[int, KeptCitation], turn: str) -> str:
    if part.claim:
        links = "".join(_link(n, turn) for n in part.cites)
        return f"<p>{escape(part.text)} {links}</p>"
    cited = "".join(
        f"<blockquote>{_bold(quotes[n])} {_link(n, turn)}</blockquote>" for n in part.cites
    )
    return f'<p class="hb-dan-loi">{escape(part.text)}</p>{cited}'


def _bold(citation: KeptCitation) -> str:
    """The quote with its answering span in bold."""
    if not citation.span:
        return escape(citation.quote)
    first, last = (at - citation.start for at in citation.span)
    before, span, after = (
        escape(part)
        for part in (citation.quote[:first], citation.quote[first:last], citation.quote[last:])
    )
    return f"{before}<strong>{span}</strong>{after}"


def _link(n: int, turn: str) -> str:
    return (
        f'<a class="hb-so" href="#{anchor(turn, n)}" title="Xem dẫn chứng {n}" '
        f'aria-label="Dẫn chứng {n}">[{n}]</a>'
    )


def anchor(turn: str, n: int) -> str:
    """The id of a card."""
    return f"dan-{escape(turn)}-{n}"


__all__ = ["anchor", "answer_body"]
