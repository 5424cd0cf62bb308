"""The splitter against a golden file cut by hand, in every spelling the text may come in."""

import time
import unicodedata
from pathlib import Path

import pytest

from corpus.sentences import MAX_WORDS, count_words, cut, split_sentences

GOLDEN = Path(__file__).parents[1] / "data" / "sentences.golden.txt"
MARK = "¦"


def golden() -> list[str]:
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def unmarked(paragraph: str) -> str:
    return paragraph.replace(MARK, "")


def cut_by_hand(paragraph: str) -> list[str]:
    return [sentence.strip() for sentence in paragraph.split(MARK)]


def split(text: str) -> list[str]:
    return [text[s.start : s.end] for s in split_sentences(text)]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("paragraph", golden())
def test_each_paragraph_is_cut_as_by_hand(paragraph: str, form: str) -> None:
    written = unicodedata.normalize(form, paragraph)
    assert split(unmarked(written)) == cut_by_hand(written)


@pytest.mark.parametrize("line_end", ["\n", "\n\n", "\r\n", "\r", "\u2028", "\x85", " \u2029\t"])
def test_paragraphs_never_run_together(line_end: str) -> None:
    text = line_end.join(unmarked(p) for p in golden())
    assert split(text) == [s for p in golden() for s in cut_by_hand(p)]


def test_the_golden_file_is_large_enough_to_mean_something() -> None:
    sentences = [s for p in golden() for s in cut_by_hand(p)]
    assert len(sentences) >= 80
    assert all(sentences), "two marks stand side by side"


def test_offsets_count_from_the_start_of_the_text_not_of_the_part() -> None:
    text = "Bỏ qua câu này. Trời mưa to. Đường ngập. Bỏ qua cả câu này."
    start, end = text.index("Trời"), text.index(" Bỏ qua cả")
    found = split_sentences(text, start, end)
    assert [text[s.start : s.end] for s in found] == ["Trời mưa to.", "Đường ngập."]
    assert found[0].start == start


def test_nothing_but_space_has_no_sentence() -> None:
    assert split_sentences("") == split_sentences(" \n\t\u00a0\u2029 ") == []


def test_invisible_characters_around_a_full_stop_do_not_hide_it() -> None:
    assert split("Nước rút.\u200b \ufeffDân về nhà.") == ["Nước rút.\u200b", "\ufeffDân về nhà."]


def test_a_table_without_full_stops_is_cut_at_a_comma() -> None:
    text = "ấp An Phú Đông có 12 hộ, " * 40  # 280 words; the limit falls inside an item
    first, second = split_sentences(text)
    assert text[first.end - 1] == ","
    assert MAX_WORDS - 7 < count_words(text, first) < MAX_WORDS
    assert count_words(text, first) + count_words(text, second) == 280


def test_cut_takes_a_semicolon_before_a_comma_and_else_all_words() -> None:
    text = "một hai ba bốn năm; sáu, bảy tám"
    assert [text[s.start : s.end] for s in cut(text, 0, len(text), 6)] == [
        "một hai ba bốn năm;",
        "sáu, bảy tám",
    ]
    plain = "một hai ba bốn năm"
    assert [plain[s.start : s.end] for s in cut(plain, 0, len(plain), 2)] == [
        "một hai",
        "ba bốn",
        "năm",
    ]


@pytest.mark.parametrize(
    "line",
    ["." * 20_000 + "a", "a." + " " * 20_000 + ".", "TP. " * 20_000, "a. " + "”" * 20_000 + "b",
     "(Ảnh: " * 20_000, "Hà Nội… " * 10_000],
    ids=["dots", "spaces", "abbreviations", "quotes", "credits", "ellipses"],
)  # fmt: skip
def test_a_line_of_rubbish_takes_no_quadratic_time(line: str) -> None:
    started = time.process_time()
    split_sentences(line)
    assert time.process_time() - started < 2  # quadratic: 9 s for the dots
