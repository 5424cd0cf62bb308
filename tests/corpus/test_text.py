"""Folding and marking, and the map from what is matched back to what is printed."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import text as corpus_text
from corpus.text import Remembered, fold, has_marks, mark, syllables, terms

FORMS = ["NFC", "NFD", "NFKC", "NFKD"]
vietnamese = st.text(
    st.sampled_from("aăâeêioôơuưyđĐẾỘớặỹnghQqt 27/.\u0301\u0323\u200b😀"), max_size=40
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đường Láng", "duong lang"),
        ("CÔNG ĐOÀN", "cong doan"),
        ("Nguyễn Thị Ngọc Ánh", "nguyen thi ngoc anh"),
        ("quý khách thuở ấy", "quy khach thuo ay"),
        ("Ỷ Ỡ Ẵ Ẫ Ể Ộ Ữ Ị", "y o a a e o u i"),
        ("27/5 – 1.500.000", "27/5 – 1.500.000"),
    ],
)
def test_folding_takes_every_mark_off(text: str, folded: str, form: str) -> None:
    assert fold(unicodedata.normalize(form, text)) == folded


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("late", "early"),
    [
        ("hoà", "hòa"),
        ("khoẻ", "khỏe"),
        ("thuỷ", "thủy"),
        ("uỷ", "ủy"),
        ("HOẠ", "họa"),
        ("loã", "lõa"),
    ],
)
def test_both_places_of_the_tone_are_one_spelling(late: str, early: str, form: str) -> None:
    assert mark(unicodedata.normalize(form, late)) == early
    assert mark(unicodedata.normalize(form, early)) == early


@pytest.mark.parametrize(
    "syllable", ["quý", "toán", "thuyền", "đoàn", "khuỷu", "quả", "hoặc", "thuở", "huế"]
)
def test_the_tone_stays_where_there_is_only_one_place_for_it(syllable: str) -> None:
    assert mark(syllable) == mark(unicodedata.normalize("NFD", syllable)) == syllable


@pytest.mark.parametrize(
    ("one", "other"), [("ma", "má"), ("dan", "đan"), ("hòa", "hóa"), ("ban", "bân")]
)
def test_marking_keeps_words_apart_that_folding_joins(one: str, other: str) -> None:
    assert mark(one) != mark(other)
    assert fold(one) == fold(other)


def test_each_syllable_knows_where_it_stands_in_the_text_as_printed() -> None:
    text = unicodedata.normalize("NFD", "Công đo") + "\u200b" + "àn 😀 Hoà_Bình: 27/5!"
    found = syllables(text)
    assert [s.marked for s in found] == ["công", "đoàn", "hòa", "bình", "27", "5"]
    assert [s.folded for s in found] == ["cong", "doan", "hoa", "binh", "27", "5"]
    printed = [text[s.start : s.end] for s in found]
    assert printed[0] == unicodedata.normalize("NFD", "Công")
    assert printed[1] == unicodedata.normalize("NFD", "đo") + "\u200bàn"
    assert printed[2:] == ["Hoà", "Bình", "27", "5"]


@settings(max_examples=200, deadline=None)
@given(vietnamese)
def test_every_form_of_a_text_has_the_same_syllables(text: str) -> None:
    composed = syllables(unicodedata.normalize("NFC", text))
    decomposed = syllables(unicodedata.normalize("NFD", text))
    assert [s.folded for s in composed] == [s.folded for s in decomposed]
    assert [s.marked for s in composed] == [s.marked for s in decomposed]


@settings(max_examples=200, deadline=None)
@given(st.one_of(vietnamese, st.text(max_size=40)))
def test_offsets_are_in_order_and_matching_forms_come_from_them(text: str) -> None:
    end = 0
    for s in syllables(text):
        assert end <= s.start < s.end <= len(text)
        assert (s.marked, s.folded) == (mark(text[s.start : s.end]), fold(text[s.start : s.end]))
        end = s.end


@settings(max_examples=200, deadline=None)
@given(vietnamese)
def test_folding_and_marking_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert mark(mark(text)) == mark(text)


@pytest.mark.parametrize("invisible", ["\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"])
def test_invisible_characters_are_not_matched(invisible: str) -> None:
    assert fold(f"cô{invisible}ng") == "cong"
    assert [s.marked for s in syllables(f"cô{invisible}ng đoàn")] == ["công", "đoàn"]


@pytest.mark.parametrize(
    ("text", "marked"),
    [("cong doan", False), ("Cong Doan CAND 27/5", False), ("", False), ("co\u200bng", False),
     ("công đoan", True), ("đi", True), (unicodedata.normalize("NFD", "má"), True)],
)  # fmt: skip
def test_has_marks(text: str, marked: bool) -> None:
    assert has_marks(text) is marked


def test_terms_are_the_syllables_then_their_neighbours_joined() -> None:
    assert terms(["công", "đoàn", "viên"]) == ["công", "đoàn", "viên", "công_đoàn", "đoàn_viên"]
    assert terms(["công"]) == ["công"]
    assert terms([]) == []


def test_what_was_asked_for_lately_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus_text, "_MOST_KEPT", 3)
    made: list[str] = []

    def make(syllable: str) -> str:
        made.append(syllable)
        return syllable.upper()

    known = Remembered(make)
    asked = "a b c a d a e a f a g a".split()  # more than it keeps, and one again and again
    assert [known[s] for s in asked] == [s.upper() for s in asked]
    assert made.count("a") == 1
    assert len(known) <= 3
    assert known["b"] == "B"
    assert made.count("b") == 2  # forgotten meanwhile
    long = "x" * 100
    assert (known[long], known[long]) == (long.upper(), long.upper())
    assert made.count(long) == 2
