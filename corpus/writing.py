"""An article as a file that the readers take back word for word: Markdown with front matter."""

import datetime as dt
import re

from corpus.readers.fields import split_lines
from corpus.readers.plain import markdown_blocks

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")  # what Markdown lets a backslash stand before


def markdown_article(title: str, text: str, date: dt.date | None = None, source: str = "") -> str:
    """``text`` with every line a paragraph; what Markdown would read as its own is escaped."""
    import yaml

    facts = {"title": title, "date": date, "source": source}
    head = yaml.safe_dump(
        {name: value for name, value in facts.items() if value},
        allow_unicode=True, sort_keys=False, width=10_000,
    )  # fmt: skip
    paragraphs = "\n\n".join(_escaped(line) for line in split_lines(text))
    return f"---\n{head}---\n\n{paragraphs}\n"


def _escaped(line: str) -> str:
    if markdown_blocks(line) == ([line], ""):
        return line
    return _PUNCTUATION.sub(r"\\\1", line)


__all__ = ["markdown_article"]
