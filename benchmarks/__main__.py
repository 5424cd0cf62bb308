"""Everything that docs/scaling.md is worked out from: ``python -m benchmarks``.

    python -m benchmarks                                   small: 1,000 and 3,000 passages
    python -m benchmarks --passages 1000 10000 100000 1000000 --recall --out kq --keep /big/disk
                                                           the whole curve

The archive is made of the shared text collection (``--data``). Competitors need ``hoibao[bench]``.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks import growth, report
from benchmarks.texts import DATA

_PACKAGES = (
    "faiss-cpu", "tantivy", "numpy", "tokenizers", "onnxruntime", "bm25s", "lancedb", "torch",
    "transformers", "llama-index-core",
)  # fmt: skip


def main() -> int:
    """Measure, print, and write JSON and plots."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--passages", type=int, nargs="+", default=[1_000, 3_000])
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--recall", action="store_true", help="also against exact search")
    parser.add_argument("--no-rivals", action="store_true")
    parser.add_argument("--out", type=Path, help="folder for benchmarks.json and growth.png")
    parser.add_argument("--keep", type=Path, help="keep archive and index in this folder")
    args = parser.parse_args()
    folder = args.keep or Path(tempfile.mkdtemp(prefix="hoibao-benchmark-"))
    found: dict[str, Any] = {"machine": growth.machine(), "versions": _versions(), "growth": []}
    console = Console(width=160)
    try:
        for row in growth.measure(folder, args.data, args.passages, args.questions, args.recall):
            found["growth"].append(row)
            print(json.dumps(row, ensure_ascii=False), file=sys.stderr, flush=True)
            if args.out:
                report.write(found, args.out)
        if not args.no_rivals:
            found["rivals"] = _rivals(folder, args.data)
    finally:
        if not args.keep:
            shutil.rmtree(folder, ignore_errors=True)
    report.show(found, console)
    if args.out:
        console.print(f"Written: {report.write(found, args.out)}")
    return 0


def _rivals(folder: Path, data: Path) -> dict[str, Any]:
    """In a process of their own: what they leave in memory is not ours."""
    command = [
        sys.executable, "-m", "benchmarks.rivals", "--archive", str(folder / "kho"),
        "--index", str(folder / "index"), "--data", str(data),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    rivals: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return rivals


def _versions() -> dict[str, str]:
    found = {"python": sys.version.split()[0]}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


if __name__ == "__main__":
    sys.exit(main())
