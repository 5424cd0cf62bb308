"""Codes of many texts at once against the syllables of corpus.text, one by one."""

import random
import unicodedata

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.text import folded_forms, marked_forms, printed
from embeddings.counting import folded, marked, spellings

LETTERS = (
    "aăâbcdđeêoôơuưyxAĐÂĂ09 _.,-\n\u0300\u0301\u00ad\u200b\ufeffàáảãạòóỏùúủýỳÒỦ“”…İΣſßﬁꙮ😀각Ａ"
)
TEXT = st.one_of(st.text(max_size=60), st.text(LETTERS, max_size=80))
WORDS = (
    "hoà hòa thuỷ thủy Thuý quý quỳ Hoạ họa khoẻ khỏe loè xoè hoa toà TÒA uỷ ban Ủy qủy oà".split()
)


def same(codes: np.ndarray, forms: list[str]) -> bool:
    return len(codes) == len(forms) and all(
        int(code) in spellings(form) for code, form in zip(codes, forms, strict=True)
    )


@given(st.lists(TEXT, max_size=6))
@settings(max_examples=300, deadline=None)
def test_each_syllable_has_a_code_of_its_form(texts: list[str]) -> None:
    for text, ours, theirs in zip(texts, marked(texts), folded(texts), strict=True):
        assert same(ours, marked_forms(printed(text))), text
        assert same(theirs, folded_forms(printed(text))), text


def test_both_spellings_of_a_tone_are_one_form_and_others_are_not() -> None:
    text = " ".join(WORDS)
    forms = marked_forms(printed(text))
    [codes] = marked([text])
    for form in set(forms):
        there = [i for i, code in enumerate(codes.tolist()) if code in spellings(form)]
        assert there == [i for i, other in enumerate(forms) if other == form], form


def test_decomposed_text_and_long_runs_are_counted_alike() -> None:
    text = "Trường tiểu học Bản Mốc hoà thuỷ " + "x" * 200 + " " + "9" * 70
    for form in ("NFC", "NFD"):
        there = unicodedata.normalize(form, text)
        assert same(marked([there])[0], marked_forms(printed(there)))
        assert same(folded([there])[0], folded_forms(printed(there)))


def test_forms_do_not_share_codes() -> None:
    chance = random.Random(4)
    words = {
        "".join(chance.choices("abcđeghiklmnopqrstuvxyàáạảãâầấậẩẫ", k=4)) for _ in range(20_000)
    }
    assert len({spellings(word)[0] for word in words}) >= len(words) - 2
