"""From ``python app.py`` to the first answer, over the sample archive: ``python -m benchmarks.start``.

Each round starts a process of its own; the first builds the index, the others find it (with ``--folder`` there is one). Prints the medians of the others
in seconds: until something answers, until the page is there, and until the first answer to a question that is asked over
the API as soon as the page is there.
"""

import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
_QUESTION = {"question": "Ai là Khối trưởng Khối thi đua số 4 Công đoàn CAND?"}
_LONGEST = 300  # seconds


def main() -> None:
    """Start again and again, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="holds kho and index of another benchmark")
    args = parser.parse_args()
    if args.folder:
        place = {
            "HOIBAO_ARCHIVE": str(args.folder / "kho"),
            "HOIBAO_INDEX": str(args.folder / "index"),
        }
        print(json.dumps(_medians([_start(place) for _ in range(args.rounds)]), indent=1))
        return
    with tempfile.TemporaryDirectory() as place:
        sample = {"HOIBAO_INDEX": str(Path(place) / "chi-muc")}
        first = _start(sample)
        found = [_start(sample) for _ in range(args.rounds)]
    print(json.dumps({"first, with its build": first, "then": _medians(found)}, indent=1))


def _medians(found: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(statistics.median(r[name] for r in found), 2) for name in found[0]}


def _start(place: dict[str, str]) -> dict[str, float]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = os.environ | place | {"HOIBAO_PORT": str(port)}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env=environ,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    seen: dict[str, float] = {}
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=_LONGEST) as client:
            while time.perf_counter() - began < _LONGEST:
                page = _status(client, "/")
                now = round(time.perf_counter() - began, 2)
                if page:
                    seen.setdefault("something answers", now)
                if page == 200:
                    seen.setdefault("the page", now)
                    client.post("/api/ask", json=_QUESTION).raise_for_status()
                    seen["first answer"] = round(time.perf_counter() - began, 2)
                    return seen
                time.sleep(0.02)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
    raise SystemExit("it does not start")


def _status(client: httpx.Client, path: str) -> int:
    try:
        return client.get(path).status_code
    except httpx.TransportError:
        return 0


if __name__ == "__main__":
    main()
