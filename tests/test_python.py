"""docs/python.md: its example runs as it stands, and its names are the package's."""

import re
from pathlib import Path
from typing import Any

import pytest

import assistant

PAGE = (Path(__file__).parents[1] / "docs" / "python.md").read_text(encoding="utf-8")


def test_the_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOIBAO_INDEX", str(tmp_path / "chi-muc"))
    [example] = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    names: dict[str, Any] = {}
    exec(example, names)
    said = capsys.readouterr().out
    assert "Trần Xuân Lịch" in said
    assert len(said.splitlines()) >= 3


def test_the_names_are_at_most_ten_and_documented() -> None:
    assert len(assistant.__all__) <= 10
    for name in assistant.__all__:
        assert f"`{name}" in PAGE
        assert getattr(assistant, name).__doc__


def test_methods_named_there_exist() -> None:
    [row] = [line for line in PAGE.splitlines() if line.startswith("| `Assistant`")]
    methods = re.findall(r"`(\w+)`", row.split("|")[2])
    assert len(methods) > 10
    assert all(hasattr(assistant.Assistant, name) for name in methods)


def test_an_archive_that_is_missing_is_a_user_error(tmp_path: Path) -> None:
    with pytest.raises(assistant.UserError, match="Không có thư mục"):
        assistant.load_assistant(tmp_path / "không có", tmp_path / "chi-muc")
    unbuilt = assistant.load_assistant(tmp_path, tmp_path / "chi-muc", build=False)
    assert not unbuilt.has_index()
