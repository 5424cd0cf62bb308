"""Times in a question, counted from Wednesday 13/11/2024."""

import datetime as dt

import pytest

from assistant.analysis.dates import Reference, find_dates

TODAY = dt.date(2024, 11, 13)
RANGES = [
    ("Ngày 12/11/2024 có gì?", "2024-11-12", "2024-11-12"), ("tháng 11-2024", "2024-11-01", "2024-11-30"),
    ("năm ngoái quỹ chi bao nhiêu", "2023-01-01", "2023-12-31"), ("tuần qua có tin gì", "2024-11-06", "2024-11-13"),
    ("tuần trước", "2024-11-04", "2024-11-10"), ("6 tháng đầu năm 2020", "2020-01-01", "2020-06-30"),
    ("sáu tháng cuối năm 2019", "2019-07-01", "2019-12-31"), ("quý I/2021", "2021-01-01", "2021-03-31"),
    ("quý 4 năm 2023", "2023-10-01", "2023-12-31"), ("hôm qua ai họp?", "2024-11-12", "2024-11-12"),
    ("Tết 2022 ở Huế", "2022-01-25", "2022-02-07"), ("Tết năm ngoái", "2023-01-15", "2023-01-28"),
    ("tháng trước", "2024-10-01", "2024-10-31"), ("ngày 20/12 vừa rồi", "2023-12-20", "2023-12-20"),
    ("hai tháng gần đây", "2024-09-13", "2024-11-13"), ("từ năm 2019 đến năm 2021", "2019-01-01", "2021-12-31"),
    ("3 ngày qua", "2024-11-10", "2024-11-13"), ("nam ngoai cong doan lam gi", "2023-01-01", "2023-12-31"),
    ("6 thang dau nam 2020 don bao nhieu khach", "2020-01-01", "2020-06-30"), ("ngày 19 tháng 5 năm 2015", "2015-05-19", "2015-05-19"),
    ("last week", "2024-11-04", "2024-11-10"), ("in March 2021", "2021-03-01", "2021-03-31"), ("on 5 May 2020", "2020-05-05", "2020-05-05"),
    ("yesterday", "2024-11-12", "2024-11-12"), ("năm nay", "2024-01-01", "2024-12-31"), ("trong 5 năm qua", "2019-11-13", "2024-11-13"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "first", "last"), RANGES)
def test_a_time_is_a_range_of_days(text: str, first: str, last: str) -> None:
    [found] = find_dates(text, TODAY)
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)
    assert text[found.start : found.end] == found.text
    assert found.contains(found.first)
    assert not found.contains(found.last + dt.timedelta(1))


@pytest.mark.parametrize(
    "text",
    ["Việt Nam qua mấy thời kỳ", "tỷ số 3-2", "30/2/2020", "giá 2020 đồng", "số 4", "mười năm trồng cây", "Năm Cam là ai?"],
)  # fmt: skip
def test_what_is_no_time(text: str) -> None:
    assert find_dates(text, TODAY) == []


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("bài đăng tháng 8/2023 về quỹ", Reference.PUBLICATION), ("tin tuần qua về lũ", Reference.PUBLICATION),
        ("các bài trong tháng 11/2024", Reference.PUBLICATION), ("articles published in 2021", Reference.PUBLICATION),
        ("quỹ chi bao nhiêu trong tháng 8/2023", Reference.EVENT), ("bão tháng 10/2022 làm mấy người chết", Reference.EVENT),
    ],
)  # fmt: skip
def test_publication_and_event_are_kept_apart(text: str, reference: Reference) -> None:
    assert [d.reference for d in find_dates(text, TODAY)] == [reference]


def test_two_times_stay_two() -> None:
    first, second = find_dates("Giá lúa năm 2019 so với năm 2022", TODAY)
    assert (first.first.year, second.first.year) == (2019, 2022)
