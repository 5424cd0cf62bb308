"""What the page does without a browser: its handlers, and how app.py refuses to start."""

import socket
from pathlib import Path

import pytest

from assistant.page import archive_acts
from assistant.service import Assistant
from assistant.settings import Settings
from corpus.errors import ArchiveError
from tests.conftest import Write
from tests.serving import free_port, start


def test_the_state_of_the_archive_counts_and_dates(sample: Assistant) -> None:
    status = sample.status()
    summary, panel = archive_acts.state(sample)
    assert f"{status.articles} bài" in summary
    assert f"<dd>{status.passages}</dd>" in panel
    for day in (status.first_date, status.last_date):
        shown = "/".join(reversed(day.split("-")))
        assert shown in summary
        assert shown in panel


def test_without_an_index_the_page_says_so(assistant: Assistant) -> None:
    summary, panel = archive_acts.state(assistant)
    assert summary == ""
    assert 'role="alert"' in panel


def test_a_build_tells_what_it_did_or_why_it_could_not(
    assistant: Assistant, write: Write, tmp_path: Path
) -> None:
    write("a.txt", "Khai mạc hội sách\n\nSáng 3/4, hội sách khai mạc ở công viên Thống Nhất.")
    *_, report = archive_acts.build(assistant)
    assert "thêm 1 bài" in report
    lost = Assistant(Settings(archive=tmp_path / "mất", index=tmp_path / "i"))
    *_, report = archive_acts.build(lost)
    assert "Không có thư mục bài viết" in report


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
    summary, _ = archive_acts.state(assistant)
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
