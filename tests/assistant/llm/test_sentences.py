"""Tokens → sentences with their citations, however the tokens are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.llm.sentences import Assembler, Draft, sentences

WRITTEN = [
    ("Cầu dài 312 mét [1]. Cầu xây năm 2019 [2].", [("Cầu dài 312 mét.", (1,)), ("Cầu xây năm 2019.", (2,))]),
    ("Cầu dài 312 mét. [1] Cầu xây năm 2019. [2]", [("Cầu dài 312 mét.", (1,)), ("Cầu xây năm 2019.", (2,))]),
    ("Cầu dài 312 mét 【1】. Cầu xây năm 2019【2】【3】.", [("Cầu dài 312 mét.", (1,)), ("Cầu xây năm 2019.", (2, 3))]),
    ("Cầu dài 312 mét [1, 2].", [("Cầu dài 312 mét.", (1, 2))]),
    ("Cầu dài 312 mét [2-4].", [("Cầu dài 312 mét.", (2, 3, 4))]),
    ("Cầu dài 312 mét [1†nguồn].", [("Cầu dài 312 mét.", (1,))]),
    ("**Cầu** dài 312 mét [^1].", [("Cầu dài 312 mét.", (1,))]),
    ("- Cầu dài [1].\n- Đường hẹp [2].", [("Cầu dài.", (1,)), ("Đường hẹp.", (2,))]),
    ("<think>Để xem [9].</think>Cầu dài 312 mét [1].", [("Cầu dài 312 mét.", (1,))]),
    ("Cầu dài 312 mét.", [("Cầu dài 312 mét.", ())]),
    ("", []),
    ("[1]", [("", (1,))]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "drafts"), WRITTEN)
def test_sentences(text: str, drafts: list[tuple[str, tuple[int, ...]]]) -> None:
    plain = text.replace("【", "[").replace("】", "]")
    assert sentences(plain) == [Draft(*d) for d in drafts]


@pytest.mark.parametrize(("text", "drafts"), WRITTEN)
@given(st.lists(st.integers(1, 9), max_size=40))
def test_however_it_is_cut_the_same_comes_out(
    text: str, drafts: list[tuple[str, tuple[int, ...]]], cuts: list[int]
) -> None:
    assembler, out, rest = Assembler(), [], text
    for cut in cuts:
        out += assembler.feed(rest[:cut])
        rest = rest[cut:]
    out += assembler.feed(rest)
    out += assembler.finish()
    assert out == [Draft(*d) for d in drafts]


def test_a_sentence_comes_out_only_when_its_citation_is_whole() -> None:
    assembler = Assembler()
    assert assembler.feed("Cầu dài 312 mét. [1") == []
    assert assembler.feed("] Cầu") == [Draft("Cầu dài 312 mét.", (1,))]
    assert assembler.feed(" xây năm 2019 [") == []
    assert assembler.finish() == [Draft("Cầu xây năm 2019", ())]


def test_an_endless_text_is_cut_off() -> None:
    assembler = Assembler()
    for _ in range(300):
        assembler.feed("không biết " * 20)
    assert len(assembler.text) == 20_000
