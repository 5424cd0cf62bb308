"""What app.py does without a browser: its handlers, and how it refuses to start."""

import re
import socket
from pathlib import Path
from typing import Any

import pytest

import app
from assistant.render import Section
from assistant.service import Assistant
from assistant.settings import Settings
from corpus.errors import ArchiveError
from tests.conftest import Write
from tests.embeddings.news import fill
from tests.serving import free_port, start

QUESTION = "Ai là Khối trưởng Khối thi đua số 4 Công đoàn CAND?"


def said(*questions: str) -> list[dict[str, Any]]:
    """A chat history as Gradio 6 hands it over."""
    history = []
    for question in questions:
        history.append({"role": "user", "content": [{"type": "text", "text": question}]})
        history.append({"role": "assistant", "content": [{"type": "component"}]})
    return history


def test_reply_links_every_quote_to_its_card(sample: Assistant) -> None:
    message, panel, kept = app.reply(sample, QUESTION, [], [])
    links = re.findall(r'href="#(dan-[^"]+)"', message.value)
    assert links
    assert all(f'id="{anchor}"' in panel for anchor in links)
    assert "Trần Xuân Lịch" in message.value
    assert [section.question for section in kept] == [QUESTION]


def test_reply_understands_a_follow_up_by_the_history(sample: Assistant) -> None:
    message, _, kept = app.reply(
        sample, "Ông ấy giữ chức vụ gì?", said(QUESTION), [Section(QUESTION)]
    )
    assert f"Hiểu là: <span>{QUESTION.rstrip('?')}" in message.value
    assert len(kept) == 2


def test_a_question_asked_again_replaces_its_evidence(sample: Assistant) -> None:
    _, _, kept = app.reply(sample, QUESTION, [], [])
    _, panel, again = app.reply(sample, QUESTION, [], kept)
    assert len(again) == 1
    assert panel.count('class="hb-dan"') == 1


def test_the_oldest_evidence_leaves_the_page_but_keeps_its_place(sample: Assistant) -> None:
    asked = [f"Câu hỏi trước số {n}" for n in range(12)]
    kept = [Section(question, "<article></article>") for question in asked]
    _, panel, kept = app.reply(sample, QUESTION, said(*asked), kept)
    assert len(kept) == 13
    assert panel.count('class="hb-dan"') == 8
    assert kept[0] == Section(asked[0])


def test_reply_says_what_is_wrong_and_the_chat_goes_on(sample: Assistant) -> None:
    message, panel, kept = app.reply(sample, "?!", said(QUESTION), [Section(QUESTION, "<p>cũ</p>")])
    assert "Bạn chưa nhập câu hỏi" in message.value
    assert "<p>cũ</p>" in panel
    assert [section.question for section in kept] == [QUESTION, "?!"]


def test_search_gives_hits_or_what_is_wrong(sample: Assistant) -> None:
    hits = app.search(sample, "quỹ nghĩa tình đoàn viên", 5)
    assert hits.count('class="hb-the"') == 5
    assert "<mark>" in hits
    assert 'role="alert"' in app.search(sample, "  ", 5)


def test_archive_state_counts_and_dates(sample: Assistant) -> None:
    status = sample.status()
    summary, panel, table = app.archive_state(sample)
    assert f"{status.articles} bài" in summary
    assert f"<dd>{status.passages}</dd>" in panel
    for day in (status.first_date, status.last_date):
        shown = "/".join(reversed(day.split("-")))
        assert shown in summary
        assert shown in panel
    assert table.count("<tr>") == status.articles + 1


def test_archive_state_without_an_index_says_so(assistant: Assistant) -> None:
    summary, panel, table = app.archive_state(assistant)
    assert (summary, table) == ("", "")
    assert 'role="alert"' in panel


def test_update_index_reports_progress_and_errors(
    assistant: Assistant, write: Write, tmp_path: Path
) -> None:
    write("a.txt", "Khai mạc hội sách\n\nSáng 3/4, hội sách khai mạc ở công viên Thống Nhất.")
    seen: list[tuple[float, str]] = []
    report = app.update_index(assistant, lambda share, desc: seen.append((share, desc)))
    assert "thêm 1 bài" in report
    assert all(0 <= share <= 1 for share, _ in seen)
    assert any("1/1" in desc for _, desc in seen)
    lost = Assistant(Settings(archive=tmp_path / "mất", index=tmp_path / "i"))
    assert "Không có thư mục bài viết" in app.update_index(lost, lambda *_, **__: None)


def test_an_update_can_be_stopped_and_says_so(assistant: Assistant, archive: Path) -> None:
    fill(archive, range(5))
    assert app.stop_update(assistant).visible is False, "nothing is running"
    stopped = app.update_index(assistant, lambda *_, **__: app.stop_update(assistant))
    assert "Đã dừng sau" in stopped
    assert "làm tiếp" in stopped
    summary, _, _ = app.archive_state(assistant)
    assert "chưa xong" in summary
    assert "Xong sau" in app.update_index(assistant, lambda *_, **__: None)


@pytest.mark.parametrize(
    ("question", "valid", "says"),
    [
        ("Ai là Khối trưởng?", True, ""),
        ("", False, "Bạn chưa nhập câu hỏi"),
        (" \n?!… ", False, "Bạn chưa nhập câu hỏi"),
        ("công đoàn " * 2000, False, "Câu hỏi dài 19.999 ký tự, quá giới hạn 2.000 ký tự."),
    ],
)
def test_check_question(question: str, valid: bool, says: str) -> None:
    verdict = app.check_question(question)
    assert verdict["is_valid"] is valid
    assert says in verdict["message"]


def test_earlier_questions_are_those_of_the_user_in_order() -> None:
    history = [
        {"role": "user", "content": "Câu một"},
        {"role": "assistant", "content": "Trả lời"},
        {
            "role": "user",
            "content": [{"type": "text", "text": "Câu"}, {"type": "text", "text": "hai"}],
        },
        {"role": "user", "content": [{"type": "file", "file": {}}]},
    ]
    assert app.earlier_questions(history) == ["Câu một", "Câu hai"]
    assert app.earlier_questions([]) == []


def test_a_port_in_use_is_said_before_anything_is_built(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refused(port, HOIBAO_INDEX=str(tmp_path / "index"))
    assert f"Không mở được cổng {port}" in said
    assert "HOIBAO_PORT" in said
    assert not (tmp_path / "index").exists()


def test_an_archive_that_does_not_exist_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "không có"
    said = refused(free_port(), HOIBAO_ARCHIVE=str(missing), HOIBAO_INDEX=str(tmp_path / "index"))
    assert f"Không có thư mục bài viết “{missing}”" in said


def test_an_archive_that_went_away_is_told_on_the_page(
    assistant: Assistant, archive: Path, write: Write
) -> None:
    file = write(
        "a.txt", "Khai mạc hội sách\n\nSáng 3/4, hội sách khai mạc ở công viên Thống Nhất."
    )
    assistant.build()
    file.unlink()
    archive.rmdir()
    summary, _, _ = app.archive_state(assistant)
    assert f"Không có thư mục bài viết “{archive}”" in summary
    with pytest.raises(ArchiveError):
        assistant.build()


def refused(port: int, **environ: str) -> str:
    """What app.py says when it will not start."""
    process = start(port, **environ)
    said, _ = process.communicate(timeout=90)
    assert process.returncode == 1
    assert "Traceback" not in said
    return said
