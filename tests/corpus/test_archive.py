"""The archive as people keep it: mixed, partly broken, sometimes not there. And the sample archive."""

import os
import re
from pathlib import Path

import pytest

from corpus.archive import SAMPLE_ARCHIVE, Failure, list_files, read_file
from corpus.article import Article
from corpus.errors import ArchiveError, UserError
from corpus.passages import split_passages
from tests.conftest import Write

TEXT = "Xóm Đồi có nước máy\n\n03/04/2023\n\nSáng 3/4, 118 hộ ở xóm Đồi mở vòi nước máy đầu tiên."


def failures_of(archive: Path) -> list[Failure]:
    return [f for path in list_files(archive) for f in read_file(archive, path).failures]


def articles_of(archive: Path) -> list[Article]:
    return [a for path in list_files(archive) for a in read_file(archive, path).articles]


def test_article_files_are_listed_in_order_with_slashes(archive: Path, write: Write) -> None:
    for name in ("b.txt", "a/tin.MD", "a/Đồi/c.html", "d.htm", "e.jsonl", "a.txt", "bản tin.TXT"):
        write(name, TEXT)
    assert list_files(archive) == [
        "a.txt", "a/tin.MD", "a/Đồi/c.html", "b.txt", "bản tin.TXT", "d.htm", "e.jsonl",
    ]  # fmt: skip


def test_hidden_files_and_what_is_no_article_are_left_out(archive: Path, write: Write) -> None:
    for name in (".nháp.txt", ".git/a.txt", "~$tin.txt", "ảnh.jpg", "LICENSE", "a/.DS_Store"):
        write(name, TEXT)
    assert list_files(archive) == []


def test_an_empty_archive_has_no_files(archive: Path) -> None:
    assert list_files(archive) == []


@pytest.mark.parametrize("name", ["không có", "tệp.txt"])
def test_a_folder_that_does_not_exist_is_named(archive: Path, write: Write, name: str) -> None:
    write("tệp.txt", TEXT)
    with pytest.raises(
        ArchiveError, match=f"Không có thư mục bài viết.*{name}.*--archive"
    ) as raised:
        list_files(archive / name)
    assert isinstance(raised.value, UserError)


def test_a_folder_that_links_to_itself_is_walked_once(archive: Path, write: Write) -> None:
    write("a.txt", TEXT)
    (archive / "vòng").symlink_to(archive, target_is_directory=True)
    assert list_files(archive) == ["a.txt"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_reported(archive: Path, write: Write) -> None:
    write("khóa.txt", TEXT).chmod(0)
    assert failures_of(archive) == [Failure("khóa.txt", "không mở được tệp: không có quyền đọc")]


def test_broken_files_are_reported_by_name_and_the_others_go_on(
    archive: Path, write: Write
) -> None:
    write("1-rỗng.txt", " \n\n")
    (archive / "2-nhị-phân.txt").write_bytes(bytes(range(256)) * 40)
    (archive / "3-cụt.txt").write_bytes(TEXT.encode("utf-16")[:-1])
    write("4-trang.html", "<html><body></body></html>")
    write("5-bản-in.pdf", "%PDF-1.7")
    write("5-sách.epub", "không phải epub")
    write("6-rows.jsonl", '{"body": "Mưa to."}\n{"body"\n{"title": "Trống"}')
    (archive / "7-mất.txt").symlink_to(archive / "không có")
    write("8-tốt.txt", TEXT)
    assert [a.id for a in articles_of(archive)] == ["6-rows.jsonl#1", "8-tốt.txt"]
    found = {f.path: f.reason for f in failures_of(archive)}
    assert list(found) == [
        "1-rỗng.txt", "2-nhị-phân.txt", "3-cụt.txt", "4-trang.html", "5-bản-in.pdf", "5-sách.epub",
        "6-rows.jsonl#2", "6-rows.jsonl#3", "7-mất.txt",
    ]  # fmt: skip
    assert found["1-rỗng.txt"] == "tệp rỗng"
    assert found["3-cụt.txt"] == "tệp hỏng: không giải mã được theo utf-16"
    assert found["5-bản-in.pdf"] == "tệp PDF hỏng hoặc bị cắt cụt, không đọc được"
    assert found["5-sách.epub"] == "định dạng .epub chưa được hỗ trợ"
    assert found["6-rows.jsonl#2"] == "dòng không phải JSON hợp lệ"
    assert found["7-mất.txt"] == "không mở được tệp: tệp không còn ở đó"


def test_a_file_too_large_for_memory_is_refused_unread(
    archive: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("to.txt", TEXT)
    monkeypatch.setattr("corpus.archive.MAX_BYTES", 64)
    [failure] = failures_of(archive)
    assert failure.path == "to.txt"
    assert failure.reason.startswith("tệp lớn hơn")


@pytest.mark.skipif(os.name == "nt", reason="file names are UTF-16 there")
def test_a_file_name_that_is_no_utf8_is_reported_in_letters_that_can_be_stored(
    archive: Path,
) -> None:
    (archive / os.fsdecode(b"m\xf4i tr\xb5\xeang.txt")).write_text(TEXT, encoding="utf-8")
    assert failures_of(archive) == [
        Failure("m\ufffdi tr\ufffd\ufffdng.txt", "tên tệp không phải UTF-8; hãy đổi tên tệp")
    ]


def test_an_id_is_the_path_with_the_row(archive: Path, write: Write) -> None:
    write("a/tin.txt", TEXT)
    write("b.jsonl", '{"id": "x", "body": "Mưa to."}')
    assert [(a.id, a.path) for a in articles_of(archive)] == [
        ("a/tin.txt", "a/tin.txt"),
        ("b.jsonl#x", "b.jsonl"),
    ]


# The sample archive

SAMPLES = articles_of(SAMPLE_ARCHIVE)


def test_the_sample_archive_reads_without_a_failure() -> None:
    assert failures_of(SAMPLE_ARCHIVE) == []
    assert len(SAMPLES) >= 40
    assert len({a.id for a in SAMPLES}) == len(SAMPLES)
    assert {Path(a.path).suffix for a in SAMPLES} == {".txt", ".md", ".html", ".jsonl"}


@pytest.mark.parametrize("article", SAMPLES, ids=lambda a: a.id)
def test_a_sample_has_its_parts_and_nothing_of_the_page_around_it(article: Article) -> None:
    assert article.title and article.date and article.body
    assert article.source or article.author
    assert 150 <= len(article.text.split()) <= 500
    assert not re.search(
        r"^print$|-\s?\d$|^\W*$|^\(ANTV\)", article.text.replace("\n\n", "\n"), re.M
    )
    assert all(article.text[p.start : p.end] == p.text for p in split_passages(article))


def test_the_samples_carry_captions_and_times() -> None:
    assert sum(a.body_end < len(a.text) for a in SAMPLES) >= 10
    assert sum(a.time is not None for a in SAMPLES) >= 30


def test_the_sample_texts_are_marked_as_free() -> None:
    licence = (SAMPLE_ARCHIVE / "LICENSE").read_text(encoding="utf-8")
    assert "CC0" in licence


@pytest.mark.shared
def test_every_row_of_the_thousand_real_articles_reads(shared: Path) -> None:
    folder = shared / "data" / "news-qa-dev"
    with (folder / "articles.jsonl").open(encoding="utf-8") as file:
        rows = sum(1 for line in file if line.strip())
    content = read_file(folder, "articles.jsonl")
    assert content.failures == []
    assert len(content.articles) == rows == 1000
    assert all(a.title and a.body for a in content.articles)
