"""Every handler of the archive that changes something stops a reader in the server, whatever the page shows."""

import inspect
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.desk import Desk
from assistant.page import archive_acts, create_page
from assistant.service import Assistant
from assistant.who import Role, Who
from tests.conftest import Write

CHANGING = {"sua", "luu", "goc", "xoa", "xoa_tep", "tra_lai", "tep", "dan", "dung", "ngung"}
READING = {"xem", "doc", "ban_do"}
ASKED = {
    "id": "cau.txt", "nhan_de": "Đã sửa", "ngay": "1/1/2020", "nguon": "", "noi_dung": "Nội dung mới.",
    "ten": ["a.txt"], "tep": ["/etc/hostname"],
}  # fmt: skip


def request(role: Role) -> Any:
    return SimpleNamespace(state=SimpleNamespace(who=Who("an", "An", role)))


def handlers(assistant: Assistant) -> dict[str, Any]:
    """The function behind each event of the archive's bus."""
    page = create_page(assistant)
    found = {}
    for function in page.fns.values():
        for _, event in function.targets:
            if event in CHANGING | READING and "archive" in function.fn.__module__:
                found[event] = function.fn
    return found


def call(handler: Any, role: Role, **data: object) -> str:
    """What the handler answers, as text."""
    given: dict[str, Any] = {}
    for name in inspect.signature(handler).parameters:
        given[name] = request(role) if name == "request" else SimpleNamespace(_data=ASKED | data)
    result = handler(**given)
    return str(list(result)) if inspect.isgenerator(result) else str(result)


@pytest.fixture
def built(assistant: Assistant, write: Write) -> Assistant:
    write("cau.txt", "Cầu Vân Du\n\nCầu Vân Du dài 312 mét.\n")
    assistant.build()
    return assistant


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(f): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def test_a_reader_changes_nothing(built: Assistant, archive: Path) -> None:
    found, before = handlers(built), snapshot(archive)
    assert found.keys() == CHANGING | READING
    generation = built.generation
    for name in sorted(CHANGING):
        said = call(found[name], Role.READER, ma="20260101-000000000000-00000000")
        assert "chỉ được hỏi và đọc" in said, name
    assert snapshot(archive) == before and built.generation == generation
    assert not built.desk.removed()


def test_a_reader_reads(built: Assistant) -> None:
    found = handlers(built)
    listed = call(found["xem"], Role.READER, chu="", nguon=[])
    assert "Cầu Vân Du" in listed and 'data-kho="xoa"' not in listed
    assert "312 mét" in call(found["doc"], Role.READER)
    assert 'data-kho="xoa"' in call(found["xem"], Role.EDITOR, chu="", nguon=[])


def test_an_editor_changes(built: Assistant, archive: Path) -> None:
    found = handlers(built)
    assert "Đã ghi thông tin" in call(found["luu"], Role.EDITOR)
    assert "Đã thêm" in call(found["dan"], Role.EDITOR)
    assert "thêm 1 bài" in call(found["dung"], Role.EDITOR)
    assert built.article("cau.txt").title == "Đã sửa"
    assert "vào thùng rác" in call(found["xoa"], Role.EDITOR)


def test_only_gradios_own_uploads_are_opened(
    built: Assistant, tmp_path: Path, archive: Path
) -> None:
    outside, uploads = tmp_path / "bi-mat.txt", tmp_path / "gradio"
    outside.write_text("Mật khẩu\n\nKhông được vào kho.\n", encoding="utf-8")
    uploads.mkdir()
    (uploads / "lien.txt").symlink_to(outside)
    for path in (
        str(outside),
        f"{uploads}/../bi-mat.txt",
        f"{uploads}/lien.txt",
        str(uploads),
        "\0",
        "",
    ):
        event = SimpleNamespace(_data={"ten": ["a.txt"], "tep": [path]})
        said = list(archive_acts.upload(built, event, uploads))[-1]
        assert "Yêu cầu không hợp lệ" in said
    assert outside.exists() and sorted(f.name for f in archive.iterdir()) == ["cau.txt"]
    good = uploads / "abc" / "x"
    good.parent.mkdir()
    good.write_text("Tin\n\nMột tin được tải lên.\n", encoding="utf-8")
    event = SimpleNamespace(_data={"ten": ["tin.txt"], "tep": [str(good)]})
    assert "Đã thêm" in list(archive_acts.upload(built, event, uploads))[-1]
    assert not good.exists(), "the upload does not lie about"


@pytest.mark.parametrize(
    "data",
    [
        {"ten": "a"},
        {"ten": [1], "tep": ["x"]},
        {"ten": ["a", "b"], "tep": ["x"]},
        {"id": 5},
        {"id": "x" * 5000},
    ],
)
def test_nonsense_from_a_browser_is_refused(built: Assistant, data: dict[str, object]) -> None:
    found = handlers(built)
    name = "tep" if "ten" in data else "xoa"
    assert "không hợp lệ" in call(found[name], Role.EDITOR, **data)


def test_a_desk_says_why_a_folder_is_not_there(built: Assistant, archive: Path) -> None:
    archive.rename(archive.with_name("khac"))
    assert "Không có thư mục" in Desk(built.settings).why_not()
