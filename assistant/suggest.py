"""What may be asked next: questions that other sentences of the cited articles answer. Pure.

Each is made from the sentence that answers it, by putting a question word in the place of what it
tells: a number, a time, a reason, words that somebody said, a person's post. Vietnamese asks in the place
of the answer ("dài 312 mét" – "dài bao nhiêu mét?"), so what is left is a sentence of the article's own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from assistant.analysis.mentions import UPPER, names
from assistant.citation import Citation
from assistant.figures import figures
from assistant.moments import moments
from assistant.numbers import unit_of
from assistant.speakers import utterances
from corpus.article import Article
from corpus.sentences import split_sentences
from corpus.text import fold


class About(IntEnum):
    """What a suggestion asks for."""

    SAID = 0
    NUMBER = 1
    REASON = 2
    TIME = 3
    PERSON = 4


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question, and the sentence that answers it: ``article_id`` and its first character."""

    question: str
    about: About
    article_id: str
    start: int


_FEWEST, _MOST = (
    5,
    17,
)  # words of a question: fewer say too little, more are no longer read at a glance
_BREAK = re.compile(r"[;:–—()“”\"]|,(?!\d)\s")
_MORE_OR_LESS = re.compile(
    r"(?:\s|^)(?:ít nhất|nhiều nhất|tối đa|khoảng|chừng|hơn|gần|trên|dưới|tới|đến|cả thảy|những|các|đủ)$", re.I
)  # fmt: skip
_TOLD = re.compile(r"[\d.,]*\d(?: (?:nghìn|triệu|tỷ|tỉ))*\s?")
_UNITS = frozenset("km m kg tấn đồng tuổi năm tháng ngày giờ phút ha hộ".split())
_PHRASE_END = re.compile(
    r"[.,;:!?…()“”]|\s(?:là|của|cho|với|và|để|khi|tại|ở|trong|trên|từ|đến|vào|được|bị|đã|sẽ|đang|nhưng|nên|vì|do|mà|có|theo|nhằm|cùng|hoặc|sau"
    r"|trước|ra|về|thì|đạt|nhờ|còn|gồm|mỗi|này|đi)\s"
)
# Before these the number is a place, a score or a rank, and "bao nhiêu" asks for nothing.
_NO_COUNT = re.compile(
    r"(?:[\d/–-]|\b(?:km|số|ngày|tháng|năm|lúc|lớp|điều|khóa|giải|tuổi|từ|thứ|quốc lộ|khối|tổ))$",
    re.I,
)
# What a clause that stands alone does not begin with.
_LEANS = re.compile(
    r"^(?:và|với|trong đó|trong|để|khi|cho|mà|thì|là|nhưng|nên|hay|hoặc|cùng|bằng|gồm|theo|do|vì|từ|đến|tại|ở|trên|dưới|sau|trước|của|có|được|bị|đã"
    r"|sẽ|đang|đồng thời|ngoài ra|tuy nhiên|nhờ|qua|về|vào|còn|cũng|tính|riêng|người này|ông ấy|bà ấy|họ|này|đó|ấy|đây|điều|như)\b", re.I
)  # fmt: skip
_REASON = re.compile(r"^(?P<what>[^,;:]+?),?\s(?:bởi )?vì\s(?P<why>[^.]{12,})")
_LEADING_TIME = re.compile(
    r"^(?P<time>(?:(?:Vào|Hồi|Lúc|Từ|Sáng|Trưa|Chiều|Tối|Đêm|Rạng sáng|Ngày|Tháng|Năm|Khoảng|Đầu|Cuối)\b)[^,]{2,40}),\s(?P<what>[^,;:]+)[,.;]"
)
_HAPPENS = re.compile(
    r"\b(?:khởi công|khánh thành|khai mạc|bế mạc|tổ chức|diễn ra|ký|ban hành|công bố|trao|ra mắt|bắt|khởi tố|xảy ra|thông qua|phát hiện|khai trương)\b"
)
_OTHER_FIGURE = re.compile(r"%|\d[\d.]{4}")
_POST = re.compile(
    rf"(?:(?P<title>[ÔôBbAaCc](?:ng|à|nh|hị)|[Tt]hiếu tá|[Tt]rung tá|[Tt]hượng tá|[Đđ]ại tá|[Tt]hiếu tướng|[Tt]rung tướng|[Bb]ác sĩ|[Nn]ghệ nhân)\s)"
    rf"(?P<name>[{UPPER}]\w+(?:\s[{UPPER}]\w+){{1,3}}),\s(?P<post>[{UPPER}]\w*\s[^,]{{6,}})"
)


def follow_ups(asked: Sequence[str], citations: list[Citation]) -> list[Suggestion]:
    """Suggestions from the cited articles, those of different kinds first; none asks what was ``asked``."""
    cited = {(c.article.id, c.start) for c in citations}
    articles = {c.article.id: c.article for c in citations}
    found = [
        s
        for article in articles.values()
        for s in _of_article(article)
        if (s.article_id, s.start) not in cited
        and not any(_again(s.question, question) for question in asked)
    ]
    seen: dict[About, int] = {}
    ranked = []
    for s in found:
        seen[s.about] = seen.get(s.about, 0) + 1
        ranked.append((seen[s.about], s.about, s))
    ranked.sort(key=lambda one: one[:2])
    return [s for _, _, s in ranked]


def _of_article(article: Article) -> Iterator[Suggestion]:
    said = {u.start: u.speaker for u in utterances(article.text)}
    asked: set[str] = set()
    for sentence in split_sentences(article.text, 0, article.body_end):
        text = article.text[sentence.start : sentence.end]
        speaker = said.get(sentence.start, "")
        if not speaker and re.search(r"[“”\"]", text):
            continue
        for about, made in _of_sentence(text, speaker, article.text):
            if made not in asked:
                asked.add(made)
                yield Suggestion(made, about, article.id, sentence.start)


def _of_sentence(text: str, speaker: str, whole: str) -> Iterator[tuple[About, str]]:
    if speaker:
        hailed = _hailed(speaker, whole)
        if " " in speaker and hailed:
            yield About.SAID, f"{hailed} nói gì?"
        return
    for about, made in (
        (About.PERSON, _post(text)),
        (About.NUMBER, _number(text)),
        (About.REASON, _reason(text)),
        (About.TIME, _time(text)),
    ):
        if made:
            yield about, made


def _hailed(speaker: str, whole: str) -> str:
    """ "Bà Giang Mỹ Lệ", as the article calls her; nothing for who is called by no title, perhaps a place."""
    found = re.search(rf"\b(ông|bà|anh|chị|cô|em|cụ)\s+{re.escape(speaker)}", whole, re.I)
    return f"{found.group(1).capitalize()} {speaker}" if found else ""


def _post(text: str) -> str:
    found = _POST.search(text)
    return f"{found['title'].capitalize()} {found['name']} giữ chức vụ gì?" if found else ""


def _number(text: str) -> str:
    """The clause up to a number and what it counts, with "bao nhiêu" in its place."""
    dated = [(m.start, m.end) for m in moments(text)]
    for figure in figures(text, "", ()):
        told = _TOLD.search(text, figure.start, figure.end)
        if not told or any(s < figure.end and figure.start < e for s, e in dated):
            continue
        counted = _counted(text, told.end(), figure.end)
        before = _MORE_OR_LESS.sub("", text[: told.start()].rstrip())
        if counted == "tuổi":
            before = before.rstrip(", ").rsplit(" là ")[-1]
        clause = _BREAK.split(before + " ")[-1].strip()
        if counted and not _NO_COUNT.search(clause) and not _OTHER_FIGURE.search(clause):
            made = _question(f"{clause} bao nhiêu {counted}", clause)
            if made:
                return made
    return ""


def _counted(text: str, start: int, end: int) -> str:
    """What is counted: a unit, or a noun with what describes it as far as that is short."""
    unit = text[start:end].strip()
    if unit_of(unit) != unit or unit in _UNITS:
        return unit
    phrase = _PHRASE_END.split(text[start:] + " ", maxsplit=1)[0].split()
    return (
        " ".join(phrase) if 1 < len(phrase) <= 4 and not re.search(r"\d", "".join(phrase)) else ""
    )


def _reason(text: str) -> str:
    found = _REASON.match(text)
    return _question(f"vì sao {_lower(found['what'])}", found["what"]) if found else ""


def _time(text: str) -> str:
    found = _LEADING_TIME.match(text)
    if not found or not moments(found["time"]) or not _HAPPENS.search(found["what"]):
        return ""
    return _question(f"{found['what'].rstrip(' .')} khi nào", found["what"])


def _question(made: str, clause: str) -> str:
    """``made`` as a question, if the clause it is made of can stand alone and names what it is about."""
    words = made.split()
    if not _FEWEST <= len(words) <= _MOST or _LEANS.match(clause) or not list(names(clause)):
        return ""
    if re.search(r"\d{1,2}/\d{1,2}$|[()]", clause) or len(clause.split()) < 3:
        return ""
    return made[0].upper() + made[1:].rstrip(" ,.") + "?"


def _lower(text: str) -> str:
    """Its first letter small, unless it begins with a name."""
    first = text.split(" ", 1)[0]
    named = next(iter(names(text)), "")
    return text if named.startswith(first) or first.isupper() else text[0].lower() + text[1:]


def _again(made: str, question: str) -> bool:
    """Whether it asks again what was asked: nearly all of its words are those of the question."""
    words, known = set(fold(made).split()), set(fold(question).split())
    return len(words & known) >= 0.8 * len(words)


__all__ = ["About", "Suggestion", "follow_ups"]
