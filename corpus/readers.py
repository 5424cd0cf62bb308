"""One reader for each format: decoded text of a file → its articles.

Every reader takes ``(text, path)`` and returns the articles and the failed rows as
``(row, reason)``, or raises UnreadableFile when the whole file is of no use.
"""

import datetime as dt
import json
import re
from pathlib import PurePosixPath
from typing import Any, TypeAlias

from corpus.article import Article, make_article
from corpus.dates import parse_date, parse_date_line
from corpus.errors import UnreadableFile
from corpus.layout import parse_layout

Rows: TypeAlias = tuple[list[Article], list[tuple[str, str]]]

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.S)
_HTML_HEADER_LINES = 3  # where a date printed above the text may stand


def read_text(text: str, path: str) -> Rows:
    """A plain text file in newspaper layout."""
    layout = parse_layout(text)
    if not layout.paragraphs and not layout.captions:
        raise UnreadableFile("tệp không có nội dung bài viết")
    article = make_article(
        id=path,
        path=path,
        title=layout.title or _title_from_path(path),
        paragraphs=layout.paragraphs,
        captions=layout.captions,
        date=layout.date,
        time=layout.time,
        source=layout.source,
        author=layout.author,
    )
    return [article], []


def read_markdown(text: str, path: str) -> Rows:
    """Markdown, with or without YAML front matter (title, date, source, author, url)."""
    fields, body = _front_matter(text)
    blocks, heading = _markdown_blocks(body)
    if not blocks:
        raise UnreadableFile("tệp không có nội dung bài viết")
    title = _string(fields, "title", "tieu_de") or heading or _title_from_path(path)
    return [_from_fields(fields, path, path, title, blocks)], []


def read_html(text: str, path: str) -> Rows:
    """A saved web page: trafilatura tells the article from menus, advertisements and scripts."""
    import trafilatura

    document = trafilatura.bare_extraction(
        text,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        favor_recall=True,
        # The extensive search takes any year on the page, such as that of a copyright line.
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if document is None:
        raise UnreadableFile("không tìm thấy nội dung bài viết trong trang HTML")
    title = document.title or _title_from_path(path)
    paragraphs = [line.removeprefix("- ") for line in _lines(document.text or "")]
    date_line = next((p for p in paragraphs[:_HTML_HEADER_LINES] if parse_date_line(p)), "")
    paragraphs = [p for p in paragraphs if p != date_line]
    if paragraphs and paragraphs[0] == title:
        del paragraphs[0]
    if not paragraphs:
        raise UnreadableFile("không tìm thấy nội dung bài viết trong trang HTML")
    fields = {
        "date": date_line or document.date,
        "source": document.sitename or document.hostname,
        "author": document.author,
        "url": document.url,
    }
    return [_from_fields(fields, path, path, title, paragraphs)], []


def read_json_lines(text: str, path: str) -> Rows:
    """One article a line: ``title, abstract, body, date, source, url`` as far as known."""
    articles: list[Article] = []
    failures: list[tuple[str, str]] = []
    seen: set[str] = set()
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            article = _row_article(_parse_row(line), path, number)
        except UnreadableFile as error:
            failures.append((str(number), str(error)))
            continue
        if article.id in seen:
            failures.append((str(number), "id trùng với một dòng trước"))
            continue
        seen.add(article.id)
        articles.append(article)
    return articles, failures


def _parse_row(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:  # ValueError: also a number of 5,000 digits
        raise UnreadableFile("dòng không phải JSON hợp lệ") from error
    if not isinstance(row, dict):
        raise UnreadableFile("dòng không phải một đối tượng JSON")
    return row


def _row_article(row: dict[str, Any], path: str, number: int) -> Article:
    """An article from named fields; ``id`` or the line number names the row."""
    name = _string(row, "id") or str(number)
    paragraphs = _lines(_string(row, "body", "text", "content"))
    abstract = _string(row, "abstract", "summary")
    if abstract and not (paragraphs and paragraphs[0].startswith(abstract)):
        paragraphs = [*_lines(abstract), *paragraphs]
    title = _string(row, "title")
    if not paragraphs:
        raise UnreadableFile("bài không có nội dung (thiếu body và abstract)")
    return _from_fields(row, f"{path}#{name}", path, title or paragraphs[0][:120], paragraphs)


def _from_fields(
    fields: dict[str, Any], id: str, path: str, title: str, paragraphs: list[str]
) -> Article:
    date, time = _date_and_time(fields)
    return make_article(
        id=id,
        path=path,
        title=title,
        paragraphs=paragraphs,
        captions=_captions(fields.get("captions")),
        date=date,
        time=time,
        source=_string(fields, "source", "nguon"),
        author=_string(fields, "author", "tac_gia"),
        url=_string(fields, "url", "link"),
    )


def _date_and_time(fields: dict[str, Any]) -> tuple[dt.date | None, dt.time | None]:
    value = next((fields[k] for k in ("date", "published", "ngay") if fields.get(k)), None)
    if isinstance(value, dt.datetime):  # YAML reads dates by itself
        return value.date(), value.time().replace(second=0, microsecond=0, tzinfo=None)
    if isinstance(value, dt.date):
        return value, None
    return parse_date(str(value)) or (None, None)


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    import yaml

    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, text
    try:
        fields = yaml.safe_load(match.group(1))
    except (yaml.YAMLError, ValueError):  # ValueError: a date such as 2023-02-31
        return {}, text[match.end() :]
    return (fields if isinstance(fields, dict) else {}), text[match.end() :]


def _markdown_blocks(text: str) -> tuple[list[str], str]:
    """Plain paragraphs of a Markdown text and its first level-one heading (taken out)."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(text)
    blocks: list[str] = []
    title = ""
    for i, token in enumerate(tokens):
        if token.type in ("fence", "code_block"):
            blocks += _lines(token.content)
        if token.type != "inline":
            continue
        plain = "".join(_inline_text(child) for child in token.children or [])
        if not title and i and tokens[i - 1].type == "heading_open" and tokens[i - 1].tag == "h1":
            title = plain.strip()
        else:
            blocks += _lines(plain)
    return blocks, title


def _inline_text(token: Any) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " " if token.type == "softbreak" else "\n"
    return str(token.content) if token.type in ("text", "code_inline") else ""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _captions(value: Any) -> list[str]:
    if isinstance(value, str):
        return _lines(value)
    return [str(c).strip() for c in value if str(c).strip()] if isinstance(value, list) else []


def _string(fields: dict[str, Any], *names: str) -> str:
    """The first of the named fields that holds something, as text."""
    for name in names:
        value = fields.get(name)
        if value is not None and value != "" and not isinstance(value, (dict, list)):
            return str(value).strip()
    return ""


def _title_from_path(path: str) -> str:
    return PurePosixPath(path).stem.replace("-", " ").replace("_", " ")
