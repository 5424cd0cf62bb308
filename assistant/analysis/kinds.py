"""The kind of answer a question wants, and the unit or noun it asks for.

Rules on folded text, so that a question typed without marks gets the same treatment. They look at
question words only, and know nothing of the archive.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from corpus.text import syllables


class Kind(StrEnum):
    """The kind of answer asked for."""

    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    HOW_MANY = "how_many"
    WHAT = "what"
    WHY = "why"
    HOW = "how"
    SAID = "said"
    YES_NO = "yes_no"
    LIST = "list"
    COMPARE = "compare"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Wanted:
    """``noun`` is what stands beside the question word, folded: ``"hec ta"``, ``"tinh"``, ``"ten"``."""

    kind: Kind
    noun: str = ""


_SAY = (
    r"(?:noi|cho biet|phat bieu|nhan dinh|nhan manh|danh gia|khang dinh|chia se|binh luan|tuyen bo|tiet lo"
    r"|canh bao|cho rang|nhan xet|phan ung|giai thich|tra loi|de nghi|keu goi|khuyen|bay to|mo ta|ke|khai|vi von|ly giai|bien ho|ca ngoi|dap|lap luan|tho lo|nhac nho|doa|yeu cau|e ngai"
    r"|phan tran|len tieng|thanh minh|bien minh|phan bac|dan do|nhan nhu|du bao|du doan|tra loi|phu nhan|to cao|cao buoc)"
)
_WHAT_SAID = r"(?:gi|dieu gi|the nao|ra sao|nhu the nao|nhung gi|ve dieu gi|sao)"
_TIME = r"(?:ngay|thang|nam|hom|luc|gio|thoi gian|thoi diem|mua|the ky|thap nien|thap ky|buoi|tuan|quy|thu|giai doan|dot|dem|phien|ky)"
_PLACE = (
    r"(?:dia diem|noi|cho|tinh|thanh pho|nuoc|quoc gia|huyen|xa|quan|phuong|thi xa|thi tran|dia phuong|vung|khu vuc|lang|ban|thon"
    r"|duong|pho|san|san bay|benh vien|chau luc|bang|dao|khu|mien|cang|bien|song|nga tu|tuyen duong|dia ban)"
)
_PERSON = (
    r"(?:nguoi|ong|ba|anh|chi|co|cau thu|ca si|dien vien|dao dien|bo truong|thu tuong|tong thong|chu tich|giam doc|hlv|huan luyen vien"
    r"|bac si|luat su|nha van|tac gia|nghe si|vi tuong|vua|hoang de|tuong|nu hoang|nha khoa hoc|quan chuc|dai bieu|nghi si|ty phu|tien dao"
    r"|tien ve|trung ve|thu mon|hau ve|vo si|tay vot|van dong vien|phat ngon vien|nguoi mau|hoa hau|nhan vat|pho giao su|giao su|can bo|lanh dao"
    r"|huyen thoai|danh thu|ngoi sao|thanh vien|truong phong|ong trum|chuyen gia|nha dong sang lap|nha sang lap|tay dua|nghi can|nghi pham"
    r"|hung thu|thieu tuong|trung tuong|dai ta|nan nhan|ke|tai xe|chinh khach|cao thu|nu sinh|nam sinh|doanh nhan)"
)
_MEASURE = {
    "lau": "thoi gian", "xa": "khoang cach", "cao": "chieu cao", "dai": "chieu dai", "rong": "dien tich",
    "nang": "khoi luong", "sau": "do sau", "tuoi": "tuoi",
}  # fmt: skip
# Between a number word and the noun it counts, and after which the noun ends.
_STOP = (
    r"(?:duoc|bi|da|se|dang|co|la|o|tai|trong|cho|va|voi|vao|tu|den|nam|ngay|thang|de|cua|khi|thi|moi|tren|theo|nao|khong|chua|ra|len"
    r"|nhan|tham gia|tu vong|thiet mang|chet|mat tich|phai|sau|truoc|do|vi|nhu|so|hon|mat|hong|sap|kem|con|dat|gom|thuoc|mot|cung)"
)

_SAID = (
    rf"\b{_SAY}(?: \w+){{0,12}}? {_WHAT_SAID}\b", r"\bai (?:noi|cho biet|phat bieu|tuyen bo)(?: \w+){0,3}? gi\b",
    rf"\btheo (?:loi )?(?:ong|ba|anh|chi)\b.*\b{_WHAT_SAID}\b", r"\bwhat (?:did|does|do|has) .*\b(?:say|said|comment|think|claim|call)\b",
    r"\b(?:phat bieu|y kien|quan diem|nhan dinh|loi khai|tra loi) cua\b",
)  # fmt: skip
_COMPARE = (
    r"\bso voi\b.*\b(?:the nao|ra sao|bao nhieu|khong|may)\b", r"\bso sanh\b", r"\bkhac (?:nhau|gi|the nao|biet)\b",
    r"\b(?:nhieu|it|cao|thap|lon|nho) hon .*\b(?:hay|khong|hon khong)\b", r"\bdifference between\b", r"\bcompared? (?:to|with)\b",
)  # fmt: skip
_LIST = (
    r"\b(?:nhung|cac) (?:\w+ ){1,6}?nao\b", r"\bnhung (?:ai|gi|dau)\b", r"\b(?:liet ke|ke ten|danh sach|ke ra)\b",
    r"\bgom (?:co )?(?:nhung|cac|gi)\b", r"\b(?:nhung|cac) \w+(?: \w+){0,4} (?:la gi|la ai)\b", r"\blist (?:of|all|the)\b",
    r"\b(?:hai|ba|bon|nam|sau|bay|tam|chin|muoi) (?:\w+ ){1,4}?nao\b", r"\bwhich (?:\w+ ){0,2}(?:countries|people|companies|provinces)\b",
)  # fmt: skip
_WHY = (
    r"\b(?:tai sao|vi sao|do dau|why|nguyen nhan|ly do|li do|vi ly do gi|nguyen co|co gi|how come|vi dau)\b",
    r"\bdieu gi khien\b", r"\b(?:boi|vi) (?:dieu |chuyen |loi |toi |toi danh |nguyen do |van de |le |ly do )?(?:gi|dau)\b", r"\bdong co\b.*\bgi\b", r"\bsao (?:lai|ma|khong|nguoi|ong|ba|ho)\b",
    r"\bde lam gi\b", r"\bnham muc dich gi\b",
)  # fmt: skip
_HOW = (
    r"\b(?:nhu the nao|the nao|ra sao|bang cach nao|cach nao|kieu gi|lam sao|lam cach nao|lam the nao|bang gi)\b",
    r"\bhow (?:did|do|does|is|are|was|were|can|will|to)\b", r"\bthi sao\b",
)  # fmt: skip
_YES_NO = (
    r"\b(?:co|da|con|duoc|bi|dang|se)\b.*\b(?:khong|chua|hay khong|hay chua)$", r"\b(?:phai|dung) khong$",
    r"\bco phai\b", r"\bkhong$", r"\bchua$", r"^(?:is|are|was|were|did|does|do|has|have|can|will) ",
)  # fmt: skip
_WHEN = (
    rf"\b(?:khi nao|bao gio|chung nao|{_TIME} nao|{_TIME} bao nhieu|ngay (?:thang )?may|may gio|thang may|gio may|thu may|nam may|luc may gio)\b",
    r"\b(?:when|what (?:year|day|date|time|month))\b", r"\bnao trong nam\b", r"\bngay (?:\w+ ){1,2}nao\b",
)  # fmt: skip
_WHERE = (
    rf"\b(?:o dau|tai dau|tu dau|den dau|ve dau|di dau|ra dau|vao dau|dau la noi|{_PLACE} nao|{_PLACE} gi|que dau)\b",
    r"\b(?:where|which (?:country|city|province|town|district|place|state))\b", r"\bdau$",
)  # fmt: skip
_COUNT = (
    r"\b(?:bao nhieu|how many|how much|bao lau|bao xa|ty le|ti le|tong cong may|how (?:long|far|old|tall|high|big|deep))\b",
    r"\b(?:cao|dai|nang|rong|sau|lon|xa) (?:co )?(?:bao|chung nao|the nao|may)\b", r"\bmay\b(?! (?:bay|tinh|moc|no|anh|quay))",
)  # fmt: skip
_WHO = (
    r"\b(?:ai|who|whom|whose)\b", rf"\b{_PERSON} nao\b", rf"\b{_PERSON}(?: \w+){{1,6}} nao\b",
    r"\b(?:ten|ho ten)(?: (?:that|day du|khai sinh|cua \w+))? (?:la )?gi\b", r"\bho ten\b", r"\bdanh tinh\b",
)  # fmt: skip
_WHAT = (r"\b(?:gi|nao|what|which|the gi|cai gi)\b",)

_RULES = (
    (Kind.WHY, _WHY), (Kind.SAID, _SAID), (Kind.COMPARE, _COMPARE), (Kind.WHEN, _WHEN), (Kind.HOW_MANY, _COUNT),
    (Kind.LIST, _LIST), (Kind.WHERE, _WHERE), (Kind.WHO, _WHO), (Kind.HOW, _HOW), (Kind.YES_NO, _YES_NO),
    (Kind.WHAT, _WHAT),
)  # fmt: skip
_COMPILED = tuple((kind, re.compile("|".join(patterns))) for kind, patterns in _RULES)

# "bao nhiêu năm" asks for years, "bao nhiêu năm 2020" and "bao nhiêu tháng này" only say when.
_TIME_ASKED = r"(?:nam|thang|ngay)\b(?! (?:\d|nay|ay|do|qua|truoc|sau|ngoai|toi|vua|gan|dau|cuoi))"
_HOW_MANY_NOUN = re.compile(
    rf"\b(?:bao nhieu|may|how many|how much) ({_TIME_ASKED}|con \w+|(?!{_STOP}\b)\w+(?: (?!{_STOP}\b)\w+)?)"
)
_MEASURED = re.compile(
    r"\b(?:bao (lau|xa)|(cao|dai|rong|nang|sau|tuoi)(?: toi| den| khoang)? (?:bao(?! gio)|may)|how (long|far|tall|old))\b"
)
_SUBJECT = re.compile(
    r"\b(dien tich|chieu dai|chieu cao|chieu rong|do cao|do sau|khoi luong|trong luong|gia|so tien|kinh phi|muc luong|muc phat|muc thuong|von|von dau tu|tong von|doanh thu|loi nhuan|thu nhap|lai suat|ty le|ti le|tuoi|nhiet do|quang duong|toc do|dan so|hoc phi|tien thuong|phi) .*\bbao nhieu\b"
)
_ENGLISH_MEASURE = {"long": "thoi gian", "far": "khoang cach", "tall": "chieu cao", "old": "tuoi"}
_NOUN_BEFORE = re.compile(r"\b((?:\w+ )?\w+) (?:nao|gi|la gi|the nao)\b(?!_)")
_COMMON_PAIRS = frozenset(
    """chuc vu|quoc gia|dia phuong|thanh pho|thi xa|thi tran|dia diem|khu vuc|don vi|co quan|thoi gian|thoi diem|the ky
    |cau thu|ca si|dao dien|bo truong|tong thong|chu tich|giam doc|bac si|luat su|tac gia|cong ty|doanh nghiep|truong hoc
    |to chuc|bai hat|bo phim|tac pham|mon an|vat lieu|chat lieu|ngon ngu|danh hieu|giai thuong|toi danh|muc an|benh vien
    |phuong tien|nghe nghiep|quoc tich|biet danh|dia chi|chuyen nganh|cap bac|quan ham|nhiem vu|vai tro|tua de|nhan hieu
    |thuong hieu|hung khi|hoc vi|mau sac|loai gi|san bay|chau luc|huan luyen vien|dieu luat|dieu khoan|du an|chu de|khau hieu""".replace("\n", "").replace("    ", "").split("|")
)  # fmt: skip


# Which marked syllables a folded word of the rules stands for; "thủ nào" is no "thứ nào".
_MEANT = {
    "nam": "năm", "thu": "thứ", "ky": "kỳ kỷ", "ke": "kể", "dem": "đêm", "dot": "đợt", "gio": "giờ", "luc": "lúc", "mua": "mùa",
    "hom": "hôm", "tinh": "tỉnh", "xa": "xã xa", "ban": "bản", "bang": "bang bằng", "dao": "đảo", "bien": "biển biện", "cho": "chỗ cho",
    "noi": "nói nơi nổi", "quan": "quận quan", "may": "mấy", "dau": "đâu", "ba": "bà ba", "chi": "chị", "san": "sân", "cang": "cảng",
    "duong": "đường", "pho": "phố phó", "song": "sông", "ai": "ai", "vi": "vì vị", "nuoc": "nước", "phuong": "phường", "lang": "làng",
    "thon": "thôn", "quy": "quý", "ngay": "ngày", "thang": "tháng", "buoi": "buổi", "tuan": "tuần", "dap": "đáp", "doa": "dọa",
    "gi": "gì", "nao": "nào", "chua": "chưa", "khong": "không", "sao": "sao", "mien": "miền", "ten": "tên",
}  # fmt: skip
_THINGS = re.compile(
    r"\b(phim|bai hat|ca khuc|tau|con tau|cong ty|hang|bao|con bao|vo|loai|giong|mon|sach|tac pham|chuong trinh|chien dich|game|tro choi"
    r"|ngoi|phong trao|cuoc thi|quy|cau lac bo|thuong hieu|ung dung|du an|ban|to chuc|nhom|doi|benh|thuoc|virus|tap chi|to bao|xe|may bay|ten lua|le hoi|giai)\b"
)


def classify(text: str) -> Wanted:
    """The kind of answer ``text`` asks for, and the noun beside its question word."""
    folded = _plain(text)
    kind = next((kind for kind, rule in _COMPILED if rule.search(folded)), Kind.OTHER)
    noun = _noun(kind, folded)
    person = re.search(rf"\b{_PERSON}\b", folded)
    if kind is Kind.WHO and noun == "ten" and not person and _THINGS.search(folded):
        kind = Kind.WHAT
    return Wanted(kind, noun.replace("_", ""))


_ASKING = re.compile(
    r"\b(?:bao nhieu(?: phan tram)?|bao gio|bao lau|bao xa|khi nao|luc nao|hom nao|may gio|luc may gio|o dau|tai dau|tai sao|vi sao|nhu the nao|the nao"
    r"|ra sao|la gi|la ai|ten la gi|ten gi|nhung gi|nhung ai|dieu gi|cai gi|phai khong|hay khong|hay chua|ai|gi|nao|dau|may|how many|how much"
    r"|who|whom|whose|what|which|when|where|why|how)\b(?!_)"
)


def asking_words(text: str) -> list[bool]:
    """For each syllable whether it only asks: "bao nhiêu", "ở đâu"; an answer need not hold it."""
    folded = _plain(text)
    places = [m.start() for m in re.finditer(r"\S+", folded)]
    spans = [m.span() for m in _ASKING.finditer(folded)]
    return [any(s <= at < e for s, e in spans) for at in places]


def _plain(text: str) -> str:
    """Folded words; one that its marks tell from the word of the rules gets a ``_``."""
    found = syllables(text)
    if all(s.marked == s.folded for s in found):
        return " ".join(s.folded for s in found)
    return " ".join(
        s.folded if s.marked in _MEANT.get(s.folded, s.marked).split() else s.folded + "_"
        for s in found
    )


def _noun(kind: Kind, folded: str) -> str:
    if kind in (Kind.HOW_MANY, Kind.COMPARE):
        return _counted(folded)
    match = _NOUN_BEFORE.search(folded)
    if kind in (Kind.OTHER, Kind.WHY, Kind.YES_NO, Kind.SAID) or not match:
        return ""
    pair = match.group(1)
    last = pair.split()[-1]
    if last in ("la", "ten") and "ten" in pair:
        return "ten"
    return pair if pair in _COMMON_PAIRS else "" if last in ("la", "the", "nhu") else last


def _counted(folded: str) -> str:
    """``"hec ta"`` of "bao nhiêu héc ta"; what is measured where no unit is named."""
    match = _HOW_MANY_NOUN.search(folded)
    measured = _MEASURED.search(folded)
    if measured and not (match and match.group(1) in ("nam", "thang", "ngay")):
        vietnamese = measured.group(1) or measured.group(2)
        return _MEASURE[vietnamese] if vietnamese else _ENGLISH_MEASURE[measured.group(3)]
    if match:
        return match.group(1)
    subject = _SUBJECT.search(folded)
    return subject.group(1) if subject else ""


__all__ = ["Kind", "Wanted", "asking_words", "classify"]
