"""The page as a whole: its head and its three tabs."""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported

import gradio as gr

from assistant.page.account import account_html
from assistant.page.archive import archive_tab
from assistant.page.chat import chat_tab
from assistant.page.quiet import QUIET
from assistant.page.search import search_tab
from assistant.service import Assistant

_TITLE = "Hỏi Báo"
_HEADER = (
    f'<header class="hb-dau"><h1>{_TITLE}</h1><p>Hỏi kho bài báo của bạn. '
    "Mỗi câu trả lời dẫn về đúng câu, đúng bài, đúng ngày.</p></header>"
)


def lay_out(assistant: Assistant) -> gr.Blocks:
    """Head and tabs over one assistant."""
    with gr.Blocks(title=_TITLE, analytics_enabled=False) as page:
        with gr.Column(elem_classes="hb-dinh"):
            gr.HTML(_HEADER)
            summary = gr.HTML(elem_id="tom-tat")
            account = gr.HTML(elem_id="tai-khoan")
        with gr.Tabs():
            with gr.Tab("Hỏi đáp"):
                chat_tab(assistant, page)
            with gr.Tab("Tra cứu"):
                search_tab(assistant, page)
            with gr.Tab("Kho bài viết") as tab:
                archive_tab(assistant, page, tab, summary)

        def signed_in(request: gr.Request) -> str:
            return account_html(request)

        page.load(signed_in, None, account, **QUIET)
    return page
