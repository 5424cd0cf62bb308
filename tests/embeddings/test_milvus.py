"""An index whose dense search is in a real Milvus Lite: built, changed, broken off, verified, left again."""

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.scope import Scope
from assistant.service import Assistant
from embeddings import caches
from embeddings.milvus import MilvusIndex
from tests.conftest import Write

pytest.importorskip("milvus_lite", reason="the extra hoibao[milvus] is not installed")

BRIDGE = "Khánh thành cầu Nậm Khiên\n\n{day}\n\nCầu Nậm Khiên ở xã Lũng Khoai dài {long} mét, do kỹ sư Quàng Văn Pháng thiết kế."
SCHOOL = "Trường Bản Mốc đón học sinh\n\n05/09/2023\n\nTrường tiểu học Bản Mốc đón 214 học sinh vào năm học mới."


@pytest.fixture
def remote(assistant: Assistant, tmp_path: Path) -> Iterator[Assistant]:
    settings = replace(assistant.settings, vectors=f"milvus+file://{tmp_path}/vectors.db/kho")
    made = Assistant(settings)
    yield made
    made.close()


def found(assistant: Assistant, question: str, within: Scope | None = None) -> list[str]:
    hits = assistant.search(question, 5, within or Scope())
    return [hit.passage.article.id for hit in hits]


def test_it_answers_follows_changes_and_filters(remote: Assistant, write: Write) -> None:
    write("cau.txt", BRIDGE.format(day="12/05/2024", long=31))
    school = write("truong.txt", SCHOOL)
    remote.build()
    assert "31 mét" in remote.ask("Cầu Nậm Khiên dài bao nhiêu mét?").text
    assert found(remote, "Nậm Khiên", Scope(last=dt.date(2023, 12, 31))) == ["truong.txt"]

    write("cau.txt", BRIDGE.format(day="12/05/2024", long=47))
    school.unlink()
    remote.build()
    assert "47 mét" in remote.ask("Cầu Nậm Khiên dài bao nhiêu mét?").text
    assert found(remote, "trường tiểu học Bản Mốc") == ["cau.txt"]
    assert all(check.ok for check in remote.verify())

    # Only the day is another: nothing is embedded again, and the filter hears of it.
    write("cau.txt", BRIDGE.format(day="12/05/2021", long=47))
    assert remote.build().embedded == 0
    assert found(remote, "Nậm Khiên", Scope(last=dt.date(2022, 1, 1))) == ["cau.txt"]


def test_a_filling_that_was_broken_off_is_gone_on_with(
    remote: Assistant, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(12):
        write(f"cau-{n:02}.txt", BRIDGE.format(day=f"{n + 1:02}/05/2024", long=30 + n))
    monkeypatch.setattr(caches, "_SENT", 5)
    sent: list[int] = []
    add = MilvusIndex.add

    def failing(self: MilvusIndex, ids, vectors, facts=()):  # type: ignore[no-untyped-def]
        if len(sent) == 5:
            raise OSError("mất kết nối")
        sent.extend(ids.tolist())
        add(self, ids, vectors, facts)

    monkeypatch.setattr(MilvusIndex, "add", failing)
    with pytest.raises(Exception, match="mất kết nối"):
        remote.build()
    monkeypatch.setattr(
        MilvusIndex, "add", lambda s, i, v, f=(): (sent.extend(i.tolist()), add(s, i, v, f))[1]
    )
    remote.build()
    assert sorted(sent) == list(range(1, 13))  # none a second time
    assert all(check.ok for check in remote.verify())


def test_rebuilt_beside_and_brought_back_it_leaves_nothing_behind(
    remote: Assistant, assistant: Assistant, write: Write
) -> None:
    write("cau.txt", BRIDGE.format(day="12/05/2024", long=31))
    remote.build()
    remote.build(full=True)
    assert "31 mét" in remote.ask("Cầu Nậm Khiên dài bao nhiêu mét?").text
    remote.close()
    assistant.build()  # its settings name no server
    shutil.rmtree(remote.settings.index / "milvus", ignore_errors=True)
    assert list(remote.settings.index.glob("v2/vectors-*.faiss"))
    assert "31 mét" in assistant.ask("Cầu Nậm Khiên dài bao nhiêu mét?").text
