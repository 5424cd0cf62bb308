"""Where in a sentence a person, an organisation or a place may be the answer.

Pure: sentence in, spans with a first weight out. ``assistant.spans`` chooses among them.
"""

import re
from dataclasses import dataclass

from assistant.analysis.mentions import UPPER, name_spans
from assistant.analysis.places import PLACES
from corpus.text import fold


@dataclass(frozen=True, slots=True)
class Candidate:
    """``sentence[start:end]`` may be the answer; ``weight`` says how well its form fits."""

    start: int
    end: int
    weight: float
    counts: bool = False  # a figure


_PERSON_BEFORE = re.compile(
    r"(?:ông|bà|anh|chị|cô|em|cháu|chú|bác|cụ|thầy|tên|là|do|của|trưởng|tướng|tá|úy|sĩ|giám đốc|chủ tịch|thủ|viên|giả|tịch|thư|ký|đại biểu"
    r"|giáo sư|hlv|cầu thủ|nhân|phạm|can|cáo)\s+$", re.I
)  # fmt: skip
_ORGANISATION = frozenset(
    "hang cong ty tap doan to chuc don vi co quan doanh nghiep truong doi nuoc bang dang bao dai vien ngan nhom quoc".split()
)


def people(sentence: str, noun: str, known: tuple[str, ...]) -> list[Candidate]:
    """Names that are not in the question; persons first unless an organisation is asked for."""
    asked = {fold(name) for name in known}
    body = noun and noun.split()[-1] in _ORGANISATION
    found = []
    for start, end in name_spans(sentence):
        name = fold(sentence[start:end])
        if any(name in other or other in name for other in asked):
            continue
        words = name.count(" ") + name.count("-") + 1
        weight = (
            1.0 * (2 <= words <= 5)
            - 0.7 * (words == 1)
            + 1.0 * bool(_PERSON_BEFORE.search(sentence[:start]))
        )
        weight -= 2.0 * (name in PLACES and not body) + 1.0 * sentence[start:end].isupper()
        found.append(Candidate(start, end, weight))
    return found


_ADMIN = (
    r"(?:tỉnh|huyện|xã|phường|quận|thành phố|TP\.?|thị xã|thị trấn|thôn|bản|ấp|làng|khu phố|khu vực|khu|đường|phố|quốc lộ|sân vận động|sân bay"
    r"|sân|nhà hát|nhà thi đấu|nhà máy|nhà|bệnh viện|trường|đại học|chợ|cầu|cảng|đảo|biển|sông|hồ|núi|công viên|khách sạn|trung tâm|cung|hội trường"
    r"|trụ sở|nước|bang|vùng|miền|chùa|đền|bãi|vịnh|mỏ|rừng|hang|cao tốc|ngã tư|đại sứ quán|văn phòng|bảo tàng|nghĩa trang|tòa nhà|số \d+)"
)
_CAPITAL = f"[{UPPER}]"
_AT = re.compile(r"\b(?:tại|ở|đến|tới|từ|về|gần|trên|qua|vào|sang|thuộc|quê|ngụ|trú)\s+")
_PLACE = re.compile(
    rf"(?:{_ADMIN}\s+)*(?:[\w-]+\s+){{0,3}}?(?:{_CAPITAL}[\w'-]*|\d+[A-Z]?)(?:[ -](?:{_CAPITAL}[\w'-]*|\d+))*"
    rf"(?:,?\s+\(?(?:{_ADMIN}\s+)?{_CAPITAL}[\w'-]*(?:[ -]{_CAPITAL}[\w'-]*)*\)?)*"
)
_NAMED_PLACE = re.compile(
    rf"(?<!\w){_ADMIN}\s+(?:\w+\s+){{0,2}}?{_CAPITAL}[\w'-]*(?:[ -](?:{_CAPITAL}[\w'-]*|\d+))*"
    rf"(?:,\s+(?:{_ADMIN}\s+)?{_CAPITAL}[\w'-]*(?:[ -]{_CAPITAL}[\w'-]*)*)*"
)


_NO_PLACE = re.compile(r"\d|ngày|tháng|năm|giờ|lúc|thời|khi|đó|đây", re.I)
_PLACE_END = re.compile(
    r"[.,;:!?…()]|\s(?:của|cho|với|và|để|khi|thì|vào|được|bị|đã|sẽ|đang|nhưng|vì|do|mà|theo|sau|trước|là|nơi|lúc|hôm|ngày)\s|$"
)


def places(sentence: str, noun: str, known: tuple[str, ...]) -> list[Candidate]:
    """What stands after "tại", "ở" … with a name in it, and names after "tỉnh", "sân vận động"."""
    asked = {fold(name) for name in known}
    spans: dict[tuple[int, int], float] = {}
    for match in _AT.finditer(sentence):
        place = _PLACE.match(sentence, match.end())
        if place and not _NO_PLACE.match(place.group()):
            spans[place.span()] = 1.5 if match.group().strip() in ("tại", "ở") else 0.8
        elif not place and match.group().strip() in ("tại", "ở"):
            stop = _PLACE_END.search(sentence, match.end(), match.end() + 120)
            spans[match.end(), stop.start() if stop else match.end()] = 0.7
    for match in _NAMED_PLACE.finditer(sentence):
        if not any(s <= match.start() and match.end() <= e for s, e in spans):
            spans[match.span()] = 1.0
    for start, end in name_spans(sentence):
        inside = any(s < end and start < e for s, e in spans)
        if fold(sentence[start:end]) in PLACES and not inside:
            spans[start, end] = 0.6
    found = []
    for (start, end), weight in spans.items():
        words = fold(sentence[start:end])
        names = [
            fold(sentence[start + s : start + e]) for s, e in name_spans(" " + sentence[start:end])
        ]
        if words in asked or (names and all(any(n in a for a in asked) for n in names)):
            continue
        fits = bool(noun) and bool(re.search(rf"\b{re.escape(noun)}\b", words))
        found.append(Candidate(start, end, weight + 2.0 * fits))
    return found


__all__ = ["Candidate", "people", "places"]
