"""Suggested questions: each is made of the articles cited, and the archive answers it."""

import pytest

from assistant.citation import Citation
from assistant.service import Assistant
from assistant.suggest import About, follow_ups
from corpus.article import Article, make_article


def article(*paragraphs: str) -> Article:
    return make_article(
        id="a.txt", path="a.txt", title="Khánh thành cầu Vân Du", paragraphs=list(paragraphs)
    )


def suggested(*paragraphs: str, asked: str = "Cầu nào?") -> dict[About, str]:
    made = article("Câu được trích ở đây.", *paragraphs)
    cited = Citation(1, made, "Câu được trích ở đây.", 0, 21)
    return {s.about: s.question for s in follow_ups([asked], [cited])}


@pytest.mark.parametrize(
    ("sentence", "about", "question"),
    [
        ("Cầu Vân Du dài 312 mét, rộng 9 mét.", About.NUMBER, "Cầu Vân Du dài bao nhiêu mét?"),
        ("Công an tỉnh Vân Du tiếp nhận hơn 20 đơn trình báo của dân.", About.NUMBER, "Công an tỉnh Vân Du tiếp nhận bao nhiêu đơn trình báo?"),
        ("Ông Lò Văn Tá, 61 tuổi, là người đi qua đầu tiên.", About.NUMBER, "Ông Lò Văn Tá bao nhiêu tuổi?"),
        ("Sáng 1/9/2025, UBND xã Vân Du tổ chức lễ cắt băng.", About.TIME, "UBND xã Vân Du tổ chức lễ cắt băng khi nào?"),
        ("Bà Lê Thị Mận nói: “Chúng tôi chờ cầu này mười năm.”", About.SAID, "Bà Lê Thị Mận nói gì?"),
        ("Khách mời có ông Lò Văn Tá, Chủ tịch UBND xã ven biển.", About.PERSON, "Ông Lò Văn Tá giữ chức vụ gì?"),
        ("Chợ nổi Cái Dương đóng cửa ban đêm vì mặt cầu chưa có đèn chiếu sáng.", About.REASON, "Vì sao chợ nổi Cái Dương đóng cửa ban đêm?"),
    ],
)  # fmt: skip
def test_a_sentence_gives_the_question_it_answers(
    sentence: str, about: About, question: str
) -> None:
    assert suggested(sentence).get(about) == question


@pytest.mark.parametrize(
    "sentence",
    [
        "Và dài 312 mét ở phía sau.", "Trận Vân Du thắng 4-2 nhờ may mắn.", "Xe dừng tại Km 78 quốc lộ 1 ở Vân Du.",
        "Mức vùng Vân Du là 4,5% lương cơ sở 2.340.000 đồng.", "Vân Du cho hay mọi việc ổn.",
    ],
)  # fmt: skip
def test_what_does_not_stand_alone_is_not_asked(sentence: str) -> None:
    assert suggested(sentence) == {}


def test_nothing_is_asked_twice() -> None:
    told = "Cầu Vân Du dài 312 mét."
    assert suggested(told, asked="Cầu Vân Du dài bao nhiêu mét?") == {}
    assert list(suggested(told, told)) == [About.NUMBER]


def test_the_archive_answers_what_is_suggested(sample: Assistant) -> None:
    asked = [
        "Vì sao công nhân Công ty Da giày Hòa Khánh Vượng ngừng việc?",
        "Mưa lũ tháng 10/2022 ở Quảng Trị làm bao nhiêu người chết?",
    ]
    for question in asked:
        answer = sample.ask(question)
        cited = {c.article.id for c in answer.citations}
        made = sample.follow_ups(answer)
        assert made
        for suggestion in made:
            found = sample.ask(suggestion, [question])
            assert found.answered, suggestion
            assert cited & {c.article.id for c in found.citations}
