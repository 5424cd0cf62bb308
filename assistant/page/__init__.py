"""The web page over one assistant: chat with evidence, passage look-up, state of the archive.

Gradio is imported when a page is made, and not before: the commands that borrow the HTML of this
package (``hoibao map``) load none of it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import gradio as gr

    from assistant.service import Assistant


def create_page(assistant: "Assistant") -> "gr.Blocks":
    """The page over one assistant; nothing is served yet."""
    from assistant.page.layout import lay_out

    return lay_out(assistant)


def appearance() -> dict[str, Any]:
    """Theme, CSS and script, as ``Blocks.launch`` and ``gradio.mount_gradio_app`` take them."""
    from assistant.page.look import script, styles
    from assistant.page.theme import theme

    return {"theme": theme(), "css": styles(), "head": script()}


__all__ = ["appearance", "create_page"]
