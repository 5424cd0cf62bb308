"""Word documents: what is title, body, table, caption and property; and text in old fonts."""

import datetime as dt

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement

from corpus.article import Article
from corpus.errors import UnreadableFile
from corpus.readers import read
from tests.corpus.documents import saved, word
from tests.corpus.hostile_packed import replaced

FIRST = "Sáng 9/4, tổ may số 3 xưởng Gò Dưa nhận 40 chiếc quạt hơi nước do công đoàn mua."
SECOND = "Nhiệt độ trong xưởng giảm 4 độ sau hai tuần lắp quạt, theo biên bản của tổ an toàn."
TITLE = "Xưởng may bớt nóng"


def one(data: bytes, path: str = "kho/quat.docx") -> Article:
    content = read(data, path)
    assert content.failures == []
    [article] = content.articles
    return article


def body(article: Article) -> list[str]:
    return article.body.split("\n\n")


def test_a_document_in_newspaper_layout() -> None:
    article = one(word(TITLE, "Thứ Ba, 09/04/2024 | 10:20 GMT+7", FIRST, SECOND, "Hà My"))
    assert (article.id, article.title, body(article)) == ("kho/quat.docx", TITLE, [FIRST, SECOND])
    assert (article.date, article.time) == (dt.date(2024, 4, 9), dt.time(10, 20))
    assert article.author == "Hà My"


def test_title_and_caption_styles() -> None:
    document = docx.Document()
    document.add_paragraph(TITLE, style="Title")
    document.add_paragraph(FIRST)
    document.add_paragraph("Quạt mới lắp ở tổ 3.", style="Caption")
    document.add_paragraph("Ảnh: Thu Hà")
    document.add_paragraph(SECOND)
    article = one(saved(document))
    assert (article.title, body(article)) == (TITLE, [FIRST, SECOND])
    assert article.text[article.body_end :].split("\n\n")[1:] == [
        "Ảnh: Thu Hà",
        "Quạt mới lắp ở tổ 3.",
    ]


def test_core_properties_are_used_where_the_text_says_nothing() -> None:
    document = docx.Document()
    document.add_paragraph(FIRST)
    document.add_paragraph(SECOND)
    document.core_properties.title = TITLE
    document.core_properties.author = "Lê Thu"
    document.core_properties.created = dt.datetime(2024, 4, 9, 20, 30)  # UTC
    article = one(saved(document))
    assert (article.title, article.author) == (TITLE, "Lê Thu")
    assert (article.date, article.time) == (dt.date(2024, 4, 10), dt.time(3, 30))


def test_a_date_line_goes_before_the_day_the_file_was_made() -> None:
    document = docx.Document()
    for text in (TITLE, "Hà Nội, ngày 5 tháng 3 năm 2021", FIRST, SECOND):
        document.add_paragraph(text)
    document.core_properties.author = "Lê Thu"
    document.core_properties.created = dt.datetime(2024, 4, 9)
    article = one(saved(document))
    assert (article.title, article.date) == (TITLE, dt.date(2021, 3, 5))
    assert body(article) == [FIRST, SECOND]


def test_what_the_template_says_of_every_document_is_no_fact() -> None:
    article = one(word(FIRST, SECOND))
    assert (article.author, article.date, article.title) == ("", None, "quat")


@pytest.mark.parametrize("title", ["Microsoft Word - quat.doc", "Document1", "Untitled"])
def test_a_title_that_word_made_up_is_none(title: str) -> None:
    document = docx.Document()
    for text in (TITLE, FIRST, SECOND):
        document.add_paragraph(text)
    document.core_properties.title = title
    assert one(saved(document)).title == TITLE


def test_a_table_of_facts_is_a_line_a_row_in_its_place() -> None:
    document = docx.Document()
    document.add_paragraph(FIRST)
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["Tổ", "Số quạt", "Tổ 3", "40"], strict=True):
        cell.text = text
    document.add_paragraph(SECOND)
    assert body(one(saved(document))) == [FIRST, "Tổ | Số quạt", "Tổ 3 | 40", SECOND]


def test_a_table_that_lays_out_the_page_is_paragraphs_and_merged_cells_count_once() -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    merged = table.cell(0, 0).merge(table.cell(0, 1))
    merged.text = FIRST
    table.cell(1, 0).text = f"{SECOND}\nQuạt chạy cả ca đêm."
    table.cell(1, 1).text = "Công nhân thấy dễ chịu hơn."
    inner = table.cell(1, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "Ca đêm", "12 giờ"
    assert body(one(saved(document))) == [
        FIRST, SECOND, "Quạt chạy cả ca đêm.", "Công nhân thấy dễ chịu hơn.", "Ca đêm | 12 giờ",
    ]  # fmt: skip


def test_links_are_text_and_deleted_or_boxed_text_is_not() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Tổ 3 ")
    for tag, text in (("w:hyperlink", "xem biên bản "), ("w:ins", "mới "), ("w:del", "cũ ")):
        holder, run = OxmlElement(tag), OxmlElement("w:r")
        piece = OxmlElement("w:delText" if tag == "w:del" else "w:t")
        piece.text = text
        run.append(piece)
        holder.append(run)
        paragraph._p.append(holder)
    box = OxmlElement("w:txbxContent")
    box.append(docx.Document().add_paragraph("Chữ trong khung")._p)
    paragraph.add_run("lắp quạt.")._r.append(box)
    assert body(one(saved(document))) == ["Tổ 3 xem biên bản mới lắp quạt."]


@pytest.mark.parametrize(
    ("typed", "font"),
    [
        ("C«ng ®oµn c¬ së tæ chøc héi nghÞ", ".VnTime"),
        ("Coâng ñoaøn cô sôû toå chöùc hoäi nghò", "VNI-Times"),
        ("Công đoàn cơ sở tổ chức hội nghị", ".VnTime"),  # Unicode, typed in an old font
        ("Công đoàn cơ sở tổ chức hội nghị", ""),
        ("C«ng ®oµn c¬ së tæ chøc héi nghÞ", "Times New Roman"),  # the font was changed, the text not
        ("Coâng ñoaøn cô sôû toå chöùc hoäi nghò", "Times New Roman"),
        ("".join(chr(ord(c) + 0xF000) if ord(c) > 160 else c for c in "C«ng ®oµn c¬ së tæ chøc héi nghÞ"), ".VnTime"),
    ],
    ids=["TCVN3", "VNI", "Unicode in .VnTime", "Unicode", "TCVN3 in Times", "VNI in Times", "private area"],
)  # fmt: skip
def test_text_of_before_unicode_is_read_as_it_was_printed(typed: str, font: str) -> None:
    [line] = body(one(word(typed, font=font)))
    assert line == "Công đoàn cơ sở tổ chức hội nghị"


def test_a_capital_font_shows_capitals() -> None:
    assert body(one(word("héi nghÞ c«ng ®oµn", font=".VnTimeH"))) == ["HỘI NGHỊ CÔNG ĐOÀN"]


def test_the_font_of_a_style_counts_too() -> None:
    document = docx.Document()
    style = document.styles.add_style("Thân bài", WD_STYLE_TYPE.PARAGRAPH)
    style.font.name = "VNI-Times"
    document.add_paragraph("Hai caùn boä", style="Thân bài")
    assert body(one(saved(document))) == ["Hai cán bộ"]


MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (word(), "không có nội dung"),
        (word(FIRST)[:3000], "cắt cụt"),
        (replaced(word(FIRST), "[Content_Types].xml", MAIN, b"application/vnd.ms-word.document.macroEnabled.main+xml"), "macro"),
        (replaced(word(FIRST), "word/document.xml", b"<w:body>", b"<w:body><hong"), "hỏng"),
        (replaced(word(FIRST), "word/document.xml", b"<w:document", b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><w:document"), "thực thể XML"),
    ],
    ids=["empty", "cut", "macros", "broken XML", "entities"],
)  # fmt: skip
def test_a_document_that_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        read(data, "a.docx")


def test_an_entity_is_never_filled_in() -> None:
    """Behind a long comment the check does not see it; the parser must not fill it in either."""
    dodge = b"<!--" + b"x" * 5000 + b"--><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>"
    data = replaced(word(FIRST), "word/document.xml", b"<w:document", dodge + b"<w:document")
    data = replaced(data, "word/document.xml", FIRST.encode(), FIRST.encode() + b"&x;")
    assert body(one(data)) == [FIRST]
