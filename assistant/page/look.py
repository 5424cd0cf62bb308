"""How the page looks and the script it needs: the files of ``static/``, ready for Gradio.

Colours are Gradio's own variables where it has them, so that light and dark mode stay in step.
"""

from functools import cache
from importlib.resources import files

# System fonts that carry all Vietnamese marks; nothing is fetched from a font server.
FONTS = ("system-ui", "Segoe UI", "Roboto", "Noto Sans", "DejaVu Sans", "sans-serif")
MONO = ("ui-monospace", "Consolas", "Noto Sans Mono", "DejaVu Sans Mono", "monospace")

_FIRST = ["base.css", "page.js", "search.js"]  # what the others build on, in this order


@cache
def styles() -> str:
    """All style sheets as one."""
    return "\n".join(_texts(".css"))


@cache
def script() -> str:
    """The scripts for the head of the page, each for itself: one that fails leaves the others running."""
    return "\n".join(f"<script>\n{text}</script>" for text in _texts(".js"))


def _texts(ending: str) -> list[str]:
    found = [
        f for f in files("assistant.page").joinpath("static").iterdir() if f.name.endswith(ending)
    ]
    found.sort(key=lambda file: (_place(file.name), file.name))
    return [file.read_text(encoding="utf-8") for file in found]


def _place(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)
