"""The term index against BM25 worked out by hand, and its bookkeeping."""

import datetime as dt
import json
import math
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import IndexError_
from corpus.text import syllables, terms
from embeddings.bm25 import ExactTerms
from embeddings.terms import Channel, TermIndex, document
from embeddings.vectors import Selection

TEXTS = {
    1: "Công đoàn Công an nhân dân tổ chức hội nghị",
    2: "Đoàn thanh niên công an tỉnh hiến máu",
    3: "Giá cà phê ở Đắk Lắk tăng mạnh trong tháng",
    4: "Hội nghị công nhân bàn về giá cà phê",
}


@pytest.fixture
def index(tmp_path: Path) -> TermIndex:
    made = TermIndex(tmp_path)
    made.apply([], [document(id, "", text) for id, text in TEXTS.items()], 1)
    return made


def words(text: str, channel: Channel = Channel.MARKED) -> list[str]:
    return terms([getattr(s, channel.value) for s in syllables(text)])


def bm25(query: list[str], id: int, channel: Channel = Channel.MARKED) -> float:
    """Robertson and Zaragoza (2009) with k1 1.2, b 0.75, over the four texts."""
    documents = {i: words(text, channel) for i, text in TEXTS.items()}
    total = len(documents)
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


DAY = dt.date(2025, 3, 1)
LONG = "Cơ quan " * 9_000  # longer than a term may be


@pytest.mark.parametrize(
    ("first", "last", "sources", "there"),
    [
        (None, None, ("Báo A",), {1, 2}),
        (None, None, ("Báo A", LONG), {1, 2, 4}),
        (None, None, ("",), {3, 5}),
        (None, None, ("Báo a",), set()),
        (DAY, None, (), {2, 4}),
        (None, DAY, (), {1, 2, 3}),
        (DAY, DAY, (), {2}),
        (dt.date(2026, 1, 1), None, (), set()),
        (DAY, None, ("Báo A",), {2}),
    ],
)
def test_a_selection_looks_at_days_and_sources_and_leaves_scores_alone(
    tmp_path: Path,
    first: dt.date | None,
    last: dt.date | None,
    sources: tuple[str, ...],
    there: set[int],
) -> None:
    index = TermIndex(tmp_path)
    texts = ["Công đoàn họp", "Đại hội công đoàn", "Công đoàn cơ sở", "Công đoàn", "công đoàn cũ"]
    facts = [
        ("2025-02-28", "Báo A"),
        ("2025-03-01", "Báo A"),
        ("2024-01-01", ""),
        ("2025-12-31", LONG),
        ("", ""),
    ]
    index.apply(
        [],
        [document(i, "", t, *f) for i, (t, f) in enumerate(zip(texts, facts, strict=True), 1)],
        1,
    )
    everything = index.search(["công", "đoàn"], Channel.MARKED, 10)
    assert set(everything) == {1, 2, 3, 4, 5}
    among = Selection(np.zeros(0, np.int64), first, last, sources)
    found = index.search(["công", "đoàn"], Channel.MARKED, 10, among)
    assert found == pytest.approx({id: everything[id] for id in there})


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
    index.apply([], [document(1, "Tin công", "đoàn viên mới")], 1)
    assert index.document_frequency("công_đoàn", Channel.MARKED) == 0
    assert index.document_frequency("đoàn_viên", Channel.MARKED) == 1


def test_removed_ids_are_gone_and_the_generation_is_kept(index: TermIndex, tmp_path: Path) -> None:
    index.apply([1, 4], [document(5, "", "cà phê Sơn La")], 7)
    again = TermIndex(tmp_path)
    assert again.generation == 7
    assert len(again) == 3
    assert set(again.search(["cà_phê"], Channel.MARKED, 10)) == {3, 5}


def test_an_empty_index_answers_nothing(tmp_path: Path) -> None:
    index = TermIndex(tmp_path)
    assert (len(index), index.generation, index.search(["gì"], Channel.MARKED, 5)) == (0, 0, {})


def test_a_damaged_index_is_refused(index: TermIndex, tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text("{", encoding="utf-8")
    with pytest.raises(IndexError_, match="hoibao repair"):
        TermIndex(tmp_path)


def test_removed_passages_do_not_count(tmp_path: Path) -> None:
    index = TermIndex(tmp_path)
    index.apply([], [document(id, "", text) for id, text in TEXTS.items()], 1)
    assert index.document_frequency("công", Channel.MARKED) == 3
    index.apply([1], [], 2)
    assert index.document_frequency("công", Channel.MARKED) == 2
    assert index.ids() == [2, 3, 4]


def test_a_generation_that_was_not_written_down_is_applied_again(
    index: TermIndex, tmp_path: Path
) -> None:
    """What a crash between tantivy's commit and ours leaves: more than it says, never less."""
    applied = (tmp_path / "applied").read_bytes()
    index.apply([1], [document(5, "", "cà phê Sơn La")], 2)
    (tmp_path / "applied").write_bytes(applied)
    again = TermIndex(tmp_path)
    assert again.generation == 1
    again.apply([1, 5], [document(5, "", "cà phê Sơn La")], 2)
    assert again.ids() == [2, 3, 4, 5]
    for broken in ("", "7", "7 1", "sai crc"):
        (tmp_path / "applied").write_text(broken, encoding="ascii")
        assert TermIndex(tmp_path).generation == 0


def test_what_a_killed_writer_left_does_not_stop_the_next(tmp_path: Path) -> None:
    """It begins with the same numbers, so it writes lists of removed documents under the same names."""
    TermIndex(tmp_path).apply([], [document(n, "", f"đoạn số {n}") for n in range(1, 60)], 1)
    meta = json.loads((tmp_path / "meta.json").read_text(encoding="utf-8"))
    for segment in meta["segments"]:
        name = segment["segment_id"].replace("-", "")
        (tmp_path / f"{name}.{meta['opstamp'] + 1}.del").write_bytes(b"half written")
    again = TermIndex(tmp_path)
    again.apply([1], [], 2)
    assert again.ids() == list(range(2, 60))
    assert again.broken_files() == []
    again.apply([2], [], 3)  # a list in use is kept
    assert TermIndex(tmp_path).ids() == list(range(3, 60))


def test_checksums_are_those_tantivy_wrote(index: TermIndex, tmp_path: Path) -> None:
    assert index.broken_files() == []
    file = next(tmp_path.glob("*.store"))
    data = bytearray(file.read_bytes())
    data[3] ^= 1
    file.write_bytes(data)
    assert index.broken_files() == [file.name]
    (tmp_path / f"{'0' * 32}.idx").write_bytes(b"left over by a killed writer")
    assert index.broken_files() == [file.name]


class _Texts:
    """The part of a store that exact scores need."""

    terms = sum(2 * len(text.split()) - 1 for text in TEXTS.values())

    def passage_count(self) -> int:
        return len(TEXTS)

    def texts(self, ids: list[int]) -> list[tuple[int, str, str]]:
        return [(id, "", TEXTS[id]) for id in ids if id in TEXTS]


@pytest.mark.parametrize("question", ["công đoàn", "giá cà phê", "hội nghị công an công an"])
def test_exact_scores_are_bm25_to_the_last_digit(index: TermIndex, question: str) -> None:
    exact = ExactTerms(index, _Texts())  # type: ignore[arg-type]
    for channel in Channel:
        asked = words(question, channel)
        wanted = {id: bm25(asked, id, channel) for id in TEXTS}
        wanted = {i: s for i, s in wanted.items() if s}
        assert exact.search(asked, channel, 10) == pytest.approx(wanted, rel=1e-12)
        assert exact.scores(asked, channel, [1, 4, 99]) == pytest.approx(
            {i: s for i, s in wanted.items() if i in (1, 4)}, rel=1e-12
        )
