"""The web page: chat with evidence, passage look-up, state of the archive. ``python app.py`` serves it.

Layout and handlers only; the HTML is made in assistant/render.py. What a browser session has asked
is kept in that session's state, never here.
"""

import os
import secrets
import socket
import sys
import time
from collections.abc import Iterator
from html import escape, unescape
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported

import gradio as gr

from assistant import Assistant, Settings, read_settings, render, render_archive
from assistant.look import CSS, FONTS, MONO, SCRIPT
from assistant.question import checked
from corpus.archive import SAMPLE_ARCHIVE
from corpus.errors import UserError
from corpus.progress import Step

_TITLE = "Hỏi Báo"
_HEADER = (
    f'<header class="hb-dau"><h1>{_TITLE}</h1><p>Hỏi kho bài báo của bạn. '
    "Mỗi câu trả lời dẫn về đúng câu, đúng bài, đúng ngày.</p></header>"
)
_EXAMPLES = [  # answered by the sample archive, but for the last
    "Ai là Khối trưởng Khối thi đua số 4 Công đoàn CAND?",
    "Mưa lũ tháng 10/2022 ở Quảng Trị làm bao nhiêu người chết?",
    "ninh thuan con may nguoi thoi thanh thao ken saranai",
    "Vì sao công nhân Công ty Da giày Hòa Khánh Vượng ngừng việc?",
    "Giá vàng hôm nay bao nhiêu một lượng?",
]
_PLACEHOLDER = "Nhập câu hỏi của bạn"
_QUIET = {"api_visibility": "private", "show_progress": "hidden"}
_KEPT = 8  # answers of one chat whose evidence stays on the page
_HOLDS_PAGE_BACK = 3600  # seconds; the main thread only waits for Ctrl+C


def create_page(assistant: Assistant) -> gr.Blocks:
    """The page over one assistant; nothing is served yet."""
    with gr.Blocks(title=_TITLE, analytics_enabled=False) as page:
        with gr.Column(elem_classes="hb-dinh"):
            gr.HTML(_HEADER)
            summary = gr.HTML(elem_id="tom-tat")
        with gr.Tabs():
            with gr.Tab("Hỏi đáp"):
                _chat_tab(assistant)
            with gr.Tab("Tra cứu"):
                _search_tab(assistant)
            with gr.Tab("Kho bài viết") as archive_tab:
                _archive_tab(assistant, page, archive_tab, summary)
    return page


# Hỏi đáp


def _chat_tab(assistant: Assistant) -> None:
    sections = gr.State([])
    textbox = gr.Textbox(
        label="Câu hỏi", placeholder=_PLACEHOLDER, max_lines=4, scale=7,
        autofocus=True, submit_btn="Hỏi", stop_btn="Dừng", render=False,
    )  # fmt: skip
    with gr.Row():
        left = gr.Column(scale=6, min_width=320)
        with gr.Column(scale=5, min_width=320, elem_classes="hb-cot"):
            gr.HTML("<h2>Dẫn chứng</h2>")
            panel = gr.HTML(render.evidence_panel([]), elem_id="dan-chung")

    def ask(
        message: str, history: list[dict[str, Any]], kept: list[render.Section]
    ) -> Iterator[tuple[Any, ...]]:
        # Gradio takes the placeholder away with the first question.
        for shown in replies(assistant, message, history, kept):
            yield *shown, gr.Textbox(placeholder=_PLACEHOLDER)

    with left:
        chat = gr.ChatInterface(
            ask,
            chatbot=_chatbot(),
            textbox=textbox,
            additional_inputs=[sections],
            additional_outputs=[panel, sections, textbox],
            examples=[[question] for question in _examples(assistant.settings)] or None,
            validator=check_question,
            show_progress="hidden",
            analytics_enabled=False,
            fill_height=False,
            concurrency_limit=4,
            api_visibility="private",
        )  # fmt: skip
        chat.chatbot.clear(lambda: _with_panel([]), None, [panel, sections], **_QUIET)
        chat.chatbot.undo(
            lambda kept: _with_panel(kept[:-1]), sections, [panel, sections], **_QUIET
        )


def _chatbot() -> gr.Chatbot:
    """Questions are shown as typed, and answers as the HTML of render.py: no Markdown anywhere."""
    chatbot = gr.Chatbot(
        show_label=False,
        height="clamp(360px, 100dvh - 280px, 900px)",
        autoscroll=False,  # look.py scrolls to the start of an answer, not to its end
        render_markdown=False,
        latex_delimiters=[],
        buttons=[],
        layout="bubble",
        placeholder="Hãy hỏi một câu về các bài trong kho. Gõ không dấu cũng được.",
        elem_id="tro-chuyen",
        elem_classes="hb-cot",
    )
    _show_as_typed(chatbot)
    return chatbot


def _show_as_typed(chatbot: gr.Chatbot) -> None:
    """Escape questions on their way to the page, and undo that on their way back.

    Gradio takes a message for HTML even where Markdown is off: ``<img src=…>`` in a question would
    vanish from it, and be fetched. (On the instance: a subclass makes Gradio write a file beside
    this one.)
    """
    to_page, from_page = chatbot.postprocess, chatbot.preprocess

    def postprocess(value: Any) -> Any:
        data = to_page(value)
        for part in (part for message in data.root for part in message.content):
            if part.type == "text":
                part.text = escape(part.text, quote=False)
        return data

    def preprocess(payload: Any) -> Any:
        messages = from_page(payload)
        for part in (part for message in messages for part in message["content"]):
            if part["type"] == "text":
                part["text"] = unescape(part["text"])
        return messages

    chatbot.postprocess, chatbot.preprocess = postprocess, preprocess


def _examples(settings: Settings) -> list[str]:
    return _EXAMPLES if settings.archive == SAMPLE_ARCHIVE.absolute() else []


def check_question(message: str) -> dict[str, Any]:
    """Gradio's verdict on a question before it enters the chat: empty and overlong ones stay out."""
    try:
        checked(message)
    except UserError as error:
        verdict = gr.validate(False, str(error))
    else:
        verdict = gr.validate(True, "")
    return dict(verdict)


def reply(
    assistant: Assistant,
    message: str,
    history: list[dict[str, Any]],
    kept: list[render.Section],
) -> tuple[gr.HTML, str, list[render.Section]]:
    """The chat message, the evidence panel, and the evidence kept for this chat, when it is whole."""
    *_, last = replies(assistant, message, history, kept)
    return last


def replies(
    assistant: Assistant,
    message: str,
    history: list[dict[str, Any]],
    kept: list[render.Section],
) -> Iterator[tuple[gr.HTML, str, list[render.Section]]]:
    """The same while a model server words the answer: once for each sentence that holds.

    ``kept`` has one section for each earlier question; a question asked again replaces its own.
    """
    earlier = earlier_questions(history)
    kept = kept[: len(earlier)]
    token = secrets.token_hex(4)
    try:
        for answer in assistant.answers(message, earlier):
            shown = render.answer_message(answer, token)
            yield gr.HTML(shown), *_with_panel([*kept, render.evidence_section(answer, token)])
    except UserError as error:
        shown = render.error_message(str(error))
        yield gr.HTML(shown), *_with_panel([*kept, render.Section(message)])


def _with_panel(kept: list[render.Section]) -> tuple[str, list[render.Section]]:
    """The evidence panel, and its sections with the oldest ones emptied: pages stay light."""
    old = max(0, len(kept) - _KEPT)
    kept = [render.Section(section.question) for section in kept[:old]] + kept[old:]
    return render.evidence_panel(kept), kept


def earlier_questions(history: list[dict[str, Any]]) -> list[str]:
    """What the user asked before, oldest first, out of Gradio's messages."""
    questions = []
    for message in history:
        content = message["content"]
        parts = [content] if isinstance(content, str) else [p.get("text", "") for p in content]
        if message["role"] == "user" and any(parts):
            questions.append(" ".join(filter(None, parts)))
    return questions


# Tra cứu


def _search_tab(assistant: Assistant) -> None:
    with gr.Row(elem_classes="hb-tim"):
        query = gr.Textbox(
            label="Tìm đoạn văn", placeholder="Từ khóa hoặc câu hỏi", scale=6, max_lines=1
        )
        count = gr.Dropdown([5, 10, 20, 50], value=10, label="Số kết quả", scale=1, min_width=110)
        button = gr.Button("Tìm", variant="primary", scale=1, min_width=90)
    results = gr.HTML(elem_id="ket-qua", elem_classes="hb-cot")

    def find(text: str, k: int) -> str:
        return search(assistant, text, k)

    for trigger in (query.submit, button.click):
        trigger(find, [query, count], results, **_QUIET)


def search(assistant: Assistant, query: str, k: int) -> str:
    """The results as HTML, or what is wrong with the query."""
    try:
        return render.search_results(query, assistant.search(query, k))
    except UserError as error:
        return render.error_message(str(error))


# Kho bài viết


def _archive_tab(assistant: Assistant, page: gr.Blocks, tab: gr.Tab, summary: gr.HTML) -> None:
    with gr.Column(elem_classes="hb-cot"):
        status = gr.HTML(elem_id="trang-thai")
        with gr.Row():
            button = gr.Button("Cập nhật chỉ mục", variant="primary", elem_id="cap-nhat")
            stop = gr.Button("Dừng cập nhật", visible=False, elem_id="dung-cap-nhat")
        report = gr.HTML(elem_id="bao-cao")
        gr.HTML("<h2>Các bài trong kho</h2>")
        articles = gr.HTML(elem_id="cac-bai")

    def show() -> tuple[str, str, str]:
        return archive_state(assistant)

    def rebuild(progress: gr.Progress = gr.Progress()) -> str:  # noqa: B008 (how Gradio injects it)
        return update_index(assistant, progress)

    for event in (page.load, tab.select):
        event(show, None, [summary, status, articles], **_QUIET)
    # One click, one build: the button sleeps meanwhile, and builds of other sessions wait in line.
    button.click(lambda: _build_buttons(True), None, [button, stop], **_QUIET).then(
        rebuild, None, report, api_visibility="private", concurrency_limit=1
    ).then(show, None, [summary, status, articles], **_QUIET).then(
        lambda: _build_buttons(False), None, [button, stop], **_QUIET
    )
    stop.click(lambda: stop_update(assistant), None, stop, **_QUIET)


def _build_buttons(building: bool) -> tuple[gr.Button, gr.Button]:
    """The one that starts a build and the one that stops it."""
    return (
        gr.Button(interactive=not building),
        gr.Button("Dừng cập nhật", visible=building, interactive=True),
    )


def stop_update(assistant: Assistant) -> gr.Button:
    """Ask the build to end after its batch; what it has done is kept."""
    if assistant.stop_build():
        return gr.Button("Đang dừng sau mẻ này…", interactive=False)
    return gr.Button(visible=False)


def archive_state(assistant: Assistant) -> tuple[str, str, str]:
    """The archive in one line, its state in full and the table of its articles, as HTML."""
    try:
        status = assistant.status()
        return (
            render_archive.summary_line(status, missing=not status.archive.is_dir()),
            render_archive.status_panel(status),
            render_archive.article_table(
                assistant.article_list(render_archive.LISTED), status.articles
            ),
        )
    except UserError as error:
        return "", render.error_message(str(error)), ""


def update_index(assistant: Assistant, progress: Any) -> str:
    """Build, with progress on the page; what it did, or why it could not, as HTML."""

    def show(step: Step) -> None:
        progress(step.done / max(step.total, 1), desc=str(step))

    try:
        return render_archive.build_summary(assistant.build(show))
    except UserError as error:
        return render.error_message(str(error))


# Serving


def serve(settings: Settings, *, open_browser: bool = False) -> None:
    """Build the index if there is none, serve the page and wait for Ctrl+C.

    Raises UserError when the port is taken, the archive is missing or the index cannot be built.
    """
    _check_port(settings)
    assistant = Assistant(settings)
    if not assistant.has_index():
        _build_first(assistant)
    page = create_page(assistant)
    page.queue(default_concurrency_limit=4)
    page.launch(
        server_name=settings.host, server_port=settings.port, inbrowser=open_browser,
        prevent_thread_lock=True, quiet=True, share=False, ssr_mode=False, footer_links=[],
        theme=theme(), css=CSS, head=SCRIPT,
    )  # fmt: skip
    print(
        f"Hỏi Báo đang chạy ở http://{settings.host}:{settings.port} (Ctrl+C để dừng)", flush=True
    )
    try:
        while True:
            time.sleep(_HOLDS_PAGE_BACK)
    except KeyboardInterrupt:
        print("\nĐã dừng.")
        page.close(verbose=False)


def theme() -> gr.Theme:
    """One calm theme, in system fonts."""
    base = gr.themes.Default(
        primary_hue="teal", neutral_hue="stone", font=list(FONTS), font_mono=list(MONO)
    )
    # Gradio's own shades are too pale to read: 2.5:1 on white, where 4.5:1 is asked for (WCAG AA).
    return base.set(
        body_text_color_subdued="*neutral_500",
        body_text_color_subdued_dark="*neutral_400",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
        link_text_color="*primary_700",
        link_text_color_dark="*primary_300",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_600",
    )


def _check_port(settings: Settings) -> None:
    """Before anything slow: nobody wants to wait for an index and then learn this."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise UserError(
                f"Không mở được cổng {settings.port} trên {settings.host} ({error.strerror}): có lẽ một "
                "chương trình khác, hay một cửa sổ Hỏi Báo khác, đang dùng nó. Hãy chọn cổng khác "
                "bằng --port hoặc biến HOIBAO_PORT, ví dụ HOIBAO_PORT=7861."
            ) from error


def _build_first(assistant: Assistant) -> None:
    print(assistant.why_build(), file=sys.stderr)

    def show(step: Step) -> None:
        print(f"\r{step}\033[K", end="", file=sys.stderr, flush=True)

    report = assistant.build(show)
    print(f"\rXong: {report.articles} bài, {report.passages} đoạn.\033[K", file=sys.stderr)
    for failure in report.failures:
        print(f"Không đọc được {failure.path}: {failure.reason}", file=sys.stderr)


def main() -> int:
    """Serve with the settings of the environment; 1 when the user has to put something right."""
    try:
        serve(read_settings())
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
