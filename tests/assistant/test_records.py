"""What is kept of conversations and feedback: it comes back as it was, to its owner alone."""

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.records import Records, open_records
from assistant.records.database import RecordsError
from assistant.records.keeping import keep
from assistant.records.kept import Kept, KeptCitation, Part, Source, from_json, to_json
from assistant.service import Assistant
from corpus.errors import UserError

EVIL = "<img src=x onerror=alert(1)>'; DROP TABLE turns; --"
SOURCE = Source("tin/cau.txt", "Khánh thành cầu Vân Du", "Báo Sông Lạch", "2025-09-01")
CITED = KeptCitation(
    1, SOURCE, "Cầu dài 312 mét.", 10, 26, "Hôm nay. Cầu dài 312 mét.", 1, (14, 22), "An", (SOURCE,), ("dài",), ("cầu",), "gần",
)  # fmt: skip
KEPT = Kept(
    "Cầu dài bao nhiêu?", "Cầu Vân Du dài bao nhiêu?", True, 0.9, 3, "Ghi chú", (Part("Theo bài:", (1,)),), (CITED,),
    (), ("Nhận xét",), (("CAND", "Công an nhân dân"),), "nguồn ANTV", ("Ai nói?",),
)  # fmt: skip


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return open_records(tmp_path / "state")


def asked(records: Records, owner: str = "lan") -> tuple[str, str]:
    """A conversation of one answered question."""
    id = records.conversations.start(owner, KEPT.question)
    turn = records.conversations.ask(owner, id, KEPT.question)
    records.conversations.answer(owner, turn, KEPT)
    return id, turn


# What is kept


def test_an_answer_comes_back_as_it_was() -> None:
    assert from_json(to_json(KEPT)) == KEPT


@given(st.text(), st.text(), st.floats(0, 1))
def test_any_text_comes_back(question: str, quote: str, confidence: float) -> None:
    kept = replace(
        KEPT, question=question, confidence=confidence, citations=(replace(CITED, quote=quote),)
    )
    assert from_json(to_json(kept)) == kept


def test_what_is_kept_of_a_real_answer_stands_in_its_article(sample: Assistant) -> None:
    answer = sample.ask("Mưa lũ tháng 10/2022 ở Quảng Trị làm bao nhiêu người chết?")
    kept = keep(answer, sample.generation)
    assert [n for part in kept.parts for n in part.cites] == [c.n for c in kept.citations]
    for c in kept.citations:
        text = sample.article(c.article.id).text
        assert text[c.start : c.end] == c.quote
        assert text[c.passage_start :].startswith(c.passage)
        assert c.passage[c.start - c.passage_start :].startswith(c.quote)
        assert c.shared and c.near
    assert from_json(to_json(kept)) == kept


def test_what_an_abstention_said_is_kept(sample: Assistant) -> None:
    answer = sample.ask("Giá vé xem chung kết World Cup 2018 ở Mát-xcơ-va là bao nhiêu?")
    kept = keep(answer, sample.generation)
    assert kept.note.startswith("Không tìm thấy trong kho bài viết.")
    assert len(kept.nearest) == 3
    assert not kept.citations


def test_an_answer_of_another_format_can_be_asked_again(records: Records) -> None:
    id, _ = asked(records)
    with records.conversations.database.transaction() as db:
        db.execute("UPDATE turns SET answer = replace(answer, '\"format\": 1', '\"format\": 2')")
    [turn] = records.conversations.read("lan", id).turns
    assert turn.answer is None
    assert turn.question == KEPT.question


# Conversations


def test_a_conversation_keeps_its_questions_in_order(records: Records) -> None:
    id, _ = asked(records)
    for n in range(3):
        records.conversations.ask("lan", id, f"Câu {n}?")
    found = records.conversations.read("lan", id)
    assert [t.question for t in found.turns] == [KEPT.question, "Câu 0?", "Câu 1?", "Câu 2?"]
    assert [t.answer for t in found.turns] == [KEPT, None, None, None]


def test_the_last_used_is_first_and_comes_back(records: Records, tmp_path: Path) -> None:
    first, _ = asked(records)
    second, _ = asked(records)
    records.conversations.ask("lan", first, "Lại hỏi?")
    again = open_records(tmp_path / "state").conversations
    assert [e.id for e in again.listing("lan")] == [first, second]
    assert again.last("lan") == first
    assert again.last("minh") == ""


def test_a_new_name_is_kept_short_and_not_empty(records: Records) -> None:
    id, _ = asked(records)
    assert records.conversations.rename("lan", id, f"  {EVIL}\n ") == EVIL
    assert len(records.conversations.rename("lan", id, "dài " * 100)) <= 80
    with pytest.raises(RecordsError, match="không được để trống"):
        records.conversations.rename("lan", id, " \n")


def test_a_deleted_conversation_can_come_back_for_a_day(records: Records) -> None:
    id, turn = asked(records)
    assert records.conversations.delete("lan", id) == KEPT.question
    assert records.conversations.listing("lan") == []
    for use in (
        lambda: records.conversations.read("lan", id),
        lambda: records.conversations.turn("lan", turn),
        lambda: records.conversations.ask("lan", id, "Còn không?"),
        lambda: records.conversations.answer("lan", turn, KEPT),
    ):
        with pytest.raises(RecordsError):
            use()
    records.conversations.restore("lan", id)
    assert records.conversations.read("lan", id).turns[0].answer == KEPT
    records.conversations.delete("lan", id)
    with records.conversations.database.transaction() as db:
        db.execute(
            "UPDATE conversations SET deleted = '2020-01-01T00:00:00+00:00' WHERE deleted > ''"
        )
    asked(records)
    with pytest.raises(RecordsError):
        records.conversations.restore("lan", id)
    with records.conversations.database.transaction() as db:
        assert db.execute("SELECT count(*) FROM turns WHERE id = ?", (turn,)).fetchone()[0] == 0


def test_what_is_anothers_is_as_good_as_absent(records: Records) -> None:
    id, turn = asked(records, "lan")
    mine, _ = asked(records, "minh")
    for use in (
        lambda: records.conversations.read("minh", id),
        lambda: records.conversations.turn("minh", turn),
        lambda: records.conversations.ask("minh", id, "Xen vào?"),
        lambda: records.conversations.answer("minh", turn, replace(KEPT, note="sửa trộm")),
        lambda: records.conversations.rename("minh", id, "Của tôi"),
        lambda: records.conversations.delete("minh", id),
        lambda: records.conversations.restore("minh", id),
    ):
        with pytest.raises(RecordsError):
            use()
    assert [e.id for e in records.conversations.listing("minh")] == [mine]
    found = records.conversations.read("lan", id)
    assert found.title == KEPT.question
    assert [t.answer for t in found.turns] == [KEPT]


def test_many_can_ask_at_once(records: Records) -> None:
    id, _ = asked(records)
    threads = [
        threading.Thread(target=lambda: records.conversations.ask("lan", id, "Cùng lúc?"))
        for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(records.conversations.read("lan", id).turns) == 13


# Feedback


def test_feedback_has_question_evidence_and_generation(records: Records) -> None:
    _, turn = asked(records)
    records.feedback.add("lan", turn, KEPT, False, ["Sai nguồn", "Thiếu"], f" {EVIL} ")
    [verdict] = records.feedback.listing()
    assert (verdict.owner, verdict.good, verdict.comment) == ("lan", False, EVIL)
    assert verdict.reasons == ("Sai nguồn", "Thiếu")
    assert verdict.question == "Cầu Vân Du dài bao nhiêu?"
    assert verdict.evidence == ("tin/cau.txt[10:26)",)
    assert (verdict.generation, verdict.confidence) == (3, 0.9)
    assert verdict.at.endswith("+00:00")


def test_a_later_verdict_takes_the_place_of_the_earlier(records: Records) -> None:
    _, turn = asked(records)
    records.feedback.add("lan", turn, KEPT, False, [], "")
    records.feedback.add("lan", turn, KEPT, True, [], "")
    assert [v.good for v in records.feedback.listing()] == [True]
    assert records.feedback.of_turns("lan", [turn, "khác"]) == {turn: True}
    assert records.feedback.of_turns("minh", [turn]) == {}


@pytest.mark.parametrize(("reasons", "comment"), [(["Xấu"], ""), ([], "x" * 2001)])
def test_what_is_no_feedback_is_refused(records: Records, reasons: list[str], comment: str) -> None:
    with pytest.raises(RecordsError):
        records.feedback.add("lan", "luot", KEPT, False, reasons, comment)
    assert records.feedback.listing() == []


# The file


def test_a_file_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "records.sqlite3"
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(UserError, match="mới hơn"):
        open_records(tmp_path).conversations.listing("lan")
    with sqlite3.connect(file) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == 99
    db.close()


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "records.sqlite3").write_bytes(b"khong phai sqlite " * 100)
    with pytest.raises(RecordsError, match=r"records\.sqlite3"):
        open_records(tmp_path).conversations.listing("lan")


def test_others_on_the_machine_cannot_read_it(records: Records, tmp_path: Path) -> None:
    asked(records)
    assert (tmp_path / "state/records.sqlite3").stat().st_mode & 0o077 == 0
