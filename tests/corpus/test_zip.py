"""Zip files: each article inside by its name there, and nothing but names taken from it."""

import io
import zipfile

import pytest

from corpus.archive import Failure
from corpus.errors import UnreadableFile
from corpus.readers import read
from tests.corpus.documents import word, zipped

TEXT = "Bến đò mở lại\n\n03/04/2023\n\nSáng 3/4, bến đò Vàm Xáng chở chuyến khách đầu tiên."
BODY = "Sáng 3/4, bến đò Vàm Xáng chở chuyến khách đầu tiên."


def test_articles_of_every_format_by_their_names_inside() -> None:
    data = zipped(
        {
            "2023/bến-đò.txt": TEXT.encode(),
            "2023/": b"",
            "bảng.csv": f"title,body\nĐò,{BODY.replace(',', '')}\nLỗi,\n".encode(),
            "đơn.docx": word("Bến đò mở lại", BODY, BODY),
            "trống.txt": b" ",
            "ảnh.jpg": b"\xff\xd8\xff",
            ".ẩn.txt": TEXT.encode(),
            "__MACOSX/2023/bến-đò.txt": b"\0\1",
        }
    )
    content = read(data, "kho/gửi.zip")
    assert [(a.id, a.path, a.title) for a in content.articles] == [
        ("kho/gửi.zip!/2023/bến-đò.txt", "kho/gửi.zip", "Bến đò mở lại"),
        ("kho/gửi.zip!/bảng.csv#2", "kho/gửi.zip", "Đò"),
        ("kho/gửi.zip!/đơn.docx", "kho/gửi.zip", "Bến đò mở lại"),
    ]
    assert content.failures == [
        Failure("kho/gửi.zip!/bảng.csv#3", "bài không có nội dung (thiếu body và abstract)"),
        Failure("kho/gửi.zip!/trống.txt", "tệp rỗng"),
    ]


@pytest.mark.parametrize(
    "name",
    ["../../etc/tin.txt", "/etc/tin.txt", "C:\\etc\\tin.txt", "etc/./../etc//tin.txt", "..\\etc/tin.txt"],
)  # fmt: skip
def test_a_name_that_climbs_out_is_a_name_and_no_path(name: str) -> None:
    [article] = read(zipped({name: TEXT.encode()}), "a.zip").articles
    assert article.id in ("a.zip!/etc/tin.txt", "a.zip!/etc/etc/tin.txt")


def test_two_entries_of_one_name_are_not_one_article() -> None:
    content = read(zipped({"a.txt": TEXT.encode(), "/a.txt": TEXT.encode()}), "a.zip")
    assert [a.id for a in content.articles] == ["a.zip!/a.txt"]
    assert "trùng tên" in content.failures[0].reason


def test_a_zip_inside_a_zip_is_refused_and_the_rest_read() -> None:
    inner = zipped({"a.txt": TEXT.encode()})
    content = read(zipped({"a.zip": inner, "b.txt": TEXT.encode(), "c.txt": inner}), "a.zip")
    assert [a.id for a in content.articles] == ["a.zip!/b.txt"]
    reason = "tệp nén nằm trong tệp nén; hãy giải nén ra trước"
    assert content.failures == [Failure("a.zip!/a.zip", reason), Failure("a.zip!/c.txt", reason)]


def locked(data: bytes, count: int = 99) -> bytes:
    """``data`` with the flag of a password on its first entries."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        offsets = [e.header_offset for e in packed.infolist()]
    changed, start = bytearray(data), 0
    for offset in offsets[:count]:
        changed[offset + 6] |= 1
        start = data.index(b"PK\x01\x02", start) + 8
        changed[start] |= 1
    return bytes(changed)


def test_a_password_is_said() -> None:
    data = zipped({"a.txt": TEXT.encode(), "b.txt": TEXT.encode()})
    with pytest.raises(UnreadableFile, match="mật khẩu"):
        read(locked(data), "a.zip")
    content = read(locked(data, 1), "a.zip")
    assert [a.id for a in content.articles] == ["a.zip!/b.txt"]
    assert "mật khẩu" in content.failures[0].reason


@pytest.mark.parametrize("encoding", ["utf-8", "cp1258"])
def test_names_written_without_the_unicode_flag(encoding: str) -> None:
    """macOS writes UTF-8 without saying so, Windows the code page of the country."""
    name = "bến đò.txt" if encoding == "utf-8" else "Công an.txt"
    raw = name.encode(encoding)
    data = zipped({"x" * len(raw): TEXT.encode()}).replace(b"x" * len(raw), raw)
    # The suffix must survive as such for the entry to be wanted.
    assert [a.id for a in read(data, "a.zip").articles] == [f"a.zip!/{name}"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zipped({"a.jpg": b"\xff\xd8"}), "không có bài viết"),
        (zipped({}), "hỏng|không có"),
        (zipped({"a.txt": TEXT.encode()})[:60], "cắt cụt"),
        (zipped({"a.txt": b"a" * 40_000_000}), "tỉ lệ nén bất thường"),
        (zipped({f"{n}.txt": b"" for n in range(20_001)}, zipfile.ZIP_STORED), "20000 mục"),
    ],
    ids=["nothing to read", "empty", "cut", "bomb", "too many"],
)
def test_a_zip_that_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        read(data, "a.zip")
