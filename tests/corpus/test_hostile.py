"""Three hundred files that are broken, lie or mean harm: each read or refused, at bounded cost."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.corpus import hostile

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs pipes, links and resource limits")

ROOT = Path(__file__).parents[2]
PEAK_MB = 1_400  # the 200 MB line as bytes and as text, and what was read before it
SECONDS = 10  # of processor time for one file; the slowest takes about 3 here

# Read in a process of its own, so that its memory can be limited and measured.
READER = """
import json, resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, 4 * 2**30))
from pathlib import Path
from corpus.archive import list_files, read_file
from corpus.passages import split_passages
def peak():
    # Megabytes; of this program alone, where the system tells: ru_maxrss begins with what the parent held.
    try:
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) // 1024
    except (OSError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
archive, out = Path(sys.argv[1]), open(sys.argv[2], "w", encoding="utf-8")
for path in list_files(archive):
    started = time.process_time()
    content = read_file(archive, path)
    for article in content.articles:
        json.dumps(article.text).encode()
        article.text.encode("utf-8")
        assert 0 <= article.body_end <= len(article.text)
        assert article.path == path and article.id.startswith(path)
    row = {
        "path": path,
        "ids": [a.id for a in content.articles[:50]],
        "texts": [a.text[:2000] for a in content.articles[:50]],
        "failures": [[f.path, f.reason] for f in content.failures],
        "seconds": time.process_time() - started,
        "peak": peak(),
    }
    del content
    out.write(json.dumps(row) + "\\n")
"""


@dataclass(frozen=True)
class Run:
    archive: Path
    rows: dict[str, dict[str, Any]]
    left_behind: list[str]
    stderr: str

    def reasons(self, path: str) -> list[str]:
        return [reason for _, reason in self.rows[path]["failures"]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    base = tmp_path_factory.mktemp("hostile")
    archive, elsewhere = base / "kho" / "sâu" / "hơn", base / "tạm"
    archive.mkdir(parents=True)
    elsewhere.mkdir()
    secret = base / "bí-mật.txt"
    secret.write_text(hostile.SECRET, encoding="utf-8")
    hostile.write_all(archive, secret)
    before = snapshot(base)
    out = tmp_path_factory.mktemp("kết-quả") / "rows.jsonl"
    done = subprocess.run(
        [sys.executable, "-c", READER, str(archive), str(out)],
        cwd=elsewhere, capture_output=True, encoding="utf-8", timeout=1500,
        env=os.environ | {"TMPDIR": str(elsewhere), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    lines = out.read_text(encoding="utf-8").splitlines()
    rows = {row["path"]: row for row in map(json.loads, lines)}
    assert done.returncode == 0, f"{list(rows)[-1:]} and then {done.stderr[-2000:]}"
    for suffix in ("txt", "jsonl", "csv"):  # 200 MB that pytest would keep
        (archive / "dài" / f"dài.{suffix}").unlink()
    left = sorted(snapshot(base).items() ^ before.items())
    return Run(archive, rows, [p for p, _ in left if "/dài/" not in f"{p}/"], done.stderr)


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of everything under ``folder``."""
    found = {}
    for base, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            status = os.lstat(os.path.join(base, name))
            found[os.path.join(base, name)] = (status.st_size, status.st_mtime_ns)
    return found


def test_there_are_three_hundred_and_each_is_read_or_refused(run: Run) -> None:
    assert len(run.rows) >= 300
    silent = [p for p, row in run.rows.items() if not row["ids"] and not row["failures"]]
    assert silent == []


def test_every_reason_is_vietnamese_and_for_people(run: Run) -> None:
    reasons = {r for row in run.rows.values() for _, r in row["failures"]}
    assert len(reasons) > 30
    odd = [r for r in reasons if not re.search("[ăâđêôơưàảãáạ-ỹ]", r) or len(r) > 300 or "\n" in r]
    assert odd == []
    unforeseen = [r for r in reasons if re.search(r"\((\w+Error|\w+Exception)\)$", r)]
    assert unforeseen == []


def test_it_costs_bounded_time_and_memory(run: Run) -> None:
    slow = {p: row["seconds"] for p, row in run.rows.items() if row["seconds"] > SECONDS}
    assert slow == {}
    assert max(row["peak"] for row in run.rows.values()) < PEAK_MB


def test_nothing_is_written_anywhere_and_nothing_is_said_on_the_side(run: Run) -> None:
    assert run.left_behind == [str(run.archive / "dài")] or run.left_behind == []
    assert run.stderr == ""


def test_no_secret_and_no_entity_is_read(run: Run) -> None:
    texts = [(p, t) for p, row in run.rows.items() for t in row["texts"]]
    assert [p for p, t in texts if hostile.SECRET in t or "root:x:" in t] == []
    assert [p for p, t in texts if "haha" in t] == []
    assert [p for p, t in texts if "alert(1)" in t or "document.write" in t] == []


def test_names_stay_inside_the_archive(run: Run) -> None:
    ids = [id for row in run.rows.values() for id in row["ids"]]
    assert [id for id in ids if ".." in id.split("/") or "//" in id or "\\" in id] == []


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("cắt/cắt-6.docx", "cắt cụt"),
        ("bảng/nul.csv", "nhị phân"),
        ("chữ/quá-dài.txt", "dài hơn"),
        ("dài/dài.txt", "lớn hơn 24 MB"),
        ("dài/dài.jsonl", "dài hơn"),
        ("word/xxe.docx", "thực thể XML"),
        ("word/cười.docx", "thực thể XML"),
        ("word/macro.docx", "macro"),
        ("word/bom.docx", "bom nén"),
        ("excel/cười-0.xlsx", "thực thể XML"),
        ("excel/nhân-lên.xlsx", "triệu ký tự"),
        ("pdf/mật-khẩu.pdf", "mật khẩu"),
        ("pdf/mật-khẩu-aes.pdf", "mật khẩu"),
        ("zip/bom.zip", "bom nén"),
        ("zip/đông.zip", "20000 mục"),
        ("zip/lồng.zip", "tệp nén nằm trong tệp nén"),
        ("không-phải-tệp/ống.txt", "không phải tệp thường"),
        ("không-phải-tệp/ổ-cắm.txt", "không phải tệp thường"),
        ("không-phải-tệp/vô-tận.txt", "không phải tệp thường"),
        ("không-phải-tệp/vòng-1.txt", "liên kết vòng"),
        ("man/png-mà-tên-là.txt", "nội dung là ảnh"),
        ("man/doc-mà-tên-là.docx", "đời cũ"),
    ],
)
def test_the_reason_names_what_is_wrong(run: Run, path: str, reason: str) -> None:
    assert any(reason in r for r in run.reasons(path)), run.rows[path]


@pytest.mark.parametrize(
    "path",
    [
        "chữ/nfc-nfd.txt", "chữ/rtl.txt", "chữ/emoji.txt", "chữ/vnì.txt", "trang/mã.html", "trang/ảnh-nhúng.html",
        "bảng/10000-cột.csv", "trang/thuộc-tính.html", "bảng/kiểu-lạ.jsonl", "word/có-vba.docx", "md/yaml-bom.md",
        "excel/triệu-dòng-trống.xlsx", "excel/khai-man.xlsx", "excel/ô-xa.xlsx", "zip/leo.zip", "zip/tên-lạ.zip",
        "zip/lzma.zip", "zip/lồng.zip", "man/pdf-mà-tên-là.docx", "man/html-mà-tên-là.txt",
        "man/docx-mà-tên-là.pdf", "tên/🚢.txt", "tên/xuống\ndòng.txt",
    ],
)  # fmt: skip
def test_what_is_sound_in_them_is_read(run: Run, path: str) -> None:
    assert run.rows[path]["ids"], run.rows[path]
