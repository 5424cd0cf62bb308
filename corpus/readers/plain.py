"""Plain text and Markdown."""

import re
from collections.abc import Iterable
from typing import Any

from corpus.article import FileContent, make_article
from corpus.encoding import decode
from corpus.errors import UnreadableFile
from corpus.layout import parse_layout
from corpus.legacy import to_unicode
from corpus.readers.fields import (
    MAX_ARTICLE_CHARS,
    NO_CONTENT,
    article_of,
    named_fields,
    split_lines,
    text_of,
    title_from_path,
)

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.{0,20000}?)\n---[ \t]*(?:\n|\Z)", re.S)
_MAX_DEPTH = 8  # of front matter
_MAX_MARKDOWN = 1_000_000  # characters; nested brackets and stars cost more than linear time


def read_text(data: bytes, path: str) -> FileContent:
    """A plain text file in newspaper layout."""
    layout = parse_layout(_text(data))
    if not layout.paragraphs and not layout.captions:
        raise UnreadableFile(NO_CONTENT)
    article = make_article(
        id=path,
        path=path,
        title=layout.title or title_from_path(path),
        paragraphs=layout.paragraphs,
        captions=layout.captions,
        date=layout.date,
        time=layout.time,
        source=layout.source,
        author=layout.author,
    )
    return FileContent([article], [])


def read_markdown(data: bytes, path: str) -> FileContent:
    """Markdown, with or without YAML front matter (title, date, source, author, url)."""
    text = _text(data)
    fields, body = _front_matter(text)
    if len(body) > _MAX_MARKDOWN:
        raise UnreadableFile("tệp Markdown dài hơn 1 triệu ký tự; hãy lưu thành .txt")
    blocks, heading = markdown_blocks(body)
    if not blocks:
        raise UnreadableFile(NO_CONTENT)
    title = text_of(fields, "title") or heading or title_from_path(path)
    return FileContent([article_of(fields, path, path, title, blocks)], [])


def _text(data: bytes) -> str:
    text = decode(data)
    if not text.strip():
        raise UnreadableFile("tệp rỗng")
    if len(text) > MAX_ARTICLE_CHARS:
        raise UnreadableFile(f"bài dài hơn {MAX_ARTICLE_CHARS // 10**6} triệu ký tự")
    return to_unicode(text)


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, text
    return named_fields(_yaml_fields(match.group(1))), text[match.end() :]


def _yaml_fields(text: str) -> dict[Any, Any]:
    import yaml

    try:
        fields = yaml.safe_load(text) if _is_flat(yaml.parse(text)) else None
    except (yaml.YAMLError, ValueError, RecursionError):  # ValueError: a date such as 2023-02-31
        return {}
    return fields if isinstance(fields, dict) else {}


def _is_flat(events: Iterable[Any]) -> bool:
    """No deep nesting, and no aliases: a few of them unfold to gigabytes."""
    depth = 0
    for event in events:
        kind = type(event).__name__
        depth += kind.endswith("StartEvent") - kind.endswith("EndEvent")
        if kind == "AliasEvent" or depth > _MAX_DEPTH:
            return False
    return True


def markdown_blocks(text: str) -> tuple[list[str], str]:
    """Plain paragraphs of a Markdown text and its first level-one heading (taken out)."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(text)
    blocks: list[str] = []
    title = ""
    for i, token in enumerate(tokens):
        if token.type in ("fence", "code_block"):
            blocks += split_lines(token.content)
        if token.type != "inline":
            continue
        plain = "".join(_inline_text(child) for child in token.children or [])
        if not title and i and tokens[i - 1].type == "heading_open" and tokens[i - 1].tag == "h1":
            title = plain.strip()
        else:
            blocks += split_lines(plain)
    return blocks, title


def _inline_text(token: Any) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " " if token.type == "softbreak" else "\n"
    return str(token.content) if token.type in ("text", "code_inline") else ""
