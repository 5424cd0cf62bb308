"""How most handlers of the page are bound: none is an endpoint of Gradio's API, none shows its spinner."""

import secrets

QUIET = {"api_visibility": "private", "show_progress": "hidden"}


def fresh(window: str) -> str:
    """A window that is unlike every other: Gradio draws nothing anew for a value that it has."""
    return window.replace("<dialog", f'<dialog data-lan="{secrets.token_hex(4)}"', 1)
