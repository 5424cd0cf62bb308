"""What was measured, as tables in the terminal, one JSON file and plots."""

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

Row = dict[str, Any]
_PERCENTILES = ("p50", "p95", "p99")


def show(found: Row, console: Console) -> None:
    """Tables of growth, stages and rivals."""
    console.print(_facts("Measured on", found["machine"] | {"versions": found["versions"]}))
    rows = found.get("growth", [])
    if rows:
        console.print(_growth(rows))
        console.print(_stages(rows[-1]))
    if found.get("rivals"):
        console.print(_rivals(found["rivals"]))


def write(found: Row, folder: Path) -> Path:
    """``benchmarks.json`` and, where matplotlib is installed, ``growth.png``."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "benchmarks.json"
    file.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if len(found.get("growth", [])) > 1:
        try:
            _plot(found["growth"], folder / "growth.png")
        except ImportError:
            return file
    return file


def _facts(title: str, facts: Row) -> Table:
    table = Table(title=title, show_header=False)
    for name, value in facts.items():
        text = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        table.add_row(name, str(text))
    return table


def _growth(rows: list[Row]) -> Table:
    table = Table("", *(f"{row['passages']:,}" for row in rows), title="Growth, by passages")
    names = dict.fromkeys(name for row in rows for name in row if name != "stages, ms")
    for name in names:
        table.add_row(name, *(_text(row.get(name)) for row in rows))
    return table


def _stages(row: Row) -> Table:
    title = (
        f"A question by stage at {row['passages']:,} passages, ms (indented: part of the one above)"
    )
    table = Table("stage", *_PERCENTILES, title=title)
    for name, spent in row["stages, ms"].items():
        table.add_row(
            name.replace(" ", "  ", 1) if name[0] == " " else name,
            *(str(spent[p]) for p in _PERCENTILES),
        )
    table.add_row("whole question", *(str(row["one at a time, ms"][p]) for p in _PERCENTILES))
    return table


def _rivals(rivals: dict[str, Row]) -> Table:
    names = dict.fromkeys(name for row in rivals.values() for name in row)
    table = Table("", *names, title="Against, in the same run")
    for rival, row in rivals.items():
        table.add_row(rival, *(_text(row.get(name)) for name in names))
    return table


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return " / ".join(str(v) for v in value.values())
    return "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def _plot(rows: list[Row], file: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    sizes = [row["passages"] for row in rows]
    figure, axes = pyplot.subplots(1, 3, figsize=(13, 4), layout="constrained")
    for name in ("p50", "p95"):
        axes[0].plot(sizes, [r["one at a time, ms"][name] for r in rows], marker="o", label=name)
    axes[0].set(title="Question to answer, ms", xlabel="passages", xscale="log", ylim=(0, None))
    axes[0].legend()
    axes[1].plot(sizes, [r["memory, MB"]["peak"] for r in rows], marker="o", label="asking")
    axes[1].plot(sizes, [r["build memory, MB"] for r in rows], marker="o", label="building")
    axes[1].set(title="Peak memory, MB", xlabel="passages", xscale="log", ylim=(0, None))
    axes[1].legend()
    axes[2].plot(sizes, [r["bytes a passage"] for r in rows], marker="o")
    axes[2].set(title="Bytes a passage on disk", xlabel="passages", xscale="log", ylim=(0, None))
    figure.savefig(file, dpi=110)
    pyplot.close(figure)


__all__ = ["show", "write"]
