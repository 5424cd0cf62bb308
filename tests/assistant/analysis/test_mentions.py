"""Names, numbers and quoted words of a question."""

import pytest

from assistant.analysis.mentions import mentions, names, same_name


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Theo Nguyễn Văn Bảo, Thiếu tá Trần Thị Lụa nói gì?", ["Nguyễn Văn Bảo", "Trần Thị Lụa"]),
        ("Mưa lũ tháng 10/2022 ở Quảng Trị", ["Quảng Trị"]), ("Hà Nội có gì?", ["Hà Nội"]),
        ("Ai là trưởng thôn?", []), ("Khối thi đua số 4 họp", []), ("U23 Việt Nam thắng MU 3-1", ["U23 Việt Nam", "MU"]),
        ("Cựu giám đốc FBI Robert Mueller", ["FBI", "Robert Mueller"]), ("ong Bao noi gi", ["Bao"]), ("ai la truong thon", []),
        ("Ông Bảo và bà Trần Thị Lụa", ["Bảo", "Trần Thị Lụa"]),
    ],
)  # fmt: skip
def test_names(text: str, found: list[str]) -> None:
    assert names(text) == found


def test_numbers_and_quoted_words() -> None:
    said = mentions("Phong trào “Mỗi nhà một cây” trồng 1.500 cây ở 12 xã?")
    assert said.quoted == ("Mỗi nhà một cây",)
    assert {1500.0, 12.0} <= set(said.numbers)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("Lụa", "Trần Thị Lụa", True), ("Trần Thị Lụa", "tran thi lua", True), ("Thị", "Trần Thị Lụa", False), ("Lan", "Trần Thị Lụa", False)],
)  # fmt: skip
def test_same_name(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same
