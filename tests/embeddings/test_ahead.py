"""Files read by other processes: the same index, in the same order, and without them as well."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from assistant.service import Assistant
from embeddings import ahead, caches
from embeddings.store import Reader
from embeddings.versions import store_file
from tests.conftest import Write


def fill(write: Write, count: int = 40) -> None:
    for n in range(count):
        write(
            f"tin/bai-{n:02}.txt",
            f"Tin số {n}\n\nThôn Bản Mốc {n} có {n + 100} hộ trồng quế.\n" * 3,
        )
    write("hỏng.docx", "không phải tệp Word")
    write("bảng.jsonl", '{"title": "Hàng", "body": "Bản Mốc họp."}\n' * 3)


def contents(index: Path) -> list[tuple]:  # type: ignore[type-arg]
    store = Reader(store_file(index))
    rows = store.query(
        'SELECT a.id, p.start, p."end", p.key, p.length FROM passages p '
        "JOIN articles a ON a.number = p.article ORDER BY p.id"
    )
    rows += store.query("SELECT article, same, numbers FROM signatures ORDER BY article")
    rows += store.query("SELECT path, sha256 FROM files ORDER BY path")
    store.close()
    return rows


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_WORTH_IT", 2)
    monkeypatch.setattr(ahead, "_TOGETHER", 3)
    monkeypatch.setattr(ahead, "_LARGEST", 130)  # the table is read here
    monkeypatch.setattr(caches, "_WORTH_IT", 2)
    monkeypatch.setattr(caches, "_READ", 5)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)


def test_the_index_is_the_same(
    assistant: Assistant, write: Write, request: pytest.FixtureRequest
) -> None:
    fill(write)
    alone = assistant.build()
    before = contents(assistant.settings.index)
    request.getfixturevalue("at_once")
    together = assistant.build(full=True)
    assert contents(assistant.settings.index) == before
    assert (alone.articles, alone.failures) == (together.articles, together.failures)
    assert all(check.ok for check in assistant.verify())


@pytest.mark.usefixtures("at_once")
def test_a_process_that_dies_costs_nothing(
    assistant: Assistant, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(write)
    submit, killed = ProcessPoolExecutor.submit, []

    def killing(self: ProcessPoolExecutor, *args: object) -> object:
        future = submit(self, *args)
        if not killed:
            killed.extend(self._processes)
            os.kill(killed[0], signal.SIGKILL)
        return future

    monkeypatch.setattr(ProcessPoolExecutor, "submit", killing)
    report = assistant.build()
    assert killed and report.articles == 43
    assert all(check.ok for check in assistant.verify())
