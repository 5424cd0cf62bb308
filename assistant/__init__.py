"""Questions out: retrieve → evidence → answer with citations; settings, CLI.

``from assistant import load_assistant`` (docs/python.md); the names load on first use, so that
``hoibao --help`` imports no model.
"""

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.answer import Answer, Citation
    from assistant.load import load_assistant
    from assistant.retrieve import Hit
    from assistant.scope import Scope
    from assistant.service import Assistant, Status
    from assistant.settings import Settings, read_settings
    from corpus.errors import UserError

# Before NumPy is imported: the products of a question are small, and the threads that OpenBLAS sets to them
# spin while they wait, which took as much processor time as all the rest (docs/performance.md).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

_HOME = {
    "load_assistant": "assistant.load",
    "Assistant": "assistant.service",
    "Answer": "assistant.answer",
    "Citation": "assistant.answer",
    "Hit": "assistant.retrieve",
    "Scope": "assistant.scope",
    "Settings": "assistant.settings",
    "Status": "assistant.service",
    "UserError": "corpus.errors",
    "read_settings": "assistant.settings",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'assistant' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


__all__ = [
    "load_assistant", "Assistant", "Answer", "Citation", "Hit", "Scope", "Settings", "Status", "UserError",
    "read_settings",
]  # fmt: skip
