"""An office that is asked for must be named in the sentence that answers."""

import math

import pytest

from assistant.offices import names_office, office
from assistant.question import analyse
from assistant.service import Assistant
from tests.assistant.odds import odds
from tests.conftest import Write


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Ai là Khối trưởng Khối thi đua số 9?", ("khối", "trưởng")),
        ("ai la pho giam doc so y te", ("pho", "giam")),
        ("Chủ tịch xã Bản Mốc là ai?", ("chủ", "tịch")),
        ("Ai là người đầu tiên qua cầu?", None),
        ("Nạn nhân trong vụ cháy là ai?", None),
        ("Chủ tịch xã nói gì?", None),
    ],
)
def test_the_office_that_is_asked_for(text: str, asked: tuple[str, str] | None) -> None:
    assert office(analyse(text)) == asked


def test_marks_count_where_the_question_has_them() -> None:
    marked, bare = (
        analyse("Ai là Khối trưởng Khối thi đua?"),
        analyse("ai la khoi truong khoi thi dua"),
    )
    for question, text, there in [
        (marked, "Bà Hoa, Khối trưởng, trình bày.", True),
        (marked, "Khối trường học trình bày.", False),
        (marked, "Trưởng khối trình bày.", False),
        (bare, "Bà Hoa, Khối trưởng, trình bày.", True),
    ]:
        asked = office(question)
        assert asked
        assert names_office(question, asked, text) is there


@pytest.mark.parametrize(
    "text",
    ["Ai là Khối trưởng Khối thi đua số 9 Công đoàn huyện?", "ai la khoi truong khoi thi dua so 9"],
)
def test_who_holds_it_comes_before_who_else_speaks_of_it(
    assistant: Assistant, write: Write, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        "hop.txt",
        "Chăm lo đời sống đoàn viên\n\nNgày 25/3, Khối thi đua số 9, Công đoàn huyện họp bàn chương trình năm. "
        "Tại hội nghị, bà Lò Thị Hoa, Chủ tịch Công đoàn trường, Khối trưởng Khối thi đua số 9, Công đoàn huyện đã trình bày dự thảo. "
        "Riêng về nội dung ký kết thi đua của Khối thi đua số 9 Công đoàn huyện, ông Vi Văn Bách nhấn mạnh: ký là lời hứa, "
        "phải làm đến cùng.\n",
    )
    assistant.build()
    assert "Lò Thị Hoa" in assistant.ask(text).citations[0].quote
    with_it = odds(assistant, text, "Hoa", "Bách")
    monkeypatch.setattr("assistant.evidence._OFFICE", 0.0)
    assert with_it == pytest.approx(odds(assistant, text, "Hoa", "Bách") * math.e, rel=1e-6)
