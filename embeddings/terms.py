"""Full text with tantivy: the passages that share terms with a question, and how many hold a term.

The only file that imports tantivy. Text is tokenised here (corpus.text) and handed over joined by
spaces, in a marked and a folded channel, with the day and source a selection may ask for. The
generation that was applied stands in a file beside
the index, written after each commit: what a crash left ahead of it is applied once more, which
changes nothing. tantivy's own statistics count removed passages until their segment is merged;
exact scores are worked out in embeddings.bm25.
"""

import contextlib
import datetime as dt
import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import tantivy

from corpus.errors import IndexError_
from corpus.text import folded_forms, marked_forms, printed, terms
from embeddings.vectors import Selection

_HEAP_BYTES = 64_000_000
_APPLIED = "applied"  # "generation crc"


class Channel(StrEnum):
    """Which form of the syllables is matched."""

    MARKED = "marked"
    FOLDED = "folded"


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=True, indexed=True, fast=True)
    for channel in Channel:
        builder.add_text_field(channel.value, tokenizer_name="whitespace", index_option="freq")
    builder.add_integer_field("day", fast=True)
    builder.add_text_field("source", tokenizer_name="raw", index_option="basic")
    return builder.build()


class Document(NamedTuple):
    """A passage as it is searched by terms: those of both channels, joined by spaces, and what a selection
    asks for. ``day`` is that of publication, counted from year 1; 0 where the article has none."""

    id: int
    marked: str
    folded: str
    day: int
    source: str


def document(id: int, title: str, text: str, date: str = "", source: str = "") -> Document:
    """A passage and the title of its article, apart: the last word of the one and the first of the other
    are no bigram. ``date`` is ISO, or ""."""
    parts = printed(title), printed(text)
    marked, folded = (
        " ".join(term for part in parts for term in terms(forms(part)))
        for forms in (marked_forms, folded_forms)
    )
    day = dt.date.fromisoformat(date).toordinal() if date else 0
    return Document(id, marked, folded, day, _source_key(source))


class DamagedTerms(IndexError_):
    """A term index that tantivy cannot read."""

    def __init__(self, folder: Path | None) -> None:
        super().__init__(
            f"Chỉ mục từ ngữ “{folder}” bị hỏng. Hãy chạy hoibao repair để dựng lại nó từ kho dữ liệu "
            "của chỉ mục."
        )


class TermIndex:
    """The passages' terms."""

    def __init__(self, folder: Path | None) -> None:
        """Open the index in ``folder`` or begin an empty one; None keeps it in memory.

        Raises DamagedTerms.
        """
        self.folder = folder
        self._schema = _schema()
        self._generation = 0
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        with _whole(folder):
            if folder is None:
                self._index = tantivy.Index(self._schema)
            else:
                self._index = tantivy.Index(self._schema, path=str(folder), reuse=True)
            self.reload()

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    @property
    def generation(self) -> int:
        """The generation of the store that was surely applied; 0 for a new index."""
        return self._generation

    @property
    def removed(self) -> int:
        """Removed passages that still count in tantivy's statistics."""
        return self._stored - len(self)

    def reload(self) -> None:
        """Take what a writer has committed since."""
        self._generation = self._applied() or self._generation
        with _whole(self.folder):
            self._index.reload()
            self._searcher = self._index.searcher()
        self._stored = self._count_stored()
        self._frequencies: dict[tuple[str, Channel], int] = {}

    def apply(self, removed: Iterable[int], added: Iterable[Document], generation: int) -> None:
        """Remove ids, add passages and record ``generation``.

        Raises OSError when the disk is full or another process writes.
        """
        try:
            self._remove_unfinished()
            writer = self._index.writer(_HEAP_BYTES)
            for id in removed:
                writer.delete_documents_by_term("id", id)
            for passage in added:
                writer.add_document(_stored(passage))
            writer.commit()
            self._record(
                generation
            )  # from here on readers have it; merging segments may take seconds
            writer.wait_merging_threads()
        except ValueError as error:
            raise OSError(f"terms: {error}") from error
        self.reload()

    def _remove_unfinished(self) -> None:
        """Lists of removed documents that a killed writer left: the next one begins with the same numbers and
        may not write under a name that is there."""
        if self.folder is None:
            return
        committed = int(self._meta()["opstamp"])
        for file in self.folder.glob("*.del"):
            number = file.name.split(".")[1]
            if number.isdigit() and int(number) > committed:
                file.unlink(missing_ok=True)

    def search(
        self,
        query_terms: list[str],
        channel: Channel,
        k: int,
        among: Selection | None = None,
    ) -> dict[int, float]:
        """tantivy's BM25 (k1 1.2, b 0.75) of the ``k`` best, of those ``among`` where they are given."""
        query = self._query(query_terms, channel)
        if query is None:
            return {}
        if among is not None:
            parts = [(tantivy.Occur.Must, part) for part in (query, *self._only(among))]
            query = tantivy.Query.boolean_query(parts)
        searcher = self._searcher  # another thread may reload: addresses are this one's
        with _whole(self.folder):
            hits = searcher.search(query, max(1, k), count=False).hits
            ids = searcher.fast_field_values("id", [address for _, address in hits])
        return {int(id or 0): float(score) for id, (score, _) in zip(ids, hits, strict=True)}

    def document_frequency(self, term: str, channel: Channel) -> int:
        """Number of passages that hold ``term``; removed ones do not count."""
        known = self._frequencies.get((term, channel))
        if known is None:
            known = self._frequencies[term, channel] = self._frequency(term, channel)
        return known

    def _frequency(self, term: str, channel: Channel) -> int:
        with _whole(self.folder):
            count = int(self._searcher.doc_freq(channel.value, term))
            if count and self.removed:
                query = tantivy.Query.term_query(self._schema, channel.value, term, "freq")
                count = int(self._searcher.search(query, 1, count=True).count)
        return count

    def ids(self) -> list[int]:
        """Every id, ascending."""
        searcher = self._searcher
        with _whole(self.folder):
            hits = searcher.search(tantivy.Query.all_query(), max(1, searcher.num_docs)).hits
            ids = searcher.fast_field_values("id", [address for _, address in hits])
        return sorted(int(id or 0) for id in ids)

    def broken_files(self) -> list[str]:
        """Files whose checksum is not the one tantivy wrote at their end.

        Those in use: what a killed writer has left over, segments and lists of removed documents, is not.
        """
        if self.folder is None:
            return []
        removed = {
            _segment_id(s): f"{(s.get('deletes') or {}).get('opstamp')}.del"
            for s in self._segments()
        }
        return [
            f.name
            for f in sorted(self.folder.iterdir())
            if (id := f.name.partition(".")[0]) in removed
            and (f.suffix != ".del" or f.name == f"{id}.{removed[id]}")
            and not _checksum_holds(f)
        ]

    def _query(self, query_terms: list[str], channel: Channel) -> tantivy.Query | None:
        parts = []
        for term, count in Counter(query_terms).items():
            if not self.document_frequency(term, channel):
                continue
            query = tantivy.Query.term_query(self._schema, channel.value, term, "freq")
            weighted = tantivy.Query.boost_query(query, float(count)) if count > 1 else query
            parts.append((tantivy.Occur.Should, weighted))
        return tantivy.Query.boolean_query(parts) if parts else None

    def _only(self, among: Selection) -> Iterator[tantivy.Query]:
        """What a selection asks for, adding nothing to a score."""
        if among.first or among.last:
            days = [None if day is None else day.toordinal() for day in (among.first, among.last)]
            kind = tantivy.FieldType.Integer
            yield _silent(tantivy.Query.range_query(self._schema, "day", kind, *days))
        if among.sources:
            keys = [_source_key(source) for source in among.sources]
            yield _silent(tantivy.Query.term_set_query(self._schema, "source", keys))

    def _applied(self) -> int:
        if self.folder is None:
            return 0
        try:
            generation, crc = (self.folder / _APPLIED).read_text(encoding="ascii").split()
            whole = int(crc) == zlib.crc32(generation.encode())
            return int(generation) if whole else 0
        except (OSError, ValueError):
            return 0

    def _record(self, generation: int) -> None:
        self._generation = generation
        if self.folder is not None:
            text = f"{generation} {zlib.crc32(str(generation).encode())}"
            partial = self.folder / f"{_APPLIED}.partial"
            partial.write_text(text, encoding="ascii")
            partial.replace(self.folder / _APPLIED)

    def _count_stored(self) -> int:
        """Passages in the segments, removed ones included, as tantivy's own list of them says."""
        if self.folder is None:
            return len(self)
        return sum(int(segment["max_doc"]) for segment in self._segments())

    def _segments(self) -> list[dict[str, Any]]:
        return list(self._meta()["segments"])

    def _meta(self) -> dict[str, Any]:
        """What tantivy has committed."""
        with _whole(self.folder):
            assert self.folder is not None
            meta: dict[str, Any] = json.loads(
                (self.folder / "meta.json").read_text(encoding="utf-8")
            )
            return meta


def _segment_id(segment: dict[str, Any]) -> str:
    return str(segment["segment_id"]).replace("-", "")


@contextlib.contextmanager
def _whole(folder: Path | None) -> Iterator[None]:
    """tantivy's errors, and the panics of its Rust, as one DamagedTerms."""
    try:
        yield
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise DamagedTerms(folder) from error


def _checksum_holds(file: Path) -> bool:
    """Footer: JSON with the body's CRC-32, its length in 4 bytes, and the number 1337."""
    data = file.read_bytes()
    length = int.from_bytes(data[-8:-4], "little")
    try:
        footer = json.loads(data[-8 - length : -8])
        return bool(footer["crc"] == zlib.crc32(data[: -8 - length]))
    except (ValueError, KeyError, TypeError):
        return False


def _silent(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.boost_query(query, 0.0)


def _source_key(source: str) -> str:
    """A name of any length as a term, which has a longest."""
    return hashlib.blake2b(source.encode(), digest_size=8).hexdigest()


def _stored(passage: Document) -> tantivy.Document:
    stored = tantivy.Document()
    stored.add_integer("id", passage.id)
    stored.add_text("marked", passage.marked)
    stored.add_text("folded", passage.folded)
    if passage.day:
        stored.add_integer("day", passage.day)
    stored.add_text("source", passage.source)
    return stored
