"""The tab "Tra cứu" in Chromium: on a laptop, on a phone, in the dark, with the keyboard alone."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from assistant.lookup import Order
from assistant.service import Assistant
from tests.page.looks import EVIL, PHONE, fits, loud, picture
from tests.serving import serving, tab

pytestmark = pytest.mark.browser

QUERY = "mưa lũ Quảng Trị"
HOSTILE = f"""Chợ nổi Cái Dương {EVIL} đón khách

Thứ Bảy, 06/09/2025, 08:00

Chợ nổi Cái Dương họp từ 4 giờ sáng {EVIL} với 87 ghe bán trái cây.
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, sample: Assistant) -> Path:
    """The sample archive with one hostile article, one story printed twice, and thirty of one kind."""
    folder = tmp_path_factory.mktemp("kho")
    for path in sample.settings.archive.rglob("*-quang-tri*.txt"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "cho-noi.txt").write_text(HOSTILE, encoding="utf-8")
    row = '{{"id": "v{n}", "title": "Vải thiều vụ {n}", "date": "20{y}-06-1{d}", "source": "Báo {s}", "body": "Vải thiều vụ {n} bán {n}00 tấn ở chợ {n}."}}'
    rows = [row.format(n=n, y=10 + n % 14, d=n % 10, s="AB"[n % 2]) for n in range(30)]
    twin = '{{"title": "Cầu Vân Du", "date": "2025-09-0{d}", "source": "{s}", "body": "Cầu Vân Du dài 312 mét được khánh thành sáng nay."}}'
    rows += [twin.format(d=1, s="Báo A"), twin.format(d=2, s="=HYPERLINK(1)")]
    (folder / "bai.jsonl").write_text("\n".join(rows), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def address(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("chi-muc") / "index", archive) as running:
        yield running


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with tab(browser, address) as opened:
        opened.get_by_role("tab", name="Tra cứu").click()
        opened.locator("#tra-chu").wait_for()
        yield opened


def search(page: Page, query: str) -> Locator:
    """Type a query, send it, and wait for its hits."""
    page.get_by_label("Tìm đoạn văn").fill(query)
    page.get_by_label("Tìm đoạn văn").press("Enter")
    page.locator("#ket-qua:not([aria-busy]) h2").wait_for()
    return page.locator(".hb-kq .hb-the")


@pytest.mark.parametrize("query", [QUERY, "mua lu quang tri"])
def test_hits_are_highlighted_whether_typed_with_marks_or_without(page: Page, query: str) -> None:
    first = search(page, query).first
    marked = {text.lower() for text in first.locator("mark").all_inner_texts()}
    assert {"quảng trị", "mưa lũ"} <= marked
    expect(page.locator("#hb-loa")).to_contain_text("đoạn phù hợp")
    expect(page.locator("#ket-qua h2")).to_be_focused()


def test_a_passage_is_marked_in_its_whole_article(page: Page) -> None:
    card = search(page, QUERY).first
    passage = card.locator(".hb-doan").inner_text().split("\n")[0]
    card.get_by_role("button", name="Mở toàn bài").click()
    window = page.locator("#cua-so-tra dialog[open]")
    expect(window.locator("mark").first).to_have_text(passage)
    expect(window.locator("mark").first).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(window).to_have_count(0)
    card.get_by_role("button", name="Mở toàn bài").click()
    expect(window).to_have_count(1)


def test_pages_orders_and_the_picture_by_year(page: Page) -> None:
    hits = search(page, "vải thiều")
    expect(hits).to_have_count(10)
    expect(page.locator("#ket-qua h2")).to_have_text("30 đoạn phù hợp")
    page.get_by_role("button", name="Trang sau").click()
    expect(hits.first.locator("h3")).to_contain_text("11.")
    expect(page.get_by_role("button", name="Trang 2")).to_have_attribute("aria-current", "page")
    page.get_by_label("Sắp xếp").select_option(Order.NEWEST)
    expect(hits.first.locator("h3")).to_have_text(re.compile(r"^1\."))
    days = [
        re.findall(r"\d\d/\d\d/(\d{4})", t)[0]
        for t in hits.locator(".hb-phu").all_inner_texts()
        if "/" in t
    ]
    assert days == sorted(days, reverse=True) and days[0] == "2023"
    figure = page.get_by_role("img", name="Số đoạn theo năm đăng bài")
    expect(figure.locator("rect")).to_have_count(14)
    assert "2010" in (figure.locator("desc").text_content() or "")
    page.get_by_text("Xem bằng bảng số").click()
    expect(page.locator(".hb-so-lieu tbody tr")).to_have_count(14)


def test_another_page_is_of_what_was_asked_not_of_what_is_being_typed(page: Page) -> None:
    search(page, "vải thiều")
    page.get_by_label("Tìm đoạn văn").fill("cầu Vân Du")
    page.get_by_role("button", name="Trang sau").click()
    expect(page.locator(".hb-kq .hb-the").first).to_contain_text("Vải thiều")


def test_filters_narrow_and_say_so(page: Page) -> None:
    search(page, "vải thiều")
    page.get_by_text("Mọi nguồn").first.click()
    page.locator("#tra").get_by_label("Báo A").check()
    expect(page.locator("#ket-qua h2")).to_have_text("15 đoạn phù hợp")
    expect(page.locator("#tra-da-chon")).to_have_text("Báo A")
    page.keyboard.press("Escape")
    page.locator("#tra").get_by_label("Từ ngày").fill("2018")
    page.locator("#tra").get_by_label("Đến ngày").fill("12/2019")
    page.locator("#tra").get_by_label("Đến ngày").press("Enter")
    expect(page.locator("#ket-qua")).to_contain_text("từ 01/01/2018 đến 31/12/2019, nguồn Báo A")
    page.locator("#tra").get_by_label("Từ ngày").fill("hôm qua")
    page.locator("#tra").get_by_label("Từ ngày").press("Enter")
    expect(page.locator("#ket-qua [role=alert]")).to_contain_text("không phải là ngày")
    page.locator("#tra").get_by_role("button", name="Bỏ lọc").click()
    expect(page.locator("#ket-qua h2")).to_have_text("30 đoạn phù hợp")
    expect(page.get_by_label("Tìm đoạn văn")).to_have_value("vải thiều")


def test_one_story_is_one_hit_and_its_table_runs_nothing(page: Page, tmp_path: Path) -> None:
    card = search(page, "cầu Vân Du 312 mét").first
    expect(card).to_contain_text("Cũng đăng tại: =HYPERLINK(1) (02/09/2025)")
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải bảng CSV").click()
    file = tmp_path / "bang.csv"
    download.value.save_as(file)
    data = file.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf"), "Excel reads it as UTF-8"
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0]["Nhan đề"] == "Cầu Vân Du" and rows[0]["Ngày đăng"] == "2025-09-01"
    assert rows[0]["Cũng đăng tại"].startswith("'=HYPERLINK")


def test_nothing_found_says_what_to_try(page: Page) -> None:
    page.get_by_label("Tìm đoạn văn").fill("...")
    page.get_by_label("Tìm đoạn văn").press("Enter")
    expect(page.locator("#ket-qua [role=alert]")).to_contain_text("chưa nhập câu hỏi")
    page.locator("#tra").get_by_label("Từ ngày").fill("2099")
    page.get_by_label("Tìm đoạn văn").fill("vải thiều")
    page.get_by_label("Tìm đoạn văn").press("Enter")
    expect(page.locator("#ket-qua")).to_contain_text(
        "Không có đoạn nào phù hợp trong bài đăng từ 01/01/2099"
    )


def test_an_article_cannot_break_out(page: Page) -> None:
    card = search(page, f"chợ nổi {EVIL}").first
    expect(card).to_contain_text(EVIL)
    card.get_by_role("button", name="Mở toàn bài").click()
    expect(page.locator("#cua-so-tra dialog[open]")).to_contain_text(EVIL)
    assert page.locator(".prose img, .prose [onmouseover]").count() == 0


def test_the_keyboard_is_enough(page: Page) -> None:
    page.get_by_label("Tìm đoạn văn").focus()
    page.keyboard.type("vải thiều")
    page.keyboard.press("Enter")
    expect(page.locator("#ket-qua h2")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Tải bảng CSV")).to_be_focused()
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#cua-so-tra dialog[open]")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_it_fits_and_is_readable(browser: Browser, address: str, scheme: str) -> None:
    with tab(browser, address, color_scheme=scheme, **PHONE) as page:
        page.get_by_role("tab", name="Tra cứu").click()
        search(page, QUERY).first.wait_for()
        page.get_by_text("Mọi nguồn").first.click()
        assert fits(page)
        page.keyboard.press("Escape")
        assert loud(page) == []


def test_the_picture_for_the_docs(browser: Browser, tmp_path: Path, sample: Assistant) -> None:
    with serving(sample.settings.index) as running, tab(browser, running) as page:
        page.get_by_role("tab", name="Tra cứu").click()
        search(page, "công nhân ngừng việc, lương").first.wait_for()
        assert loud(page) == []
        picture(page, "page-search.png")
