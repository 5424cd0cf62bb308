"""Numbers and dates as they stand in Vietnamese text."""

import pytest

from assistant.moments import moments
from assistant.numbers import quantities

NUMBERS = [
    ("bồi thường 149,8 tỷ đồng", [(149.8e9, "đồng", "149,8 tỷ đồng")]),
    ("cho 1.500.000 đồng", [(1_500_000, "đồng", "1.500.000 đồng")]),
    ("hai mươi lăm người", [(25, "người", "hai mươi lăm người")]),
    ("một trăm linh ba hộ", [(103, "hộ", "một trăm linh ba hộ")]),
    ("ba nghìn tỷ đồng", [(3e12, "đồng", "ba nghìn tỷ đồng")]),
    ("5 tỷ 300 triệu đồng", [(5.3e9, "đồng", "5 tỷ 300 triệu đồng")]),
    ("tăng 36,6% so với", [(36.6, "%", "36,6%")]),
    ("rộng 1,2 triệu héc ta", [(1.2e6, "ha", "1,2 triệu héc ta")]),
    ("mười một ha", [(11, "ha", "mười một ha")]),
    ("lúc 16h30", [(990, "clock", "16h30")]),
    ("năm người bị thương", [(5, "người", "năm người")]),
    ("trong năm nay", []),
    ("năm 2020", []),
    ("ngày 25/3/2022", []),
    ("Thứ Năm, 12/5", []),
    ("15 000 vôn", [(15_000, "vôn", "15 000 vôn")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), NUMBERS)
def test_quantities(text: str, expected: list[tuple[float, str, str]]) -> None:
    found = quantities(text)
    assert [text[q.start : q.end] for q in found] == [e[2] for e in expected]
    assert [(q.value, q.unit) for q in found] == [
        pytest.approx(e[0]) == e[0] and (pytest.approx(e[0]), e[1]) for e in expected
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ngày 25/3/2022", (25, 3, 2022)), ("sáng 4-5", (4, 5, None)), ("tháng 11-2024", (None, 11, 2024)), ("năm 2019", (None, None, 2019)),
        ("ngày 19 tháng 5 năm 1890", (19, 5, 1890)), ("10/2022", (None, 10, 2022)), ("March 5, 2021", (5, 3, 2021)), ("ngày 16.6", (16, 6, None)),
        ("cuối tháng Ba", (None, 3, None)), ("2020-07-17", (17, 7, 2020)),
    ],
)  # fmt: skip
def test_moments(text: str, expected: tuple[int | None, int | None, int | None]) -> None:
    [m] = moments(text)
    assert (m.day, m.month, m.year) == expected
    assert text[m.start : m.end].strip() == text[m.start : m.end]


@pytest.mark.parametrize(
    "text", ["cao 2.020 m", "tỷ lệ 45/2020/1", "40/45", "1.5", "giá 1999 đồng", "32/13/2020"]
)
def test_no_moments(text: str) -> None:
    assert not any(m.day or m.month for m in moments(text))


def test_any_text_is_read() -> None:
    for text in ("1" * 5000, "1." * 3000, "năm " * 2000, "1/" * 3000, "một " * 2000, "", "٣ ²"):
        quantities(text)
        moments(text)
