"""Settings: arguments before environment before defaults; one index a folder."""

from pathlib import Path

import pytest

from assistant.settings import default_index, read_settings
from corpus.archive import SAMPLE_ARCHIVE
from corpus.errors import UserError


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
