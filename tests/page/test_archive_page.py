"""The tab "Kho bài viết" in Chromium: articles added, put right, deleted and taken back; the index follows."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.service import Assistant
from tests.page.looks import EVIL, PHONE, fits, loud, picture
from tests.serving import ask, serving, tab

pytestmark = pytest.mark.browser

BRIDGE = (
    "Khánh thành cầu Vân Du\n\nThứ Hai, 01/09/2025\n\nCầu Vân Du dài 312 mét bắc qua sông Lạch.\n"
)
TABLE = "title,body,date,source\nBài một,Lúa gạo xuất khẩu tăng mạnh.,2024-01-02,Báo A\nBài hai,Cà phê được giá.,2024-02-03,Báo B\n"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small archive with a table, an article that tries to break out, and a broken file."""
    folder = tmp_path_factory.mktemp("kho")
    (folder / "bang.csv").write_text(TABLE, encoding="utf-8")
    (folder / "xau.md").write_text(
        f"---\ndate: 2025-12-31\n---\n# {EVIL}\n\nMột bài {EVIL} có thẻ.\n", encoding="utf-8"
    )
    (folder / f"hỏng {EVIL.replace('/', '')}.pdf").write_bytes(b"%PDF-1.4 cut")
    rows = "\n".join(
        f'{{"title": "Tin vắn {n}", "date": "2023-01-{1 + n % 28:02}", "body": "Tin vắn số {n} trong ngày."}}'
        for n in range(60)
    )
    (folder / "van.jsonl").write_text(rows, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def address(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("chi-muc") / "index", archive) as running:
        yield running


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with tab(browser, address) as opened:
        open_archive(opened)
        yield opened


def open_archive(page: Page) -> None:
    page.get_by_role("tab", name="Kho bài viết").click()
    page.locator("#cac-bai tbody tr").first.wait_for()


def build(page: Page) -> None:
    """Bring the index up to date with the first button there is."""
    page.get_by_role("button", name="Cập nhật chỉ mục").first.click()
    expect(page.locator("#bao-cao")).to_contain_text("Xong sau")


def test_files_and_a_pasted_article_are_added_and_answered(page: Page, archive: Path) -> None:
    page.set_input_files(
        "#kho-tep",
        [
            {"name": "cau.txt", "mimeType": "text/plain", "buffer": BRIDGE.encode()},
            {"name": f"{EVIL}.docx", "mimeType": "x/y", "buffer": b"PK\x03\x04 broken"},
            {"name": "rong.txt", "mimeType": "text/plain", "buffer": b" "},
        ],
    )
    results = page.locator("#kho-bao .hb-tung-tep li")
    expect(results).to_have_count(3)
    expect(results.nth(0)).to_contain_text(
        "Đã thêm cau.txt: “Khánh thành cầu Vân Du”, ở bai-them/cau.txt"
    )
    expect(results.nth(1)).to_contain_text("hỏng")
    expect(results.nth(2)).to_contain_text("tệp rỗng")
    assert sorted(f.name for f in (archive / "bai-them").iterdir()) == ["cau.txt"]
    page.get_by_text("Dán một bài").click()
    page.get_by_role("button", name="Thêm bài này").click()
    expect(page.locator(".hb-bao")).to_contain_text("Hãy điền nhan đề và nội dung")
    page.locator("#dan-nhan-de").fill("Chợ phiên Mèo Vạc")
    page.locator("#dan-ngay").fill("5/1/2023")
    page.locator("#dan-noi-dung").fill("Chợ phiên Mèo Vạc họp chủ nhật.\nCó 40 gian hàng thổ cẩm.")
    page.get_by_role("button", name="Thêm bài này").click()
    expect(page.locator("#kho-bao")).to_contain_text("Chợ phiên Mèo Vạc")
    expect(page.locator("#dan-nhan-de")).to_have_value("")
    page.locator("#kho-bao").get_by_role("button", name="Cập nhật chỉ mục").click()
    expect(page.locator("#bao-cao")).to_contain_text("thêm 2 bài")
    page.locator("#bao-cao").get_by_text("Từng bài").click()
    expect(page.locator("#bao-cao")).to_contain_text("bai-them/2023-01-05-Chợ phiên Mèo Vạc.md")
    page.get_by_role("tab", name="Hỏi đáp").click()
    expect(ask(page, "Cầu Vân Du dài bao nhiêu mét?")).to_contain_text("312 mét")


def test_metadata_is_put_right(page: Page, archive: Path) -> None:
    page.get_by_role("button", name="Sửa thông tin “Bài một”").click()
    page.locator("#sua-nguon").fill(f"Báo {EVIL}")
    page.locator("#sua-ngay").fill("không ngày")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("#kho-bao [role=alert]")).to_contain_text("không phải một ngày")
    page.get_by_role("button", name="Sửa thông tin “Bài một”").click()
    page.locator("#sua-nguon").fill(f"Báo {EVIL}")
    page.locator("#sua-ngay").fill("7/1/2024")
    page.keyboard.press("Enter")
    expect(page.locator("#kho-bao")).to_contain_text("Đã ghi thông tin của “Bài một”")
    assert (archive / "bang.csv").read_text(encoding="utf-8") == TABLE
    build(page)
    row = page.locator("#cac-bai tr", has_text="Bài một")
    expect(row).to_contain_text("07/01/2024")
    expect(row).to_contain_text(f"Báo {EVIL}")
    row.get_by_role("button", name="Sửa thông tin").click()
    page.get_by_role("button", name="Trở lại như trong tệp").click()
    expect(page.locator("#kho-bao")).to_contain_text("Đã ghi")
    build(page)
    expect(page.locator("#cac-bai tr", has_text="Bài một")).to_contain_text("02/01/2024")


def test_an_article_is_deleted_and_taken_back(page: Page, archive: Path) -> None:
    file = archive / "thu.txt"
    file.write_text(
        "Bài để xóa\n\nThứ Hai, 01/12/2025\n\nNội dung của bài để xóa.\n", encoding="utf-8"
    )
    build(page)
    page.get_by_role("button", name="Xóa “Bài để xóa”").click()
    expect(page.locator("#kho-bao")).to_contain_text("vào thùng rác")
    assert not file.exists()
    expect(page.locator("#tom-tat")).to_contain_text("Có 1 tệp mới, đã đổi hoặc đã mất")
    page.get_by_role("button", name="Hoàn tác: “Bài để xóa”").click()
    expect(page.locator("#kho-bao")).to_contain_text("Đã trả thu.txt về kho")
    assert file.exists()
    page.get_by_role("button", name="Xóa “Bài để xóa”").click()
    build(page)
    expect(page.locator("#cac-bai")).not_to_contain_text("Bài để xóa")
    page.get_by_text("Thùng rác (1)").click()
    page.get_by_role("button", name="Lấy lại: “Bài để xóa”").click()
    expect(page.locator("#kho-bao")).to_contain_text("Đã trả thu.txt về kho")
    file.unlink()
    build(page)


def test_a_row_of_a_table_goes_only_with_its_file(page: Page, archive: Path) -> None:
    page.get_by_role("button", name="Xóa “Bài hai”").click()
    window = page.locator("#cua-so-kho dialog[open]")
    expect(window).to_contain_text("nằm trong tệp “bang.csv” cùng 1 bài khác")
    window.get_by_role("button", name="Thôi").click()
    assert (archive / "bang.csv").exists()
    page.get_by_role("button", name="Xóa “Bài hai”").click()
    window.get_by_role("button", name="Xóa cả tệp").click()
    expect(page.locator("#kho-bao")).to_contain_text("Đã chuyển “bang.csv” vào thùng rác")
    assert not (archive / "bang.csv").exists()
    page.get_by_role("button", name="Hoàn tác: “bang.csv”").click()
    expect(page.locator("#kho-bao")).to_contain_text("Đã trả bang.csv về kho")


def test_the_list_is_leafed_through_filtered_and_read(page: Page) -> None:
    rows = page.locator("#cac-bai tbody tr")
    expect(rows).to_have_count(50)
    page.locator("#cac-bai").get_by_role("button", name="Trang sau").click()
    expect(page.locator("#kho-dem")).to_contain_text("trang 2 trên 2")
    page.get_by_label("Tìm bài").fill("bai hai")
    page.get_by_label("Tìm bài").press("Enter")
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="Bài hai", exact=True).click()
    window = page.locator("#cua-so-kho dialog[open]")
    expect(window).to_contain_text("Cà phê được giá")
    window.get_by_role("button", name="Đóng").click()
    page.locator("#kho-loc").get_by_role("button", name="Bỏ lọc").click()
    expect(rows).to_have_count(50)


def test_hostile_titles_and_names_are_shown_as_they_are(page: Page) -> None:
    expect(page.locator("#cac-bai")).to_contain_text(EVIL)
    expect(page.locator("#trang-thai .hb-loi")).to_contain_text(EVIL.replace("/", ""))
    page.locator("#cac-bai tr", has_text=EVIL).get_by_role("button", name="Sửa thông tin").click()
    expect(page.locator("#sua-nhan-de")).to_have_value(EVIL)
    page.get_by_role("button", name="Đóng").click()
    page.get_by_role("button", name="Tô màu theo tháng").click()
    expect(page.locator("iframe.hb-ban-do")).to_have_attribute("sandbox", "")
    assert page.locator(".prose img, .prose [onmouseover]").count() == 0


def test_what_readers_think_is_shown_to_editors(page: Page) -> None:
    page.get_by_role("tab", name="Hỏi đáp").click()
    ask(page, "Cà phê thế nào?")
    page.get_by_role("tab", name="Kho bài viết").click()
    expect(page.locator("#kho-gop-y")).to_contain_text("Góp ý của người hỏi")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_it_fits_and_is_readable(browser: Browser, address: str, scheme: str) -> None:
    with tab(browser, address, color_scheme=scheme, **PHONE) as page:
        open_archive(page)
        page.get_by_text("Dán một bài").click()
        assert fits(page)
        assert loud(page) == []
        page.get_by_role("button", name="Sửa thông tin").first.click()
        page.locator("#cua-so-kho dialog[open]").wait_for()
        assert fits(page) and loud(page) == []


def test_the_sample_archive_is_shown_and_not_changed(browser: Browser, sample: Assistant) -> None:
    with serving(sample.settings.index) as running, tab(browser, running) as page:
        open_archive(page)
        expect(page.locator("#kho-viec")).to_contain_text("kho mẫu")
        assert page.locator("#kho-tep, [data-kho=sua], [data-kho=xoa]").count() == 0
        expect(
            page.get_by_role("img", name="Số bài theo năm đăng bài").locator("rect")
        ).to_have_count(7)
        assert loud(page) == []


def test_the_picture_for_the_docs(browser: Browser, tmp_path: Path, sample: Assistant) -> None:
    own = shutil.copytree(sample.settings.archive, tmp_path / "bai-viet")
    with serving(tmp_path / "index", own) as running, tab(browser, running) as page:
        open_archive(page)
        assert loud(page) == []
        picture(page, "page-archive.png")
