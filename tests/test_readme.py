"""What the READMEs promise: their commands run, their settings and links exist, in both languages."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.service import Assistant

ROOT = Path(__file__).parents[1]
READMES = [ROOT / "README.md", ROOT / "README.vi.md"]


def code_blocks(readme: Path) -> list[str]:
    """Lines of all ``sh`` blocks, without prompt and comment."""
    blocks = re.findall(r"```sh\n(.*?)```", readme.read_text(encoding="utf-8"), re.S)
    lines = [
        line.removeprefix("$ ").split("  #")[0].strip() for b in blocks for line in b.splitlines()
    ]
    return [line for line in lines if line]


def commands(readme: Path) -> list[str]:
    """The commands of the table, as typed: ``hoibao ask``, ``hoibao build`` …"""
    rows = [
        line
        for line in readme.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `hoibao")
    ]
    return [name for row in rows for name in re.findall(r"`hoibao (\w+)", row.split("|")[1])]


@pytest.mark.parametrize("readme", READMES, ids=lambda r: r.name)
def test_every_command_of_the_table_is_one(
    readme: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert {"ask", "search", "article", "build", "status", "verify", "repair", "serve"} <= set(
        commands(readme)
    )
    for name in commands(readme):
        with pytest.raises(SystemExit) as left:
            main([name, "--help"])
        assert left.value.code == 0
        assert capsys.readouterr().out.strip()


def test_both_languages_tell_of_the_same_commands_and_settings() -> None:
    english, vietnamese = (r.read_text(encoding="utf-8") for r in READMES)
    assert commands(READMES[0]) == commands(READMES[1])
    names = [set(re.findall(r"HOIBAO_\w+", text)) for text in (english, vietnamese)]
    assert names[0] == names[1]
    files = (ROOT / "assistant" / name for name in ("settings.py", "access.py"))
    known = "".join(file.read_text(encoding="utf-8") for file in files)
    assert all(f'"{name}"' in known for name in names[0])
    assert [c for c in code_blocks(READMES[0]) if "ask" in c] == [
        c for c in code_blocks(READMES[1]) if "ask" in c
    ]


def test_the_first_question_is_answered(sample: Assistant) -> None:
    (asked,) = (line for line in code_blocks(READMES[0]) if " ask " in line)
    program, _, rest = asked.partition(" ask ")
    assert program == ".venv/bin/hoibao"
    command = [sys.executable, "-m", "assistant.cli", "ask", rest.strip('"')]
    done = subprocess.run(
        [*command, "--index", str(sample.settings.index)],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
    )
    assert done.returncode == 0
    said = " ".join(done.stdout.split())
    for readme in READMES:
        (shown,) = re.findall(r"```text\n(.*?)```", readme.read_text(encoding="utf-8"), re.S)
        assert " ".join(shown.split()) in said


def test_every_make_target_that_is_named_exists() -> None:
    named = {t for r in READMES for t in re.findall(r"`?make (\w+)", r.read_text(encoding="utf-8"))}
    assert named == {"run", "test"}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(re.search(rf"^{target}:", makefile, re.M) for target in named)


@pytest.mark.parametrize(
    "file", [*READMES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))],
    ids=lambda f: f.name,
)  # fmt: skip
def test_links_lead_somewhere(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in link]
    assert all((file.parent / link).exists() for link in links), links


def test_the_first_result_comes_early() -> None:
    for readme in READMES:
        head = readme.read_text(encoding="utf-8").splitlines()[:30]
        assert any("make run" in line for line in head)
        assert any("hoibao ask" in line for line in head)
        assert any(line.startswith("![") for line in head)
