"""Dates as Vietnamese newspapers print them, and lines that only look like dates."""

import datetime as dt
import unicodedata

import pytest

from corpus.dates import parse_date, parse_date_line

MARCH_25 = dt.date(2022, 3, 25)


@pytest.mark.parametrize(
    ("line", "date", "time"),
    [
        ("Thứ Sáu, 25/03/2022, 14:51", MARCH_25, dt.time(14, 51)),
        ("Cập nhật: 09:08, Thứ 6, 17/07/2020", dt.date(2020, 7, 17), dt.time(9, 8)),
        ("Thứ sáu, ngày 25/3/2022 - 14h51", MARCH_25, dt.time(14, 51)),
        ("Chủ nhật, 27.3.2022 | 06:05 (GMT+7)", dt.date(2022, 3, 27), dt.time(6, 5)),
        ("25-03-2022", MARCH_25, None),
        ("Đăng lúc 14 giờ 51 phút ngày 25 tháng 3 năm 2022", MARCH_25, dt.time(14, 51)),
        ("Ngày 25 tháng 3, 2022", MARCH_25, None),
        ("2022-03-25T14:51:00+07:00", MARCH_25, dt.time(14, 51)),
        ("2022-03-25 14:51:09", MARCH_25, dt.time(14, 51)),
        ("25/03/2022 02:51 PM", MARCH_25, dt.time(14, 51)),
        ("2:51 chiều, 25/3/2022", MARCH_25, dt.time(14, 51)),
        ("7:15 sáng, 25/3/2022", MARCH_25, dt.time(7, 15)),
        ("25/03/2022, 12:30 PM", MARCH_25, dt.time(12, 30)),
        ("25/3/2022", MARCH_25, None),
        ("25.3.2022", MARCH_25, None),
        ("25-3-2022", MARCH_25, None),
        ("2022/03/25", MARCH_25, None),
        ("2022.3.25", MARCH_25, None),
        ("ngày 25 tháng 3 năm 2022", MARCH_25, None),
        ("Thứ Sáu, 25/03/2022 | 14:51 GMT+7", MARCH_25, dt.time(14, 51)),
        ("14h51 ngày 25/3/2022", MARCH_25, dt.time(14, 51)),
        ("14h, ngày 25/3/2022", MARCH_25, dt.time(14, 0)),
        ("Đăng lúc 9 giờ sáng ngày 25/3/2022", MARCH_25, dt.time(9, 0)),
        ("Ngày đăng: 25/03/2022 14:51", MARCH_25, dt.time(14, 51)),
        ("25 Tháng Ba, 2022", MARCH_25, None),
        ("Tháng Ba 25, 2022", MARCH_25, None),
        ("25 tháng mười hai, 2022", dt.date(2022, 12, 25), None),
        ("March 25, 2022", MARCH_25, None),
        ("Fri, 25 Mar 2022 14:51:00 +0700", MARCH_25, dt.time(14, 51)),
        ("2022-03-24T23:30:00Z", MARCH_25, dt.time(6, 30)),  # the day it was in Vietnam
        ("2022-03-25T14:51:00.123+0700", MARCH_25, dt.time(14, 51)),
        ("2022-03-25T03:51:00-04:00", MARCH_25, dt.time(14, 51)),
        ("Hà Nội, ngày 25 tháng 3 năm 2022", MARCH_25, None),
        ("TP. Hồ Chí Minh, ngày 25 tháng 03 năm 2022", MARCH_25, None),
    ],
)
def test_a_date_line_gives_day_and_time(line: str, date: dt.date, time: dt.time | None) -> None:
    assert parse_date_line(line) == parse_date(line) == (date, time)
    assert parse_date_line(unicodedata.normalize("NFD", line)) == (date, time)


@pytest.mark.parametrize(
    "line",
    [
        "Ngày 25/3/2022, tại Hà Nội, công đoàn ký giao ước thi đua.",
        "Hạn nộp hồ sơ: 25/03/2022",
        "Quyết định 25/03/2022/QĐ",
        "Họp giao ban, ngày 25 tháng 3 năm 2022",
        "Tại Hà Nội, ngày 25 tháng 3 năm 2022, công đoàn họp",
    ],
)
def test_a_sentence_with_a_date_is_no_date_line(line: str) -> None:
    assert parse_date(line) == (MARCH_25, None)
    assert parse_date_line(line) is None


@pytest.mark.parametrize(
    "text",
    ["", "Thứ Sáu", "14:51", "31/02/2022", "2022-13-01", "32 tháng 1 năm 2022", "125/03/2022",
     "25/03/20222", "ngày 27/5", "1.500.000"],
)  # fmt: skip
def test_what_is_no_day_of_the_calendar_gives_nothing(text: str) -> None:
    assert parse_date(text) is None


def test_an_impossible_time_is_left_out_and_the_day_kept() -> None:
    assert parse_date("25/03/2022, 27:80") == (MARCH_25, None)


def test_the_day_comes_first_even_where_both_are_possible() -> None:
    assert parse_date("05/07/2020") == (dt.date(2020, 7, 5), None)
