"""What the tab "Kho bài viết" does, without Gradio: each function takes the assistant and what the browser sent.

Whoever may not change anything is stopped by the callers (``require_editor``), before anything is read.
"""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.desk import MAX_PASTED, MAX_UPLOAD, Added
from assistant.page import events, render_archive, render_desk
from assistant.page.filters import read_scope
from assistant.page.render import error_message
from assistant.page.render_article import article_window, missing_window
from assistant.page.render_feedback import feedback_html
from assistant.page.render_shelf import shelf_html
from assistant.records import open_records
from assistant.service import Assistant
from corpus.dates import parse_date
from corpus.errors import ArchiveError, UserError
from corpus.progress import Step
from embeddings.changes import BuildReport

_LOOKED_AT = 0.25  # seconds between two looks at a build
_MOST_FILES = 200  # of one upload


def state(assistant: Assistant) -> tuple[str, str]:
    """The archive in one line, and its state in full, as HTML."""
    try:
        status = assistant.status()
    except UserError as error:
        return "", error_message(str(error))
    missing = not status.archive.is_dir()
    return render_archive.summary_line(status, missing), render_archive.status_panel(status)


def timeline(assistant: Assistant) -> str:
    """The articles by month."""
    try:
        return render_archive.timeline(assistant.months())
    except UserError:
        return ""


def shelf(assistant: Assistant, event: Any, editable: bool) -> str:
    """One page of the list, as the form and the buttons under it say."""
    try:
        within = read_scope(
            events.text(event, "tu"), events.text(event, "den"), events.texts(event, "nguon")
        )
        found = assistant.browse(
            events.text(event, "chu"), within, events.number(event, "trang", 1)
        )
    except UserError as error:
        return error_message(str(error))
    return shelf_html(found, editable and not assistant.desk.why_not())


def read(assistant: Assistant, event: Any) -> str:
    """The window with one article."""
    try:
        return article_window(assistant.article(events.text(event, "id")))
    except UserError as error:
        return missing_window(str(error))


def edit_form(assistant: Assistant, event: Any) -> str:
    """The window in which title, day and source are put right."""
    try:
        id = events.text(event, "id")
        return render_desk.edit_window(assistant.article(id), assistant.desk.is_edited(id))
    except UserError as error:
        return missing_window(str(error))


def save_edit(assistant: Assistant, event: Any) -> str:
    """Keep what the form says, where it is not what the index has; the notice. Raises UserError."""
    article = assistant.article(events.text(event, "id"))
    title, source = events.text(event, "nhan_de"), events.text(event, "nguon")
    assistant.desk.edit(article.id, title=title, date=events.text(event, "ngay"), source=source)
    return render_desk.edited_notice(title.strip() or article.headline)


def reset_edit(assistant: Assistant, event: Any) -> str:
    """Forget a correction; the notice. Raises UserError."""
    article = assistant.article(events.text(event, "id"))
    assistant.desk.reset(article.id)
    return render_desk.edited_notice(article.headline)


def delete(assistant: Assistant, event: Any) -> tuple[str, str]:
    """The notice that a file is in the trash, and a window where its whole file has to be meant. Raises UserError."""
    id = events.text(event, "id")
    try:
        return render_desk.removed_notice(assistant.desk.delete(id)), ""
    except ArchiveError as error:
        if assistant.desk.is_alone(id):
            raise
        return "", render_desk.whole_file_window(id, str(error))


def delete_file(assistant: Assistant, event: Any) -> str:
    """The notice that the whole file of an article is in the trash. Raises UserError."""
    removed = assistant.desk.delete(events.text(event, "id"), whole_file=True)
    return render_desk.removed_notice(removed)


def restore(assistant: Assistant, event: Any) -> str:
    """The notice that a file is back. Raises UserError."""
    return render_desk.restored_notice(assistant.desk.undo(events.text(event, "ma")))


def paste(assistant: Assistant, event: Any) -> str:
    """Keep a pasted article; the notice. Raises UserError."""
    day = events.text(event, "ngay").strip()
    date = parse_date(day) if day else None
    if day and date is None:
        raise ArchiveError(f"“{day[:40]}” không phải một ngày, ví dụ 25/3/2022.")
    added = assistant.desk.paste(
        events.text(event, "nhan_de"), events.text(event, "noi_dung", MAX_PASTED + 1),
        date[0] if date else None, events.text(event, "nguon"),
    )  # fmt: skip
    return render_desk.added_notice([(added.articles[0].headline, added)])


def upload(assistant: Assistant, event: Any, folder: Path) -> Iterator[str]:
    """Take uploaded files, which lie under Gradio's ``folder``, one after another: what became of those so far.

    Raises UserError.
    """
    names = events.texts(event, "ten", _MOST_FILES)
    paths = events.texts(event, "tep", _MOST_FILES)
    if len(names) != len(paths) or not paths:
        raise events.BadRequest
    results: list[tuple[str, Added | str]] = []
    for name, path in zip(names, paths, strict=True):
        try:
            results.append((name, assistant.desk.add(name, _uploaded(path, folder))))
        except UserError as error:
            results.append((name, str(error)))
        yield render_desk.added_notice(results)


def _uploaded(path: str, folder: Path) -> bytes:
    """The bytes of an upload, which is then gone. The path comes from a browser: no other file is opened."""
    try:
        file = Path(path).resolve()
    except ValueError as error:  # a NUL in it
        raise events.BadRequest from error
    if not file.is_relative_to(folder.resolve()) or not file.is_file():
        raise events.BadRequest
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_UPLOAD + 1)
    except OSError as error:
        raise ArchiveError(f"Không đọc được tệp tải lên ({error.strerror or error}).") from error
    with contextlib.suppress(OSError):
        file.unlink()
    return data


def build(assistant: Assistant) -> Iterator[str]:
    """Bring the index up to date: how far it is, and at last what it did or why it could not."""
    run = _Build(assistant)
    run.start()
    shown = ""
    while run.is_alive():
        html = render_archive.building(run.step, run.stopping)
        if html != shown:
            yield html
        shown = html
        run.join(_LOOKED_AT)
    if run.report:
        yield render_archive.build_summary(run.report)
    else:
        yield error_message(run.failure)


class _Build(threading.Thread):
    """A build that goes on when the page that began it is closed."""

    def __init__(self, assistant: Assistant) -> None:
        super().__init__(name="build", daemon=True)
        self.assistant = assistant
        self.step: Step | None = None
        self.report: BuildReport | None = None
        self.failure = "Cập nhật bị ngắt giữa chừng. Hãy thử lại; phần đã xong được giữ."
        self.stop = threading.Event()

    @property
    def stopping(self) -> bool:
        """Whether it was asked to end."""
        return self.stop.is_set()

    def run(self) -> None:
        try:
            self.report = self.assistant.build(self._show, stop=self.stop)
        except UserError as error:
            self.failure = str(error)

    def _show(self, step: Step) -> None:
        self.step = step


def feedback(assistant: Assistant) -> str:
    """What readers think of the answers."""
    try:
        return feedback_html(open_records(assistant.settings.state).feedback.listing())
    except UserError as error:
        return error_message(str(error))
