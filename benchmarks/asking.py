"""One process that opens an index as the page does and is asked: ``python -m benchmarks.asking``.

Prints one JSON object: seconds to the first answer, latencies of whole questions and of each stage, one
and eight at a time, and the process's memory. With ``--recall`` also the share of the ten best passages
of an exact search that the index in service finds.
"""

import argparse
import json
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.texts import DATA, questions

_WARM = 20  # questions before anything is timed
_CHUNK = 50_000  # passages of the exact search at a time


def main() -> None:
    """Ask and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.asking", description=__doc__)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--reader", default="builtin")
    parser.add_argument("--recall", action="store_true")
    args = parser.parse_args()
    begun = time.perf_counter()
    from assistant.service import Assistant
    from assistant.settings import Settings

    asked = questions(args.data, args.questions)
    page = Assistant(Settings(archive=args.archive, index=args.index, reader=args.reader))
    page.ask(asked[0])
    found: dict[str, Any] = {"first answer, s": round(time.perf_counter() - begun, 2)}
    for question in asked[1 : 1 + _WARM]:
        page.ask(question)
    cpu = time.process_time()
    with stages() as times:
        one = [seconds(lambda q=q: page.ask(q)) for q in asked]  # type: ignore[misc]
    cpu = time.process_time() - cpu  # on a machine that does other things, what can be compared
    found["processor time a question, ms"] = round(1e3 * cpu / len(asked), 1)
    found["one at a time, ms"] = spread(one)
    found["stages, ms"] = {name: spread(spent) for name, spent in times.items()}
    with ThreadPoolExecutor(8) as pool:
        begun = time.perf_counter()
        eight = list(pool.map(lambda q: seconds(lambda: page.ask(q)), asked))
        found["questions a second, eight at a time"] = round(
            len(asked) / (time.perf_counter() - begun), 1
        )
    found["eight at a time, ms"] = spread(eight)
    found["memory, MB"] = memory()
    if args.recall:
        found["recall@10"] = round(recall(page, asked), 4)
    print(json.dumps(found, ensure_ascii=False))


def seconds(run: Callable[[], object]) -> float:
    """Wall-clock seconds of one call."""
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def spread(spent: list[float]) -> dict[str, float]:
    """Milliseconds at the 50th, 95th and 99th percentile."""
    return {
        f"p{p}": round(1e3 * float(np.percentile(spent, p)), 1) if spent else 0.0
        for p in (50, 95, 99)
    }


def memory() -> dict[str, int]:
    """Resident megabytes of this process: now, and the most so far (Linux)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    values = {line.split(":")[0]: line.split()[1] for line in lines if line.startswith("Vm")}
    return {"now": int(values["VmRSS"]) // 1024, "peak": int(values["VmHWM"]) // 1024}


@contextmanager
def stages() -> Iterator[dict[str, list[float]]]:
    """Time the stages of every question while it is open: one sum a question, stage by stage.

    One question at a time: dense search and the reader run beside others, in threads of their own.
    """
    from assistant import evidence, respond, retrieve
    from assistant.evidence import Judge
    from assistant.reading.reader import Reader
    from embeddings.bm25 import ExactTerms
    from embeddings.index import Index

    places = {
        "analysis": (respond, "analyse"), "retrieval": (respond, "retrieve"),
        " dense search": (Index, "nearest"), " term search": (ExactTerms, "candidates"),
        " exact scores": (ExactTerms, "scores"), " late interaction": (retrieve, "_late"),
        "evidence": (Judge, "__call__"), " features": (evidence, "weigh"), " reader": (Reader, "read"),
        "wording": (respond, "compose"),
    }  # fmt: skip
    times: dict[str, list[float]] = defaultdict(list)
    lock, sums = threading.Lock(), dict[str, float]()
    original = {name: getattr(*place) for name, place in places.items()}
    ask = respond.find

    def timed(name: str, call: Callable[..., object]) -> Callable[..., object]:
        def run(*args: object, **options: object) -> object:
            begun = time.perf_counter()
            try:
                return call(*args, **options)
            finally:
                with lock:
                    sums[name] = sums.get(name, 0.0) + time.perf_counter() - begun

        return run

    def first(*args: object, **options: object) -> object:
        take()
        return ask(*args, **options)

    def take() -> None:
        with lock:
            for name, spent in sums.items():
                times[name].append(spent)
            sums.clear()

    for name, (owner, attribute) in places.items():
        setattr(owner, attribute, timed(name, original[name]))
    respond.find = first  # type: ignore[assignment]
    try:
        yield times
    finally:
        for name, (owner, attribute) in places.items():
            setattr(owner, attribute, original[name])
        respond.find = ask
        take()


def recall(page: Any, asked: list[str]) -> float:
    """Share of the ten best passages, dense search being exact, that the index in service has too."""
    from assistant.question import analyse
    from assistant.retrieve import retrieve
    from embeddings.index import Index

    index = page._open()
    ready = [analyse(question) for question in asked]
    served = [[h.passage.id for h in retrieve(index, question, 10)] for question in ready]
    vectors = [v for q in ready for v in index.encoder.encode_queries(q.wordings)]
    nearest = exact(index, np.stack(vectors), 200)
    known = {v.tobytes(): found for v, found in zip(vectors, nearest, strict=True)}
    original = Index.nearest
    Index.nearest = (  # type: ignore[method-assign]
        lambda self, query, k, among=None: known[np.asarray(query, np.float32).tobytes()]
    )
    try:
        wanted = [[h.passage.id for h in retrieve(index, question, 10)] for question in ready]
    finally:
        Index.nearest = original  # type: ignore[method-assign]
    shares = [len(set(a) & set(b)) / len(b) for a, b in zip(served, wanted, strict=True) if b]
    return statistics.mean(shares)


def exact(index: Any, queries: Any, k: int) -> list[dict[int, float]]:
    """The ``k`` nearest of every passage to each query, from the stored vectors, some at a time."""
    ids = np.zeros(0, np.int64)
    best: list[tuple[Any, Any]] = [(ids, np.zeros(0, np.float32)) for _ in queries]
    everything = index.store.passage_ids().tolist()
    for at in range(0, len(everything), _CHUNK):
        parts = list(index.store.vectors(everything[at : at + _CHUNK]))
        some = np.concatenate([i for i, _ in parts])
        scores = queries @ np.concatenate([v for _, v in parts]).T
        for n, (known, near) in enumerate(best):
            all_ids, all_scores = np.concatenate([known, some]), np.concatenate([near, scores[n]])
            order = np.argsort(-all_scores, kind="stable")[:k]
            best[n] = all_ids[order], all_scores[order]
    return [dict(zip(i.tolist(), s.tolist(), strict=True)) for i, s in best]


if __name__ == "__main__":
    main()
