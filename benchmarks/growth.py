"""One archive that grows: at each size a build, a question, a change, disk and memory.

Each size goes on with the index of the one before, as an archive does in life; the first build is from
nothing. Every step is a process of its own, so that peak memory is that step's alone.
"""

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks import build_archive, texts
from embeddings.versions import store_file

Row = dict[str, Any]


def measure(
    folder: Path, data: Path, passages: list[int], questions: int, recall: bool
) -> Iterator[Row]:
    """A row for each size, in passages; the archive has as many articles as give about that."""
    archive, index = folder / "kho", folder / "index"
    there = 0
    for wanted in sorted(passages):
        before = _passages(index)
        each = before / there if there else 4.0
        articles = max(there + 1, there + round((wanted - before) / each))
        texts.write(archive, data, articles, after=there)
        time.sleep(2.5)  # files settle: git's racy problem, not what is measured
        built = build_archive.command(f"{wanted:,} passages", folder, "build")
        there, now = articles, _passages(index)
        row: Row = {
            "articles": articles, "passages": now, "build, s": round(built.seconds, 1),
            "passages a second": round((now - before) / built.seconds),
            "articles a second": round((articles - _articles_before(built)) / built.seconds, 1),
            "build memory, MB": round(built.megabytes),
            "bytes a passage": round(_size(index) / max(now, 1)),
        }  # fmt: skip
        row |= ask(archive, index, data, questions, recall)
        row |= add_one(folder)
        row["disk"] = {name: round(size / max(now, 1)) for name, size in _parts(index).items()}
        yield row


def ask(archive: Path, index: Path, data: Path, questions: int, recall: bool) -> Row:
    """What ``benchmarks.asking`` finds."""
    command = [
        sys.executable, "-m", "benchmarks.asking", "--archive", str(archive), "--index", str(index),
        "--data", str(data), "--questions", str(questions), *(["--recall"] if recall else []),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: Row = json.loads(done.stdout.splitlines()[-1])
    return found


def add_one(folder: Path) -> Row:
    """Seconds from the writing of a file until a running page answers from it, and until it is gone again."""
    archive = folder / "kho"
    page = build_archive.page(folder)
    opened, _ = build_archive.asked(page)
    file = archive / "moi.txt"
    row: Row = {"page opened, s": round(opened, 2)}
    for name in ("added", "deleted"):
        begun = time.perf_counter()
        if name == "added":
            file.write_text(build_archive.NEW, encoding="utf-8")
        else:
            file.unlink()
        with ThreadPoolExecutor() as pool:
            build = pool.submit(build_archive.command, f"one article {name}", folder, "build")
            while (build_archive.asked(page)[1] == file.name) != (name == "added"):
                time.sleep(0.1)  # asked without pause, the page would slow the build
            row[f"one article {name}, s"] = round(time.perf_counter() - begun, 2)
            row["its build, s"] = round(build.result().seconds, 2)
    page.kill()
    page.communicate()
    return row


def _passages(index: Path) -> int:
    file = store_file(index)
    if not file.is_file():
        return 0
    with sqlite3.connect(file) as db:
        [(count,)] = db.execute("SELECT count(*) FROM passages")
    db.close()
    return int(count)


def _articles_before(built: build_archive.Run) -> int:
    return int(str(built.report["articles"])) - int(str(built.report["added"]))


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _parts(index: Path) -> dict[str, int]:
    version = store_file(index).parent
    kinds = {"store": "store.db*", "vectors": "vectors-*", "terms": "terms-*/*"}
    return {name: sum(f.stat().st_size for f in version.glob(g)) for name, g in kinds.items()}


def machine() -> Row:
    """What it was measured on."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return {
        "cores": len(os.sched_getaffinity(0)), "memory, GB": round(total, 1),
        "load average before": round(os.getloadavg()[0], 1),
        "address limit": None if limit == resource.RLIM_INFINITY else limit,
        "free disk, GB": round(shutil.disk_usage("/").free / 2**30),
    }  # fmt: skip
