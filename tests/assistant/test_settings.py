"""Settings: arguments before environment before defaults; one index a folder."""

from pathlib import Path

import pytest

from assistant.service import Assistant
from assistant.settings import Settings, default_index, read_settings
from corpus.archive import SAMPLE_ARCHIVE
from corpus.errors import IndexError_, UserError
from tests.conftest import Write

COFFEE = "Giá cà phê tăng\n\n12/05/2024\n\nSáng 12/5, giá cà phê ở Đắk Lắk lên 101.000 đồng một ki-lô-gam.\n"


def test_defaults_are_the_sample_archive_on_loopback() -> None:
    s = read_settings(environ={})
    assert (s.archive, s.model, s.host, s.port) == (SAMPLE_ARCHIVE, "builtin", "127.0.0.1", 7860)
    assert not s.index.is_relative_to(s.archive)


def test_arguments_come_before_the_environment(tmp_path: Path) -> None:
    environ = {
        "HOIBAO_ARCHIVE": "/e/kho",
        "HOIBAO_INDEX": "/e/chi-muc",
        "HOIBAO_MODEL": "m",
        "HOIBAO_PORT": "81",
    }
    s = read_settings(environ=environ)
    assert (s.archive, s.index, s.model, s.port) == (Path("/e/kho"), Path("/e/chi-muc"), "m", 81)
    s = read_settings(str(tmp_path), str(tmp_path / "i"), 82, environ)
    assert (s.archive, s.index, s.port) == (tmp_path, tmp_path / "i", 82)


def test_archives_of_the_same_name_have_their_own_index() -> None:
    one, two = default_index(Path("/a/Bài viết")), default_index(Path("/b/Bài viết"))
    assert one != two
    assert one.name.startswith("bai-viet-")
    assert default_index(Path("/a/Bài viết")) == one


@pytest.mark.parametrize("port", ["x", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(UserError, match="HOIBAO_PORT"):
        read_settings(environ={"HOIBAO_PORT": port})


def test_an_index_named_alone_is_of_its_own_archive(assistant: Assistant, write: Write) -> None:
    write("a.txt", COFFEE)
    assistant.build()
    archive, index = assistant.settings.archive, assistant.settings.index
    assert read_settings(index=str(index), environ={}).archive == archive
    assert read_settings(index=str(index / "không có"), environ={}).archive == SAMPLE_ARCHIVE
    assert read_settings("/e/kho", str(index), environ={}).archive == Path("/e/kho")


def test_an_index_of_another_archive_is_not_asked(
    assistant: Assistant, write: Write, tmp_path: Path
) -> None:
    write("a.txt", COFFEE)
    assistant.build()
    other = Assistant(Settings(archive=tmp_path / "khác", index=assistant.settings.index))
    for use in (
        other.status,
        lambda: other.ask("Ai trồng cà phê?"),
        lambda: other.search("cà phê"),
    ):
        with pytest.raises(IndexError_, match="không phải"):
            use()
