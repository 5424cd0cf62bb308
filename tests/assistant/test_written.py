"""Questions written about texts that stay in the data folder: found again, or said to have changed."""

import json
import lzma
from pathlib import Path

import pytest

from assistant.evaluation.questions import Asked
from assistant.train.written import WRITTEN, digest, read_written
from corpus.text import fold
from embeddings.sets import Row, read_rows

PAGE = "Bản Hốc nằm bên suối Nậm Lếch. Trường bản có 12 thầy cô. Suối chảy về phía tây."
SECTION = PAGE[PAGE.index("Trường") :]
NEWS = "Cầu Nà Lếch thông xe.\nCầu dài 312 mét. Ông Lò Văn Sơn cắt băng."


def write(file: Path, *rows: Row) -> None:
    with lzma.open(file, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    abstract, body = NEWS.split("\n")
    news = {"title": "Thông xe", "abstract": abstract, "body": body}
    write(tmp_path / "news-2016-2019.jsonl.xz", news | {"id": "000007"})
    write(tmp_path / "news-2017.jsonl.xz", news | {"title": "Bản tin khác", "body": "."}, news)
    write(tmp_path / "wiki-vi.jsonl.xz", {"title": "bản hốc", "body": PAGE})
    return tmp_path


def row(name: str, text: str, question: str, sentence: str = "", answer: str = "") -> Row:
    made: Row = {
        "text": name, "digest": digest(text), "question": question, "type": "what", "split": "train",
    }  # fmt: skip
    for part, words in (("sentence", sentence), ("answer", answer)):
        if words:
            made[part] = [text.index(words), text.index(words) + len(words)]
    return made


def read(data: Path, *rows: Row) -> list[Asked]:
    write(data / "written.jsonl.xz", *rows)
    asked, texts = read_written(data, data / "written.jsonl.xz")
    assert {a.about for a in asked} == {t.id for t in texts}
    return asked


def test_sentence_and_answer_are_read_where_the_text_stands(data: Path) -> None:
    section = f"wiki:0#{PAGE.index('Trường')}-{len(PAGE)}"
    old, new, wiki = read(
        data,
        row("n2016:000007", NEWS, "Cầu dài mấy mét?", "Cầu dài 312 mét.", "312 mét"),
        row("n2017:1", NEWS, "Ai cắt băng?", "Ông Lò Văn Sơn cắt băng.", "Lò Văn Sơn"),
        row(section, SECTION, "Trường có bao nhiêu thầy cô?", "Trường bản có 12 thầy cô.", "12"),
    )
    assert (old.sentence, old.answers) == ("Cầu dài 312 mét.", ("312 mét",))
    assert old.articles == {"n2016:000007"}
    assert (new.sentence, new.answers) == ("Ông Lò Văn Sơn cắt băng.", ("Lò Văn Sơn",))
    assert (wiki.sentence, wiki.answers, wiki.about) == (
        "Trường bản có 12 thầy cô.",
        ("12",),
        section,
    )


def test_a_near_miss_is_about_a_text_that_does_not_answer_it(data: Path) -> None:
    (missed,) = read(data, row("n2017:1", NEWS, "Cầu Nà Lếch rộng mấy mét?"))
    assert not missed.answerable and not missed.articles and not missed.answers
    assert missed.about == "n2017:1"


@pytest.mark.parametrize("name", ["n2017:0", "n2017:2", "wiki:0#0-20", "wiki:9#0-20", "n2016:7"])
def test_another_text_is_not_taken_for_the_one_that_was_written_about(
    data: Path, name: str
) -> None:
    with pytest.raises(ValueError, match=name):
        read(data, row(name, NEWS, "Cầu rộng mấy mét?"))


def test_the_written_file_holds_questions_and_places_but_no_text_of_articles() -> None:
    rows = list(read_rows(WRITTEN))
    assert len(rows) > 5_000
    for one in rows:
        assert set(one) <= {"text", "digest", "question", "type", "split", "sentence", "answer"}
        assert ("sentence" in one) == ("answer" in one) == (one["type"] != "unanswerable")
        if "sentence" in one:
            (first, last), (start, end) = one["sentence"], one["answer"]
            assert first <= start < end <= last
    questions = [one["question"] for one in rows]
    assert len(set(map(fold, questions))) > 0.99 * len(questions)
    assert 0.2 < sum(one["type"] == "unanswerable" for one in rows) / len(rows) < 0.45


@pytest.mark.shared
def test_every_written_question_finds_its_text_and_its_answer(shared: Path) -> None:
    asked, _ = read_written(shared / "data")
    for one in asked:
        if one.answerable:
            assert one.answers[0] in one.sentence, one.text
