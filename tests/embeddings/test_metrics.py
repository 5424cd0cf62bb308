"""Metrics against worked examples and, for nDCG, against scikit-learn."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from embeddings.metrics import Ranked, interval, ndcg, recall, reciprocal_rank
from embeddings.sets import Query, read_set, without_marks


def test_a_worked_example() -> None:
    ranked = Ranked.of([[0, 1, 2], [4, 3]], [frozenset({1, 2}), frozenset({9})], depth=10)
    # Relevant at ranks 2 and 3: (1/log2 3 + 1/log2 4) / (1/log2 2 + 1/log2 3).
    expected = (1 / np.log2(3) + 0.5) / (1 + 1 / np.log2(3))
    assert ndcg(ranked) == pytest.approx([expected, 0])
    assert reciprocal_rank(ranked) == pytest.approx([0.5, 0])
    assert recall(ranked, 2) == pytest.approx([0.5, 0])
    assert recall(ranked, 100) == pytest.approx([1, 0])


@given(st.permutations(range(12)), st.sets(st.integers(0, 11), min_size=1))
def test_ndcg_is_that_of_scikit_learn(order: list[int], right: set[int]) -> None:
    truth = [[float(d in right) for d in range(12)]]
    scores = [[-float(order.index(d)) for d in range(12)]]
    mine = ndcg(Ranked.of([list(order)], [frozenset(right)], depth=12), k=10)
    assert mine == pytest.approx([ndcg_score(truth, scores, k=10)])


def test_intervals_hold_the_mean_and_narrow_with_more_queries() -> None:
    rng = np.random.default_rng(5)
    few, many = rng.random(40), rng.random(4000)
    (low, high), (nearer, farther) = interval(few), interval(many)
    assert low < few.mean() < high and nearer < many.mean() < farther
    assert farther - nearer < (high - low) / 3
    assert interval(np.full(5, 0.4)) == pytest.approx((0.4, 0.4))


def test_a_beir_folder_and_a_news_folder_are_read(tmp_path: Path) -> None:
    beir, news = tmp_path / "beir", tmp_path / "news"
    _write(
        beir / "corpus.jsonl",
        [{"_id": "b", "text": "Thân bài."}, {"_id": "a", "title": "T", "text": "X"}],
    )
    _write(
        beir / "queries.jsonl", [{"_id": "q", "text": "Hỏi gì?"}, {"_id": "unjudged", "text": "?"}]
    )
    (beir / "qrels").mkdir()
    (beir / "qrels" / "test.tsv").write_text("q\td\ts\nq\ta\t1\nq\tb\t0\n", encoding="utf-8")
    asked = read_set(beir)
    assert [q.text for q in asked.queries] == ["Hỏi gì?"] and asked.relevant == [frozenset({1})]
    assert asked.documents[1].joined == "T\nX"
    assert without_marks(asked).queries == [Query("hoi gi?")]

    _write(
        news / "articles.jsonl", [{"id": i, "title": i, "abstract": "", "body": "B"} for i in "xyz"]
    )
    row = {
        "question": "Ai?",
        "type": "who",
        "article": "z",
        "also": ["x"],
        "answerable": True,
        "split": "dev",
    }
    _write(news / "questions.jsonl", [row, row | {"answerable": False}, row | {"split": "train"}])
    asked = read_set(news, split="dev")
    assert asked.relevant == [frozenset({0, 2})] and asked.queries[0].kind == "who"
    with pytest.raises(FileNotFoundError):
        read_set(tmp_path)


def _write(file: Path, rows: list[dict[str, object]]) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
