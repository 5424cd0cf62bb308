"""Candidates → evidence: the sentences ranked by how well each answers, and whether any does.

Scores are shares of the belief in all sentences looked at; the confidence is the probability that any
of them answers.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import numpy as np

from assistant import ranker
from assistant.periods import period_fit
from assistant.question import Question
from assistant.ranker import Matrix, Ranker
from assistant.reading import BUILTIN_READER, NO_READER
from assistant.reading.cross import CrossReader
from assistant.reading.reader import Reader, Reads, builtin
from assistant.retrieve import Hit
from assistant.weigh import Candidate, Gathered, gather, weigh
from corpus.article import Article
from embeddings.index import Index


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence an answer may use; ``score`` is its share of the belief in all sentences, ``read`` where
    the reader sees the answer in it (offsets into the article's text)."""

    article: Article
    start: int
    end: int
    score: float
    read: tuple[int, int] | None = None
    period: float = 0.0  # whether it speaks of the time asked for, see assistant/periods.py

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Judged:
    """The evidence, best first, the probability that it answers (0..1), and whether that is enough."""

    evidence: list[Evidence]
    confidence: float
    answers: bool


_AT_ONCE = 16  # questions whose passages are read
_PERIOD = 2.0  # log odds of speaking of the very time that was asked for


@dataclass(frozen=True, slots=True)
class Judge:
    """Ranks evidence by its features and, where there is a reader, by what that makes of it."""

    ranker: Ranker
    reader: Reader | CrossReader | None = None

    def __call__(self, index: Index, question: Question, hits: list[Hit]) -> Judged:
        """Rank all candidate sentences of the best hits; ties by article and position."""
        found = gather(question, hits)
        if not found.candidates:
            return Judged([], 0.0, False)
        reading = self._begin(question.resolved, found)
        weighed = weigh(index, question, hits, found.candidates)
        read = reading.result() if reading else None
        values = read.values if read else None
        raw = self.ranker.score(weighed.rows, values)
        fits = _period_fits(question, found.candidates)
        scores = raw + _PERIOD * fits
        places = [(c.article.id, c.sentence.start) for c in found.candidates]
        order = sorted(range(len(scores)), key=lambda i: (-scores[i], places[i]))
        belief = np.exp(scores - scores.max())
        belief /= belief.sum()
        evidence = [
            Evidence(
                c.article,
                c.sentence.start,
                c.sentence.end,
                float(belief[i]),
                read.spans[i] if read else None,
                float(fits[i]),
            )
            for i, c in ((i, found.candidates[i]) for i in order)
        ]
        confidence = self.ranker.confidence(weighed.rows, weighed.whole, raw, order, values)
        return Judged(evidence, confidence, confidence >= self.ranker.threshold)

    def _begin(self, question: str, found: Gathered) -> "Future[Reads] | None":
        """The reader reads in threads of its own while the features are worked out."""
        if not self.reader:
            return None
        return _readings().submit(self.reader.read, question, found.windows, len(found.candidates))


@cache
def _readings() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_AT_ONCE, "readings")


def _period_fits(question: Question, candidates: list[Candidate]) -> Matrix:
    return np.array(
        [
            period_fit(question, c.looked.text, (c.looked.before, c.looked.title), c.article.date)
            for c in candidates
        ]
    )


def make_judge(reader: str = BUILTIN_READER) -> Judge:
    """With the built-in reader, without one (``"off"``), or with the cross-encoder of that name or path.

    Raises EncoderError when it cannot be loaded.
    """
    if reader == NO_READER:
        return Judge(ranker.builtin())
    if reader == BUILTIN_READER:
        return Judge(ranker.builtin(reader=True), builtin())
    from embeddings.hub import HubCrossEncoder

    return Judge(ranker.builtin(), CrossReader(HubCrossEncoder(reader, "HOIBAO_READER")))
