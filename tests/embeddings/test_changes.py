"""What became of each file and article: noticed, told, and done with as little work as it takes."""

import json
import os
import threading
import time
from pathlib import Path

import pytest

from assistant.service import Assistant
from corpus.errors import ArchiveError
from embeddings import versions
from embeddings.changes import Kind
from embeddings.scan import read_state
from embeddings.store import Store
from embeddings.versions import store_file
from tests.conftest import Write
from tests.embeddings.news import article, fill


def told(assistant: Assistant) -> list[tuple[str, str, str]]:
    return [(c.kind.value, c.before, c.article_id) for c in assistant.build().changes]


def test_a_renamed_folder_moves_every_article_and_embeds_none(
    assistant: Assistant, archive: Path
) -> None:
    fill(archive, range(12), "cu")
    assistant.build()
    ids = set(assistant._open().store.passage_ids().tolist())
    (archive / "cu").rename(archive / "moi")
    report = assistant.build()
    assert (report.moved, report.embedded, report.added, report.removed) == (12, 0, 0, 0)
    assert {c.article_id.split("/")[0] for c in report.changes} == {"moi"}
    assert set(assistant._open().store.passage_ids().tolist()) == ids, "passages stay as they are"
    assert assistant.search("nông dân")[0].passage.article.path.startswith("moi/")
    with pytest.raises(ArchiveError):
        assistant.article("cu/00000.txt")


def test_moved_and_changed_at_once_are_told_apart(
    assistant: Assistant, archive: Path, write: Write
) -> None:
    for n in range(4):
        write(f"{n}.txt", article(n))
    assistant.build()
    (archive / "0.txt").rename(archive / "x.txt")
    write("1.txt", article(1, version=1))
    (archive / "2.txt").unlink()
    write("3.txt", article(3).replace("/20", "/19", 1))  # its date
    write("4.txt", article(4))
    assert sorted(told(assistant)) == [
        ("added", "", "4.txt"),
        ("changed", "", "1.txt"),
        ("metadata", "", "3.txt"),
        ("moved", "0.txt", "x.txt"),
        ("removed", "", "2.txt"),
    ]


def test_one_of_two_copies_moved(assistant: Assistant, archive: Path, write: Write) -> None:
    write("a.txt", article(1))
    write("b.txt", article(1))
    assistant.build()
    (archive / "b.txt").rename(archive / "c.txt")
    assert told(assistant) == [("moved", "b.txt", "c.txt")]


def test_a_table_that_moved_moves_its_rows(
    assistant: Assistant, archive: Path, write: Write
) -> None:
    rows = [{"id": f"r{n}", "body": article(n)} for n in range(3)]
    write("cu.jsonl", "\n".join(json.dumps(r) for r in rows))
    assistant.build()
    (archive / "cu.jsonl").rename(archive / "moi.jsonl")
    assert told(assistant) == [("moved", f"cu.jsonl#r{n}", f"moi.jsonl#r{n}") for n in range(3)]


def test_touching_a_file_costs_a_hash_and_nothing_else(
    assistant: Assistant, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write("a.txt", article(1))
    assistant.build()
    generation = assistant._open().store.generation
    os.utime(file, (1_000_000_000, 1_000_000_000))
    monkeypatch.setattr("embeddings.ahead.read_file", lambda *_: pytest.fail("was read"))
    report = assistant.build()
    assert (report.unchanged_files, report.rehashed_files, report.changes) == (1, 1, [])
    assert assistant._open().store.generation == generation
    assert assistant.status().stale == 0


def test_a_change_behind_the_same_size_and_times_is_caught(
    assistant: Assistant, write: Write
) -> None:
    text = article(1).replace("tấn", "kg.")
    file = write("a.txt", text)
    assistant.build()
    before = file.stat()
    file.write_text(text.replace("kg.", "bao"), encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    assert assistant.status().stale == 1
    assert told(assistant) == [("changed", "", "a.txt")]


def test_a_young_file_is_not_settled_and_an_old_one_is(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Tin", encoding="utf-8")
    assert not read_state(file).settled
    old = time.time() - 60
    os.utime(file, (old, old))
    # The status time cannot be set back, so this one settles two seconds after the call above.
    assert not read_state(file).settled
    assert read_state(tmp_path / "khong-co").sha256 == ""


def test_a_dry_run_tells_the_same_and_writes_nothing(
    assistant: Assistant, archive: Path, write: Write
) -> None:
    write("a.txt", article(1))
    report = assistant.build(dry_run=True)
    assert [c.kind for c in report.changes] == [Kind.ADDED]
    assert not assistant.settings.index.exists()
    assistant.build()
    write("b.txt", article(2))
    (archive / "a.txt").rename(archive / "c.txt")
    before = store_file(assistant.settings.index).read_bytes()
    planned = assistant.build(dry_run=True)
    assert store_file(assistant.settings.index).read_bytes() == before
    assert planned.changes == assistant.build().changes
    assert planned.dry_run and not planned.embedded


def test_a_file_that_cannot_be_opened_keeps_its_articles(
    assistant: Assistant, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write("a.txt", article(1))
    write("b.txt", article(2))
    assistant.build()
    away = file.rename(file.parent / ".cho-khac")
    file.symlink_to("/khong/co/o/dia/nay.txt")  # a disk that is not there just now
    report = assistant.build()
    assert [f.path for f in report.failures] == ["a.txt"]
    assert report.articles == 2
    file.unlink()
    away.rename(file)
    report = assistant.build()
    assert (report.failures, report.changes, report.articles) == ([], [], 2)


def test_a_stopped_build_keeps_whole_batches_and_goes_on(
    assistant: Assistant, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings.builder._FIRST_BATCH", 10)
    monkeypatch.setattr("embeddings.builder._LARGEST_BATCH", 10)
    monkeypatch.setattr("embeddings.builder._TOLD_SECONDS", 0)
    fill(archive, range(60))
    seen: list[int] = []

    def stop_at_30(step: object) -> None:
        seen.append(getattr(step, "done", 0))
        if seen[-1] == 30:
            assistant.stop_build()

    report = assistant.build(stop_at_30)
    assert report.stopped
    assert 0 < report.articles <= 30
    assert assistant.status().unfinished
    assert assistant.search("nông dân"), "what is done answers already"
    rest = assistant.build()
    assert (rest.stopped, rest.articles) == (False, 60)
    assert report.embedded + rest.embedded == rest.passages
    assert not assistant.status().unfinished
    assert not assistant.stop_build()


def test_a_stop_before_the_start_changes_nothing(assistant: Assistant, archive: Path) -> None:
    fill(archive, range(3))
    stop = threading.Event()
    stop.set()
    report = assistant.build(stop=stop)
    assert (report.stopped, report.articles) == (True, 0)


def test_progress_tells_files_speed_and_time(
    assistant: Assistant, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings.builder._TOLD_SECONDS", 0)
    fill(archive, range(40))
    steps: list[object] = []
    assistant.build(steps.append)
    names = {str(s).split(":")[0] for s in steps}
    assert {"Xem tệp nào đã đổi", "Đọc và nhúng bài viết", "Ghi chỉ mục từ ngữ"} <= names
    assert any("đoạn/giây" in str(s) for s in steps)
    assert any("40/40 tệp" in str(s) for s in steps)


def test_delete_means_gone_for_a_running_page_too(
    assistant: Assistant, archive: Path, write: Write
) -> None:
    write("mat.txt", "Chuyện mật ở xã Nậm Tàu\n\nÔng Vàng Seo Pao ở Nậm Tàu giữ bảy con trâu bạc.")
    fill(archive, range(5))
    assistant.build()
    assert assistant.search("Vàng Seo Pao trâu bạc")[0].passage.article.id == "mat.txt"
    page = Assistant(assistant.settings)
    page.search("cà phê")
    (archive / "mat.txt").unlink()
    assistant.build()
    for reader in (page, assistant):
        assert "mat.txt" not in {h.passage.article.id for h in reader.search("Vàng Seo Pao", 50)}
        assert all(
            c.article.id != "mat.txt" for c in reader.ask("Ai giữ bảy con trâu bạc?").citations
        )
        assert "mat.txt" not in {row[0] for row in reader.article_list()}
        with pytest.raises(ArchiveError):
            reader.article("mat.txt")
        index = reader._open()
        assert set(index.ids().tolist()) == set(index.store.passage_ids().tolist())
        assert index.terms.index.ids() == index.store.passage_ids().tolist()
        assert not index.store.query(
            "SELECT 1 FROM signatures s WHERE s.article NOT IN (SELECT number FROM articles)"
        )
    page.close()


def test_a_page_takes_an_article_away_before_the_build_is_over(
    assistant: Assistant, archive: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the commit and the caches: the store alone decides what may be shown."""
    write("a.txt", article(1))
    write("b.txt", article(2))
    assistant.build()
    assistant.search("nông dân")
    (archive / "a.txt").unlink()
    monkeypatch.setattr("embeddings.caches.write_caches", lambda *_, **__: None)
    other = Assistant(assistant.settings)
    other.build()
    assert {h.passage.article.id for h in assistant.search("nông dân", 50)} == {"b.txt"}


def test_the_log_does_not_grow(assistant: Assistant, archive: Path) -> None:
    fill(archive, range(30))
    assistant.build()
    for n in range(6):
        (archive / "tin/00000.txt").write_text(article(100 + n), encoding="utf-8")
        assistant.build()
    store = assistant._open().store
    [(rows,)] = store.query("SELECT count(*) FROM changes")
    assert store.compacted > 0
    assert rows < 6 * 10  # what the FAISS file has yet to be told, and no more


def test_a_reader_from_before_the_log_begins_starts_anew(
    assistant: Assistant, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings.caches._REPLAYED", 0)
    monkeypatch.setattr("embeddings.caches._REPLAYED_SHARE", 0)
    fill(archive, range(8))
    assistant.build()
    assistant.search("cà phê")
    other = Assistant(assistant.settings)
    for n in range(3):
        (archive / "tin/00000.txt").write_text(article(100 + n), encoding="utf-8")
        other.build()
    index = assistant._index
    assert index is not None and index._generation < index.store.compacted
    assistant.search("cà phê")
    assert set(index.ids().tolist()) == set(index.store.passage_ids().tolist())


def test_nothing_new_is_one_look_at_the_store(assistant: Assistant, archive: Path) -> None:
    fill(archive, range(3))
    assistant.build()
    index = assistant._open()
    asked: list[str] = []
    index.store._db.set_trace_callback(asked.append)
    index.refresh()
    assert len(asked) == 1
    assert "generation" in asked[0]


def test_a_page_opened_on_the_first_batch_goes_along(
    assistant: Assistant, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From an empty store that does not know its encoder yet to a whole index, without a restart."""
    monkeypatch.setattr("embeddings.builder._TOLD_SECONDS", 0)
    monkeypatch.setattr("embeddings.builder._FIRST_BATCH", 10)
    monkeypatch.setattr("embeddings.builder._LARGEST_BATCH", 10)
    fill(archive, range(40))
    page = Assistant(assistant.settings)
    counts: list[int] = []
    first = versions.begin(assistant.settings.index, beside=False)
    Store(versions.store_in(first)).close()
    assert page.search("nông dân") == []
    assistant.build(lambda _: counts.append(len(page.search("nông dân", 50))))
    assert counts[-1] > 0
    assert counts == sorted(counts)
    fresh = Assistant(assistant.settings)
    assert [h.passage.id for h in page.search("cà phê")] == [
        h.passage.id for h in fresh.search("cà phê")
    ]


def test_a_term_index_written_anew_is_taken(
    assistant: Assistant, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(archive, range(10))
    assistant.build()
    assistant.search("cà phê")
    monkeypatch.setattr("embeddings.caches._is_worn", lambda _: True)
    (archive / "tin/00000.txt").unlink()
    Assistant(assistant.settings).build()
    hits = assistant.search("nông dân", 50)
    assert len({h.passage.article.id for h in hits}) == 9
    assert (
        assistant._open().terms.index.folder
        == versions.store_file(assistant.settings.index).parent / "terms-2"
    )
