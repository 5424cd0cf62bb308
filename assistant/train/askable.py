"""What can be asked for in a sentence, and the words to ask for it with: numbers, dates, names and phrases."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.analysis.mentions import UPPER

_UNIT = (
    "%|phần trăm|người|đồng|USD|km|m2|mét|tấn|ha|héc ta|tuổi|ngày|tháng|năm|giờ|phút|lần|chiếc|xe|căn|hộ|vụ|trường hợp|điểm|bàn|trận"
    "|học sinh|sinh viên|cán bộ|chiến sĩ|công nhân|doanh nghiệp|dự án|kg|lít|suất|quốc gia|nước|đội|bài|lượt|cây|con|ca|phòng|tầng|mẫu"
    "|bộ|cuốn|tàu|thuyền|máy bay|chuyến|giải|huy chương|bệnh nhân|nạn nhân|đối tượng|bị cáo"
)
_NUMBER = re.compile(
    rf"(?<![\w.,/-])(?:\d{{1,3}}(?:[.,]\d+)*|\d+)(?:\s(?:triệu|tỷ|tỉ|nghìn|ngàn|trăm))?(?=\s?(?:{_UNIT})\b|%)"
)
_DATE = re.compile(
    r"(?:(?:ngày|sáng|chiều|tối|đêm|trưa|rạng sáng)\s)?\d{1,2}[/-]\d{1,2}(?:[/-]\d{4})?(?![\d/%])|(?<!\w)tháng \d{1,2}(?:[/-]\d{4}| năm \d{4})?"
    r"|(?<!\w)năm (?:19|20)\d\d|(?<![\d.,])\d{1,2}h\d{0,2}(?!\w)"
)
_NAME = re.compile(rf"(?<![\w.])(?:[{UPPER}][\w]*)(?:\s(?:[{UPPER}][\w]*)){{1,4}}")
_PERSON = re.compile(
    r"(?:ông|bà|anh|chị|em|cô|bác sĩ|thầy|tên|ca sĩ|diễn viên|cầu thủ|HLV|tướng|tá|úy|tổng thống|thủ tướng|bộ trưởng|chủ tịch|giám đốc|bí thư"
    r"|luật sư|đại sứ|người mẫu|đạo diễn|nghệ sĩ|hoa hậu|Phó|Trưởng|PGS\.?TS|TS\.?|GS\.?|cháu|bé|nạn nhân|nghi phạm|bị cáo|đối tượng)\s$",
    re.I,
)
_PLACE = re.compile(
    r"(?:tại|ở|từ|đến|tỉnh|huyện|xã|thành phố|TP\.?|quận|phường|đường|thị xã|thôn|bản|sông|núi|đảo|nước|khu)\s$", re.I
)  # fmt: skip
_PHRASE = r"[^,.;:()“”\"?!…]"
# What leads to a phrase, the phrase, and what is asked in place of both.
_PHRASES = {
    "what": (
        rf"(?<!\w)(?:là|gọi là|mang tên|trở thành) ({_PHRASE}{{4,70}})(?=[,.;:(]|$)",
        ["là gì", "là gì", "gọi là gì", "là cái gì"],
    ),
    "why": (
        rf"(?<!\w)(?<!tự )(?<!lý )(?<!lí )(?:bởi vì|vì|do|nhờ|bởi) ({_PHRASE}{{10,110}})(?=[,.;:(]|$)",
        ["vì sao", "vì sao", "tại sao", "do đâu", "nguyên nhân là gì"],
    ),
    "purpose": (
        rf"(?<!\w)(?:nhằm|để) ({_PHRASE}{{10,90}})(?=[,.;:(]|$)",
        ["để làm gì", "nhằm mục đích gì", "làm gì"],
    ),
    "means": (
        rf"(?<!\w)bằng (?:cách )?({_PHRASE}{{6,70}})(?=[,.;:(]|$)",
        ["bằng cách nào", "bằng gì", "như thế nào", "thế nào"],
    ),
    "list": (
        rf"(?<!\w)(?:bao gồm|gồm có|gồm|như):? ([^.;:()“”]{{4,110}} và {_PHRASE}{{2,40}})(?=[,.;:(]|$)",
        ["gồm những gì", "gồm những ai", "những gì", "nào"],
    ),
    "said": (
        r"(?<!\w)(?:cho biết|cho hay|nói rằng|khẳng định|cho rằng|nhấn mạnh|thừa nhận|tuyên bố|đề nghị|yêu cầu)"
        r"(?: rằng|:|,)? ([^.;:“”]{15,160})(?=[.;]|$)",
        ["nói gì", "nói gì", "cho biết gì", "nói thế nào", "yêu cầu gì"],
    ),
    "object": (
        rf"(?<!\w)(?:phát hiện|tìm thấy|sử dụng|dùng|sản xuất|gây|tạo ra|xây dựng|thành lập|tổ chức|nhận|giành|có) ({_PHRASE}{{6,50}})(?=[,.;:(]|$)",
        ["gì", "gì", "cái gì", "những gì", "nào"],
    ),
}  # fmt: skip
_PHRASE_PATTERNS = {kind: re.compile(pattern) for kind, (pattern, _) in _PHRASES.items()}
_KEEPS_LEAD = {"said", "object", "list"}
_LEADS_KEPT = 0.7  # "phát hiện gì" rather than "gì"


@dataclass(frozen=True, slots=True)
class Askable:
    """``text[start:end]`` may be asked for; the question word replaces ``text[lead:end]``."""

    kind: str
    lead: int
    start: int
    end: int


def entities(text: str) -> list[Askable]:
    """Numbers, dates and names; a name that begins a sentence may be any word."""
    found = []
    for kind, pattern in (("number", _NUMBER), ("date", _DATE), ("name", _NAME)):
        for match in pattern.finditer(text):
            begins = match.start() == 0 or text[match.start() - 2 : match.start()] in (
                ". ",
                "? ",
                "“",
            )
            if kind != "name" or not begins:
                found.append(Askable(kind, match.start(), match.start(), match.end()))
    return found


def phrases(text: str) -> Iterator[Askable]:
    """What something is, why, what for, by what, what was said."""
    for kind, pattern in _PHRASE_PATTERNS.items():
        for match in pattern.finditer(text):
            if " " in match[1].strip():
                yield Askable(kind, match.start(), match.start(1), match.end(1))


def with_lead(found: Askable, rng: random.Random) -> Askable:
    """The same, perhaps with its lead kept in the question."""
    kept = found.kind in _KEEPS_LEAD and rng.random() < _LEADS_KEPT
    return replace(found, lead=found.start) if kept else found


def question_word(found: Askable, text: str, rng: random.Random) -> str:
    """What to ask with in place of it."""
    kind, start, end = found.kind, found.start, found.end
    if kind in _PHRASES:
        whole = rng.choice(_PHRASES[kind][1])
        return whole.split()[-1] if found.lead == start else whole
    if kind == "number":
        return "bao nhiêu" if rng.random() < 0.85 else "mấy"
    if kind == "date":
        return rng.choice(_date_words(text[start:end]))
    if _PERSON.search(text[:start]):
        return rng.choice(["ai", "ai", "nào", "tên là gì"])
    if _PLACE.search(text[:start]):
        return rng.choice(["nào", "đâu"])
    return rng.choice(["gì", "nào", "ai", "đơn vị nào", "tên gì"])


def _date_words(date: str) -> list[str]:
    if date.startswith("năm"):
        return ["năm nào", "khi nào"]
    if date.startswith("tháng"):
        return ["tháng nào", "khi nào"]
    if "h" in date:
        return ["mấy giờ", "lúc nào"]
    return ["ngày nào", "khi nào", "ngày bao nhiêu", "hôm nào", "bao giờ"]


__all__ = ["Askable", "entities", "phrases", "question_word", "with_lead"]
