"""``hoibao map``: what the store holds, drawn into one HTML file."""

from contextlib import closing
from dataclasses import dataclass
from errno import EACCES, ENOSPC, EROFS
from hashlib import blake2b
from heapq import nsmallest
from pathlib import Path

import numpy as np

from assistant.atlas import Atlas, By, make_atlas
from assistant.page.render_atlas import atlas_page
from assistant.service import Assistant
from assistant.wording import number_text
from corpus.archive import SAMPLE_ARCHIVE
from corpus.errors import UserError
from embeddings.encoder import Vectors
from embeddings.store import Counts, Outline, Reader

MOST = 5_000  # points: more are a stain, and a file that a browser is slow to draw


@dataclass(frozen=True, slots=True)
class Drawn:
    """Where the map is, how many articles the index has and how many of them were drawn."""

    out: Path
    articles: int
    drawn: int


def free_place(out: str, archive: Path) -> Path:
    """``out`` as an absolute path. Raises UserError for one that cannot be written, or in the archive."""
    file = Path(out).expanduser().absolute()
    try:
        if file.is_dir():
            raise _unwritable(file, "đó là một thư mục")
        if not file.parent.is_dir():
            raise _unwritable(file, f"không có thư mục “{file.parent}”")
        if file.resolve().is_relative_to(archive.resolve()):
            raise _unwritable(file, "chỗ ấy thuộc kho bài viết, lần dựng sau sẽ đọc nó như một bài")
    except OSError as error:
        raise _unwritable(file, _reason(error)) from error
    return file


def draw(assistant: Assistant, by: By, out: Path, most: int = MOST) -> Drawn:
    """Write the map of the index in service; at most ``most`` articles. Raises UserError, IndexError_."""
    page, counts, drawn = _page(assistant, by, most)
    try:
        # A folder's name may hold bytes that are no UTF-8.
        out.write_text(page, encoding="utf-8", errors="replace")
    except OSError as error:
        raise _unwritable(out, _reason(error)) from error
    return Drawn(out, counts.articles, drawn)


def map_page(assistant: Assistant, by: By, most: int = MOST) -> str:
    """The map of the index in service as an HTML page. Raises UserError, IndexError_."""
    return _page(assistant, by, most)[0]


def _page(assistant: Assistant, by: By, most: int) -> tuple[str, Counts, int]:
    """The page, what the archive holds, and how many articles are drawn of it."""
    with closing(assistant.store()) as store:
        counts = store.counts()
        atlas = read_atlas(store, most)
    name = _name(assistant.settings.archive)
    return atlas_page(atlas, by, name, counts), counts, len(atlas.outlines)


def read_atlas(store: Reader, most: int = MOST) -> Atlas:
    """The atlas of a store: of all its articles, or of ``most`` with the smallest hashes of their ids.

    So the same archive is drawn the same, whatever its history, and no source lies on top of the others.
    """
    ids = nsmallest(most, store.article_ids(), key=_hash)
    outlines: list[Outline] = []
    vectors: list[Vectors] = []
    for some, means in store.mean_vectors(ids):
        outlines += some
        vectors.append(means)
    return make_atlas(
        outlines, np.concatenate(vectors) if vectors else np.zeros((0, 1), np.float32)
    )


def map_text(drawn: Drawn) -> str:
    """What was done, to read."""
    if not drawn.articles:
        return f"Kho chưa có bài nào, nên “{drawn.out}” chưa có gì để xem. Hãy chép bài vào kho rồi chạy: hoibao build"
    count = number_text(drawn.drawn)
    if drawn.drawn < drawn.articles:
        count += f" trong {number_text(drawn.articles)}"
    return f"Đã vẽ {count} bài vào “{drawn.out}”. Hãy mở tệp ấy bằng trình duyệt."


def _name(archive: Path) -> str:
    return "kho bài mẫu" if archive == SAMPLE_ARCHIVE else f"kho “{archive.name or archive}”"


def _hash(id: str) -> bytes:
    return blake2b(id.encode(), digest_size=16).digest()


def _reason(error: OSError) -> str:
    known = {EACCES: "không có quyền ghi", EROFS: "ổ đĩa chỉ đọc", ENOSPC: "ổ đĩa đã đầy"}
    return known.get(error.errno or 0, error.strerror or str(error))


def _unwritable(file: Path, reason: str) -> UserError:
    return UserError(f"Không ghi được bản đồ vào “{file}”: {reason}. Hãy chọn chỗ khác bằng --out.")
