"""One reader for each format: the fields each can hold, and what it says of a broken row."""

import datetime as dt
import json
from typing import Any

import pytest

from corpus.article import Article, FileContent
from corpus.errors import UnreadableFile
from corpus.readers import read

FIRST = "Sáng 12/6, công đoàn cảng cá Lạch Bạng trao 64 áo phao cho ngư dân đi biển dài ngày."
SECOND = "Mỗi chiếc trị giá 350.000 đồng, do đoàn viên góp trong hai tháng mà có."
BODY = f"{FIRST}\n\n{SECOND}"


def only(content: FileContent) -> Article:
    assert content.failures == []
    [article] = content.articles
    return article


def read_text(text: str, path: str) -> FileContent:
    return read(text.encode("utf-8", "surrogatepass"), path)


read_markdown = read_html = read_json_lines = read_text  # the suffix tells


# .txt


def test_text_joins_body_and_captions_and_knows_where_the_body_ends() -> None:
    article = only(
        read_text(f"Áo phao ra khơi\n\n12/06/2023\n\n{FIRST}\n\nÁo phao ra khơi -0\nTàu rời cảng.\n\n{SECOND}\n\nLê Sơn", "kho/ao-phao.txt")
    )  # fmt: skip
    assert article == Article(
        id="kho/ao-phao.txt",
        path="kho/ao-phao.txt",
        title="Áo phao ra khơi",
        text=f"{BODY}\n\nTàu rời cảng.",
        body_end=len(BODY),
        date=dt.date(2023, 6, 12),
        author="Lê Sơn",
    )
    assert article.body == BODY


def test_text_without_a_title_is_called_by_its_file_name() -> None:
    assert only(read_text(FIRST, "tin/cang-ca_lach-bang.txt")).title == "cang ca lach bang"


@pytest.mark.parametrize("text", ["print\n.\n.", "12/06/2023", "..."])
def test_text_of_nothing_but_furniture_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFile, match="không có nội dung"):
        read_text(text, "a.txt")


# .md

FRONT_MATTER = """---
title: "Áo phao: quà trước mùa biển động"
date: 2023-06-12 16:45
source: Báo Cửa Biển
author: Lê Sơn
url: https://cuabien.example/ao-phao
captions:
  - Ngư dân thử áo phao.
---
"""


def test_markdown_with_front_matter() -> None:
    text = f"{FRONT_MATTER}\n# Một tiêu đề khác\n\n{FIRST}\n\n{SECOND}\n"
    assert only(read_markdown(text, "ao-phao.md")) == Article(
        id="ao-phao.md",
        path="ao-phao.md",
        title="Áo phao: quà trước mùa biển động",
        text=f"{BODY}\n\nNgư dân thử áo phao.",
        body_end=len(BODY),
        date=dt.date(2023, 6, 12),
        time=dt.time(16, 45),
        source="Báo Cửa Biển",
        author="Lê Sơn",
        url="https://cuabien.example/ao-phao",
    )


@pytest.mark.parametrize(
    ("written", "date", "time"),
    [
        ("2023-06-12", dt.date(2023, 6, 12), None),
        ("2023-06-12T16:45:30+07:00", dt.date(2023, 6, 12), dt.time(16, 45)),
        ("Thứ Hai, 12/06/2023, 16:45", dt.date(2023, 6, 12), dt.time(16, 45)),
        ("hôm qua", None, None),
        ("", None, None),
    ],
)
def test_markdown_dates(written: str, date: dt.date | None, time: dt.time | None) -> None:
    article = only(read_markdown(f"---\ndate: {written}\n---\n{FIRST}", "a.md"))
    assert (article.date, article.time) == (date, time)


def test_markdown_markup_is_no_part_of_the_text() -> None:
    text = (
        "# Áo phao *ra khơi*\n\nSáng 12/6, [công đoàn](https://a.example) trao **64** áo phao\n"
        "cho ngư dân.\n\n## Số liệu\n\n- 64 áo\n- 12 tàu\n\n> “Tôi mừng lắm.”\n\n"
        "| Tàu | Áo |\n|---|---|\n| TH-1 | 6 |\n"
    )
    article = only(read_markdown(text, "a.md"))
    assert article.title == "Áo phao ra khơi"
    assert article.text.split("\n\n") == [
        "Sáng 12/6, công đoàn trao 64 áo phao cho ngư dân.",
        "Số liệu", "64 áo", "12 tàu", "“Tôi mừng lắm.”", "Tàu", "Áo", "TH-1", "6",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "fields", ["title: [", "- một danh sách", "date: 2023-02-31", "title: {a: b}"]
)
def test_broken_front_matter_costs_its_fields_and_not_the_article(fields: str) -> None:
    article = only(read_markdown(f"---\n{fields}\n---\n{FIRST}", "ao-phao.md"))
    assert (article.title, article.date, article.text) == ("ao phao", None, FIRST)


def test_a_rule_is_no_front_matter() -> None:
    article = only(read_markdown(f"{FIRST}\n\n---\n\n{SECOND}", "a.md"))
    assert article.text == BODY


@pytest.mark.parametrize("text", ["---\ntitle: Áo phao\n---\n", "# Áo phao", "![ảnh](a.jpg)"])
def test_markdown_without_a_body_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFile, match="không có nội dung"):
        read_markdown(text, "a.md")


# .html


def page(inside: str = "", head: str = "", footer: str = "© 2019 Báo Cửa Biển") -> str:
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">
<title>Áo phao ra khơi - Báo Cửa Biển</title>{head}
<style>.menu {{ color: red }}</style><script>var quangCao = "mua ngay";</script></head><body>
<nav class="menu"><ul><li><a href="/">Trang chủ</a></li><li><a href="/bien">Biển đảo</a></li></ul></nav>
<article><h1>Áo phao ra khơi</h1>{inside}<p>{FIRST}</p><p>{SECOND}</p></article>
<aside><h3>Đọc nhiều nhất</h3><a href="/1">Giá tôm hùm tăng</a></aside>
<footer><p>{footer}</p></footer><script>track("xem");</script></body></html>"""


METADATA = """<meta property="article:published_time" content="2023-06-12T16:45:00+07:00">
<meta property="og:site_name" content="Báo Cửa Biển"><meta name="author" content="Lê Sơn">
<link rel="canonical" href="https://cuabien.example/ao-phao.html">"""


def test_html_is_the_article_without_menus_scripts_and_advertisements() -> None:
    article = only(read_html(page(head=METADATA), "luu/ao-phao.html"))
    assert (article.id, article.title, article.text) == (
        "luu/ao-phao.html",
        "Áo phao ra khơi",
        BODY,
    )
    assert (article.date, article.source) == (dt.date(2023, 6, 12), "Báo Cửa Biển")
    assert (article.author, article.url) == ("Lê Sơn", "https://cuabien.example/ao-phao.html")


def test_html_date_line_gives_the_time_and_is_no_text() -> None:
    line = "<p>Thứ Hai, 12/06/2023, 16:45</p>"
    article = only(read_html(page(line), "a.html"))
    assert (article.date, article.time) == (dt.date(2023, 6, 12), dt.time(16, 45))
    assert article.text == BODY


def test_html_without_a_date_has_none_made_up_from_the_copyright_line() -> None:
    assert only(read_html(page(), "a.html")).date is None


def test_html_entities_are_characters_and_markup_in_text_is_text() -> None:
    article = only(
        read_html(page("<p>Tàu A &amp; tàu B ghi &lt;b&gt; lên mạn, dài 12&nbsp;m.</p>"), "a.html")
    )
    assert (
        article.text.split("\n\n")[0].replace("\u00a0", " ")
        == "Tàu A & tàu B ghi <b> lên mạn, dài 12 m."
    )


def test_xhtml_with_a_declared_encoding_reads() -> None:
    text = '<?xml version="1.0" encoding="UTF-8"?>\n' + page()
    assert only(read_html(text, "a.html")).text == BODY


@pytest.mark.parametrize(
    "text", ["<html></html>", "<script>var a = 1;</script>", "không có thẻ", "<<<>>>"]
)
def test_html_without_an_article_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFile, match="không tìm thấy nội dung"):
        read_html(text, "a.html")


@pytest.mark.parametrize(
    "caption",
    [
        "<figure><img src='a.jpg'><figcaption>Ngư dân thử áo. Ảnh: Thu Hà</figcaption></figure>",
        "<p class='Image-Caption'>Ngư dân thử áo. Ảnh: Thu Hà</p>",
        "<table><tr><td class='pic_caption'>Ngư dân thử áo. Ảnh: Thu Hà</td></tr></table>",
        "<p>Ngư dân thử áo. Ảnh: Thu Hà</p>",
    ],
)
def test_html_captions_are_kept_apart_from_the_body(caption: str) -> None:
    aside = "<aside><figcaption>Giá tôm hùm.</figcaption></aside>"
    article = only(read_html(page(f"<p>{FIRST}</p>{caption}{aside}"), "a.html"))
    assert "Ảnh" not in article.body
    assert article.text[article.body_end :].strip() == "Ngư dân thử áo. Ảnh: Thu Hà"


def test_html_byline_and_agency_are_no_text() -> None:
    inside = f"<p>Thanh Hóa (TTXVN) - {SECOND} Hôm sau tàu ra khơi.</p>"
    text = page(inside).replace("</article>", "<p>Bài, ảnh: Lê Sơn</p></article>")
    article = only(read_html(text, "a.html"))
    assert (article.source, article.author) == ("TTXVN", "Lê Sơn")
    assert article.text == f"{SECOND} Hôm sau tàu ra khơi.\n\n{BODY}"


def test_html_declares_its_day_and_minute_in_any_zone() -> None:
    head = METADATA.replace("2023-06-12T16:45:00+07:00", "2023-06-11T23:10:00Z")
    article = only(read_html(page(head=head), "a.html"))
    assert (article.date, article.time) == (dt.date(2023, 6, 12), dt.time(6, 10))


def test_html_the_day_something_happened_is_no_publication_date() -> None:
    inside = "<p>Ngày 05/04/2021, cảng cá được nạo vét sau ba mùa tàu mắc cạn ở cửa lạch.</p>"
    assert only(read_html(page(inside), "a.html")).date is None


def test_html_in_tcvn3() -> None:
    lines = ["C«ng ®oµn c¬ së tæ chøc héi nghÞ vÒ an toµn lao ®éng.", "§oµn viªn nhËn ¸o phao míi."]
    text = "<html><title>Héi nghÞ</title><body>" + "".join(f"<p>{x}</p>" for x in lines * 2)
    article = only(read(text.encode("latin-1"), "a.html"))
    assert "Công đoàn cơ sở tổ chức hội nghị về an toàn lao động." in article.text


# Names that lie


@pytest.mark.parametrize("name", ["a.txt", "a.doc", "a.md", "a.docx"])
def test_a_web_page_is_read_as_one_whatever_its_name(name: str) -> None:
    assert only(read(page().encode(), name)).text == BODY


# Dates and markup that mean harm


def test_front_matter_that_unfolds_is_left_out() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{c}: &{c} [*{p}, *{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    article = only(read_markdown(f"---\n{bomb}title: Bom\n---\n{FIRST}", "ao-phao.md"))
    assert (article.title, article.text) == ("ao phao", FIRST)


# .jsonl


def lines(*rows: Any) -> str:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


def test_json_lines_take_every_known_field() -> None:
    row = {
        "id": "ap-7",
        "title": "Áo phao ra khơi",
        "abstract": "64 áo phao được trao.",
        "body": f"{FIRST}\n{SECOND}",
        "date": "2023-06-12T16:45:00",
        "source": "Báo Cửa Biển",
        "url": "https://cuabien.example/ao-phao",
        "captions": ["Tàu rời cảng."],
        "lạ": {"a": 1},
    }
    assert only(read_json_lines(lines(row), "kho/tin.jsonl")) == Article(
        id="kho/tin.jsonl#ap-7",
        path="kho/tin.jsonl",
        title="Áo phao ra khơi",
        text=f"64 áo phao được trao.\n\n{BODY}\n\nTàu rời cảng.",
        body_end=len(f"64 áo phao được trao.\n\n{BODY}"),
        date=dt.date(2023, 6, 12),
        time=dt.time(16, 45),
        source="Báo Cửa Biển",
        url="https://cuabien.example/ao-phao",
    )


def test_a_row_without_an_id_is_called_by_its_line_number() -> None:
    text = (
        lines({"id": 12, "body": FIRST})
        + "\n\n"
        + lines({"body": SECOND}, {"id": "", "body": BODY})
    )
    content = read_json_lines(text, "a.jsonl")
    assert [a.id for a in content.articles] == ["a.jsonl#12", "a.jsonl#3", "a.jsonl#4"]
    assert content.failures == []


def test_bad_rows_are_reported_by_line_and_the_others_go_on() -> None:
    rows = [
        '{"title": "Cụt',
        '["danh", "sách"]',
        lines({"title": "Không có bài", "date": "2023-06-12"}),
        '{"id": ' + "1" * 5000 + "}",
        "[" * 100_000,
        lines({"id": "tốt", "body": FIRST}),
        lines({"id": "tốt", "body": SECOND}),
    ]
    content = read_json_lines("\n".join(rows), "a.jsonl")
    assert [(a.id, a.text) for a in content.articles] == [("a.jsonl#tốt", FIRST)]
    assert [(f.path.removeprefix("a.jsonl#"), f.reason) for f in content.failures] == [
        ("1", "dòng không phải JSON hợp lệ"),
        ("2", "dòng không phải một đối tượng JSON"),
        ("3", "bài không có nội dung (thiếu body và abstract)"),
        ("4", "dòng không phải JSON hợp lệ"),
        ("5", "dòng không phải JSON hợp lệ"),
        ("7", "id trùng với một dòng trước"),
    ]


def test_an_abstract_the_body_begins_with_is_not_told_twice() -> None:
    article = only(
        read_json_lines(lines({"abstract": FIRST, "body": f"{FIRST}\n{SECOND}"}), "a.jsonl")
    )
    assert article.text == BODY


def test_a_row_without_a_title_has_none_and_is_shown_by_its_first_words() -> None:
    """Its first words are text already: as a title they would count twice in retrieval."""
    article = only(read_json_lines(lines({"body": f"{FIRST} {SECOND}\n{SECOND}"}), "a.jsonl"))
    assert article.title == ""
    assert article.headline == (
        "Sáng 12/6, công đoàn cảng cá Lạch Bạng trao 64 áo phao cho ngư dân đi biển dài ngày. Mỗi…"
    )
    assert len(article.headline) <= 90


@pytest.mark.parametrize(
    ("title", "body", "headline"),
    [
        ("Áo phao ra khơi", FIRST, "Áo phao ra khơi"),
        ("", "Mưa to.\nĐường ngập.", "Mưa to."),
        ("", "a" * 90, "a" * 90),
        ("", "a" * 91, "a" * 89 + "…"),
        ("", "một hai, " + "ba " * 40, "một hai, " + "ba " * 26 + "ba…"),
        ("", "x" * 80 + ", " + "y" * 40, "x" * 80 + "…"),
    ],
)
def test_a_headline_is_cut_between_words(title: str, body: str, headline: str) -> None:
    article = only(read_json_lines(lines({"title": title, "body": body}), "a.jsonl"))
    assert article.headline == headline


def test_a_line_separator_inside_a_string_does_not_end_the_row() -> None:
    article = only(read_json_lines(lines({"body": f"{FIRST}\u2028{SECOND}\x85"}), "a.jsonl"))
    assert article.text.startswith(f"{FIRST}\u2028{SECOND}")


def test_what_no_store_can_hold_is_taken_out_and_offsets_stay_right() -> None:
    row = '{"id": "a\\u0000b", "title": "Tin\\ud83d", "body": "Mưa\\u0000 to\\udc00.", "captions": ["Ảnh\\u0000."]}'
    article = only(read_json_lines(row, "a.jsonl"))
    assert (article.id, article.title) == ("a.jsonl#ab", "Tin?")
    assert (article.text, article.body) == ("Mưa to?.\n\nẢnh.", "Mưa to?.")
