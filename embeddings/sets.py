"""Question sets to measure retrieval on: BEIR folders, and news questions over whole articles."""

import hashlib
import json
import lzma
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus.text import fold

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Query:
    """A question as asked; ``history`` holds earlier ones, oldest first."""

    text: str
    kind: str = ""
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """What is to be found."""

    id: str
    title: str
    text: str

    @property
    def joined(self) -> str:
        """Title and text in one, as BEIR reads them."""
        return f"{self.title}\n{self.text}".strip()


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """Queries, documents, and for each query the row numbers of its relevant documents.

    ``digest`` is that of the files read, so that a report says what it was measured on.
    """

    name: str
    queries: list[Query]
    documents: list[Document]
    relevant: list[frozenset[int]]
    digest: str = ""


def read_rows(path: Path) -> Iterator[Row]:
    """Objects of a JSONL file, ``.xz`` or plain; nothing where the file does not exist."""
    if not path.exists():
        return
    with path.open("rb") as raw, lzma.open(raw) if path.suffix == ".xz" else raw as lines:
        for line in lines:
            yield json.loads(line)


def read_set(folder: Path, split: str | None = None) -> RetrievalSet:
    """A BEIR folder (``corpus.jsonl``), or one of news questions (``articles.jsonl``).

    Raises FileNotFoundError when it is neither.
    """
    if (folder / "corpus.jsonl").is_file():
        return _read_beir(folder)
    if (folder / "articles.jsonl").is_file():
        return _read_news(folder, split)
    raise FileNotFoundError(folder)


def retyped(asked: RetrievalSet, name: str, how: Callable[[str], str]) -> RetrievalSet:
    """The same set, each query typed in another way, which the set is named by."""
    queries = [
        replace(q, text=how(q.text), history=tuple(map(how, q.history))) for q in asked.queries
    ]
    return replace(asked, name=f"{asked.name}, {name}", queries=queries)


def without_marks(asked: RetrievalSet) -> RetrievalSet:
    """The same set, its queries typed without diacritics."""
    return retyped(asked, "no diacritics", fold)


def _read_beir(folder: Path) -> RetrievalSet:
    rows = list(read_rows(folder / "corpus.jsonl"))
    place = {row["_id"]: i for i, row in enumerate(rows)}
    relevant: dict[str, set[int]] = {}
    judgements = folder / "qrels" / "test.tsv"
    for line in judgements.read_text(encoding="utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        if int(grade) > 0:
            relevant.setdefault(query, set()).add(place[document])
    asked = [row for row in read_rows(folder / "queries.jsonl") if row["_id"] in relevant]
    return RetrievalSet(
        folder.name,
        [Query(row["text"]) for row in asked],
        [Document(row["_id"], row.get("title", ""), row["text"]) for row in rows],
        [frozenset(relevant[row["_id"]]) for row in asked],
        _digest(folder / "corpus.jsonl", folder / "queries.jsonl", judgements),
    )


def _read_news(folder: Path, split: str | None) -> RetrievalSet:
    """Answerable questions over whole articles; ``also`` names others that state the same answer."""
    articles = list(read_rows(folder / "articles.jsonl"))
    place = {row["id"]: i for i, row in enumerate(articles)}
    asked = [
        row
        for row in read_rows(folder / "questions.jsonl")
        if row["answerable"] and (split is None or row["split"] == split)
    ]
    return RetrievalSet(
        folder.name,
        [Query(row["question"], row["type"], tuple(row.get("history") or ())) for row in asked],
        [
            Document(row["id"], row["title"], f"{row['abstract']}\n{row['body']}".strip())
            for row in articles
        ],
        [frozenset(place[a] for a in (row["article"], *row.get("also", []))) for row in asked],
        _digest(folder / "articles.jsonl", folder / "questions.jsonl"),
    )


def _digest(*files: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
