"""Shared by all tests: the sample archive built once, and a place to build small ones."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.service import Assistant
from assistant.settings import Settings
from corpus.archive import SAMPLE_ARCHIVE

# No test may reach for a hub or for the user's own index.
os.environ["HF_HUB_OFFLINE"] = "1"
for name in ("HOIBAO_ARCHIVE", "HOIBAO_INDEX", "HOIBAO_MODEL", "HOIBAO_PORT"):
    os.environ.pop(name, None)

SHARED = Path(__file__).parents[2] / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests on the shared text collection are skipped, and say so, where it is absent."""
    if SHARED.is_dir():
        return
    missing = pytest.mark.skip(reason="no ../shared beside the project: its text is not here")
    for item in items:
        if item.get_closest_marker("shared"):
            item.add_marker(missing)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared text collection; for tests marked ``shared``."""
    return SHARED


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over the sample archive, built with the built-in model. Not to be changed."""
    folder = tmp_path_factory.mktemp("sample")
    assistant = Assistant(Settings(archive=SAMPLE_ARCHIVE, index=folder / "index"))
    assistant.build()
    yield assistant
    assistant.close()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An empty archive folder."""
    folder = tmp_path / "kho"
    folder.mkdir()
    return folder


Write = Callable[[str, str], Path]


@pytest.fixture
def write(archive: Path) -> Write:
    """``write(name, text)`` puts a file into the archive."""

    def put(name: str, text: str) -> Path:
        file = archive / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    return put


@pytest.fixture
def assistant(archive: Path, tmp_path: Path) -> Iterator[Assistant]:
    """An assistant over the ``archive`` folder; nothing is built yet."""
    made = Assistant(Settings(archive=archive, index=tmp_path / "index"))
    yield made
    made.close()
    shutil.rmtree(tmp_path / "index", ignore_errors=True)
