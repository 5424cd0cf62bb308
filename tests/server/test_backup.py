"""Backup and restore: all of it comes back, also elsewhere; nothing is overwritten unasked; no path leads out."""

import io
import json
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.records import open_records
from assistant.server.backup import BackupError, back_up, put_back
from assistant.server.sessions import Sessions
from assistant.service import Assistant
from assistant.settings import Settings
from tests.server.conftest import BRIDGE, QUESTION


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(archive=tmp_path / "kho", index=tmp_path / "chi-muc")
    made.archive.mkdir()
    (made.archive / "cầu.txt").write_text(BRIDGE, encoding="utf-8")
    assistant = Assistant(made)
    assistant.build()
    assistant.close()
    open_records(made.state).conversations.start("lan", "Hỏi về cầu")
    Sessions(made.state).close()
    return made


def elsewhere(settings: Settings, tmp_path: Path) -> Settings:
    place = tmp_path / "máy khác"
    return replace(
        settings, archive=place / "kho", index=place / "chi-muc", state=place / "trang-thai"
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {
        f.relative_to(folder).as_posix(): f.read_bytes() for f in folder.rglob("*") if f.is_file()
    }


def test_everything_comes_back_on_another_machine(settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "sao-luu.tar.gz"
    running = Assistant(settings)
    running.ask(QUESTION)  # a server that holds the index open
    made = back_up(settings, out)
    running.close()
    assert made.files > 3 and out.stat().st_mode & 0o777 == 0o600
    other = elsewhere(settings, tmp_path)
    put_back(other, out)
    assert contents(other.archive) == contents(settings.archive)
    restored = Assistant(other)
    assert restored.ask(QUESTION).citations[0].article.id == "cầu.txt"
    assert all(check.ok for check in restored.verify())
    assert restored.build().embedded == 0, "nothing has to be read again"
    restored.close()
    kept = open_records(other.state).conversations
    last = kept.last("lan")
    assert last and kept.read("lan", last).title == "Hỏi về cầu"
    assert not (other.state / "sessions.sqlite3").exists()
    assert not list(other.index.parent.rglob("*.restore"))


def test_nothing_is_overwritten_unasked(settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "sao-luu.tar.gz"
    back_up(settings, out)
    with pytest.raises(BackupError, match="--force"):
        back_up(settings, out)
    (settings.archive / "mới.txt").write_text(BRIDGE, encoding="utf-8")
    with pytest.raises(BackupError, match="đang có dữ liệu"):
        put_back(settings, out)
    assert (settings.archive / "mới.txt").exists()
    put_back(settings, out, force=True)
    assert list(contents(settings.archive)) == ["cầu.txt"]


def test_a_backup_does_not_go_into_what_it_backs_up(settings: Settings) -> None:
    with pytest.raises(BackupError, match="chỗ khác"):
        back_up(settings, settings.archive / "x.tar.gz")
    with pytest.raises(BackupError, match="Không có thư mục"):
        back_up(
            replace(settings, archive=settings.archive / "không"),
            settings.archive.parent / "x.tar.gz",
        )


def packed(file: Path, *members: tarfile.TarInfo, version: int = 1) -> Path:
    with tarfile.open(file, "w:gz") as tar:
        data = json.dumps({"version": version}).encode()
        info = tarfile.TarInfo("hoibao.json")
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))
        for member in members:
            member.size = 1 if member.isreg() else 0
            tar.addfile(member, io.BytesIO(b"x"))
    return file


@pytest.mark.parametrize(
    "name",
    [
        "archive/../../ra-ngoai.txt",
        "/etc/ra-ngoai.txt",
        "khac/a.txt",
        "archive",
        "archive/..\\a.txt",
        "state/./a",
    ],
)
def test_no_member_leads_out(settings: Settings, tmp_path: Path, name: str) -> None:
    other = elsewhere(settings, tmp_path)
    before = contents(tmp_path).keys()
    file = packed(tmp_path / "xấu.tar.gz", tarfile.TarInfo(name))
    with pytest.raises(BackupError, match="không an toàn") as refused:
        put_back(other, file)
    assert f"“{name}”" in str(refused.value)
    left = contents(tmp_path).keys() - before - {"xấu.tar.gz"}
    assert all(Path(f).name == "lock" for f in left)


def test_links_and_devices_are_refused(settings: Settings, tmp_path: Path) -> None:
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE):
        member = tarfile.TarInfo("archive/a")
        member.type, member.linkname = kind, "/etc/passwd"
        with pytest.raises(BackupError, match="không an toàn: “archive/a”"):
            put_back(elsewhere(settings, tmp_path), packed(tmp_path / "xấu.tar.gz", member))


def test_a_backup_that_is_none_or_broken_changes_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    out = tmp_path / "sao-luu.tar.gz"
    back_up(settings, out)
    before = contents(settings.archive)
    broken = tmp_path / "hỏng.tar.gz"
    broken.write_bytes(out.read_bytes()[: out.stat().st_size // 2])
    (tmp_path / "khac.tar.gz").write_bytes(b"not a tar")
    for file in (
        broken,
        tmp_path / "khac.tar.gz",
        tmp_path / "không có",
        packed(tmp_path / "v9.tar.gz", version=9),
    ):
        with pytest.raises(BackupError):
            put_back(settings, file, force=True)
        assert contents(settings.archive) == before
    assistant = Assistant(settings)
    assert assistant.ask(QUESTION).answered
    assistant.close()
