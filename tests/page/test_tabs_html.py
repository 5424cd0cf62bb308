"""The HTML of the tabs "Tra cứu" and "Kho bài viết": everything escaped, numbers right; and the CSV of hits."""

import csv
import datetime as dt
import io
import re
from contextlib import closing
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from assistant.desk import Added
from assistant.lookup import MOST, Found, Order, arrange
from assistant.page import render_archive, render_desk, render_shelf
from assistant.page.render_feedback import feedback_html
from assistant.page.render_filters import filter_form, pages_nav
from assistant.page.render_map import map_frame
from assistant.page.render_months import months_figure
from assistant.page.render_search import ORDERS, results_html
from assistant.records.feedback import Reason, Verdict
from assistant.retrieve import Hit
from assistant.scope import EVERYTHING, Scope
from assistant.service import Assistant
from assistant.shelf import Shelf, browse
from assistant.spreadsheet import csv_bytes, found_csv
from assistant.trash import Removed
from corpus.article import Failure, PassageKind, make_article
from corpus.progress import Step
from embeddings.store import Outline, StoredPassage, Twin
from tests.conftest import Write

EVIL = "<img src=x onerror=alert(1)>\"'onmouseover=alert(2) </textarea></dialog>"
DAY = dt.date(2024, 5, 6)
ARTICLE = make_article(
    id=f"{EVIL}.txt", path=f"{EVIL}.txt", title=EVIL, paragraphs=[f"Chợ nổi {EVIL}"], date=DAY, source=EVIL, author=EVIL,
)  # fmt: skip


def hit(day: dt.date | None = DAY, score: float = 1.0, text: str = "", blend: float = 3.0) -> Hit:
    article = replace(ARTICLE, date=day)
    text = text or article.text
    passage = StoredPassage(7, article, 0, len(text), text, PassageKind.BODY, b"")
    return Hit(passage, score, 0.5, 1.0, (Twin(EVIL, EVIL, DAY, EVIL),), blend)


def found(
    *hits: Hit,
    query: str = "chợ nổi",
    order: Order = Order.RELEVANCE,
    page: int = 1,
    per_page: int = 10,
) -> Found:
    return arrange(query, list(hits), EVERYTHING, order, page, per_page, len(hits))


class _Seen(HTMLParser):
    """Tags and attributes, and whether what is opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        if tag not in ("input", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


VERDICT = Verdict(
    "x", "2025-01-02T03:04:05+00:00", False, (Reason.SOURCE,), EVIL, EVIL, EVIL, (EVIL,), 1, 0.5
)
REMOVED = Removed(EVIL, EVIL, EVIL, "2025-01-02T03:04:05+00:00")
PAGES = {
    "results": results_html(found(hit(), hit(None), query=EVIL)),
    "nothing": results_html(arrange(EVIL, [], Scope(sources=(EVIL,)), Order.NEWEST, 1, 10, 0)),
    "form": filter_form(EVIL[:3], [(EVIL, 1), ("", 2)], label=EVIL, placeholder=EVIL, button=EVIL, orders=ORDERS),
    "shelf": render_shelf.shelf_html(Shelf((Outline(EVIL, EVIL, None, EVIL),), 1, 1, 1), True),
    "edit": render_desk.edit_window(ARTICLE, True),
    "whole file": render_desk.whole_file_window(EVIL, EVIL),
    "added": render_desk.added_notice([(EVIL, Added(EVIL, [ARTICLE], [Failure(EVIL, EVIL)])), (EVIL, EVIL)]),
    "edited": render_desk.edited_notice(EVIL),
    "removed": render_desk.removed_notice(REMOVED),
    "restored": render_desk.restored_notice(EVIL),
    "trash": render_desk.trash_list([REMOVED]),
    "closed": render_desk.closed_panel(EVIL),
    "add": render_desk.add_panel(),
    "feedback": feedback_html([VERDICT, replace(VERDICT, good=True)]),
    "map": map_frame(EVIL),
    "months": months_figure([(dt.date(2024, 5, 1), 2), (dt.date(2024, 7, 1), 1)], EVIL, 1),
    "building": render_archive.building(Step(EVIL, 1, 2)),
}  # fmt: skip


@pytest.mark.parametrize("html", PAGES.values(), ids=PAGES)
def test_nothing_that_comes_from_outside_becomes_html(html: str) -> None:
    seen = _Seen()
    seen.feed(html)
    assert not seen.open
    assert not {"img", "script"} & set(seen.tags)
    assert not [name for name in seen.attributes if name.startswith("on")]


def test_months_without_any_are_drawn_as_gaps_and_numbers_are_in_the_table() -> None:
    html = months_figure([(dt.date(2024, 5, 1), 2), (dt.date(2024, 7, 1), 1000)], "bài", 3)
    assert re.search(r'viewBox="0 0 120 ', html), "twelve months at least"
    assert html.count("<rect") == 2
    assert "Từ 5/2024 đến 7/2024; nhiều nhất là 7/2024 với 1.000 bài. 3 bài không rõ ngày." in html
    assert re.findall(r'<th scope="row">([^<]*)</th><td>([^<]*)', html) == [
        ("5/2024", "2"),
        ("7/2024", "1.000"),
    ]
    assert 'role="img"' in html and "<title" in html and "<desc" in html


def test_many_years_are_drawn_by_year_and_one_month_is_said() -> None:
    years = months_figure(
        [(dt.date(2001, 3, 1), 1), (dt.date(2001, 9, 1), 2), (dt.date(2012, 1, 1), 5)], "bài"
    )
    assert "theo năm" in years and years.count("<rect") == 2
    assert re.findall(r'<th scope="row">([^<]*)</th><td>([^<]*)', years) == [
        ("2001", "3"),
        ("2012", "5"),
    ]
    assert (
        months_figure([(dt.date(2024, 5, 1), 4)], "đoạn")
        == '<p class="hb-phu">Cả 4 đoạn đăng trong tháng 5/2024.</p>'
    )
    assert months_figure([], "bài") == ""


def test_pages_are_named_and_the_far_ones_left_out() -> None:
    html = pages_nav(10, 40, "Các trang")
    assert re.findall(r'aria-label="Trang (\d+)"', html) == ["1", "8", "9", "10", "11", "12", "40"]
    assert re.findall(r'aria-label="Trang (\d+)" aria-current="page"', html) == ["10"]
    assert pages_nav(1, 1, "Các trang") == ""


# Looking up


def test_hits_are_ordered_by_day_with_the_undated_last() -> None:
    days = [dt.date(2020, 1, 1), None, dt.date(2024, 1, 1), dt.date(2022, 1, 1)]
    hits = [hit(day) for day in days]
    newest = [h.passage.article.date for h in found(*hits, order=Order.NEWEST).hits]
    assert newest == [days[2], days[3], days[0], None]
    oldest = [h.passage.article.date for h in found(*hits, order=Order.OLDEST).hits]
    assert oldest == [days[0], days[3], days[2], None]
    assert [h.passage.article.date for h in found(*hits).hits] == days


def test_pages_months_and_counts_agree() -> None:
    hits = [hit(dt.date(2024, 1 + n % 3, 5)) for n in range(25)] + [hit(None)]
    page = found(*hits, page=3)
    assert (page.total, page.pages, page.start, len(page.hits), page.undated) == (26, 3, 20, 6, 1)
    assert [(m.first.month, m.hits) for m in page.months] == [(1, 9), (2, 8), (3, 8)]
    assert found(*hits, page=99).page == 3 and found(*hits, page=0).page == 1


def test_only_what_fits_the_query_is_a_hit() -> None:
    far = hit(text="Một đoạn về chuyện khác hẳn.", blend=0.3)
    near = hit(text="Họp mặt trên sông, không có từ nào.", blend=2.5)
    one_of_two = hit(text="Chợ phiên vùng cao.", blend=0.3)
    both = hit(text="Chợ họp trên ghe, hàng nổi theo nước.", blend=-0.2)
    kept = found(far, near, one_of_two, both, query="chợ nổi").hits
    article_has_neither = [h.passage.text for h in kept]
    assert near.passage.text in article_has_neither and both.passage.text in article_has_neither


def test_a_long_list_says_that_there_may_be_more() -> None:
    hits = [hit()] * MOST
    assert arrange("chợ nổi", hits, EVERYTHING, Order.RELEVANCE, 1, 10, MOST + 1).capped
    assert not arrange("chợ nổi", hits, EVERYTHING, Order.RELEVANCE, 1, 10, MOST).capped


def test_a_look_up_of_the_sample_archive(sample: Assistant) -> None:
    page = sample.look_up("mưa lũ Quảng Trị", Scope(dt.date(2022, 10, 1), dt.date(2022, 10, 31)))
    assert page.total >= 3 and not page.capped
    assert {m.first for m in page.months} == {dt.date(2022, 10, 1)}
    newest = sample.look_up("công đoàn", order=Order.NEWEST, per_page=50)
    days = [h.passage.article.date for h in newest.hits if h.passage.article.date]
    assert days == sorted(days, reverse=True)
    assert sample.passage(page.hits[0].passage.id) == page.hits[0].passage


# The table and the list


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "|x", "%x"]
)
def test_no_cell_of_a_table_runs(cell: str) -> None:
    data = csv_bytes(["a"], [[cell], ["bình thường"], [5]])
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[1:] == [[f"'{cell}"], ["bình thường"], ["5"]]
    assert data.startswith(b"\xef\xbb\xbf")


def test_the_table_of_hits_has_every_field() -> None:
    rows = list(csv.DictReader(io.StringIO(found_csv(found(hit(), hit(None))).decode("utf-8-sig"))))
    assert [r["STT"] for r in rows] == ["1", "2"]
    assert (rows[0]["Ngày đăng"], rows[1]["Ngày đăng"]) == ("2024-05-06", "")
    assert rows[0]["Đoạn văn"] == ARTICLE.text and rows[0]["Mã bài"] == ARTICLE.id


def test_articles_are_leafed_through(assistant: Assistant, write: Write) -> None:
    rows = [
        f'{{"id": "{n}", "title": "Tin số {n}", "date": "2024-01-{n:02}", "source": "{"AB"[n % 2]}", "body": "Một tin."}}'
        for n in range(1, 13)
    ]
    write("tin.jsonl", "\n".join([*rows, '{"id": "x", "title": "Không ngày", "body": "Tin cũ."}']))
    assistant.build()
    with closing(assistant.store()) as store:
        first = browse(store, "", EVERYTHING, 1, 5)
        assert (first.total, first.pages) == (13, 3)
        assert [o.id for o in first.articles] == [f"tin.jsonl#{n}" for n in (12, 11, 10, 9, 8)]
        assert browse(store, "", EVERYTHING, 9, 5).articles[-1].title == "Không ngày"
        assert [o.title for o in browse(store, "tin so 11", EVERYTHING, 1).articles] == [
            "Tin số 11"
        ]
        scope = Scope(dt.date(2024, 1, 3), dt.date(2024, 1, 8), ("A",))
        assert [o.id for o in browse(store, "", scope, 1).articles] == [
            "tin.jsonl#8",
            "tin.jsonl#6",
            "tin.jsonl#4",
        ]
        assert browse(store, "không có", EVERYTHING, 1).articles == ()
    assert assistant.months() == [("", 1), ("2024-01", 12)]
