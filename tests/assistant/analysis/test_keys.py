"""Keystrokes of Telex and VNI are read as what they type, and nothing else is touched."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.analysis.keys import read_keys
from assistant.evaluation.typed import telex, vni
from assistant.question import Typed, analyse
from corpus.archive import SAMPLE_ARCHIVE, list_files, read_file
from corpus.errors import QuestionError
from corpus.spelling import is_syllable
from corpus.text import fold, marked_forms, printed

QUESTIONS = [
    ("Ai laf Khoois truwowngr Khoois thi ddua soos 4?", "Ai là Khối trưởng Khối thi đua số 4?"),
    ("muwa luxx", "muwa luxx"),  # one word, and one typed twice over: not sure enough
    ("bao nhieeu nguwowif cheets vif luwx", "bao nhiêu người chết vì lữ"),
    ("bao nhieu nguoiwf dduwowcj cuuws", "bao nhieu người được cứu"),
    ("thuowr nhor quowr trachs", "thuở nhỏ quở trách"),
    ("giaf lafng ddi ddaau", "già làng đi đâu"),
    ("gif quas vaayj", "gì quá vậy"),
    ("Truwowngf DDaij hocj Quy Nhown", "Trường Đại học Quy Nhơn"),
    ("khuyeen ngwowif queen", "khuyên người quên"),
    ("hoaf bifnh", "hoà bình"),
    ("muaw hoacwj nangws quangw", "mưa hoặc nắng quăng"),
    ("D9a2 Na8ng4 co1 bao nhie6u ca6u2", "Đà Nẵng có bao nhiêu cầu"),
    ("thu7o71ng nu7o7c1 ngoai2", "thướng nước ngoài"),
    ("H5N1 o73 d9a6u", "H5N1 ở đâu"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "meant"), QUESTIONS, ids=[t for t, _ in QUESTIONS])
def test_what_the_keys_make(typed: str, meant: str) -> None:
    assert marked_forms(printed(read_keys(typed))) == marked_forms(printed(meant))


@pytest.mark.parametrize(
    "text",
    [
        "Who was the first person of this list and does she have a bus?",
        "How long has the fighting lasted?",
        "bao nhieu nguoi chet vi lu",
        "ninh thuan con may nguoi thoi thanh thao ken saranai",
        "facebook twitter iphone samsung",
        "VFF, WHO, UNESCO",
        "lớp 12A2 laf gif",  # has marks already
        "",
        "4?",
    ],
)
def test_what_was_typed_in_letters_stays(text: str) -> None:
    assert read_keys(text) == text


def sample_syllables() -> list[str]:
    texts = (
        a.text
        for f in list_files(SAMPLE_ARCHIVE)[:12]
        for a in read_file(SAMPLE_ARCHIVE, f).articles
    )
    words = {w.lower() for text in texts for w in printed(text)}
    return sorted(w for w in words if is_syllable(w) and fold(w) != w)


@pytest.mark.parametrize("keys", [telex, vni])
def test_every_syllable_of_the_sample_archive_comes_back(keys: Callable[[str], str]) -> None:
    words = sample_syllables()
    assert len(words) > 600
    text = " ".join(words)
    read = read_keys(keys(text))
    assert marked_forms(printed(read)) == marked_forms(printed(text))


@given(st.text(alphabet="abcdeghiklmnopqrstuvxyfjwz0123456789 ADNW?", max_size=60))
def test_any_letters_are_read_without_harm(text: str) -> None:
    read = read_keys(text)
    assert len(read.split()) == len(text.split())
    try:
        question = analyse(text)
    except QuestionError:
        return
    assert question.text == " ".join(text.split())


def test_a_question_in_keystrokes_is_searched_with_marks() -> None:
    typed = "Lieen ddoanf Lao ddoongj tawngj bao nhieeu suaats quaf?"
    question = analyse(typed)
    assert question.text == typed
    assert question.resolved == "Liên đoàn Lao động tặng bao nhiêu suất quà?"
    assert question.typed is Typed.MARKED
    assert question.kind == analyse("Liên đoàn Lao động tặng bao nhiêu suất quà?").kind
    follow = analyse("Conf nawm 2021 thif sao?", [typed])
    assert follow.resolved == "Liên đoàn Lao động tặng bao nhiêu suất quà năm 2021?"
