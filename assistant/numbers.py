"""Numbers as Vietnamese writes them: "1.500.000", "149,8 tỷ đồng", "hai mươi lăm", "5 tỷ 300 triệu".

A dot before three digits groups thousands, a comma is the decimal sign. "năm" is a number only where
it cannot be a year. Dates are not numbers: see assistant/moments.py.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.moments import moments
from corpus.text import Syllable, syllables

_DIGITS = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5,
    "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_SCALES = {
    "nghìn": 1e3, "ngàn": 1e3, "vạn": 1e4, "triệu": 1e6, "tỷ": 1e9, "tỉ": 1e9,
    "thousand": 1e3, "million": 1e6, "billion": 1e9,
}  # fmt: skip
_TENS = {"mươi": 10, "chục": 10, "trăm": 100}
_INSIDE = frozenset({"linh", "lẻ", "mười", "rưỡi", "mốt", "lăm", "nhăm", "tư"} | _TENS.keys())
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?:[ \u00a0]\d{3}(?!\d))*")
# Before and after these, "năm" is a year.
_YEAR_BEFORE = frozenset(
    """trong mỗi hằng hàng nhiều cuối đầu giữa các những cả từng một hai ba bốn sáu bảy tám chín mười mươi vào từ tháng
    quanh suốt lâu thường mấy qua và hết tròn đến theo của khóa nửa mùa vài""".split()
)
_YEAR_AFTER = frozenset(
    "nay qua ngoái sau trước nào học tháng mới ấy đó kia tới xưa âm dương sinh tuổi tài thứ".split()
)
# One form for each unit, so that "ha" answers a question for "héc ta".
_UNITS = {
    "%": "%", "phần trăm": "%", "percent": "%", "ha": "ha", "héc ta": "ha", "hecta": "ha", "hectare": "ha",
    "km": "km", "ki lô mét": "km", "kilômét": "km", "kilomet": "km", "cây số": "km", "m": "m", "mét": "m",
    "kg": "kg", "ki lô gam": "kg", "kilôgam": "kg", "kilogam": "kg", "ký": "kg", "cân": "kg", "tấn": "tấn", "tạ": "tạ",
    "đồng": "đồng", "vnd": "đồng", "vnđ": "đồng", "đ": "đồng", "usd": "usd", "đô la": "usd", "đôla": "usd",
    "mét vuông": "m2", "m2": "m2", "m²": "m2", "km2": "km2", "km²": "km2", "giờ": "giờ", "tiếng": "giờ", "phút": "phút",
    "euro": "euro", "eur": "euro", "bảng": "bảng", "tuổi": "tuổi", "năm": "năm", "tháng": "tháng", "ngày": "ngày", "tuần": "tuần",
    "h": "giờ", "giây": "giây", "độ": "độ", "°c": "độ", "lít": "lít", "cm": "cm", "mm": "mm",
}  # fmt: skip
_CLOCK = re.compile(r"(?<![\w.,/-])([01]?\d|2[0-4])(?:\s?(?:h|g|giờ)\s?|:)([0-5]\d)(?!\d)")
_SYMBOL = re.compile(
    r"\s?(%|h\b|°C|m²|km²|m2|km2|đ\b|ha\b|km\b|kg\b|cm\b|mm\b|m\b|\$|USD\b|VNĐ\b)", re.I
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text: ``text[start:end]`` is the number with its scale and unit.

    ``unit`` is canonical ("ha", "đồng", "người") or empty; ``after`` are the two syllables that follow.
    """

    value: float
    unit: str
    start: int
    end: int
    number_end: int
    after: tuple[str, ...]


def quantities(text: str) -> list[Quantity]:
    """The numbers of ``text`` in order, dates left out."""
    return list(_quantities(text))


@lru_cache(maxsize=2_048)  # an answer asks for the numbers of one sentence several times
def _quantities(text: str) -> tuple[Quantity, ...]:
    taken = [(m.start, m.end) for m in moments(text)]
    found = syllables(text)
    clocks = [_clock(match) for match in _CLOCK.finditer(text)]
    taken += [(c.start, c.end) for c in clocks]
    values = [*_in_digits(text, found), *_in_words(found)]
    free = [v for v in values if not any(v[1] < e and s < v[2] for s, e in taken)]
    numbers = [_with_unit(text, found, *v) for v in _joined(text, sorted(free, key=lambda v: v[1]))]
    return tuple(sorted([*numbers, *clocks], key=lambda q: q.start))


def _clock(match: re.Match[str]) -> Quantity:
    """ "16h30": minutes since midnight."""
    minutes = int(match.group(1)) * 60 + int(match.group(2))
    return Quantity(float(minutes), "clock", match.start(), match.end(), match.end(), ())


def number_of(digits: str) -> float:
    """``"1.500.000"`` → 1500000, ``"149,8"`` → 149.8, ``"36.6"`` → 36.6."""
    plain = re.sub(r"[ \u00a0]", "", digits)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(?:,\d{3}){2,}", plain):
        plain = plain.replace(",", "")
    elif plain.count(",") + plain.count(".") == 1:
        plain = plain.replace(",", ".")
    else:
        plain = re.sub(r"[.,]", "", plain)
    return float(plain)


_Value = tuple[float, int, int]


def _in_digits(text: str, found: list[Syllable]) -> list[_Value]:
    values = []
    for match in _NUMBER.finditer(text):
        value, end = number_of(match.group()), match.end()
        for s in found:  # "3 nghìn tỷ": each scale word right after the number multiplies it
            if s.start >= end and text[end : s.start].isspace() and s.marked in _SCALES:
                value, end = value * _SCALES[s.marked], s.end
            elif s.start >= end:
                break
        values.append((value, match.start(), end))
    return values


def _in_words(found: list[Syllable]) -> list[_Value]:
    values, at = [], 0
    while at < len(found):
        run = _run(found, at)
        if run:
            words = [s.marked for s in found[at : at + run]]
            values.append((_spoken(words), found[at].start, found[at + run - 1].end))
        at += run or 1
    return values


def _run(found: list[Syllable], at: int) -> int:
    """Length of the number in words that begins at ``at``; 0 when none does."""
    first = found[at].marked
    before = found[at - 1].marked if at else ""
    after = found[at + 1].marked if at + 1 < len(found) else ""
    begins = first == "mười" or (first in _DIGITS and first not in ("tư", "lăm", "mốt", "nhăm"))
    if not begins or before.isdigit() or before == "thứ" or (first == "không" and after != "phẩy"):
        return 0
    if first == "năm" and (before in _YEAR_BEFORE or after in _YEAR_AFTER or after.isdigit()):
        return 0
    end = at + 1
    while end < len(found):
        word, previous = found[end].marked, found[end - 1].marked
        if word in _INSIDE or word in _SCALES:
            end += 1
        elif word in _DIGITS and (previous in _INSIDE or previous in _SCALES) and word != "không":
            following = found[end + 1].marked if end + 1 < len(found) else ""
            if word == "năm" and following not in _INSIDE | _SCALES.keys():
                break
            end += 1
        else:
            break
    return end - at


def _spoken(words: list[str]) -> float:
    total, section, digit, scale = 0.0, 0.0, 0.0, 1.0
    for word in words:
        if word in _DIGITS:
            digit = _DIGITS[word]
        elif word == "mười":
            section, scale = section + 10, 10
        elif word in _TENS:
            section, digit, scale = section + max(digit, 1) * _TENS[word], 0, _TENS[word]
        elif word == "rưỡi":
            total += scale / 2
        elif word in _SCALES:
            scale = _SCALES[word]
            amount = section + digit
            total = total + amount * scale if amount else max(total, 1) * scale
            section = digit = 0
    return total + section + digit


def _joined(text: str, values: list[_Value]) -> list[_Value]:
    """ "5 tỷ 300 triệu" is one number: a smaller scale right after a larger one is added."""
    joined: list[_Value] = []
    for value, start, end in values:
        if joined:
            before, first, last = joined[-1]
            scaled = (
                before >= 1e6 and value >= 1e3 and text[last:start].isspace() and value < before
            )
            if scaled and not text[first:last].rstrip()[-1].isdigit():
                joined[-1] = (before + value, first, end)
                continue
        joined.append((value, start, end))
    return joined


def _with_unit(text: str, found: list[Syllable], value: float, start: int, end: int) -> Quantity:
    symbol = _SYMBOL.match(text, end)
    following = [s for s in found if s.start >= end][:3]
    after = tuple(s.folded for s in following[:2])
    if symbol:
        name = symbol.group(1).lower()
        return Quantity(value, _UNITS.get(name, "usd"), start, symbol.end(), end, after)
    if not following or text[end : following[0].start].strip():
        return Quantity(value, "", start, end, end, ())
    for length in (3, 2, 1):
        words = following[:length]
        unit = _UNITS.get(" ".join(s.marked for s in words))
        if unit and len(words) == length:
            return Quantity(value, unit, start, words[-1].end, end, after)
    return Quantity(value, following[0].marked, start, following[0].end, end, after)


def unit_of(words: str) -> str:
    """The canonical form of a unit as it was asked for; the word itself where it is no known one."""
    return _UNITS.get(words, words)


__all__ = ["Quantity", "number_of", "quantities", "unit_of"]
