"""The commands that keep the index: build, status, verify, repair, as they print and exit.

cli.py parses and calls; what is said about the index is said here. Exit codes as in cli.py.
"""

import json
import signal
import sys
import threading
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from assistant.contract import repair_json, report_json, status_json, verify_json
from assistant.service import Assistant, Status
from assistant.wording import local_time
from corpus.archive import Failure
from corpus.errors import ArchiveError, IndexError_
from corpus.progress import Step
from embeddings.changes import BuildReport, Change, Kind
from embeddings.verify import Check

FAILED, SOME_FILES_FAILED, INTERRUPTED = 1, 3, 130
LISTED = 20  # changes or failures printed one by one; --json has all

_WORDS = {
    Kind.ADDED: "thêm",
    Kind.CHANGED: "đổi",
    Kind.METADATA: "đổi thông tin (ngày, nguồn…)",
    Kind.MOVED: "chuyển chỗ",
    Kind.REMOVED: "bỏ",
}


def build(assistant: Assistant, args: Namespace) -> int:
    """``hoibao build``."""
    with _interruptible() as stop:
        if args.watch and assistant.settings.archive.is_dir():
            return _watch(assistant, args, stop)
        return _build_once(assistant, args, stop, full=args.full)


def _build_once(assistant: Assistant, args: Namespace, stop: threading.Event, *, full: bool) -> int:
    with progress_bar() as progress:
        report = assistant.build(
            progress, full=full, dry_run=args.dry_run, stop=stop,
            shard=args.shard, parts=[Path(part).expanduser() for part in args.parts],
        )  # fmt: skip
    if args.json:
        print_json(report_json(report), indent=None if args.watch else 2)
    else:
        print(build_text(report))
        if not report.articles and not report.dry_run and not report.stopped:
            print(f"Thư mục “{assistant.settings.archive}” chưa có bài nào đọc được.")
    if report.stopped:
        return INTERRUPTED
    return SOME_FILES_FAILED if report.failures else 0


def _watch(assistant: Assistant, args: Namespace, stop: threading.Event) -> int:
    from embeddings.watch import changes

    folder = assistant.settings.archive
    print(f"Đang theo dõi “{folder}”; bấm Ctrl+C để dừng.", file=sys.stderr, flush=True)
    for turn, _ in enumerate(changes(folder, stop)):
        try:
            _build_once(assistant, args, stop, full=args.full and not turn)
        except (ArchiveError, IndexError_) as error:  # a disk away for a while, another writer
            if not turn:
                raise
            print(f"Lỗi: {error}", file=sys.stderr)
        sys.stdout.flush()
    return 0


def build_text(report: BuildReport) -> str:
    """What a build did, to read: counts, then articles one by one, then what could not be read."""
    lines = [f"Dựng mới bên cạnh chỉ mục cũ: {report.rebuilt}."] if report.rebuilt else []
    will = "Sẽ thêm" if report.dry_run else "Thêm"
    rehashed = f" ({report.rehashed_files} tệp chỉ đổi giờ)" if report.rehashed_files else ""
    counts = (
        f"{will} {report.added} bài, đổi {report.changed}, đổi thông tin {report.metadata}, "
        f"chuyển chỗ {report.moved}, bỏ {report.removed}; "
        f"{report.unchanged_files} tệp không đổi{rehashed}"
    )
    if report.dry_run:
        lines.append(f"{counts}. Chưa ghi gì cả.")
    else:
        lines += [
            f"{counts}; nhúng {report.embedded} đoạn mới.",
            f"Chỉ mục có {report.articles} bài, {report.passages} đoạn ({report.seconds:.1f} giây).",
        ]
    lines += _bounded([_change_line(change) for change in report.changes], "bài nữa")
    if report.failures:
        lines.append(f"\nKhông đọc được {len(report.failures)} tệp hoặc dòng:")
        lines += _bounded([f"- {f.path}: {f.reason}" for f in report.failures], "chỗ nữa")
    if report.stopped:
        lines.append(
            "Đã dừng theo yêu cầu; phần đã làm được giữ lại. Chạy lại hoibao build để làm tiếp."
        )
    return "\n".join(lines)


def _change_line(change: Change) -> str:
    before = f"{change.before} → " if change.before else ""
    return f"- {_WORDS[change.kind]}: {before}{change.article_id}"


def _bounded(lines: list[str], what: str) -> list[str]:
    more = len(lines) - LISTED
    return lines[:LISTED] + ([f"- … và {more} {what} (xem hết bằng --json)"] if more > 0 else [])


def status(assistant: Assistant, args: Namespace) -> int:
    """``hoibao status``."""
    found = assistant.status()
    if args.json:
        return print_json(status_json(found))
    print(status_text(found))
    return 0


def status_text(s: Status) -> str:
    """What the index holds and what is stale, to read."""
    groups = f", {s.groups} nhóm bài trùng" if s.groups else ""
    lines = [
        f"Kho bài viết:  {s.archive}",
        f"Chỉ mục:       {s.index}",
        f"Mô hình:       {s.encoder}",
        f"Số bài:        {s.articles} ({s.passages} đoạn{groups})",
        f"Ngày đăng:     {s.first_date or '?'} đến {s.last_date or '?'}",
        f"Dựng lần cuối: {local_time(s.built_at) or 'chưa dựng xong lần nào'}",
    ]
    if s.writer:
        lines.append(f"Đang dựng:     {s.writer}")
    elif s.unfinished:
        lines.append("Có một lần dựng dở dang. Chạy hoibao build để làm tiếp.")
    if s.next_encoder:
        lines.append(
            f"HOIBAO_MODEL đang chọn {s.next_encoder}; chỉ mục vẫn dùng mô hình cũ đến khi chạy hoibao build."
        )
    if s.stale:
        lines.append(f"Có {s.stale} tệp mới, đổi hoặc mất từ lần dựng ấy. Hãy chạy: hoibao build")
        lines += [f"- {path}" for path in s.stale_files]
        if s.stale > len(s.stale_files):
            lines.append(f"- … và {s.stale - len(s.stale_files)} tệp nữa")
    return "\n".join([*lines, *_bounded([_failure_line(f) for f in s.failures], "chỗ nữa")])


def _failure_line(failure: Failure) -> str:
    return f"Không đọc được {failure.path}: {failure.reason}"


def verify(assistant: Assistant, args: Namespace) -> int:
    """``hoibao verify``: 1 when something is wrong."""
    with progress_bar() as progress:
        checks = assistant.verify(progress)
    if args.json:
        print_json(verify_json(checks))
    else:
        print(checks_text(checks))
    return 0 if all(check.ok for check in checks) else FAILED


def checks_text(checks: list[Check]) -> str:
    """Each check with its verdict, and what mends what is wrong."""
    lines = []
    for check in checks:
        note = f" ({check.note})" if check.note else ""
        lines.append(f"{'tốt' if check.ok else 'SAI'}  {check.name}{note}")
        lines += [f"     - {problem}" for problem in check.problems]
        if check.found > len(check.problems):
            lines.append(f"     - … và {check.found - len(check.problems)} lỗi nữa")
    remedies = sorted({check.remedy for check in checks if not check.ok})
    lines.append(f"Hãy chạy: {', '.join(remedies)}" if remedies else "Chỉ mục toàn vẹn.")
    return "\n".join(lines)


def repair(assistant: Assistant, args: Namespace) -> int:
    """``hoibao repair``: 1 when something is wrong still."""
    with _interruptible() as stop, progress_bar() as progress:
        report = assistant.repair(progress, stop)
    if args.json:
        print_json(repair_json(report))
    else:
        for action in report.actions or ["Không có gì phải sửa"]:
            print(f"{action}.")
        if report.build:
            print(build_text(report.build))
        print(checks_text(report.checks))
    if report.build and report.build.stopped:
        return INTERRUPTED
    return 0 if all(check.ok for check in report.checks) else FAILED


def print_json(value: dict[str, Any], indent: int | None = 2) -> int:
    """One JSON object on stdout."""
    print(json.dumps(value, ensure_ascii=False, indent=indent))
    return 0


@contextmanager
def _interruptible() -> Iterator[threading.Event]:
    """The first Ctrl+C asks to stop after the batch at hand, the second stops at once."""
    stop = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        print("\nĐang dừng sau mẻ này… (Ctrl+C lần nữa để dừng ngay)", file=sys.stderr)

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


class progress_bar:
    """A bar on stderr for each step; nothing where stderr is no terminal."""

    def __enter__(self) -> "progress_bar":
        self._bar: Any = None
        self._name = ""
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, step: Step) -> None:
        """Show where a step is."""
        from tqdm import tqdm

        if step.name != self._name:
            self.__exit__()
            self._name = step.name
            self._bar = tqdm(
                total=step.total, desc=step.name, file=sys.stderr, disable=None, leave=False,
                bar_format="{desc}: {n_fmt}/{total_fmt} {unit} |{bar}| {postfix}", unit=step.unit,
            )  # fmt: skip
        self._bar.total = step.total
        self._bar.n = step.done
        self._bar.set_postfix_str(" · ".join(step.pace()), refresh=False)
        self._bar.refresh()
