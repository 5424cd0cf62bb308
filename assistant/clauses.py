"""Where in a sentence a reason, a manner, quoted words or a definition stands. Pure, by marker words."""

import re

from assistant.candidates import Candidate
from corpus.text import fold

_QUOTED = re.compile(r"[“\"«]([^”\"»“]{2,})[”\"»]")
_SAYING = re.compile(
    r"\b(?:cho biết|cho hay|cho rằng|nói|khẳng định|nhấn mạnh|chia sẻ|nhận định|tuyên bố|đề nghị|kêu gọi|khuyên|thừa nhận|khai|giải thích"
    r"|cảnh báo|bày tỏ|đánh giá|phát biểu|lưu ý|tiết lộ|nhận xét|trả lời|yêu cầu|phủ nhận|tin|đề xuất|dự báo|kể|than|mong|thông tin)\b"
    r"(?:\s+(?:thêm|rõ|rằng|là|với \w+(?: \w+)?|trước \w+))*\s*[,:]?\s+(?:rằng\s+)?"
)  # fmt: skip
_REASON = re.compile(
    r"\b(?:bởi vì|vì rằng|chỉ vì|vì|do|bởi|nhờ|nguyên nhân (?:là|do|chính là)|lý do (?:là|vì)|nhằm(?: mục đích)?|để|xuất phát từ|trước việc)\s+", re.I
)  # fmt: skip
_NO_REASON = re.compile(r"^(?:vì vậy|vì thế|do đó|do vậy|nhờ đó|để rồi|bởi vậy|bởi thế)", re.I)
_MANNER = re.compile(r"\b(?:bằng cách|thông qua|theo hướng|bằng|theo cách)\s+", re.I)
_WEAK = frozenset({"để", "nhằm", "do", "nhằm mục đích"})
_CLAUSE_END = re.compile(
    r"[.;!?…](?=\s|$|[”\"])|,?\s+(?:nên|nhưng|tuy nhiên|trong khi)\s|[”\"](?=[,.]?\s*$)"
)
_PHRASE_END = re.compile(
    r"[.,;:!?…()]|\s(?:là|của|cho|với|và|để|khi|tại|ở|trong|trên|từ|đến|vào|được|bị|đã|sẽ|đang|nhưng|nên|vì|do|mà|có|theo|nhằm|cùng|hoặc|sau|trước)\s"
)


def quoted(sentence: str) -> list[Candidate]:
    """Words between quotation marks, without them; longer ones first."""
    return [
        Candidate(m.start(1), m.end(1), 0.5 + min(len(m.group(1).split()), 12) / 8)
        for m in _QUOTED.finditer(sentence)
    ]


def said(sentence: str) -> list[Candidate]:
    """A quotation, or what follows a verb of saying to the end of the clause."""
    found = quoted(sentence)
    inner = sentence.strip()
    if not found and inner.startswith(('"', "“")):  # one sentence of a longer quotation
        return [Candidate(sentence.index(inner[0]) + 1, _rstrip(sentence, len(sentence)), 1.0)]
    for match in _SAYING.finditer(sentence):
        if match.end() < len(sentence) - 8:
            end = _end(_CLAUSE_STOP, sentence, match.end())
            found.append(Candidate(match.end(), end, 0.9))
    return found


_CLAUSE_STOP = re.compile(r"[.;!?…](?=\s|$|[”\"])")


def reasons(sentence: str) -> list[Candidate]:
    """Clauses after "vì", "do", "nhằm", "để" …, with a weight for how surely they give a reason."""
    found = []
    for match in _REASON.finditer(sentence):
        if _NO_REASON.match(sentence[match.start() :]):
            continue
        word = match.group().strip().lower()
        end = _end(_CLAUSE_END, sentence, match.end())
        found.append(Candidate(match.end(), end, 0.6 if word in _WEAK else 1.4))
    return found


_CAUSE = re.compile(r"\b(?:nguyên nhân|l[ýí] do)\b", re.I)


def names_cause(sentence: str) -> bool:
    """Whether it calls something a cause or reason, as what is asked for with "vì sao" often is."""
    return bool(_CAUSE.search(sentence))


def manners(sentence: str) -> list[Candidate]:
    """Clauses after "bằng cách", "thông qua" …"""
    return [
        Candidate(m.end(), _end(_CLAUSE_END, sentence, m.end()), 1.0)
        for m in _MANNER.finditer(sentence)
    ]


def things(sentence: str, noun: str) -> list[Candidate]:
    """What follows the noun asked for: "tính năng gì" → "tính năng [chống robot]"; else "là …"."""
    found = []
    text = fold(sentence) if noun.isascii() else sentence.lower()
    if noun and len(text) == len(sentence):
        for match in re.finditer(rf"(?<!\w){re.escape(noun)}\s+", text):
            end = _end(_PHRASE_END, sentence, match.end())
            found.append(Candidate(match.end(), end, 1.2))
    for match in re.finditer(
        r"\s(?:là|gồm|mang tên|có tên|gọi là|bao gồm|trở thành)[:\s]+", sentence
    ):
        end = _end(re.compile(r"[.,;!?…(]"), sentence, match.end())
        found.append(Candidate(match.end(), end, 0.7))
    found += [Candidate(c.start, c.end, 0.8) for c in quoted(sentence) if c.end - c.start < 60]
    return [c for c in found if c.end - c.start > 1]


_LISTED = re.compile(r"(?:gồm có|bao gồm|gồm|là|như|:)\s+(?=[^.;]*(?:,| và ))")


def lists(sentence: str) -> list[Candidate]:
    """ "gồm A, B và C": the whole enumeration."""
    return [
        Candidate(m.end(), _end(_CLAUSE_STOP, sentence, m.end()), 1.5)
        for m in _LISTED.finditer(sentence)
    ]


def _end(stop: re.Pattern[str], sentence: str, start: int) -> int:
    match = stop.search(sentence, start)
    return _rstrip(sentence, match.start() if match else len(sentence))


def _rstrip(sentence: str, end: int) -> int:
    return len(sentence[:end].rstrip(' .,;:”"/'))


__all__ = ["lists", "manners", "names_cause", "quoted", "reasons", "said", "things"]
