"""Saved web pages: trafilatura tells the article from menus, advertisements and scripts."""

import re
from typing import Any

from corpus.article import FileContent
from corpus.dates import parse_date
from corpus.encoding import decode
from corpus.errors import UnreadableFile
from corpus.legacy import to_unicode
from corpus.readers.fields import article_of, split_lines, title_from_path

_NO_ARTICLE = "không tìm thấy nội dung bài viết trong trang HTML"
_MAX_CHARS = 8_000_000  # without its embedded pictures; half a minute's work
_EMBEDDED = re.compile(r"data:[\w/+.-]{1,60};base64,[A-Za-z0-9+/=\s]{200,}")
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{50000,}>")  # attributes cost the square of their number
_CAPTION_WORDS = 60
_CAPTIONS = (
    "//figcaption | //*[self::p or self::div or self::td or self::span or self::em]"
    "[contains(translate(concat(@class, ' ', @id), 'CAPTION', 'caption'), 'caption')]"
)
_OUTSIDE = "ancestor::nav or ancestor::aside or ancestor::footer or ancestor::header[not(ancestor::article)]"
_PUBLISHED = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content | //*[@itemprop='datePublished']/@datetime",
    "//meta[@name='pubdate' or @name='publishdate' or @name='date']/@content",
)


def read_html(data: bytes, path: str) -> FileContent:
    """The article of a page, with its date, source, author, address and captions."""
    import trafilatura

    tree = _tree(decode(data))
    published = _published(tree)
    captions = _take_captions(tree)
    document = trafilatura.bare_extraction(
        tree,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        favor_recall=True,
        # The extensive search takes any year on the page, such as that of a copyright line.
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if document is None:
        raise UnreadableFile(_NO_ARTICLE)
    lines = [line.removeprefix("- ") for line in split_lines(document.text or "")]
    fields = {
        "date": published or document.date,
        "source": document.sitename or document.hostname,
        "author": document.author,
        "url": document.url,
    }
    title = document.title or title_from_path(path)
    try:
        return FileContent([article_of(fields, path, path, title, lines, captions)], [])
    except UnreadableFile as error:
        raise UnreadableFile(_NO_ARTICLE if not lines else str(error)) from error


def _tree(text: str) -> Any:
    from trafilatura.utils import load_html

    text = to_unicode(_LONG_TAG.sub(" ", _EMBEDDED.sub("", text)))
    if len(text) > _MAX_CHARS:
        raise UnreadableFile(f"trang HTML dài hơn {_MAX_CHARS // 10**6} triệu ký tự")
    tree = load_html(text)
    if tree is None:
        raise UnreadableFile(_NO_ARTICLE)
    return tree


def _published(tree: Any) -> str:
    """The first date of publication the page declares; it has the time of day and the zone."""
    for path in _PUBLISHED:
        for value in tree.xpath(path):
            if parse_date(str(value)[:100]):
                return str(value)[:100]
    return ""


def _take_captions(tree: Any) -> list[str]:
    """Captions of the page's pictures, taken out of the tree: elsewhere they would be body."""
    captions = []
    for element in tree.xpath(_CAPTIONS):
        text = " ".join(" ".join(element.itertext()).split())
        if not text or len(text.split()) > _CAPTION_WORDS:
            continue
        if not element.xpath(_OUTSIDE):
            captions.append(text)
        parent = element.getparent()
        if parent is not None:
            element.drop_tree()
    return list(dict.fromkeys(captions))
