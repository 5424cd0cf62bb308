"""What every VectorIndex keeps to: the kinds of FAISS here, and a real Milvus Lite."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import IndexError_
from embeddings.milvus import Address, MilvusIndex
from embeddings.vectors import CompressedIndex, FlatIndex, Selection, VectorIndex, load

DIMENSION = 64
SOURCES = ("Báo Sông Lạch", 'Tin "nhanh"', "")
Make = Callable[[], VectorIndex]


def unit(n: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(n, DIMENSION)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def facts(n: int) -> list[tuple[str, str]]:
    """Every third undated; sources in turn."""
    days = [dt.date(2024, 1, 1) + dt.timedelta(i) for i in range(n)]
    return [("" if i % 3 == 2 else d.isoformat(), SOURCES[i % 3]) for i, d in enumerate(days)]


def milvus(folder: Path) -> MilvusIndex:
    pytest.importorskip("milvus_lite", reason="the extra hoibao[milvus] is not installed")
    address = Address.of(f"milvus+file://{folder}/vectors.db/kho")
    index = MilvusIndex(address, "kho_v1", DIMENSION, "bo-nhung-1")
    index.begin()
    return index


@pytest.fixture(params=["flat", "compressed", "milvus"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[VectorIndex]:
    if request.param == "milvus":
        opened = milvus(tmp_path)
        yield opened
        opened.close()
    else:
        yield (
            FlatIndex(DIMENSION)
            if request.param == "flat"
            else CompressedIndex(DIMENSION, unit(500, seed=9))
        )


def filled(index: VectorIndex, n: int = 120) -> np.ndarray:
    vectors = unit(n)
    index.add(np.arange(10, 10 + n), vectors, facts(n))
    return vectors


def test_what_was_added_is_found_best_first_and_what_was_removed_is_not(index: VectorIndex) -> None:
    vectors = filled(index)
    assert len(index) == 120
    index.remove(np.array([10, 11, 999]))
    assert len(index) == 118
    assert index.ids().tolist() == list(range(12, 130))
    for i in (5, 60, 119):
        ids, scores = index.search(vectors[i], 40)
        assert ids[0] == 10 + i and not {10, 11} & set(ids.tolist()) and len(ids) == 40
        assert (np.diff(scores) <= 0).all()
        wanted = [i for i in np.argsort(-(vectors @ vectors[i])) + 10 if i > 11][:5]
        assert len(set(ids.tolist()) & set(wanted)) >= (5 if index.exact else 4)


def test_added_again_a_vector_takes_the_place_of_its_first(index: VectorIndex) -> None:
    filled(index)
    other = unit(1, seed=5)
    index.remove(np.array([50]))
    index.add(np.array([50]), other, [("2030-01-01", "Nguồn mới")])
    assert index.search(other[0], 1)[0].tolist() == [50] and len(index) == 120


@pytest.mark.parametrize(
    ("first", "last", "sources"),
    [
        (dt.date(2024, 1, 15), None, ()),
        (None, dt.date(2024, 2, 1), ()),
        (dt.date(2024, 1, 10), dt.date(2024, 1, 20), (SOURCES[0],)),
        (None, None, (SOURCES[1], SOURCES[2])),
    ],
)
def test_a_selection_is_searched_alone_and_fills_its_k(
    index: VectorIndex, first: dt.date | None, last: dt.date | None, sources: tuple[str, ...]
) -> None:
    vectors = filled(index)
    there = [
        10 + i
        for i, (day, source) in enumerate(facts(120))
        if (not first or (day and day >= first.isoformat()))
        and (not last or (day and day <= last.isoformat()))
        and (not sources or source in sources)
    ]
    among = Selection(np.array(there), first, last, sources)
    ids, _ = index.search(vectors[0], 500, among)
    assert sorted(ids.tolist()) == there


def test_what_is_kept_is_what_was_given(index: VectorIndex) -> None:
    vectors = filled(index)
    assert np.array_equal(index.kept(), index.coded(vectors))
    assert not np.array_equal(index.kept()[:5], index.coded(vectors[5:10]))


def test_searching_nothing_finds_nothing(index: VectorIndex) -> None:
    ids, scores = index.search(unit(1)[0], 5)
    assert len(ids) == len(scores) == 0 and len(index) == 0


def test_a_compressed_index_is_loaded_as_one(tmp_path: Path) -> None:
    index = CompressedIndex(DIMENSION, unit(500, seed=9))
    vectors = filled(index)
    index.save(tmp_path / "v.faiss")
    again = load(tmp_path / "v.faiss", DIMENSION)
    assert isinstance(again, CompressedIndex)
    assert again.search(vectors[7], 9)[0].tolist() == index.search(vectors[7], 9)[0].tolist()
    again.add(np.array([900]), vectors[:1])
    assert len(again) == 121 and (tmp_path / "v.faiss").stat().st_size < 120 * DIMENSION


def test_codes_are_made_anew_when_the_centre_has_moved() -> None:
    index = CompressedIndex(DIMENSION, unit(500, seed=9))
    assert index.fits(60_000, unit(500, seed=3))
    assert not index.fits(60_000, unit(500, seed=3) + 1.0)
    assert not index.fits(1_000, unit(500, seed=3))


def test_milvus_knows_its_generation_when_it_is_opened_again(tmp_path: Path) -> None:
    index = milvus(tmp_path)
    filled(index)
    assert index.generation == 0
    index.note(0, filled=60)
    assert (index.generation, index.filled) == (0, 60)
    index.note(7)
    index.close()
    address = Address.of(f"milvus+file://{tmp_path}/vectors.db/kho")
    again = MilvusIndex(address, "kho_v1", DIMENSION, "bo-nhung-1")
    assert (again.generation, again.filled, len(again)) == (7, 0, 120)
    other = MilvusIndex(address, "kho_v1", DIMENSION, "bo-nhung-2")
    assert other.generation == 0  # the vectors of another encoder are none
    again.close()


@pytest.mark.parametrize(
    "text", ["http://a:1/b", "milvus+http://a:1", "milvus+file://vec.db/a b", "faiss"]
)
def test_an_address_that_is_none_says_how_to_write_one(text: str) -> None:
    with pytest.raises(IndexError_, match=r"milvus\+http://máy:19530"):
        Address.of(text)
