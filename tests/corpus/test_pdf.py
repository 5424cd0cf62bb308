"""PDF: lines healed into the paragraphs they were printed from; what a PDF cannot give is said."""

import datetime as dt
import io

import fpdf
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article
from corpus.errors import UnreadableFile
from corpus.readers import read
from corpus.readers.reflow import Line, heal, reflow
from tests.corpus.documents import FONT, pdf

TITLE = "Làng nghề Phú Gia dệt lại chiếu cói bằng khung gỗ của ông cha để lại từ trăm năm trước"
WORDS = (
    "làng nghề chiếu cói khung gỗ sợi đay thợ cả gia đình sân phơi mùa nắng chợ phiên bến đò "
    "thuyền hàng khách mua giá bán lời lãi học trò tay nghề bền đẹp"
).split()


def paragraph(number: int) -> str:
    """A paragraph of its own, a few lines long."""
    words = [WORDS[(number * 7 + i * (number + 3)) % len(WORDS)] for i in range(45)]
    return f"Ngày {number + 1}/6, {' '.join(words)} được {number + 11} tấm."


BODY = [paragraph(n) for n in range(24)]


def one(data: bytes) -> Article:
    content = read(data, "kho/lang-chieu.pdf")
    assert content.failures == []
    [article] = content.articles
    return article


def test_three_printed_pages_are_the_paragraphs_they_were_made_of() -> None:
    data = pdf(TITLE, ["Thứ Hai, 10/06/2024, 08:15", *BODY], head="Báo Sông Lam - số 1.204")
    assert len(pypdf.PdfReader(io.BytesIO(data)).pages) == 3
    article = one(data)
    assert article.title == TITLE
    assert (article.date, article.time) == (dt.date(2024, 6, 10), dt.time(8, 15))
    assert article.text.split("\n\n") == BODY


def test_without_heads_and_on_one_page() -> None:
    assert one(pdf(TITLE, BODY[:3])).text.split("\n\n") == BODY[:3]


def test_the_day_a_pdf_was_made_is_no_publication_date() -> None:
    assert one(pdf(TITLE, BODY[:3])).date is None


def test_a_file_locked_for_changes_alone_is_read() -> None:
    data = pdf(TITLE, BODY[:2], encrypt={"owner_password": "x", "encryption_method": "AES_128"})
    assert one(data).text.split("\n\n") == BODY[:2]


def test_a_file_with_a_password_says_so() -> None:
    data = pdf(TITLE, BODY[:2], encrypt={"owner_password": "x", "user_password": "y"})
    with pytest.raises(UnreadableFile, match="mật khẩu"):
        read(data, "a.pdf")


def scan() -> bytes:
    page = fpdf.FPDF()
    for number in range(3):
        page.add_page()
        page.rect(20, 20, 100, 50 + number)
    return bytes(page.output())


def test_a_scan_without_text_says_so() -> None:
    with pytest.raises(UnreadableFile, match=r"ảnh quét.*OCR"):
        read(scan(), "a.pdf")


def test_a_scan_with_nothing_but_page_numbers_is_still_a_scan() -> None:
    page = fpdf.FPDF()
    page.add_font("DejaVu", "", FONT)
    for number in range(3):
        page.add_page()
        page.set_font("DejaVu", size=9)
        page.cell(0, 6, "Quét bằng máy văn phòng")
        page.ln(200)
        page.cell(0, 6, f"- {number + 1} -")
    with pytest.raises(UnreadableFile, match="ảnh quét"):
        read(bytes(page.output()), "a.pdf")


@pytest.mark.parametrize("keep", [5, 100, 0.3, 0.9])
def test_a_file_cut_short_is_refused_or_read_in_part(keep: float) -> None:
    data = pdf(TITLE, BODY[:3])
    cut = data[: int(keep if keep > 1 else keep * len(data))]
    try:
        content = read(cut, "a.pdf")
    except UnreadableFile as error:
        assert "PDF" in str(error) or "tệp" in str(error)
    else:
        assert content.articles


# Healing


@pytest.mark.parametrize(
    ("lines", "healed"),
    [
        (["công đoàn cơ", "sở tặng quà"], "công đoàn cơ sở tặng quà"),
        (["đoà-", "n viên"], "đoàn viên"),
        (["thủ đô Lúc-xăm-", "bua đón khách"], "thủ đô Lúc-xăm-bua đón khách"),
        (["ở Ca-na-", "đa"], "ở Ca-na-đa"),
        (["tuyến Hà Nội-", "Lào Cai"], "tuyến Hà Nội-Lào Cai"),
        (["the informa-", "tion desk"], "the information desk"),
        (["nhiệm kỳ 2019-", "2024 kết thúc"], "nhiệm kỳ 2019-2024 kết thúc"),
        (["ông Tư -", "thợ cả - nói"], "ông Tư - thợ cả - nói"),
        (["công nhân\u00ad", "viên chức"], "công nhânviên chức"),
    ],
)
def test_hyphens_at_line_ends(lines: list[str], healed: str) -> None:
    assert heal(lines) == healed


def test_the_end_of_a_column_goes_on_in_the_next() -> None:
    left = [Line("Làng chiếu cói dệt lại bằng khung gỗ cũ", 50, 700 - 12 * i, 10) for i in range(3)]
    right = [Line("của ông cha để lại cho con cháu về sau.", 300, 700, 10)]
    assert len(reflow([left + right])) == 1


FULL = "Mùa nắng sân phơi kín sợi đay của thợ cả."


def test_a_wider_gap_begins_a_paragraph_also_after_a_full_line() -> None:
    heights = (700, 688, 676, 658, 646, 634)
    lines = [Line(FULL, 50, y, 10) for y in heights]
    assert [len(p) for p in reflow([lines])] == [3 * len(FULL) + 2] * 2


@pytest.mark.parametrize(("last", "paragraphs"), [(FULL, 2), (FULL.rstrip("."), 1)])
def test_a_page_that_ends_in_a_sentence_ends_a_paragraph(last: str, paragraphs: int) -> None:
    first = [Line(FULL[:-1], 50, 700, 10), Line(last, 50, 688, 10)]
    second = [Line(f"Chợ {FULL}", 50, 700, 10), Line("Giá vẫn cao.", 50, 688, 10)]
    assert len(reflow([first, second])) == paragraphs


def test_an_indent_begins_a_paragraph() -> None:
    lines = [
        Line("    Làng chiếu cói dệt lại bằng khung gỗ.".strip(), 60, 700, 10),
        Line("Mùa nắng sân phơi kín sợi đay của thợ cả.", 50, 688, 10),
        Line("Chợ phiên đông khách mua chiếu cói đẹp.", 60, 676, 10),
        Line("Giá bán cao gấp đôi so với năm ngoái rồi.", 50, 664, 10),
    ]
    assert len(reflow([lines])) == 2


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=200), st.integers(20, 90))
def test_every_word_survives_any_page_width(words: list[str], width: int) -> None:
    lines, line = [], ""
    for word in words:
        if len(line) + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    lines = [t for t in [*lines, line] if t]
    pages = [[Line(t, 50, 700 - 12 * i, 10) for i, t in enumerate(lines)]]
    assert " ".join(reflow(pages)).split() == words
