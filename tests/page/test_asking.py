"""The chat without a browser: what is shown while a question is answered, kept of it, and whose it is."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from assistant.page import acts, create_page
from assistant.page.asking import Shown, add_question, answer_turn, open_conversation
from assistant.page.filters import read_scope
from assistant.records import Records, open_records
from assistant.service import Assistant
from assistant.who import Role, Who
from corpus.errors import QuestionError, UserError

QUESTION = "Ai là Khối trưởng Khối thi đua số 4 Công đoàn CAND?"
STRIKE = "Vì sao công nhân Công ty Da giày Hòa Khánh Vượng ngừng việc?"


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return open_records(tmp_path)


def event(**data: Any) -> Any:
    """What the page's script sends."""
    return SimpleNamespace(_data=data)


def ask(
    sample: Assistant, records: Records, question: str, conversation: str = "", owner: str = "lan"
) -> tuple[str, str, list[Shown]]:
    """Ids of conversation and turn, and everything that was shown."""
    conversation, turn = add_question(records, owner, conversation, question)
    return conversation, turn, list(answer_turn(sample, records, owner, conversation, turn))


# Asking


def test_stages_come_before_the_answer_and_suggestions_after_it(
    sample: Assistant, records: Records
) -> None:
    _, _, shown = ask(sample, records, STRIKE)
    said = [step.turn for step in shown]
    assert "Đang tìm trong kho" in said[0]
    assert "Đang chọn câu" in said[2]
    assert "hb-tra-loi" in said[3] and shown[3].done and not shown[3].suggestions
    assert "Hỏi tiếp" in shown[-1].suggestions
    assert [step.done for step in shown] == [False, False, False, True, True]


def test_nobody_waits_for_suggestions_where_many_ask(sample: Assistant, records: Records) -> None:
    others = []
    for owner in ("mai", "hoa", "an"):
        conversation, turn = add_question(records, owner, "", QUESTION)
        others.append(answer_turn(sample, records, owner, conversation, turn))
        next(others[-1]), next(others[-1])  # is being answered
    _, _, shown = ask(sample, records, STRIKE)
    assert shown[-1].done and not any(step.suggestions for step in shown)
    for other in others:
        other.close()
    assert ask(sample, records, STRIKE)[2][-1].suggestions


def test_what_was_answered_comes_back_without_asking_again(
    sample: Assistant, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    id, _, shown = ask(sample, records, QUESTION)
    ask(sample, records, STRIKE, id)
    monkeypatch.setattr(Assistant, "steps", None)
    opened = open_conversation(records, "lan", id)
    assert opened.before == shown[-1].turn
    assert "400.000 đồng" in opened.last
    assert "Hỏi tiếp" in opened.suggestions
    assert opened.title == QUESTION


def test_a_follow_up_is_understood_by_the_questions_before(
    sample: Assistant, records: Records
) -> None:
    id, _, _ = ask(sample, records, QUESTION)
    _, _, shown = ask(sample, records, "Ông ấy giữ chức vụ gì?", id)
    assert f"Hiểu là: <span>{QUESTION.rstrip('?')}" in shown[-1].turn


@pytest.mark.parametrize(
    ("question", "says"), [(" ?!", "chưa nhập"), ("dài " * 2000, "quá giới hạn")]
)
def test_a_bad_question_is_not_kept(records: Records, question: str, says: str) -> None:
    with pytest.raises(QuestionError, match=says):
        add_question(records, "lan", "", question)
    assert records.conversations.listing("lan") == []


def test_what_goes_wrong_is_said_in_the_turn(assistant: Assistant, records: Records) -> None:
    *_, shown = ask(assistant, records, QUESTION)  # no index was built
    assert 'role="alert"' in shown[-1].turn
    assert shown[-1].done
    assert 'data-lam="lai"' in shown[-1].turn


def test_the_filters_limit_the_answer_and_are_told(sample: Assistant, records: Records) -> None:
    id, turn = add_question(records, "lan", "", QUESTION)
    scope = read_scope("2019", "12/2020", [])
    *_, last = answer_turn(sample, records, "lan", id, turn, scope)
    assert "Không tìm thấy trong phạm vi đã chọn" in last.turn
    assert "Chỉ tìm trong bài đăng từ 01/01/2019 đến 31/12/2020" in last.turn


def test_the_number_of_quotes_is_limited(sample: Assistant, records: Records) -> None:
    id, turn = add_question(records, "lan", "", STRIKE)
    *_, last = answer_turn(sample, records, "lan", id, turn, most=1)
    assert last.turn.count('<article class="hb-the"') == 1


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2022", "2022", ("2022-01-01", "2022-12-31")), ("2/2024", "2/2024", ("2024-02-01", "2024-02-29")),
        ("25/3/2022", "2022-04-01", ("2022-03-25", "2022-04-01")), (None, " ", ("None", "None")),
    ],
)  # fmt: skip
def test_days_are_read_as_typed(first: str | None, last: str, days: tuple[str, str]) -> None:
    scope = read_scope(first, last, None)
    assert (str(scope.first), str(scope.last)) == days


@pytest.mark.parametrize(
    "text", ["hôm qua", "31/2/2022", "13/2022", "0000", "2022-13-01", "1/1/99999"]
)
def test_what_is_no_day_is_named(text: str) -> None:
    with pytest.raises(QuestionError, match=text):
        read_scope(text, "", [])


# Using answers


def test_a_citation_opens_its_article_at_the_sentence(sample: Assistant, records: Records) -> None:
    _, turn, _ = ask(sample, records, QUESTION)
    html = acts.article(sample, records, "lan", event(luot=turn, so="1"))
    assert "<mark>Người trình bày bản dự thảo" in html
    assert "Không có dẫn chứng ấy" in acts.article(sample, records, "lan", event(luot=turn, so="9"))


def test_the_nearest_articles_open_too(sample: Assistant, records: Records) -> None:
    _, turn, _ = ask(sample, records, "Giá vé chung kết World Cup 2018 ở Mát-xcơ-va là bao nhiêu?")
    html = acts.article(sample, records, "lan", event(luot=turn, so="2"))
    assert "<dialog" in html and "<mark>" not in html and "Không mở được" not in html


def test_one_answer_or_a_conversation_is_exported(sample: Assistant, records: Records) -> None:
    id, turn, _ = ask(sample, records, QUESTION)
    ask(sample, records, STRIKE, id)
    title, answers = acts.to_export(records, "lan", event(luot=turn, dang="md"))
    assert (title, len(answers)) == (QUESTION, 1)
    title, answers = acts.to_export(records, "lan", event(id=id, dang="md"))
    assert [a.question for a in answers] == [QUESTION, STRIKE]


def test_feedback_is_kept_with_the_answers_evidence(sample: Assistant, records: Records) -> None:
    _, turn, _ = ask(sample, records, QUESTION)
    said = acts.feedback(
        records, "lan", event(luot=turn, dung=False, ly_do=["Sai nguồn"], them="Bài khác")
    )
    assert said["duoc"]
    [verdict] = records.feedback.listing()
    assert verdict.evidence[0].endswith(")")
    assert verdict.generation == sample.generation
    assert (verdict.reasons, verdict.comment) == (("Sai nguồn",), "Bài khác")


@pytest.mark.parametrize("reasons", ["Sai nguồn", [1], [["Thiếu"]], ["Khác"]])
def test_what_is_no_reason_is_refused(sample: Assistant, records: Records, reasons: Any) -> None:
    _, turn, _ = ask(sample, records, QUESTION)
    assert not acts.feedback(records, "lan", event(luot=turn, ly_do=reasons, them=""))["duoc"]
    assert records.feedback.listing() == []


@pytest.mark.parametrize("data", [{"luot": 5}, {"luot": ["a"]}, {"luot": "x" * 5000}, {}])
def test_what_no_page_sends_is_refused(sample: Assistant, records: Records, data: Any) -> None:
    assert "Không mở được" in acts.article(sample, records, "lan", event(**data))
    assert not acts.feedback(records, "lan", event(**data))["duoc"]
    with pytest.raises(UserError):
        acts.to_export(records, "lan", event(**data))


# Whose it is


@pytest.fixture
def theirs(sample: Assistant, records: Records) -> tuple[str, str]:
    """A conversation of another owner: its id and its turn's."""
    id, turn, _ = ask(sample, records, QUESTION, owner="minh")
    return id, turn


def test_nobody_reaches_what_is_anothers(
    sample: Assistant, records: Records, theirs: tuple[str, str]
) -> None:
    id, turn = theirs
    uses: list[Callable[[], Any]] = [
        lambda: open_conversation(records, "lan", id),
        lambda: add_question(records, "lan", id, "Xen vào?"),
        lambda: list(answer_turn(sample, records, "lan", id, turn)),
        lambda: acts.to_export(records, "lan", event(luot=turn)),
        lambda: acts.to_export(records, "lan", event(id=id)),
        lambda: acts.is_last(records, "lan", id, turn),
    ]
    for use in uses:
        with pytest.raises(UserError, match="Không có"):
            use()
    assert "Không có câu hỏi ấy" in acts.article(sample, records, "lan", event(luot=turn, so="1"))
    assert not acts.feedback(records, "lan", event(luot=turn, dung=True, ly_do=[], them=""))["duoc"]
    assert len(records.conversations.read("minh", id).turns) == 1


def named(page: gr.Blocks, *names: str) -> list[Callable[..., Any]]:
    """The chat's handlers of those names."""
    return [
        fn.fn
        for fn in page.fns.values()
        if fn.name in names and fn.fn.__module__ == "assistant.page.chat"
    ]


def test_the_handlers_of_the_page_take_the_owner_from_the_request(
    sample: Assistant, theirs: tuple[str, str], records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.page.chat.open_records", lambda _: records)
    page = create_page(sample)
    lan = gr.Request(request=None)
    lan.request = SimpleNamespace(state=SimpleNamespace(who=Who("lan", "Lan", Role.READER)))
    id, turn = theirs
    sent = event(id=id, luot=turn, so="1", ten="Của Lan", dang="md", dung=True, ly_do=[], them="")
    said = [str(list(fn("", event=sent, request=lan).values())) for fn in named(page, "handle")]
    assert len(said) == 5
    said += [str(fn(event=sent, request=lan)) for fn in named(page, "article", "file", "feedback")]
    [again] = named(page, "again")
    said += map(str, again(id, "", "", [], 3, event=sent, request=lan))
    [load] = named(page, "load")
    said.append(str(load(request=lan)))
    assert len(said) == 10
    assert not [what for what in said if "Trần Xuân Lịch" in what]
    before = records.conversations.read("minh", id)
    assert before.title == QUESTION
    assert len(before.turns) == 1 and before.turns[0].answer is not None
