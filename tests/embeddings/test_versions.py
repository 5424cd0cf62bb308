"""Another encoder, another format, everything anew: built beside, switched when whole, the old in service until then."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from assistant.service import Assistant
from corpus.errors import EncoderError, IndexError_
from embeddings import versions
from embeddings.encoder import Encoder, Vectors
from embeddings.static import builtin
from embeddings.store import FORMAT
from embeddings.verify import verify
from tests.embeddings.news import fill


class Turned:
    """The built-in model with its dimensions in another order and halved: another encoder, computable."""

    def __init__(self, fails_after: int | None = None) -> None:
        self.name = "turned"
        self.fingerprint = "turned-0123456789abcdef"
        self.dimension = builtin().dimension // 2
        self.max_tokens = builtin().max_tokens
        self.left = fails_after
        self.encoded = 0

    def encode_queries(self, texts: list[str]) -> Vectors:
        vectors = builtin().encode_queries(texts)[:, ::-1][:, : self.dimension]
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.ascontiguousarray(vectors / np.maximum(norms, 1e-12))

    def encode_passages(self, texts: list[str]) -> Vectors:
        if self.left is not None:
            self.left -= len(texts)
            if self.left < 0:
                raise EncoderError("Máy hết bộ nhớ.")
        self.encoded += len(texts)
        return self.encode_queries(texts)

    def count_tokens(self, texts: list[str]) -> list[int]:
        return builtin().count_tokens(texts)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embeddings.builder._FIRST_BATCH", 16)
    monkeypatch.setattr("embeddings.builder._LARGEST_BATCH", 16)


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> dict[str, Encoder]:
    """What HOIBAO_MODEL may name."""
    known: dict[str, Encoder] = {"builtin": builtin(), "turned": Turned()}
    monkeypatch.setattr("assistant.opened.load_encoder", lambda name: known[name])
    return known


def with_model(assistant: Assistant, model: str) -> Assistant:
    from dataclasses import replace

    return Assistant(replace(assistant.settings, model=model))


def ids(assistant: Assistant) -> list[str]:
    return [h.passage.article.id for h in assistant.search("nông dân hợp tác xã", 5)]


def test_another_encoder_is_built_beside_and_a_running_page_follows(
    assistant: Assistant, archive: Path, models: dict[str, Encoder]
) -> None:
    fill(archive, range(20))
    assistant.build()
    page = Assistant(assistant.settings)
    before = ids(page)
    other = with_model(assistant, "turned")
    assert ids(other) == before, "until it is built, the old index answers"
    assert other.status().next_encoder == "turned"
    old = versions.current(assistant.settings.index)
    seen: list[object] = []

    def ask_meanwhile(_: object) -> None:
        seen.append((versions.current(assistant.settings.index), ids(page)))

    report = other.build(ask_meanwhile)
    assert "mô hình nhúng đổi từ builtin" in report.rebuilt
    assert (report.articles, report.embedded) == (20, report.passages)
    assert set(map(str, seen)) == {str((old, before))}
    assert versions.current(assistant.settings.index) != old
    assert not old.exists() if old else True
    assert page._open().encoder is models["turned"]
    assert ids(page) == ids(other)
    assert verify(assistant.settings.index).ok


def test_a_failed_change_leaves_the_old_in_service_and_is_gone_on_with(
    assistant: Assistant, archive: Path, models: dict[str, Encoder]
) -> None:
    fill(archive, range(60))
    assistant.build()
    before = ids(assistant)
    models["turned"] = Turned(fails_after=40)
    with pytest.raises(EncoderError):
        with_model(assistant, "turned").build()
    assert ids(assistant) == before
    assert assistant.status().unfinished
    assert verify(assistant.settings.index).ok
    again = Turned()
    models["turned"] = again
    report = with_model(assistant, "turned").build()
    assert 0 < report.embedded == again.encoded < report.passages, "what was embedded is kept"
    assert report.articles == 60
    assert verify(assistant.settings.index).ok


def test_a_stopped_change_is_dropped_by_a_build_with_the_old_encoder(
    assistant: Assistant, archive: Path, models: dict[str, Encoder]
) -> None:
    fill(archive, range(40))
    assistant.build()
    other = with_model(assistant, "turned")
    assert other.build(lambda _: other.stop_build()).stopped
    assert versions.partial(assistant.settings.index)
    assert assistant.build().changes == []
    assert not versions.partial(assistant.settings.index)


def test_anew_reads_everything_and_embeds_nothing(assistant: Assistant, archive: Path) -> None:
    fill(archive, range(10))
    first = assistant.build()
    before = ids(assistant)
    report = assistant.build(full=True)
    assert (report.added, report.embedded, report.passages) == (10, 0, first.passages)
    assert ids(assistant) == before
    assert verify(assistant.settings.index).ok


@pytest.mark.parametrize("format", ["1", str(FORMAT + 1)])
def test_an_index_of_another_format_is_rebuilt_beside_it(
    assistant: Assistant, archive: Path, format: str
) -> None:
    fill(archive, range(5))
    assistant.build()
    assistant.close()
    folder = assistant.settings.index
    with sqlite3.connect(versions.store_file(folder)) as db:
        db.execute("UPDATE meta SET value = ? WHERE key = 'format'", [format])
    db.close()
    with pytest.raises(IndexError_, match=rf"định dạng {format}.*hoibao build"):
        assistant.search("cà phê")
    assert not assistant.has_index()
    assert "định dạng" in assistant.why_build()
    report = assistant.build()
    assert (report.articles, report.embedded) == (5, 0)
    assert f"định dạng {format}" in report.rebuilt
    assert ids(assistant)


def test_the_layout_before_versions_is_replaced(assistant: Assistant, archive: Path) -> None:
    fill(archive, range(5))
    folder = assistant.settings.index
    (folder / "terms").mkdir(parents=True)
    (folder / "vectors-1-abc.faiss").write_bytes(b"x")
    with sqlite3.connect(folder / "store.db") as db:
        db.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
        db.execute("INSERT INTO meta VALUES ('format', '1')")
    db.close()
    assert not assistant.has_index()
    assert assistant.build().articles == 5
    assert sorted(p.name for p in folder.iterdir()) == ["lock", "v1"]


def test_a_switch_that_was_cut_short_is_finished(assistant: Assistant, archive: Path) -> None:
    fill(archive, range(3))
    assistant.build()
    folder = assistant.settings.index
    old = folder / "v0"
    old.mkdir()
    (old / "store.db").write_bytes(b"left over")
    assert ids(assistant)
    assistant.build()
    assert not old.exists()
