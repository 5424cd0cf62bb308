"""Answers as Markdown, Word and CSV: everything is in them, and nothing in them runs."""

import csv
import io
import re
from dataclasses import replace

import pytest
from docx import Document
from markdown_it import MarkdownIt

from assistant.exports import Format, export, quotation
from assistant.records.kept import Kept, KeptCitation, Part, Source
from assistant.spreadsheet import csv_bytes, safe_cell

EVIL = "<script>alert(1)</script> [bấm](javascript:alert(2)) **đậm** # =1+1 `mã` ![](x)"
SOURCE = Source(
    "tin/cau.txt",
    "Khánh thành cầu Vân Du",
    "Báo Sông Lạch",
    "2025-09-01",
    url="https://a.vn/?a=1&b=2",
)
CITED = KeptCitation(1, SOURCE, "Cầu dài 312 mét.", 10, 26, "Cầu dài 312 mét.", 10)
KEPT = Kept(
    "Cầu dài bao nhiêu?", "Cầu Vân Du dài bao nhiêu?", True, 0.9, 3, parts=(Part("Theo bài:", (1,)),), citations=(CITED,),
    within="bài đăng từ 01/01/2025",
)  # fmt: skip
UNKNOWN = Kept(
    "Ai xây?",
    "Ai xây?",
    False,
    0.1,
    3,
    note="Không tìm thấy trong kho bài viết.",
    nearest=(SOURCE,),
)
REFERENCE = "Khánh thành cầu Vân Du, Báo Sông Lạch, ngày 01/09/2025"


def hostile() -> Kept:
    source = Source("a.txt", EVIL, EVIL, "", url="javascript:alert(1)")
    cited = KeptCitation(1, source, EVIL, 0, len(EVIL), EVIL, 0)
    return replace(
        KEPT, question=EVIL, resolved=EVIL, parts=(Part(EVIL, (1,)),), citations=(cited,), note=EVIL
    )


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def text_of(data: bytes) -> str:
    return "\n".join(p.text for p in Document(io.BytesIO(data)).paragraphs)


def test_a_quotation_names_title_source_and_day() -> None:
    assert quotation(CITED) == f"“Cầu dài 312 mét.” ({REFERENCE})"
    undated = replace(CITED, article=Source("a.txt", "Không ngày", "", ""))
    assert quotation(undated) == "“Cầu dài 312 mét.” (Không ngày, không rõ ngày đăng)"


def test_markdown_has_question_quotes_and_sources() -> None:
    text = export("Cầu", [KEPT, UNKNOWN], Format.MARKDOWN).data.decode()
    plain = re.sub(r"\\(.)", r"\1", text)
    for part in (
        "# Cầu", "## Cầu dài bao nhiêu?", "Hiểu là: Cầu Vân Du dài bao nhiêu?", "Chỉ tìm trong: bài đăng từ 01/01/2025",
        "> Cầu dài 312 mét. [1]", "Độ tin cậy: cao", REFERENCE, "tin/cau.txt, ký tự 10–26", "Không tìm thấy trong kho",
    ):  # fmt: skip
        assert part in plain


def test_markdown_shows_hostile_text_as_printed() -> None:
    text = export(EVIL, [hostile()], Format.MARKDOWN).data.decode()
    html = MarkdownIt("commonmark", {"html": True}).render(text)
    assert not re.search(r"<(script|a|img|strong|code|em)\b", html)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; [bấm](javascript:alert(2)) **đậm**" in html


def test_markdown_lines_of_a_question_stay_one_line() -> None:
    text = export("t", [replace(KEPT, question="Một\n# Hai\n- ba")], Format.MARKDOWN).data.decode()
    assert MarkdownIt().render(text).count("<h1>") == 1
    assert "<li>ba" not in MarkdownIt().render(text)


def test_word_has_question_quotes_and_sources() -> None:
    made = export("Cầu", [KEPT, UNKNOWN], Format.WORD)
    text = text_of(made.data)
    for part in (
        "Cầu dài bao nhiêu?",
        "Cầu dài 312 mét. [1]",
        f"“Cầu dài 312 mét.” ({REFERENCE};",
        "Không tìm thấy",
    ):
        assert part in text
    assert made.name == "hoi-bao-cau.docx"


def test_word_takes_any_text() -> None:
    evil = EVIL + "\x00\x0b\ufffe\ud800"
    assert EVIL in text_of(export(evil, [replace(hostile(), question=evil)], Format.WORD).data)


def test_csv_has_a_row_for_each_citation() -> None:
    data = export("Cầu", [KEPT, UNKNOWN], Format.CSV).data
    assert data.startswith(b"\xef\xbb\xbf")
    first, second = rows(data)
    assert first["Câu trích"] == "Cầu dài 312 mét."
    assert first["Ngày đăng"] == "01/09/2025"
    assert first["Dòng dẫn"] == quotation(CITED)
    assert (first["Từ ký tự"], first["Đến ký tự"]) == ("10", "26")
    assert second["Câu trích"] == "Không tìm thấy trong kho bài viết."


@pytest.mark.parametrize(
    "cell", ["=1+1", "+84", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "＝1+1"]
)
def test_no_cell_is_a_formula(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"
    [row] = rows(csv_bytes(["a"], [[cell]]))
    assert row["a"].startswith("'")


@pytest.mark.parametrize("cell", ["Cầu = 312 mét", "3-5 người", "", -4, 12.5])
def test_plain_cells_stay_as_they_are(cell: object) -> None:
    assert safe_cell(cell) == cell


@pytest.mark.parametrize(
    ("title", "name"),
    [("Ai là Khối trưởng?", "hoi-bao-ai-la-khoi-truong.md"), ("../../etc/passwd", "hoi-bao-etc-passwd.md"), ("???", "hoi-bao-tra-loi.md")],
)  # fmt: skip
def test_a_file_is_named_by_what_was_asked(title: str, name: str) -> None:
    assert export(title, [KEPT], Format.MARKDOWN).name == name
