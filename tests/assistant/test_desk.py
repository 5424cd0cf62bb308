"""The archive's files: what is taken in, put right, taken away and brought back."""

import datetime as dt
import errno
import json
import os
from pathlib import Path

import pytest

from assistant import desk as desks
from assistant.desk import ADDED, Desk
from assistant.service import Assistant
from assistant.settings import Settings
from corpus.archive import SAMPLE_ARCHIVE, read_file
from corpus.edits import sidecar
from corpus.errors import ArchiveError
from tests.conftest import Write

STORY = "Cầu Vân Du\n\nThứ Hai, 01/09/2025\n\nCầu Vân Du dài 312 mét được khánh thành sáng nay.\n"
TABLE = "title,body,date,source\nBài một,Lúa gạo xuất khẩu tăng mạnh.,2024-01-02,Báo A\nBài hai,Cà phê được giá.,2024-02-03,\n"


@pytest.fixture
def desk(assistant: Assistant) -> Desk:
    return assistant.desk


def files(archive: Path) -> list[str]:
    return sorted(f.relative_to(archive).as_posix() for f in archive.rglob("*") if f.is_file())


def test_an_uploaded_file_is_read_and_kept(desk: Desk, archive: Path, assistant: Assistant) -> None:
    added = desk.add("Cầu mới.TXT", STORY.encode())
    assert added.path == f"{ADDED}/Cầu mới.txt" and not added.failures
    assert [a.title for a in added.articles] == ["Cầu Vân Du"]
    assert (archive / added.path).read_bytes() == STORY.encode()
    assistant.build()
    assert assistant.ask("Cầu Vân Du dài bao nhiêu mét?").answered


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/cron.d/tin.txt", "tin.txt"),
        ("..\\..\\tin.txt", "tin.txt"),
        ("/tin.txt", "tin.txt"),
        (".an.txt", "an.txt"),
        ("con.txt", "con_.txt"),
        ("a\x00b\n<c>\u202etxt.md", "a b c txt.md"),
        ("tin.txt.", "tin.txt"),
    ],
)
def test_no_name_leads_out_of_the_folder(desk: Desk, archive: Path, name: str, kept: str) -> None:
    assert desk.add(name, STORY.encode()).path == f"{ADDED}/{kept}"
    assert files(archive) == [f"{ADDED}/{kept}"]
    assert files(archive.parent) == [f"{archive.name}/{ADDED}/{kept}"]


def test_a_long_name_is_cut_between_characters(desk: Desk) -> None:
    path = desk.add("Ấ" * 300 + ".txt", STORY.encode()).path
    assert len(Path(path).name.encode()) < 255 and Path(path).stem == "Ấ" * 60


def test_nothing_is_overwritten(desk: Desk, archive: Path) -> None:
    paths = [desk.add("tin.txt", STORY.replace("312", str(n)).encode()).path for n in range(3)]
    assert paths == [f"{ADDED}/tin.txt", f"{ADDED}/tin (2).txt", f"{ADDED}/tin (3).txt"]
    assert "dài 0 mét" in (archive / paths[0]).read_text(encoding="utf-8")


def test_nothing_is_overwritten_where_there_are_no_hard_links(
    desk: Desk, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links")

    monkeypatch.setattr(os, "link", refuse)
    paths = [desk.add("tin.txt", STORY.encode()).path for _ in range(2)]
    assert paths == [f"{ADDED}/tin.txt", f"{ADDED}/tin (2).txt"]
    assert files(archive) == sorted(paths), "no partial file is left"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("virus.exe", b"MZ", "chỉ nhận các tệp"),
        ("cu.doc", b"x", "chỉ nhận các tệp"),
        ("", b"x", "chỉ nhận các tệp"),
        ("rong.txt", b"  \n", "tệp rỗng"),
        ("hong.docx", b"PK\x03\x04 nothing", "hỏng"),
        ("anh.pdf", b"\x89PNG....", "ảnh"),
        ("bang.csv", b"a,b\n1,2\n", "không thấy cột nội dung"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(
    desk: Desk, archive: Path, name: str, data: bytes, reason: str
) -> None:
    with pytest.raises(ArchiveError, match=reason):
        desk.add(name, data)
    assert files(archive) == []


def test_a_file_that_is_too_large_is_refused(
    desk: Desk, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "MAX_UPLOAD", 2**20)
    with pytest.raises(ArchiveError, match="lớn hơn 1 MB"):
        desk.add("to.txt", b"a" * (2**20 + 1))
    assert files(archive) == []


def test_rows_that_failed_are_named_by_where_they_are_now(desk: Desk) -> None:
    added = desk.add("bang.csv", b"title,body\nMot,Noi dung bai mot.\nHai,\n")
    assert len(added.articles) == 1
    assert [f.path for f in added.failures] == [f"{ADDED}/bang.csv#3"]


def test_a_pasted_article_comes_back_word_for_word(
    desk: Desk, archive: Path, assistant: Assistant
) -> None:
    lines = [
        "1. Gạo – tăng *10%*",
        "# không phải đề mục",
        "Ông nói: “Giá <b>cao</b> & [ổn](x)”",
        "    thụt đầu dòng",
    ]
    added = desk.paste("Giá gạo: “kỷ lục”", "\n".join(lines), dt.date(2024, 3, 5), "Báo: A")
    assert added.path == f"{ADDED}/2024-03-05-Giá gạo “kỷ lục”.md"
    [article] = read_file(archive, added.path).articles
    assert article.text == "\n\n".join(line.strip() for line in lines)
    assert (article.title, article.date, article.source) == (
        "Giá gạo: “kỷ lục”",
        dt.date(2024, 3, 5),
        "Báo: A",
    )
    for title, text in (("", "x"), ("x", " \n"), ("x" * 501, "y")):
        with pytest.raises(ArchiveError):
            desk.paste(title, text)


def test_metadata_is_put_right_without_touching_the_file(
    desk: Desk, archive: Path, assistant: Assistant, write: Write
) -> None:
    file = write("tin/cau.txt", STORY)
    assistant.build()
    desk.edit("tin/cau.txt", title="Cầu Vân Du thông xe", date="2/9/2025", source="Báo Sông Lạch")
    assert file.read_text(encoding="utf-8") == STORY
    report = assistant.build()
    assert (report.changed, report.added, report.removed) == (1, 0, 0)
    article = assistant.article("tin/cau.txt")
    assert (article.title, article.date, article.source) == (
        "Cầu Vân Du thông xe", dt.date(2025, 9, 2), "Báo Sông Lạch",
    )  # fmt: skip
    assert assistant.build().changes == [], "and is the same at the next build"
    assistant.build(full=True)
    assert assistant.article("tin/cau.txt").source == "Báo Sông Lạch", "it outlives a rebuild"
    desk.edit("tin/cau.txt", date="")
    assistant.build()
    assert assistant.article("tin/cau.txt").date is None
    assert assistant.article("tin/cau.txt").title == "Cầu Vân Du thông xe"
    desk.reset("tin/cau.txt")
    assert not desk.is_edited("tin/cau.txt") and not sidecar(file).exists()
    assistant.build()
    assert assistant.article("tin/cau.txt").title == "Cầu Vân Du"
    assert assistant.article("tin/cau.txt").date == dt.date(2025, 9, 1)


def test_what_the_file_says_itself_needs_no_correction(desk: Desk, write: Write) -> None:
    file = write("cau.txt", STORY)
    desk.edit("cau.txt", title="Cầu Vân Du", date="01/09/2025", source="")
    assert not sidecar(file).exists()


def test_a_change_of_source_alone_embeds_nothing(
    desk: Desk, assistant: Assistant, write: Write
) -> None:
    write("cau.txt", STORY)
    assistant.build()
    desk.edit("cau.txt", source="Báo A")
    assert assistant.status().stale_files == ["cau.txt"]
    report = assistant.build()
    assert (report.metadata, report.changed, report.embedded) == (1, 0, 0)


def test_a_row_is_put_right_and_a_correction_does_not_slip_to_another(
    desk: Desk, archive: Path, assistant: Assistant, write: Write
) -> None:
    file = write("bang.csv", TABLE)
    desk.edit("bang.csv#3", source="Báo B")
    assistant.build()
    assert assistant.article("bang.csv#3").source == "Báo B"
    head, rest = TABLE.split("\n", 1)
    file.write_text(f"{head}\nBài mới,Một bài chen vào giữa.,,\n{rest}", encoding="utf-8")
    report = assistant.build()
    assert assistant.article("bang.csv#3").source == "Báo A", (
        "the row that stands there now is another"
    )
    assert ["không còn khớp" in f.reason for f in report.failures if f.path == "bang.csv#3"] == [
        True
    ]


def test_a_damaged_correction_is_told_and_costs_nothing_else(archive: Path, write: Write) -> None:
    file = write("cau.txt", STORY)
    for text in (
        "{",
        "[]",
        '{"": {"date": "31/12"}}',
        '{"": {"title": 5}}',
        '{"": {"title": "' + "x" * 501 + '"}}',
    ):
        sidecar(file).parent.mkdir(exist_ok=True)
        sidecar(file).write_text(text, encoding="utf-8")
        content = read_file(archive, "cau.txt")
        assert content.articles[0].title == "Cầu Vân Du"
        assert "bị hỏng" in content.failures[0].reason


def test_a_deleted_file_can_be_taken_back(
    desk: Desk, archive: Path, assistant: Assistant, write: Write
) -> None:
    file = write("tin/cau.txt", STORY)
    write("khac.txt", "Tin khác\n\nMột tin khác trong ngày.\n")
    desk.edit("tin/cau.txt", source="Báo A")
    assistant.build()
    removed = desk.delete("tin/cau.txt")
    assert (removed.path, removed.title) == ("tin/cau.txt", "Cầu Vân Du")
    assert not file.exists() and not sidecar(file).exists()
    assert desk.removed() == [removed]
    assert assistant.article("tin/cau.txt"), "the index follows with the next build"
    assert assistant.build().removed == 1
    assert desk.undo(removed.token) == "tin/cau.txt"
    assert file.read_text(encoding="utf-8") == STORY
    assistant.build()
    assert assistant.article("tin/cau.txt").source == "Báo A"
    assert desk.removed() == []
    with pytest.raises(ArchiveError, match="thùng rác"):
        desk.undo(removed.token)


def test_taking_back_overwrites_nothing(desk: Desk, archive: Path, write: Write) -> None:
    write("cau.txt", STORY)
    removed = desk.delete("cau.txt")
    write("cau.txt", "Bài khác\n\nNội dung khác hẳn.\n")
    assert desk.undo(removed.token) == "cau (2).txt"
    assert (archive / "cau (2).txt").read_text(encoding="utf-8") == STORY
    assert "Nội dung khác hẳn" in (archive / "cau.txt").read_text(encoding="utf-8")


def test_a_trash_on_another_disk_takes_files_too(
    desk: Desk, archive: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, rename = write("cau.txt", STORY), Path.rename

    def across(self: Path, target: Path) -> Path:
        if self == file:
            raise OSError(errno.EXDEV, "another device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", across)
    removed = desk.delete("cau.txt")
    assert not file.exists()
    desk.undo(removed.token)
    assert file.read_text(encoding="utf-8") == STORY


def test_a_row_is_not_deleted_alone(desk: Desk, archive: Path, write: Write) -> None:
    write("bang.csv", TABLE)
    with pytest.raises(ArchiveError, match=r"bang\.csv” cùng 1 bài khác"):
        desk.delete("bang.csv#3")
    assert files(archive) == ["bang.csv"]
    assert desk.delete("bang.csv#3", whole_file=True).path == "bang.csv"
    assert files(archive) == []


@pytest.mark.parametrize(
    "token", ["", "..", "../../x", "20260101-000000000000-00000000", "a/b", "\0"]
)
def test_only_tokens_of_the_trash_give_something_back(desk: Desk, token: str) -> None:
    with pytest.raises(ArchiveError, match="thùng rác"):
        desk.undo(token)


@pytest.mark.parametrize(
    "id",
    [
        "../ngoai.txt",
        "tin/../../ngoai.txt",
        "/etc/hostname",
        "",
        "khong-co.txt",
        "x" * 5_000,
        "a\0b",
    ],
)
def test_no_id_leads_out_of_the_archive(desk: Desk, archive: Path, id: str) -> None:
    outside = archive.parent / "ngoai.txt"
    outside.write_text(STORY, encoding="utf-8")
    (archive / "tin").mkdir()
    for act in (desk.delete, desk.reset, lambda i: desk.edit(i, title="x")):
        with pytest.raises(ArchiveError):
            act(id)
    assert outside.read_text(encoding="utf-8") == STORY


def test_links_are_not_followed(desk: Desk, archive: Path, tmp_path: Path) -> None:
    outside = tmp_path / "ngoai"
    outside.mkdir()
    (outside / "a.txt").write_text(STORY, encoding="utf-8")
    (archive / "lien.txt").symlink_to(outside / "a.txt")
    (archive / "thu-muc").symlink_to(outside, target_is_directory=True)
    for id in ("lien.txt", "thu-muc/a.txt"):
        for act in (desk.delete, lambda i: desk.edit(i, title="Sửa")):
            with pytest.raises(ArchiveError, match="liên kết"):
                act(id)
    (archive / ADDED).symlink_to(outside, target_is_directory=True)
    with pytest.raises(ArchiveError, match="liên kết"):
        desk.add("tin.txt", STORY.encode())
    assert files(outside) == ["a.txt"]


def test_the_sample_archive_is_not_changed(tmp_path: Path) -> None:
    sample = Desk(Settings(archive=SAMPLE_ARCHIVE, index=tmp_path / "index"))
    for act in (
        lambda: sample.add("a.txt", STORY.encode()),
        lambda: sample.delete("thong-cao.jsonl"),
    ):
        with pytest.raises(ArchiveError, match="kho mẫu"):
            act()


def test_the_sidecar_can_be_read_by_people(desk: Desk, write: Write) -> None:
    file = write("cau.txt", STORY)
    desk.edit("cau.txt", title="Tiêu đề mới")
    assert json.loads(sidecar(file).read_text(encoding="utf-8"))[""]["title"] == "Tiêu đề mới"
    assert "Tiêu đề mới" in sidecar(file).read_text(encoding="utf-8"), "no \\u escapes"
