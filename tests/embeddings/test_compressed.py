"""An archive that outgrows the flat index: the same answers and scores, changes, filters, verify."""

import datetime as dt

import pytest

from assistant.scope import Scope
from assistant.service import Assistant
from embeddings import vectors
from tests.conftest import Write

QUESTIONS = ["Thôn Bản Mốc 17 có bao nhiêu hộ?", "hop tac xa que", "Lễ hội mùa xuân tổ chức ở đâu?"]


def fill(write: Write, first: int, last: int) -> None:
    for n in range(first, last):
        write(
            f"tin-{n:03}.txt",
            f"Tin số {n}\n\n{n % 27 + 1:02}/05/2024\n\nThôn Bản Mốc {n} có {n + 100} hộ trồng quế.\n\n"
            f"Hợp tác xã quế số {n} mở lễ hội mùa xuân ở bãi Nậm Khiên {n}.",
        )


def found(assistant: Assistant) -> list[tuple[str, int, float, float]]:
    hits = [hit for question in QUESTIONS for hit in assistant.search(question, 5)]
    return [
        (h.passage.article.id, h.passage.start, round(h.dense, 5), round(h.terms, 5)) for h in hits
    ]


def test_it_answers_as_the_flat_one_and_follows_changes(
    assistant: Assistant, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(write, 0, 60)
    assistant.build()
    flat = found(assistant)
    monkeypatch.setattr(vectors, "_COMPRESSED_FROM", 40)
    monkeypatch.setattr(vectors, "_FLAT_BELOW", 20)
    assistant.build(full=True)
    index = assistant._open()
    assert isinstance(index._vectors, vectors.CompressedIndex)
    assert found(assistant) == flat
    assert all(check.ok for check in assistant.verify())

    fill(write, 60, 70)
    (assistant.settings.archive / "tin-003.txt").unlink()
    assistant.build()
    assert "165 hộ" in assistant.ask("Thôn Bản Mốc 65 có bao nhiêu hộ?").text
    assert all(
        h.passage.article.id != "tin-003.txt" for h in assistant.search("Thôn Bản Mốc 3", 70)
    )
    day = Scope(first=dt.date(2024, 5, 3), last=dt.date(2024, 5, 4))
    hits = assistant.search("Thôn Bản Mốc có bao nhiêu hộ?", 20, day)
    assert {h.passage.article.date for h in hits} == {dt.date(2024, 5, 3), dt.date(2024, 5, 4)}
    assert all(check.ok for check in assistant.verify())
