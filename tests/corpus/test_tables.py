"""Tables of articles, CSV and Excel, with the column names and the encodings people use."""

import datetime as dt
from typing import Any

import pytest

from corpus.article import Article
from corpus.errors import UnreadableFile
from corpus.readers import read
from tests.corpus.documents import excel
from tests.corpus.hostile_packed import replaced

FIRST = "Sáng 12/6, hợp tác xã chè Bản Liền giao chuyến chè ô long đầu tiên cho bạn hàng ở Huế."
SECOND = "Chuyến xe chở 1,2 tấn; giá 310.000 đồng một cân."
ROW = ["Chè xuống núi", FIRST, "12/06/2023", "Báo Suối Chè", "https://che.example/1", "Lò Thị Mai"]


def table(header: str, *rows: list[str], delimiter: str = ",") -> str:
    """CSV with every cell in quotes but those of the header."""
    lines = [header.replace(",", delimiter)]
    lines += [delimiter.join('"' + c.replace('"', '""') + '"' for c in row) for row in rows]
    return "\r\n".join(lines) + "\r\n"


def articles(text: str | bytes, path: str = "kho/che.csv") -> list[Article]:
    content = read(text.encode() if isinstance(text, str) else text, path)
    assert content.failures == []
    return content.articles


WHOLE = Article(
    id="kho/che.csv#2",
    path="kho/che.csv",
    title="Chè xuống núi",
    text=FIRST,
    body_end=len(FIRST),
    date=dt.date(2023, 6, 12),
    source="Báo Suối Chè",
    author="Lò Thị Mai",
    url="https://che.example/1",
)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "header",
    [
        "title,body,date,source,url,author",
        "Tiêu đề,Nội dung,Ngày đăng,Nguồn,Liên kết,Tác giả",
        "TIEU DE,NOI DUNG,NGAY DANG,NGUON,LINK,TAC GIA",
        "tieu_de,noi_dung,ngay_dang,nguon,duong_dan,tac_gia",
        "Tên bài,Toàn văn,Ngày xuất bản,Tên báo,URL,Phóng viên",
    ],
)
def test_columns_are_known_by_the_names_people_give_them(header: str, delimiter: str) -> None:
    assert articles(table(header, ROW, delimiter=delimiter)) == [WHOLE]


@pytest.mark.parametrize(
    "encode",
    [
        lambda t: t.encode("utf-8-sig"),
        lambda t: t.encode("utf-16"),
        lambda t: t.replace("\r\n", "\n").encode(),
        lambda t: t.replace("\r\n", "\r").encode(),
        lambda t: ("sep=,\r\n" + t).encode(),
        lambda t: ("Danh sách bài viết quý II\r\n\r\n" + t).encode(),
    ],
    ids=["BOM", "utf-16", "LF", "CR", "sep=", "heading above"],
)
def test_every_way_a_spreadsheet_saves_csv(encode: Any) -> None:
    [article] = articles(encode(table("Tiêu đề,Nội dung,Ngày đăng,Nguồn,Liên kết,Tác giả", ROW)))
    assert (article.title, article.text, article.source) == (ROW[0], FIRST, ROW[3])


def test_csv_in_tcvn3_is_read() -> None:
    data = 'Tiªu ®Ò;Néi dung\r\n"HiÖu qu¶ c«ng ®oµn";"C«ng ®oµn c¬ së tæ chøc héi nghÞ"\r\n'
    [article] = articles(data.encode("latin-1"))
    assert (article.title, article.text) == (
        "Hiệu quả công đoàn",
        "Công đoàn cơ sở tổ chức hội nghị",
    )


def test_ids_are_the_tables_own_or_the_line_a_row_begins_at() -> None:
    text = table("Mã bài,Nội dung", ["a1", FIRST], ["", f"{FIRST}\n{SECOND}"], ["", SECOND])
    assert [a.id for a in articles(text)] == [
        "kho/che.csv#a1",
        "kho/che.csv#3",
        "kho/che.csv#5",  # the row before has two lines
    ]


def test_paragraphs_captions_and_byline_of_a_cell_are_told_apart() -> None:
    cell = f"(TTXVN) - {FIRST}\nẢnh: Thu Hà\n{SECOND}\nHải Đăng"
    [article] = articles(table("title,body", ["Chè", cell]))
    assert (article.body, article.source) == (f"{FIRST}\n\n{SECOND}", "TTXVN")
    assert article.author == "Hải Đăng"
    assert article.text[article.body_end :].strip() == "Ảnh: Thu Hà"


def test_a_row_without_content_is_named_and_an_empty_one_is_nothing() -> None:
    content = read(table("title,body", ["Chè", ""], ["", ""], ["Chè", FIRST]).encode(), "a.csv")
    assert [a.id for a in content.articles] == ["a.csv#4"]
    assert [(f.path, f.reason) for f in content.failures] == [
        ("a.csv#2", "bài không có nội dung (thiếu body và abstract)")
    ]


def test_many_broken_rows_are_counted_and_not_all_listed() -> None:
    content = read(table("title,body", *[["Chè", ""]] * 500, ["Chè", FIRST]).encode(), "a.csv")
    assert len(content.articles) == 1
    assert len(content.failures) == 201
    assert content.failures[-1].reason == "và 300 chỗ khác không đọc được"


def test_a_row_with_bad_bytes_costs_itself_alone() -> None:
    text = table("Tiêu đề,Nội dung", ["Chè", FIRST], ["Núi", SECOND]).encode()
    content = read(text.replace("Núi".encode(), b"N\xfai"), "a.csv")
    assert [a.title for a in content.articles] == ["Chè"]
    assert content.failures[0].reason == "dòng không đúng mã UTF-8"


def test_a_quote_left_open_costs_its_row_and_says_so() -> None:
    text = table("title,body", ["Chè", FIRST]) + 'Núi,"không đóng ' + "dài " * 2_000_000
    content = read(text.encode(), "a.csv")
    assert [a.title for a in content.articles] == ["Chè"]
    assert [f.path for f in content.failures] == ["a.csv#3"]
    assert "dấu nháy" in content.failures[0].reason


@pytest.mark.parametrize(
    "text", ["a,b\n1,2\n", "Tiêu đề;Ngày đăng\nChè;12/6/2023\n", "chỉ có một dòng chữ", '"\n' * 9]
)
def test_a_table_without_a_column_of_content_says_what_it_needs(text: str) -> None:
    with pytest.raises(UnreadableFile, match=r"không thấy cột nội dung.*Nội dung.*body"):
        read(text.encode(), "a.csv")


# Excel


def test_every_sheet_with_dates_of_its_own() -> None:
    header = ["Tiêu đề", "Nội dung", "Ngày đăng", "Nguồn"]
    data = excel(
        {
            "Quý 1": [
                header,
                ["Chè", FIRST, dt.datetime(2023, 6, 12, 16, 45), "Báo Suối Chè"],
                ["Núi", SECOND, dt.date(2023, 6, 13), None],
            ],
            "Ghi chú": [["việc cần làm"], ["gọi điện"]],
            "Quý 2": [["DANH SÁCH"], header, ["Đồi", FIRST, "14/6/2023 lúc 9h30", 12.0]],
        }
    )
    found = articles(data, "che.xlsx")
    assert [a.id for a in found] == ["che.xlsx#Quý 1!2", "che.xlsx#Quý 1!3", "che.xlsx#Quý 2!3"]
    assert [(a.date, a.time) for a in found] == [
        (dt.date(2023, 6, 12), dt.time(16, 45)),
        (dt.date(2023, 6, 13), None),
        (dt.date(2023, 6, 14), dt.time(9, 30)),
    ]
    assert [a.source for a in found] == ["Báo Suối Chè", "", "12"]


@pytest.mark.parametrize("size", [b"A1:A1", b"A1:XFD1048576"])
def test_a_sheet_that_lies_about_its_size_is_read_whole(size: bytes) -> None:
    data = excel({"Tin": [["title", "body"], ["Chè", FIRST], ["Núi", SECOND]]})
    data = replaced(data, "xl/worksheets/sheet1.xml", b'ref="A1:B3"', b'ref="%s"' % size)
    assert [a.text for a in articles(data, "a.xlsx")] == [FIRST, SECOND]


def test_the_same_id_on_two_sheets_is_two_articles() -> None:
    rows = [["id", "body"], [7, FIRST]]
    assert [a.id for a in articles(excel({"A": rows, "B": rows}), "a.xlsx")] == [
        "a.xlsx#A!7",
        "a.xlsx#B!7",
    ]


def test_a_workbook_without_a_table_of_articles_says_so() -> None:
    with pytest.raises(UnreadableFile, match=r"không thấy cột nội dung.*việc cần làm"):
        read(excel({"Ghi chú": [["việc cần làm"], ["gọi điện"]]}), "a.xlsx")
