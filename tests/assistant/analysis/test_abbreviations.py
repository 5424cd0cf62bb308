"""Abbreviations both ways, from the table and from what articles explain."""

import string
from pathlib import Path

import pytest

from assistant.analysis.abbreviations import builtin, expand, glossary, mine, read_table
from corpus.errors import ArchiveError
from corpus.text import fold


def test_the_table_holds_at_least_200_well_formed_pairs() -> None:
    table = read_table()
    assert sum(map(len, table.values())) >= 200
    for short, longs in table.items():
        assert any(c.isupper() for c in short), short
        for long in longs:
            assert " " in long, (short, long)
            assert long == " ".join(long.split())
    for needed in "CAND LĐLĐ BHXH UBND HĐND THPT ĐHQG TTXVN NHNN ĐBSCL".split():
        assert needed in table


@pytest.mark.parametrize(
    ("question", "term", "also"),
    [
        ("Công đoàn CAND làm gì?", "CAND", "Công an nhân dân"), ("cong doan cand lam gi", "cand", "Công an nhân dân"),
        ("Công an nhân dân có bao nhiêu đoàn viên?", "Công an nhân dân", "CAND"), ("bhxh dong bao nhieu", "bhxh", "bảo hiểm xã hội"),
        ("lien doan lao dong tinh", "lien doan lao dong", "LĐLĐ"), ("Chủ tịch UBND TP.HCM là ai?", "TP.HCM", "Thành phố Hồ Chí Minh"),
        ("Sở GD&ĐT nói gì?", "GD&ĐT", "Giáo dục và Đào tạo"),
    ],
)  # fmt: skip
def test_both_ways(question: str, term: str, also: str) -> None:
    assert (term, also) in [(e.term, e.also) for e in expand(question, builtin())]


@pytest.mark.parametrize(
    "question", ["who is he", "ai ca hat", "Ông Cả nói gì?", "ts la gi", "Hoa hồng Đà Lạt"]
)
def test_words_are_no_abbreviations(question: str) -> None:
    assert expand(question, builtin()) == []


def test_the_longest_form_wins() -> None:
    found = expand("Công an nhân dân họp", builtin())
    assert [(e.term, e.also) for e in found] == [("Công an nhân dân", "CAND")]


MINED = [
    ("Hội Trồng rừng Nà Lếch (HTRNL) ra mắt sáng 3/4.", [("HTRNL", "Hội Trồng rừng Nà Lếch")]),
    ("Quỹ Hỗ trợ và Phát triển nghề (gọi tắt là QHTPTN) chi 2 tỷ.", [("QHTPTN", "Quỹ Hỗ trợ và Phát triển nghề")]),
    ("TLG (Tổ liên gia) số 5 họp.", [("TLG", "Tổ liên gia")]),
    ("Chủ tịch Liên hiệp Hợp tác xã Sông Lô (LHHTXSL) nói.", [("LHHTXSL", "Liên hiệp Hợp tác xã Sông Lô")]),
    ("Anh Nam (TP HCM) và chị Lan (Bộ Công Thương) gặp nhau.", []),
    ("Đội bóng thắng 3-0 (AFC) hôm qua.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "pairs"), MINED)
def test_what_an_article_explains(text: str, pairs: list[tuple[str, str]]) -> None:
    assert mine(text) == pairs


def test_mined_pairs_join_the_table_once() -> None:
    known = glossary(
        builtin().longs, [("HTRNL", "Hội Trồng rừng Nà Lếch"), ("CAND", "công an Nhân dân")]
    )
    assert known.longs["CAND"] == ("Công an nhân dân",)
    assert [e.also for e in expand("HTRNL là gì?", known)] == ["Hội Trồng rừng Nà Lếch"]
    assert [e.also for e in expand("hoi trong rung na lech", known)] == ["HTRNL"]


def test_mining_reads_any_text(capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("", "(", "(A)", "()" * 5000, string.printable, "A" * 50_000, "(" * 20_000):
        assert isinstance(mine(text), list)


def test_a_users_table_is_read_and_a_missing_one_is_named(tmp_path: Path) -> None:
    file = tmp_path / "vt.csv"
    file.write_text("viết tắt,viết đủ\nXNL, Xưởng Nà Lếch \n,\nhỏng\n", encoding="utf-8")
    assert read_table(file) == {"XNL": ("Xưởng Nà Lếch",)}
    with pytest.raises(ArchiveError, match="bảng viết tắt"):
        read_table(tmp_path / "không-có.csv")
    assert fold("Xưởng") == "xuong"
