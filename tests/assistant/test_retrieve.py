"""The blend against its formula, worked out in NumPy over the whole archive."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from assistant.question import analyse
from assistant.retrieve import retrieve
from assistant.service import Assistant
from corpus.sentences import split_sentences
from corpus.text import terms
from embeddings import caches
from embeddings.bm25 import ExactTerms
from embeddings.index import Index
from embeddings.late import late_interaction
from embeddings.store import StoredPassage
from embeddings.terms import Channel
from tests.conftest import Write


@pytest.mark.parametrize(
    "text", ["Mưa lũ ở Quảng Trị làm bao nhiêu người chết?", "quy nghia tinh thai binh ho tro"]
)
def test_scores_are_those_of_the_formula(sample: Assistant, text: str) -> None:
    index = sample._open()
    question = analyse(text)
    channel = Channel.FOLDED if text.isascii() else Channel.MARKED
    ids = index.store.passage_ids().tolist()
    vectors = np.concatenate([v for _, v in index.store.vectors(ids)])
    dense = vectors @ index.encoder.encode_queries([text])[0]
    matched = index.terms.search(terms(question.forms), channel, len(ids))
    bm25 = np.array([matched.get(i, 0.0) for i in ids])

    def z(scores: np.ndarray) -> np.ndarray:
        return (scores - scores.mean()) / scores.std()

    weight = 0.6 if text.isascii() else 0.4
    blend = weight * z(bm25) + (1 - weight) * z(dense)
    top = np.argsort(-blend, kind="stable")[:50]
    stored = index.passages(ids)
    late = np.array([best_window(text, stored[ids[i]]) for i in top])
    final = 0.6 * z(blend[top]) + 0.4 * z(late)
    order = np.argsort(-final, kind="stable")[:10]
    hits = retrieve(index, question, 10)
    assert [h.passage.id for h in hits] == [ids[top[i]] for i in order]
    assert [h.score for h in hits] == pytest.approx(final[order].tolist(), abs=1e-3)


def best_window(query: str, passage: StoredPassage) -> float:
    """MaxSim of title and two sentences side by side, the best of all places in the passage."""
    text, title = passage.article.text, passage.article.title
    parts = [text[s.start : s.end] for s in split_sentences(text, passage.start, passage.end)]
    windows = [
        f"{title}.\n{one}.\n{two}" for one, two in zip(parts, [*parts[1:], parts[-1]], strict=True)
    ]
    return float(late_interaction(query, windows).max())


ASKED = [
    "Mưa lũ ở Quảng Trị làm bao nhiêu người chết?",
    "quy nghia tinh thai binh ho tro",
    "Ai là Khối trưởng Khối thi đua số 4 Công đoàn CAND?",
    "What did the union give to workers?",
]


@pytest.mark.parametrize("text", ASKED)
def test_those_that_are_not_counted_would_not_have_been_found(
    sample: Assistant, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rough scores choose whose terms are counted exactly; what comes out is as if all had been."""
    index, question = sample._open(), analyse(text)
    monkeypatch.setattr("assistant.retrieve._COUNTED_BESIDES", 10_000)
    every = retrieve(index, question, 20)
    monkeypatch.setattr("assistant.retrieve._COUNTED_BESIDES", 24)
    counted: list[int] = []
    scores = ExactTerms.scores

    def counting(self: ExactTerms, words: list[str], channel: Channel, ids: list[int]) -> Any:
        counted.append(len(ids))
        return scores(self, words, channel, ids)

    monkeypatch.setattr(ExactTerms, "scores", counting)
    some = retrieve(index, question, 20)
    assert min(counted) == 74 < len(index)
    assert [h.passage.id for h in some] == [h.passage.id for h in every]
    assert [h.score for h in some] == pytest.approx([h.score for h in every])


def test_common_terms_find_no_candidates_in_a_large_archive(
    sample: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    terms_of = sample._open().terms
    common = max(
        "của và các là".split(), key=lambda t: terms_of.document_frequency(t, Channel.MARKED)
    )
    rare = "saranai"
    assert terms_of.document_frequency(common, Channel.MARKED) > 0.2 * terms_of.passages
    found = {rare: terms_of.candidates([rare], Channel.MARKED, 500)}
    found["both"] = terms_of.candidates([rare, common], Channel.MARKED, 500)
    assert set(found["both"]) > set(found[rare])
    monkeypatch.setattr("embeddings.bm25._MANY", 10)
    assert terms_of.candidates([rare, common], Channel.MARKED, 500) == found[rare]
    assert terms_of.candidates([common], Channel.MARKED, 500)  # there is nothing else to go by


def test_a_list_is_the_same_whatever_part_of_it_is_asked_for(sample: Assistant) -> None:
    index, question = sample._open(), analyse("công đoàn chăm lo đời sống công nhân")
    longest = [h.passage.id for h in retrieve(index, question, 45)]
    assert [h.passage.id for h in retrieve(index, question, 8)] == longest[:8]
    assert [h.passage.id for h in retrieve(index, question, 25)] == longest[:25]


def test_more_hits_than_are_rescored_stay_in_order(sample: Assistant) -> None:
    hits = sample.search("công đoàn", 90)
    assert len(hits) > 60
    scores = [h.score for h in hits]
    assert scores == sorted(scores, reverse=True)
    assert len({h.passage.id for h in hits}) == len(hits)


def test_the_same_text_twice_is_one_hit(assistant: Assistant, write: Write) -> None:
    text = (
        "Khai mạc hội sách\n\nSáng 3/4, hội sách khai mạc ở công viên Thống Nhất với 120 gian hàng."
    )
    write("a.txt", text)
    write("b.txt", text)
    write("c.txt", "Tin khác\n\nSáng nay trời mưa to ở nhiều nơi trong tỉnh Hà Giang.")
    assistant.build()
    assert [h.passage.article.id for h in assistant.search("hội sách")] == ["a.txt", "c.txt"]


def test_of_two_that_say_the_same_the_better_is_shown_where_dates_do_not_tell(
    assistant: Assistant, write: Write
) -> None:
    text = (
        "Cầu Rạch Bàng được sửa trong tám tháng với kinh phí mười hai tỷ đồng từ ngân sách huyện. Mặt cầu rải lại bê tông, "
        "lan can thay mới bằng thép mạ kẽm, hai đầu cầu có thêm đèn chiếu sáng và gờ giảm tốc. Trong thời gian thi công, xe "
        "máy đi tạm qua cầu phao cách đó ba trăm mét, ô tô vòng theo đường tỉnh qua thị trấn Gò Dưa."
    )
    write("a.txt", f"# Tin trong ngày\n\n{text}")
    write("b.txt", f"# Sửa cầu Rạch Bàng\n\n{text}")
    assistant.build()
    (hit,) = assistant.search("sửa cầu Rạch Bàng", 5)
    assert (hit.passage.article.path, [t.id for t in hit.also]) == ("b.txt", ["a.txt"])
    write("a.txt", f"# Tin trong ngày\nNgày đăng: 02/03/2025\n\n{text}")
    assistant.build()
    (hit,) = assistant.search("sửa cầu Rạch Bàng", 5)
    assert hit.passage.article.path == "a.txt", "the only one whose day is known is the earliest"


@pytest.mark.parametrize(
    ("question", "also"),
    [
        ("UBMTTQ Nà Lếch họp bàn việc gì?", "Ủy ban Mặt trận Tổ quốc"),
        ("Ủy ban Mặt trận Tổ quốc bản Hốc họp bàn việc gì?", "UBMTTQ"),
        ("ubmttq na lech hop ban viec gi", "Ủy ban Mặt trận Tổ quốc"),
    ],
)
def test_an_abbreviation_is_searched_in_both_forms(
    assistant: Assistant, write: Write, question: str, also: str
) -> None:
    write(
        "dai.txt",
        "Nà Lếch mùa mưa\n\nSáng qua, Ủy ban Mặt trận Tổ quốc xã họp bàn việc gỡ nhà dột.\n",
    )
    write("ngan.txt", "Bản Hốc mùa mưa\n\nSáng qua, UBMTTQ xã họp bàn việc đắp đường.\n")
    for n in range(12):
        write(
            f"{n}.txt",
            f"Chuyện {n}\n\nSáng {n}/7, chợ phiên số {n} họp ở bãi Mặt trời, bàn việc bán mua.\n",
        )
    assistant.build()
    asked = analyse(question)
    assert also in [e.also for e in asked.expansions]
    assert len(asked.wordings) == 1 + len(asked.expansions)
    index = assistant._open()
    found = {h.passage.article.id: h for h in retrieve(index, asked, 14)}
    alone = {h.passage.article.id: h for h in retrieve(index, replace(asked, expansions=()), 14)}
    other = "dai.txt" if also.startswith("Ủy") else "ngan.txt"
    assert found[other].terms > alone[other].terms
    assert list(found)[:2] in (["dai.txt", "ngan.txt"], ["ngan.txt", "dai.txt"])


def rain(millimetres: int) -> str:
    return f"Mưa ở trạm Kavuli\n\nTrạm đo mưa Kavuli ghi được {millimetres} milimét mưa trong đợt vừa qua.\n"


def test_a_question_that_a_build_overtakes_is_searched_anew(
    assistant: Assistant, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("tram.txt", rain(31))
    assistant.build()
    index, nearest, built = assistant._open(), Index.nearest, []

    def overtaken(self: Index, *args: Any) -> dict[int, float]:
        found = nearest(self, *args)
        if not built:
            write("tram.txt", rain(33))
            built.append(Assistant(assistant.settings).build())
        return found

    monkeypatch.setattr(Index, "nearest", overtaken)
    (hit,) = retrieve(index, analyse("Trạm Kavuli mưa bao nhiêu milimét?"), 5)
    assert built and "33 milimét" in hit.passage.text


def test_what_was_changed_is_found_while_the_term_index_is_behind(
    assistant: Assistant, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("tram.txt", rain(31))
    assistant.build()
    write("tram.txt", rain(33))
    monkeypatch.setattr(caches, "write_caches", lambda *_, **__: None)  # not reached yet
    Assistant(assistant.settings).build()
    index = assistant._open()
    assert index.terms.generation < index.store.generation == index.generation
    (hit,) = retrieve(index, analyse("Trạm Kavuli mưa bao nhiêu milimét?"), 5)
    assert "33 milimét" in hit.passage.text
