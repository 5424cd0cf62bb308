"""How an answer is worded in Vietnamese: leads, references, and what an abstention says. Pure."""

import datetime as dt
from dataclasses import dataclass
from itertools import groupby

from assistant.analysis.kinds import Kind
from assistant.citation import Citation
from assistant.scope import EVERYTHING, Scope
from corpus.article import Article

ABSTAIN = "Không tìm thấy trong kho bài viết."
DISAGREE = "Các bài đưa số liệu khác nhau; bài mới nhất đứng trước."


@dataclass(frozen=True, slots=True)
class Block:
    """Citations that share a lead: those of one article, and of one speaker where people are quoted."""

    lead: str
    citations: tuple[Citation, ...]


def blocks(kind: Kind, citations: list[Citation]) -> list[Block]:
    """The answer's parts in the order of its numbers."""
    by_speaker = kind is Kind.SAID

    def key(citation: Citation) -> tuple[str, str]:
        return citation.article.id, citation.speaker if by_speaker else ""

    made = []
    for (_, speaker), group in groupby(citations, key=key):
        cited = tuple(group)
        made.append(Block(_lead(speaker, cited[0].article), cited))
    return made


def _lead(speaker: str, article: Article) -> str:
    if speaker:
        return f"{speaker}, theo {reference(article)}:"
    return f"Theo {reference(article)}:"


def quoted(kind: Kind, citations: list[Citation], note: str = "") -> str:
    """The answer as plain text: note, leads, verbatim sentences with their numbers."""
    parts = [note] if note else []
    for block in blocks(kind, citations):
        parts.append(block.lead)
        parts += [f"{c.quote} [{c.n}]" for c in block.citations]
    return "\n\n".join(parts)


def several(kind: Kind, citations: list[Citation]) -> str:
    """A line before an answer that joins several articles; nothing for other kinds of question."""
    count = len({c.article.id for c in citations})
    if count < 2 or kind not in (Kind.LIST, Kind.COMPARE):
        return ""
    return f"Câu trả lời nằm ở {count} bài:"


def abstention(
    nearest: list[Article],
    missing: tuple[str, ...],
    first: dt.date | None,
    last: dt.date | None,
    within: Scope = EVERYTHING,
) -> str:
    """What is missing, the archive's dates and the nearest headlines, as plain text."""
    if not nearest:
        return nothing_there(within)
    why = [scope_line(within), missing_line(missing), dates_line(first, last)]
    lines = [" ".join(filter(None, [abstained(within), *why]))]
    lines += ["", "Những bài gần nhất với câu hỏi:", *(f"- {reference(a)}" for a in nearest)]
    return "\n".join(lines)


def abstained(within: Scope = EVERYTHING) -> str:
    """That nothing was found; a scope does not speak for the whole archive."""
    return "Không tìm thấy trong phạm vi đã chọn." if within else ABSTAIN


def nothing_there(within: Scope = EVERYTHING) -> str:
    """An abstention where there is no article at all to look at."""
    if within:
        return f"{abstained(within)} Không có bài nào trong phạm vi: {within}. Hãy nới rộng bộ lọc."
    return f"{ABSTAIN} Kho chưa có bài nào."


def scope_line(within: Scope) -> str:
    """What was searched, and that the archive may know more; nothing for all of it."""
    if not within:
        return ""
    return f"Chỉ tìm trong {within}; ngoài phạm vi đó kho có thể còn bài trả lời được."


def missing_line(missing: tuple[str, ...]) -> str:
    """ "Không có bài nào nhắc đến “…”." for what no article holds."""
    if not missing:
        return ""
    named = [f"“{term}”" for term in missing]
    listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} hay {named[-1]}"
    return f"Không có bài nào nhắc đến {listed}."


def dates_line(first: dt.date | None, last: dt.date | None) -> str:
    """From when to when the archive reaches."""
    if not first or not last:
        return ""
    if first == last:
        return f"Các bài trong kho đăng ngày {format_date(first)}."
    return f"Kho có bài từ {format_date(first)} đến {format_date(last)}."


def reference(article: Article) -> str:
    """How an article is named in a sentence: ``bài “Title” (ANTV, 17/07/2020)``."""
    facts = ", ".join(filter(None, [article.source, format_date(article.date)]))
    return f"bài “{article.headline}”" + (f" ({facts})" if facts else "")


def format_date(date: dt.date | None) -> str:
    """``17/07/2020``, or nothing for an undated article."""
    return date.strftime("%d/%m/%Y") if date else ""


def local_time(moment: str) -> str:
    """An ISO moment in UTC as local time, ``18:05, 24/11/2026``; nothing for nothing."""
    return (
        dt.datetime.fromisoformat(moment).astimezone().strftime("%H:%M, %d/%m/%Y") if moment else ""
    )


def number_text(count: int) -> str:
    """``5.000``, as Vietnamese groups digits."""
    return f"{count:,}".replace(",", ".")


__all__ = [
    "ABSTAIN", "DISAGREE", "Block", "abstained", "abstention", "blocks", "dates_line", "format_date", "local_time", "missing_line",
    "nothing_there", "number_text", "quoted", "reference", "scope_line", "several",
]  # fmt: skip
