"""Questions → training examples for the ranker, by way of the product's own retrieval.

Each question is asked of an archive, and its candidates are weighed as they would be for a user. The
same questions, asked again with their own articles hidden, are examples of what cannot be answered.
"""

import multiprocessing
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from assistant.evaluation.questions import (
    Asked,
    archive_of,
    document_id,
    is_right,
    read_questions,
)
from assistant.evidence import Weighed, weigh
from assistant.question import Question
from assistant.respond import Asked as Put
from assistant.respond import find
from corpus.text import fold
from embeddings.encoder import Encoder
from embeddings.index import Index
from embeddings.sets import Document, read_rows

_HITS = 20
_DISTRACTORS = 4_000  # further news articles in the archive the news questions are asked of
_HIDDEN = 0.2  # of the answerable questions are asked again with their articles hidden
_FOREIGN = 300  # questions about something else altogether
_UNMARKED = 0.2  # of the questions are asked once more without diacritics
_SMALL = 150  # articles of an archive like one that somebody has just begun


@dataclass(frozen=True, slots=True)
class Example:
    """One question: its candidates weighed (not kept themselves), which are right, whether any could be."""

    question: Question
    weighed: Weighed
    right: NDArray[np.bool_]
    answerable: bool
    held_out: bool


def read_examples(data: Path, encoder: Encoder, seed: int = 1) -> list[Example]:
    """All examples of the data folder: news questions, and questions over Wikipedia and regulations."""
    rng = random.Random(seed)
    news, articles = read_questions(data / "news-qa-train")
    other, passages = read_questions(data / "uit-qa")
    examples: list[Example] = []
    with archive_of([*articles, *_distractors(data, articles)], encoder) as index:
        hidden = [a for a in news if a.answerable and rng.random() < _HIDDEN]
        examples += _examples(index, news, "news")
        examples += _examples(index, _unmarked(news, rng), "news, no diacritics")
        # As many of those without an answer are unmarked, or "unmarked" would mean "answerable".
        hidden += _unmarked(hidden, rng)
        examples += _examples(index, hidden, "news, article hidden", hide=True)
        foreign = rng.sample(other, _FOREIGN)
        foreign += _unmarked(foreign, rng)
        examples += _examples(index, foreign, "foreign questions", hide=True)
    with archive_of(passages, encoder) as index:
        examples += _examples(index, other, "regulations")
        examples += _examples(index, _unmarked(other, rng), "regulations, no diacritics")
        examples += _examples(
            index, rng.sample(news, _FOREIGN), "news asked of regulations", hide=True
        )
    small = rng.sample(articles, _SMALL)
    ids = {a.id for a in small}
    known = [a for a in news if a.articles & ids]
    strange = rng.sample([a for a in news if not a.articles & ids], 2 * _FOREIGN)
    strange += _unmarked(strange, rng)
    with archive_of(small, encoder) as index:
        examples += _examples(index, known, "small archive")
        examples += _examples(index, _unmarked(known, rng), "small archive, no diacritics")
        examples += _examples(index, strange, "small archive, strange questions", hide=True)
    return examples


def _unmarked(questions: list[Asked], rng: random.Random) -> list[Asked]:
    return [
        replace(q, text=fold(q.text), history=tuple(map(fold, q.history)))
        for q in questions
        if rng.random() < _UNMARKED
    ]


def _distractors(data: Path, articles: list[Document]) -> Iterator[Document]:
    """News that is trained on anyway; the articles of the questions are left out by title."""
    known = {a.title for a in articles}
    for number, row in enumerate(read_rows(data / "news-2017.jsonl.xz")):
        if number >= _DISTRACTORS:
            break
        if row["title"] not in known:
            yield Document(f"other:{number}", row["title"], f"{row['abstract']}\n{row['body']}")


def _examples(
    index: Index, questions: list[Asked], name: str, hide: bool = False
) -> Iterator[Example]:
    """Each question asked in one of several processes, in the order of ``questions``."""
    context = multiprocessing.get_context("spawn")
    opening = (index.folder, index.encoder)
    with context.Pool(os.cpu_count(), initializer=_open, initargs=opening) as pool:
        made = pool.imap(_ask_hidden if hide else _ask, questions, chunksize=8)
        for example in tqdm(made, desc=name, unit="question", total=len(questions), mininterval=5):
            if example:
                yield example


_opened: list[Index] = []  # of a process that asks


def _open(folder: Path, encoder: Encoder) -> None:
    threadpool_limits(1)
    faiss.omp_set_num_threads(1)
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    _opened.append(Index(folder, encoder))


def _ask_hidden(asked: Asked) -> Example | None:
    return _ask(asked, hide=True)


def _ask(asked: Asked, hide: bool = False) -> Example | None:
    index = _opened[0]
    question, hits = find(index, Put(asked.text, asked.history), _HITS)
    if hide:
        hits = [h for h in hits if document_id(h.passage.article) not in asked.articles]
    weighed = weigh(index, question, hits)
    if not weighed.candidates:
        return None
    answerable = asked.answerable and not hide
    right = [answerable and is_right(asked, c.article, c.looked.text) for c in weighed.candidates]
    weighed = replace(weighed, candidates=[])
    return Example(question, weighed, np.array(right), answerable, asked.split == "dev")
