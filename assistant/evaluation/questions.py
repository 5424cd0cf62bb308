"""Questions with known answers, and the archive they are asked of.

A folder with ``articles.jsonl`` (``id, title, abstract, body``) and ``questions.jsonl`` (``question, type,
article, answers, sentence, answerable, also?, history?, split?``), or a BEIR folder whose queries have
``answers``.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.article import Article
from embeddings.build import build
from embeddings.encoder import Encoder
from embeddings.index import Index
from embeddings.sets import Document, RetrievalSet, Row, read_rows, read_set

_FILE = "articles.jsonl"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what answers it; ``articles`` are ids of all that state the same answer, ``about``
    the one it was written for, answerable or not."""

    text: str
    kind: str
    history: tuple[str, ...]
    articles: frozenset[str]
    answers: tuple[str, ...]
    sentence: str
    answerable: bool
    split: str = ""
    about: str = ""


def read_questions(folder: Path, split: str | None = None) -> tuple[list[Asked], list[Document]]:
    """Questions and archive of a folder. Raises FileNotFoundError when it is neither kind."""
    if (folder / "questions.jsonl").is_file():
        documents = [
            Document(r["id"], r["title"], f"{r.get('abstract', '')}\n{r['body']}".strip())
            for r in read_rows(folder / "articles.jsonl")
        ]
        rows = read_rows(folder / "questions.jsonl")
        return [_asked(r) for r in rows if split is None or r.get("split") == split], documents
    judged = read_set(folder)
    return list(_of_beir(folder, judged)), judged.documents


def _asked(row: Row) -> Asked:
    articles = [row["article"], *row.get("also", [])] if row["answerable"] else []
    return Asked(
        row["question"], row["type"], tuple(row.get("history") or ()), frozenset(articles),
        tuple(row.get("answers") or ()), row.get("sentence") or "", row["answerable"],
        row.get("split", ""), row["article"] or "",
    )  # fmt: skip


def _of_beir(folder: Path, judged: RetrievalSet) -> Iterator[Asked]:
    answers = {r["text"]: r.get("answers") or [] for r in read_rows(folder / "queries.jsonl")}
    for query, relevant in zip(judged.queries, judged.relevant, strict=True):
        ids = frozenset(judged.documents[d].id for d in relevant)
        yield Asked(query.text, "", (), ids, tuple(answers[query.text]), "", True, about=min(ids))


@contextmanager
def archive_of(documents: Iterable[Document], encoder: Encoder) -> Iterator[Index]:
    """The documents as an index of their own; their articles have the ids of ``document_id``."""
    with TemporaryDirectory(prefix="hoibao-eval-") as folder:
        archive = Path(folder) / "archive"
        archive.mkdir()
        with (archive / _FILE).open("w", encoding="utf-8") as file:
            for document in documents:
                row = {"id": document.id, "title": document.title, "body": document.text}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        build(archive, Path(folder) / "index", encoder)
        index = Index(Path(folder) / "index", encoder)
        try:
            yield index
        finally:
            index.close()


def document_id(article: Article) -> str:
    """The document behind an article of ``archive_of``."""
    return article.id.partition("#")[2]


def is_right(asked: Asked, article: Article, quote: str) -> bool:
    """Whether ``quote`` stands in a right article and states the answer."""
    if document_id(article) not in asked.articles:
        return False
    said = plain(quote)
    if asked.sentence and asked.answers and plain(asked.answers[0]) in said:
        return True
    if not asked.sentence:
        return any(plain(a) in said for a in asked.answers if a)
    gold = plain(asked.sentence)
    return gold in said or (said in gold and len(said) > len(gold) / 2)


def plain(text: str) -> str:
    """Small letters, NFC, white space folded, no closing punctuation."""
    folded = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip().lower()
    return folded.strip(' .,;:!?"“”')
