"""The walls: who may import whom, one file for each heavy library, nothing heavy on ``--help``."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = ["corpus", "embeddings", "assistant", "app"]  # each may import those before it
HEAVY = ["torch", "faiss", "gradio", "sentence_transformers", "tantivy"]


def product_files() -> list[Path]:
    packages = (file for name in LAYERS[:-1] for file in (ROOT / name).rglob("*.py"))
    return sorted([*packages, ROOT / "app.py"])


@cache
def imports(file: Path) -> frozenset[str]:
    """First names of the modules ``file`` imports, at its top, in functions and for type checking."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(name.split(".")[0] for node in ast.walk(tree) for name in _names(node))


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0 and node.module, "imports name the whole path"
        yield node.module


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def importers(library: str) -> list[str]:
    files = (f for f in product_files() if "train" not in f.parts)
    return [name_of(f) for f in files if library in imports(f)]


def test_every_layer_is_looked_at() -> None:
    seen = {name_of(f).split("/")[0].removesuffix(".py") for f in product_files()}
    assert seen == set(LAYERS)


@pytest.mark.parametrize("file", product_files(), ids=name_of)
def test_imports_point_one_way(file: Path) -> None:
    layer = name_of(file).split("/")[0].removesuffix(".py")
    above = {
        name for name in imports(file) & set(LAYERS) if LAYERS.index(name) > LAYERS.index(layer)
    }
    assert above == set()
    assert not imports(file) & {"benchmarks", "tests"}


@pytest.mark.parametrize("library", ["faiss", "sentence_transformers", "tantivy"])
def test_a_heavy_library_has_one_home(library: str) -> None:
    [home] = importers(library)
    assert home.startswith("embeddings/")


def test_the_model_server_is_spoken_to_in_one_place() -> None:
    assert importers("openai") == ["assistant/llm/client.py"]


def test_gradio_only_makes_the_page() -> None:
    places = ("assistant/page/", "assistant/server/", "app.py")
    assert all(file.startswith(places) for file in importers("gradio"))


def test_the_page_knows_nothing_of_the_server_around_it() -> None:
    for file in (ROOT / "assistant/page").rglob("*.py"):
        assert "assistant.server" not in _modules(file.read_text(encoding="utf-8")), name_of(file)


def test_training_is_no_part_of_the_running_product() -> None:
    for file in product_files():
        text = file.read_text(encoding="utf-8")
        if "train" not in file.parts:
            assert "embeddings.train" not in _modules(text), name_of(file)


def _modules(text: str) -> set[str]:
    found = {name for node in ast.walk(ast.parse(text)) for name in _names(node)}
    return {".".join(name.split(".")[:2]) for name in found}


def loaded_after(code: str) -> list[str]:
    """Heavy libraries in memory after ``code`` has run in a fresh Python."""
    probe = (
        f"{code}\nimport sys\nprint(*(m for m in {HEAVY!r} if m in sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    return done.stderr.split()


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["serve", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code = f"""
from assistant import cli
try:
    cli.main({arguments!r})
except SystemExit as end:
    assert not end.code
"""
    assert loaded_after(code) == []


def test_reading_an_archive_loads_nothing_heavy() -> None:
    code = "from corpus.archive import *\n[read_file(SAMPLE_ARCHIVE, f) for f in list_files(SAMPLE_ARCHIVE)]"
    assert loaded_after(code) == []


def test_the_probe_sees_a_heavy_library() -> None:
    assert loaded_after("import tantivy") == ["tantivy"]


@pytest.mark.parametrize("given", [None, "3"])
def test_openblas_gets_one_thread_before_numpy_is_there_unless_told_otherwise(
    given: str | None,
) -> None:
    code = "import os, sys, assistant; print(os.environ['OPENBLAS_NUM_THREADS'], 'numpy' in sys.modules)"
    environ = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
    environ |= {"OPENBLAS_NUM_THREADS": given} if given else {}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environ
    )
    assert done.stdout.split() == [given or "1", "False"]
