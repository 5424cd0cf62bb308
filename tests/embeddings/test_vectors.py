"""FAISS against NumPy: the same ids and the same scores, whatever was added and removed."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.vectors import FlatIndex, load

DIMENSION = 8


def unit(rng: np.random.Generator, n: int) -> np.ndarray:
    vectors = rng.normal(size=(n, DIMENSION)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def exact(rows: dict[int, np.ndarray], query: np.ndarray, k: int) -> list[tuple[int, float]]:
    scored = [(i, float(v.astype(np.float64) @ query.astype(np.float64))) for i, v in rows.items()]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:k]


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 40), max_size=60), st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_ids_and_scores_are_those_of_numpy_after_any_adds_and_removes(
    seed: int, touched: list[int], k: int
) -> None:
    rng = np.random.default_rng(seed)
    index, rows = FlatIndex(DIMENSION), {}
    for id in touched:  # a second mention removes: flat indexes shift positions there
        if id in rows:
            index.remove(np.array([id], np.int64))
            del rows[id]
        else:
            rows[id] = unit(rng, 1)[0]
            index.add(np.array([id], np.int64), rows[id][None])
    query = unit(rng, 1)[0]
    ids, scores = index.search(query, k)
    wanted = exact(rows, query, k)
    assert len(index) == len(rows)
    assert ids.tolist() == [id for id, _ in wanted]
    np.testing.assert_allclose(scores, [score for _, score in wanted], atol=1e-5)


def test_equal_scores_come_in_order_of_id() -> None:
    index = FlatIndex(DIMENSION)
    same = np.repeat(unit(np.random.default_rng(1), 1), 5, axis=0)
    index.add(np.array([9, 3, 7, 1, 5], np.int64), same)
    assert index.search(same[0], 5)[0].tolist() == [1, 3, 5, 7, 9]


def test_saved_and_loaded_it_answers_the_same(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    index, vectors = FlatIndex(DIMENSION), unit(rng, 50)
    index.add(np.arange(100, 150), vectors)
    index.remove(np.array([100, 149, 777], np.int64))
    index.save(tmp_path / "v.faiss")
    loaded = load(tmp_path / "v.faiss", DIMENSION)
    for query in unit(rng, 5):
        for ours, theirs in zip(loaded.search(query, 9), index.search(query, 9), strict=True):
            np.testing.assert_array_equal(ours, theirs)
    assert [p.name for p in tmp_path.iterdir()] == ["v.faiss"]


def test_a_damaged_or_foreign_file_is_refused(tmp_path: Path) -> None:
    index = FlatIndex(DIMENSION)
    index.add(np.arange(5), unit(np.random.default_rng(3), 5))
    file = tmp_path / "v.faiss"
    index.save(file)
    with pytest.raises(ValueError, match="dimension 8, not 16"):
        load(file, 16)
    file.write_bytes(file.read_bytes()[:40])
    with pytest.raises(ValueError, match="damaged"):
        load(file, DIMENSION)


def test_searching_nothing_finds_nothing() -> None:
    ids, scores = FlatIndex(DIMENSION).search(np.ones(DIMENSION, np.float32), 5)
    assert len(ids) == len(scores) == 0
