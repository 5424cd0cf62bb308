"""The checks of verify, one function each: store against itself, caches against the store."""

import datetime as dt
import zlib

import numpy as np

from corpus.article import PassageKind
from corpus.progress import Progress, Step
from embeddings import caches
from embeddings.bm25 import term_count
from embeddings.builder import embedded_text, passage_key
from embeddings.duplicates import components, signature
from embeddings.findings import Findings
from embeddings.store import Reader, content_digest, digest, packed
from embeddings.store.groups import read_groups, read_signatures
from embeddings.store.values import ARTICLE, to_article

_UNIT = 1e-2  # packing rounds a unit vector by less


def facts(store: Reader, found: Findings, _: Progress) -> None:
    """Counts, encoder and change log."""
    check = found.begin("Thông tin chung và nhật ký thay đổi")
    newest = store.query("SELECT max(generation) FROM changes")[0][0] or 0
    if newest > store.generation:
        check.wrong(f"nhật ký có lần ghi {newest}, sau lần cuối {store.generation}")
    if store.compacted > store.generation:
        check.wrong(f"nhật ký đã gọn tới lần {store.compacted}, sau lần cuối {store.generation}")
    if not int(store.meta("dimension") or 0) > 0 or not store.meta("encoder"):
        check.wrong("không rõ mô hình nhúng")
    if built_at := store.meta("built_at"):
        dt.datetime.fromisoformat(built_at)
    found.store |= not check.ok
    total = store.query("SELECT coalesce(sum(length), 0) FROM passages")[0][0]
    if total != store.terms:
        found.lengths = True
        check.wrong(f"tổng số từ ngữ ghi là {store.terms}, đếm được {total}")
    if store.meta("unfinished"):
        check.note = "lần dựng gần nhất chưa xong; hoibao build sẽ làm tiếp"


def articles(store: Reader, found: Findings, progress: Progress) -> None:
    """Every article against its hash."""
    check = found.begin("Bài viết")
    total = store.query("SELECT count(*) FROM articles")[0][0]
    sql = f"SELECT {ARTICLE}, a.digest, a.content FROM articles a ORDER BY a.number"
    for done, row in enumerate(store.stream(sql)):
        if done % 1_000 == 0:
            progress(Step("Kiểm tra bài viết", done, total, "bài"))
        try:
            article = to_article(row[:10])
            sound = (digest(article), content_digest(article)) == row[10:]
        except (ValueError, TypeError):
            sound = False
        if not sound or not 0 <= article.body_end <= len(article.text):
            found.articles.add(str(row[0]))
            check.wrong(f"{row[0]}: nội dung không khớp mã kiểm tra")


def passages(store: Reader, found: Findings, progress: Progress) -> None:
    """Every passage against the text it was cut from, and what was embedded of it."""
    check = found.begin("Đoạn văn và vị trí trích dẫn")
    total = store.passage_count()
    encoder = store.meta("encoder") or ""
    sql = (
        f'SELECT p.start, p."end", p.kind, p.key, p.length, {ARTICLE} FROM passages p '
        "JOIN articles a ON a.number = p.article ORDER BY p.id"
    )
    for done, (start, end, kind, key, length, *row) in enumerate(store.stream(sql)):
        if done % 1_000 == 0:
            progress(Step("Kiểm tra đoạn văn", done, total, "đoạn"))
        if row[0] in found.articles:
            continue
        article = to_article(tuple(row))
        text = article.text[start:end]
        sound = 0 <= start < end <= len(article.text) and kind in set(PassageKind)
        if not sound or passage_key(encoder, embedded_text(article, text)) != key:
            found.articles.add(article.id)
            check.wrong(f"{article.id}, ký tự {start}-{end}: không phải đoạn đã nhúng")
        elif term_count(article.title, text) != length:
            found.articles.add(article.id)
            check.wrong(f"{article.id}, ký tự {start}-{end}: độ dài ghi sai")
    lost = store.query(
        "SELECT a.id, a.passages, count(p.id) FROM articles a LEFT JOIN passages p "
        "ON p.article = a.number GROUP BY a.number HAVING count(p.id) != a.passages"
    )
    for id, wanted, there in lost:
        found.articles.add(id)
        check.wrong(f"{id}: có {there} đoạn, phải có {wanted}")


def vectors(store: Reader, found: Findings, _: Progress) -> None:
    """Every vector: there, whole, of unit length."""
    check = found.begin("Vectơ của các đoạn")
    size = packed.size(int(store.meta("dimension") or 0))
    missing = store.query(
        "SELECT DISTINCT p.key, a.id FROM passages p JOIN articles a ON a.number = p.article "
        "LEFT JOIN vectors v ON v.key = p.key WHERE v.key IS NULL"
    )
    for key, article in missing:
        found.vectors.add(key)
        check.wrong(f"{article}: thiếu vectơ")
    for key, blob, crc in store.stream("SELECT key, vector, crc FROM vectors"):
        if not _is_sound(blob, crc, size):
            found.vectors.add(key)
            check.wrong(f"vectơ {key.hex()}: hỏng")
    orphans = store.query(
        "SELECT count(*) FROM vectors WHERE key NOT IN (SELECT key FROM passages)"
    )
    if orphans[0][0]:
        check.note = f"{orphans[0][0]} vectơ không còn đoạn nào dùng; lần dựng tới sẽ dọn"


def _is_sound(blob: bytes, crc: int, size: int) -> bool:
    """Whole, finite, and of unit length, or zero for a text without a known token."""
    if len(blob) != size or zlib.crc32(blob) != crc:
        return False
    norm = float(np.linalg.norm(packed.unpack([blob])))
    return norm == 0.0 or abs(norm - 1) < _UNIT


def groups(store: Reader, found: Findings, progress: Progress) -> None:
    """Signatures, bands and groups against those worked out anew."""
    check = found.begin("Nhóm bài trùng")
    stored = read_signatures(store.query)
    total = store.query("SELECT count(*) FROM articles")[0][0]
    seen = set()
    sql = f"SELECT a.number, {ARTICLE} FROM articles a ORDER BY a.number"
    for done, (number, *row) in enumerate(store.stream(sql)):
        if done % 1_000 == 0:
            progress(Step("Kiểm tra bài trùng", done, total, "bài"))
        made = signature(to_article(tuple(row)))
        seen.add(number)
        kept = stored.get(number)
        if (made and made.same) != (kept and kept.same):
            check.wrong(f"{row[0]}: dấu vân văn bản không khớp")
    for number in stored.keys() - seen:
        check.wrong(f"dấu vân của bài số {number} không còn")
    bands = {n: set(b) for n, b in _bands(store).items()}
    if any(set(s.bands) != bands.get(n, set()) for n, s in stored.items()) or bands.keys() - stored:
        check.wrong("bảng tra dấu vân không khớp")
    if not check.found and sorted(read_groups(store.query)) != components(stored):
        check.wrong("các nhóm không như tính lại")
    found.groups = not check.ok


def _bands(store: Reader) -> dict[int, list[int]]:
    bands: dict[int, list[int]] = {}
    for band, article in store.stream("SELECT band, article FROM bands"):
        bands.setdefault(article, []).append(band)
    return bands


def faiss(store: Reader, found: Findings, _: Progress) -> None:
    """What dense search answers from against the store."""
    check = found.begin("Chỉ mục vectơ (FAISS)")
    version = store.file.parent
    for file, _generation in caches.vector_files(version, store):
        if not caches.is_whole(file):
            check.wrong(f"{file.name}: không khớp mã kiểm tra")
    index, generation = caches.load_vectors(version, store)
    if index.shared and generation < store.generation:
        check.note = f"Milvus ở lần ghi {generation}/{store.generation}; lần dựng tới sẽ gửi tiếp"
        return
    if generation < store.generation:
        caches.catch_up(index, store, generation, store.generation)
    ids = index.ids()
    wanted = store.passage_ids()
    if not np.array_equal(ids, wanted):
        odd = np.setxor1d(ids, wanted)
        check.wrong(f"{len(odd)} đoạn thừa hoặc thiếu, ví dụ {odd[:5].tolist()}")
    elif not found.vectors:
        kept, at = index.kept(), 0
        for chunk, stored in store.vectors(wanted.tolist()):
            if not np.array_equal(kept[at : at + len(chunk)], index.coded(stored)):
                check.wrong(f"vectơ khác với bản gốc, quanh đoạn {chunk[0]}")
            at += len(chunk)
    found.caches |= not check.ok


def tantivy(store: Reader, found: Findings, _: Progress) -> None:
    """What term search answers from against the store."""
    check = found.begin("Chỉ mục từ ngữ (tantivy)")
    version = store.file.parent
    index = caches.open_terms(version)
    if index is None:
        if store.generation and store.meta("built_at"):
            check.wrong("không mở được")
        elif store.generation:
            check.note = "chưa ghi; lần mở tới sẽ ghi"
    elif index.generation > store.generation:
        check.wrong(f"ở lần ghi {index.generation}, sau lần cuối {store.generation}")
    elif index.generation < store.generation:
        check.note = f"ở lần ghi {index.generation}/{store.generation}; lần mở tới sẽ ghi tiếp"
    if index:
        for name in index.broken_files():
            check.wrong(f"{name}: không khớp mã kiểm tra")
        if index.generation == store.generation and index.ids() != store.passage_ids().tolist():
            check.wrong("các đoạn không phải là các đoạn trong dữ liệu")
    found.caches |= not check.ok
