"""Question analysis: how it was typed, what kind of answer it wants, what a follow-up means."""

import pytest

from assistant.question import MAX_CHARS, Kind, Typed, analyse
from corpus.errors import QuestionError


@pytest.mark.parametrize(
    ("question", "typed"),
    [
        ("Ai là Khối trưởng Khối thi đua số 4?", Typed.MARKED),
        ("ai la khoi truong khoi thi dua so 4", Typed.UNMARKED),
        ("cong doan CAND", Typed.UNMARKED),
        ("Who is the head of Bloc No. 4?", Typed.ENGLISH),
        ("How many people died in Quang Tri?", Typed.ENGLISH),
        ("Where did Nguyễn Văn A live?", Typed.MARKED),
        ("mua lu quang tri thang 10 bao nhieu nguoi chet", Typed.UNMARKED),
    ],
)
def test_how_it_was_typed(question: str, typed: Typed) -> None:
    assert analyse(question).typed is typed


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Ai là Khối trưởng?", Kind.WHO),
        ("Hội nghị diễn ra khi nào?", Kind.WHEN),
        ("hoi nghi dien ra ngay nao", Kind.WHEN),
        ("Vụ cháy xảy ra ở đâu?", Kind.WHERE),
        ("Bao nhiêu người được hỗ trợ?", Kind.HOW_MANY),
        ("Vì sao công nhân ngừng việc?", Kind.WHY),
        ("Ông Khương nói gì về giảm giờ làm?", Kind.SAID),
        ("How many workers?", Kind.HOW_MANY),
        ("Tranh Đông Hồ", Kind.OTHER),
    ],
)
def test_kind_of_answer(question: str, kind: Kind) -> None:
    assert analyse(question).kind is kind


@pytest.mark.parametrize(
    ("question", "history", "resolved"),
    [
        ("Còn năm 2021 thì sao?", ["Quỹ hỗ trợ bao nhiêu người năm 2020?"],
         "Quỹ hỗ trợ bao nhiêu người năm 2021?"),
        ("Ông ấy giữ chức vụ gì?", ["Ai là Khối trưởng Khối thi đua số 4?"],
         "Ai là Khối trưởng Khối thi đua số 4 – Ông ấy giữ chức vụ gì?"),
        ("Giá cà phê ở Đắk Lắk hôm nay là bao nhiêu?", ["Ai là Khối trưởng Khối thi đua số 4?"],
         "Giá cà phê ở Đắk Lắk hôm nay là bao nhiêu?"),
        ("Còn bà ấy?", [], "Còn bà ấy?"),
        ("Ở đâu?", ["Hội nghị của Khối số 4 diễn ra khi nào?", "Ai chủ trì hội nghị ấy tại cơ quan Bộ Công an?"],
         "Hội nghị của Khối số 4 diễn ra khi nào – Ai chủ trì hội nghị ấy tại cơ quan Bộ Công an – Ở đâu?"),
    ],
)  # fmt: skip
def test_follow_ups_take_their_topic_along_and_new_topics_do_not(
    question: str, history: list[str], resolved: str
) -> None:
    assert analyse(question, history).resolved == resolved


@pytest.mark.parametrize("question", ["", "   ", "?!…", "\u200b"])
def test_an_empty_question_is_told_kindly(question: str) -> None:
    with pytest.raises(QuestionError, match="chưa nhập câu hỏi"):
        analyse(question)


def test_an_overlong_question_is_refused_with_the_limit() -> None:
    with pytest.raises(QuestionError, match=r"20\.000 ký tự, quá giới hạn 2\.000"):
        analyse("a" * 20_000)
    assert len(analyse("a" * MAX_CHARS).text) == MAX_CHARS
