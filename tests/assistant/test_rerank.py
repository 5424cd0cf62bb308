"""The second stage of retrieval by the built-in reader."""

from dataclasses import replace

import numpy as np
import pytest

from assistant.question import analyse
from assistant.reading.reader import READS, Reads
from assistant.reading.windows import Window
from assistant.rerank import ReadReranker, load_reranker
from assistant.respond import Asked, find
from assistant.retrieve import Hit, retrieve
from assistant.service import Assistant
from assistant.settings import read_settings

QUESTION = "lương tối thiểu vùng tăng bao nhiêu"


class Fond:
    """A reader that is sure of one passage, by a sentence of it."""

    def __init__(self, liked: Hit) -> None:
        self.liked = (liked.passage.article.text, liked.passage.start)
        self.read_windows: list[Window] = []

    def read(self, question: str, windows: list[Window], candidates: int) -> Reads:
        values = np.full((candidates, len(READS)), -3.0)
        for window in windows:
            if (window.text, window.sentences[0][0]) == self.liked:
                values[window.owners[-1], 0] = 60.0
        self.read_windows = windows
        return Reads(values, [None] * candidates)


def test_the_passage_that_answers_best_comes_first(sample: Assistant) -> None:
    question = analyse(QUESTION)
    plain = retrieve(sample._open(), question, 30)
    reader = Fond(plain[9])
    found = ReadReranker(reader)(question, plain)  # type: ignore[arg-type]  # only ``read`` is used
    assert found[0].passage == plain[9].passage
    assert found[0].score == pytest.approx(plain[9].score + 18.0)
    assert [h.passage for h in found[1:10]] == [h.passage for h in plain[:9]]
    assert [h.passage for h in found[10:]] == [h.passage for h in plain[10:]]
    scores = [h.score for h in found]
    assert scores == sorted(scores, reverse=True)
    assert len(reader.read_windows) == 10
    for window, hit in zip(reader.read_windows, plain, strict=False):
        a, b = window.sentences[0][0], window.sentences[-1][1]
        assert hit.passage.start <= a < b <= hit.passage.end


def test_what_lies_deeper_is_not_read(sample: Assistant) -> None:
    question = analyse(QUESTION)
    plain = retrieve(sample._open(), question, 30)
    found = ReadReranker(Fond(plain[10]))(question, plain)  # type: ignore[arg-type]
    assert [h.passage for h in found] == [h.passage for h in plain]


def test_an_english_question_is_not_read(sample: Assistant) -> None:
    question = analyse("What is the minimum wage of the region?")
    plain = retrieve(sample._open(), question, 30)
    assert ReadReranker(Fond(plain[9]))(question, plain) == plain  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [0, 1, 4])
def test_a_few_hits_are_all_kept(count: int, sample: Assistant) -> None:
    question = analyse(QUESTION)
    plain = retrieve(sample._open(), question, 30)[:count]
    reranker = load_reranker("builtin")
    assert reranker
    found = reranker(question, plain)
    assert {h.passage.id for h in found} == {h.passage.id for h in plain}


def test_passages_are_looked_up_with_it_and_answers_made_without(sample: Assistant) -> None:
    assert read_settings(environ={}).reranker == "builtin"
    assert load_reranker("off") is None
    index, means = sample._open(), sample.means
    assert isinstance(means.reranker, ReadReranker)
    assert means.second_stage is None
    first = sample.search(QUESTION, 3)
    _, wide = find(index, Asked(QUESTION), 10)
    assert means.reranker
    assert [h.passage for h in first] == [
        h.passage for h in means.reranker(analyse(QUESTION), wide)[:3]
    ]
    bare = Assistant(replace(sample.settings, reranker="off"))
    bare._index = index  # the same archive, opened once
    assert bare.means.reranker is None
    asked = bare.ask(QUESTION)
    assert [c.quote for c in asked.citations] == [c.quote for c in sample.ask(QUESTION).citations]
