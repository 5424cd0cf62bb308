"""The gate: what a model may be shown to have said, and what not."""

from collections import Counter

import pytest

from assistant.gate import Fault, Source, check
from tests.assistant.liar import written

SOURCE = Source(
    "Ngày 12/3/2024, Hội Nông dân xã Nà Lếch trao 45 con dê giống trị giá 180 triệu đồng cho 15 hộ nghèo, nhưng chưa trao cho hộ ông Lò Văn Inh.",
    "Xã Nà Lếch trao dê giống",
    "Báo Sông Lạch 13/03/2024",
)  # fmt: skip
TRUE = [
    "Hội Nông dân xã Nà Lếch trao 45 con dê giống cho 15 hộ nghèo.",
    "Ngày 12/3, Hội Nông dân xã Nà Lếch trao dê giống cho 15 hộ nghèo.",
    "Theo Báo Sông Lạch, 45 con dê giống trị giá 180 triệu đồng.",
    "Có mười lăm hộ nghèo được trao dê giống.",
    "Hội Nông dân xã Nà Lếch chưa trao cho hộ ông Lò Văn Inh.",
    "Số dê giống trị giá 180.000.000 đồng.",
    "Theo bài “Xã Nà Lếch trao dê giống” (Báo Sông Lạch, 13/03/2024), 15 hộ nghèo nhận 45 con dê giống.",
    "Dê giống được trao vào ngày 12 tháng 3 năm 2024.",
]  # fmt: skip
FALSE = [
    ("Hội Nông dân xã Nà Lếch trao 54 con dê giống cho 15 hộ nghèo.", Fault.NUMBER),
    ("Hội Nông dân xã Nà Lếch trao 45 con dê giống cho 45 hộ nghèo.", Fault.NUMBER),
    ("Hội Nông dân xã Nà Lếch trao năm mươi con dê giống cho 15 hộ nghèo.", Fault.NUMBER),
    ("45 con dê giống trị giá 180 nghìn đồng.", Fault.NUMBER),
    ("45 con dê giống trị giá 180 triệu USD.", Fault.NUMBER),
    ("Ngày 13/3/2024, Hội Nông dân xã Nà Lếch trao dê giống.", Fault.DATE),
    ("Theo bài “Xã Nà Lếch trao dê giống” (Báo Sông Lạch, 14/03/2024), 15 hộ nghèo nhận 45 con dê giống.", Fault.DATE),
    ("Theo bài “Xã Pá Vạt trao bò” (Báo Núi Cao), 15 hộ nghèo nhận 45 con dê giống.", Fault.DATE),
    ("Năm 2023, Hội Nông dân xã Nà Lếch trao dê giống.", Fault.DATE),
    ("Chiều 12/3/2024, Hội Nông dân xã Nà Lếch trao dê giống.", Fault.DATE),
    ("Hội Nông dân xã Pá Vạt trao 45 con dê giống cho 15 hộ nghèo.", Fault.NAME),
    ("Hội Nông dân xã Nà Lếch chưa trao cho hộ ông Lò Văn Pành.", Fault.NAME),
    ("Hội Nông dân xã Nà Lếch không trao 45 con dê giống cho 15 hộ nghèo.", Fault.NEGATION),
    ("Hội Nông dân xã Nà Lếch đã trao cho hộ ông Lò Văn Inh.", Fault.NEGATION),
    ("Người dân vui mừng đón khách du lịch tới thăm bản.", Fault.OVERLAP),
    ("The commune gave goats to poor families.", Fault.OVERLAP),
    ("I cannot answer this question.", Fault.OVERLAP),
]  # fmt: skip


@pytest.mark.parametrize("claim", TRUE)
def test_a_true_sentence_passes(claim: str) -> None:
    assert check(claim, [SOURCE]) is None


@pytest.mark.parametrize(("claim", "fault"), FALSE)
def test_a_false_sentence_is_stopped(claim: str, fault: Fault) -> None:
    found = check(claim, [SOURCE])
    assert found is not None
    assert found is fault or fault in (Fault.NEGATION, Fault.OVERLAP)


def test_without_a_source_nothing_is_supported() -> None:
    assert check(TRUE[0], []) is Fault.UNCITED


def test_two_sources_support_a_sentence_together() -> None:
    other = Source("Xã Pá Vạt nhận 20 con dê giống.")
    claim = "Xã Nà Lếch có 45 con dê giống, xã Pá Vạt có 20 con dê giống."
    assert check(claim, [SOURCE]) is Fault.NUMBER
    assert check(claim, [SOURCE, other]) is None


def test_a_liar_is_never_shown_as_supported() -> None:
    """Every longer sentence of the sample archive, true and with one lie: over 1,900 lies."""
    count: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    for one in written():
        count[one.lie] += 1
        shown[one.lie] += check(one.claim, [one.source]) is None
    lies = sum(n for lie, n in count.items() if lie)
    assert min(count[lie] for lie in ("số", "ngày", "tên", "phủ định")) >= 200
    assert sum(n for lie, n in shown.items() if lie) / lies <= 0.001
    assert shown[""] / count[""] >= 0.99


def test_any_text_is_checked() -> None:
    for claim in ("", "…", "không " * 500, "1 " * 500, "[1]"):
        check(claim, [SOURCE])
