"""The reader's input: words with offsets, marks, windows; and what is made of its output."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evidence import Judge, make_judge
from assistant.features import ANSWERABLE, FEATURES
from assistant.question import analyse
from assistant.ranker import BLEND, BLEND_ANSWERABLE, builtin
from assistant.reading.reader import MODEL, best_span
from assistant.reading.reader import builtin as shipped_reader
from assistant.reading.windows import Window
from assistant.reading.words import (
    CLS,
    QUESTION,
    RARITIES,
    SENTENCE,
    SEP,
    TEXT,
    TITLE,
    UNKNOWN,
    VOCABULARY,
    Vocabulary,
    ask_words,
    encode,
    split_words,
)
from assistant.retrieve import retrieve
from assistant.service import Assistant
from assistant.settings import Settings, read_settings
from assistant.weigh import gather
from corpus.sentences import split_sentences

TEXT_ = "Sáng 2/9, cầu Nà Lếch dài 312 mét thông xe. Ông Lò Văn Sơn cắt băng."
SENTENCES = [(0, 43), (44, len(TEXT_))]


def shipped() -> Vocabulary:
    return Vocabulary.read(VOCABULARY)


@given(st.text(alphabet=st.sampled_from("aăâđôố ₫ệe\u0301\u200b.,;“”1290\n-_A"), max_size=60))
def test_words_stand_where_they_say(text: str) -> None:
    words = split_words(text)
    assert all(text[w.start : w.end].strip() for w in words)
    assert all(a.end <= b.start for a, b in pairwise(words))
    between = [text[a.end : b.start] for a, b in pairwise(words)]
    assert all(not gap.strip("\u0301\u200b \n") for gap in between)


@given(st.text(max_size=30))
def test_any_word_is_spelt(form: str) -> None:
    ids = shipped().ids(form)
    assert ids
    assert all(UNKNOWN <= i < len(shipped()) for i in ids)


def test_a_rare_word_is_spelt_in_pieces_of_its_letters() -> None:
    vocabulary = shipped()
    pieces = [vocabulary.entries[i] for i in vocabulary.ids("xyzđăk")]
    assert len(pieces) > 1
    assert "".join(p.removeprefix("##") for p in pieces) == "xyzđăk"
    assert all(p.startswith("##") for p in pieces[1:])
    assert vocabulary.look_up("của")[1] == 0
    assert vocabulary.look_up("xyzđăk")[1] == RARITIES - 1


def test_the_input_is_question_title_and_sentences_with_their_offsets() -> None:
    reading = encode(shipped(), ask_words("Cầu nào dài?"), "Thông xe", TEXT_, SENTENCES)
    assert reading.tokens[0] == CLS
    assert (reading.tokens == SEP).sum() == 2
    assert [int(reading.tokens[m]) for m in reading.markers] == [SENTENCE, SENTENCE]
    assert np.unique(reading.segments).tolist() == [QUESTION, TITLE, TEXT]
    shown = [TEXT_[s:e] for s, e in zip(reading.starts, reading.ends, strict=True) if s >= 0]
    assert [w for w in dict.fromkeys(shown) if w == "Nà"] == ["Nà"]
    first = reading.markers[0] + 1
    assert TEXT_[reading.starts[first] : reading.ends[first]] == "Sáng"
    assert set(reading.starts[reading.segments != TEXT]) == {-1}


def test_marks_tell_what_stands_in_the_question() -> None:
    reading = encode(shipped(), ask_words("cầu na lếch dài"), "", TEXT_, SENTENCES)
    kinds = {
        TEXT_[s:e]: int(mark) // RARITIES
        for s, e, mark in zip(reading.starts, reading.ends, reading.marks, strict=True)
        if s >= 0
    }
    assert kinds["Sáng"] == 0
    assert (
        kinds["cầu"] == kinds["Lếch"] == kinds["Nà"] == 3
    )  # beside another of the question's words
    far = encode(shipped(), ask_words("son đâu dài"), "", TEXT_, SENTENCES)
    alone = {
        TEXT_[s:e]: int(m) // RARITIES
        for s, e, m in zip(far.starts, far.ends, far.marks, strict=True)
    }
    assert alone["Sơn"] == 1  # without diacritics only
    assert alone["dài"] == 2


def test_sentences_that_do_not_fit_have_no_marker() -> None:
    long = [(0, 43)] * 40
    reading = encode(shipped(), ask_words("Cầu nào?"), "", TEXT_, long, max_tokens=100)
    assert len(reading.tokens) <= 100
    assert 0 < len(reading.markers) < 40


def test_the_best_span_is_the_best_pair_in_order() -> None:
    rng = np.random.default_rng(5)
    for n in (1, 2, 7, 40):
        start, end = rng.normal(size=(2, n)).astype(np.float32)
        found, score = best_span(start, end)
        pairs = {
            (i, j): (start[i] + end[j]) / 2 for i in range(n) for j in range(i, min(n, i + 24))
        }
        assert found == max(pairs, key=lambda p: pairs[p])
        assert score == max(pairs.values())
    assert best_span(np.zeros(0, np.float32), np.zeros(0, np.float32))[0] is None


def test_the_shipped_reader_fits_and_its_weights_are_of_these_values() -> None:
    assert MODEL.stat().st_size + VOCABULARY.stat().st_size <= 15 * 1024 * 1024
    ranker = builtin(reader=True)
    assert ranker.sentences.inputs == FEATURES
    assert ranker.blend
    assert ranker.answerable.inputs == ANSWERABLE
    assert ranker.blend.sentences.inputs == BLEND
    assert ranker.blend.answerable.inputs == BLEND_ANSWERABLE
    assert 0 < ranker.threshold < 1


def test_the_reader_prefers_the_sentence_that_answers_and_marks_the_answer_in_it() -> None:
    text = (
        "Sáng 2/9, cầu Nà Lếch thông xe sau hai năm thi công. Ông Lò Văn Sơn, trưởng bản Hốc, cắt băng cùng bà con. "
        "Kinh phí xây cầu là 45 tỷ đồng. Trời đổ mưa lúc gần trưa."
    )
    sentences = [(s.start, s.end) for s in split_sentences(text)]
    window = Window("Cầu Nà Lếch thông xe", text, sentences, list(range(len(sentences))))
    for question, right, answer in [
        ("Kinh phí xây cầu Nà Lếch là bao nhiêu?", 2, "45 tỷ đồng"),
        ("Ai cắt băng thông xe cầu Nà Lếch?", 1, "Lò Văn Sơn"),
        ("kinh phi xay cau na lech bao nhieu", 2, "45 tỷ đồng"),
    ]:
        read = shipped_reader().read(question, [window], len(sentences))
        assert read.values[:, 0].argmax() == right
        span = read.spans[right]
        assert span
        assert set(text[span[0] : span[1]].split()) & set(answer.split())
        for (start, end), marked in zip(sentences, read.spans, strict=True):
            assert marked is None or start <= marked[0] < marked[1] <= end


def test_windows_read_together_say_what_each_says_alone() -> None:
    windows = [
        Window("", "Cầu dài 312 mét.", [(0, 16)], [0]),
        Window(
            "Mưa",
            "Mưa to. Suối Nậm Lếch dâng cao hai mét, bà con không qua được.",
            [(0, 7), (8, 62)],
            [1, 2],
        ),
    ]
    together = shipped_reader().read("Suối nào dâng cao?", windows, 3)
    alone = [shipped_reader().read("Suối nào dâng cao?", [w], 3) for w in windows]
    assert together.values[0] == pytest.approx(alone[0].values[0], abs=1e-5)
    assert together.values[1:] == pytest.approx(alone[1].values[1:], abs=1e-5)


def test_a_reader_ranks_sentences_of_those_that_are_weighed(sample: Assistant) -> None:
    index = sample._open()
    question = analyse("Ninh Thuận còn mấy người thổi thành thạo kèn Saranai?")
    hits = retrieve(index, question, 20)
    with_it, without = (make_judge(name)(index, question, hits) for name in ("builtin", "off"))
    assert {(e.article.id, e.start) for e in with_it.evidence} <= {
        (e.article.id, e.start) for e in without.evidence
    }
    assert "11 người" in with_it.evidence[0].text
    assert with_it.answers
    assert without.answers
    assert any(e.read for e in with_it.evidence)
    assert not any(e.read for e in without.evidence)


QUESTIONS = [
    "Ninh Thuận còn mấy người thổi thành thạo kèn Saranai?",
    "Vì sao công nhân đình công?",
    "lương tối thiểu vùng tăng bao nhiêu",
    "Ai phát biểu về cà phê?",
]


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_passages_that_the_features_believe_in_are_read(sample: Assistant, text: str) -> None:
    index, question = sample._open(), analyse(text)
    hits = retrieve(index, question, 20)
    found = gather(question, hits)
    judge = make_judge("builtin")
    features = Judge(judge.ranker)  # the same ones, without the reader
    with_it, alone = (j(index, question, hits).evidence for j in (judge, features))
    owned = [
        {
            (w.text, start)
            for (start, _), owner in zip(w.sentences, w.owners, strict=True)
            if owner >= 0
        }
        for w in found.windows
    ]
    read = {(e.article.text, e.start) for e in with_it}
    chosen = [places for places in owned if places and places <= read]
    assert read == set().union(*chosen)  # whole passages
    assert min(2, len(owned)) <= len(chosen) <= 4
    # None that was left out is believed in more than one that was read.
    share = {(e.article.text, e.start): e.score for e in alone}
    shares = [sum(share[place] for place in places) for places in owned]
    left = [s for s, places in zip(shares, owned, strict=True) if places and places not in chosen]
    kept = [s for s, places in zip(shares, owned, strict=True) if places in chosen]
    assert max(left, default=0.0) <= min(kept) + 1e-9
    assert sum(kept) >= 0.98 or len(chosen) == 4 or not left


def test_the_reader_is_on_unless_it_is_turned_off(sample: Assistant) -> None:
    assert read_settings(environ={}).reader == "builtin"
    assert read_settings(environ={"HOIBAO_READER": "off"}).reader == "off"
    assert sample.means.judge.reader is shipped_reader()
    without = Assistant(Settings(sample.settings.archive, sample.settings.index, reader="off"))
    assert without.means.judge.reader is None
    assert without.ask("Ai là Khối trưởng Khối thi đua số 4 Công đoàn CAND?").answered
    without.close()
