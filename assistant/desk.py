"""The desk: adding, putting right and taking away articles of the archive's folder.

The only part of the program that writes there, and only when asked to. New files go into the subfolder
``bai-them``; what is put right is kept beside the file (``corpus.edits``), which is never changed
itself; what is deleted goes into the trash (``assistant.trash``) and can be taken back. The index
follows with the next build.
"""

import datetime as dt
import re
import threading
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.settings import Settings
from assistant.trash import Removed, Trash
from corpus import readers
from corpus.archive import SAMPLE_ARCHIVE, read_bytes, read_file
from corpus.article import Article, Failure
from corpus.dates import parse_date
from corpus.edits import FOLDER, MAX_CHARS, Edit, fingerprint, read_edits, write_edit
from corpus.errors import ArchiveError, UnreadableFile, UserError
from corpus.placing import place_new, safe_name
from corpus.writing import markdown_article

ADDED = "bai-them"  # the subfolder for what is added on the page
MAX_UPLOAD = 64 * 2**20  # bytes of one file
MAX_PASTED = 1_000_000  # characters
_MAX_PATH = 4_000  # bytes


@dataclass(frozen=True, slots=True)
class Added:
    """A file that was taken into the archive: its path there, its articles, and rows that failed."""

    path: str
    articles: list[Article]
    failures: list[Failure]


class Desk:
    """One archive's files. Safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self.archive = settings.archive
        self._trash = Trash(settings.archive, settings.state)
        self._lock = threading.Lock()

    def why_not(self) -> str:
        """Why nothing can be changed in this archive, in Vietnamese; "" when it can."""
        if self.archive.absolute() == SAMPLE_ARCHIVE.absolute():
            return (
                "Đây là kho mẫu đi kèm chương trình nên không sửa được. Để có kho của riêng bạn, hãy đặt "
                "HOIBAO_ARCHIVE (hoặc --archive) là một thư mục của bạn rồi mở lại Hỏi Báo."
            )
        if not self.archive.is_dir():
            return f"Không có thư mục bài viết “{self.archive}” (ổ đĩa chưa gắn, hay đã đổi tên?)."
        return ""

    def add(self, name: str, data: bytes) -> Added:
        """Take an uploaded file, once the real reader has found articles in it.

        ``name`` may be anything a browser sends; a file of that name is never overwritten, a number
        is put behind the new one. Raises ArchiveError with the reason why it is refused.
        """
        self._check_open()
        safe = safe_name(name)
        if not safe or readers.suffix_of(safe) not in readers.READABLE:
            known = ", ".join(sorted(readers.READABLE))
            raise ArchiveError(f"Không nhận tệp “{name[:100]}”: chỉ nhận các tệp {known}.")
        if len(data) > MAX_UPLOAD:
            raise ArchiveError(f"Tệp “{safe}” lớn hơn {MAX_UPLOAD // 2**20} MB.")
        return self._placed(safe, data)

    def paste(self, title: str, text: str, date: dt.date | None = None, source: str = "") -> Added:
        """Keep a pasted article as a Markdown file named after its title; each line is a paragraph.

        Raises ArchiveError when title or text is missing, or too long.
        """
        self._check_open()
        title, source = _line(title, "Nhan đề"), _line(source, "Nguồn")
        if not title or not text.strip():
            raise ArchiveError("Bài dán vào cần có cả nhan đề và nội dung.")
        if len(text) > MAX_PASTED:
            raise ArchiveError("Nội dung dài hơn 1 triệu ký tự; hãy lưu thành tệp rồi tải lên.")
        day = f"{date:%Y-%m-%d}-" if date else ""
        name = safe_name(f"{day}{title[:80].replace('/', ' ')}.md") or "bai.md"
        return self._placed(name, markdown_article(title, text, date, source).encode())

    def edit(
        self,
        id: str,
        *,
        title: str | None = None,
        date: str | None = None,
        source: str | None = None,
    ) -> None:
        """Put right what is known of an article; its text stays as it is. None leaves a field alone.

        ``date`` is a day such as ``2023-01-05`` or ``05/01/2023``, or "" where it is not known.
        Raises ArchiveError when the article is not in its file, or the correction cannot be kept.
        """
        self._check_open()
        path, key = self._locate(id)
        own = self._as_filed(path, id)
        with self._lock:
            try:
                before = read_edits(self.archive / path).get(key, Edit())
                if before.of != fingerprint(own):  # of another row
                    before = Edit()
                write_edit(self.archive / path, key, _merged(before, own, title, date, source))
            except (OSError, ValueError) as error:
                raise ArchiveError(
                    f"Không ghi được thông tin đã sửa của “{path}” ({error})."
                ) from error

    def reset(self, id: str) -> None:
        """Forget what was put right: title, date and source are as the file says again."""
        self._check_open()
        path, key = self._locate(id)
        try:
            with self._lock:
                write_edit(self.archive / path, key, Edit())
        except (OSError, ValueError) as error:
            raise ArchiveError(f"Không bỏ được phần đã sửa của “{path}” ({error}).") from error

    def is_edited(self, id: str) -> bool:
        """Whether something was put right of it."""
        try:
            path, key = self._locate(id)
            return key in read_edits(self.archive / path)
        except (ValueError, ArchiveError):
            return False

    def is_alone(self, id: str) -> bool:
        """Whether the article is all that its file holds by its kind: no row of a table, no entry of a zip."""
        try:
            return not self._locate(id)[1]
        except ArchiveError:
            return True

    def delete(self, id: str, *, whole_file: bool = False) -> Removed:
        """Move the file of an article into the trash, with what was put right of it.

        A row of a table or an entry of a zip is refused, unless the ``whole_file`` is meant. Raises ArchiveError.
        """
        self._check_open()
        path, key = self._locate(id)
        articles = read_file(self.archive, path).articles
        if key and not whole_file:
            more = f" cùng {len(articles) - 1} bài khác" if len(articles) > 1 else ""
            raise ArchiveError(
                f"Bài này nằm trong tệp “{path}”{more}, nên không xóa riêng được. Hãy bỏ bài ấy trong "
                "tệp bằng chương trình đã tạo ra tệp, hoặc chọn xóa cả tệp."
            )
        title = articles[0].headline if len(articles) == 1 else path
        with self._lock:
            return self._trash.take(self._file(path), path, title)

    def undo(self, token: str) -> str:
        """Put a deleted file back; its path in the archive, with a number where its name is taken by now.

        Raises ArchiveError when there is no such token.
        """
        self._check_open()
        with self._lock:
            return self._trash.give_back(token)

    def removed(self, most: int = 20) -> list[Removed]:
        """What can be taken back, newest first."""
        return self._trash.listing(most)

    def _check_open(self) -> None:
        if reason := self.why_not():
            raise ArchiveError(reason)

    def _placed(self, name: str, data: bytes) -> Added:
        try:
            content = readers.read(data, name)
        except UnreadableFile as error:
            raise ArchiveError(f"Không nhận tệp “{name}”: {error}.") from error
        except UserError:
            raise
        except Exception as error:  # a reader's library met what it did not foresee
            raise ArchiveError(
                f"Không nhận tệp “{name}”: tệp hỏng, không đọc được ({type(error).__name__})."
            ) from error
        if not content.articles:
            why = content.failures[0].reason if content.failures else "không có bài viết nào"
            raise ArchiveError(f"Không nhận tệp “{name}”: {why}.")
        try:
            placed = place_new(self._folder(), name, data)
        except OSError as error:
            raise ArchiveError(
                f"Không ghi được vào thư mục “{self.archive}” ({error.strerror or error})."
            ) from error
        path = placed.relative_to(self.archive).as_posix()
        return Added(path, content.articles, [_moved(f, name, path) for f in content.failures])

    def _folder(self) -> Path:
        folder = self.archive / ADDED
        if folder.is_symlink():
            raise ArchiveError(f"Thư mục “{ADDED}” là một liên kết, nên không ghi vào đó.")
        return folder

    def _file(self, path: str) -> Path:
        """The file at ``path``, a regular file inside the archive without any link on the way."""
        file = self.archive / path
        steps = [file, *file.parents[: len(Path(path).parts) - 1]]
        outside = Path(path).is_absolute() or ".." in Path(path).parts
        if outside or any(step.is_symlink() for step in steps):
            raise ArchiveError(
                f"“{path}” là liên kết hoặc nằm ngoài thư mục của kho, nên không sửa hay xóa ở đây."
            )
        if not file.is_file():
            raise ArchiveError(f"Tệp “{path}” không còn trong kho. Hãy cập nhật chỉ mục.")
        if (file.parent / FOLDER).is_symlink():
            raise ArchiveError(f"Thư mục “{FOLDER}” cạnh “{path}” là một liên kết.")
        return file

    def _locate(self, id: str) -> tuple[str, str]:
        """The path of the file an article is in, and the rest of its id. Raises ArchiveError."""
        ends = [len(id), *(m.start() for m in re.finditer(r"#|!/", id))]
        for end in sorted(set(ends), reverse=True):
            path = id[:end]
            if path and len(path.encode()) < _MAX_PATH and (self.archive / path).is_file():
                self._file(path)
                return path, id[end:]
        raise ArchiveError(f"Không có bài “{id[:200]}” trong kho. Hãy cập nhật chỉ mục.")

    def _as_filed(self, path: str, id: str) -> Article:
        """The article as its file says, without corrections."""
        try:
            found = readers.read(read_bytes(self.archive / path), path).articles
        except (UserError, OSError) as error:
            raise ArchiveError(f"Không đọc được tệp “{path}”: {error}.") from error
        own = next((a for a in found if a.id == id), None)
        if own is None:
            raise ArchiveError(f"Bài “{id}” không còn trong tệp của nó. Hãy cập nhật chỉ mục.")
        return own


def _merged(
    before: Edit, own: Article, title: str | None, date: str | None, source: str | None
) -> Edit:
    """The correction with what is new in it; what the file says itself needs none."""
    edit = replace(before, of=fingerprint(own))
    if title is not None:
        new = _line(title, "Nhan đề")
        if not new and own.title:
            raise ArchiveError("Nhan đề không được để trống.")
        edit = replace(edit, title=None if new == own.title else new)
    if source is not None:
        new = _line(source, "Nguồn")
        edit = replace(edit, source=None if new == own.source else new)
    if date is not None:
        day = _day(date)
        edit = replace(edit, date=None if day == own.date else (day.isoformat() if day else ""))
    return edit


def _day(text: str) -> dt.date | None:
    if not text.strip():
        return None
    found = parse_date(text.strip())
    if found is None:
        raise ArchiveError(f"“{text[:40]}” không phải một ngày, ví dụ 05/01/2023 hoặc 2023-01-05.")
    return found[0]


def _line(text: str, what: str) -> str:
    line = " ".join(text.replace("\0", "").split())
    if len(line) > MAX_CHARS:
        raise ArchiveError(f"{what} dài hơn {MAX_CHARS} ký tự.")
    return line


def _moved(failure: Failure, name: str, path: str) -> Failure:
    return Failure(path + failure.path.removeprefix(name), failure.reason)


__all__ = ["ADDED", "MAX_PASTED", "MAX_UPLOAD", "Added", "Desk", "Removed"]
