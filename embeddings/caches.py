"""The two caches on disk, FAISS and tantivy: reading them, and bringing them up to the change log.

FAISS: ``vectors-GENERATION-ENCODER-CRC.faiss``. What a file is and whether it is whole stands in its
name, so that no side file can disagree with it. It is written again when the log since has grown
long; until then readers replay that little. tantivy: ``terms-N``; a new folder when it starts anew,
so that a reader of the old one is not disturbed.
"""

import contextlib
import re
import shutil
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from corpus.progress import Progress, Step, silent
from embeddings import vectors, versions
from embeddings.encoder import Vectors
from embeddings.milvus import Address, MilvusIndex
from embeddings.processes import Processes
from embeddings.store import Reader, Store
from embeddings.store.values import chunks
from embeddings.terms import DamagedTerms, Document, TermIndex, document
from embeddings.vectors import LocalIndex, VectorIndex

_REPLAYED = 2_000  # changes that are quicker to replay at each start than to write down
_REPLAYED_SHARE = 0.02
_SENT = 900  # passages to a batch that is sent to Milvus
_READ = 300  # passages read for the term index at a time
_WORTH_IT = 3_000  # passages; fewer are read before a process has started
_SAMPLE = 2_000  # passages that tell where the vectors' centre is
_MOST_REMOVED = 0.3  # share of removed passages in tantivy from which it is written anew
_VECTORS = re.compile(r"vectors-(\d+)-([^-]+)-([0-9a-f]{8})\.faiss")


def write_caches(
    version: Path, store: Store, progress: Progress = silent, processes: Processes | None = None,
    *, anew: bool = False,
) -> None:  # fmt: skip
    """Bring both caches up to the log and forget what both have applied. For the one writer.

    ``processes`` help where there is much to do. ``anew``: whatever the caches hold now. Raises OSError
    when the disk is full.
    """
    terms = write_terms(version, store, progress, processes, anew=anew)
    vectors = _write_vectors(version, store, progress, anew)
    store.compact(min(terms, vectors))


def write_terms(
    version: Path, store: Store, progress: Progress = silent, processes: Processes | None = None,
    *, anew: bool = False,
) -> int:  # fmt: skip
    """Bring tantivy up to the log; the generation it has applied then."""
    target = store.generation
    index = None if anew else open_terms(version)
    if index and (not _can_follow(index.generation, store) or _is_worn(index)):
        index = None
    if index and index.generation < target:
        changed = store.changed(index.generation, target)
        added = _documents(store, changed, progress, processes)
        index.apply(changed, added, target)
    if index is None or len(index) != store.passage_count():
        index = _new_terms(version, store, target, progress, processes)
    for folder in _terms_folders(version):
        if folder != index.folder:
            shutil.rmtree(folder, ignore_errors=True)
    return target


def _new_terms(
    version: Path, store: Store, target: int, progress: Progress, processes: Processes | None
) -> TermIndex:
    number = max((int(f.name[6:]) for f in _terms_folders(version)), default=0) + 1
    try:
        return fill_terms(
            TermIndex(version / f"terms-{number}"), store, target, progress, processes
        )
    except DamagedTerms as error:  # fresh, so it is the disk that is full
        raise OSError(f"terms-{number}: {error.__cause__}") from error


def fill_terms(
    index: TermIndex, store: Reader, target: int, progress: Progress = silent,
    processes: Processes | None = None,
) -> TermIndex:  # fmt: skip
    """Every passage into an empty term index."""
    ids = store.passage_ids().tolist()
    index.apply([], _documents(store, ids, progress, processes), target)
    return index


def open_terms(version: Path) -> TermIndex | None:
    """The newest term index that is whole, or none."""
    for folder in reversed(_terms_folders(version)):
        with contextlib.suppress(DamagedTerms, OSError):
            index = TermIndex(folder)
            if index.generation:
                return index
    return None


def load_vectors(version: Path, store: Reader) -> tuple[LocalIndex | MilvusIndex, int]:
    """The index in Milvus where the store says so, else the FAISS index on disk; and the generation it has; an empty one of generation 0 when there is none.

    One that is damaged, of another encoder or ahead of the log is passed over.
    """
    shared = _shared(version, store)
    if shared is not None:
        return shared, shared.generation
    return _load_local(version, store)


def _load_local(version: Path, store: Reader) -> tuple[LocalIndex, int]:
    for file, generation in vector_files(version, store):
        if _can_follow(generation, store) and is_whole(file):
            with contextlib.suppress(ValueError):
                return vectors.load(file, _dimension(store)), generation
    return empty_vectors(store), 0


def _shared(version: Path, store: Reader) -> MilvusIndex | None:
    place = store.meta("vectors")
    if not place:
        return None
    address = Address.of(place)
    return MilvusIndex(address, address.named(version), _dimension(store), _encoder(store))


def empty_vectors(store: Reader) -> LocalIndex:
    """A dense index without a vector, of the kind for as many as the store has."""
    return vectors.empty(_dimension(store), store.passage_count(), _sample(store))


def _sample(store: Reader) -> Vectors:
    """``(n, dimension)`` of some passages, the same ones for the same archive."""
    found = [chunk for _, chunk in store.vectors(store.sample_ids(_SAMPLE))]
    return np.concatenate(found) if found else np.zeros((0, _dimension(store)), np.float32)


def catch_up(index: VectorIndex, store: Reader, after: int, until: int) -> None:
    """Replay the log on vectors that are at generation ``after``."""
    changed = store.changed(after, until) if after else store.passage_ids().tolist()
    index.remove(np.array(changed, np.int64))
    for ids, found in store.vectors(changed):
        index.add(ids, found)


def _write_vectors(version: Path, store: Store, progress: Progress, anew: bool) -> int:
    target = store.generation
    shared = _shared(version, store)
    if shared is not None:
        try:
            _write_shared(shared, store, target, progress, anew)
        finally:
            shared.close()
        _remove_vectors(version)
        return target
    found = [(f, g) for f, g in vector_files(version, store) if _can_follow(g, store)]
    if found and not anew and is_whole(found[0][0]):
        file, generation = found[0]
        behind = len(store.changed(generation, target))
        if behind <= max(_REPLAYED, _REPLAYED_SHARE * store.passage_count()):
            _remove_vectors(version, keep=file)
            return generation
    progress(Step("Ghi chỉ mục vectơ", 0, 1))
    index, generation = (empty_vectors(store), 0) if anew else _load_local(version, store)
    if generation and not index.fits(store.passage_count(), _sample(store)):
        index, generation = empty_vectors(store), 0
    catch_up(index, store, generation, target)
    _remove_vectors(version, keep=_save(version, store, index, target))
    progress(Step("Ghi chỉ mục vectơ", 1, 1))
    return target


def _write_shared(
    index: MilvusIndex, store: Store, target: int, progress: Progress, anew: bool
) -> None:
    """Bring a collection up to the log, in batches that may be done again."""
    after, filled = index.generation, index.filled
    if anew or not (filled or (after and _can_follow(after, store))):
        index.begin()
        after = filled = 0
    changed = store.changed(after, target) if after else store.passage_ids().tolist()
    changed = [id for id in changed if id > filled]
    for done in range(0, len(changed), _SENT):
        progress(Step("Gửi vectơ tới Milvus", done, len(changed), "đoạn"))
        some = changed[done : done + _SENT]
        facts = store.facts(some)
        index.remove(np.array([id for id in some if id not in facts], np.int64))
        for ids, found in store.vectors(id for id in some if id in facts):
            index.add(ids, found, [facts[id] for id in ids.tolist()])
        if not after:
            index.note(0, filled=some[-1])
    if not after and len(index) != store.passage_count():  # removed while it was filled
        index.remove(np.setdiff1d(index.ids(), store.passage_ids()))
    index.note(target)


def drop_others(version: Path) -> None:
    """Remove what Milvus holds of other versions than the one in service."""
    store = Reader(versions.store_in(version))
    try:
        if (shared := _shared(version, store)) is not None:
            shared.drop_others()
            shared.close()
    finally:
        store.close()


def _save(version: Path, store: Store, index: LocalIndex, generation: int) -> Path:
    """To a side file first: a reader never sees half an index."""
    partial = version / "vectors.partial"
    index.save(partial)
    file = version / f"vectors-{generation}-{_encoder(store)}-{_crc(partial):08x}.faiss"
    return partial.replace(file)


def vector_files(version: Path, store: Reader) -> list[tuple[Path, int]]:
    """FAISS files of the store's encoder with their generations, newest first."""
    matches = [(f, _VECTORS.fullmatch(f.name)) for f in version.glob("vectors-*")]
    found = [(f, int(m[1])) for f, m in matches if m and m[2] == _encoder(store)]
    return sorted(found, key=lambda pair: -pair[1])


def is_whole(file: Path) -> bool:
    """Whether a FAISS file is, byte for byte, what was written."""
    match = _VECTORS.fullmatch(file.name)
    try:
        return bool(match and _crc(file) == int(match[3], 16))
    except OSError:
        return False


def _remove_vectors(version: Path, keep: Path | None = None) -> None:
    for other in version.glob("vectors*"):
        if other != keep:
            other.unlink(missing_ok=True)


def _can_follow(generation: int, store: Reader) -> bool:
    """Whether the log leads from ``generation`` to now: neither ahead of it nor before its beginning."""
    return 0 < generation <= store.generation and generation >= store.compacted


def _is_worn(index: TermIndex) -> bool:
    return index.removed > max(_REPLAYED, _MOST_REMOVED * len(index))


def _terms_folders(version: Path) -> list[Path]:
    found = [f for f in version.glob("terms-*") if f.name[6:].isdigit()]
    return sorted(found, key=lambda f: int(f.name[6:]))


def _dimension(store: Reader) -> int:
    return int(store.meta("dimension") or 1)


def _encoder(store: Reader) -> str:
    return (store.meta("encoder") or "")[-16:].replace("-", "_")


def _crc(file: Path) -> int:
    crc = 0
    with file.open("rb") as stream:
        while block := stream.read(1 << 22):
            crc = zlib.crc32(block, crc)
    return crc


def _documents(
    store: Reader, ids: list[int], progress: Progress, processes: Processes | None
) -> Iterator[Document]:
    """Those of ``ids`` that are still there, as the term index takes them."""
    tasks = chunks(ids, _READ)
    if processes and len(ids) >= _WORTH_IT:
        made = processes.in_order(partial(_read_elsewhere, store.file), tasks)
    else:
        made = ((some, None) for some in tasks)
    done = 0
    for some, found in made:
        progress(Step("Ghi chỉ mục từ ngữ", done, len(ids), "đoạn"))
        yield from _read_documents(store, some) if found is None else found
        done += len(some)
    progress(Step("Ghi chỉ mục từ ngữ", done, len(ids), "đoạn"))


def _read_documents(store: Reader, ids: list[int]) -> list[Document]:
    facts = store.facts(ids)
    # Date and source are of one look, the text of another.
    return [document(*row, *facts[row[0]]) for row in store.texts(ids) if row[0] in facts]


_opened: dict[Path, Reader] = {}  # of a process that reads for the writer of one build


def _read_elsewhere(file: Path, ids: list[int]) -> list[Document]:
    if file not in _opened:
        _opened[file] = Reader(file)
    return _read_documents(_opened[file], ids)
