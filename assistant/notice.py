"""What the server around the page wants to hear of: questions, answers, changes.

The guard in assistant/server puts ``Notices`` into each request; without a guard nobody listens.
"""

from typing import Any, Protocol

from assistant.answer import Answer
from assistant.who import Who, who


class Notices(Protocol):
    """Limits and records; every method is quick and safe to call from any thread."""

    def before_question(self, who: Who, client: str) -> None:
        """Raises TooMany when this client asks too fast."""

    def answered(self, who: Who, answer: Answer, seconds: float, via: str) -> None:
        """A question has its whole answer."""

    def changed(self, who: Who, what: str, **facts: Any) -> None:
        """Something was changed: ``what`` is a verb, ``facts`` name what it was done to."""


def before_question(request: Any) -> None:
    """To be called before a question is worked on. Raises UserError when it may not be asked now."""
    if notices := _notices(request):
        notices.before_question(who(request), _client(request))


def answered(request: Any, answer: Answer, seconds: float, via: str = "page") -> None:
    """Tell that a question has its whole answer; ``seconds`` it took."""
    if notices := _notices(request):
        notices.answered(who(request), answer, seconds, via)


def changed(request: Any, what: str, **facts: Any) -> None:
    """Tell that something was changed."""
    if notices := _notices(request):
        notices.changed(who(request), what, **facts)


def _state(request: Any) -> Any:
    return getattr(getattr(request, "request", None) or request, "state", None)


def _notices(request: Any) -> Notices | None:
    found: Notices | None = getattr(_state(request), "notices", None)
    return found


def _client(request: Any) -> str:
    return str(getattr(_state(request), "client", ""))


__all__ = ["Notices", "answered", "before_question", "changed"]
