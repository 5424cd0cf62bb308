"""Reading the training files, and the list of what must never be trained on."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from embeddings.sets import Row, read_rows
from embeddings.train.passages import split_sentences

# The end of this file is a development set (title and abstract → body).
HELD_BACK_2017 = 2_000
# BEIR folders whose passages must not appear in training. legal-qa-dev is left out: laws are
# quoted word for word in many answers, and its questions are split from the training ones.
_HELD_BACK_FOLDERS = ("xquad-vi", "mlqa-vi-dev", "uit-qa", "news-abstract-dev")
# Shorter sentences ("Ảnh minh họa.") stand in thousands of articles and identify none.
_MIN_KEY = 40
_NOT_WORD = re.compile(r"[\W_]+")


def sentence_key(sentence: str) -> str:
    """The letters and digits of a sentence, so that spacing and punctuation do not hide a copy."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFC", sentence).lower())


class HeldBack:
    """Sentences of the test and development sets: an article that holds one is not trained on."""

    def __init__(self, texts: Iterable[str]) -> None:
        keys = (sentence_key(s) for text in texts for s in split_sentences(text))
        self._keys = {key for key in keys if len(key) >= _MIN_KEY}

    def overlaps(self, sentences: Iterable[str]) -> bool:
        """Whether any of ``sentences`` stands in a held-back text."""
        return any(len(s) >= _MIN_KEY and sentence_key(s) in self._keys for s in sentences)

    @classmethod
    def of(cls, data: Path) -> "HeldBack":
        """What the data folder holds back: test and development passages and news articles."""
        return cls(_held_back_texts(data))


def _held_back_texts(data: Path) -> Iterator[str]:
    for folder in _HELD_BACK_FOLDERS:
        for row in read_rows(data / folder / "corpus.jsonl"):
            yield str(row["text"])
    for row in read_rows(data / "news-qa-dev" / "articles.jsonl"):
        yield f"{row['title']}\n{row['body']}"
    dev = {
        row["article"]
        for row in read_rows(data / "news-qa-train" / "questions.jsonl")
        if row["split"] == "dev"
    }
    for row in read_rows(data / "news-qa-train" / "articles.jsonl"):
        if row["id"] in dev:
            yield f"{row['title']}\n{row['body']}"


def read_news(data: Path) -> Iterator[Row]:
    """News articles open to training, in file order."""
    yield from read_rows(data / "news-2016-2019.jsonl.xz")
    recent = list(read_rows(data / "news-2017.jsonl.xz"))
    yield from recent[:-HELD_BACK_2017]
