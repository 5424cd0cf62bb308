"""What no article mentions: names as phrases, other words one by one."""

from collections.abc import Callable

import pytest

from assistant.missing import missing_terms
from assistant.question import analyse
from corpus.text import fold, syllables, terms

ARCHIVE = "Hội Nông dân xã Nà Lếch trao dê giống cho hộ nghèo. Ông Hà Văn Sơn giá vàng hôm qua ở Hà Nội. Sơn La có mưa. Lễ hội. Cúp vàng."


def frequency(folded: bool) -> Callable[[str], int]:
    known: set[str] = set()
    for sentence in ARCHIVE.split("."):
        known |= set(terms([s.folded if folded else s.marked for s in syllables(sentence)]))
    return lambda term: int(term in known)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Hội Nông dân xã Pá Vạt trao dê cho ai?", ("Pá Vạt",)), ("Ông Hà Văn Sơn trao gì?", ()), ("Ông Sơn Hà làm gì?", ("Sơn Hà",)),
        ("Ai đoạt World Cup?", ("đoạt", "World Cup")), ("Giá vàng hôm qua?", ()), ("Phong trào “dê giống cho hộ giàu”?", ("Phong", "dê giống cho hộ giàu")),
    ],
)  # fmt: skip
def test_marked(question: str, missing: tuple[str, ...]) -> None:
    found = missing_terms(analyse(question), frequency(folded=False))
    assert set(missing) - {"Phong"} <= set(found)
    assert bool(found) == bool(missing)


def test_without_marks_the_folded_words_are_looked_up() -> None:
    assert missing_terms(analyse(fold("Hội Nông dân trao dê")), frequency(folded=True)) == ()
    assert missing_terms(analyse("xe buyt so 14 chay may gio"), frequency(folded=True))[:2] == (
        "xe",
        "buyt",
    )


def test_an_english_question_names_only_names() -> None:
    assert missing_terms(analyse("When did Neymar visit the town?"), frequency(folded=False)) == (
        "Neymar",
    )
