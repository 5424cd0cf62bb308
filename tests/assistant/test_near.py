"""Near misses for training: what answers is cut out, and nothing else."""

import numpy as np
import pytest

from assistant.features import FEATURES, WHOLE
from assistant.reading.words import (
    QUESTION,
    SPECIAL,
    TITLE,
    Reading,
    Vocabulary,
    ask_words,
    encode,
    split_words,
)
from assistant.train.examples import TRAIN, Example, Read
from assistant.train.near import Cutter, near_misses

TITLE_OF = "Cầu Nà Lếch thông xe"
TEXT = (
    "Cầu Nà Lếch nối hai bờ suối. Cầu dài 312 mét, rộng 7 mét. Bà con mổ lợn ăn mừng. "
    "Trưởng bản nhắc lại: đúng 312 mét. Trẻ con chạy qua cầu."
)
QUESTION_OF = "Cầu Nà Lếch dài mấy mét?"


def sentences(text: str) -> list[tuple[int, int]]:
    ends = [i + 1 for i, c in enumerate(text) if c == "."]
    return list(zip([0, *(e + 1 for e in ends[:-1])], ends, strict=True))


VOCABULARY = Vocabulary(
    [*SPECIAL, *sorted({w.form.marked for w in split_words(f"{TITLE_OF} {TEXT} {QUESTION_OF} hồ")})]
)


def read_of(text: str, owners: list[int], answer: str, title: str = TITLE_OF) -> Read:
    reading = encode(VOCABULARY, ask_words(QUESTION_OF), title, text, sentences(text))
    at = text.find(answer) if answer else -1
    inside = np.flatnonzero(
        (reading.starts >= at) & (reading.ends <= at + len(answer)) & (reading.starts >= 0)
    )
    place = (int(inside[0]), int(inside[-1])) if at >= 0 else (-1, -1)
    return Read(reading, np.array(owners), place)


def example(reads: list[Read], right: list[bool]) -> Example:
    rows = np.arange(len(right) * len(FEATURES), dtype=float).reshape(len(right), -1)
    return Example(
        rows, np.zeros(len(WHOLE)), np.array(right), reads, True, TRAIN, "news", "how_many"
    )


def words(reading: Reading, segment: int | None = None) -> list[str]:
    inside = reading.segments == segment if segment is not None else slice(None)
    return [VOCABULARY.entries[n] for n in reading.tokens[inside]]


def test_sentences_that_answer_are_gone_and_the_others_stand() -> None:
    made = Cutter(VOCABULARY)(
        example([read_of(TEXT, [0, 1, 2, 3, 4], "312 mét")], [False, True, False, False, False])
    )
    assert made is not None
    (read,) = made.reads
    left = "Cầu Nà Lếch nối hai bờ suối. Bà con mổ lợn ăn mừng. Trẻ con chạy qua cầu."
    wanted = read_of(left, [0, 1, 2], "")
    # Exactly the reading of a text that never said it: marks of the question included.
    for name in ("tokens", "segments", "marks", "shapes"):
        assert getattr(read.reading, name).tolist() == getattr(wanted.reading, name).tolist()
    assert read.reading.markers == wanted.reading.markers
    assert read.answer == (-1, -1)
    assert not made.answerable and not made.right.any()
    assert read.owners.tolist() == [0, 1, 2]
    assert made.rows[:, 0].tolist() == [0.0, 2.0 * len(FEATURES), 4.0 * len(FEATURES)]


def test_words_of_the_question_that_nothing_matches_are_unmarked() -> None:
    before = read_of(TEXT, [0, 1, 2, 3, 4], "312 mét")
    made = Cutter(VOCABULARY)(example([before], [False, True, False, False, False]))
    assert made is not None

    def marked(reading: Reading) -> set[str]:
        asked = (reading.segments == QUESTION) & (reading.marks > 0)
        return {VOCABULARY.entries[n] for n in reading.tokens[asked]}

    assert marked(before.reading) == {"cầu", "nà", "lếch", "dài", "mét"}
    assert marked(made.reads[0].reading) == {"cầu", "nà", "lếch"}


def test_an_answer_seen_in_another_window_is_cut_there_too() -> None:
    other = "Trẻ con chạy qua cầu. Cầu dài 312 mét, rộng 7 mét. Bà con mổ lợn ăn mừng."
    reads = [read_of(TEXT, [0, 1, 2, 3, 4], "312 mét"), read_of(other, [5, -1, -1], "")]
    made = Cutter(VOCABULARY)(example(reads, [False, True, False, False, False, False]))
    assert made is not None
    assert "312" not in words(made.reads[1].reading)
    assert made.reads[1].owners.tolist() == [3, -1]
    assert len(made.rows) == 4


def test_windows_of_the_answer_alone_are_gone() -> None:
    reads = [read_of("Cầu dài 312 mét.", [0], "312 mét"), read_of("Trẻ con chạy qua cầu.", [1], "")]
    made = Cutter(VOCABULARY)(example(reads, [True, False]))
    assert made is not None
    assert [words(read.reading)[-3:] for read in made.reads] == [["qua", "cầu", "."]]
    assert Cutter(VOCABULARY)(example(reads[:1], [True])) is None


def test_nothing_is_made_of_a_question_that_the_title_answers() -> None:
    read = read_of(TEXT, [0, 1, 2, 3, 4], "312 mét", title="Cầu Nà Lếch dài 312 mét")
    assert "312" in words(read.reading, TITLE)
    assert Cutter(VOCABULARY)(example([read], [False, True, False, False, False])) is None


@pytest.mark.parametrize("right", [0, 2, 4])
def test_without_a_known_span_the_right_sentence_alone_is_cut(right: int) -> None:
    before = read_of(TEXT, [0, 1, 2, 3, 4], "")
    made = Cutter(VOCABULARY)(example([before], [i == right for i in range(5)]))
    assert made is not None
    assert len(made.reads[0].reading.markers) == 4
    assert made.rows[:, 0].tolist() == [float(i * len(FEATURES)) for i in range(5) if i != right]


def test_near_misses_are_made_of_a_share_of_the_questions_with_an_answer() -> None:
    answered = example([read_of(TEXT, [0, 1, 2, 3, 4], "312 mét")], [i == 1 for i in range(5)])
    other = example([read_of(TEXT, [0, 1, 2, 3, 4], "")], [False] * 5)
    made = near_misses([answered, other] * 100, VOCABULARY, 0.3, seed=1)
    assert 15 < len(made) < 45
    assert not any(e.answerable for e in made)
    assert near_misses([answered], VOCABULARY, 0.0, seed=1) == []
