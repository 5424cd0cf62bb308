"""Named fields → article: what a table's columns, front matter and page metadata have in common.

Columns are recognised by the names people give them, in English or Vietnamese, with or without
diacritics: "Tiêu đề", "tieu_de", "Title".
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from corpus.article import Article, Failure, FileContent, make_article
from corpus.dates import in_vietnam, parse_date
from corpus.encoding import pare_marks
from corpus.errors import UnreadableFile
from corpus.layout import parse_lines
from corpus.legacy import to_unicode_all
from corpus.text import fold

NO_CONTENT = "tệp không có nội dung bài viết"
MAX_ARTICLE_CHARS = 5_000_000  # the longest novel has two million
MAX_FILE_CHARS = 200_000_000  # of all articles of one file: a small file can unfold to any size
MAX_FAILURES = 200  # listed one by one; more of them say nothing new

# In order of preference, where several are there.
_COLUMNS = {
    "id": "id; mã bài; mã bài viết; mã",
    "title": "title; headline; tiêu đề; tiêu đề bài viết; tên bài; tên bài viết; tựa đề; tít",
    "abstract": "abstract; summary; sapo; tóm tắt; mô tả; trích yếu; description; lead",
    "body": "body; text; content; nội dung; nội dung bài viết; nội dung chi tiết; toàn văn; thân bài"
    "; bài viết; văn bản; full text; fulltext; article",
    "date": "date; published; published at; publish date; published date; publication date; pubdate"
    "; datetime; ngày đăng; ngày xuất bản; ngày phát hành; ngày đăng bài; ngày; ngày giờ"
    "; thời gian đăng; thời gian",
    "time": "time; giờ đăng; giờ",
    "source": "source; publisher; nguồn; nguồn tin; nguồn bài; báo; tên báo; tòa soạn; site",
    "author": "author; authors; byline; tác giả; người viết; phóng viên; bút danh",
    "url": "url; link; href; đường dẫn; liên kết; địa chỉ",
    "captions": "captions; caption; chú thích; chú thích ảnh",
}


def _key(name: object) -> str:
    return re.sub(r"[\W_]+", " ", fold(str(name))).strip()


_CANONICAL = {
    _key(alias): (column, rank)
    for column, aliases in _COLUMNS.items()
    for rank, alias in enumerate(aliases.split("; "))
}


def column_of(name: object) -> str | None:
    """The field a column of this name holds, or None."""
    found = _CANONICAL.get(_key(name)) if name is not None and len(str(name)) < 60 else None
    return found[0] if found else None


def named_fields(row: Mapping[Any, Any]) -> dict[str, Any]:
    """The known, non-empty fields of ``row``, under their English names."""
    ranked: dict[str, tuple[int, Any]] = {}
    for name, value in row.items():
        known = _CANONICAL.get(_key(name)) if len(str(name)) < 60 else None
        if known is None or value is None or value == "":
            continue
        column, rank = known
        if column not in ranked or rank < ranked[column][0]:
            ranked[column] = (rank, value)
    return {column: value for column, (_, value) in ranked.items()}


class Collector:
    """Gathers the articles and failures of one file, within bounds."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._articles: dict[str, Article] = {}
        self._failures: list[Failure] = []
        self._chars = 0
        self._more = 0

    def add(self, article: Article) -> None:
        """Raises UnreadableFile when the id is taken, or the file unfolds to too much text."""
        if article.id in self._articles:
            raise UnreadableFile("id trùng với một dòng trước")
        self._chars += len(article.text)
        if self._chars > MAX_FILE_CHARS:
            raise UnreadableFile(
                f"tệp chứa hơn {MAX_FILE_CHARS // 10**6} triệu ký tự; hãy chia nhỏ tệp"
            )
        self._articles[article.id] = article

    @property
    def full(self) -> bool:
        """Whether nothing more can be added."""
        return self._chars > MAX_FILE_CHARS

    def fail(self, place: str, reason: str) -> None:
        """``place`` follows the path: ``#12``, ``!/inner.txt``."""
        if len(self._failures) < MAX_FAILURES:
            self._failures.append(Failure(self.path + place, reason))
        else:
            self._more += 1

    def content(self) -> FileContent:
        failures = self._failures
        if self._more:
            more = Failure(f"{self.path}#…", f"và {self._more} chỗ khác không đọc được")
            failures = [*failures, more]
        return FileContent(list(self._articles.values()), failures)


def row_article(row: Mapping[Any, Any], path: str, place: str) -> Article:
    """An article of a table's row; its own id, or ``place``, names it: ``path#place``."""
    fields = named_fields(row)
    paragraphs = split_lines(text_of(fields, "body"))
    abstract = text_of(fields, "abstract")
    if abstract and not (paragraphs and paragraphs[0].startswith(abstract)):
        paragraphs = [*split_lines(abstract), *paragraphs]
    if not paragraphs:
        raise UnreadableFile("bài không có nội dung (thiếu body và abstract)")
    sheet, _, number = place.rpartition("!")
    name = "!".join(filter(None, [sheet, text_of(fields, "id") or number]))
    return article_of(fields, f"{path}#{name}", path, text_of(fields, "title"), paragraphs)


def article_of(
    fields: Mapping[str, Any],
    id: str,
    path: str,
    title: str | None,
    paragraphs: list[str],
    captions: Iterable[str] = (),
) -> Article:
    """An article of paragraphs and named fields; what a field says goes before what the text says.

    ``title`` None: look for it in the text, then in the file name. Raises UnreadableFile when
    there is no text, or far too much.
    """
    if sum(map(len, paragraphs)) > MAX_ARTICLE_CHARS:
        raise UnreadableFile(f"bài dài hơn {MAX_ARTICLE_CHARS // 10**6} triệu ký tự")
    names = [title or "", text_of(fields, "source"), text_of(fields, "author")]
    captions = [*captions, *_captions(fields.get("captions"))]
    cleaned = clean([*names, *paragraphs, *captions])
    names, rest = cleaned[:3], cleaned[3:]
    paragraphs, captions = rest[: len(paragraphs)], rest[len(paragraphs) :]
    layout = parse_lines(paragraphs, None if title is None else names[0])
    captions = list(dict.fromkeys([*layout.captions, *captions]))
    if not layout.paragraphs and not captions:
        raise UnreadableFile(NO_CONTENT)
    date, time = date_and_time(fields)
    return make_article(
        id=id,
        path=path,
        title=title_from_path(path) if title is None and not layout.title else layout.title,
        paragraphs=layout.paragraphs,
        captions=captions,
        date=date or layout.date,
        time=time if date else layout.time,
        source=names[1] or layout.source,
        author=_authors(names[2], layout.author),
        url=text_of(fields, "url"),
    )


def _authors(named: str, signed: str) -> str:
    """The byline under the text is kept where the metadata says another name."""
    if signed and named and fold(signed) not in fold(named):
        return f"{named}; {signed}"
    return named or signed


def clean(texts: list[str]) -> list[str]:
    """Texts of one article without piled-up marks, and in Unicode."""
    return to_unicode_all([pare_marks(text) for text in texts])


def date_and_time(fields: Mapping[str, Any]) -> tuple[dt.date | None, dt.time | None]:
    """The publication date and time a field gives, in Vietnam."""
    value = fields.get("date")
    if isinstance(value, dt.datetime):
        day, time = in_vietnam(value)
        return day, time if value.time() != dt.time(0) else _time(fields)
    if isinstance(value, dt.date):
        return value, _time(fields)
    if value is None:
        return None, None
    day_and_time = parse_date(" ".join([str(value)[:200], str(fields.get("time", ""))[:40]]))
    return day_and_time or (None, None)


def _time(fields: Mapping[str, Any]) -> dt.time | None:
    value = fields.get("time")
    if isinstance(value, dt.time):
        return value.replace(second=0, microsecond=0, tzinfo=None)
    found = parse_date(f"2000-01-01 {str(value)[:40]}") if value is not None else None
    return found[1] if found else None


def _captions(value: Any) -> list[str]:
    if isinstance(value, str):
        return split_lines(value)
    if not isinstance(value, list):
        return []
    return [c.strip() for c in value if isinstance(c, str) and c.strip()]


def text_of(fields: Mapping[str, Any], name: str) -> str:
    """A field as text; empty for what holds none."""
    value = fields.get(name)
    if value is None or isinstance(value, (dict, list)):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a spreadsheet's 12.0
    return str(value).strip()


def split_lines(text: str) -> list[str]:
    """Lines that are not empty, without the white space around them."""
    return [line.strip() for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


def title_from_path(path: str) -> str:
    """``tin/cang-ca_lach.txt`` → ``cang ca lach``."""
    return " ".join(PurePosixPath(path).stem.replace("-", " ").replace("_", " ").split())
