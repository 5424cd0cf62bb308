"""Readers without pause and one writer, for minutes: ``python -m benchmarks.endurance``.

Sixteen threads ask one page process while ``hoibao build`` runs again and again, each time after some of
a few marked articles were added, changed or removed. Every answer about a marked article must be what
its file said at some moment of the question; every cited sentence must stand in its file as it is cited.
At the end everything is verified. Leaves with 1 when anything was lost or mixed.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from assistant.answer import Answer
from assistant.service import Assistant
from assistant.settings import Settings
from benchmarks import texts
from benchmarks.asking import spread

_NAMES = ("Kavuli", "Bơrêng", "Xéo Pả", "Tơniang", "Mù Lìn", "Đắk Uôn", "Phìn Sử", "Lũng Ngài")
_FOLDER = "tram-do"
_REAL = 60  # questions on articles that stay as they are


class Marked:
    """The marked articles and what each may say now: millimetres, or None where there is no file."""

    def __init__(self, archive: Path) -> None:
        self._folder = archive / _FOLDER
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._history: list[list[set[int | None]]] = [[{None}] for _ in _NAMES]
        for n in range(len(_NAMES)):
            self._file(n).unlink(missing_ok=True)

    def change(self, chance: random.Random, value: int) -> list[int]:
        """Write or remove some files; which. Until ``settle`` an answer may be of before or after."""
        chosen = chance.sample(range(len(_NAMES)), chance.randint(1, 4))
        for n in chosen:
            before = next(iter(self._history[n][-1]))
            after = None if before is not None and chance.random() < 0.4 else value
            with self._lock:
                self._history[n].append({before, after})
            if after is None:
                self._file(n).unlink()
            else:
                self._file(n).write_text(_text(n, after), encoding="utf-8")
        return chosen

    def settle(self, chosen: list[int]) -> None:
        """A build has ended: only what it read may be answered from now on."""
        with self._lock:
            for n in chosen:
                file = self._file(n)
                there = file.read_text(encoding="utf-8") if file.exists() else None
                (value,) = (v for v in self._history[n][-1] if there == (v and _text(n, v)))
                self._history[n].append({value})

    def moment(self) -> list[int]:
        """To be given to ``since``."""
        with self._lock:
            return [len(states) - 1 for states in self._history]

    def since(self, moment: list[int]) -> list[set[int | None]]:
        """What each article may have said since then."""
        with self._lock:
            parts = zip(self._history, moment, strict=True)
            return [set().union(*states[at:]) for states, at in parts]

    def _file(self, n: int) -> Path:
        return self._folder / f"{n}.txt"


def _text(n: int, millimetres: int) -> str:
    name = _NAMES[n]
    return (
        f"Mưa ở trạm {name}\n\nTrạm đo mưa {name} ghi được {millimetres} milimét mưa trong đợt mưa vừa qua. "
        f"Người trông trạm {name} gửi số đo về huyện qua bộ đàm mỗi sáng.\n"
    )


def main() -> int:
    """Ask, build, compare, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.endurance", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--readers", type=int, default=16)
    parser.add_argument("--folder", type=Path, help="holds kho and index of another benchmark")
    parser.add_argument("--articles", type=int, default=1_000, help="of an archive made for this")
    parser.add_argument("--no-verify", action="store_true", help="minutes for a million passages")
    parser.add_argument("--data", type=Path, default=texts.DATA)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hoibao-endurance-") as made:
        folder = args.folder or Path(made)
        if not args.folder:
            texts.write(folder / "kho", args.data, args.articles)
        found = measure(folder, args.data, args.minutes, args.readers, not args.no_verify)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 1 if found["lost"] or found["mixed"] or found["errors"] else 0


def measure(
    folder: Path, data: Path, minutes: float, readers: int, verify: bool = True
) -> dict[str, Any]:
    """What went wrong, how much was asked and built, and how long answers took."""
    archive, index = folder / "kho", folder / "index"
    marked = Marked(archive)
    wrong: list[str] = _build(folder)
    page = Assistant(Settings(archive=archive, index=index))
    real = texts.questions(data, _REAL)
    over = threading.Event()
    seconds: list[float] = []
    lost: list[str] = []
    mixed: list[str] = []
    counts: Counter[str] = Counter()

    def read(seed: int) -> None:
        chance = random.Random(seed)
        while not over.is_set():
            n = chance.randrange(len(_NAMES)) if chance.random() < 0.5 else -1
            question = _question(n) if n >= 0 else chance.choice(real)
            moment, begun = marked.moment(), time.perf_counter()
            try:
                answer = page.ask(question)
            except Exception as error:
                wrong.append(f"{question}: {error!r}")
                continue
            seconds.append(time.perf_counter() - begun)
            may_say = marked.since(moment)
            mixed.extend(_mixed(answer, archive, may_say))
            if n >= 0:
                counts["about marked articles"] += 1
                lost.extend(_lost(answer, n, may_say[n]))

    threads = [threading.Thread(target=read, args=(n,)) for n in range(readers)]
    for thread in threads:
        thread.start()
    chance, until = random.Random(0), time.monotonic() + 60 * minutes
    while time.monotonic() < until:
        counts["builds"] += 1
        chosen = marked.change(chance, 100 + counts["builds"])
        wrong += _build(folder)
        marked.settle(chosen)
    over.set()
    for thread in threads:
        thread.join()
    page.close()
    sound = not verify or _run(folder, "verify").returncode == 0
    return {
        "minutes": minutes, "readers": readers, "questions": len(seconds), **counts,
        "milliseconds": spread(seconds), "lost": lost, "mixed": mixed, "errors": wrong + ([] if sound else ["verify"]),
    }  # fmt: skip


def _question(n: int) -> str:
    return f"Trạm đo mưa {_NAMES[n]} ghi được bao nhiêu milimét mưa?"


def _mixed(answer: Answer, archive: Path, may_say: list[set[int | None]]) -> list[str]:
    """Cited sentences that do not stand in their file."""
    found = []
    for cited in answer.citations:
        path = cited.article.path
        if path.startswith(_FOLDER):
            n = int(Path(path).stem)
            there = [_text(n, value) for value in may_say[n] if value is not None]
        else:
            there = [(archive / path).read_text(encoding="utf-8")]
        if not any(_plain(cited.quote) in _plain(text) for text in there):
            found.append(f"{path}: {cited.quote}")
    return found


def _plain(text: str) -> str:
    return " ".join(text.split())


def _lost(answer: Answer, n: int, may_say: set[int | None]) -> list[str]:
    """An answer that is none of those the file has given."""
    own = [c.quote for c in answer.citations if c.article.path == f"{_FOLDER}/{n}.txt"]
    if not own:
        return [] if None in may_say else [f"{_NAMES[n]}: nothing, not one of {may_say}"]
    known = any(str(value) in quote for value in may_say if value is not None for quote in own)
    return [] if known else [f"{_NAMES[n]}: {own}, not one of {may_say}"]


def _build(folder: Path) -> list[str]:
    done = _run(folder, "build")
    return [done.stderr[-500:]] if done.returncode else []


def _run(folder: Path, command: str) -> "subprocess.CompletedProcess[str]":
    place = ["--archive", str(folder / "kho"), "--index", str(folder / "index")]
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli", command, "--json", *place],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
