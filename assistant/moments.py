"""Days, months and years as they stand in a text: "25/3/2022", "tháng 11-2024", "năm 2020", "quý I/2021".

Only what is written out; "hôm qua" needs a day to count from, see assistant/analysis/dates.py.
"""

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Moment:
    """A date with what is known of it: ``text[start:end]``. ``quarter`` and ``half`` count from 1."""

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None
    half: int | None = None


_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)"
_SEP = r"\s?[/.-]\s?"
_D, _M = r"(?P<day>[0-3]?\d)", r"(?P<month>1[0-2]|0?[1-9])"
_MONTHS = {
    name: n
    for n, names in enumerate(
        """january jan|february feb|march mar|april apr|may|june jun|july jul|august aug
        |september sept sep|october oct|november nov|december dec""".replace("\n", "").split("|"), start=1
    )
    for name in names.split()
}  # fmt: skip
_ENGLISH = "(?P<name>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"
_NAMED = {
    "giêng": 1, "gieng": 1, "chạp": 12, "chap": 12, "hai": 2, "ba": 3, "tư": 4, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9,
    "mười": 10, "mười một": 11, "mười hai": 12,
}  # fmt: skip
# The most telling first: what one has taken, the next ones leave alone.
_PATTERNS = tuple(
    re.compile(p, re.I)
    for p in (
        r"(?<![\d.,/-])(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?!\d)",
        rf"(?<![\d.,/-]){_D}{_SEP}{_M}{_SEP}{_YEAR}(?![\d/])",
        rf"(?<![\d.,/-])(?:ng[àa]y\s+)?{_D}\s+th[áa]ng\s+{_M}(?:\s*,?\s+n[ăa]m\s+|\s*[,/-]\s*|\s+){_YEAR}(?!\d)",
        rf"\bth[áa]ng\s+{_M}\s*(?:[/.,-]\s*|\s+n[ăa]m\s+|\s+){_YEAR}(?!\d)",
        rf"\b(?P<name>(?:{'|'.join(_MONTHS)}))\.?\s+{_D}(?:st|nd|rd|th)?(?:,\s*|\s+){_YEAR}(?!\d)",
        rf"(?<!\d){_D}(?:st|nd|rd|th)?\s+{_ENGLISH}\.?,?\s+{_YEAR}(?!\d)",
        rf"\b{_ENGLISH}\.?,?\s+{_YEAR}(?!\d)",
        rf"\bqu[ýy]\s*(?P<quarter>IV|I{{1,3}}|[1-4])\s*(?:[/.-]\s*|\s+n[ăa]m\s+|\s+){_YEAR}(?!\d)",
        rf"\bQ(?P<quarter>[1-4])\s*[/ ]?\s*{_YEAR}(?!\d)",
        r"\bqu[ýy]\s*(?P<quarter>IV|I{1,3}|[1-4])\b(?!\s*[/.-]?\s*\d)",
        rf"\b(?:(?P<first>(?:(?:6|s[áa]u) th[áa]ng|n[ửu]a) (?:đầu|dau))|(?P<second>(?:(?:6|s[áa]u) th[áa]ng|n[ửu]a) cu[ốo]i))(?: n[ăa]m)?\s+{_YEAR}(?!\d)",
        rf"(?<![\d.,/-])(?:ng[àa]y\s+)?{_D}\s+th[áa]ng\s+{_M}(?!\d)",
        rf"(?<!\d)(?<![.,/-]){_M}\s?[/-]\s?{_YEAR}(?![\d/])",
        rf"\b(?:ng[àa]y|s[áa]ng|tr[ưu]a|chi[ềe]u|t[ốo]i|đêm|dem|h[ôo]m|m[ùồu]ng|th[ứu]\s\w+|[,(])\s*\(?{_D}{_SEP}{_M}(?![\d/%]|[.,]\d)",
        rf"(?<![\d.,/-]){_D}[/]{_M}(?![\d/%])",
        rf"\bth[áa]ng\s+(?:{_M}|(?P<vietnamese>gi[êe]ng|ch[ạa]p|hai|ba|tư|sáu|bảy|tám|chín|mười(?: một| hai)?))(?!\d|\s*(?:năm|tuổi)\b)",
        rf"\b(?:n[ăa]m|year|in|of|since|by|h[èe]|m[ùu]a|t[ếe]t|đầu|cu[ốo]i|gi[ữu]a|since)\s+{_YEAR}(?![\d/.,-]\d|\d)",
        rf"(?<![\d.,/$-]){_YEAR}(?!\d|[.,]\d|\s*(?:đồng|người|m\b|ha\b|tỷ|tỉ|%|USD|chiếc|hộ|con|km|tấn))",
    )
)  # fmt: skip
_DIGIT = re.compile(r"\d")
# Those that may match without a digit: "quý IV", "tháng chạp".
_SPELT = tuple(p for p in _PATTERNS if "I{1,3}" in p.pattern or "vietnamese" in p.pattern)


def moments(text: str) -> list[Moment]:
    """The dates of ``text`` in order; offsets are into ``text``, which should be NFC to be read well."""
    return list(_moments(text))


@lru_cache(maxsize=2_048)  # an answer asks for the times of one sentence up to ten times
def _moments(text: str) -> tuple[Moment, ...]:
    found: list[Moment] = []
    for pattern in _PATTERNS if _DIGIT.search(text) else _SPELT:
        for match in pattern.finditer(text):
            moment = _moment(match)
            if moment and not any(m.start < moment.end and moment.start < m.end for m in found):
                found.append(moment)
    return tuple(sorted(found, key=lambda m: m.start))


def _moment(match: re.Match[str]) -> Moment | None:
    parts = match.groupdict()
    quarter = parts.get("quarter")
    half = 1 if parts.get("first") else 2 if parts.get("second") else None
    month = int(parts["month"]) if parts.get("month") else None
    if parts.get("name"):
        month = _MONTHS[parts["name"].lower()]
    if parts.get("vietnamese"):
        month = _NAMED[parts["vietnamese"].lower()]
    day = int(parts["day"]) if parts.get("day") else None
    if day is not None and not 1 <= day <= 31:
        return None
    return Moment(
        match.start() + len(match.group()) - len(match.group().lstrip(" ,(")), match.end(),
        int(parts["year"]) if parts.get("year") else None, month, day,
        _ROMAN.get(quarter.lower(), 0) or int(quarter) if quarter else None, half,
    )  # fmt: skip
