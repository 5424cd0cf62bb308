"""The tab "Kho bài viết": what the archive holds, its articles, changing them, and bringing the index up to date.

Layout and handlers only. Buttons and forms are HTML; static/archive.js tells the hidden component, the bus, what
they do. Every handler that changes something asks for an editor here, in the server, whatever the page shows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from assistant.atlas import By
from assistant.draw import map_page
from assistant.notice import changed
from assistant.page import archive_acts as acts
from assistant.page import events
from assistant.page.quiet import QUIET, fresh
from assistant.page.render import error_message
from assistant.page.render_archive import UPDATE
from assistant.page.render_article import missing_window
from assistant.page.render_desk import add_panel, closed_panel, trash_list
from assistant.page.render_filters import filter_form
from assistant.page.render_map import map_frame
from assistant.service import Assistant
from assistant.who import require_editor, who
from corpus.errors import UserError

_EVENTS = (
    "xem", "doc", "sua", "luu", "goc", "xoa", "xoa_tep", "tra_lai", "tep", "dan", "dung", "ngung", "ban_do",
)  # fmt: skip
_BUS = f"window.hoibao.archiveBus(trigger, upload, {list(_EVENTS)!r});"
_WINDOW = "() => window.hoibao.showWindow('cua-so-kho')"
_DONE = "() => window.hoibao.archiveDone()"
_BUILT = "() => window.hoibao.archiveDone(true)"
_AGAIN = "() => window.hoibao.shelfAgain()"
_LISTED = "() => window.hoibao.shelfShown()"


@dataclass(frozen=True, slots=True)
class _Parts:
    """The components that handlers write."""

    summary: gr.HTML
    status: gr.HTML
    tools: gr.HTML
    notice: gr.HTML
    report: gr.HTML
    trash: gr.HTML
    form: gr.HTML
    shelf: gr.HTML
    months: gr.HTML
    map: gr.HTML
    feedback: gr.HTML
    window: gr.HTML
    bus: gr.HTML


def archive_tab(assistant: Assistant, page: gr.Blocks, tab: gr.Tab, summary: gr.HTML) -> None:
    """All of the tab; ``summary`` is the line in the head of the page."""
    parts = _lay_out(summary)
    _bind_showing(assistant, parts, page, tab)
    _bind_building(assistant, parts)
    _bind_changing(assistant, parts)


def _lay_out(summary: gr.HTML) -> _Parts:
    with gr.Column(elem_classes="hb-cot hb-kho-the"):
        status = gr.HTML(elem_id="trang-thai")
        notice, report = gr.HTML(elem_id="kho-bao"), gr.HTML(elem_id="bao-cao")
        tools, trash = gr.HTML(elem_id="kho-viec"), gr.HTML(elem_id="thung-rac")
        gr.HTML("<h2>Các bài trong kho</h2>")
        form, shelf = gr.HTML(elem_id="kho-form"), gr.HTML(elem_id="cac-bai")
        gr.HTML("<h2>Kho theo thời gian và theo nghĩa</h2>")
        months, drawn = gr.HTML(elem_id="kho-thoi-gian"), gr.HTML(map_frame(""), elem_id="ban-do")
        feedback = gr.HTML(elem_id="kho-gop-y")
    return _Parts(
        summary, status, tools, notice, report, trash, form, shelf, months, drawn, feedback,
        window=gr.HTML(elem_id="cua-so-kho"),
        bus=gr.HTML("", js_on_load=_BUS, elem_id="hb-noi-kho"),
    )  # fmt: skip


def tools_html(assistant: Assistant, editor: bool) -> str:
    """What may be done here: nothing for readers, the build alone where the folder is not to be changed."""
    if not editor:
        return ""
    reason = assistant.desk.why_not()
    return f'<div class="hb-hang-viec">{UPDATE}</div><h2>Thêm bài</h2>' + (
        closed_panel(reason) if reason else add_panel()
    )


def _bind_showing(assistant: Assistant, p: _Parts, page: gr.Blocks, tab: gr.Tab) -> None:
    """What is there, for everybody; what editors alone see is made only for them."""

    def state(request: gr.Request) -> tuple[str, str, str, str, str]:
        editor = who(request).is_editor
        trash = trash_list(assistant.desk.removed()) if editor else ""
        opinions = acts.feedback(assistant) if editor else ""
        heading = "<h2>Góp ý của người hỏi</h2>" if editor else ""
        return *acts.state(assistant), acts.timeline(assistant), trash, heading + opinions

    def tools(request: gr.Request) -> tuple[str, str]:
        return tools_html(assistant, who(request).is_editor), _form(assistant)

    def first(request: gr.Request) -> str:
        return acts.shelf(assistant, None, who(request).is_editor)

    def browse(event: gr.EventData, request: gr.Request) -> str:
        return acts.shelf(assistant, event, who(request).is_editor)

    def read(event: gr.EventData) -> str:
        return fresh(acts.read(assistant, event))

    def draw(event: gr.EventData) -> str:
        try:
            by = By.MONTH if events.text(event, "mau") == By.MONTH else By.SOURCE
            return map_frame(map_page(assistant, by), by)
        except UserError as error:
            return error_message(str(error))

    shown = [p.summary, p.status, p.months, p.trash, p.feedback]
    page.load(tools, None, [p.tools, p.form], **QUIET)
    page.load(state, None, shown, **QUIET).then(first, None, p.shelf, **QUIET)
    tab.select(state, None, shown, **QUIET).then(None, None, None, js=_AGAIN)
    p.bus.xem(browse, None, p.shelf, **QUIET).then(None, None, None, js=_LISTED)
    p.bus.doc(read, None, p.window, **QUIET).then(None, None, None, js=_WINDOW)
    p.bus.ban_do(draw, None, p.map, **QUIET)


def _form(assistant: Assistant) -> str:
    try:
        sources = assistant.sources()
    except UserError:
        sources = []
    return filter_form(
        "kho-loc", sources, label="Tìm bài", placeholder="Từ trong nhan đề, nguồn hay tên tệp", button="Lọc",
        orders={}, always=True,
    )  # fmt: skip


def _bind_building(assistant: Assistant, p: _Parts) -> None:
    """One build at a time; those of other sessions wait in line."""

    def build(request: gr.Request) -> Iterator[tuple[str, str]]:
        try:
            require_editor(request)
        except UserError as error:
            yield "", error_message(str(error))
            return
        changed(request, "build")
        for html in acts.build(assistant):
            yield "", html

    def stop(request: gr.Request) -> Any:
        try:
            require_editor(request)
        except UserError as error:
            return error_message(str(error))
        assistant.stop_build()
        changed(request, "stop build")
        return gr.skip()  # the build itself says what became of it

    def after(request: gr.Request) -> tuple[str, str, str, str, str]:
        editor = who(request).is_editor
        return (
            *acts.state(assistant), acts.shelf(assistant, None, editor),
            acts.timeline(assistant), _form(assistant),
        )  # fmt: skip

    p.bus.dung(
        build, None, [p.notice, p.report], **QUIET, trigger_mode="once", concurrency_limit=1
    ).then(after, None, [p.summary, p.status, p.shelf, p.months, p.form], **QUIET).then(
        None, None, None, js=_BUILT
    )
    p.bus.ngung(stop, None, p.notice, **QUIET)


def _bind_changing(assistant: Assistant, p: _Parts) -> None:
    """Everything that changes the archive's files."""

    def changing(act: Callable[[Assistant, Any], str]) -> Callable[..., tuple[str, str]]:
        def handle(event: gr.EventData, request: gr.Request) -> tuple[str, str]:
            try:
                require_editor(request)
                done = act(assistant, event), ""
                changed(request, act.__name__, **events.facts(event))
                return done
            except UserError as error:
                return error_message(str(error)), ""

        return handle

    def form(event: gr.EventData, request: gr.Request) -> str:
        try:
            require_editor(request)
        except UserError as error:
            return fresh(missing_window(str(error)))
        return fresh(acts.edit_form(assistant, event))

    def delete(event: gr.EventData, request: gr.Request) -> tuple[str, str, str]:
        try:
            require_editor(request)
            notice, window = acts.delete(assistant, event)
            if notice:
                changed(request, "delete", **events.facts(event))
        except UserError as error:
            return error_message(str(error)), "", ""
        return notice, "", fresh(window)

    def take(event: gr.EventData, request: gr.Request) -> Iterator[tuple[str, str]]:
        try:
            require_editor(request)
            for html in acts.upload(assistant, event, Path(get_upload_folder())):
                yield html, ""
            changed(request, "upload", **events.facts(event))
        except UserError as error:
            yield error_message(str(error)), ""

    def after() -> tuple[str, str, str]:
        return *acts.state(assistant), trash_list(assistant.desk.removed())

    def refreshing(happened: Any) -> None:
        happened.then(after, None, [p.summary, p.status, p.trash], **QUIET).then(
            None, None, None, js=_DONE
        )

    said = [p.notice, p.report]  # what a build did before is old news
    p.bus.sua(form, None, p.window, **QUIET).then(None, None, None, js=_WINDOW)
    for listen, act in (
        (p.bus.luu, acts.save_edit), (p.bus.goc, acts.reset_edit), (p.bus.xoa_tep, acts.delete_file),
        (p.bus.tra_lai, acts.restore), (p.bus.dan, acts.paste),
    ):  # fmt: skip
        refreshing(listen(changing(act), None, said, **QUIET))
    refreshing(p.bus.tep(take, None, said, **QUIET))
    happened = p.bus.xoa(delete, None, [*said, p.window], **QUIET)
    happened.then(None, None, None, js="() => window.hoibao.showWindow('cua-so-kho', 8)")
    refreshing(happened)
