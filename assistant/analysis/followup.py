"""Follow-up questions: "Còn năm 2020 thì sao?", "Ông ấy giữ chức vụ gì?", "vì sao?".

A slot (a time, a place, a question word) takes the place of its like in the question before; anything
else takes that question along. A question that stands on its own is left alone: a new topic must not
be dragged back to the old one. Rules over words; no model.
"""

import re
from dataclasses import dataclass

from assistant.analysis.dates import find_dates
from assistant.analysis.mentions import name_spans
from assistant.analysis.places import PLACES
from corpus.text import Syllable, fold, syllables

_JOIN = " – "
_MOST_PARTS = 3  # the topic, the question before, this one

_OPENING = re.compile(
    r"^(?:the con|vay con|the thi|vay thi|the roi|con|vay|the|rieng|va|roi|con neu|what about|how about|and)\b(?: |$)"
)
_NO_OPENING = re.compile(
    r"^(?:the (?:gioi|van|he|ky|luc|hien|nao|chap|thao)|va (?:li|ly|cham)|rieng tu|con (?:cai|duong|so|nguoi|ga|bo|trau|cho))\b"
)
_SLOT = re.compile(
    r"^(?:the con|vay con|con|the|vay|va|what about|how about|and) (?P<slot>.+?)(?: thi (?:sao|the nao|nhu the nao|ra sao|o dau|khi nao|bao nhieu|sao nhi)| nhi| a)?$"
)
_QUESTION_WORD = re.compile(
    r"\b(?:vi sao|tai sao|vi ly do gi|do dau|o dau|tai dau|khi nao|bao gio|luc nao|ngay nao|thang nao|nam nao|hom nao|bao nhieu(?: nguoi| tien)?"
    r"|may nguoi|the nao|nhu the nao|ra sao|bang cach nao|la ai|ai|den dau|tu dau|bao lau|o tinh nao|why|where|when|who|how many|how much|how)\b"
)
# What a bare follow-up may hold beside its question word.
_FILLER = frozenset(
    """vay the thi nhi a co la duoc bi da se ma lai nua roi con ay do nay va o tai vao tu den cu the nguoi tien may bao nhieu ai dau nao gi sao
    khi luc ngay thang nam hom vi ly do chet bi thuong mat di va chinh xac ro hon the""".split()
)
_NOUN = (
    r"(?:ong|ba|anh|chi|co|chu|bac|em|chau|cau|cu|nguoi|noi|cho|vu|viec|su viec|su kien|don vi|quy|chien dich|chuong trinh|cong ty|hoi nghi|bai"
    r"|truong|doanh nghiep|con tau|chiec|cai|nhom|doi|tran|phim|bo phim|cuon sach|nha may|du an|luat|quyet dinh|ke hoach|cuoc|nuoc|thanh pho"
    r"|tinh|huyen|xa|lang|ngoi|ngay|hom|luc|khi|thoi diem|sau|truoc|trong|mon|vat|cay|con|chat|loai|benh|nam|thang|to chuc|co quan|doi tuong"
    r"|nan nhan|nghi pham|vi|ke|hang|tap doan|le hoi|hoi|giai|phong trao|de an|so tien|khoan|mau|tam|buc|bai hat|dia phuong|khu|cau|tuyen)"
)
_BACK_MARKED = re.compile(r"\b(?:ấy|này|nọ)\b|(?<!do )(?<!vì )(?<!^)\bđó\b")
_BACK_FOLDED = re.compile(
    rf"\b{_NOUN} (?:ay|nay|do|ta|nay)\b(?! do\b)|\b(?:o|trong so|ngoai ra|trong) (?:do|day)\b(?! (?:do|la)\b)"
)
_THEY = re.compile(
    r"\b(?:họ(?! (?:tên|hàng|nguyễn|trần|lê|phạm|và|tộc|gì|nào|của))|nó|hắn|bọn chúng|chúng nó|chúng(?! (?:ta|tôi|mình|cư|minh|khoán)))\b"
    r"|^(?:cả )?hai (?:người|bên|đứa|anh em|chị em|vợ chồng)\b(?! (?:ở|đàn|phụ|dân|nào|con|song|sáng|là|của|đồng|lái|bạn))"
)
_THEY_FOLDED = re.compile(
    r"\b(?:no|ho (?:da|se|bi|duoc|co|lam|dang|phai|muon|di|noi|o|den|con)|han ta)\b(?! luc)"
)
_ENGLISH = re.compile(
    r"\b(?:he|she|they|it|him|them|his|her|its|their|those|these)\b|\bthat (?:\w+ )?(?:day|year|company|event|person|man|woman|time)\b|^why$|\bthere\b(?! (?:is|are|was|were))"
)
_SUBJECTLESS = re.compile(
    r"^(?:co ai|co bao nhieu|co may|gom|bao gom|mat bao lau|lam mat|tong cong|ket qua)\b"
    r"|^(?:su viec|vu viec|su co|su kien|tai nan|vu tai nan|vu an|vu chay) (?:xay ra|dien ra|bat dau|ket thuc|lam|gay|khien|the nao|ra sao)\b"
)
_BARE = re.compile(r"(?<!đàn )(?<!trẻ )(?<!nước )(?<!thành )\b(ông|bà|anh|chị|cô|cháu|em)\b ?(\S*)")
# After these the pronoun is a noun with what follows: "cô giáo", "anh em", "ông chủ".
_COMPOUND = frozenset(
    """bán góa goá lão cháu giám vợ hàng lao em hùng trai gái giáo dâu chủ bà con mẹ nội ngoại bé rể hai họ ruột chồng nuôi ba cả thợ chàng lính út tổ đồng sinh học trùm bầu hoàng
    đỡ lão cụ công hề xã giúp dì cậu vợ kết bạn rừng đồ nhỏ thủ đầu chủ nông nào nuôi tây tập già""".split()
)


@dataclass(frozen=True, slots=True)
class _Part:
    start: int
    end: int


def resolve(text: str, history: list[str]) -> str:
    """``text`` made to stand alone; ``history`` holds the earlier questions, oldest first."""
    earlier = [" ".join(q.split()) for q in history if q.strip()]
    if not earlier or not is_follow_up(text):
        return text
    return _combine(resolve(earlier[-1], earlier[:-1]), text)


def is_follow_up(text: str) -> bool:
    """Whether ``text`` leans on what was asked before."""
    if _JOIN in text and not is_follow_up(text.split(_JOIN)[0]):
        return False  # a follow-up that has been resolved already
    found = syllables(text)
    folded = " ".join(s.folded for s in found)
    if _opens_with_link(found, folded) and _is_elliptic(text, found, folded):
        return True
    if _is_bare(found, folded):
        return True
    if _SUBJECTLESS.match(folded) and len(found) <= 8 and not name_spans(text):
        return True
    pointer = _pointer(text, found, folded)
    return pointer is not None and not any(start < pointer for start in _antecedents(text))


def _opens_with_link(found: list[Syllable], folded: str) -> bool:
    """ "Còn …", "Thế …" as words of their own: not "Thế giới", nor "con đường" typed without marks."""
    unmarked = found[0].marked == found[0].folded
    excluded = folded.startswith(("the ", "va ", "rieng ")) or unmarked
    return bool(_OPENING.match(folded)) and not (excluded and _NO_OPENING.match(folded))


def _antecedents(text: str) -> list[int]:
    """Where the names stand that a later "ông ấy" may mean; a place or a season is none."""
    return [
        start
        for start, end in name_spans(text)
        if fold(text[start:end]) not in PLACES | {"tet"} and " " in text[start:end]
    ]


def _is_elliptic(text: str, found: list[Syllable], folded: str) -> bool:
    """ "Còn Huế?", "Thế năm 2020 thì sao?", but not "Còn mấy xã ở Sóc Sơn chưa có nước sạch?"."""
    weak = re.match(r"(?:con|va|rieng|the|vay|roi)\b(?! con\b| thi\b)", folded)
    if not weak or re.search(r"\bthi\b", folded) or len(found) <= 6:
        return True
    return not name_spans(text)


def _is_bare(found: list[Syllable], folded: str) -> bool:
    """ "vì sao?", "Ở đâu vậy?": a question word and nothing to ask about."""
    if len(found) > 6 or not _QUESTION_WORD.search(folded):
        return False
    return all(s.folded in _FILLER or _QUESTION_WORD.fullmatch(s.folded) for s in found)


def _pointer(text: str, found: list[Syllable], folded: str) -> int | None:
    """Where the first word stands that points back; None without one."""
    if any(s.marked != s.folded for s in found):
        lowered = text.lower()
        places = [m.start() for m in _BACK_MARKED.finditer(lowered)]
        # "nhà họ Lương" is a family, not "they".
        places += [m.start() for m in _THEY.finditer(lowered) if not text[m.end() :][1:2].isupper()]
        places += [
            m.start() for m in _BARE.finditer(text[:1].lower() + text[1:]) if _stands_alone(m)
        ]
        return min(places, default=None)
    for pattern in (_BACK_FOLDED, _THEY_FOLDED, _ENGLISH):
        match = pattern.search(folded)
        if match:
            return found[folded[: match.start()].count(" ")].start
    return None


def _stands_alone(match: re.Match[str]) -> bool:
    """A pronoun that is no title ("ông Nam") and no compound ("cô giáo")."""
    following = match.group(2).rstrip(",?.!")
    return bool(following) and following[:1].islower() and following not in _COMPOUND


def _combine(previous: str, text: str) -> str:
    parts = previous.split(_JOIN)
    last = parts[-1]
    filled = _fill(last, text)
    if filled:
        return _JOIN.join([*parts[:-1], filled])
    kept = [*parts[: _MOST_PARTS - 2], last] if len(parts) >= _MOST_PARTS else parts
    return _JOIN.join([*(p.rstrip(" ?.!") for p in kept), text])


def _fill(previous: str, text: str) -> str:
    """The question before with the one slot changed that ``text`` names; empty when there is none."""
    found = syllables(text)
    folded = " ".join(s.folded for s in found)
    if _is_bare(found, folded):
        return _ask_instead(previous, text, found)
    slot = _SLOT.match(folded)
    if not slot:
        return ""
    first = folded[: slot.start("slot")].count(" ")
    last = first + slot.group("slot").count(" ")
    words = text[found[first].start : found[last].end]
    return _new_time(previous, words) or _new_place(previous, words)


def _ask_instead(previous: str, text: str, found: list[Syllable]) -> str:
    """ "… diễn ra khi nào?" + "Ở đâu?" → "… diễn ra ở đâu?"."""
    before = syllables(previous)
    folded = " ".join(s.folded for s in before)
    asking = list(_QUESTION_WORD.finditer(folded))
    if not asking or asking[-1].start() == 0:
        return ""
    match = asking[-1]
    first = folded[: match.start()].count(" ")
    last = first + match.group().count(" ")
    asked = _QUESTION_WORD.search(" ".join(s.folded for s in found))
    if not asked:
        return ""
    begin = asked.string[: asked.start()].count(" ")
    end = begin + asked.group().count(" ")
    words = text[found[begin].start : found[end].end]
    words = words[:1].lower() + words[1:]
    return f"{previous[: before[first].start]}{words}{previous[before[last].end :]}"


def _new_time(previous: str, words: str) -> str:
    """The time in ``previous`` replaced by that in ``words``, or added at its end."""
    times = find_dates(words)
    if len(times) != 1 or len(words) - (times[0].end - times[0].start) > 6:
        return ""
    old = find_dates(previous)
    if len(old) == 1:
        here = _with_unit(previous, _Part(old[0].start, old[0].end))
        return previous[: here.start] + words + previous[here.end :]
    stem = previous.rstrip(" ?.!")
    return f"{stem} {words[:1].lower()}{words[1:]}?" if not old else ""


def _with_unit(text: str, part: _Part) -> _Part:
    """ "năm 2020" as a whole where only "2020" was taken."""
    before = re.search(
        r"(?:(?:trong |vào |vao |hồi )?(?:năm|nam|tháng|thang|ngày|ngay) )$",
        text[: part.start],
        re.I,
    )
    return _Part(part.start - len(before.group()), part.end) if before else part


def _new_place(previous: str, words: str) -> str:
    """ "Thế còn Hà Nội?": the one place of ``previous`` replaced."""
    place = re.sub(r"^(?:ở|tại|o|tai|in|at)\s+", "", words, flags=re.I)
    if fold(_bare_place(place)) not in PLACES:
        return ""
    old = _places(previous)
    if len(old) != 1:
        return ""
    start, end = old[0]
    return previous[:start] + place + previous[end:]


def _bare_place(place: str) -> str:
    return re.sub(r"^(?:tỉnh|thành phố|tp\.?|nước|tinh|thanh pho|nuoc)\s+", "", place, flags=re.I)


def _places(text: str) -> list[tuple[int, int]]:
    """Places of the gazetteer in ``text``, the longest at each spot."""
    found = syllables(text)
    spans, at = [], 0
    while at < len(found):
        for length in (4, 3, 2, 1):
            words = found[at : at + length]
            capital = text[words[0].start].isupper() or not any(c.isupper() for c in text[1:])
            if len(words) == length and capital and " ".join(s.folded for s in words) in PLACES:
                spans.append((words[0].start, words[-1].end))
                at += length - 1
                break
        at += 1
    return spans


__all__ = ["is_follow_up", "resolve"]
