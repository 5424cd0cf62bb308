"""Shared by all tests: the sample archive built once, and a place to build small ones."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.service import Assistant
from assistant.settings import Settings
from corpus.archive import SAMPLE_ARCHIVE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# No test may reach for a hub or for the user's own index.
os.environ["HF_HUB_OFFLINE"] = "1"
for name in ("HOIBAO_ARCHIVE", "HOIBAO_INDEX", "HOIBAO_MODEL", "HOIBAO_PORT"):
    os.environ.pop(name, None)

SHARED = Path(__file__).parents[2] / "shared"


CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a machine lacks, its tests are skipped for and say so; in CI a lack of Chromium fails."""
    if not SHARED.is_dir():
        _skip(items, "shared", "no ../shared beside the project: its text is not here")
    if not CHROMIUM and os.environ.get("CI", "").lower() not in ("1", "true"):
        _skip(items, "browser", "Chromium is not installed (.ci/run installs it)")


def _skip(items: list[pytest.Item], marker: str, reason: str) -> None:
    for item in items:
        if item.get_closest_marker(marker):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Chromium, for tests marked ``browser``; each takes its own context."""
    from playwright.sync_api import sync_playwright

    if not CHROMIUM:
        pytest.fail("Chromium is missing, and CI must not pass without it")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


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
