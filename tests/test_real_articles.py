"""A thousand real articles and the two seeds: asked in the browser, every citation checked.

The articles stay in ../shared; the questions are this project's own.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from assistant.answer import format_date
from assistant.service import Assistant
from assistant.settings import Settings
from tests.serving import ask, plain, serving, tab

QUESTIONS = {  # and what an answer must hold; nothing where the archive cannot know
    "Cả nước có bao nhiêu người đã có hộ chiếu vaccine?": "40 triệu",
    "Nga rút quân khỏi đảo nào của Ukraine?": "Đảo Rắn",
    "cong ty giay da my phong cho bao nhieu cong nhan nghi viec": "10.000",
    "Thiếu tướng Đặng Ngọc Bách giữ chức vụ gì?": "Phó Cục trưởng",
    "Tem thư Việt Nam đầu tiên in hình ai?": "",
}


@pytest.fixture(scope="module")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over the real articles, built."""
    folder = tmp_path_factory.mktemp("that")
    archive = folder / "kho"
    archive.mkdir()
    for file in [*sorted((shared / "seeds").iterdir()), shared / "data/news-qa-dev/articles.jsonl"]:
        shutil.copyfile(file, archive / file.name)
    assistant = Assistant(Settings(archive=archive, index=folder / "index"))
    report = assistant.build()
    assert (report.articles, report.failures) == (1002, [])
    assert report.seconds < 60
    yield assistant
    assistant.close()


@pytest.mark.shared
@pytest.mark.browser
def test_what_the_page_shows_is_verbatim_in_its_article(real: Assistant, browser: Browser) -> None:
    settings = real.settings
    with serving(settings.index, settings.archive) as address, tab(browser, address) as page:
        for question, holds in QUESTIONS.items():
            found = ask(page, question)
            if holds:
                expect(found).to_contain_text(re.compile(re.escape(holds), re.I))
                check_citations(real, question, page, found)
            else:
                expect(found).to_contain_text("Không tìm thấy trong kho bài viết")
                expect(found.locator("li a")).to_have_count(3)
                expect(found.locator("blockquote")).to_have_count(0)


def check_citations(assistant: Assistant, question: str, page: Page, found: Locator) -> None:
    """The quotes on the page, their cards and whole articles, against the article at its offsets."""
    citations = assistant.ask(question).citations
    assert citations
    quotes = found.locator("blockquote")
    expect(quotes).to_have_count(len(citations))
    for citation, quote in zip(citations, quotes.all(), strict=True):
        article = assistant.article(citation.article.id)
        sentence = article.text[citation.start : citation.end]
        assert sentence == citation.quote
        assert plain(quote.inner_text()) == plain(f"{sentence} [{citation.n}]")
        quote.locator("a").click()
        card = page.locator(".hb-the.hb-duoc-chon")
        expect(card.locator("h4")).to_have_text(plain(f"[{citation.n}] {article.title}"))
        expect(card.locator(".hb-phu").first).to_contain_text(format_date(article.date))
        expect(card.locator(".hb-doan mark")).to_have_text(plain(sentence))
        card.get_by_role("button", name="Mở toàn bài").click()
        whole = page.get_by_role("dialog", name="Toàn bài")
        expect(whole.locator("mark")).to_have_text(plain(sentence))
        shown = plain(whole.inner_text())
        assert all(plain(paragraph) in shown for paragraph in article.text.split("\n\n"))
        page.keyboard.press("Escape")
        expect(whole).to_have_count(0)
