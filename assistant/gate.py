"""The gate between a model's sentence and its source. Pure: a sentence and what it cites in, a verdict out.

Numbers (with what they count), dates, names, negation and most of the words of a claim must stand in
the sentences it cites. It checks words, not logic: two facts of one sentence swapped around can pass.
It would rather refuse a true paraphrase than let a wrong figure through.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.analysis.mentions import UPPER, name_spans, opens_sentence
from assistant.moments import Moment, moments
from assistant.numbers import Quantity, quantities
from assistant.polarity import contradicts
from corpus.text import mark, syllables


class Fault(StrEnum):
    """Why a claim is not supported, in words a reader may see."""

    NUMBER = "số liệu không có trong câu được dẫn"
    DATE = "ngày tháng không có trong câu được dẫn"
    NAME = "tên riêng không có trong câu được dẫn"
    NEGATION = "khẳng định ngược với câu được dẫn"
    OVERLAP = "nội dung không khớp với câu được dẫn"
    UNCITED = "không dẫn nguồn"


@dataclass(frozen=True, slots=True)
class Source:
    """What may be cited: the sentence, and what everybody knows of its article."""

    text: str
    title: str = ""
    facts: str = ""  # source and publication date as the model was shown them


_LEAST_OVERLAP = 0.6  # of the claim's content syllables; a copy with one word changed has more
# "Theo bài “…” (Báo Sông Lạch, 13/03/2024), …": checked against title, source and date, not the sentence.
_FRAME = re.compile(
    r"^Theo (?:bài|bản tin|tin)\s*(?:“[^”]*”)?\s*(?:\([^)]*\))?[^,:“(]{0,60}[,:]\s*", re.I
)
_GRAMMAR = frozenset(
    """là của và có được cho với từ đến trong ngoài ở tại thì mà này đó kia những các một về theo bị sẽ đã đang rằng như cũng vào ra lên
    khi để do vì bởi nên còn vẫn đều rất người ông bà anh chị việc cụ thể biết thêm năm ngày tháng số lại sau trước trên dưới""".split()
)


def check(claim: str, sources: list[Source]) -> Fault | None:
    """What is wrong with ``claim``, or None when its sources support it."""
    if not sources:
        return Fault.UNCITED
    frame = _FRAME.match(claim)
    if frame and not _frame_stands(frame.group(), sources):
        return Fault.DATE
    said = claim[frame.end() :] if frame else claim
    text = "\n".join(s.text for s in sources)
    known = "\n".join(f"{s.text}\n{s.title}\n{s.facts}" for s in sources)
    if not _dates_stand(said, sources):
        return Fault.DATE
    if not _numbers_stand(said, text):
        return Fault.NUMBER
    if not _names_stand(said, known):
        return Fault.NAME
    if any(contradicts(said, s.text) for s in sources):
        return Fault.NEGATION
    return None if _overlap(said, known) >= _LEAST_OVERLAP else Fault.OVERLAP


def _frame_stands(frame: str, sources: list[Source]) -> bool:
    """Whether some one source is the article that the claim says it has this from."""
    for source in sources:
        facts = f"{source.title}. {source.facts}"
        there = [(m.day, m.month, m.year) for m in moments(facts)]
        dated = all((m.day, m.month, m.year) in there for m in moments(frame))
        if (
            dated
            and _names_stand(frame, facts)
            and _overlap(frame, f"{facts} bài tin") > _LEAST_OVERLAP
        ):
            return True
    return False


# Dates


def _dates_stand(claim: str, sources: list[Source]) -> bool:
    found = [m for s in sources for m in moments(s.text)]
    years = {m.year for s in sources for m in moments(s.facts) if m.year}
    for claimed in moments(claim):  # each needs a date of its own: "tháng 5 và tháng 5" has one
        there = next((m for m in found if _covers(m, claimed, years)), None)
        if there is None:
            return False
        found.remove(there)
    return _relative(claim) <= set().union(*(_relative(s.text) for s in sources))


def _covers(there: Moment, claimed: Moment, years: set[int]) -> bool:
    """Whether the source's date says all that the claim's does; its year may be that of publication."""
    year_known = claimed.year in (None, there.year) or (
        there.year is None and claimed.year in years
    )
    parts = ("month", "day", "quarter", "half")
    same = all(getattr(claimed, p) in (None, getattr(there, p)) for p in parts)
    return year_known and same


_DAY_WORDS = re.compile(
    r"\b(?:hôm qua|hôm nay|ngày mai|hôm kia|năm ngoái|năm nay|năm sau|tháng trước|tháng này|tháng sau|tuần trước|tuần này|tuần sau"
    r"|thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật|rạng sáng|sáng|trưa|chiều|tối|đêm)\b"
)  # fmt: skip


def _relative(text: str) -> set[str]:
    """Time words; a clock's "4 giờ chiều" counts too: "sáng" for "chiều" is a wrong date."""
    return set(_DAY_WORDS.findall(text.lower()))


# Numbers


def _numbers_stand(claim: str, text: str) -> bool:
    theirs = quantities(text)
    claimed = [q for q in quantities(claim) if not _is_article(q)]
    often = all(
        sum(q.value == other.value for other in claimed) <= sum(q.value == t.value for t in theirs)
        for q in claimed
    )
    return often and all(_stands(q, theirs) for q in claimed)


def _is_article(q: Quantity) -> bool:
    """ "một" before a noun is hardly a number."""
    return q.value == 1 and q.number_end - q.start == 3


def _stands(q: Quantity, theirs: list[Quantity]) -> bool:
    """The same value of the same thing; and no other number of the source counts that thing better."""
    same = [t for t in theirs if t.value == q.value and _units_agree(q, t)]
    if not same:
        return False
    best = max(_shared(q, t) for t in same)
    return all(_shared(q, t) <= best for t in theirs if t.value != q.value)


def _units_agree(q: Quantity, there: Quantity) -> bool:
    return (
        not q.unit
        or not there.unit
        or q.unit == there.unit
        or bool(set(q.after) & set(there.after))
    )


def _shared(q: Quantity, there: Quantity) -> int:
    """How many syllables after the number are the same, from the first on."""
    count = 0
    for mine, its in zip(q.after, there.after, strict=False):
        if mine != its:
            break
        count += 1
    return count


# Names


def _names_stand(claim: str, known: str) -> bool:
    spelled = f" {' '.join(s.marked for s in syllables(known))} "
    for start, end in name_spans(claim):
        name = claim[start:end]
        words = " ".join(s.marked for s in syllables(name))
        if f" {words} " not in spelled and not _is_opening_word(claim, start, name):
            return False
    return all(_stands_somewhere(word, spelled) for word in _lone_capitals(claim))


def _is_opening_word(claim: str, start: int, name: str) -> bool:
    return opens_sentence(claim, start) and " " not in name and not name.isupper()


def _lone_capitals(claim: str) -> list[str]:
    """Capitalised words in the middle of the claim, whatever they are part of."""
    return [
        m.group()
        for m in re.finditer(rf"(?<=[\w,] )[{UPPER}]\w+", claim)
        if not opens_sentence(claim, m.start())
    ]


def _stands_somewhere(word: str, spelled: str) -> bool:
    return f" {mark(word)} " in spelled


# Overlap


def _overlap(claim: str, known: str) -> float:
    theirs = {s.folded for s in syllables(known)}
    words = [s for s in syllables(claim) if s.marked not in _GRAMMAR]
    if not words:
        return 0.0
    return sum(s.folded in theirs for s in words) / len(words)


__all__ = ["Fault", "Source", "check"]
