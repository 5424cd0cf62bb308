"""Times told and times asked: a half-year's figure is not the year's."""

import datetime as dt

import pytest

from assistant.periods import (
    ELSEWHERE,
    OPEN,
    OTHER_SPAN,
    OVERLAPS,
    SAME,
    WITHIN,
    period_fit,
    same_period,
    told_in,
)
from assistant.question import analyse

AS_OF = dt.date(2023, 6, 1)
PRINTED = dt.date(2022, 1, 11)


@pytest.mark.parametrize(
    ("question", "sentence", "fits"),
    [
        (
            "Sáu tháng đầu năm 2021 quỹ giúp bao nhiêu người?",
            "Nửa đầu năm 2021, quỹ giúp 12 người.",
            SAME,
        ),
        (
            "Năm 2021 quỹ giúp bao nhiêu người?",
            "Sáu tháng đầu năm 2021, quỹ giúp 12 người.",
            OTHER_SPAN,
        ),
        ("Sáu tháng đầu năm 2021 quỹ giúp ai?", "Cả năm 2021, quỹ giúp 30 người.", OTHER_SPAN),
        ("Năm 2021 quỹ giúp bao nhiêu người?", "Năm 2020, quỹ giúp 9 người.", ELSEWHERE),
        ("Năm 2021 quỹ giúp bao nhiêu người?", "Ngày 20/7/2021, quỹ giúp 3 người.", WITHIN),
        ("Ngày 20/7/2021 quỹ giúp ai?", "Năm 2021, quỹ giúp 30 người.", OPEN),
        (
            "Quý I/2021 giá tăng bao nhiêu?",
            "Từ tháng 2/2021 đến tháng 5/2021 giá tăng 3%.",
            OVERLAPS,
        ),
        ("Năm ngoái quỹ giúp bao nhiêu người?", "Năm 2022, quỹ giúp 40 người.", SAME),
        ("Ngày 9/1/2022 có gì?", "Chủ nhật 9/1, làng mở hội.", SAME),  # the year of its article
        ("Quỹ giúp bao nhiêu người?", "Năm 2020, quỹ giúp 9 người.", OPEN),
        ("Bài đăng tháng 1/2022 nói gì về quỹ?", "Quỹ giúp 9 người.", SAME),
        ("Bài đăng tháng 3/2022 nói gì về quỹ?", "Tháng 3/2022, quỹ nghỉ.", ELSEWHERE),
    ],
)
def test_how_a_sentence_fits_the_time_asked_for(question: str, sentence: str, fits: float) -> None:
    assert period_fit(analyse(question, as_of=AS_OF), sentence, (), PRINTED) == fits


def test_a_sentence_without_a_time_has_that_of_what_stands_around_it_or_of_its_article() -> None:
    asked, sentence = analyse("Năm 2020 quỹ giúp bao nhiêu người?"), "Quỹ giúp 9 người."
    assert period_fit(asked, sentence, ("Đó là năm 2020.", "Năm 2019"), PRINTED) == SAME
    assert period_fit(asked, sentence, ("Trời mưa.", "Năm 2019"), PRINTED) == ELSEWHERE
    assert period_fit(asked, sentence, (), dt.date(2020, 5, 5)) == WITHIN
    assert period_fit(asked, sentence, (), dt.date(2021, 1, 20)) == WITHIN  # still told in January
    assert period_fit(asked, sentence, (), dt.date(2023, 5, 5)) == OPEN
    assert period_fit(asked, sentence, (), dt.date(2019, 12, 30)) == ELSEWHERE
    assert period_fit(asked, sentence, (), None) == OPEN


def test_figures_of_one_thing_have_one_period() -> None:
    def told(text: str) -> list:  # type: ignore[type-arg]
        return told_in(text, (), PRINTED)

    assert same_period(told("Ngày 11/10 có 4 người chết."), told("Ngày 13/10 có 9 người chết."))
    assert same_period(told("Năm 2020, 4 người."), told("Trong năm 2020, 9 người."))
    assert same_period(told("Năm 2020, 4 người."), told("Có 9 người."))
    assert not same_period(told("Năm 2020, 4 người."), told("Sáu tháng đầu năm 2020, 2 người."))
