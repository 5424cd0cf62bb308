"""The chat in Chromium: on a laptop, on a phone, in the dark, with the keyboard alone.

HOIBAO_SCREENSHOTS=docs also renews the pictures of the README.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.service import Assistant
from tests.assistant.llm import scripted
from tests.page.looks import EVIL, PHONE, loud, picture
from tests.serving import answer, ask, plain, question_box, serving, tab

pytestmark = pytest.mark.browser

EXAMPLE = "Ai là Khối trưởng Khối thi đua số 4 Công đoàn CAND?"
STRIKE = "Vì sao công nhân Công ty Da giày Hòa Khánh Vượng ngừng việc?"
FLOOD = "Mưa lũ tháng 10/2022 ở Quảng Trị làm bao nhiêu người chết?"
UNKNOWN = "Giá vé xem chung kết World Cup 2018 ở Mát-xcơ-va là bao nhiêu?"
GOATS = "Hội Nông dân xã Nà Lếch trao 45 con dê giống cho 15 hộ nghèo"
PEN = "Ông Hà Văn Sơn không nhận dê vì nhà chưa có chuồng"
WHO = "Hội Nông dân xã Nà Lếch trao bao nhiêu con dê giống?"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page over the sample archive."""
    with serving(tmp_path_factory.mktemp("mau") / "index") as running:
        yield running


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with tab(browser, address, permissions=["clipboard-read", "clipboard-write"]) as opened:
        yield opened


def clipboard(page: Page) -> str:
    expect(page.locator(".hb-bao")).to_have_text("Đã chép.")
    return str(page.evaluate("navigator.clipboard.readText()"))


# Everybody: first, so that the pictures are of a fresh page


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("page-chat.png", {}),
        ("page-chat-dark.png", {"color_scheme": "dark"}),
        ("page-chat-phone.png", PHONE),
    ],
)
def test_no_barrier_in_light_dark_and_on_a_phone(
    browser: Browser, address: str, name: str, options: dict[str, object]
) -> None:
    with tab(browser, address, **options) as page:
        assert loud(page) == [], "at the start"
        ask(page, EXAMPLE)
        page.get_by_role("button", name="Trò chuyện mới").click()
        page.locator(".hb-chao").wait_for()
        ask(page, FLOOD)
        page.locator("#hoi-tiep button").first.wait_for()
        picture(page, name)
        page.locator("#luot-nay a.hb-so").nth(1).click()
        expect(page.locator(".hb-duoc-chon mark")).to_be_in_viewport()
        page.get_by_role("button", name="Chưa đúng").click()
        page.get_by_role("button", name="Bộ lọc").click()
        page.wait_for_timeout(400)
        assert loud(page) == [], "with an answer, its evidence and the filters"
        ask(page, UNKNOWN)
        page.locator("#luot-nay").get_by_role("button", name="Mở toàn bài").first.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        assert loud(page) == [], "with an article open"


# Asking


def test_an_example_is_answered_by_a_click_and_followed_up(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    page.get_by_role("button", name=STRIKE).click()
    expect(answer(page)).to_contain_text("400.000 đồng")
    expect(question_box(page)).to_have_value("")
    following = page.get_by_role("navigation", name="Câu hỏi gợi ý").get_by_role("button")
    following.first.wait_for()
    question = following.first.inner_text()
    following.first.click()
    expect(page.locator(".hb-hoi").last).to_have_text(question)
    expect(answer(page, 1)).to_contain_text("heo bài")
    expect(answer(page, 1)).not_to_contain_text("Không tìm thấy")


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page whose model server takes its time: three seconds before each of two sentences."""
    folder = tmp_path_factory.mktemp("de")
    (folder / "de.txt").write_text(
        f"Trao dê giống ở Nà Lếch\n\n{GOATS}. {PEN}.\n", encoding="utf-8"
    )
    script = ["<hang>", f"{GOATS} [1]. {PEN[:6]}", "<hang>", f"{PEN[6:]} [2]."]
    with scripted.serving({"cham": script}) as model:
        more = {"HOIBAO_LLM_URL": model.url, "HOIBAO_LLM_MODEL": "cham"}
        with serving(tmp_path_factory.mktemp("cham") / "index", folder, **more) as running:
            yield running


def test_what_is_being_done_is_told_to_eyes_and_ears(browser: Browser, slow: str) -> None:
    with tab(browser, slow) as page:
        question_box(page).fill(WHO)
        question_box(page).press("Enter")
        doing, voice = page.locator(".hb-dang"), page.locator("#hb-loa")
        expect(voice).to_have_attribute("aria-live", "polite")
        expect(doing).to_have_text("Đang chọn câu trả lời…")
        expect(voice).to_have_text("Đang chọn câu trả lời…")
        expect(doing).to_have_text("Đang viết câu trả lời…")
        expect(page.locator("#luot-nay")).to_contain_text(
            GOATS
        )  # the first sentence is there already
        expect(page.locator("#o-hoi .stop-button")).to_be_visible()
        expect(answer(page)).to_contain_text(PEN)
        expect(voice).to_have_text(re.compile(r"Đã có câu trả lời, kèm \d dẫn chứng."))


def test_an_answer_can_be_stopped_and_asked_again(browser: Browser, slow: str) -> None:
    with tab(browser, slow) as page:
        question_box(page).fill(WHO)
        question_box(page).press("Enter")
        page.locator("#o-hoi .stop-button").click()
        expect(page.locator("#luot-nay")).to_contain_text("Đã dừng, chưa có câu trả lời.")
        expect(page.locator("#o-hoi .submit-button")).to_be_visible()
        page.wait_for_timeout(4_000)
        expect(page.locator(".hb-tra-loi")).to_have_count(0)
        page.get_by_role("button", name="Hỏi lại").click()
        expect(answer(page)).to_contain_text(GOATS)
        expect(page.locator(".hb-luot")).to_have_count(1)


@pytest.mark.parametrize(
    ("question", "says"),
    [("", "Bạn chưa nhập câu hỏi"), ("công đoàn " * 2_000, "quá giới hạn")],
    ids=["empty", "20,000 characters"],
)
def test_a_bad_question_is_explained_and_the_chat_goes_on(
    page: Page, question: str, says: str
) -> None:
    question_box(page).fill(question)
    question_box(page).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(says)
    expect(page.locator(".hb-luot")).to_have_count(0)
    expect(ask(page, EXAMPLE)).to_contain_text("Trần Xuân Lịch")
    expect(page.get_by_text(says)).to_have_count(0)


def test_a_follow_up_is_understood_and_can_be_put_right(page: Page) -> None:
    ask(page, EXAMPLE)
    found = ask(page, "Ông ấy giữ chức vụ gì?")
    expect(found).to_contain_text(f"Hiểu là: {EXAMPLE.rstrip('?')}")
    expect(found).to_contain_text("Trần Xuân Lịch")
    found.get_by_role("button", name="Sửa lại câu này").click()
    expect(question_box(page)).to_have_value(
        re.compile("^Ai là Khối trưởng .* – Ông ấy giữ chức vụ gì")
    )
    expect(ask(page, "Trần Xuân Lịch giữ chức vụ gì?")).not_to_contain_text("Hiểu là")


def test_filters_limit_what_is_searched(page: Page) -> None:
    page.get_by_role("button", name="Bộ lọc").click()
    page.get_by_label("Từ ngày").fill("2019")
    page.get_by_label("Đến ngày").fill("hôm kia")
    question_box(page).fill(EXAMPLE)
    question_box(page).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("“hôm kia” không phải là ngày")
    page.get_by_label("Đến ngày").fill("2020")
    expect(ask(page, EXAMPLE)).to_contain_text("Không tìm thấy trong phạm vi đã chọn")
    page.get_by_label("Từ ngày").fill("")
    page.get_by_label("Đến ngày").fill("")
    page.get_by_role("combobox", name="Nguồn").click()
    page.get_by_role("option").filter(has_text="TTXVN").click()
    found = ask(page, FLOOD)
    expect(found).to_contain_text("Chỉ tìm trong: nguồn TTXVN")
    for source in page.locator("#luot-nay .hb-the > .hb-phu:nth-of-type(1)").all():
        expect(source).to_contain_text("TTXVN")


# Evidence


def test_a_number_leads_to_its_sentence_and_to_the_whole_article(
    page: Page, sample: Assistant
) -> None:
    cited = sample.ask(STRIKE).citations
    found = ask(page, STRIKE)
    ask(page, UNKNOWN)
    for citation in cited:
        found.get_by_text(f"[{citation.n}]").click()
        chosen = page.locator(".hb-the.hb-duoc-chon")
        expect(chosen).to_have_count(1)
        expect(chosen).to_be_focused()
        expect(chosen.locator("h4")).to_contain_text(citation.article.title)
        expect(chosen.locator(".hb-doan mark")).to_have_text(citation.quote)
        expect(chosen.locator(".hb-doan mark")).to_be_in_viewport()
        chosen.get_by_role("button", name="Mở toàn bài").click()
        whole = page.get_by_role("dialog", name="Toàn bài")
        expect(whole.locator("mark")).to_have_text(citation.quote)
        expect(whole.locator("mark")).to_be_in_viewport()
        shown = plain(whole.inner_text())
        for paragraph in citation.article.text.split("\n\n"):
            assert plain(paragraph) in shown
        page.keyboard.press("Escape")
        expect(whole).to_have_count(0)


def test_what_the_archive_does_not_know_is_said_with_the_nearest_articles(page: Page) -> None:
    found = ask(page, UNKNOWN)
    expect(found).to_contain_text("Không tìm thấy trong kho bài viết")
    headlines = found.locator("li a")
    expect(headlines).to_have_count(3)
    headlines.nth(1).click()
    chosen = page.locator(".hb-the.hb-duoc-chon")
    expect(chosen.locator("h4")).to_have_text(headlines.nth(1).inner_text())
    expect(page.locator(".hb-luot mark")).to_have_count(0)
    chosen.get_by_role("button", name="Mở toàn bài").click()
    expect(page.get_by_role("dialog").locator("h2")).to_have_text(headlines.nth(1).inner_text())


# Using an answer


def test_an_answer_is_copied_exported_and_judged(page: Page) -> None:
    found = ask(page, EXAMPLE)
    page.get_by_role("button", name="Chép trích dẫn").first.click()
    reference = "(Khối thi đua số 4, Công đoàn CAND ký giao ước thi đua năm 2022, ngày 25/03/2022)"
    assert clipboard(page).endswith(f"số 4.” {reference}")
    page.get_by_role("button", name="Chép câu trả lời kèm nguồn").click()
    assert reference in clipboard(page)
    for label, ending in (("Word", "docx"), ("Markdown", "md"), ("CSV", "csv")):
        page.locator("#luot-nay summary", has_text="Xuất").click()
        with page.expect_download() as download:
            page.locator("#luot-nay").get_by_role("button", name=label).click()
        assert download.value.suggested_filename.endswith(f".{ending}")
        assert Path(download.value.path()).stat().st_size > 200
    page.get_by_role("button", name="Chưa đúng").click()
    page.get_by_label("Sai nguồn").check()
    page.get_by_label("Ghi thêm, nếu muốn").fill(f"Bài khác {EVIL}")
    page.get_by_role("button", name="Gửi góp ý").click()
    expect(page.locator(".hb-bao")).to_contain_text("Đã ghi nhận")
    expect(page.get_by_role("button", name="Chưa đúng")).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(page.get_by_role("button", name="Chưa đúng")).to_have_attribute("aria-pressed", "true")
    expect(found).to_contain_text("Trần Xuân Lịch")


def test_an_answer_prints_alone(page: Page) -> None:
    ask(page, EXAMPLE)
    ask(page, UNKNOWN)
    page.evaluate("window.print = () => {}")
    first = page.locator("#cac-luot .hb-luot").first
    first.locator("summary", has_text="Xuất").click()
    first.get_by_role("button", name="In câu trả lời").click()
    page.emulate_media(media="print")
    expect(first.locator(".hb-tra-loi")).to_be_visible()
    expect(first.locator(".hb-doan mark").first).to_be_visible()
    for hidden in ("#luot-nay .hb-luot", ".hb-soan", ".hb-ben", ".hb-cong-cu >> nth=0"):
        expect(page.locator(hidden)).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(page.locator("#luot-nay .hb-luot")).to_be_visible()


# Conversations


def test_conversations_are_kept_renamed_deleted_and_brought_back(page: Page) -> None:
    ask(page, EXAMPLE)
    ask(page, "Ông ấy giữ chức vụ gì?")
    shown = page.locator("#cac-luot .hb-luot").inner_html()
    page.reload()
    expect(page.locator(".hb-luot")).to_have_count(2)
    assert page.locator("#cac-luot .hb-luot").inner_html() == shown, (
        "as it was given, not asked again"
    )
    current = page.locator(".hb-ke li[aria-current]")
    expect(current.locator(".hb-cuoc")).to_have_text(EXAMPLE)

    current.get_by_role("button", name="Đổi tên").click()
    name = page.get_by_label("Tên mới của cuộc trò chuyện")
    name.fill(f"Khối 4 {EVIL}")
    name.press("Enter")
    expect(current.locator(".hb-cuoc")).to_have_text(f"Khối 4 {EVIL}")

    page.get_by_role("button", name="Trò chuyện mới").click()
    expect(page.locator(".hb-luot")).to_have_count(0)
    expect(question_box(page)).to_be_focused()
    ask(page, UNKNOWN)
    page.locator(".hb-cuoc", has_text="Khối 4").first.click()
    expect(page.locator(".hb-luot")).to_have_count(2)

    current.locator("summary").click()
    with page.expect_download() as download:
        current.get_by_role("button", name="Markdown").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert text.count("\n## ") == 2

    current.get_by_role("button", name="Xóa").click()
    expect(page.locator("#vua-xoa")).to_contain_text(f"Đã xóa “Khối 4 {EVIL}”")
    expect(page.locator(".hb-luot")).to_have_count(0)
    expect(page.locator(".hb-cuoc", has_text="Khối 4")).to_have_count(0)
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator(".hb-luot")).to_have_count(2)
    expect(page.locator("#vua-xoa")).to_be_empty()


# Keyboard, phone, hostile text


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    expect(question_box(page)).to_be_focused()
    page.keyboard.type(EXAMPLE)
    page.keyboard.press("Enter")
    answer(page)
    number = page.locator("#luot-nay a.hb-so").first
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if number.evaluate("e => e === document.activeElement"):
            break
    expect(number).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".hb-the.hb-duoc-chon")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Mở toàn bài").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Mở toàn bài").first).to_be_focused()


def test_on_a_phone_all_is_in_reach_and_nothing_scrolls_sideways(
    browser: Browser, address: str
) -> None:
    with tab(browser, address, **PHONE) as page:
        found = ask(page, STRIKE)
        expect(page.locator("#luot-nay .hb-hoi")).to_be_in_viewport()  # read from its start
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        found.locator("a.hb-so").nth(1).tap()
        expect(page.locator(".hb-duoc-chon .hb-doan mark")).to_be_in_viewport()
        page.locator(".hb-duoc-chon").get_by_role("button", name="Mở toàn bài").tap()
        expect(page.get_by_role("dialog").locator("mark")).to_be_in_viewport()
        page.get_by_role("button", name="Đóng").tap()
        page.get_by_role("button", name="Các cuộc trò chuyện").tap()
        expect(page.locator(".hb-cuoc").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        for button in page.locator("#luot-nay .hb-nut:visible").all():
            box = button.bounding_box()
            assert box and box["height"] >= 40, button.inner_text()


def test_a_hostile_question_stays_text(page: Page) -> None:
    asked = f"Chợ nổi nào &amp; ở đâu? {EVIL} **đậm** [a](javascript:alert(3))"
    ask(page, asked)  # the tab fails on any dialog, error or request
    expect(page.locator(".hb-hoi").last).to_have_text(asked)
    expect(page.locator(".hb-ke li[aria-current] .hb-cuoc")).to_have_text(
        re.compile("^Chợ nổi nào &amp; ở đâu")
    )
    assert page.locator(".hb-cot img, .hb-ben img").count() == 0
