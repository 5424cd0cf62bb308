"""Evidence: features against worked examples, the network against its formula, and what is judged."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.evaluation.questions import Asked, document_id, is_right
from assistant.evidence import make_judge
from assistant.features import ANSWERABLE, FEATURES, Looked, features
from assistant.question import analyse
from assistant.ranker import WEIGHTS, Network, builtin
from assistant.retrieve import retrieve
from assistant.service import Assistant
from corpus.article import make_article
from tests.assistant.odds import odds
from tests.conftest import Write


def looked(text: str, before: str = "", title: str = "Cầu Nà Lếch thông xe") -> Looked:
    return Looked(text, before, "", title, position=3, rank=1, hit=-0.5)


def row(question: str, one: Looked, idf: dict[str, float]) -> dict[str, float]:
    values = features(analyse(question), [one], idf, np.array([[0.5, 0.6, 0.7]]))[0]
    return dict(zip(FEATURES, values, strict=True))


def test_coverage_is_the_share_of_the_idf() -> None:
    idf = {"cầu": 2.0, "dài": 1.0, "mét": 1.0, "cầu_dài": 4.0}
    found = row(
        "Cầu dài bao nhiêu mét?", looked("Cầu dài 312 mét.", before="Cầu bắc qua sông."), idf
    )
    assert found["own"] == 1.0
    assert found["own bigrams"] == 1.0
    assert found["before"] == 0.5
    assert found["title"] == 0.5
    assert found["span"] == found["span: how many"] == 1.0
    assert found["span new"] == 1.0
    assert (found["maxsim"], found["maxsim with context"], found["dense"]) == (0.5, 0.6, 0.7)
    assert found["rank"] == 0.5
    assert found["position"] == 0.25
    other = row("Cầu dài bao nhiêu mét?", looked("Mưa to suốt đêm."), idf)
    assert other["own"] == 0.0
    assert other["no span: how many"] == 1.0


def test_words_that_only_ask_are_not_looked_for() -> None:
    question = analyse("Cầu Nà Lếch dài bao nhiêu mét, khánh thành khi nào?")
    assert question.telling == [["cầu", "nà", "lếch", "dài"], ["mét", "khánh", "thành"]]
    assert analyse("Ở đâu?").telling == [["ở", "đâu"]]  # nothing else to go by


def test_an_abbreviation_is_covered_by_what_it_stands_for() -> None:
    idf = {"cand": 3.0, "họp": 1.0}
    found = row("CAND họp?", looked("Công an nhân dân họp hôm qua."), idf)
    assert found["own"] == 1.0
    assert row("CAND họp?", looked("Công an xã họp hôm qua."), idf)["own"] == 0.25


def test_times_and_speakers_of_the_question_are_matched() -> None:
    asked = "Năm 2019 cầu Nà Lếch dài bao nhiêu?"
    found = row(asked, looked("Năm 2019, cầu dài 312 mét."), {"cầu": 1.0})
    assert (found["date asked"], found["other year"]) == (1.0, 0.0)
    found = row(asked, looked("Năm 2021, cầu dài 330 mét."), {"cầu": 1.0})
    assert (found["date asked"], found["other year"]) == (0.0, 1.0)
    found = row(asked, looked("Cầu dài 312 mét.", before="Đó là năm 2019."), {"cầu": 1.0})
    assert (found["date asked"], found["other year"]) == (0.5, 0.0)
    said = "Ông Trần Văn Lúa nói gì?"
    theirs = replace(looked("“Cầu đã xong”, ông nói."), speaker="Trần Văn Lúa")
    assert row(said, theirs, {"nói": 1.0})["speaker asked"] == 1.0
    others = replace(theirs, speaker="Lò Thị Mai")
    assert row(said, others, {"nói": 1.0})["other speaker"] == 1.0


def test_the_network_is_its_formula_and_survives_its_file() -> None:
    rng = np.random.default_rng(3)
    n = 4
    network = Network(
        ("a", "b", "c", "d"), rng.random(n), rng.random(n) + 1, rng.random((2, n)), rng.random(2),
        rng.random(2), rng.random(n), 0.25,
    )  # fmt: skip
    x = rng.random((5, n))
    z = [(one - network.mean) / network.deviation for one in x]
    expected = [
        float(np.tanh(network.hidden @ v + network.bias) @ network.out + network.direct @ v + 0.25)
        for v in z
    ]
    assert network(x) == pytest.approx(expected)
    again = Network.of(json.loads(json.dumps(network.stored())))
    assert again(x) == pytest.approx(expected, abs=1e-3)
    assert again.inputs == network.inputs


def test_the_shipped_weights_are_of_these_features() -> None:
    ranker = builtin()
    assert ranker.sentences.inputs == FEATURES
    assert ranker.answerable.inputs == ANSWERABLE
    assert 0 < ranker.threshold < 1
    assert WEIGHTS.stat().st_size < 50_000


def test_belief_is_shared_among_the_sentences_and_captions_are_none_of_them(
    sample: Assistant,
) -> None:
    index = sample._open()
    question = analyse("Ai là Khối trưởng Khối thi đua số 4 Công đoàn CAND?")
    judge = make_judge("off")
    judged = judge(index, question, retrieve(index, question, 20))
    scores = [e.score for e in judged.evidence]
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) == pytest.approx(1)
    assert 0 < judged.confidence < 1
    assert judged.answers == (judged.confidence >= judge.ranker.threshold)
    assert all(e.end <= e.article.body_end for e in judged.evidence)
    nothing = judge(index, question, [])
    assert (nothing.evidence, nothing.confidence, nothing.answers) == ([], 0.0, False)


@pytest.mark.parametrize(
    ("asked", "gain"),
    [("Vì sao thợ xưởng 2 nghỉ việc?", 0.8), ("Thợ xưởng 2 nghỉ việc khi nào?", 0.0)],
)
def test_a_cause_is_looked_for_where_one_is_asked_for(
    assistant: Assistant, write: Write, monkeypatch: pytest.MonkeyPatch, asked: str, gain: float
) -> None:
    write(
        "nghi-viec.txt",
        "Thợ xưởng 2 nghỉ việc\n\nThợ xưởng 2 nghỉ việc từ sáng thứ hai. Nguyên nhân là xưởng cắt tiền ăn trưa. "
        "Thợ xưởng 2 nghỉ việc được bà con mang cơm cho. Chiều thứ ba thợ đi làm lại.\n",
    )
    assistant.build()
    with_it = odds(assistant, asked, "Nguyên nhân", "mang cơm")
    monkeypatch.setattr("assistant.evidence._CAUSE", 0.0)
    without = odds(assistant, asked, "Nguyên nhân", "mang cơm")
    assert with_it == pytest.approx(without * math.exp(gain), rel=1e-6)


def test_what_counts_as_right() -> None:
    article = make_article(
        id="articles.jsonl#7", path="articles.jsonl", title="T", paragraphs=["Cầu dài 312 mét."]
    )
    asked = Asked(
        "Dài bao nhiêu?", "", (), frozenset({"7"}), ("312 mét",), "Cầu dài 312 mét.", True
    )
    assert document_id(article) == "7"
    assert is_right(asked, article, "Cầu  dài 312 mét.")
    assert not is_right(asked, article, "Cầu thông xe hôm qua.")
    elsewhere = make_article(
        id="articles.jsonl#8", path="articles.jsonl", title="T", paragraphs=["Cầu dài 312 mét."]
    )
    assert not is_right(asked, elsewhere, "Cầu dài 312 mét.")


def test_eval_answers_measures_a_set_of_ones_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from assistant.cli import main

    articles = [
        {"id": "a", "title": "Cầu Vân Du thông xe", "abstract": "", "body": "Sáng 2/9, cầu Vân Du dài 312 mét thông xe. Lễ cắt băng diễn ra ngắn gọn."},
        {"id": "b", "title": "Chợ phiên Mường Lống", "abstract": "", "body": "Chợ phiên Mường Lống họp sáng thứ Bảy. Bà con bán mận, gừng và vải lanh."},
    ]  # fmt: skip
    questions = [
        {"question": "Cầu Vân Du dài bao nhiêu mét?", "type": "how_many", "article": "a", "answers": ["312 mét"], "sentence": "Sáng 2/9, cầu Vân Du dài 312 mét thông xe.", "answerable": True},
        {"question": "Ai phát minh ra máy hơi nước?", "type": "unanswerable", "article": "b", "answers": [], "sentence": "", "answerable": False},
    ]  # fmt: skip
    for name, rows in (("articles", articles), ("questions", questions)):
        lines = "\n".join(json.dumps(r, ensure_ascii=False) for r in rows)
        (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    out = tmp_path / "ra"
    assert main(["eval", "answers", str(tmp_path), "--json", "--out", str(out)]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["metrics"]["first sentence"]["mean"] == 1
    assert result["metrics"]["span F1"]["mean"] == 1
    assert result["metrics"]["verbatim"]["mean"] == 1
    assert result["abstention"]["AUROC"] == 1
    assert json.loads((out / "answers.json").read_text(encoding="utf-8")) == result
    assert (out / "answers.md").read_text(encoding="utf-8").startswith("| Measure")
    assert main(["eval", "answers", str(tmp_path / "không có")]) == 1
    assert "Không đọc được bộ câu hỏi" in capsys.readouterr().err


def test_eval_retrieval_measures_a_set_of_ones_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from assistant.cli import main

    texts = [
        "Cầu Vân Du dài 312 mét.",
        "Chợ phiên Mường Lống họp sáng thứ Bảy.",
        "Giá cà phê tăng mạnh.",
    ]
    corpus = [{"_id": str(n), "title": "", "text": t} for n, t in enumerate(texts)]
    queries = [{"_id": "q", "text": "chợ phiên họp hôm nào"}]
    for name, rows in (("corpus", corpus), ("queries", queries)):
        lines = "\n".join(json.dumps(r, ensure_ascii=False) for r in rows)
        (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("q\td\ts\nq\t1\t1\n", encoding="utf-8")
    assert main(["eval", "retrieval", str(tmp_path), "--typed", "khong-dau", "--json"]) == 0
    marked, unmarked = json.loads(capsys.readouterr().out)["sets"]
    assert unmarked["set"].endswith("no diacritics")
    for result in (marked, unmarked):
        systems = {"bm25s (MTEB)", "terms", "dense", "hybrid", "hybrid, reranked"}
        assert set(result["systems"]) == systems
        assert result["systems"]["hybrid"]["nDCG@10"]["mean"] == 1
