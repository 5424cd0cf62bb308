"""Killed, full, read-only: whatever stops a build, the next start answers and nothing committed is lost.

HOIBAO_KILLS sets how many times a build is killed (15 here, 60 in a long run).
"""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.service import Assistant
from assistant.settings import Settings
from corpus.errors import IndexError_, UserError
from embeddings.verify import verify
from embeddings.versions import store_file
from tests.embeddings.news import article, fill

_KILLS = int(os.environ.get("HOIBAO_KILLS", "15"))
_ROOT = Path(__file__).parents[2]
_SETUP = (
    "import sys, os; from pathlib import Path; import embeddings.builder as b; "
    "from embeddings.build import build; from embeddings.static import builtin\n"
    "b._FIRST_BATCH = b._LARGEST_BATCH = 16; b._TERMS_SECONDS = 0.05; encoder = builtin()\n"
    "import faiss, tantivy\n"
)
_BUILD = "report = build(Path(sys.argv[1]), Path(sys.argv[2]), encoder, full='full' in sys.argv)\n"


def child(code: str, assistant: Assistant, *more: str) -> "subprocess.Popen[str]":
    s = assistant.settings
    return subprocess.Popen(
        [sys.executable, "-c", code, str(s.archive), str(s.index), *more],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        env=os.environ | {"PYTHONPATH": str(_ROOT), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


def facts(assistant: Assistant) -> tuple[dict[str, str], set[bytes]]:
    """Committed articles with their digests, and the keys of stored vectors."""
    with sqlite3.connect(store_file(assistant.settings.index)) as db:
        articles = dict(db.execute("SELECT id, digest FROM articles"))
        keys = {key for (key,) in db.execute("SELECT key FROM vectors")}
    db.close()
    return articles, keys


def grow(archive: Path, turn: int, rng: random.Random) -> None:
    """Add, change, remove and rename a few of the files."""
    fill(archive, range(1000 * turn, 1000 * turn + 60), f"dot-{turn}")
    files = sorted(archive.rglob("*.txt"))
    for n, file in enumerate(rng.sample(files, min(len(files), 24))):
        if n < 8:
            file.write_text(article(rng.randrange(10**6)), encoding="utf-8")
        elif n < 16:
            file.unlink()
        else:
            file.rename(file.with_name(f"r{turn}-{file.name}"))


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_killed_at_any_moment_the_next_start_answers(assistant: Assistant, archive: Path) -> None:
    rng = random.Random(20_261_124)
    fill(archive, range(40))
    assistant.build()
    assistant.close()
    killed = 0
    for turn in range(1, _KILLS + 1):
        grow(archive, turn, rng)
        before, _ = facts(assistant)
        process = child(
            f"{_SETUP}print('go', flush=True)\n{_BUILD}", assistant, *(["full"] * (turn % 5 == 0))
        )
        assert process.stdout and process.stdout.readline() == "go\n"
        time.sleep(rng.uniform(0, 0.3))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        committed, keys = facts(assistant)
        _check_answers(assistant, committed)
        paths = {p.relative_to(archive).as_posix() for p in archive.rglob("*.txt")}
        assert {p for p in before if p in paths} <= committed.keys(), "lost"
        if turn % 2:
            continue  # killed twice in a row
        report = assistant.build()
        after, now = facts(assistant)
        if turn % 5:  # a --full that is gone on with has another store
            assert report.embedded == len(now - keys), "embedded twice"
        assert after.keys() == paths
        _check_answers(assistant, after)
        assistant.close()
    assert killed > _KILLS / 3, "the moments are not where the work is"
    assistant.build()
    fresh = Assistant(Settings(archive=archive, index=assistant.settings.index / "fresh"))
    fresh.build()
    for query in ("giá cà phê", "hợp tác xã"):
        ours, theirs = assistant.search(query), fresh.search(query)
        assert [h.passage.text for h in ours] == [h.passage.text for h in theirs]
    fresh.close()


def _check_answers(assistant: Assistant, committed: dict[str, str]) -> None:
    found = verify(assistant.settings.index)
    assert found.ok, [(c.name, c.problems) for c in found.checks if not c.ok]
    hits = assistant.search("nông dân và giá bán", 20)
    assert hits
    assert {h.passage.article.id for h in hits} <= committed.keys()
    for hit in hits:
        p = hit.passage
        assert p.article.text[p.start : p.end] == p.text


@pytest.mark.skipif(os.name == "nt", reason="RLIMIT_FSIZE")
@pytest.mark.parametrize("kilobytes", [40, 150, 300])
def test_a_full_disk_is_said_and_the_old_index_answers(
    assistant: Assistant, archive: Path, kilobytes: int
) -> None:
    """No file may grow past a limit: at first the store cannot be written, later a cache."""
    fill(archive, range(10))
    assistant.build()
    assistant.close()
    size = max(p.stat().st_size for p in assistant.settings.index.rglob("*") if p.is_file())
    before, _ = facts(assistant)
    fill(archive, range(100, 400), "moi")
    limit = (
        "import resource; from corpus.errors import IndexError_\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size + 1024 * kilobytes},) * 2)\n"
        "try:\n    build(Path(sys.argv[1]), Path(sys.argv[2]), encoder)\n"
        "except IndexError_ as error:\n    print(error)\n"
    )
    said, errors = child(_SETUP + limit, assistant).communicate()
    assert "Chỉ mục cũ vẫn dùng được" in said, errors
    committed, keys = facts(assistant)
    assert before.keys() <= committed.keys()
    _check_answers(assistant, committed)
    report = assistant.build()
    assert report.articles == 310
    assert report.embedded == len(facts(assistant)[1] - keys)


def test_a_disk_that_fills_up_while_caches_are_written(
    assistant: Assistant, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(archive, range(5))
    assistant.build()
    assistant.search("cà phê")
    fill(archive, range(10, 15))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("embeddings.terms.TermIndex.apply", full)
        with pytest.raises(IndexError_, match="No space left"):
            Assistant(assistant.settings).build()
        assert assistant.search("nông dân"), "a running page goes on"
    assistant.close()
    report = assistant.build()
    assert (report.embedded, report.articles) == (0, 10)
    assert verify(assistant.settings.index).ok


_ASK = (
    "import sys, os; from pathlib import Path\n"
    "from assistant.service import Assistant; from assistant.settings import Settings\n"
    "from corpus.errors import UserError\n"
    "a = Assistant(Settings(archive=Path(sys.argv[1]), index=Path(sys.argv[2])))\n"
    "w = Assistant(Settings(archive=Path(sys.argv[1]), index=Path(sys.argv[3])))\n"
    "w.build(); w.search('nông dân'); w.status(); a._encoder = w.encoder  # all modules are loaded now\n"
    "if os.geteuid() == 0: os.setgid(65534); os.setuid(65534)  # root may write anywhere\n"
    "print(len(a.search('nông dân')), a.status().articles, len(a._open().terms), flush=True)\n"
    "try:\n    a.build(full=True)\nexcept UserError as error:\n    print(error)\n"
)


@pytest.mark.skipif(os.name == "nt", reason="permissions")
@pytest.mark.parametrize("caches", ["whole", "lost"])
def test_a_read_only_index_answers_and_a_build_says_why_not(
    archive: Path, tmp_path: Path, caches: str
) -> None:
    """With the caches lost, they are made whole in memory."""
    place = Path("/tmp") / f"hoibao-chi-doc-{os.getpid()}-{caches}"
    shutil.rmtree(place, ignore_errors=True)
    fill(place / "kho", range(12))
    made = Assistant(Settings(archive=place / "kho", index=place / "index"))
    try:
        made.build()
        made.close()
        version = store_file(place / "index").parent
        if caches == "lost":
            shutil.rmtree(version / "terms-1")
            next(version.glob("vectors-*")).unlink()
        for path in [place, *place.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        done = subprocess.run(
            [sys.executable, "-c", _ASK, str(place / "kho"), str(place / "index"), str(tmp_path / "w")],
            capture_output=True, encoding="utf-8", check=False,
            env=os.environ | {"PYTHONPATH": str(_ROOT), "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        lines = done.stdout.splitlines()
        assert lines[0].split()[:2] == ["10", "12"], done.stderr
        assert int(lines[0].split()[2]) >= 12
        assert "Không ghi được" in lines[1], done
    finally:
        for path in [place, *(p for p in place.rglob("*") if p.is_dir())]:
            path.chmod(0o755)
        shutil.rmtree(place)


def test_an_unwritable_place_is_an_error_with_a_way_out(
    assistant: Assistant, archive: Path, tmp_path: Path
) -> None:
    fill(archive, range(1))
    (tmp_path / "tep").write_text("no folder", encoding="utf-8")
    nowhere = Assistant(Settings(archive=archive, index=tmp_path / "tep" / "index"))
    with pytest.raises(UserError, match="--index"):
        nowhere.build()
