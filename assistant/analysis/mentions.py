"""What a question names: names and titles, numbers, quoted words."""

import re
from dataclasses import dataclass

from assistant.analysis.places import PLACES
from assistant.numbers import quantities
from corpus.text import fold

UPPER = "A-ZĐÀ-ÖØ-ÞĂĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_WORD = rf"[{UPPER}][\w'’.&-]*(?<![.&-])"
_RUN = re.compile(
    rf"{_WORD}(?:[ \u00a0-]{{1,2}}(?:{_WORD}|\d+(?![\d/.,-])|el|de|van|bin|da|al)(?!\w))*"
)
_QUOTED = re.compile(r"[“\"«]([^”\"»]{2,120})[”\"»]")
# What opens a question or is a title of address, and is no part of a name.
_OPENERS = frozenset(
    """ai anh bao bao gio bà bác các có còn con chị cho chú cô cậu dân do em giá hai hãy hiện khi không là làm mấy mỗi một năm nếu ngày
    người những nhiều nơi ông ở phải phía phần qua quê sau sao sáng số tại theo thế tháng thì tính tin tới trong trước trận từ tổng
    tuần tuy vì việc vậy về với vụ vợ xin hỏi đâu đã để đến đội đó được điều đơn lúc lần loại lý mẹ cha bố chồng nguyên nhân kẻ tên
    who what when where why which how the is are was were did does do in on at of for to whose whom mr mrs ms tìm nêu kể liệt so
    cuộc chiếc cái bài phim bộ công cơ chính chủ cả cuối đầu đoạn đại đồng gia giữa hôm họ hội kết khách kho lãnh lễ mùa mưa mức nạn
    nhà nhân nữ phiên quan quỹ quỹ sinh số sông sân tai thanh thành thông thời trường trẻ tài tập tàu tiền vợ xe xã ý đề địa đường""".split()
)
_INSTITUTIONS = frozenset(
    """khối công bộ sở ban ủy uỷ hội liên tổng đoàn đảng quốc nhà viện cục vụ phòng tòa toà cơ ngân kho bảo quỹ trung tập ngày đại thiếu
    thượng phó chủ giám bí trưởng luật nghị quyết hiến giải cúp nghệ hiệp mặt chính cảnh quân bệnh thông chi khu đội lễ huân huy""".split()
)
# A capital of their own, and yet no name: the title before it.
TITLES = re.compile(
    r"^(?:Ông|Bà|Anh|Chị|Cô|Chú|Bác|Em|Cậu|Cụ|Thầy|Cháu|Ngài|Đồng chí|Đ/c|Mr\.?|Mrs\.?|Ms\.?|Dr\.?|TS\.?|GS\.?|PGS\.?|ThS\.?|BS\.?|LS\.?"
    r"|Thiếu tướng|Trung tướng|Thượng tướng|Đại tướng|Thiếu tá|Trung tá|Thượng tá|Đại tá|Thiếu úy|Trung úy|Thượng úy|Đại úy|Thủ tướng"
    r"|Chủ tịch|Bộ trưởng|Tổng thống|Giám đốc|Tổng giám đốc|Phó|Bí thư|HLV|Luật sư|Bác sĩ|Giáo sư|Tiến sĩ|Nghệ sĩ|Ca sĩ)\s+"
)


_HAILED = re.compile(r"\b(?:ông|bà|anh|chị|cô|em|cụ|chú|bác|thầy|ong|ba|co)\s+$", re.I)


@dataclass(frozen=True, slots=True)
class Mentions:
    """What the archive must know for the question to be answered."""

    names: tuple[str, ...]
    numbers: tuple[float, ...]
    quoted: tuple[str, ...]


def mentions(text: str) -> Mentions:
    """Names (none in a question typed without capitals), numbers and quoted words of ``text``."""
    quoted = tuple(m.group(1).strip() for m in _QUOTED.finditer(text))
    return Mentions(tuple(names(text)), tuple(q.value for q in quantities(text)), quoted)


def names(text: str) -> list[str]:
    """Runs of capitalised words, in order, each once; a first word that opens the sentence is no name."""
    return list(dict.fromkeys(text[start:end] for start, end in name_spans(text)))


def name_spans(text: str) -> list[tuple[int, int]]:
    """Where the names of ``text`` stand, without their titles of address."""
    spans = []
    for match in _RUN.finditer(text):
        start, end = match.span()
        if opens_sentence(text, start):
            start = _without_opener(text, start, end)
        title = TITLES.match(text[start:end])
        if title:
            start += title.end()
        for first, last in _parts(text, start, end):
            if text[first].isupper() and (
                _HAILED.search(text[:first]) or not _is_lone(text[first:last])
            ):
                spans.append((first, last))
    return spans


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """ "FBI Robert Mueller", "Australia Darren Chester": the body or place and the person apart."""
    words = [
        (start + m.start(), start + m.end()) for m in re.finditer(r"[^ \u00a0]+", text[start:end])
    ]
    cut = 0
    for at in range(1, len(words) - 1):
        before = text[words[0][0] : words[at - 1][1]]
        acronym = (
            before.isalpha()
            and before.isupper()
            and len(before) > 1
            and not text[words[at][0] :][:2].isupper()
        )
        if (acronym or fold(before) in PLACES) and at < len(words) - 1:
            cut = at
    if not cut or not all(text[first].isalpha() for first, _ in words[cut:]):
        return [(words[0][0], words[-1][1])] if words else []
    return [(words[0][0], words[cut - 1][1]), (words[cut][0], words[-1][1])]


def _is_lone(name: str) -> bool:
    """The capital of an institution or rank that goes on in small letters: "Khối thi đua"."""
    return name.lower() in _OPENERS | _INSTITUTIONS


def opens_sentence(text: str, at: int) -> bool:
    """Whether the word at ``at`` has its capital from standing first."""
    before = text[:at].rstrip(" \u00a0\"“‘'(–—-")
    return not before or before[-1] in ".!?…:\n"


def _without_opener(text: str, start: int, end: int) -> int:
    """Past the first word when it is a common one: "Theo Nguyễn Văn An" → "Nguyễn Văn An"."""
    words = text[start:end].split()
    if words[0].lower() in _OPENERS:
        rest = re.match(r"\S+\s*", text[start:end])
        return start + (rest.end() if rest else 0)
    # One capital alone at the start of a sentence proves nothing, unless it is all capitals.
    return end if len(words) == 1 and not words[0][1:2].isupper() else start


def same_name(first: str, second: str) -> bool:
    """Whether one is the other or its last part: "ông Lịch" is "Trần Xuân Lịch"."""
    one, two = fold(first).split(), fold(second).split()
    short, long = sorted((one, two), key=len)
    return bool(short) and (long[-len(short) :] == short or long[: len(short)] == short)


__all__ = [
    "TITLES",
    "UPPER",
    "Mentions",
    "mentions",
    "name_spans",
    "names",
    "opens_sentence",
    "same_name",
]
