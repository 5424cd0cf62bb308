"""Answers on the sample archive: right article, verbatim citations, abstention."""

import datetime as dt

import pytest

from assistant.answer import cite
from assistant.choose import Choice, Quoted
from assistant.question import analyse
from assistant.service import Assistant
from assistant.wording import DISAGREE
from corpus.article import make_article
from tests.conftest import Write

# Question, the article that answers, what its sentence must hold.
ASKED = [
    ("Ai là Khối trưởng Khối thi đua số 4 Công đoàn CAND?",
     "cong-doan/2022-03-25-khoi-thi-dua-so-4.txt", "Trần Xuân Lịch"),
    ("doan phi cong doan bang bao nhieu phan tram tien luong",
     "cong-doan/2021-04-20-hoi-dap-gia-nhap-cong-doan.txt", "1%"),
    ("Ninh Thuận còn mấy người thổi thành thạo kèn Saranai?",
     "van-hoa/2022-10-26-le-hoi-kate-ninh-thuan.txt", "11 người"),
    ("Vì sao công nhân Công ty Da giày Hòa Khánh Vượng ngừng việc?",
     "cong-doan/2022-10-06-doi-thoai-ngung-viec.txt", "phụ cấp chuyên cần"),
    ("Các bị cáo vụ Thiên Mộc Kim phải bồi thường bao nhiêu tiền?",
     "cong-an/2024-08-16-xet-xu-vu-thien-moc-kim.txt", "149,8 tỷ đồng"),
    ("Hạn cuối gửi ảnh dự thi Người thợ áo xanh là ngày nào?", "thong-cao.jsonl#tc-003", "31/10/2022"),
]  # fmt: skip

UNKNOWN = [
    "Giá vé xem chung kết World Cup 2018 ở Mát-xcơ-va là bao nhiêu?",
    "Ai phát minh ra bóng đèn sợi đốt?",
    "xe buyt so 14 chay may gio",
]


@pytest.mark.parametrize(("question", "article", "holds"), ASKED)
def test_the_cited_sentence_answers(
    sample: Assistant, question: str, article: str, holds: str
) -> None:
    answer = sample.ask(question)
    assert answer.answered
    assert any(c.article.id == article and holds in c.quote for c in answer.citations)


@pytest.mark.parametrize(("question", "article", "holds"), ASKED)
def test_citations_are_verbatim_at_their_offsets_and_numbered_in_order(
    sample: Assistant, question: str, article: str, holds: str
) -> None:
    answer = sample.ask(question)
    assert [c.n for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert len(answer.citations) <= 3
    position = -1
    for c in answer.citations:
        stored = sample.article(c.article.id)
        assert stored.text[c.start : c.end] == c.quote
        assert c.end <= stored.body_end
        shown = answer.text.index(f"{c.quote} [{c.n}]")
        assert shown > position
        position = shown


@pytest.mark.parametrize("question", UNKNOWN)
def test_what_the_archive_does_not_know_is_not_answered(sample: Assistant, question: str) -> None:
    answer = sample.ask(question)
    assert not answer.answered
    assert answer.citations == []
    assert answer.text.startswith("Không tìm thấy trong kho bài viết")
    assert len(answer.nearest) == 3
    assert all(a.title in answer.text for a in answer.nearest)


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("6 tháng đầu năm 2020 Quỹ Nghĩa tình Thái Bình hỗ trợ bao nhiêu người?", "2.184"),
        ("Sáu tháng đầu năm 2021 Quỹ Nghĩa tình Thái Bình hỗ trợ bao nhiêu người?", "5.302"),
        ("Cả năm 2021 Quỹ Nghĩa tình Thái Bình hỗ trợ bao nhiêu người?", "11.480"),
        ("Năm ngoái Quỹ Nghĩa tình Thái Bình hỗ trợ bao nhiêu người?", "11.480"),
    ],
)
def test_the_figure_of_the_time_that_was_asked_for_and_of_no_other(
    sample: Assistant, question: str, figure: str
) -> None:
    first, *others = sample.ask(question, as_of=dt.date(2022, 6, 1)).citations
    assert figure in first.quote
    assert {c.article.id for c in others} <= {first.article.id}


def test_a_toll_that_rose_is_told_newest_first(sample: Assistant) -> None:
    answer = sample.ask("Mưa lũ Quảng Trị làm bao nhiêu người chết?")
    assert answer.note == DISAGREE
    assert [c.span_text.removesuffix(" chết") for c in answer.citations] == [
        "10 người",
        "9 người",
        "4 người",
    ]
    assert [str(c.article.date) for c in answer.citations] == [
        "2022-10-20",
        "2022-10-13",
        "2022-10-11",
    ]


def test_a_follow_up_stays_with_its_article(sample: Assistant) -> None:
    first = "Ai là Khối trưởng Khối thi đua số 4 Công đoàn CAND?"
    hits = sample.ask("Ông ấy trình bày dự thảo gì?", [first]).nearest
    assert hits[0].id == "cong-doan/2022-03-25-khoi-thi-dua-so-4.txt"


def test_marks_left_out_find_the_same_article(sample: Assistant) -> None:
    for marked, bare in [
        ("Trường bán trú Lũng Chinh ở Mèo Vạc", "truong ban tru lung chinh o meo vac"),
        ("Hạn mặn ở Bến Tre", "han man o ben tre"),
    ]:
        first, second = sample.search(marked, 1), sample.search(bare, 1)
        assert first[0].passage.article.id == second[0].passage.article.id


def test_an_empty_archive_says_so(assistant: Assistant) -> None:
    assistant.build()
    answer = assistant.ask("Có gì mới?")
    assert (answer.answered, answer.nearest) == (False, [])
    assert "Kho chưa có bài nào" in answer.text
    assert assistant.search("gì") == []


def test_a_score_is_never_marked_by_half(assistant: Assistant, write: Write) -> None:
    write(
        "tran.txt",
        "Chung kết xã\n\nĐội bản Hốc thắng đội bản Pù với tỉ số 3-2 sau hai hiệp chiều chủ nhật ở sân xã.\n",
    )
    assistant.build()
    (cited, *_) = assistant.ask("Đội bản Hốc thắng đội bản Pù với tỉ số bao nhiêu?").citations
    assert "3-2" in cited.span_text


CAREER = "Ông Sơn công tác 3 năm ở Hà Giang rồi 16 năm ở Lai Châu, nuôi 4 con."


@pytest.mark.parametrize(
    ("read", "marked"),
    [
        (
            "16 năm ở Lai Châu",
            "16 năm ở Lai Châu",
        ),  # one figure, the one that the rule chooses with it
        ("3 năm", "3 năm"),
        ("3 năm ở Hà Giang rồi 16 năm", "3 năm"),  # two: the rule's own span
        ("4 con", "3 năm"),  # not of the unit that is asked for
        ("", "3 năm"),
    ],
)
def test_a_figure_is_marked_where_rule_and_reader_agree(read: str, marked: str) -> None:
    article = make_article(id="a", path="a.txt", title="Chuyện bản", paragraphs=[CAREER])
    at = CAREER.find(read)
    span = (at, at + len(read)) if read else None
    quoted = Quoted(article, 0, len(CAREER), read=span)
    (cited,) = cite(analyse("Ông Sơn đi làm bao nhiêu năm?"), Choice([quoted]))
    assert cited.span_text == marked
