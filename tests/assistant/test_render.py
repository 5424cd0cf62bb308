"""What reaches the page: article text is shown as printed, marked at its offsets, never as markup."""

import datetime as dt
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, Citation
from assistant.excerpt import context, matches
from assistant.exports.reference import confidence_word
from assistant.page import render_archive
from assistant.page.marks import highlight
from assistant.page.render import error_message
from assistant.page.render_article import article_window, missing_window
from assistant.page.render_list import conversations_html, undo_html
from assistant.page.render_turn import (
    doing_html,
    failed_html,
    suggestions_html,
    turn_html,
    welcome_html,
)
from assistant.question import analyse
from assistant.records.conversations import Entry, Turn
from assistant.records.keeping import keep
from assistant.records.kept import Part
from assistant.respond import Stage
from assistant.service import Status
from assistant.wording import local_time
from corpus.archive import Failure
from corpus.article import Article, make_article
from embeddings.build import BuildReport

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
    html = highlight(text, spans)
    assert marked(html) == [text[start:end] for start, end in spans]
    assert unescape(re.sub(r"</?mark>", "", html)) == text
    assert "<" not in re.sub(r"</?mark>", "", html)


def test_matches_respects_the_marks_that_were_typed() -> None:
    text = "Công đoàn họp. Cộng đoàn không họp."
    found = [text[start:end] for start, end in matches("công đoàn", text)]
    assert found == ["Công đoàn", "đoàn"]
    folded = [text[start:end] for start, end in matches("cong doan", text)]
    assert folded == ["Công đoàn", "Cộng đoàn"]


def test_matches_are_offsets_into_the_text_as_printed() -> None:
    decomposed = "Ho\u0300a Bi\u0300nh\u00a0– thuỷ điện"
    found = [decomposed[start:end] for start, end in matches("hoà bình thủy", decomposed)]
    assert found == ["Ho\u0300a Bi\u0300nh", "thuỷ"]


def test_grammar_words_are_not_highlighted() -> None:
    assert matches("là của và ai", "Ông là của và ai") == []


@pytest.mark.parametrize("quote", [QUOTE, "Vốn là 98 tỷ đồng.", "Cầu Vân Du nhìn từ trên cao."])
def test_context_holds_the_sentence_and_stays_on_its_side_of_the_captions(quote: str) -> None:
    c = cite(quote=quote)
    first, last = context(ARTICLE, c.start, c.end)
    assert first <= c.start < c.end <= last
    in_body = c.start < ARTICLE.body_end
    assert (last <= ARTICLE.body_end) if in_body else (first >= ARTICLE.body_end)


def test_context_of_a_long_paragraph_is_that_paragraph() -> None:
    long = "Câu mở đầu của đoạn này. " * 20 + "Câu cần tìm ở đây."
    article = make_article(
        id="a", path="a", title="", paragraphs=["Đoạn trước.", long, "Đoạn sau."]
    )
    c = cite(article, "Câu cần tìm ở đây.")
    first, last = context(article, c.start, c.end)
    assert article.text[first:last] == long


def test_a_sentence_over_a_line_break_is_marked_on_both_lines() -> None:
    article = make_article(
        id="a", path="a", title="", paragraphs=["Mở đầu. Câu này sang\ndòng sau. Hết."]
    )
    c = cite(article, "Câu này sang\ndòng sau.")
    window = article_window(article, c.quote, c.start)
    assert marked(window) == ["Câu này sang", "dòng sau."]


# Answers and evidence


def turn_of(answer: Answer, id: str = "t0", **changes: object) -> Turn:
    kept = replace(keep(answer, 7), **changes)  # type: ignore[arg-type]
    return Turn(id, answer.question.text, "", kept)


def test_an_answer_quotes_verbatim_and_links_to_a_card_that_marks_the_same() -> None:
    answer = answered(cite(), cite(quote="Vốn là 98 tỷ đồng.", n=2))
    html = turn_html(turn_of(answer))
    assert (
        text_of(html).count("Theo bài “Khánh thành cầu Vân Du” (Báo Sông Lạch, 01/09/2025):") == 1
    )
    for c in answer.citations:
        assert f"{c.quote} [{c.n}]" in text_of(html)
        assert f'href="#dan-t0-{c.n}"' in html
        assert f'id="dan-t0-{c.n}"' in html
    assert marked(html) == [QUOTE, "Vốn là 98 tỷ đồng."]
    assert "Độ tin cậy: cao" in text_of(html)


def test_a_card_tells_where_it_is_from_and_why_it_was_found() -> None:
    html = text_of(turn_html(turn_of(answered(cite()))))
    assert "Báo Sông Lạch · 01/09/2025" in html
    assert "có chung “Cầu dài”" in html
    assert "nhan đề có “cầu Vân Du”" in html
    assert re.search("nghĩa (rất gần|gần|không gần lắm) với câu hỏi", html)


def test_a_quotation_to_copy_has_its_reference() -> None:
    html = unescape(turn_html(turn_of(answered(cite()))))
    assert f"“{QUOTE}” (Khánh thành cầu Vân Du, Báo Sông Lạch, ngày 01/09/2025)" in html


def test_abstention_names_the_nearest_articles_and_links_to_them() -> None:
    html = turn_html(turn_of(abstained(ARTICLE), "t1"))
    assert "Không tìm thấy trong kho bài viết." in text_of(html)
    assert "Khánh thành cầu Vân Du 01/09/2025" in text_of(html)
    assert 'href="#dan-t1-1"' in html
    assert 'id="dan-t1-1"' in html
    assert "<mark>" not in html


def test_an_empty_archive_is_called_empty() -> None:
    html = turn_html(turn_of(abstained()))
    assert "Kho chưa có bài nào." in text_of(html)
    assert "hb-dan" not in html


def test_a_follow_up_shows_how_it_was_understood() -> None:
    question = analyse("Còn năm 2021?", ["Quỹ chi bao nhiêu năm 2020?"])
    answer = replace(answered(cite()), question=question)
    assert f"Hiểu là: {question.resolved}" in text_of(turn_html(turn_of(answer)))
    assert "Hiểu là" not in turn_html(turn_of(answered(cite())))


def test_expansions_and_the_part_searched_are_told() -> None:
    turn = turn_of(answered(cite(), question="Công đoàn CAND ở đâu?"), within="nguồn ANTV")
    html = text_of(turn_html(turn))
    assert "Tìm cả: CAND = Công an nhân dân" in html
    assert "Chỉ tìm trong: nguồn ANTV" in html


@pytest.mark.parametrize(
    ("confidence", "word"), [(1.0, "cao"), (0.85, "cao"), (0.7, "vừa"), (0.5, "thấp")]
)
def test_confidence_is_a_word(confidence: float, word: str) -> None:
    assert confidence_word(confidence) == word


def test_an_undated_article_says_so() -> None:
    article = replace(ARTICLE, date=None, source="")
    assert "không rõ ngày đăng" in turn_html(turn_of(answered(cite(article))))


def test_a_question_that_was_stopped_can_be_asked_again() -> None:
    html = turn_html(Turn("t", "Cầu nào?", "", None))
    assert "Đã dừng" in html
    assert 'data-lam="lai"' in html


def test_the_own_verdict_is_shown_pressed() -> None:
    turn = turn_of(answered(cite()))
    assert turn_html(turn).count('aria-pressed="true"') == 0
    for verdict, action in ((True, "dung"), (False, "sai")):
        [pressed] = re.findall(
            r'data-lam="(\w+)"[^>]*aria-pressed="true"', turn_html(turn, verdict)
        )
        assert pressed == action


def test_a_window_marks_the_sentence_where_it_now_stands() -> None:
    c = cite()
    assert marked(article_window(ARTICLE, QUOTE, c.start)) == [QUOTE]
    moved = article_window(ARTICLE, QUOTE, 3)
    assert marked(moved) == [QUOTE]
    assert "đã được sửa" in moved
    gone = article_window(ARTICLE, "Câu không có.", 3)
    assert marked(gone) == []
    assert "không còn câu trích nguyên văn" in gone


def test_a_window_shows_all_of_the_article() -> None:
    caption = cite(quote="Cầu Vân Du nhìn từ trên cao.")
    html = article_window(ARTICLE, caption.quote, caption.start)
    assert marked(html) == [caption.quote]
    for part in [*ARTICLE.text.split("\n\n"), "10:05, 01/09/2025", "Thu An", "tin/cau.txt"]:
        assert part in text_of(html)


# Escaping


def status(**changes: object) -> Status:
    plain = Status(
        archive=Path("/kho"), index=Path("/chi-muc"), encoder="builtin-1", articles=1234, passages=5678,
        first_date="2019-04-12", last_date="2025-07-02", built_at="2025-07-03T01:02:03+00:00",
        stale=0, failures=[],
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


class _Attributes(HTMLParser):
    """The names of all attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names += [name for name, _ in attrs]


def attributes(html: str) -> list[str]:
    parser = _Attributes()
    parser.feed(html)
    return parser.names


HOSTILE_PAGES = {
    "answer": turn_html(turn_of(answered(cite(HOSTILE, EVIL), question=f"Hỏi {EVIL}?"), EVIL)),
    "understood": turn_html(
        turn_of(replace(answered(), question=analyse(f"Còn {EVIL}?", [f"Trước {EVIL}?"])))
    ),
    "claim": turn_html(turn_of(answered(cite(HOSTILE, EVIL)), parts=(Part(EVIL, (1,), claim=True),))),
    "abstention": turn_html(turn_of(abstained(HOSTILE), note=EVIL)),
    "within": turn_html(turn_of(answered(cite()), within=EVIL, remarks=(EVIL,), expansions=((EVIL, EVIL),))),
    "doing": doing_html(Turn(EVIL, EVIL, "", None), Stage.SEARCHING),
    "failed": failed_html(Turn(EVIL, EVIL, "", None), EVIL),
    "suggestions": suggestions_html([EVIL]),
    "welcome": welcome_html([EVIL]),
    "conversations": conversations_html([Entry(EVIL, EVIL, "")], EVIL),
    "deleted": undo_html(EVIL, EVIL),
    "window": article_window(HOSTILE, EVIL, 0),
    "no window": missing_window(EVIL),
    "error": error_message(EVIL),
    "status": render_archive.status_panel(
        status(archive=Path(EVIL), encoder=EVIL, failures=[Failure(EVIL, EVIL)])
    ),
    "summary": render_archive.summary_line(status(archive=Path(EVIL), articles=0)),
    "missing": render_archive.summary_line(status(archive=Path(EVIL)), missing=True),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_PAGES)
def test_nothing_from_an_article_a_path_or_a_question_becomes_markup(name: str) -> None:
    html = HOSTILE_PAGES[name]
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert "alert(1)" in text_of(html)
    assert not [name for name in attributes(html) if name.startswith("on")]


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


def test_local_time_of_nothing_is_nothing() -> None:
    assert local_time("") == ""
    assert re.fullmatch(r"\d\d:\d\d, \d\d/\d\d/2025", local_time("2025-07-03T01:02:03+00:00"))
