"""The store: SQLite, the truth of the index. Articles, passages, vectors, groups, and a change log.

    schema   the tables, and opening the file
    values   what is read out of it
    reader   Reader: every question that may be put to it
    writer   Store: Reader and what the one writer may change
    groups   articles that tell the same story, kept in step with every change

Every batch of changes is one transaction that raises the generation by one and logs the passage
ids it touched. FAISS and tantivy replay that log; nothing else tells them what changed. Passage
ids count up and are never used again. Readers hold no lock (WAL).
"""

from embeddings.store.reader import Reader
from embeddings.store.schema import FORMAT, Damaged, WrongFormat
from embeddings.store.values import Counts, FileState, Outline, StoredPassage, Twin
from embeddings.store.writer import Store, content_digest, digest

__all__ = [
    "Store",
    "Reader",
    "StoredPassage",
    "FileState",
    "Twin",
    "Outline",
    "Counts",
    "Damaged",
    "WrongFormat",
    "FORMAT",
    "digest",
    "content_digest",
]
