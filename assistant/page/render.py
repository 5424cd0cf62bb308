"""What went wrong, as HTML. Pure; the message is escaped."""

from html import escape


def error_message(message: str) -> str:
    """What went wrong, as the user may read it."""
    return f'<div class="hb-loi" role="alert">{escape(message)}</div>'
