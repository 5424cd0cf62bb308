"""An index has no memory: however the archive came to be what it is, it answers as one built from it at once."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.retrieve import Hit
from assistant.service import Assistant
from assistant.settings import Settings
from embeddings.duplicates import components
from embeddings.static import builtin
from embeddings.store.groups import read_groups, read_signatures
from embeddings.verify import verify
from tests.embeddings.news import article

_NAMES = [f"{folder}/{name}.txt" for folder in ("a", "b") for name in "xyz"]
_QUERIES = ["giá cà phê tăng", "vai thieu duoc mua", "hợp tác xã ở Cần Thơ ký hợp đồng", "mưa bão"]
_name = st.sampled_from(_NAMES)
_step = st.one_of(
    st.tuples(st.just("write"), _name, st.integers(0, 5), st.integers(0, 1)),
    st.tuples(st.just("table"), st.lists(st.integers(0, 7), max_size=4), st.just(0), st.just(0)),
    st.tuples(st.just("remove"), _name, st.just(0), st.just(0)),
    st.tuples(st.just("rename"), _name, _name, st.just(0)),
    st.tuples(st.just("rename folder"), st.just(""), st.just(""), st.just(0)),
    st.tuples(st.just("touch"), _name, st.just(0), st.just(0)),
    st.tuples(st.just("build"), st.just(""), st.just(""), st.just(0)),
    st.tuples(st.just("reopen"), st.just(""), st.just(""), st.just(0)),
)


def change(archive: Path, step: tuple) -> None:  # type: ignore[type-arg]
    """One thing that people do to a folder."""
    act, what, more, version = step
    if act == "table":
        rows = [{"id": str(seed), "body": article(seed)} for seed in sorted(set(what))]
        lines = "\n".join(json.dumps(row) for row in rows)
        (archive / "bang.jsonl").write_text(lines, encoding="utf-8")
        return
    if act == "rename folder":
        if (archive / "a").exists() and not (archive / "c").exists():
            (archive / "a").rename(archive / "c")
        return
    file = archive / what
    if act == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(article(more, version=version), encoding="utf-8")
    elif act == "remove":
        file.unlink(missing_ok=True)
    elif act == "rename" and file.exists():
        (archive / more).parent.mkdir(exist_ok=True)
        file.replace(archive / more)
    elif act == "touch" and file.exists():
        os.utime(file)


def shown(hits: list[Hit]) -> list[tuple[object, ...]]:
    return [
        (
            h.passage.article.id,
            h.passage.start,
            h.passage.end,
            h.passage.text,
            [t.id for t in h.also],
        )
        for h in hits
    ]


def compare(one: Assistant, other: Assistant) -> None:
    for query in _QUERIES:
        a, b = one.search(query, 20), other.search(query, 20)
        assert shown(a) == shown(b)
        for field in ("score", "dense", "terms"):
            assert [getattr(h, field) for h in a] == pytest.approx(
                [getattr(h, field) for h in b], abs=1e-6
            )
    assert one.article_list() == other.article_list()


@pytest.fixture
def work() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="hoibao-history-"))
    yield folder
    shutil.rmtree(folder)


@settings(
    max_examples=int(os.environ.get("HOIBAO_HISTORIES", "25")), deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.lists(_step, min_size=1, max_size=20))
def test_any_history_ends_as_one_fresh_build(work: Path, steps: list) -> None:  # type: ignore[type-arg]
    shutil.rmtree(work, ignore_errors=True)
    archive = work / "kho"
    archive.mkdir(parents=True)
    (archive / "luon.txt").write_text(article(99), encoding="utf-8")  # never an emptied archive
    grown = Assistant(Settings(archive=archive, index=work / "grown"))
    grown._encoder = builtin()
    for step in steps:
        if step[0] == "build":
            grown.build()
            grown.search("cà phê")  # a reader that goes along
        elif step[0] == "reopen":
            grown.close()
        else:
            change(archive, step)
    grown.build()
    fresh = Assistant(Settings(archive=archive, index=work / "fresh"))
    fresh._encoder = builtin()
    fresh.build()
    compare(grown, fresh)
    found = verify(work / "grown")
    assert found.ok, [c for c in found.checks if not c.ok]
    store = grown._open().store
    assert sorted(read_groups(store.query)) == components(read_signatures(store.query))
    grown.close()
    compare(grown, fresh)  # opened again from disk
    grown.close()
    fresh.close()
