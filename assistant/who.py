"""Who asks: the account behind a request and what it may do.

The guard in assistant/server puts a ``Who`` into each request; the page and the API read it here.
Knows neither Gradio nor Starlette: a request is anything with their ``state``.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from corpus.errors import UserError


class Role(StrEnum):
    """What an account may do: a reader asks and reads, an editor also changes archive and index."""

    READER = "reader"
    EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class Who:
    """``owner`` is what conversations are kept under: the account's name or, without accounts, a
    random id of the browser; ``name`` is shown on the page, empty without accounts."""

    owner: str
    name: str
    role: Role

    @property
    def is_editor(self) -> bool:
        """Whether this account may change archive and index."""
        return self.role is Role.EDITOR


LOCAL = Who("local", "", Role.EDITOR)


class Forbidden(UserError):
    """The account may not do this."""


def who(request: Any) -> Who:
    """Who sent ``request``, a Starlette request or a ``gr.Request``; LOCAL where no guard stands
    before the page (``request`` may then be None)."""
    inner = getattr(request, "request", None) or request
    state = getattr(inner, "state", None)
    found = getattr(state, "who", None)
    return found if isinstance(found, Who) else LOCAL


def require_editor(request: Any) -> Who:
    """Who sent ``request``. Raises Forbidden unless it is an editor."""
    found = who(request)
    if not found.is_editor:
        raise Forbidden(
            "Tài khoản của bạn chỉ được hỏi và đọc. Hãy nhờ người có quyền biên tập (editor) làm việc này."
        )
    return found
