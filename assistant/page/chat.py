"""The tab "Hỏi đáp": conversations, questions, answers in stages and the evidence beside them.

Layout and handlers. What is shown is HTML of the render files; its buttons tell static/chat.js, which raises
the events of one hidden component, the bus. Who asks is read from each request: no handler trusts an id.
"""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from assistant.exports import Format, export
from assistant.notice import answered, before_question
from assistant.page import acts
from assistant.page.asking import MOST, Opened, add_question, answer_turn, open_conversation
from assistant.page.filters import read_scope
from assistant.page.quiet import QUIET
from assistant.page.render import error_message
from assistant.page.render_list import conversations_html, undo_html
from assistant.page.render_turn import welcome_html
from assistant.records import Records, open_records
from assistant.service import Assistant
from assistant.settings import Settings
from assistant.who import who
from corpus.archive import SAMPLE_ARCHIVE
from corpus.errors import UserError

_EXAMPLES = [  # answered by the sample archive, but for the last
    "Ai là Khối trưởng Khối thi đua số 4 Công đoàn CAND?",
    "Mưa lũ tháng 10/2022 ở Quảng Trị làm bao nhiêu người chết?",
    "ninh thuan con may nguoi thoi thanh thao ken saranai",
    "Vì sao công nhân Công ty Da giày Hòa Khánh Vượng ngừng việc?",
    "Giá vàng hôm nay bao nhiêu một lượng?",
]
_EVENTS = ("lai", "moi", "mo", "ten", "xoa", "phuc_hoi", "xuat", "gop_y", "bai")
_BUS = f"window.hoibao.bus(trigger, {list(_EVENTS)!r});"
_SAVE = "(file) => window.hoibao.save(file)"
_SHOW_WINDOW = "() => window.hoibao.openWindow()"
_SAID = "(said) => window.hoibao.announce(said)"


@dataclass(frozen=True, slots=True)
class _Parts:
    """The components that handlers read and write."""

    listing: gr.HTML
    undo: gr.HTML
    log: gr.HTML
    now: gr.HTML
    following: gr.HTML
    error: gr.HTML
    box: gr.Textbox
    filters: list[Any]
    window: gr.HTML
    bus: gr.HTML
    file: gr.JSON
    said: gr.JSON
    conversation: gr.State


def chat_tab(assistant: Assistant, page: gr.Blocks) -> None:
    """Conversations, chat and evidence."""
    parts = _lay_out()
    chat = _Chat(assistant, open_records(assistant.settings.state))
    _bind_asking(chat, parts)
    _bind_conversations(chat, parts, page)
    _bind_use(chat, parts)


def _lay_out() -> _Parts:
    with gr.Row(elem_classes="hb-khung"):
        with gr.Column(elem_classes="hb-ben", min_width=0):
            listing, undo = _html("cac-cuoc"), _html("vua-xoa")
        with gr.Column(elem_classes="hb-giua hb-cot", min_width=0):
            log, now, following = _html("cac-luot"), _html("luot-nay"), _html("hoi-tiep")
            with gr.Column(elem_classes="hb-soan"):
                error = _html("loi-hoi")
                box = gr.Textbox(
                    label="Câu hỏi", placeholder="Nhập câu hỏi của bạn", lines=1, max_lines=6, autofocus=True,
                    show_label=False, submit_btn="Hỏi", elem_id="o-hoi",
                )  # fmt: skip
                filters = _filters()
    return _Parts(
        listing, undo, log, now, following, error, box, filters,
        window=_html("cua-so"),
        bus=gr.HTML("", js_on_load=_BUS, elem_id="hb-noi"),
        file=gr.JSON(visible=False),
        said=gr.JSON(visible=False),
        conversation=gr.State(""),
    )  # fmt: skip


def _html(id: str) -> gr.HTML:
    return gr.HTML(elem_id=id, apply_default_css=False)


def _filters() -> list[Any]:
    """First and last day, sources, number of sentences."""
    with gr.Accordion("Bộ lọc", open=False, elem_id="bo-loc"), gr.Row():
        first = gr.Textbox(label="Từ ngày", placeholder="25/3/2022 hay 2022", min_width=130)
        last = gr.Textbox(label="Đến ngày", placeholder="25/3/2022 hay 2022", min_width=130)
        sources = gr.Dropdown([], multiselect=True, label="Nguồn", min_width=180)
        most = gr.Dropdown(
            [1, 2, 3, 4, 5], value=MOST, label="Số câu trích nhiều nhất", min_width=130
        )
    return [first, last, sources, most]


@dataclass(frozen=True, slots=True)
class _Chat:
    """The handlers' means."""

    assistant: Assistant
    records: Records

    def listing(self, owner: str, current: str) -> str:
        return conversations_html(self.records.conversations.listing(owner), current)

    def welcome(self) -> str:
        return welcome_html(_examples(self.assistant.settings))


def _examples(settings: Settings) -> list[str]:
    return _EXAMPLES if settings.archive == SAMPLE_ARCHIVE.absolute() else []


_FREE, _BUSY = {"submit_btn": "Hỏi", "stop_btn": False}, {"submit_btn": False, "stop_btn": "Dừng"}


def _bind_asking(chat: _Chat, p: _Parts) -> None:
    """Ask, ask again, stop."""
    outputs = [p.conversation, p.listing, p.log, p.now, p.following, p.error, p.box]

    def ask(
        text: str, conversation: str, first: str, last: str, sources: list[str], most: int,
        request: gr.Request,
    ) -> Iterator[dict[Any, Any]]:  # fmt: skip
        owner = who(request).owner
        try:
            before_question(request)
            scope = read_scope(first, last, sources)
            conversation, turn = add_question(chat.records, owner, conversation, text)
        except UserError as error:
            yield {p.error: error_message(str(error))}
            return
        yield from stream(request, owner, conversation, turn, scope, most, value="")

    def again(
        conversation: str, first: str, last: str, sources: list[str], most: int,
        event: gr.EventData, request: gr.Request,
    ) -> Iterator[dict[Any, Any]]:  # fmt: skip
        owner = who(request).owner
        try:
            before_question(request)
            scope = read_scope(first, last, sources)
            turn = chat.records.conversations.turn(owner, acts.text_of(event, "luot")).id
            chat.records.conversations.answer(owner, turn, None)
        except UserError as error:
            yield {p.error: error_message(str(error))}
            return
        yield from stream(request, owner, conversation, turn, scope, most)

    def stream(
        request: gr.Request,
        owner: str,
        conversation: str,
        turn: str,
        scope: Any,
        most: int,
        **box: Any,
    ) -> Iterator[dict[Any, Any]]:
        opened = open_conversation(chat.records, owner, conversation)
        shown = answer_turn(
            chat.assistant, chat.records, owner, conversation, turn, scope, int(most),
            partial(answered, request),
        )  # fmt: skip
        yield {
            p.conversation: conversation, p.listing: chat.listing(owner, conversation), p.log: opened.before,
            p.now: next(shown).turn, p.following: "", p.error: "", p.box: gr.Textbox(**_BUSY, **box),
        }  # fmt: skip
        for step in shown:
            if acts.is_last(chat.records, owner, conversation, turn):
                free = {p.box: gr.Textbox(**_FREE)} if step.done and not step.suggestions else {}
                yield {p.now: step.turn, p.following: step.suggestions, **free}

    def stopped(conversation: str, request: gr.Request) -> dict[Any, Any]:
        try:
            last = open_conversation(chat.records, who(request).owner, conversation).last
        except UserError as error:
            last = error_message(str(error))
        return {p.now: last, p.box: gr.Textbox(**_FREE)}

    inputs = [p.conversation, *p.filters]
    running = [
        p.box.submit(
            ask, [p.box, *inputs], outputs, **QUIET, trigger_mode="multiple", concurrency_limit=16
        ),
        p.bus.lai(again, inputs, outputs, **QUIET, trigger_mode="multiple", concurrency_limit=16),
    ]
    # Each by itself: Gradio waits for one to end before it ends the next, which may be a new one by then.
    for event in running:
        p.box.stop(None, None, None, cancels=event, **QUIET)
    p.box.stop(stopped, p.conversation, [p.now, p.box], **QUIET)


def _bind_conversations(chat: _Chat, p: _Parts, page: gr.Blocks) -> None:
    """Open, begin, rename, delete, bring back."""
    outputs = [
        p.conversation, p.listing, p.log, p.now, p.following, p.error, p.undo, p.box, p.filters[2],
    ]  # fmt: skip

    def shown(owner: str, opened: Opened | None) -> dict[Any, Any]:
        id = opened.id if opened else ""
        return {
            p.conversation: id,
            p.listing: chat.listing(owner, id),
            p.log: opened.before if opened else "",
            p.now: opened.last if opened else chat.welcome(),
            p.following: opened.suggestions if opened else "",
            p.error: "",
        }

    def handler(act: Callable[[str, Any, str], dict[Any, Any]]) -> Callable[..., dict[Any, Any]]:
        def handle(conversation: str, event: gr.EventData, request: gr.Request) -> dict[Any, Any]:
            try:
                return act(who(request).owner, event, conversation)
            except UserError as error:
                return {p.error: error_message(str(error))}

        return handle

    def load(request: gr.Request) -> dict[Any, Any]:
        owner = who(request).owner
        try:
            last = chat.records.conversations.last(owner)
            opened = open_conversation(chat.records, owner, last) if last else None
            return shown(owner, opened) | {p.filters[2]: gr.Dropdown(acts.sources(chat.assistant))}
        except UserError as error:
            return {p.error: error_message(str(error)), p.now: chat.welcome()}

    def begin(owner: str, _: Any, __: str) -> dict[Any, Any]:
        return shown(owner, None)

    def choose(owner: str, event: Any, _: str) -> dict[Any, Any]:
        return shown(owner, open_conversation(chat.records, owner, acts.text_of(event, "id")))

    def rename(owner: str, event: Any, conversation: str) -> dict[Any, Any]:
        chat.records.conversations.rename(
            owner, acts.text_of(event, "id"), acts.text_of(event, "ten")
        )
        return {p.listing: chat.listing(owner, conversation)}

    def delete(owner: str, event: Any, conversation: str) -> dict[Any, Any]:
        id = acts.text_of(event, "id")
        title = chat.records.conversations.delete(owner, id)
        rest = (
            shown(owner, None)
            if id == conversation
            else {p.listing: chat.listing(owner, conversation)}
        )
        return rest | {p.undo: undo_html(id, title)}

    def restore(owner: str, event: Any, _: str) -> dict[Any, Any]:
        id = acts.text_of(event, "id")
        chat.records.conversations.restore(owner, id)
        return shown(owner, open_conversation(chat.records, owner, id)) | {p.undo: ""}

    page.load(load, None, outputs, **QUIET)
    for listen, act in (
        (p.bus.moi, begin), (p.bus.mo, choose), (p.bus.ten, rename), (p.bus.xoa, delete), (p.bus.phuc_hoi, restore),
    ):  # fmt: skip
        listen(handler(act), p.conversation, outputs, **QUIET)


def _bind_use(chat: _Chat, p: _Parts) -> None:
    """Whole articles, files, feedback."""

    def article(event: gr.EventData, request: gr.Request) -> str:
        return acts.article(chat.assistant, chat.records, who(request).owner, event)

    def file(event: gr.EventData, request: gr.Request) -> dict[str, str]:
        try:
            title, answers = acts.to_export(chat.records, who(request).owner, event)
            made = export(title, answers, Format(acts.text_of(event, "dang")))
        except (UserError, ValueError) as error:
            return {"loi": str(error) if isinstance(error, UserError) else "Không có dạng tệp ấy."}
        return {"ten": made.name, "kieu": made.mime, "tep": base64.b64encode(made.data).decode()}

    def feedback(event: gr.EventData, request: gr.Request) -> dict[str, Any]:
        return acts.feedback(chat.records, who(request).owner, event)

    p.bus.bai(article, None, p.window, **QUIET).then(
        None, None, None, js=_SHOW_WINDOW, api_visibility="private"
    )
    p.bus.xuat(file, None, p.file, **QUIET).then(
        None, p.file, None, js=_SAVE, api_visibility="private"
    )
    p.bus.gop_y(feedback, None, p.said, **QUIET).then(
        None, p.said, None, js=_SAID, api_visibility="private"
    )
