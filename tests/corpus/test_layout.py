"""The newspaper layout: each line of a saved page goes to its place, and what is unknown is body."""

import datetime as dt
import unicodedata
from pathlib import Path

import pytest

from corpus.archive import read_file
from corpus.layout import Layout, parse_layout

LEAD = "Sáng 24/5, công đoàn bến xe trao 35 suất quà cho tài xế nghỉ hưu."
MORE = "Mỗi suất gồm gạo, dầu ăn và một phong bì."

DATE_BELOW_TITLE = f"""Tài xế già được tặng quà

Thứ Ba, 24/05/2022, 16:05

{LEAD}

Tài xế già được tặng quà -0
Ông Bảy nhận quà ở phòng chờ số 2.

{MORE}

Tài xế già được tặng quà -0
Ông Bảy nhận quà ở phòng chờ số 2.

Q.Thảo
.
."""

DATE_ABOVE_TITLE = f"""Cập nhật: 07:30, Thứ 4, 25/05/2022

print

Tài xế già được tặng quà

(ANTV) - {LEAD}

{MORE}"""


def body(*paragraphs: str, title: str = "Tài xế già được tặng quà") -> Layout:
    return parse_layout("\n\n".join([title, *paragraphs]))


def test_date_below_the_title_captions_byline_and_dots() -> None:
    assert parse_layout(DATE_BELOW_TITLE) == Layout(
        title="Tài xế già được tặng quà",
        paragraphs=[LEAD, MORE],
        captions=["Ông Bảy nhận quà ở phòng chờ số 2."],
        date=dt.date(2022, 5, 24),
        time=dt.time(16, 5),
        author="Q.Thảo",
    )


def test_date_above_the_title_print_and_source_tag() -> None:
    assert parse_layout(DATE_ABOVE_TITLE) == Layout(
        title="Tài xế già được tặng quà",
        paragraphs=[LEAD, MORE],
        date=dt.date(2022, 5, 25),
        time=dt.time(7, 30),
        source="ANTV",
    )


@pytest.mark.parametrize("text", [DATE_BELOW_TITLE, DATE_ABOVE_TITLE])
def test_a_decomposed_text_has_the_same_parts_spelt_as_it_was(text: str) -> None:
    def nfd(value: str) -> str:
        return unicodedata.normalize("NFD", value)

    plain, found = parse_layout(text), parse_layout(nfd(text))
    assert (found.title, found.source) == (nfd(plain.title), plain.source)
    assert found.paragraphs == [nfd(p) for p in plain.paragraphs]
    assert found.captions == [nfd(c) for c in plain.captions]
    assert (found.date, found.time) == (plain.date, plain.time)
    assert unicodedata.normalize("NFC", found.author) == plain.author


@pytest.mark.parametrize(
    "line",
    [
        "print",
        "Print",
        "In bài",
        "Chia sẻ",
        "Facebook",
        ".",
        "...",
        "…",
        "- -",
        "\u200b",
        " \u00a0 ",
    ],
)
def test_what_the_page_leaves_around_an_article_is_dropped(line: str) -> None:
    assert body(LEAD, line, MORE).paragraphs == [LEAD, MORE]


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Hải Đăng", "Hải Đăng"),
        ("N.Hoa", "N.Hoa"),
        ("P.Thành - L.Giang", "P.Thành - L.Giang"),
        ("(Theo Lâm Oanh/Báo Bến Xe)", "Theo Lâm Oanh/Báo Bến Xe"),
        ("Minh Tâm và Thu Hà", "Minh Tâm và Thu Hà"),
        ("Bài, ảnh: Lê Hoa", "Lê Hoa"),
        ("Ảnh và bài: Lò Văn Duy", "Lò Văn Duy"),
        ("Bài và ảnh: M.Anh", "M.Anh"),
    ],
)
def test_the_last_line_names_who_wrote_it(line: str, author: str) -> None:
    found = body(LEAD, line)
    assert (found.author, found.paragraphs, found.captions) == (author, [LEAD], [])


@pytest.mark.parametrize(
    "line",
    ["Ông Bảy cảm ơn.", "Đến nay đã có 12 người nhận.", "“Tôi Mừng Lắm”", "Hạn Nộp 15/8",
     "Mọi người ra về trong mưa"],
)  # fmt: skip
def test_a_last_line_that_says_something_is_no_byline(line: str) -> None:
    found = body(LEAD, line)
    assert (found.author, found.paragraphs) == ("", [LEAD, line])


@pytest.mark.parametrize(
    ("start", "source"),
    [
        ("(ANTV) - ", "ANTV"),
        ("(Dân Sinh) – ", "Dân Sinh"),
        ("(CAO) ", "CAO"),
        ("TTXVN - ", "TTXVN"),
        ("VOV – ", "VOV"),
        ("Hà Nội (TTXVN) - ", "TTXVN"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_the_agency_before_the_first_paragraph_is_the_source(
    start: str, source: str, form: str
) -> None:
    found = body(unicodedata.normalize(form, start + LEAD), MORE)
    assert unicodedata.normalize("NFC", found.source) == source
    assert unicodedata.normalize("NFC", found.paragraphs[0]) == LEAD


@pytest.mark.parametrize(
    "lead", ["(24/5) Trời mưa to ở bến xe.", "Công đoàn - mái nhà chung của thợ."]
)
def test_other_brackets_and_dashes_are_text(lead: str) -> None:
    found = body(lead, MORE)
    assert (found.source, found.paragraphs) == ("", [lead, MORE])


@pytest.mark.parametrize(
    "line",
    ["Ảnh: Thu Hà", "Ảnh minh họa", "Ảnh minh hoạ.", "Đồ họa: Bến xe", "Video: Công an huyện",
     "Ông Bảy nhận quà. Ảnh: Thu Hà", "Ông Bảy nhận quà (Ảnh: Thu Hà)"],
)  # fmt: skip
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_line_with_a_photo_credit_is_a_caption(line: str, form: str) -> None:
    line = unicodedata.normalize(form, line)
    found = body(LEAD, line, MORE)
    assert (found.captions, found.paragraphs) == ([line], [LEAD, MORE])


def test_a_paragraph_about_influence_is_no_photo() -> None:
    """ "Ảnh hưởng" begins with the word for photo."""
    line = "Ảnh hưởng của bão khiến 12 chuyến xe phải hoãn."
    assert body(line, MORE).paragraphs == [line, MORE]


def test_alternative_text_that_is_not_the_title_is_a_caption_of_its_own() -> None:
    found = body(LEAD, "Quang cảnh buổi lễ -1\nÔng Bảy (bên trái).", MORE)
    assert found.captions == ["Quang cảnh buổi lễ", "Ông Bảy (bên trái)."]
    assert found.paragraphs == [LEAD, MORE]


def test_a_long_paragraph_after_a_photo_without_caption_stays_in_the_body() -> None:
    long = " ".join([MORE] * 8)
    found = body(LEAD, "Tài xế già được tặng quà -0", long, MORE)
    assert (found.captions, found.paragraphs) == ([], [LEAD, long, MORE])


def test_a_paragraph_wrapped_at_the_page_width_is_rejoined() -> None:
    wrapped = "Công đoàn bến xe miền Tây vừa tổ chức buổi gặp mặt đầu năm\nvới hơn 200 tài xế."
    assert body(wrapped, MORE).paragraphs == [wrapped.replace("\n", " "), MORE]


def test_lines_that_were_ended_by_their_writer_are_not_joined() -> None:
    found = body("Danh sách nhận quà:\ntổ 1\ntổ 2", MORE)
    assert found.paragraphs == ["Danh sách nhận quà:", "tổ 1", "tổ 2", MORE]


@pytest.mark.parametrize("text", [LEAD, f"{LEAD}\n\n{MORE}", f"{'Quà ' * 100}\n\n{MORE}"])
def test_prose_at_the_top_is_no_title(text: str) -> None:
    found = parse_layout(text)
    assert found.title == ""
    assert " ".join(found.paragraphs) == " ".join(text.split())


def test_a_title_may_end_in_dots() -> None:
    assert body(LEAD, title="Chuyện ở bến xe...").title == "Chuyện ở bến xe..."


def test_a_date_far_down_is_text() -> None:
    found = body(LEAD, MORE, LEAD, MORE, LEAD, MORE, "25/05/2022", MORE)
    assert found.date is None
    assert "25/05/2022" in found.paragraphs


def test_only_furniture_leaves_nothing() -> None:
    assert parse_layout("print\n\n.\n.\n") == Layout(title="", paragraphs=[])


# The two real articles the users gave; what stands in them was read off by hand.


@pytest.mark.shared
def test_seed_with_date_below_the_title(shared: Path) -> None:
    [article] = read_file(shared / "seeds", "000_a9dab0f1e2dc2961.txt").articles
    assert article.title == "Đẩy mạnh chăm lo đời sống cán bộ, đoàn viên Công đoàn CAND"
    assert (article.date, article.time) == (dt.date(2022, 3, 25), dt.time(14, 51))
    assert (article.source, article.author) == ("", "N.Hoa")
    captions = article.text[article.body_end :].strip().split("\n\n")
    assert [c[:30] for c in captions] == [
        "Hội nghị ký kết giao ước thi đ",
        "Đại diện các đơn vị ký giao ướ",
    ]
    assert article.body.startswith("Ngày 25/3, tại Hà Nội, ")
    assert article.body.endswith(" đoàn viên Công đoàn.")
    assert "-0" not in article.text


@pytest.mark.shared
def test_seed_with_date_above_the_title(shared: Path) -> None:
    [article] = read_file(shared / "seeds", "002_c523e5a7c1c27bae.txt").articles
    assert article.title == "Nâng cao hiệu quả công tác Công đoàn trong CAND"
    assert (article.date, article.time) == (dt.date(2020, 7, 17), dt.time(9, 8))
    assert (article.source, article.author) == ("ANTV", "")
    assert article.text == article.body
    assert article.body.startswith("Sáng 16/7, tại Hà Nội, Công đoàn CAND ")
    assert "print" not in article.text
