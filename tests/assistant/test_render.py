"""What reaches the page: article text is shown as printed, marked at its offsets, never as markup."""

import datetime as dt
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import render, render_archive
from assistant.answer import Answer, Citation
from assistant.question import analyse
from assistant.render import Section
from assistant.retrieve import Hit
from assistant.service import Status
from corpus.archive import Failure
from corpus.article import Article, PassageKind, make_article
from embeddings.build import BuildReport
from embeddings.store import StoredPassage

EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">[a](javascript:alert(3))'
ARTICLE = make_article(
    id="tin/cau.txt", path="tin/cau.txt", title="Khánh thành cầu Vân Du",
    paragraphs=["Sáng 1/9, cầu Vân Du được khánh thành. Cầu dài 312 mét.", "Người dân hai xã đến dự.", "Vốn là 98 tỷ đồng."],
    captions=["Cầu Vân Du nhìn từ trên cao."],
    date=dt.date(2025, 9, 1), time=dt.time(10, 5), source="Báo Sông Lạch", author="Thu An",
    url="https://example.vn/cau?a=1&b=2",
)  # fmt: skip
QUOTE = "Cầu dài 312 mét."
HOSTILE = make_article(
    id=f"{EVIL}.txt", path=f"{EVIL}.txt", title=EVIL, paragraphs=[EVIL], captions=[EVIL],
    source=EVIL, author=EVIL, url="javascript:alert(4)",
)  # fmt: skip


def cite(article: Article = ARTICLE, quote: str = QUOTE, n: int = 1) -> Citation:
    start = article.text.index(quote)
    return Citation(n, article, quote, start, start + len(quote))


def answered(*citations: Citation, question: str = "Cầu Vân Du dài bao nhiêu?") -> Answer:
    return Answer(analyse(question), True, 0.9, "", list(citations), [])


def abstained(*nearest: Article) -> Answer:
    return Answer(analyse("Cầu Mống xây năm nào?"), False, 0.1, "", [], list(nearest))


def text_of(html: str) -> str:
    """What a reader sees of some HTML."""
    return unescape(re.sub(r"<[^>]*>", "", html))


def marked(html: str) -> list[str]:
    return [text_of(m) for m in re.findall(r"<mark>(.*?)</mark>", html, re.S)]


# Marking


@given(st.text(), st.lists(st.integers(0, 40), max_size=8))
def test_highlight_keeps_every_character_and_marks_the_spans(text: str, cuts: list[int]) -> None:
    bounds = sorted({min(cut, len(text)) for cut in cuts})
    spans = list(zip(bounds[::2], bounds[1::2], strict=False))
    html = render.highlight(text, spans)
    assert marked(html) == [text[start:end] for start, end in spans]
    assert unescape(re.sub(r"</?mark>", "", html)) == text
    assert "<" not in re.sub(r"</?mark>", "", html)


def test_matches_respects_the_marks_that_were_typed() -> None:
    text = "Công đoàn họp. Cộng đoàn không họp."
    found = [text[start:end] for start, end in render.matches("công đoàn", text)]
    assert found == ["Công đoàn", "đoàn"]
    folded = [text[start:end] for start, end in render.matches("cong doan", text)]
    assert folded == ["Công đoàn", "Cộng đoàn"]


def test_matches_are_offsets_into_the_text_as_printed() -> None:
    decomposed = "Ho\u0300a Bi\u0300nh\u00a0– thuỷ điện"
    found = [decomposed[start:end] for start, end in render.matches("hoà bình thủy", decomposed)]
    assert found == ["Ho\u0300a Bi\u0300nh", "thuỷ"]


def test_grammar_words_are_not_highlighted() -> None:
    assert render.matches("là của và ai", "Ông là của và ai") == []


@pytest.mark.parametrize("quote", [QUOTE, "Vốn là 98 tỷ đồng.", "Cầu Vân Du nhìn từ trên cao."])
def test_context_holds_the_sentence_and_stays_on_its_side_of_the_captions(quote: str) -> None:
    c = cite(quote=quote)
    first, last = render.context(ARTICLE, c.start, c.end)
    assert first <= c.start < c.end <= last
    in_body = c.start < ARTICLE.body_end
    assert (last <= ARTICLE.body_end) if in_body else (first >= ARTICLE.body_end)


def test_context_of_a_long_paragraph_is_that_paragraph() -> None:
    long = "Câu mở đầu của đoạn này. " * 20 + "Câu cần tìm ở đây."
    article = make_article(
        id="a", path="a", title="", paragraphs=["Đoạn trước.", long, "Đoạn sau."]
    )
    c = cite(article, "Câu cần tìm ở đây.")
    first, last = render.context(article, c.start, c.end)
    assert article.text[first:last] == long


def test_the_whole_article_is_all_of_its_text_with_the_sentence_marked() -> None:
    c = cite()
    html = render.whole_article(ARTICLE, (c.start, c.end))
    assert marked(html) == [QUOTE]
    shown = text_of(html)
    for paragraph in ARTICLE.text.split("\n\n"):
        assert paragraph in shown
    assert "10:05, 01/09/2025" in shown
    assert 'href="https://example.vn/cau?a=1&amp;b=2"' in html


def test_a_sentence_over_a_line_break_is_marked_on_both_lines() -> None:
    article = make_article(
        id="a", path="a", title="", paragraphs=["Mở đầu. Câu này sang\ndòng sau. Hết."]
    )
    c = cite(article, "Câu này sang\ndòng sau.")
    assert marked(render.whole_article(article, (c.start, c.end))) == ["Câu này sang", "dòng sau."]


# Answers and evidence


def test_an_answer_quotes_verbatim_and_links_to_a_card_that_marks_the_same() -> None:
    answer = answered(cite(), cite(quote="Vốn là 98 tỷ đồng.", n=2))
    message, section = render.answer_message(answer, "t0"), render.evidence_section(answer, "t0")
    assert (
        text_of(message).count("Theo bài “Khánh thành cầu Vân Du” (Báo Sông Lạch, 01/09/2025):")
        == 1
    )
    for c in answer.citations:
        assert f"{c.quote} [{c.n}]" in text_of(message)
        assert f'href="#dan-t0-{c.n}"' in message
        assert f'id="dan-t0-{c.n}"' in section.cards
    # each sentence once in its passage and once in the whole article
    assert marked(section.cards) == [QUOTE, QUOTE, "Vốn là 98 tỷ đồng.", "Vốn là 98 tỷ đồng."]
    assert "Độ tin cậy: cao" in message


def test_abstention_names_the_nearest_articles_and_links_to_them() -> None:
    answer = abstained(ARTICLE)
    message, section = render.answer_message(answer, "t1"), render.evidence_section(answer, "t1")
    assert text_of(message).startswith("Không tìm thấy trong kho bài viết. ")
    assert "Khánh thành cầu Vân Du 01/09/2025" in text_of(message)
    assert 'href="#dan-t1-1"' in message
    assert 'id="dan-t1-1"' in section.cards
    assert "<mark>" not in section.cards


def test_an_empty_archive_is_called_empty() -> None:
    assert "Kho chưa có bài nào." in text_of(render.answer_message(abstained(), "t"))
    assert render.evidence_section(abstained(), "t").cards == ""


def test_a_follow_up_shows_how_it_was_understood() -> None:
    question = analyse("Còn năm 2021?", ["Quỹ chi bao nhiêu năm 2020?"])
    answer = replace(answered(cite()), question=question)
    assert f"Hiểu là: {question.resolved}" in text_of(render.answer_message(answer, "t"))
    assert "Hiểu là" not in render.answer_message(answered(cite()), "t")


@pytest.mark.parametrize(
    ("confidence", "word"), [(1.0, "cao"), (0.85, "cao"), (0.7, "vừa"), (0.5, "thấp")]
)
def test_confidence_is_a_word(confidence: float, word: str) -> None:
    assert render.confidence_word(confidence) == word


def test_the_panel_opens_the_last_answer_and_folds_the_earlier_ones() -> None:
    sections = [Section("Một?", "<p>1</p>"), Section("Hai?"), Section("Ba?", "<p>3</p>")]
    html = render.evidence_panel(sections)
    assert html.index("Ba?") < html.index("Một?")
    assert html.count("<details") == 2
    assert html.startswith('<details class="hb-dan" open>')
    assert html.count(" open") == 1
    assert "Hai?" not in html
    assert "Dẫn chứng sẽ hiện ở đây" in render.evidence_panel([])
    assert "Dẫn chứng sẽ hiện ở đây" in render.evidence_panel([Section("Một?")])


def test_an_undated_article_says_so() -> None:
    article = replace(ARTICLE, date=None, source="")
    assert "không rõ ngày đăng" in render.evidence_section(answered(cite(article)), "t").cards


# Escaping


def hits(article: Article) -> list[Hit]:
    passage = StoredPassage(1, article, 0, len(EVIL), EVIL, PassageKind.BODY, b"")
    return [Hit(passage, 1.0, 1.0, 1.0)]


def status(**changes: object) -> Status:
    plain = Status(
        archive=Path("/kho"), index=Path("/chi-muc"), encoder="builtin-1", articles=1234, passages=5678,
        first_date="2019-04-12", last_date="2025-07-02", built_at="2025-07-03T01:02:03+00:00",
        stale=0, failures=[],
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


HOSTILE_PAGES = {
    "answer": render.answer_message(
        answered(cite(HOSTILE, EVIL), question=f"Hỏi {EVIL}?"), "t"
    ),
    "understood": render.answer_message(
        replace(answered(), question=analyse(f"Còn {EVIL}?", [f"Trước {EVIL}?"])), "t"
    ),
    "abstention": render.answer_message(abstained(HOSTILE), "t"),
    "evidence": render.evidence_panel(
        [render.evidence_section(answered(cite(HOSTILE, EVIL), question=f"Hỏi {EVIL}?"), "t")]
    ),
    "nearest": render.evidence_panel([render.evidence_section(abstained(HOSTILE), "t")]),
    "hits": render.search_results(EVIL, hits(HOSTILE)),
    "error": render.error_message(EVIL),
    "status": render_archive.status_panel(
        status(archive=Path(EVIL), encoder=EVIL, failures=[Failure(EVIL, EVIL)])
    ),
    "summary": render_archive.summary_line(status(archive=Path(EVIL), articles=0)),
    "missing": render_archive.summary_line(status(archive=Path(EVIL)), missing=True),
    "table": render_archive.article_table([(EVIL, EVIL, "", EVIL)]),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_PAGES)
def test_nothing_from_an_article_a_path_or_a_question_becomes_markup(name: str) -> None:
    html = HOSTILE_PAGES[name]
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert "alert(1)" in text_of(html)
    for tag in re.findall(r"<[^>]*>", html):  # no attribute was broken out of
        assert not re.search(r"\bon\w+=", tag), tag


# The archive tab


def test_status_has_vietnamese_numbers_and_dates() -> None:
    shown = render_archive.status_panel(status(failures=[Failure("a.txt", "tệp rỗng")]))
    for value in ("1.234", "5.678", "12/04/2019 – 02/07/2025", "a.txt: tệp rỗng"):
        assert value in text_of(shown)


def test_the_summary_warns_only_when_there_is_something_to_do() -> None:
    assert "hb-luu-y" not in render_archive.summary_line(status())
    assert "Có 3 tệp mới, đã đổi hoặc đã mất" in render_archive.summary_line(status(stale=3))
    empty = render_archive.summary_line(status(articles=0, first_date="", last_date=""))
    assert "Kho chưa có bài nào" in empty
    assert "/kho" in empty


def test_a_build_is_told_in_one_line() -> None:
    report = BuildReport(
        added=1200, changed=2, removed=3, unchanged_files=4, articles=1300, passages=2600, seconds=1.25,
        failures=[Failure("b.txt", "tệp rỗng")],
    )  # fmt: skip
    shown = text_of(render_archive.build_summary(report))
    assert "thêm 1.200 bài, đổi 2, bỏ 3; 4 tệp giữ nguyên" in shown
    assert "Xong sau 1,2 giây" in shown
    assert "1 chỗ không đọc được" in shown


def test_the_table_ends_after_500_rows_and_counts_the_rest() -> None:
    rows = [(f"{n}.txt", f"Bài {n}", "01/01/2024", "") for n in range(1_723)]
    html = render_archive.article_table(rows)
    assert html.count("<tr>") == 501
    assert "Và 1.223 bài cũ hơn." in html
    assert "Và" not in render_archive.article_table(rows[:500])
    assert "Chưa có bài nào" in render_archive.article_table([])


def test_local_time_of_nothing_is_nothing() -> None:
    assert render_archive.local_time("") == ""
    assert re.fullmatch(
        r"\d\d:\d\d, \d\d/\d\d/2025", render_archive.local_time("2025-07-03T01:02:03+00:00")
    )
