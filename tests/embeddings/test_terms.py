"""The term index against BM25 worked out by hand, and its bookkeeping."""

import math
from pathlib import Path

import pytest

from corpus.text import syllables, terms
from embeddings.terms import Channel, TermIndex

TEXTS = {
    1: "Công đoàn Công an nhân dân tổ chức hội nghị",
    2: "Đoàn thanh niên công an tỉnh hiến máu",
    3: "Giá cà phê ở Đắk Lắk tăng mạnh trong tháng",
    4: "Hội nghị công nhân bàn về giá cà phê",
}


@pytest.fixture
def index(tmp_path: Path) -> TermIndex:
    made = TermIndex(tmp_path)
    made.apply([], [(id, "", text) for id, text in TEXTS.items()], 1)
    return made


def words(text: str, channel: Channel = Channel.MARKED) -> list[str]:
    return terms([getattr(s, channel.value) for s in syllables(text)])


def bm25(query: list[str], id: int) -> float:
    """Robertson and Zaragoza (2009) with k1 1.2, b 0.75, over the four texts and the marker."""
    documents = {i: words(text) for i, text in TEXTS.items()}
    total = len(documents) + 1  # the generation marker is a document without text
    average = sum(map(len, documents.values())) / total
    score = 0.0
    for term in query:
        df = sum(term in d for d in documents.values())
        tf = documents[id].count(term)
        if tf:
            idf = math.log(1 + (total - df + 0.5) / (df + 0.5))
            norm = 1.2 * (0.25 + 0.75 * len(documents[id]) / average)
            score += idf * tf * 2.2 / (tf + norm)
    return score


@pytest.mark.parametrize("question", ["công đoàn", "giá cà phê", "hội nghị công an", "hiến máu"])
def test_scores_are_bm25(index: TermIndex, question: str) -> None:
    found = index.search(words(question), Channel.MARKED, 10)
    wanted = {id: bm25(words(question), id) for id in TEXTS}
    assert found == pytest.approx({i: s for i, s in wanted.items() if s}, rel=1e-3)


def test_scores_among_given_ids_are_the_same_scores(index: TermIndex) -> None:
    question = words("hội nghị công an")
    everything = index.search(question, Channel.MARKED, 10)
    assert index.search(question, Channel.MARKED, 0, among=[2, 3]) == pytest.approx(
        {id: everything[id] for id in (2, 3) if id in everything}
    )


def test_without_marks_the_folded_channel_finds_what_the_marked_one_cannot(
    index: TermIndex,
) -> None:
    assert not index.search(words("ca phe"), Channel.MARKED, 10)
    assert set(index.search(words("ca phe"), Channel.FOLDED, 10)) == {3, 4}
    assert set(index.search(words("Đắk", Channel.FOLDED), Channel.FOLDED, 10)) == {3}


def test_a_typed_mark_is_respected(index: TermIndex) -> None:
    assert set(index.search(["đoàn"], Channel.MARKED, 10)) == {1, 2}
    assert not index.search(["đoán"], Channel.MARKED, 10)


def test_no_bigram_joins_title_and_text(tmp_path: Path) -> None:
    index = TermIndex(tmp_path)
    index.apply([], [(1, "Tin công", "đoàn viên mới")], 1)
    assert index.document_frequency("công_đoàn", Channel.MARKED) == 0
    assert index.document_frequency("đoàn_viên", Channel.MARKED) == 1


def test_removed_ids_are_gone_and_the_generation_is_kept(index: TermIndex, tmp_path: Path) -> None:
    index.apply([1, 4], [(5, "", "cà phê Sơn La")], 7)
    again = TermIndex(tmp_path)
    assert again.generation == 7
    assert len(again) == 3
    assert set(again.search(["cà_phê"], Channel.MARKED, 10)) == {3, 5}


def test_an_empty_index_answers_nothing(tmp_path: Path) -> None:
    index = TermIndex(tmp_path)
    assert (len(index), index.generation, index.search(["gì"], Channel.MARKED, 5)) == (0, 0, {})


def test_a_damaged_index_is_refused(index: TermIndex, tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match="damaged"):
        TermIndex(tmp_path)
