"""The second stage of retrieval: the first passages ordered anew by a model that reads question and passage.

The built-in reader corrects the fusion's score of the first ten; a cross-encoder by name puts the first
twenty in its own order.
"""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from assistant.question import Question, Typed
from assistant.reading import BUILTIN_READER, NO_READER
from assistant.reading.reader import Reader, builtin
from assistant.reading.windows import Window
from assistant.retrieve import Hit
from corpus.sentences import split_sentences
from embeddings.hub import HubCrossEncoder

# Deviations of the fusion's score for one logit of the best sentence. nDCG@10 on legal-qa-dev and the dev part
# of news-qa-train: .9626 and .9745 without, .9654 and .9766 with .1, .9659 and .9801 with .3, .9644 and .9804
# with .5. Reading twenty passages instead of ten: .9661 and .9799.
_READ_WEIGHT = 0.3


class Reranker(Protocol):
    """Puts the first hits in a better order."""

    @property
    def depth(self) -> int:
        """How many of them."""
        ...

    @property
    def answers(self) -> bool:
        """Whether also of those that an answer is sought in."""
        ...

    def __call__(self, question: Question, hits: list[Hit]) -> list[Hit]:
        """All of ``hits``, with falling scores."""
        ...


@dataclass(frozen=True, slots=True)
class ReadReranker:
    """By the sentence that answers best in the reader's eyes. Evidence needs it not: there the same reader
    reads the same passages."""

    reader: Reader
    depth: int = 10
    answers: bool = False

    def __call__(self, question: Question, hits: list[Hit]) -> list[Hit]:
        """The first ten in a new order; as they are for an English question, of which it knows no word."""
        if question.typed is Typed.ENGLISH:
            return hits
        head, rest = hits[: self.depth], hits[self.depth :]
        windows: list[Window] = []
        owners: list[list[int]] = []
        count = 0
        for hit in head:
            passage, text = hit.passage, hit.passage.article.text
            found = split_sentences(text, passage.start, passage.end)
            owners.append(list(range(count, count + len(found))))
            count += len(found)
            spans = [(s.start, s.end) for s in found]
            windows.append(Window(passage.article.title, text, spans, owners[-1]))
        relevance = self.reader.read(question.resolved, windows, count).values[:, 0]
        best = [float(relevance[own].max()) if own else 0.0 for own in owners]
        return _ordered(
            [replace(h, score=h.score + _READ_WEIGHT * b) for h, b in zip(head, best, strict=True)],
            rest,
        )


@dataclass(frozen=True, slots=True)
class CrossReranker:
    """By a cross-encoder's score of title and passage."""

    model: HubCrossEncoder
    depth: int = 20
    answers: bool = True

    def __call__(self, question: Question, hits: list[Hit]) -> list[Hit]:
        """The first twenty in the model's order."""
        head, rest = hits[: self.depth], hits[self.depth :]
        texts = [f"{h.passage.article.title}\n{h.passage.text}" for h in head]
        scores = self.model.scores(question.resolved, texts).astype(float)
        return _ordered(
            [replace(h, score=float(s)) for h, s in zip(head, scores, strict=True)], rest
        )


def _ordered(head: list[Hit], rest: list[Hit]) -> list[Hit]:
    """The head by score, the others behind it as they are."""
    head = sorted(head, key=lambda h: (-round(h.score, 6), h.passage.article.id, h.passage.start))
    if not head or not rest:
        return head + rest
    shift = np.floor(head[-1].score - rest[0].score) - 1
    return head + [replace(h, score=h.score + float(min(shift, 0))) for h in rest]


def load_reranker(name: str) -> Reranker | None:
    """The built-in one ("builtin"), none ("off"), or the cross-encoder of that name or path.

    Raises EncoderError when it cannot be loaded.
    """
    if name == NO_READER:
        return None
    if name == BUILTIN_READER:
        return ReadReranker(builtin())
    return CrossReranker(HubCrossEncoder(name, "HOIBAO_RERANKER"))


__all__ = ["CrossReranker", "ReadReranker", "Reranker", "load_reranker"]
