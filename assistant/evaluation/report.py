"""What was measured, written down: a table for people, JSON for programs, a plot for the eye."""

import json
import platform
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

from assistant.evaluation import answers
from assistant.evaluation.answers import Result
from assistant.evaluation.retrieval import Measured
from corpus.errors import UserError
from embeddings.metrics import Values, interval
from embeddings.sets import RetrievalSet

_LIBRARIES = ("numpy", "faiss-cpu", "tantivy", "tokenizers")
_GROUPS = 10
Json = dict[str, Any]


def retrieval_json(asked: RetrievalSet, measured: list[Measured]) -> Json:
    """Means with bootstrap 95 % intervals, overall and for each type of question."""
    kinds = sorted({q.kind for q in asked.queries} - {""})
    return {
        "set": asked.name,
        "files": asked.digest,
        "queries": len(asked.queries),
        "documents": len(asked.documents),
        "systems": {
            m.system: {name: summary(values) for name, values in m.values.items()} for m in measured
        },
        "ndcg10_by_type": {
            kind: {m.system: summary(m.values["nDCG@10"][_of_kind(asked, kind)]) for m in measured}
            for kind in kinds
        },
    }


def summary(values: Values) -> Json:
    """Mean, interval and number of values."""
    low, high = interval(values)
    return {
        "mean": round(float(values.mean()), 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "n": len(values),
    }


def environment(encoder: str) -> Json:
    """What a number was measured with."""
    return {
        "encoder": encoder,
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in _LIBRARIES},
    }


def retrieval_table(results: list[Json]) -> str:
    """A Markdown table: a row for each set and system."""
    metrics = list(next(iter(results[0]["systems"].values())))
    lines = [
        f"| Set | Queries | System | {' | '.join(metrics)} |",
        "|---|---|---|" + "---|" * len(metrics),
    ]
    for result in results:
        for system, values in result["systems"].items():
            cells = [_cell(values[name]) for name in metrics]
            lines.append(
                f"| {result['set']} | {result['queries']} | {system} | {' | '.join(cells)} |"
            )
    return "\n".join(lines)


def _cell(value: Json) -> str:
    return f"{value['mean']:.3f} ({value['low']:.3f}–{value['high']:.3f})"


def write(out: Path, name: str, results: Json, table: str) -> None:
    """``name.json`` and ``name.md`` in ``out``. Raises UserError when it cannot be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        text = json.dumps(results, ensure_ascii=False, indent=1) + "\n"
        (out / f"{name}.json").write_text(text, encoding="utf-8")
        (out / f"{name}.md").write_text(table + "\n", encoding="utf-8")
    except OSError as error:
        raise UserError(f"Không ghi được kết quả vào “{out}”: {error.strerror}.") from error


def plot_retrieval(results: list[Json], file: Path) -> bool:
    """Bars of nDCG@10 with their intervals; ``False`` without the extra ``eval``."""
    pyplot = _pyplot()
    if pyplot is None:
        return False
    systems = list(results[0]["systems"])
    figure, axes = pyplot.subplots(figsize=(1.8 + 1.6 * len(results), 4), layout="constrained")
    width = 0.8 / len(systems)
    for i, system in enumerate(systems):
        values = [r["systems"][system]["nDCG@10"] for r in results]
        places = [n + i * width for n in range(len(results))]
        errors = [
            [v["mean"] - v["low"] for v in values],
            [v["high"] - v["mean"] for v in values],
        ]
        axes.bar(places, [v["mean"] for v in values], width, yerr=errors, capsize=2, label=system)
    axes.set_xticks([n + 0.4 - width / 2 for n in range(len(results))], [r["set"] for r in results])
    axes.set_ylabel("nDCG@10")
    axes.set_ylim(0, 1)
    axes.legend(loc="lower right")
    figure.savefig(file, dpi=120)
    pyplot.close(figure)
    return True


def _of_kind(asked: RetrievalSet, kind: str) -> list[int]:
    return [i for i, query in enumerate(asked.queries) if query.kind == kind]


# Answers


def answers_json(name: str, results: list[Result]) -> Json:
    """Every metric with its interval, overall and for each type, and how abstaining fared."""
    kinds = sorted({r.asked.kind for r in results} - {""})
    return {
        "set": name,
        "questions": len(results),
        "metrics": {metric: summary(values) for metric, values in answers.measure(results).items()},
        "abstention": {k: round(v, 4) for k, v in answers.abstention(results).items()},
        "first_sentence_by_type": {
            kind: summary(values["first sentence"])
            for kind in kinds
            if "first sentence"
            in (values := answers.measure([r for r in results if r.asked.kind == kind]))
        },
        "reliability": reliability(results),
    }


def reliability(results: list[Result]) -> list[Json]:
    """Ten equal groups by confidence: mean confidence, and the share that is answerable indeed."""
    ordered = sorted(results, key=lambda r: r.answer.confidence)
    edges = [round(len(ordered) * i / _GROUPS) for i in range(_GROUPS + 1)]
    groups = [ordered[a:b] for a, b in pairwise(edges) if b > a]
    return [
        {
            "confidence": round(sum(r.answer.confidence for r in g) / len(g), 4),
            "answerable": round(sum(r.asked.answerable for r in g) / len(g), 4),
            "n": len(g),
        }
        for g in groups
    ]


def answers_table(result: Json) -> str:
    """A Markdown table of every metric, and one of the types of question."""
    lines = ["| Measure | Value (95 % interval) | n |", "|---|---|---|"]
    lines += [f"| {name} | {_cell(v)} | {v['n']} |" for name, v in result["metrics"].items()]
    lines += [f"| {name} | {value:.3f} | |" for name, value in result["abstention"].items()]
    if result["first_sentence_by_type"]:
        lines += ["", "| Type | First sentence (95 % interval) | n |", "|---|---|---|"]
        lines += [
            f"| {kind} | {_cell(v)} | {v['n']} |"
            for kind, v in result["first_sentence_by_type"].items()
        ]
    return "\n".join(lines)


def plot_reliability(result: Json, file: Path) -> bool:
    """Confidence against the share answerable; ``False`` without the extra ``eval``."""
    pyplot = _pyplot()
    if pyplot is None:
        return False
    figure, axes = pyplot.subplots(figsize=(4.5, 4.5), layout="constrained")
    axes.plot([0, 1], [0, 1], linestyle="--", color="grey")
    groups = result["reliability"]
    axes.plot([g["confidence"] for g in groups], [g["answerable"] for g in groups], marker="o")
    axes.set(xlabel="confidence", ylabel="share answerable", xlim=(0, 1), ylim=(0, 1))
    figure.savefig(file, dpi=120)
    pyplot.close(figure)
    return True


def _pyplot() -> Any:
    try:
        import matplotlib
    except ImportError:
        return None
    matplotlib.use("agg")
    from matplotlib import pyplot

    return pyplot
