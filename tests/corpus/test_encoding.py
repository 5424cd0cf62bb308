"""Bytes → text: what Vietnamese editors wrote in the last thirty years, and what is no text."""

import codecs
import re
import unicodedata
from random import Random

import pytest

from corpus.encoding import _UNMARKED_SCRIPTS, decode, decode_lines
from corpus.errors import UnreadableFile

TEXT = "Công đoàn cơ sở tặng quà đoàn viên\n\nSáng nay, ông Nguyễn Văn Ứng trao 27 suất quà.\n"

# Two fonts' code tables of before Unicode: the letters of PRINTED, and what they were saved as.
PRINTED = "Hội nghị Công đoàn tổ chức tại thành phố, đại biểu thảo luận về lương"
VNI = {
    "ộ": "oä", "ị": "ò", "ô": "oâ", "đ": "ñ", "à": "aø", "ổ": "oå", "ứ": "öù", "ạ": "aï", "ố": "oá",
    "ể": "eå", "ả": "aû", "ậ": "aä", "ề": "eà", "ư": "ö", "ơ": "ô",
}  # fmt: skip
TCVN3 = {
    "ộ": "é", "ị": "Þ", "ô": "«", "đ": "®", "à": "µ", "ổ": "æ", "ứ": "ø", "ạ": "¹", "ố": "è",
    "ể": "Ó", "ả": "¶", "ậ": "Ë", "ề": "Ò", "ư": "\xad", "ơ": "¬", "á": "¸", "ó": "ã",
}  # fmt: skip


def cp1258(text: str) -> bytes:
    """Base letters the code page has, tones as combining characters, as Windows writes it."""
    kept = "".join(
        c if _has(c) else _apart(unicodedata.normalize("NFD", c))
        for c in unicodedata.normalize("NFC", text)
    )
    return kept.encode("cp1258")


def _has(letter: str) -> bool:
    try:
        letter.encode("cp1258")
    except UnicodeEncodeError:
        return False
    return True


def _apart(decomposed: str) -> str:
    """ "ệ" → "ê" and the dot below; "ứ" → "ư" and the acute."""
    tone = next(c for c in decomposed if c in "\u0300\u0301\u0303\u0309\u0323")
    return unicodedata.normalize("NFC", decomposed.replace(tone, "")) + tone


def old_font(text: str, table: dict[str, str]) -> bytes:
    return "".join(table.get(c, c) for c in text).encode("latin-1")


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8"),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        cp1258(TEXT),
    ],
    ids=["utf-8", "utf-8 BOM", "utf-16 BOM", "utf-16-le", "utf-16-be", "utf-16-be BOM", "utf-32 BOM",
         "windows-1258"],
)  # fmt: skip
def test_every_encoding_gives_the_same_text(data: bytes) -> None:
    assert decode(data) == TEXT


def test_utf8_is_kept_as_written_also_when_decomposed() -> None:
    decomposed = unicodedata.normalize("NFD", TEXT)
    assert decode(decomposed.encode("utf-8")) == decomposed != TEXT


def test_line_ends_of_all_systems_become_one() -> None:
    assert decode("một\r\nhai\rba\nbốn".encode()) == "một\nhai\nba\nbốn"


def test_plain_ascii_and_nothing_are_text() -> None:
    assert decode(b"Cong doan") == "Cong doan"
    assert decode(b"") == ""


@pytest.mark.parametrize(
    ("text", "table"),
    [(PRINTED, VNI), (PRINTED, TCVN3), ("Các cán bộ đá cả số bóng", TCVN3)],
    ids=["VNI", "TCVN3", "TCVN3 that has no foreign letter"],
)
def test_fonts_of_before_unicode_are_converted(text: str, table: dict[str, str]) -> None:
    assert decode(old_font(text, table)) == text


@pytest.mark.parametrize(
    "data",
    [b"b\xf3 m\xf9", "Crème brûlée à la française".encode("cp1252"), b"M\xfcller & S\xf6hne"],
    ids=["every table spells it", "French", "German"],
)
def test_doubt_is_refused_with_the_names_of_what_it_could_be(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"windows-1258, TCVN3 hay VNI.*UTF-8"):
        decode(data)


def test_english_with_the_quotes_of_windows_is_read() -> None:
    assert (
        decode(b"The \x93old\x94 man\x92s boat \x96 a tale\x85") == "The “old” man’s boat – a tale…"
    )


def test_marks_piled_on_one_letter_are_pared_to_what_a_reader_can_bear() -> None:
    piled = "a" + "\u0301\u0323" * 200_000 + "b"
    assert decode(piled.encode()) == "a" + "\u0301\u0323" * 15 + "b"


@pytest.mark.parametrize(
    "mark", ["\u0301", "\u064b", "\u05b0", "\u0e38", "\u20d0", "\ufe20", "\U0001d165"]
)
def test_marks_of_every_script_are_pared(mark: str) -> None:
    assert decode(f"ế{mark * 99}x".encode()) == f"ế{mark * 30}x"


def test_no_mark_stands_among_the_scripts_that_are_passed_over() -> None:
    passed = re.compile(f"[{_UNMARKED_SCRIPTS}]")
    marks = [c for c in map(chr, range(0x20000)) if unicodedata.combining(c)]
    assert marks and not any(map(passed.match, marks))


# Line by line


def test_lines_are_the_lines_of_the_whole_text() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le"):
        data = TEXT.replace("\n", "\r\n").encode(encoding)
        assert list(decode_lines(data)) == TEXT.split("\n")
    assert list(decode_lines(cp1258(TEXT))) == TEXT.split("\n")
    assert list(decode_lines(TEXT.replace("\n", "\r").encode())) == TEXT.split("\n")


def test_a_byte_that_is_no_utf8_stays_in_its_line() -> None:
    lines = list(decode_lines(TEXT.encode() + "Mưa ".encode() + b"\xff to\n"))
    assert lines == [*TEXT.split("\n")[:-1], "Mưa \udcff to", ""]


def test_a_text_whose_first_marks_come_late_is_known_by_them() -> None:
    plain = b"id,so\n" * 20_000
    assert list(decode_lines(plain + "Công".encode()))[-1] == "Công"
    assert list(decode_lines(plain + cp1258(TEXT)))[-2] == TEXT.split("\n")[2]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n" + Random(0).randbytes(4000), "nhị phân"),
        (TEXT.encode("utf-16")[:-1], "tệp hỏng: không giải mã được theo utf-16"),
        (codecs.BOM_UTF8 + b"C\xf4ng", "tệp hỏng: không giải mã được theo utf-8"),
        ("Đoàn\0viên".encode() + b"x" * 5000, "nhị phân"),
        (TEXT.encode() * 200 + b"\0", "NUL"),
        (b"\x8a\x8d\x8e \x9a\x9e", "không nhận ra bảng mã"),
        ("Съезд профсоюза в Ханое".encode("cp1251"), "không nhận ra bảng mã"),
    ],
    ids=["png", "cut utf-16", "broken utf-8", "nul", "late nul", "undefined bytes", "cyrillic"],
)
def test_what_is_no_text_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        decode(data)
