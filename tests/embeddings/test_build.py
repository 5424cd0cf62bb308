"""Build, store and caches: what a user adds, changes and removes is what is found afterwards."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from assistant.service import Assistant
from assistant.settings import Settings
from corpus.errors import ArchiveError, IndexError_
from embeddings.index import Index, store_file
from embeddings.static import builtin
from tests.conftest import Write

COFFEE = "Giá cà phê tăng mạnh\n\n12/05/2024\n\nSáng 12/5, giá cà phê nhân ở Đắk Lắk lên 101.000 đồng một ki-lô-gam.\n"
BLOOD = "Đoàn thanh niên hiến máu\n\n03/02/2023\n\nHơn 300 đoàn viên ở Cần Thơ đã hiến 412 đơn vị máu trong ngày 2/2.\n"
BRIDGE = "Khởi công cầu Bản Lầu\n\n01/10/2022\n\nCây cầu dài 86 mét nối hai bờ suối Nậm Thi được khởi công sáng 1/10.\n"


def found(assistant: Assistant, query: str) -> list[str]:
    return [hit.passage.article.id for hit in assistant.search(query, 5)]


def test_what_is_added_changed_and_removed(
    assistant: Assistant, archive: Path, write: Write
) -> None:
    write("a.txt", COFFEE)
    write("tin/b.txt", BLOOD)
    report = assistant.build()
    assert (report.added, report.changed, report.removed, report.articles) == (2, 0, 0, 2)
    assert found(assistant, "giá cà phê")[0] == "a.txt"

    write("a.txt", COFFEE.replace("101.000", "97.500"))
    write("c.txt", BRIDGE)
    (archive / "tin/b.txt").unlink()
    report = assistant.build()
    assert (report.added, report.changed, report.removed, report.articles) == (1, 1, 1, 2)
    assert "97.500" in assistant.search("giá cà phê")[0].passage.text
    assert "tin/b.txt" not in found(assistant, "hiến máu ở Cần Thơ")
    with pytest.raises(ArchiveError, match=r"tin/b\.txt"):
        assistant.article("tin/b.txt")


def test_nothing_new_costs_nothing(assistant: Assistant, write: Write) -> None:
    write("a.txt", COFFEE)
    assistant.build()
    generation = assistant._open().store.generation
    report = assistant.build()
    assert (report.unchanged_files, report.embedded, report.added, report.changed) == (1, 0, 0, 0)
    assert assistant._open().store.generation == generation


def test_a_renamed_file_is_not_embedded_again(
    assistant: Assistant, archive: Path, write: Write
) -> None:
    file = write("a.txt", COFFEE)
    assistant.build()
    file.rename(archive / "z.txt")
    report = assistant.build()
    assert (report.moved, report.added, report.removed, report.embedded) == (1, 0, 0, 0)
    assert [(c.before, c.article_id) for c in report.changes] == [("a.txt", "z.txt")]
    assert found(assistant, "cà phê") == ["z.txt"]


def test_a_changed_date_is_taken_without_embedding(assistant: Assistant, write: Write) -> None:
    write("a.txt", COFFEE)
    assistant.build()
    write("a.txt", COFFEE.replace("12/05/2024", "13/05/2024"))
    report = assistant.build()
    assert (report.metadata, report.changed, report.embedded) == (1, 0, 0)
    assert str(assistant.article("a.txt").date) == "2024-05-13"


def test_rows_of_a_table_come_and_go_one_by_one(assistant: Assistant, write: Write) -> None:
    rows = [
        {"id": f"r{i}", "title": f"Tin {i}", "body": f"Nội dung bản tin số {i}."} for i in range(5)
    ]
    write("t.jsonl", "\n".join(json.dumps(r) for r in rows))
    assistant.build()
    del rows[1]
    rows[2]["body"] = "Nội dung khác hẳn về bão số 3."
    write("t.jsonl", "\n".join(json.dumps(r) for r in rows))
    report = assistant.build()
    assert (report.added, report.changed, report.removed, report.embedded) == (0, 1, 1, 1)


def test_unreadable_files_are_named_and_the_others_go_on(
    assistant: Assistant, archive: Path, write: Write
) -> None:
    write("a.txt", COFFEE)
    (archive / "hong.txt").write_bytes(bytes(range(256)))
    write("rong.md", "")
    write("bang.jsonl", '{"id": "x", "body": "Một dòng tốt."}\n{hỏng\n')
    report = assistant.build()
    assert report.articles == 2
    assert [f.path for f in report.failures] == ["bang.jsonl#2", "hong.txt", "rong.md"]
    assert all(f.reason for f in report.failures)
    write("rong.md", "# Tiêu đề\n\nNay đã có chữ.")
    assert [f.path for f in assistant.build().failures] == ["bang.jsonl#2", "hong.txt"]


def test_the_caches_are_the_store(assistant: Assistant, write: Write) -> None:
    for name, text in (("a.txt", COFFEE), ("b.txt", BLOOD), ("c.txt", BRIDGE)):
        write(name, text)
        assistant.build()
    index = Index(assistant.settings.index, builtin())
    # The log since the FAISS file is replayed at the start, so that one article more costs little.
    query = builtin().encode_queries(["cầu dài bao nhiêu mét"])[0]
    ids = index.store.passage_ids()
    stored = dict(zip(*map(list, next(index.store.vectors(ids.tolist()))), strict=True))
    assert index.nearest(query, 10) == pytest.approx(
        {i: float(v @ query) for i, v in stored.items()}, abs=1e-5
    )
    assert len(index) == len(index.terms) == len(ids)
    assert index.terms.generation == index.store.generation


def test_built_step_by_step_or_at_once_it_answers_the_same(
    assistant: Assistant, tmp_path: Path, write: Write
) -> None:
    texts = {"a.txt": COFFEE, "b.txt": BLOOD, "c.txt": BRIDGE}
    for name, text in texts.items():
        write(name, text)
        assistant.build()
    write("b.txt", BLOOD + "\nThêm một đoạn mới.\n")
    assistant.build()
    write("b.txt", BLOOD)
    assistant.build()
    fresh = Assistant(Settings(archive=assistant.settings.archive, index=tmp_path / "fresh"))
    fresh.build()
    for query in ("giá cà phê", "hien mau", "cây cầu ở suối Nậm Thi"):
        ours = [(h.passage.article.id, h.passage.text) for h in assistant.search(query)]
        theirs = [(h.passage.article.id, h.passage.text) for h in fresh.search(query)]
        assert ours == theirs
        np.testing.assert_allclose(
            [h.dense for h in assistant.search(query)],
            [h.dense for h in fresh.search(query)],
            atol=1e-6,
        )
    fresh.close()


@pytest.mark.parametrize(
    "damage", ["delete vectors", "truncate vectors", "delete terms", "break terms"]
)
def test_a_damaged_cache_is_filled_again_without_embedding(
    assistant: Assistant, write: Write, damage: str
) -> None:
    write("a.txt", COFFEE)
    write("b.txt", BLOOD)
    assistant.build()
    before = found(assistant, "hiến máu")
    assistant.close()
    folder = store_file(assistant.settings.index).parent
    vectors = next(folder.glob("vectors-*.faiss"))
    if damage == "delete vectors":
        vectors.unlink()
    elif damage == "truncate vectors":
        vectors.write_bytes(vectors.read_bytes()[:-20])
    elif damage == "delete terms":
        for file in (folder / "terms-1").iterdir():
            file.unlink()
    else:
        (folder / "terms-1/meta.json").write_text("{}", encoding="utf-8")
    assert assistant.build().embedded == 0
    assert found(assistant, "hiến máu") == before


def test_an_open_reader_takes_the_new_generation(assistant: Assistant, write: Write) -> None:
    write("a.txt", COFFEE)
    assistant.build()
    assert found(assistant, "hiến máu") == ["a.txt"]
    other = Assistant(assistant.settings)
    write("b.txt", BLOOD)
    other.build()
    other.close()
    assert found(assistant, "hiến máu")[0] == "b.txt"


def test_passage_ids_are_never_used_again(
    assistant: Assistant, archive: Path, write: Write
) -> None:
    file = write("a.txt", COFFEE)
    write("b.txt", BLOOD)
    assistant.build()
    last = int(assistant._open().store.passage_ids().max())
    (archive / "b.txt").unlink()
    assistant.build()
    file.write_text(COFFEE.replace("Sáng", "Chiều"), encoding="utf-8")
    assistant.build()
    assert assistant._open().store.passage_ids().min() > last


def test_a_second_writer_is_told(assistant: Assistant, write: Write) -> None:
    write("a.txt", COFFEE)
    assistant.settings.index.mkdir()
    with FileLock(assistant.settings.index / "lock"), pytest.raises(IndexError_, match="đang chạy"):
        assistant.build()


def test_another_archive_or_an_emptied_one_does_not_wipe_the_index(
    assistant: Assistant, archive: Path, tmp_path: Path, write: Write
) -> None:
    file = write("a.txt", COFFEE)
    assistant.build()
    other = tmp_path / "khac"
    other.mkdir()
    with pytest.raises(IndexError_, match="--full"):
        Assistant(Settings(archive=other, index=assistant.settings.index)).build()
    file.unlink()
    with pytest.raises(IndexError_, match="--full"):
        assistant.build()
    assert found(assistant, "cà phê") == ["a.txt"]
    assert assistant.build(full=True).articles == 0
    assert found(assistant, "cà phê") == []
    archive.rmdir()
    with pytest.raises(ArchiveError, match="Không có thư mục"):
        assistant.build()


def test_a_failed_rebuild_leaves_the_old_index_in_service(
    assistant: Assistant, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.txt", COFFEE)
    assistant.build()

    def full_disk(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("embeddings.store.Store.put_vectors", full_disk)
    write("b.txt", BLOOD)
    with pytest.raises(IndexError_, match="Chỉ mục cũ vẫn dùng được"):
        assistant.build(full=True)
    assert found(assistant, "cà phê") == ["a.txt"]


def test_an_index_of_another_encoder_is_refused_by_name(assistant: Assistant, write: Write) -> None:
    write("a.txt", COFFEE)
    assistant.build()
    assistant.close()
    with sqlite3.connect(store_file(assistant.settings.index)) as db:
        db.execute("UPDATE meta SET value = 'khac-0123456789abcdef' WHERE key = 'encoder'")
    db.close()
    with pytest.raises(IndexError_, match=r"khac-0123456789abcdef.*hoibao build"):
        assistant.search("cà phê")
    assert assistant.build().articles == 1
    assert found(assistant, "cà phê") == ["a.txt"]


def test_a_store_that_is_no_database_is_refused_with_the_way_out(assistant: Assistant) -> None:
    file = store_file(assistant.settings.index)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"not a database, by far" * 100)
    for act in (lambda: assistant.search("cà phê"), assistant.build, assistant.status):
        with pytest.raises(IndexError_, match="hoibao repair"):
            act()


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_killed_in_the_middle_the_next_build_goes_on(assistant: Assistant, write: Write) -> None:
    rows = [
        {"id": str(i), "title": f"Tin {i}", "body": f"Bản tin số {i} về huyện {i % 97}. " * 20}
        for i in range(3000)
    ]
    for part in range(30):
        chunk = rows[part * 100 : (part + 1) * 100]
        write(f"{part:02}.jsonl", "\n".join(json.dumps(r) for r in chunk))
    code = (
        "import os, sys; from pathlib import Path; import embeddings.build as b; "
        "import embeddings.builder as r; r._FIRST_BATCH = r._LARGEST_BATCH = 500; r._TOLD_SECONDS = 0\n"
        "from embeddings.static import builtin\n"
        "def stop(step):\n"
        "    if step.name.startswith('Đọc') and step.done >= 15: os.kill(os.getpid(), 9)\n"
        "b.build(Path(sys.argv[1]), Path(sys.argv[2]), builtin(), stop)"
    )
    s = assistant.settings
    killed = subprocess.run([sys.executable, "-c", code, str(s.archive), str(s.index)], check=False)
    assert killed.returncode == -9
    assert len({id.split("#")[0] for id in found(assistant, "bản tin")}) > 0  # what was committed
    committed = assistant.status().articles
    assert 0 < committed <= 1500
    report = assistant.build()
    assert (report.articles, report.added) == (3000, 3000 - committed)
    index = assistant._open()
    assert len(index) == len(index.terms) == report.passages
