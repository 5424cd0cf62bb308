"""``load_assistant``: how Python programs open an archive."""

import os
from pathlib import Path

from assistant.service import Assistant
from assistant.settings import read_settings


def load_assistant(
    archive: str | os.PathLike[str] | None = None,
    index: str | os.PathLike[str] | None = None,
    *,
    build: bool = True,
) -> Assistant:
    """An assistant over the folder ``archive``, with its index in the folder ``index``.

    Both default as for the command: HOIBAO_ARCHIVE and HOIBAO_INDEX, then the sample archive and a folder of its own
    among the user's data. Where there is no index yet, or one of another format, it is built first, which takes about
    a second for each 1,000 passages; with ``build=False`` only asking says that it is missing.

    Safe to share between threads; ``close()`` releases the index. Raises UserError, with a message in Vietnamese that
    says what to do, when the archive is missing or the settings cannot be meant.
    """
    assistant = Assistant(read_settings(_text(archive), _text(index)))
    if build and not assistant.has_index():
        assistant.build()
    return assistant


def _text(place: str | os.PathLike[str] | None) -> str | None:
    return None if place is None else str(Path(place))


__all__ = ["load_assistant"]
