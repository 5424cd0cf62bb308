"""A scope is applied inside both searches: a narrow one still fills its k, and an empty one changes nothing."""

import datetime as dt

import numpy as np
import pytest

from assistant.analysis.kinds import Kind
from assistant.cli import main
from assistant.respond import Asked, find
from assistant.scope import EVERYTHING, UNNAMED, Scope, known_sources
from assistant.service import Assistant
from corpus.errors import QuestionError
from embeddings.terms import Channel
from tests.conftest import Write

LAST_YEAR = Scope(dt.date(2024, 1, 1), dt.date(2024, 12, 31))
ROWS = 260  # more than the candidates that each search takes


@pytest.fixture
def crowded(assistant: Assistant, write: Write) -> Assistant:
    """An archive whose best passages for "cà phê" are all of 2020, and a few poor ones of 2024."""
    rows = [
        f'{{"id": "a{n}", "title": "Cà phê Tây Nguyên", "date": "2020-05-{1 + n % 28:02}", "source": "Báo Cũ", '
        f'"body": "Giá cà phê Tây Nguyên đợt {n} tăng, người trồng cà phê bán {n} tấn cà phê."}}'
        for n in range(ROWS)
    ]
    few = [
        f'{{"id": "b{n}", "title": "Chợ phiên {n}", "date": "2024-0{n + 1}-15", "source": "Báo Mới", '
        f'"body": "Chợ phiên vùng cao thứ {n} họp từ sáng, có bán cả cà phê và vải thổ cẩm."}}'
        for n in range(5)
    ]
    undated = ['{"id": "c", "title": "Cà phê", "body": "Một cốc cà phê không rõ ngày."}']
    write("bai.jsonl", "\n".join([*rows, *few, *undated]))
    assistant.build()
    return assistant


def test_a_narrow_scope_still_gets_its_full_k(crowded: Assistant) -> None:
    everywhere = crowded.search("giá cà phê Tây Nguyên", 20)
    assert {h.passage.article.source for h in everywhere} == {"Báo Cũ"}
    hits = crowded.search("giá cà phê Tây Nguyên", 5, LAST_YEAR)
    assert len(hits) == 5
    assert {h.passage.article.source for h in hits} == {"Báo Mới"}
    assert all(h.dense > 0 and h.terms > 0 for h in hits), "both searches found them"
    by_source = crowded.search("giá cà phê Tây Nguyên", 5, Scope(sources=("Báo Mới",)))
    assert [h.passage.id for h in by_source] == [h.passage.id for h in hits]


def test_both_searches_look_only_at_the_scope(crowded: Assistant) -> None:
    index = crowded._open()
    among = index.select(LAST_YEAR.first, LAST_YEAR.last, ())
    assert len(among) == 5
    query = index.encoder.encode_queries(["giá cà phê"])[0]
    wide, near = index.nearest(query, 1_000), index.nearest(query, 3, among)
    inside = {i: s for i, s in wide.items() if i in set(among.ids.tolist())}
    best = sorted(inside, key=lambda i: -inside[i])[:3]
    assert list(near) == best
    assert np.allclose(list(near.values()), [inside[i] for i in best], atol=1e-6)
    found = index.matching(["cà", "phê"], Channel.MARKED, 3, among)
    exact = index.terms.scores(["cà", "phê"], Channel.MARKED, among.ids.tolist())
    assert len(found) == 3 and found.items() <= exact.items()


def test_an_empty_scope_changes_no_bit(sample: Assistant) -> None:
    for query in ("mưa lũ ở Quảng Trị", "tiem vac xin soi", "who is the chairman"):
        plain, scoped = sample.search(query, 30), sample.search(query, 30, Scope())
        assert [(h.passage.id, h.score, h.dense, h.terms) for h in plain] == [
            (h.passage.id, h.score, h.dense, h.terms) for h in scoped
        ]


def test_an_undated_article_is_outside_every_scope_of_dates(crowded: Assistant) -> None:
    ids = {h.passage.article.id for h in crowded.search("một cốc cà phê", 300)}
    assert "bai.jsonl#c" in ids
    for scope in (Scope(first=dt.date(1900, 1, 1)), Scope(last=dt.date(2100, 1, 1))):
        assert "bai.jsonl#c" not in {
            h.passage.article.id for h in crowded.search("một cốc cà phê", 300, scope)
        }
    unnamed = crowded.search("một cốc cà phê", 5, Scope(sources=("",)))
    assert [h.passage.article.id for h in unnamed] == ["bai.jsonl#c"]


def test_a_scope_follows_what_a_build_changes(crowded: Assistant, write: Write) -> None:
    assert crowded.search("lúa nước", 3, Scope(sources=("Báo Lúa",))) == []
    write(
        "lua.jsonl",
        '{"title": "Lúa", "source": "Báo Lúa", "date": "2024-02-02", "body": "Lúa nước được mùa lớn."}',
    )
    crowded.build()
    assert len(crowded.search("lúa nước", 3, Scope(sources=("Báo Lúa",)))) == 1


def test_an_abstention_in_a_scope_does_not_speak_for_the_archive(sample: Assistant) -> None:
    question = "Ai là Khối trưởng Khối thi đua số 4 Công đoàn CAND?"
    assert sample.ask(question).answered
    answer = sample.ask(question, within=LAST_YEAR)
    assert not answer.answered and answer.archive.within == LAST_YEAR
    assert answer.text.startswith("Không tìm thấy trong phạm vi đã chọn.")
    assert "từ 01/01/2024 đến 31/12/2024" in answer.text
    assert "ngoài phạm vi đó kho có thể còn bài" in answer.text
    nothing = sample.ask(question, within=Scope(first=dt.date(2100, 1, 1)))
    assert not nothing.answered and "Không có bài nào trong phạm vi" in nothing.text
    assert "Kho chưa có bài nào" not in nothing.text


def test_no_more_sentences_are_cited_than_were_asked_for(sample: Assistant) -> None:
    question = "Ninh Thuận còn mấy người thổi thành thạo kèn Saranai?"
    for most in (1, 2, 3):
        assert 1 <= len(sample.ask(question, most=most).citations) <= most
    listed = "Những ai bị khởi tố trong vụ Thiên Mộc Kim?"
    assert len(sample.ask(listed, most=1).citations) <= 1


def test_a_question_in_a_scope_is_answered_from_it(sample: Assistant) -> None:
    scope = Scope(dt.date(2022, 10, 1), dt.date(2022, 10, 31))
    question, hits = find(
        sample._open(), Asked("Mưa lũ làm bao nhiêu người chết?", within=scope), 20
    )
    assert question.kind is Kind.HOW_MANY and hits
    assert {h.passage.article.date.strftime("%Y-%m") for h in hits if h.passage.article.date} == {
        "2022-10"
    }


def test_scopes_say_what_they_cover() -> None:
    assert not EVERYTHING and not str(EVERYTHING)
    assert str(LAST_YEAR) == "bài đăng từ 01/01/2024 đến 31/12/2024"
    day = dt.date(2024, 2, 3)
    assert (
        str(Scope(day, day, ("ANTV", ""))) == f"bài đăng ngày 03/02/2024, nguồn ANTV hoặc {UNNAMED}"
    )
    with pytest.raises(QuestionError, match="sau ngày kết thúc"):
        Scope(dt.date(2024, 2, 3), dt.date(2024, 2, 2))


def test_sources_are_known_without_marks_and_case() -> None:
    known = ["ANTV", "Báo Người Thợ", ""]
    assert known_sources(["antv", "bao nguoi tho", UNNAMED], known) == ("ANTV", "Báo Người Thợ", "")
    with pytest.raises(QuestionError, match=r"không có nguồn “TTX”.*ANTV; Báo Người Thợ"):
        known_sources(["TTX"], known)


def test_the_archive_lists_its_sources(crowded: Assistant) -> None:
    assert crowded.sources() == [("Báo Cũ", ROWS), ("Báo Mới", 5), ("", 1)]


def test_the_command_takes_a_scope(sample: Assistant, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--index", str(sample.settings.index)]
    assert (
        main(["search", "mưa lũ", "-k", "3", "--tu", "2022-10-01", "--den", "31/10/2022", *place])
        == 0
    )
    shown = capsys.readouterr().out
    assert "10/2022)" in shown and "2023)" not in shown
    assert main(["search", "mưa lũ", "--nguon", "ttxvn", *place]) == 0
    assert "TTXVN" in capsys.readouterr().out
    assert main(["ask", "Ai?", "--nguon", "Báo Không Có", *place]) == 1
    assert "Kho không có nguồn “Báo Không Có”" in capsys.readouterr().err
    assert main(["search", "mưa lũ", "--tu", "2100-01-01", *place]) == 0
    assert "Không có bài nào trong phạm vi" in capsys.readouterr().out


def test_a_day_or_source_set_right_moves_what_terms_find(crowded: Assistant, write: Write) -> None:
    write(
        "moi.jsonl",
        '{"id": "z", "title": "Vải thiều", "body": "Vải thiều Lục Ngạn chín sớm.", "source": "Báo Cũ", "date": "2020-01-01"}',
    )
    crowded.build()
    write(
        "moi.jsonl",
        '{"id": "z", "title": "Vải thiều", "body": "Vải thiều Lục Ngạn chín sớm.", "source": "Báo Mới", "date": "2024-06-01"}',
    )
    assert crowded.build().metadata == 1
    index = crowded._open()
    for scope, there in (
        (LAST_YEAR, 1), (Scope(sources=("Báo Mới",)), 1), (Scope(sources=("Báo Cũ",)), 0), (Scope(last=dt.date(2020, 12, 31)), 0),
    ):  # fmt: skip
        among = index.select(scope.first, scope.last, scope.sources)
        assert len(index.matching(["thiều"], Channel.MARKED, 10, among)) == there
