"""The tab "Tra cứu": passages for a query, by day and source, on pages and as a table.

Layout and handlers. The form and the buttons are HTML; static/search.js tells the hidden component, the bus,
what they do. What is asked again for another page is what was asked, not what stands in the form by now.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from assistant.lookup import MOST, Order
from assistant.notice import before_question
from assistant.page import events
from assistant.page.filters import read_scope
from assistant.page.quiet import QUIET, fresh
from assistant.page.render import error_message
from assistant.page.render_article import article_window, missing_window
from assistant.page.render_filters import filter_form
from assistant.page.render_search import ORDERS, WELCOME, results_html, summary
from assistant.scope import EVERYTHING, Scope
from assistant.service import Assistant
from assistant.spreadsheet import MIME, found_csv
from corpus.errors import UserError

_EVENTS = ("tra", "trang", "csv", "bai")
_BUS = f"window.hoibao.searchBus(trigger, {list(_EVENTS)!r});"
_SAVE = "(file) => window.hoibao.save(file)"
_SAID = "(said) => window.hoibao.searched(said)"
_WINDOW = "() => window.hoibao.showWindow('cua-so-tra')"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was looked up last in a tab of the browser; an empty ``query`` is nothing yet."""

    query: str = ""
    within: Scope = EVERYTHING
    order: Order = Order.RELEVANCE
    page: int = 1


def search_tab(assistant: Assistant, page: gr.Blocks) -> None:
    """Form, results, and the window for a whole article."""
    with gr.Column(elem_classes="hb-cot hb-tra"):
        form = gr.HTML(elem_id="tra-form")
        results = gr.HTML(WELCOME, elem_id="ket-qua")
    window = gr.HTML(elem_id="cua-so-tra")
    bus = gr.HTML("", js_on_load=_BUS, elem_id="hb-noi-tra")
    asked, file, said = gr.State(Asked()), gr.JSON(visible=False), gr.JSON(visible=False)

    def on_find(event: gr.EventData, request: gr.Request) -> tuple[str, dict[str, str], Asked]:
        return answered(request, Asked(), lambda: read_asked(event))

    def on_page(
        before: Asked, event: gr.EventData, request: gr.Request
    ) -> tuple[str, dict[str, str], Asked]:
        return answered(
            request, before, lambda: replace(before, page=events.number(event, "trang", 1))
        )

    def answered(
        request: gr.Request, before: Asked, read: Callable[[], Asked]
    ) -> tuple[str, dict[str, str], Asked]:
        try:
            before_question(request)
            new = read()
            html, told = look_up(assistant, new)
        except UserError as error:
            return error_message(str(error)), {"noi": str(error)}, before
        return html, {"noi": told}, new

    def on_article(event: gr.EventData) -> str:
        return article(assistant, event)

    def on_table(before: Asked) -> dict[str, str]:
        return table(assistant, before)

    outputs = [results, said, asked]
    bus.tra(on_find, None, outputs, **QUIET).then(None, said, None, js=_SAID)
    bus.trang(on_page, asked, outputs, **QUIET).then(None, said, None, js=_SAID)
    bus.csv(on_table, asked, file, **QUIET).then(None, file, None, js=_SAVE)
    bus.bai(on_article, None, window, **QUIET).then(None, None, None, js=_WINDOW)
    page.load(lambda: search_form(assistant), None, form, **QUIET)


def search_form(assistant: Assistant) -> str:
    """The form, with the archive's sources."""
    try:
        sources = assistant.sources()
    except UserError:
        sources = []
    return filter_form(
        "tra", sources, label="Tìm đoạn văn", placeholder="Từ khóa hoặc cả câu", button="Tìm", orders=ORDERS,
    )  # fmt: skip


def read_asked(event: Any) -> Asked:
    """What the form says. Raises UserError."""
    within = read_scope(
        events.text(event, "tu"), events.text(event, "den"), events.texts(event, "nguon")
    )
    try:
        order = Order(events.text(event, "xep") or Order.RELEVANCE)
    except ValueError as error:
        raise events.BadRequest from error
    return Asked(events.text(event, "chu"), within, order)


def look_up(assistant: Assistant, asked: Asked) -> tuple[str, str]:
    """The results as HTML, and in a line for a screen reader. Raises UserError."""
    found = assistant.look_up(asked.query, asked.within, asked.order, asked.page)
    return results_html(found), summary(found)


def table(assistant: Assistant, asked: Asked) -> dict[str, str]:
    """All hits as a CSV file for static/page.js to save; or what is wrong."""
    try:
        found = assistant.look_up(asked.query, asked.within, asked.order, per_page=MOST)
    except UserError as error:
        return {"loi": str(error)}
    data = base64.b64encode(found_csv(found)).decode()
    return {"ten": "tra-cuu.csv", "kieu": MIME, "tep": data}


def article(assistant: Assistant, event: Any) -> str:
    """The window with a whole article and the passage ``doan`` marked in it."""
    try:
        passage = assistant.passage(events.number(event, "doan"))
    except UserError as error:
        return fresh(missing_window(str(error)))
    return fresh(article_window(passage.article, passage.text, passage.start))
