"""A build spread over machines: parts that cover the archive once, gathered without embedding again."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.service import Assistant
from corpus.errors import IndexError_
from embeddings.shards import Shard
from tests.conftest import Write


def fill(write: Write, count: int = 24) -> None:
    for n in range(count):
        write(f"thôn/bai-{n}.txt", f"Tin số {n}\n\nThôn Bản Mốc {n} có {n + 100} hộ dân trồng quế.")


def part(assistant: Assistant, folder: Path) -> Assistant:
    return Assistant(replace(assistant.settings, index=folder))


def test_parts_are_gathered_without_embedding_anything(
    assistant: Assistant, write: Write, tmp_path: Path
) -> None:
    fill(write)
    reports = []
    for n in (1, 2, 3):
        made = part(assistant, tmp_path / f"phan-{n}")
        reports.append(made.build(shard=f"{n}/3"))
        assert made.build(shard=f"{n}/3").embedded == 0  # once more changes nothing
    assert sum(r.articles for r in reports) == 24 and all(r.articles for r in reports)
    whole = assistant.build(parts=[tmp_path / f"phan-{n}" for n in (1, 2, 3)])
    assert (whole.articles, whole.embedded) == (24, 0)
    assert all(check.ok for check in assistant.verify())
    assert "117 hộ" in assistant.ask("Thôn Bản Mốc 17 có bao nhiêu hộ dân trồng quế?").text


def test_a_part_that_is_missing_is_embedded_where_they_are_gathered(
    assistant: Assistant, write: Write, tmp_path: Path
) -> None:
    fill(write)
    made = part(assistant, tmp_path / "phan-1").build(shard="1/2")
    whole = assistant.build(parts=[tmp_path / "phan-1"])
    assert whole.embedded == 24 - made.articles > 0


def test_a_part_never_replaces_the_whole(assistant: Assistant, write: Write) -> None:
    fill(write, 4)
    assistant.build()
    with pytest.raises(IndexError_, match="là của cả kho, không phải phần 1/2"):
        assistant.build(shard="1/2")
    assert assistant.status().articles == 4


@pytest.mark.parametrize("text", ["0/3", "4/3", "3", "a/b", "1/0", "-1/2"])
def test_what_is_no_part_is_refused(text: str) -> None:
    with pytest.raises(IndexError_, match="Phần phải viết như 3/8"):
        Shard.of(text)


def test_on_the_command_line(write: Write, archive: Path, tmp_path: Path) -> None:
    fill(write, 6)
    common = ["--archive", str(archive), "--index"]
    assert main(["build", "--shard", "1/1", *common, str(tmp_path / "p")]) == 0
    assert main(["build", "--from", str(tmp_path / "p"), *common, str(tmp_path / "ix")]) == 0
    assert main(["build", "--shard", "1/2", *common, str(tmp_path / "ix")]) == 1
