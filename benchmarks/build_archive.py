"""How long and how much memory a build takes, on real articles: ``python -m benchmarks.build_archive``.

Each build is a process of its own, as a user starts it, so that times include loading the model and
peak memory is that of the build alone. A second process keeps the index open meanwhile, as the page
does, and is asked until it finds what was added.
"""

import argparse
import json
import lzma
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from embeddings.versions import store_file

NEWS = Path(__file__).parents[2] / "shared/data/news-2016-2019.jsonl.xz"
_PACKAGES = ("faiss-cpu", "tantivy", "numpy", "tokenizers")
NEW = (
    "Bến phà Xuân Giang Thượng mở lại\n\n12/05/2024\n\nSáng 12/5, bến phà Xuân Giang Thượng ở xã Lũng Khoai "
    "mở lại sau bảy tháng sửa chữa. Lái phà Quàng Văn Pháng cho biết mỗi chuyến chở được 31 xe máy.\n"
)
_QUESTION = "Lái phà Quàng Văn Pháng chở được bao nhiêu xe máy?"
# In a process of its own: a child's peak memory would count what its parent holds when it forks.
_PAGE = """
import sys, time
from pathlib import Path
from assistant.service import Assistant
from assistant.settings import Settings
page = Assistant(Settings(archive=Path(sys.argv[1]), index=Path(sys.argv[2])))
page.encoder
for _ in sys.stdin:
    started = time.perf_counter()
    hits = page.search(sys.argv[3])
    print(f"{time.perf_counter() - started:.3f}", hits[0].passage.article.id, flush=True)
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One command: wall seconds, peak resident megabytes, and its JSON."""

    name: str
    seconds: float
    megabytes: float
    report: dict[str, object]


def main() -> int:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--remove", type=int, default=1_000)
    parser.add_argument("--keep", help="keep archive and index in this folder")
    args = parser.parse_args()
    folder = Path(args.keep or tempfile.mkdtemp(prefix="hoibao-benchmark-"))
    try:
        measure(folder, args.articles, args.remove)
    finally:
        if not args.keep:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


def measure(folder: Path, articles: int, removed: int) -> None:
    """Every step once, in the order a user takes them."""
    archive = folder / "kho"
    write_articles(archive, articles)
    time.sleep(2.5)  # files settle: git's racy problem, not what is measured
    runs = [command("first build", folder, "build")]
    runs.append(command("nothing new", folder, "build"))
    running = page(folder)
    opened, _ = asked(running)

    (archive / "moi.txt").write_text(NEW, encoding="utf-8")
    written = time.perf_counter()
    with ThreadPoolExecutor() as pool:
        build = pool.submit(command, "one article more", folder, "build")
        while asked(running)[1] != "moi.txt":
            time.sleep(0.02)
        searchable = time.perf_counter() - written
        runs.append(build.result())
    (archive / "moi.txt").write_text(NEW.replace("31", "33"), encoding="utf-8")
    runs.append(command("one article changed", folder, "build"))
    running.kill()
    running.communicate()

    for file in sorted(archive.rglob("*.txt"))[:removed]:
        file.unlink()
    runs.append(command(f"{removed:,} articles removed", folder, "build"))
    (archive / "d3").rename(archive / "d3-moi")
    runs.append(command("a folder renamed", folder, "build"))
    runs.append(command("verify", folder, "verify"))
    show(folder, runs)
    print(f"\nAn index opened by a page, model loaded: {opened:.2f} s with its first question.")
    print(f"A running page answers from the new article {searchable:.2f} s after it was written.")


def page(folder: Path) -> "subprocess.Popen[str]":
    """A process that opens the index as the page does and answers a question for each line."""
    return subprocess.Popen(
        [sys.executable, "-c", _PAGE, str(folder / "kho"), str(folder / "index"), _QUESTION],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def asked(page: "subprocess.Popen[str]") -> tuple[float, str]:
    """Put the question to the running page: seconds it took, and the best article."""
    assert page.stdin and page.stdout
    page.stdin.write("\n")
    page.stdin.flush()
    seconds, found = page.stdout.readline().split(maxsplit=1)
    return float(seconds), found.strip()


def write_articles(archive: Path, count: int) -> None:
    """One file an article, a hundred folders."""
    with lzma.open(NEWS, "rt", encoding="utf-8") as rows:
        for n, line in zip(range(count), rows, strict=False):
            row = json.loads(line)
            file = archive / f"d{n % 100}" / f"{n:06}.txt"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{row['title']}\n\n{row['body']}\n", encoding="utf-8")


def command(name: str, folder: Path, *arguments: str) -> Run:
    """Run ``hoibao`` and measure it."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant.cli", *arguments, "--json",
         "--archive", str(folder / "kho"), "--index", str(folder / "index")],
        stdout=(folder / "out.json").open("w"), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    report = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    code = os.waitstatus_to_exitcode(status)
    print(f"{name}: {seconds:.1f} s (exit {code})", file=sys.stderr, flush=True)
    return Run(name, seconds, usage.ru_maxrss / 1024, report)


def show(folder: Path, runs: list[Run]) -> None:
    """The table, and what it was measured on."""
    with sqlite3.connect(store_file(folder / "index")) as db:
        [(passages,)] = db.execute("SELECT count(*) FROM passages")
        [(groups,)] = db.execute('SELECT count(DISTINCT "group") FROM groups')
    db.close()
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    size = sum(p.stat().st_size for p in (folder / "index").rglob("*") if p.is_file()) / 2**20
    print(f"{runs[0].report['articles']:,} articles, {runs[0].report['passages']:,} passages "
          f"({passages:,} at the end, {groups:,} groups), index {size:.0f} MB")  # fmt: skip
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
          f"Python {platform.python_version()}, {versions}\n")  # fmt: skip
    print(
        "| Step | seconds | peak memory, MB | embedded | added, moved, removed |\n|---|---|---|---|---|"
    )
    for run in runs:
        facts = [run.report.get(k, "") for k in ("embedded", "added", "moved", "removed")]
        print(f"| {run.name} | {run.seconds:.1f} | {run.megabytes:.0f} | {facts[0]} | "
              f"{', '.join(map(str, facts[1:])) if facts[1] != '' else ''} |")  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
