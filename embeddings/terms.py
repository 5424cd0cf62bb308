"""Full text with tantivy: BM25 over syllables and bigrams, marked and folded channels.

The only file that imports tantivy. Text is tokenised here (corpus.text) and handed over joined by
spaces. The generation it has applied is a document of the index itself, so the two cannot part.
"""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

import tantivy

from corpus.text import syllables, terms

_MARKER = -1  # id of the document that carries the generation; passages count from 1
_HEAP_BYTES = 64_000_000


class Channel(StrEnum):
    """Which form of the syllables is matched."""

    MARKED = "marked"
    FOLDED = "folded"


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=True, indexed=True, fast=True)
    builder.add_integer_field("generation", stored=True)
    for channel in Channel:
        builder.add_text_field(channel.value, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


class TermIndex:
    """BM25 (k1 1.2, b 0.75, tantivy's) over the passages' terms."""

    def __init__(self, folder: Path) -> None:
        """Open the index in ``folder`` or begin an empty one. Raises ValueError when damaged."""
        folder.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        try:
            self._index = tantivy.Index(self._schema, path=str(folder), reuse=True)
        except ValueError as error:
            raise ValueError(f"damaged: {folder.name}") from error
        self._searcher = self._index.searcher()

    def __len__(self) -> int:
        return int(self._searcher.num_docs) - (self.generation > 0)

    @property
    def generation(self) -> int:
        """The generation of the store that was applied last; 0 for a new index."""
        marker = tantivy.Query.term_query(self._schema, "id", _MARKER)
        hits = self._searcher.search(marker, 1).hits
        return int(self._searcher.doc(hits[0][1])["generation"][0]) if hits else 0

    def reload(self) -> None:
        """Take what a writer has committed since."""
        self._index.reload()
        self._searcher = self._index.searcher()

    def apply(
        self, removed: Iterable[int], added: Iterable[tuple[int, str, str]], generation: int
    ) -> None:
        """Remove ids, add ``(id, title, text)`` and record ``generation``, in one commit.

        Raises ValueError while another process writes.
        """
        writer = self._index.writer(_HEAP_BYTES)
        for id in removed:
            writer.delete_documents_by_term("id", id)
        for id, title, text in added:
            writer.add_document(_document(id, title, text))
        writer.delete_documents_by_term("id", _MARKER)
        writer.add_document(tantivy.Document(id=_MARKER, generation=generation))
        writer.commit()
        writer.wait_merging_threads()
        self.reload()

    def search(
        self, query_terms: list[str], channel: Channel, k: int, among: list[int] | None = None
    ) -> dict[int, float]:
        """BM25 scores by id of the ``k`` best, or of exactly those ``among`` that match at all."""
        query = self._query(query_terms, channel)
        if query is None:
            return {}
        if among is not None:
            members = tantivy.Query.term_set_query(self._schema, "id", among)
            silent = tantivy.Query.boost_query(members, 0.0)
            both = [(tantivy.Occur.Must, silent), (tantivy.Occur.Must, query)]
            query, k = tantivy.Query.boolean_query(both), len(among)
        hits = self._searcher.search(query, max(1, k), count=False).hits
        ids = self._searcher.fast_field_values("id", [address for _, address in hits])
        return {int(id or 0): float(score) for id, (score, _) in zip(ids, hits, strict=True)}

    def document_frequency(self, term: str, channel: Channel) -> int:
        """Number of passages that hold ``term``."""
        return int(self._searcher.doc_freq(channel.value, term))

    def _query(self, query_terms: list[str], channel: Channel) -> tantivy.Query | None:
        parts = []
        for term, count in Counter(query_terms).items():
            if not self.document_frequency(term, channel):
                continue
            query = tantivy.Query.term_query(self._schema, channel.value, term, "freq")
            weighted = tantivy.Query.boost_query(query, float(count)) if count > 1 else query
            parts.append((tantivy.Occur.Should, weighted))
        return tantivy.Query.boolean_query(parts) if parts else None


def _document(id: int, title: str, text: str) -> tantivy.Document:
    document = tantivy.Document()
    document.add_integer("id", id)
    parts = [syllables(title), syllables(text)]
    for channel in Channel:
        # Title and text apart: the last word of the one and the first of the other are no bigram.
        words = [t for part in parts for t in terms([getattr(s, channel.value) for s in part])]
        document.add_text(channel.value, " ".join(words))
    return document
