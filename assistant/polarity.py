"""Whether one sentence denies what another states: negation and opposites, word by word. Pure.

A word is denied when "không", "chưa" … stands up to three syllables before it in the same clause. It
knows no logic beyond that: double negation and irony pass by.
"""

import re
from dataclasses import dataclass

from corpus.text import syllables

_NEGATORS = frozenset("không chưa chẳng chả đừng chớ".split())
_NEGATORS_OF_TWO = frozenset(
    {
        ("bác", "bỏ"),
        ("phủ", "nhận"),
        ("từ", "chối"),
        ("khó", "có"),
        ("thiếu", "vắng"),
        ("ngừng", "việc"),
    }
)
# "không" that denies nothing: "không chỉ", "không những", "không khí", "hàng không".
_NO_DENIAL_AFTER = frozenset("chỉ những khí gian quân lực phận đầu ngừng ngớt quân".split())
_SCOPE = 3
_COPY = 0.85
_LINKS = frozenset(
    "có được bị phải hề thể còn ai một các những gì là sẽ đã đang thấy cho để và của ở tại trong nên muốn".split()
)
_OPPOSITES = tuple(
    (pair.split("/")[0], pair.split("/")[1])
    for pair in (
        "tăng/giảm", "thắng/thua", "cao/thấp", "nhiều/ít", "đồng ý/phản đối", "ủng hộ/phản đối", "chấp nhận/từ chối", "đỗ/trượt",
        "chấp thuận/bác", "bắt đầu/kết thúc", "nhanh/chậm", "mua/bán", "nhập/xuất", "đúng/sai", "thành công/thất bại", "hơn/kém",
        "trẻ/già", "miền bắc/miền nam", "tối đa/tối thiểu", "nhiều nhất/ít nhất", "tích cực/tiêu cực", "bắt buộc/tự nguyện", "trên/dưới",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Words:
    """The syllables of a sentence and the positions that a negation covers."""

    forms: list[str]
    denied: frozenset[int]
    negators: int


def contradicts(claim: str, source: str) -> bool:
    """Whether ``claim`` denies what ``source`` states, or states what it denies."""
    mine, theirs = _read(claim), _read(source)
    stated = _contents(theirs, denied=False)
    denied = _contents(theirs, denied=True)
    wrongly_denied = any(w in stated and w not in denied for w in _contents(mine, denied=True))
    wrongly_stated = any(w in denied and w not in stated for w in _contents(mine, denied=False))
    if _copies(mine, theirs) and mine.negators != theirs.negators:
        return True
    unheard = bool(mine.denied) and not theirs.denied and bool(_contents(mine, denied=True))
    return wrongly_denied or wrongly_stated or unheard or _opposite(mine, theirs)


def _read(sentence: str) -> _Words:
    forms: list[str] = []
    denied: set[int] = set()
    negators = 0
    for clause in re.split(r"[,;:.!?…“”\"()–]", sentence):
        words = [s.marked for s in syllables(clause)]
        for at, word in enumerate(words):
            length = _negator(words, at)
            if word and length:
                first = at + length
                denied.update(len(forms) + i for i in _covered(words, first))
        forms += words
        negators += sum(
            word in _NEGATORS and "_".join(words[max(0, at - 1) : at]) != "hàng"
            for at, word in enumerate(words)
        )
    return _Words(forms, frozenset(denied), negators)


def _negator(words: list[str], at: int) -> int:
    """Length of the negator that stands at ``at``; 0 for none."""
    after = words[at + 1] if at + 1 < len(words) else ""
    if (words[at], after) in _NEGATORS_OF_TWO:
        return 2
    before = words[at - 1] if at else ""
    if words[at] not in _NEGATORS or not after:
        return 0
    return 0 if after in _NO_DENIAL_AFTER or before == "hàng" else 1


def _covered(words: list[str], first: int) -> list[int]:
    """The next content words after a negator, links skipped."""
    found = []
    for at in range(first, min(len(words), first + 6)):
        if words[at] not in _LINKS:
            found.append(at)
        if len(found) == _SCOPE:
            break
    return found


def _contents(words: _Words, denied: bool) -> set[str]:
    """The pairs of neighbouring syllables that stand inside (or outside) a negation."""
    return {
        f"{a}_{b}"
        for at, (a, b) in enumerate(zip(words.forms, words.forms[1:], strict=False))
        if (at in words.denied) == denied and a not in _LINKS and b not in _LINKS
    }


def _copies(mine: _Words, theirs: _Words) -> bool:
    """Whether the claim repeats nearly all of the source: then it must deny as often."""
    words = set(theirs.forms) - _LINKS - _NEGATORS
    return len(words & set(mine.forms)) >= _COPY * len(words)


def _opposite(mine: _Words, theirs: _Words) -> bool:
    """Whether the claim has the one word of a pair of opposites where the source has only the other."""
    own, its = f" {' '.join(mine.forms)} ", f" {' '.join(theirs.forms)} "
    return any(
        f" {a} " in own and f" {a} " not in its and f" {b} " in its and f" {b} " not in own
        for pair in _OPPOSITES
        for a, b in (pair, pair[::-1])
    )


__all__ = ["contradicts"]
