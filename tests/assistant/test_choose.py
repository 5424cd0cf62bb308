"""What an answer quotes: reading order, speakers, neighbours, several articles, disagreement."""

import datetime as dt
from collections.abc import Callable

import pytest

from assistant.answer import Answer, compose
from assistant.evidence import Evidence, Judged
from assistant.question import Question, analyse
from assistant.wording import DISAGREE, missing_line
from corpus.article import Article, make_article

Make = Callable[..., Article]


def article(
    id: str, *paragraphs: str, date: str = "2024-03-01", title: str = "Lũ ở Nà Lếch"
) -> Article:
    return make_article(
        id=id, path=id, title=title, paragraphs=list(paragraphs), date=dt.date.fromisoformat(date) if date else None
    )  # fmt: skip


def evidence(of: Article, sentence: str, score: float = 1.0) -> Evidence:
    start = of.text.index(sentence)
    return Evidence(of, start, start + len(sentence), score)


def quoting(question: Question, found: list[Evidence]) -> Answer:
    return compose(question, Judged(found, 0.9, True), [])


FLOOD = article(
    "lu.txt",
    "Trận lũ đêm 28/2 cuốn trôi cầu Nà Lếch. Ông Hà Văn Sơn là trưởng thôn. Ông huy động 30 người đi tìm. Nước rút lúc 5 giờ sáng.",
)  # fmt: skip


def test_the_answering_sentence_comes_first_and_numbers_are_as_they_appear() -> None:
    late, early = "Nước rút lúc 5 giờ sáng.", "Trận lũ đêm 28/2 cuốn trôi cầu Nà Lếch."
    answer = quoting(
        analyse("Trận lũ ra sao?"), [evidence(FLOOD, late, 1.0), evidence(FLOOD, early, 0.9)]
    )
    assert [(c.n, c.quote) for c in answer.citations] == [(1, late), (2, early)]
    assert answer.text.index("[1]") < answer.text.index("[2]")


def test_a_sentence_that_begins_with_a_pronoun_brings_the_name() -> None:
    answer = quoting(
        analyse("Ai huy động người đi tìm?"), [evidence(FLOOD, "Ông huy động 30 người đi tìm.")]
    )
    assert [c.quote for c in answer.citations] == [
        "Ông huy động 30 người đi tìm.",
        "Ông Hà Văn Sơn là trưởng thôn.",
    ]
    assert answer.citations[1].span_text == "Hà Văn Sơn"


def test_a_story_printed_twice_counts_once() -> None:
    twin = article("khac.txt", "Trận lũ đêm 28/2 cuốn trôi cầu Nà Lếch.", date="2024-03-02")
    sentence = "Trận lũ đêm 28/2 cuốn trôi cầu Nà Lếch."
    answer = quoting(
        analyse("Cầu nào bị trôi?"), [evidence(FLOOD, sentence), evidence(twin, sentence, 0.99)]
    )
    assert len(answer.citations) == 1


TOLL = [
    article("toll-1.txt", "Lũ ở Nà Lếch làm 3 người chết, nhiều nhà bị cuốn trôi.", date="2024-03-01"),
    article("toll-2.txt", "Lũ ở Nà Lếch đã làm 7 người chết, nhiều nhà bị cuốn trôi.", date="2024-03-04"),
]  # fmt: skip


def toll(*articles: Article) -> list[Evidence]:
    return [evidence(a, a.text, 1 - n / 10) for n, a in enumerate(articles)]


def test_where_articles_disagree_both_are_shown_newest_first() -> None:
    answer = quoting(analyse("Lũ ở Nà Lếch làm bao nhiêu người chết?"), toll(*TOLL))
    assert [c.span_text for c in answer.citations] == ["7 người", "3 người"]
    assert answer.text.startswith(DISAGREE)
    assert "04/03/2024" in answer.text
    assert "01/03/2024" in answer.text


@pytest.mark.parametrize(
    "other",
    [
        article("b.txt", "Lũ ở Nà Lếch làm 3 người chết.", date="2024-03-04"),  # the same figure
        article("b.txt", "Lũ ở Nà Lếch làm 12 nhà sập.", date="2024-03-04"),  # of another thing
        article("b.txt", "Lũ ở Lào Cai làm 9 người chết, nhiều nhà trôi.", date="2024-03-04", title="Lũ Lào Cai"),
        article("b.txt", "Năm 2008, lũ ở Nà Lếch làm 9 người chết.", date="2024-03-04"),
        article("b.txt", "Tai nạn xe khách trên đèo làm 9 người chết tại chỗ.", date="2024-03-04", title="Tai nạn"),
    ],
)  # fmt: skip
def test_what_is_no_disagreement(other: Article) -> None:
    first = article(
        "a.txt", "Năm 2024, lũ ở Nà Lếch, Hà Giang làm 3 người chết, nhiều nhà bị trôi."
    )
    answer = quoting(analyse("Lũ ở Nà Lếch làm bao nhiêu người chết?"), toll(first, other))
    assert answer.note != DISAGREE


SAYING = article(
    "noi.txt",
    "Ông Hà Văn Sơn cho biết: “Cả thôn sẽ dựng lại cầu”. Bà Lò Thị Mẩy nói: “Cầu gỗ không chịu được lũ, phải làm cầu sắt”.",
)  # fmt: skip


def test_only_the_asked_person_is_quoted_under_that_name() -> None:
    his, hers = (
        "Ông Hà Văn Sơn cho biết: “Cả thôn sẽ dựng lại cầu”.",
        "Bà Lò Thị Mẩy nói: “Cầu gỗ không chịu được lũ, phải làm cầu sắt”.",
    )
    found = [evidence(SAYING, hers, 1.0), evidence(SAYING, his, 0.95)]
    answer = quoting(analyse("Ông Sơn nói gì về cây cầu?"), found)
    assert [(c.quote, c.speaker) for c in answer.citations] == [(his, "Hà Văn Sơn")]
    assert answer.text.startswith("Hà Văn Sơn, theo bài “Lũ ở Nà Lếch”")
    assert answer.citations[0].span_text == "Cả thôn sẽ dựng lại cầu"
    both = quoting(analyse("Người dân nói gì về cây cầu?"), found)
    assert {c.speaker for c in both.citations} == {"Hà Văn Sơn", "Lò Thị Mẩy"}
    assert "Lò Thị Mẩy, theo bài" in both.text


def test_a_list_question_joins_several_articles() -> None:
    places = [
        article(f"{n}.txt", f"Xã {name} được cấp gạo hôm 3/3.", title=f"Cấp gạo {name}")
        for n, name in enumerate(["Nà Lếch", "Pá Vạt", "Huổi Lụ"])
    ]
    answer = quoting(
        analyse("Những xã nào được cấp gạo?"),
        [evidence(a, a.text, 1 - n / 6) for n, a in enumerate(places)],
    )
    assert [c.article.id for c in answer.citations] == ["0.txt", "1.txt", "2.txt"]
    assert answer.text.startswith("Câu trả lời nằm ở 3 bài:")


def test_an_abstention_says_what_is_missing() -> None:
    assert missing_line(("Pá Vạt",)) == "Không có bài nào nhắc đến “Pá Vạt”."
    assert missing_line(("A", "B", "C")) == "Không có bài nào nhắc đến “A”, “B” hay “C”."
    assert missing_line(()) == ""
