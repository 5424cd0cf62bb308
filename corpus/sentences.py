"""A Vietnamese sentence splitter by rules.

A sentence ends at ``. ! ? …`` (and the quotes or brackets that close it) before white space and a
capital, a digit, an opening quote or a dialogue dash; after a photo credit in brackets; and at
every line end. It does not end after an abbreviation (TP., PGS.TS.), an initial (N. Hoa, anh P.), a
list number (1. Nội dung) or before a small letter. Where a name may end as well as go on (anh P.,
Apple Inc.), the next word decides: only what opens a sentence (Theo, Tuy, Khi) ends it. It knows
no grammar.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from corpus.article import Sentence

MAX_WORDS = 150  # a longer run without a full stop is a table or a list: cut at a comma or a space

_LOOK_BACK = 60  # characters; enough for the last two words, and a long line stays linear

_CLOSERS = "\"'”’»)\\]\u200b\u200c\u200d\u2060\ufeff"
_LINE = re.compile("[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_CREDIT = "|".join(
    unicodedata.normalize(form, word)
    for word in ("ảnh", "nguồn", "nguồn ảnh", "video", "clip")
    for form in ("NFC", "NFD")
)
# Possessive, and never begun inside a run of marks: a line of 20,000 dots stays linear.
_END = re.compile(
    rf"(?<![.!?…])(?P<mark>[.!?…]++)[{_CLOSERS}]*+(?=\s)"
    # A credit set before its paragraph: "(Ảnh: Reuters) Theo báo cáo". It ends the caption.
    rf"|\((?i:{_CREDIT})\s*:[^()\n]{{1,60}}\)(?=\s)"
    # The space left out: "mặt hàng này.Theo ông Nam".
    r"|(?<![.!?…])(?P<tight>[.!?…]++)[\"”]?(?=[^\W\d_][\w\u0300-\u036f]*\s)"
)
_STARTS_SENTENCE = re.compile(
    r"\s*+[\"“‘'«(\[–—\-•*+▪●►\u200b\ufeff]*+\s*+(?P<word>[^\W_](?:\w|[\u0300-\u036f])*\.?)"
)
_WORD = re.compile(r"\S+")
_LAST_WORD = re.compile(r"[^\s(\[“\"‘/,;]+$")
_LIST_NUMBER = re.compile(
    r"[\"“(\-–—•*+\s]*(?:(?:điều|khoản|chương|mục|phần|bước|bài|câu|hình|bảng|kỳ)\s+)?"
    r"(?:(?:\d{1,3}\.)+|[a-zđ]\.|[ivx]{1,5}\.)",
    re.I,
)
_LIST_LETTER = re.compile(r"[a-eđ]\.")
_INITIALS = re.compile(r"(?:(?:[A-ZĐĂÂÊÔƠƯ]|Ngh|[CGKNPT]h|Ng|Gi|Qu|Tr|Th)\.)+")
_TWO_SMALL = re.compile(r"[^\W\d_A-ZĐ]{2}$")
_LETTER_OF_LIST = re.compile(r"[A-ZĐ],|\d*°")
_LAST_LETTERS = re.compile(r"\w+$")
_QUOTE_DASH = re.compile(r"\s+[–—-]\s")

# Before these the word goes on: titles, places, units of address.
_ABBREVIATIONS = frozenset(
    """tp. tx. tt. q. p. h. x. kp. ql. tl. đt. đc. gs. pgs. ts. ths. th.s. bs. bsckii. bscki. cki.
    ckii. ks. kts. cn. ls. ncs. hlv. nsnd. nsưt. nghsĩ. đh. cđ. thpt. thcs. mr. mrs. ms. dr. prof.
    tr. tg. nxb. vd. đ/c. bt. ct. pct. tskh. pgs.ts. gs.ts. gs.tskh. pgs.tskh. ts.bs. pgs.ts.bs.
    gs.ts.bs. ths.bs. gs.bs. bs.ckii. bs.cki. ts.ls. ths.ls. ls.ths. pgs.ks. vs. ub.""".split()
)
# Only so when written with a capital: "no", "co" and "st" are also the ends of words.
_CAPITAL_ABBREVIATIONS = frozenset("No. St. Co. Sgt. Capt. Gov. Mt. Ft.".split())
# These close a name, and so may close the sentence too.
_FINAL_ABBREVIATIONS = frozenset("inc. ltd. corp. jr. sr. cty. kcn. tnhh. al.".split())
# One letter after these is a name of its own, and no initial: "4 độ C.", "vitamin A.", "khối B."
_LETTERED = frozenset(
    """độ vitamin gan loại lớp hạng bảng nhóm khối điểm án khu hệ cúm phần quý khóa khoá tòa toà lô
    viện ngành type câu đề phòng tuyến cổng hòa""".split()
)
_PRONOUNS = frozenset(
    """anh chị ông bà cô chú bác em bé cháu bạn thầy mẹ cha bố con vợ chồng tên dì cậu cụ""".split()
)
_PLACES = frozenset({"P.", "Q.", "H.", "X."})
# First words of Vietnamese sentences that are hardly ever the second part of a name.
_STARTERS = frozenset(
    """ai anh ảnh bà bác bản bằng bắt bên bị biết bộ bởi bước các cách cạnh cảnh căn cần chẳng chị
    chỉ chiều cho chồng chúng chuyện chưa còn cô có con công cơ cũng cùng cụ cứ cả dẫu dù do dưới
    được đại đã đang đây để đến đêm đó đối đồng đặc đáng điều đoàn đội đợt em gần giá giờ giữa hàng
    hãy hai hầu hiện họ hôm hơn hỏi hội hướng kể kết khi khoảng không khác khu là lãnh lại lần liên
    luật lúc lực mà mãi mặc mặt mẹ mới mỗi một mọi mùa muốn nạn năm nay nên nếu ngay ngày nghe nghi
    người nguyên ngoài ngược nhà nhân nhận nhằm nhất nhiều nhìn như nhưng nhờ những nói ở ông phía
    phải phần phiên phó phòng qua quá quan ra rất riêng rồi sang sáng sau sẽ sở song số suốt sự ta
    tại tai tất tay theo thấy thì thế thêm thông thời tiếp tình tính toàn tôi tối tổ tổng trao trong
    tránh trên trước trưa trưởng từ tuy tức từng ủy uỷ và vài vào vẫn vậy về vì việc viện với vợ vụ
    vừa xác xét xong xung xin xuất""".split()
)


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[Sentence]:
    """Sentences of ``text[start:end]``, in order, with offsets into ``text``.

    They cover every character that is not white space, and do not overlap.
    """
    return list(_split(text, start, len(text) if end is None else end))


@lru_cache(maxsize=256)  # an answer looks at one article several times, and the next at some again
def _split(text: str, start: int, end: int) -> tuple[Sentence, ...]:
    sentences: list[Sentence] = []
    for line in _LINE.finditer(text, start, end):
        sentences.extend(_split_line(text, line.start(), line.end()))
    return tuple(sentences)


def count_words(text: str, sentence: Sentence) -> int:
    """White-space separated words (Vietnamese: syllables) of a sentence."""
    return len(text[sentence.start : sentence.end].split())


def _split_line(text: str, start: int, end: int) -> Iterator[Sentence]:
    begin = start
    for match in _END.finditer(text, start, end):
        if _is_boundary(text, begin, match, end):
            yield from cut(text, begin, match.end())
            begin = match.end()
    yield from cut(text, begin, end)


def _is_boundary(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    following = _STARTS_SENTENCE.match(text, match.end(), end)
    if not following or _starts_small(following["word"]):
        return False
    if match["tight"]:
        ending = unicodedata.normalize("NFC", text[max(begin, match.start() - 8) : match.start()])
        return bool(_TWO_SMALL.search(ending)) and _opens_sentence(following["word"])
    if match["mark"] is None:  # a photo credit
        return True
    if match.group()[-1] in '"”’»' and _QUOTE_DASH.match(text, match.end(), end):
        return False  # “Đi đâu?” – Nguyễn Văn Nam hỏi
    before = text[begin : match.start("mark")].lstrip()[-_LOOK_BACK:]
    if match["mark"] == ".":
        return len(match.group()) > 1 or not _goes_on(before, following)
    if match["mark"].strip(".…") == "":
        return not _waits_for_more(before)
    return True


def _starts_small(word: str) -> bool:
    """A small letter first, but not a brand such as iPhone, nor the "b." of a list."""
    return word[0].islower() and not (word[1:2].isupper() or _LIST_LETTER.fullmatch(word))


def _opens_sentence(word: str) -> bool:
    return _plain(word).rstrip(".") in _STARTERS


def _waits_for_more(before: str) -> bool:
    """An ellipsis for effect: "hàng của… Trung Quốc", "chỉ còn… 1 tuần"."""
    last = _LAST_LETTERS.search(unicodedata.normalize("NFC", before))
    return last is not None and last.group() in _LINKS


_LINKS = frozenset(
    "và là của cho mà với ở tại các những như hay hoặc bằng từ chỉ còn vì do".split()
)


def _goes_on(before: str, following: re.Match[str]) -> bool:
    """The full stop after ``before`` belongs to its last word, and what follows continues it."""
    word, bracketed = following["word"], "(" in following.group()
    if _LIST_NUMBER.fullmatch(unicodedata.normalize("NFC", before.strip() + ".")):
        return True
    last = _LAST_WORD.search(before)
    if last is None:
        return False
    token = unicodedata.normalize("NFC", last.group()) + "."
    earlier = unicodedata.normalize("NFC", before[: last.start()]).split()
    previous = earlier[-1].strip("(“\"‘'") if earlier else ""
    if token in _CAPITAL_ABBREVIATIONS:
        return not _opens_sentence(word)
    if token.lower() in _FINAL_ABBREVIATIONS:
        return not _opens_sentence(word)
    if _INITIALS.fullmatch(token):
        return bracketed or not _ends_name(token, previous, word)  # "bà L. (53 tuổi)"
    if token.lower() in _ABBREVIATIONS:
        return not (token.islower() and previous[-1:].isdigit())  # "lúc 5 h.", "500 tr."
    return False


def _ends_name(token: str, previous: str, word: str) -> bool:
    """Initials end both a name and its sentence: "anh P. Theo ông", "4 độ C. Cả", "A, B, C. Các"."""
    person = previous.lower() in _PRONOUNS
    if len(token) == 2 and (previous.lower() in _LETTERED or _LETTER_OF_LIST.fullmatch(previous)):
        return True
    if word[0].isdigit():
        return person
    if token in _PLACES and not (person or previous.istitle()):
        return False  # "đường 3/2, P. Hội Thương", "UBND Q. Từ Liêm"
    return _opens_sentence(word)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()


def cut(text: str, start: int, end: int, max_words: int = MAX_WORDS) -> Iterator[Sentence]:
    """``text[start:end]`` without outer white space, in pieces of at most ``max_words`` words."""
    piece = text[start:end]
    if len(piece) < 2 * max_words:  # every word but the last has a space behind it
        first = len(piece) - len(piece.lstrip())
        if first < len(piece):
            yield Sentence(start + first, start + len(piece.rstrip()))
        return
    words = [(start + m.start(), start + m.end()) for m in _WORD.finditer(piece)]
    while words:
        take = len(words) if len(words) <= max_words else _cut_at(text, words[:max_words])
        yield Sentence(words[0][0], words[take - 1][1])
        words = words[take:]


def _cut_at(text: str, words: list[tuple[int, int]]) -> int:
    """Number of words to take: up to the last semicolon or comma in the second half, else all."""
    for mark in (";", ","):
        for i in range(len(words) - 1, len(words) // 2, -1):
            if text[words[i][1] - 1] == mark:
                return i + 1
    return len(words)
