"""Fifty people at once, while the index is rebuilt again and again: ``python -m benchmarks.load``.

Starts a server of its own on loopback over a copy of an archive. Each question is first asked alone, as the truth.
Then every person asks over the API and, through Gradio's queue, on the chat of the page; each answer must be the one
to that question asked alone. Prints errors, wrong answers, and p50 and p95 in milliseconds.
"""

import argparse
import asyncio
import html
import json
import os
import random
import re
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from gradio_client.utils import apply_diff

ROOT = Path(__file__).parents[1]
_QUESTIONS = [
    "Ai là Khối trưởng Khối thi đua số 4 Công đoàn CAND?",
    "Mưa lũ tháng 10/2022 ở Quảng Trị làm bao nhiêu người chết?",
    "ninh thuan con may nguoi thoi thanh thao ken saranai",
    "Vì sao công nhân Công ty Da giày Hòa Khánh Vượng ngừng việc?",
    "Giá vàng hôm nay bao nhiêu một lượng?",
    "Đoàn phí công đoàn bằng bao nhiêu phần trăm lương?",
]
_STARTS, _WAITS = 180, 120  # seconds


@dataclass
class Seen:
    """What came back: seconds of right answers by way, and what was wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {"api": [], "chat": []})
    wrong: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    builds: int = 0


def main() -> int:
    """Start, ask, print; 1 when anything went wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument(
        "--rounds", type=int, default=4, help="questions that each person asks on each way"
    )
    parser.add_argument("--archive", type=Path, default=ROOT / "corpus" / "articles")
    parser.add_argument("--questions", type=Path, help="a text file, one question a line")
    args = parser.parse_args()
    asked = (
        args.questions.read_text(encoding="utf-8").splitlines() if args.questions else _QUESTIONS
    )
    with tempfile.TemporaryDirectory() as place:
        archive = Path(place) / "kho"
        shutil.copytree(args.archive, archive)
        process, address = _start(Path(place), archive)
        try:
            seen = asyncio.run(_measure(address, archive, [q for q in asked if q.strip()], args))
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
    print(json.dumps(_report(seen, args), ensure_ascii=False, indent=1))
    return 1 if seen.wrong or seen.errors else 0


def _start(place: Path, archive: Path) -> tuple["subprocess.Popen[bytes]", str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {
        "HOIBAO_ARCHIVE": str(archive), "HOIBAO_INDEX": str(place / "chi-muc"), "HOIBAO_PORT": str(port),
        "HOIBAO_QUESTIONS_PER_MINUTE": "0", "HOIBAO_STATE": str(place / "trang-thai"),
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env=os.environ | environ, stdout=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    for _ in range(_STARTS * 4):
        try:
            if httpx.get(f"{address}/readyz").status_code == 200:
                return process, address
        except httpx.TransportError:
            pass
        time.sleep(0.25)
    process.kill()
    raise SystemExit("the server does not get ready")


async def _measure(
    address: str, archive: Path, questions: list[str], args: argparse.Namespace
) -> Seen:
    seen = Seen()
    async with httpx.AsyncClient(base_url=address, timeout=_WAITS) as client:
        config = (await client.get("/config")).json()
        truth = {}
        for question in questions:
            alone = await _api(client, question)
            truth[question] = (alone, (await _chat(client, config, question))[0])
        if not any(len(chat) > 1 for _, chat in truth.values()):
            raise SystemExit("no question is answered: there is nothing to compare")
        over = asyncio.Event()
        building = asyncio.create_task(_rebuild(client, archive, over, seen))
        people = [
            _person(address, config, truth, seed, args.rounds, seen) for seed in range(args.people)
        ]
        await asyncio.gather(*people)
        over.set()
        await building
    return seen


async def _person(
    address: str, config: dict[str, Any], truth: dict[str, Any], seed: int, rounds: int, seen: Seen
) -> None:
    """One browser of its own: every answer is compared with that to the same question asked alone."""
    chance = random.Random(seed)
    async with httpx.AsyncClient(base_url=address, timeout=_WAITS) as client:
        await client.get("/healthz")  # the browser's cookie
        for _ in range(rounds):
            question = chance.choice(list(truth))
            for way, right in zip(("api", "chat"), truth[question], strict=True):
                try:
                    began = time.perf_counter()
                    if way == "api":
                        given, took = await _api(client, question), time.perf_counter() - began
                    else:
                        given, took = await _chat(client, config, question)
                except (httpx.HTTPError, RuntimeError, KeyError) as error:
                    seen.errors.append(f"{way}: {error!r}")
                    continue
                if given != right:
                    seen.wrong.append(f"{way}: {question} → {given} instead of {right}")
                seen.seconds[way].append(took)


async def _api(client: httpx.AsyncClient, question: str) -> list[str]:
    answer = await client.post("/api/ask", json={"question": question})
    answer.raise_for_status()
    return [answer.json()["question"], *(c["quote"] for c in answer.json()["citations"])]


async def _chat(
    client: httpx.AsyncClient, config: dict[str, Any], question: str
) -> tuple[list[str], float]:
    """Ask in a new conversation as the page does: the question with the sentences that the answer on the page quotes,
    and the seconds until it stood there. (Then questions to ask next are looked for.)"""
    submit = _dependency(config)
    session = secrets.token_hex(8)
    sent = {
        "fn_index": submit["id"], "data": [question, None, "", "", [], 3], "session_hash": session,
        "trigger_id": submit["targets"][0][0], "event_data": None,
    }  # fmt: skip
    (await client.post("/gradio_api/queue/join", json=sent)).raise_for_status()
    outputs: list[Any] = []
    place = submit["outputs"].index(_component(config, "luot-nay"))
    began, took = time.perf_counter(), 0.0
    parameters = {"session_hash": session}
    async with client.stream("GET", "/gradio_api/queue/data", params=parameters) as stream:
        async for line in stream.aiter_lines():
            message = json.loads(line[6:]) if line.startswith("data: ") else {"msg": ""}
            if message["msg"] == "process_generating":
                outputs = _grown(outputs, message["output"]["data"])
                if not took and "hb-tra-loi" in str(outputs[place]):
                    took = time.perf_counter() - began
            if message["msg"] == "process_completed":
                if not message["success"]:
                    raise RuntimeError(message["output"])
                break
    shown = str(outputs[place])
    quotes = re.findall(r"<mark[^>]*>(.*?)</mark>", shown, re.S)
    if not took or html.escape(question) not in shown:
        raise RuntimeError(f"no answer to {question}: {shown[:200]}")
    return [question, *(html.unescape(re.sub("<[^>]+>", "", quote)) for quote in quotes)], took


def _grown(before: list[Any], sent: list[Any]) -> list[Any]:
    """Outputs of a generator: whole at first, then as differences to what came before."""
    if not before:
        return sent
    return [
        apply_diff(old, new) if isinstance(new, list) else new
        for old, new in zip(before, sent, strict=True)
    ]


def _component(config: dict[str, Any], id: str) -> int:
    [found] = [c["id"] for c in config["components"] if c["props"].get("elem_id") == id]
    return int(found)


def _dependency(config: dict[str, Any]) -> dict[str, Any]:
    """The handler behind the question box."""
    box = _component(config, "o-hoi")
    return next(d for d in config["dependencies"] if [box, "submit"] in d["targets"])


async def _rebuild(
    client: httpx.AsyncClient, archive: Path, over: asyncio.Event, seen: Seen
) -> None:
    """Builds one after another, each with an article that came or went, and every third one from nothing."""
    extra = archive / "them.txt"
    while not over.is_set():
        if extra.exists():
            extra.unlink()
        else:
            extra.write_text(
                f"Tin thử số {seen.builds}\n\nMột tin chỉ để thử tải.\n", encoding="utf-8"
            )
        begun = await client.post("/api/build", json={"full": seen.builds % 3 == 2})
        begun.raise_for_status()
        while (status := (await client.get("/api/build")).json())["running"]:
            await asyncio.sleep(0.1)
        if status["failure"]:
            seen.errors.append(f"build: {status['failure']}")
        seen.builds += 1


def _report(seen: Seen, args: argparse.Namespace) -> dict[str, Any]:
    def spread(seconds: list[float]) -> dict[str, float]:
        cuts = statistics.quantiles(seconds, n=100) if len(seconds) > 1 else [0.0] * 99
        return {"p50_ms": round(1000 * cuts[49]), "p95_ms": round(1000 * cuts[94])}

    return {
        "people": args.people, "answers": {way: len(s) for way, s in seen.seconds.items()}, "builds": seen.builds,
        "errors": len(seen.errors), "wrong": len(seen.wrong), "first_of_them": [*seen.errors, *seen.wrong][:5],
        **{way: spread(s) for way, s in seen.seconds.items()},
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
