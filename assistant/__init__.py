"""Questions out: retrieve → evidence → answer with citations; settings, CLI.

``from assistant import Assistant, read_settings``; the names load on first use, so that
``hoibao --help`` imports no model.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.answer import Answer, Citation
    from assistant.service import Assistant, Status
    from assistant.settings import Settings, read_settings

_HOME = {
    "Answer": "assistant.answer",
    "Assistant": "assistant.service",
    "Citation": "assistant.answer",
    "Settings": "assistant.settings",
    "Status": "assistant.service",
    "read_settings": "assistant.settings",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'assistant' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


__all__ = ["Answer", "Assistant", "Citation", "Settings", "Status", "read_settings"]
