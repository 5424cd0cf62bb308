"""Questions → training examples for ranker and reader, by way of the product's own retrieval.

Each question is asked of an archive, and its candidates are weighed as they would be for a user. The
same questions, asked again with their own articles hidden, are examples of what cannot be answered.
"""

import hashlib
import multiprocessing
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from assistant.evaluation.questions import (
    Asked,
    archive_of,
    document_id,
    is_right,
    read_questions,
)
from assistant.reading.windows import Window
from assistant.reading.words import VOCABULARY, Reading, Vocabulary, ask_words, encode
from assistant.respond import Asked as Put
from assistant.respond import find_for_answer
from assistant.train.written import read_written
from assistant.weigh import gather, weigh
from corpus.text import fold
from embeddings.encoder import Encoder
from embeddings.index import Index
from embeddings.sets import Document, read_rows

_DISTRACTORS = 4_000  # further news articles in the archive the news questions are asked of
_HIDDEN = 0.2  # of the answerable questions are asked again with their articles hidden
_FOREIGN = 300  # questions about something else altogether
_UNMARKED = 0.2  # of the questions are asked once more without diacritics
_SMALL = 150  # articles of an archive like one that somebody has just begun


TRAIN, BLEND, DEV = "train", "blend", "dev"
_BLEND = (
    8  # one in so many articles trains no reader: what is fitted on its output learns from these
)


@dataclass(frozen=True, slots=True)
class Read:
    """A window as the reader gets it; ``owners`` are the candidates behind its markers (-1: none), ``answer``
    the first and last token of the answer in a right sentence (-1: none)."""

    reading: Reading
    owners: NDArray[np.int64]
    answer: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Example:
    """One question: features of its candidates, which of them are right, whether any could be."""

    rows: NDArray[np.float64]  # (candidates, len(FEATURES))
    whole: NDArray[np.float64]  # (len(WHOLE),)
    right: NDArray[np.bool_]  # (candidates,)
    reads: list[Read]
    answerable: bool
    part: str  # of the data: TRAIN, BLEND or DEV
    source: str  # which archive was asked in which way
    kind: str


def read_examples(data: Path, encoder: Encoder, seed: int = 1) -> list[Example]:
    """All examples of the data folder: questions about news, regulations and Wikipedia."""
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
    return examples + _written(data, encoder, rng)


def _written(data: Path, encoder: Encoder, rng: random.Random) -> list[Example]:
    written, texts = read_written(data)
    examples: list[Example] = []
    with archive_of([*texts, *_distractors(data, texts)], encoder) as index:
        hidden = [a for a in written if a.answerable and rng.random() < _HIDDEN]
        hidden += _unmarked(hidden, rng)
        examples += _examples(index, written, "written")
        examples += _examples(index, _unmarked(written, rng), "written, no diacritics")
        examples += _examples(index, hidden, "written, article hidden", hide=True)
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
    with _one_thread(), context.Pool(os.cpu_count(), initializer=_open, initargs=opening) as pool:
        ask = partial(_ask, name=name, hide=hide)
        made = pool.imap(ask, questions, chunksize=8)
        for example in tqdm(made, desc=name, unit="question", total=len(questions), mininterval=5):
            if example:
                yield example


@contextmanager
def _one_thread() -> Iterator[None]:
    """Processes started here leave the other cores to one another."""
    before = os.environ.copy()
    os.environ |= {
        "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false",
    }  # fmt: skip
    try:
        yield
    finally:
        os.environ.clear()
        os.environ |= before


_opened: list[tuple[Index, Vocabulary]] = []  # of a process that asks


def _open(folder: Path, encoder: Encoder) -> None:
    _opened.append((Index(folder, encoder), Vocabulary.read(VOCABULARY)))


def _ask(asked: Asked, name: str, hide: bool) -> Example | None:
    index, vocabulary = _opened[0]
    question, hits = find_for_answer(index, Put(asked.text, asked.history))
    if hide:
        hits = [h for h in hits if document_id(h.passage.article) not in asked.articles]
    found = gather(question, hits)
    if not found.candidates:
        return None
    weighed = weigh(index, question, hits, found.candidates)
    answerable = asked.answerable and not hide
    right = np.array(
        [answerable and is_right(asked, c.article, c.looked.text) for c in found.candidates]
    )
    words = ask_words(question.resolved)
    reads = []
    for window in found.windows:
        reading = encode(vocabulary, words, window.title, window.text, window.sentences)
        answer = _answer(asked, window, right, reading)
        reads.append(Read(reading, np.array(window.owners[: len(reading.markers)]), answer))
    return Example(
        weighed.rows, weighed.whole, right, reads, answerable, part_of(asked), name, question.kind
    )


def _answer(
    asked: Asked, window: Window, right: NDArray[np.bool_], reading: Reading
) -> tuple[int, int]:
    """First and last token of the first answer in the window's first right sentence."""
    wanted = next((a for a in asked.answers if a), "").lower()
    for (start, end), owner in zip(window.sentences, window.owners, strict=True):
        if not wanted or owner < 0 or not right[owner]:
            continue
        at = window.text[start:end].lower().find(wanted)
        first, last = start + at, start + at + len(wanted)
        tokens = np.flatnonzero(
            (reading.starts >= 0) & (reading.starts < last) & (reading.ends > first)
        )
        if at >= 0 and len(tokens):
            return int(tokens[0]), int(tokens[-1])
    return -1, -1


def part_of(asked: Asked) -> str:
    """All questions about one article fall into the same part."""
    if asked.split == DEV:
        return DEV
    digest = hashlib.sha256((asked.about or asked.text).encode()).digest()
    return BLEND if digest[0] % _BLEND == 0 else TRAIN
