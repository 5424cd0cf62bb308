"""Articles in: files → Article → sentences → Passage, and Vietnamese text for matching."""

from corpus.archive import Failure, FileContent, list_files, read_file
from corpus.article import Article, Passage, Sentence
from corpus.errors import ArchiveError, UserError
from corpus.passages import split_passages
from corpus.sentences import split_sentences

__all__ = [
    "ArchiveError",
    "Article",
    "Failure",
    "FileContent",
    "Passage",
    "Sentence",
    "UserError",
    "list_files",
    "read_file",
    "split_passages",
    "split_sentences",
]
