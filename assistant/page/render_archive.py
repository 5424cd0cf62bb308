"""The state of the archive as HTML: counts, failures, the progress of a build and what it did.

Pure functions; every path, title and message is escaped. The list of articles is in render_shelf.py,
what is done to them in render_desk.py.
"""

import datetime as dt
from collections.abc import Sequence
from html import escape

from assistant.page.render_months import months_figure
from assistant.status import Status
from assistant.wording import format_date, local_time, number_text
from corpus.progress import Step
from embeddings.changes import BuildReport, Kind

_STALE_NAMED = 5
_CHANGES = 200
_FAILURES = 200

UPDATE = '<button type="button" class="hb-nut hb-chinh" data-kho="dung">Cập nhật chỉ mục</button>'


def summary_line(status: Status, missing: bool = False) -> str:
    """The archive in one line for the head of the page, and what the user had better know.

    ``missing``: its folder is not there now.
    """
    facts = [f"{number_text(status.articles)} bài"]
    if status.articles:
        facts += [f"đăng {_date_range(status)}", f"chỉ mục lúc {local_time(status.built_at)}"]
    line = f'<p class="hb-phu">{escape(" · ".join(facts))}</p>'
    warning = _warning(status, missing)
    return line + (f'<p class="hb-luu-y" role="status">{escape(warning)}</p>' if warning else "")


def _warning(status: Status, missing: bool) -> str:
    update = "bấm “Cập nhật chỉ mục” ở thẻ Kho bài viết."
    if missing:
        return (
            f"Không có thư mục bài viết “{status.archive}” (ổ đĩa chưa gắn, hay đã đổi tên?). "
            "Câu trả lời dựa trên chỉ mục đã dựng trước đó."
        )
    if status.writer:
        return "Chỉ mục đang được cập nhật; câu trả lời dựa trên những gì đã xong."
    if status.unfinished:
        return f"Lần cập nhật chỉ mục gần nhất chưa xong. Để làm tiếp, hãy {update}"
    if not status.articles:
        return (
            f"Kho chưa có bài nào. Hãy chép bài (.txt, .docx, .pdf, .html…) vào thư mục “{status.archive}”, "
            f"rồi {update}"
        )
    if status.stale:
        return f"Có {number_text(status.stale)} tệp mới, đã đổi hoặc đã mất từ lần dựng chỉ mục. Hãy {update}"
    return ""


def status_panel(status: Status) -> str:
    """What the archive and its index hold: the numbers that matter, then all facts, then failures."""
    numbers = [
        (number_text(status.articles), "bài viết"),
        (number_text(status.passages), "đoạn văn"),
        (_date_range(status), "ngày đăng"),
        (local_time(status.built_at) or "chưa lần nào", "cập nhật lần cuối"),
    ]
    shown = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for value, name in numbers
    )
    rows = [
        ("Thư mục bài viết", str(status.archive)),
        ("Thư mục chỉ mục", str(status.index)),
        ("Mô hình nhúng", status.encoder or "chưa có"),
        *([("Mô hình đang chọn", status.next_encoder)] if status.next_encoder else []),
        ("Tệp đã đổi từ lần đó", _stale(status)),
        *([("Nhóm bài trùng", number_text(status.groups))] if status.groups else []),
        *([("Đang cập nhật", status.writer)] if status.writer else []),
    ]
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows)
    failures = [(f.path, f.reason) for f in status.failures]
    return (
        f'<div class="hb-kho"><dl class="hb-con-so">{shown}</dl><details><summary>Chi tiết</summary>'
        f'<dl class="hb-chi-tiet">{facts}</dl></details>{_failures(failures)}</div>'
    )


def _stale(status: Status) -> str:
    """How many, and the names of the first few."""
    if not status.stale:
        return "0"
    named = status.stale_files[:_STALE_NAMED]
    more = status.stale - len(named)
    return f"{number_text(status.stale)}: {', '.join(named)}" + (
        f" và {number_text(more)} tệp nữa" if more else ""
    )


def building(step: Step | None, stopping: bool = False) -> str:
    """How far a build is, and the way to stop it."""
    known = f' value="{step.done / max(step.total, 1):.3f}"' if step and step.total else ""
    said = escape(str(step)) if step else "Đang chuẩn bị…"
    stop = (
        '<p class="hb-phu">Đang dừng sau mẻ này…</p>'
        if stopping
        else '<button type="button" class="hb-nut hb-vien-nut" data-kho="ngung">Dừng cập nhật</button>'
    )
    return (
        f'<div class="hb-tien-do"><p>{said}</p><progress max="1"{known} aria-label="Tiến độ cập nhật chỉ mục">'
        f"</progress>{stop}</div>"
    )


def build_summary(report: BuildReport) -> str:
    """What a build did, in one line and article by article, and what it could not read."""
    end = "Đã dừng" if report.stopped else "Xong"
    counts = (
        f"{end} sau {report.seconds:.1f} giây: ".replace(".", ",")
        + f"thêm {number_text(report.added)} bài, đổi {number_text(report.changed)}, "
        + f"bỏ {number_text(report.removed)}; {number_text(report.unchanged_files)} tệp giữ nguyên. "
        + (f"Đổi thông tin {number_text(report.metadata)} bài. " if report.metadata else "")
        + (f"Chuyển chỗ {number_text(report.moved)} bài. " if report.moved else "")
        + f"Kho có {number_text(report.articles)} bài, {number_text(report.passages)} đoạn."
    )
    line = f'<p role="status">{escape(counts)}</p>{_changes(report)}'
    if report.stopped:
        line += "<p>Phần đã làm được giữ lại; bấm “Cập nhật chỉ mục” để làm tiếp.</p>"
    if report.failures:
        line += f"<p>{len(report.failures)} chỗ không đọc được, xem danh sách bên trên.</p>"
    return f'<div class="hb-xong">{line}</div>'


_WORDS = {
    Kind.ADDED: "thêm", Kind.CHANGED: "đổi", Kind.METADATA: "đổi thông tin",
    Kind.MOVED: "chuyển chỗ", Kind.REMOVED: "bỏ",
}  # fmt: skip


def _changes(report: BuildReport) -> str:
    if not report.changes:
        return ""
    items = "".join(
        f"<li>{_WORDS[c.kind]}: {f'<code>{escape(c.before)}</code> → ' if c.before else ''}"
        f"<code>{escape(c.article_id)}</code></li>"
        for c in report.changes[:_CHANGES]
    )
    more = len(report.changes) - _CHANGES
    note = f'<p class="hb-phu">Và {number_text(more)} bài nữa.</p>' if more > 0 else ""
    return f"<details><summary>Từng bài</summary><ul>{items}</ul>{note}</details>"


def timeline(months: Sequence[tuple[str, int]]) -> str:
    """The articles of the archive by month, from ``("2022-10", 3)``; "" for those without a date."""
    dated = [(dt.date.fromisoformat(f"{month}-01"), count) for month, count in months if month]
    undated = sum(count for month, count in months if not month)
    return months_figure(dated, "bài", undated, "kho-thang")


def _failures(failures: list[tuple[str, str]]) -> str:
    if not failures:
        return ""
    items = "".join(
        f"<li><code>{escape(p)}</code>: {escape(reason)}</li>" for p, reason in failures[:_FAILURES]
    )
    more = len(failures) - _FAILURES
    note = (
        f"<p>Và {number_text(more)} chỗ nữa, xem bằng: hoibao status --json</p>" if more > 0 else ""
    )
    return f'<div class="hb-loi"><p>Không đọc được:</p><ul>{items}</ul>{note}</div>'


def _date_range(status: Status) -> str:
    days = [dt.date.fromisoformat(d) for d in (status.first_date, status.last_date) if d]
    return " – ".join(format_date(day) for day in dict.fromkeys(days)) or "không rõ ngày"


__all__ = ["UPDATE", "build_summary", "building", "status_panel", "summary_line", "timeline"]
