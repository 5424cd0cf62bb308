"""Where in a sentence a figure or a time may be the answer: numbers with their unit, dates, hours. Pure."""

import re

from assistant.candidates import Candidate
from assistant.moments import Moment, moments
from assistant.numbers import Quantity, quantities, unit_of
from corpus.text import fold, syllables

_ABOUT = re.compile(
    r"(?:(?:ít nhất|nhiều nhất|tối đa|tối thiểu|khoảng|chừng|hơn|gần|trên|dưới|tới|đến|tổng cộng|cả thảy|ước tính)\s+){1,2}$", re.I
)  # fmt: skip
_MONEY = frozenset(
    {"đồng", "usd", "euro", "bảng", "yên", "won", "nhân", "rupee", "triệu", "tỷ", "tỉ"}
)
_MEASURES = {
    "thoi gian": {"năm", "tháng", "ngày", "giờ", "phút", "tuần", "giây", "thế", "thập", "đêm", "buổi"},
    "khoang cach": {"km", "m", "cm", "mm", "dặm", "hải"}, "chieu dai": {"km", "m", "cm", "mm"}, "chieu cao": {"m", "cm", "mm"},
    "do sau": {"m", "km", "cm"}, "dien tich": {"ha", "m2", "km2", "m"}, "khoi luong": {"kg", "tấn", "tạ", "gam", "carat", "cara", "yến"},
    "tuoi": {"tuổi"}, "phan tram": {"%"}, "ty le": {"%"}, "ti le": {"%"}, "lai suat": {"%"}, "nhiet do": {"độ"}, "toc do": {"km", "m"},
    "chieu rong": {"m", "km", "ha", "m2"}, "do cao": {"m", "km"}, "trong luong": {"kg", "tấn", "tạ", "gam"}, "quang duong": {"km", "m"},
}  # fmt: skip
_MONEY_NOUN = re.compile(
    r"\b(?:tien|gia|kinh phi|von|doanh thu|loi nhuan|luong|thu nhap|phi|thuong|phat|dong|usd|ty dong|trieu dong|hoc phi|dau tu|thiet hai)\b"
)
_PEOPLE = frozenset(
    """người nạn học công cán đoàn em cháu hành bệnh bị nghi đối hộ sinh chiến lao cầu đại thí du khách trẻ nhân dân giáo vận binh lính
    thành ca nghệ cổ""".split()
)


# Nouns of two syllables, by their first: "41 đối tượng", "23 nhà ngoại giao".
_FIRST_OF_TWO = frozenset(
    """đối công cán học hành bệnh nhà tay chiến vận tên binh phiến bị nạn máy giải doanh sinh giáo nghi lao cầu khách tài thí ngư nông
    thương liệt đoàn đảng hội cơ tàu phòng trường thành huy bàn dự đại thẻ khẩu bức tấm con chiếc cuộc loài khung phát trẻ bé hộ""".split()
)


def figures(sentence: str, noun: str, known: tuple[float, ...]) -> list[Candidate]:
    """Numbers with their unit; those the question already holds are left out."""
    found = [q for q in quantities(sentence) if q.value not in known and q.unit != "clock"]
    return [
        Candidate(_modified(sentence, q.start), _counted(sentence, q, noun), _fits(q, noun), True)
        for q in found
    ]


def _modified(sentence: str, start: int) -> int:
    before = _ABOUT.search(sentence[:start])
    return before.start() if before else start


def _counted(sentence: str, q: Quantity, noun: str) -> int:
    """The end of the thing counted: "23 nhà ngoại giao" where that was asked for."""
    words, end = noun.split(), q.number_end
    following = syllables(sentence[q.number_end : q.number_end + 60])
    if words and [s.folded for s in following[: len(words)]] == words:
        end = q.number_end + following[len(words) - 1].end
    elif len(following) > 1 and following[0].marked == q.unit and q.unit in _FIRST_OF_TWO:
        end = q.number_end + following[1].end
    rate = re.match(r"/\w+", sentence[max(end, q.end) :])  # "36,82 triệu đồng/lượng"
    return max(end, q.end) + (rate.end() if rate else 0)


def _fits(q: Quantity, noun: str) -> float:
    weight = 0.0 if q.value != 1 or q.number_end - q.start == 1 else -1.0
    if not noun:
        return weight + 0.3 * bool(q.unit)
    if noun in _MEASURES:
        return weight + (3 if q.unit in _MEASURES[noun] else -1)
    if _MONEY_NOUN.search(noun):
        return weight + (3 if q.unit in _MONEY else -1)
    asked = noun.split()
    if fold(q.unit) in (asked[0], fold(unit_of(asked[0]))) or unit_of(noun) == q.unit:
        return weight + 3
    if set(asked) & set(q.after):
        return weight + 2
    if noun in ("nguoi", "nguoi chet") and q.unit in _PEOPLE:
        return weight + 1.5
    return weight - 0.5 * (q.unit in ("%", "tuổi", "năm", "tháng", "ngày", "giờ"))


_DAYTIME = re.compile(
    r"(?:(?:vào|hồi|lúc|từ|khoảng|đầu|cuối|giữa|rạng|sáng|trưa|chiều|tối|đêm|khuya|sớm|mùa|ngày|tháng|năm|hôm|thứ \w+|mùng|mồng)[,\s]+)+$", re.I
)  # fmt: skip
_TIME_WORDS = re.compile(
    r"\b(?:(?:sáng|trưa|chiều|tối|đêm|rạng sáng)\s+)?(?:hôm (?:qua|nay|kia|sau|trước)|thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật)(?: (?:tuần|vừa) \w+)?"
    r"|\b(?:năm|tháng|tuần) (?:ngoái|trước|nay|sau|tới|qua)\b|\bthế kỷ (?:thứ )?[IVX\d]+\b|\bthập niên \d{2,4}\b|\b(?:mùa )(?:xuân|hè|thu|đông)\b"
    r"|\b(?:sáng|trưa|chiều|tối|đêm) (?:nay|qua)\b", re.I
)  # fmt: skip
_DAY_NOUNS = frozenset({"ngay", "hom", "thu"})


def times(sentence: str, noun: str, known: list[Moment]) -> list[Candidate]:
    """Dates, hours and time words, with the words before them ("rạng sáng ngày 4/5")."""
    spans: list[tuple[int, int, float]] = []
    for moment in moments(sentence):
        if any(_same_moment(moment, k) for k in known):
            continue
        weight = 1.0 + _fits_time(moment, noun)
        spans.append((moment.start, moment.end, weight))
    for q in quantities(sentence):
        if q.unit in ("clock", "giờ") and q.start not in [s for s, _, _ in spans]:
            spans.append((q.start, q.end, 2.0 if noun in ("gio", "luc") else 0.2))
    for match in _TIME_WORDS.finditer(sentence):
        if not any(s < match.end() and match.start() < e for s, e, _ in spans):
            spans.append((match.start(), match.end(), 0.4))
    widened = [(_from(sentence, s), e, w) for s, e, w in sorted(spans)]
    return [Candidate(*span) for span in _run_together(sentence, widened)]


def _same_moment(one: Moment, other: Moment) -> bool:
    """Whether the question's date says all that this one does."""
    return (one.day, one.month, one.quarter) == (other.day, other.month, other.quarter) and (
        one.year == other.year or one.year is None
    )


def _fits_time(moment: Moment, noun: str) -> float:
    if noun == "nam":
        return 1.0 * bool(moment.year) + 0.3 * (moment.month is None)
    if noun in _DAY_NOUNS:
        return 1.5 * bool(moment.day)
    if noun == "thang":
        return 1.0 * bool(moment.month)
    return 0.3 * bool(moment.day)


def _from(sentence: str, start: int) -> int:
    before = _DAYTIME.search(sentence[:start])
    if not before:
        return start
    words = before.group()
    kept = re.sub(r"^(?:(?:vào|hồi|lúc|từ|đầu từ)\s+)+", "", words, flags=re.I)
    return start - len(kept)


def _run_together(
    sentence: str, spans: list[tuple[int, int, float]]
) -> list[tuple[int, int, float]]:
    """ "08h00 ngày 13/5/2019" is one time."""
    joined: list[tuple[int, int, float]] = []
    for start, end, weight in spans:
        if (
            joined
            and start - joined[-1][1] <= 2
            and sentence[joined[-1][1] : start].strip(" ,(") == ""
        ):
            joined[-1] = (joined[-1][0], end, max(joined[-1][2], weight) + 0.2)
        else:
            joined.append((start, end, weight))
    return joined


__all__ = ["figures", "times"]
