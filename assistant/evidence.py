"""Candidates → evidence: the sentences ranked by how well each answers, and whether any does.

Scores are shares of the belief in all sentences looked at; the confidence is the probability that any
of them answers.
"""

from dataclasses import dataclass

import numpy as np

from assistant import ranker
from assistant.analysis.kinds import Kind
from assistant.clauses import names_cause
from assistant.offices import names_office, office
from assistant.periods import period_fit
from assistant.question import Question
from assistant.ranker import Matrix, Ranker
from assistant.reading import BUILTIN_READER, NO_READER
from assistant.reading.cross import CrossReader
from assistant.reading.reader import Reader, builtin
from assistant.reading.windows import Window
from assistant.retrieve import Hit
from assistant.weigh import Candidate, gather, weigh
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


_PERIOD = 2.0  # log odds of speaking of the very time that was asked for
_OFFICE = 1.0  # … of naming the office that was asked for
_CAUSE = 0.8  # … of speaking of a cause, where a cause is asked for
# A reader reads the passages that hold this share of what the features believe, two to four of them: every
# second question needs no third, and reading all eight is no better (docs/decisions/0006).
_BELIEVED, _FEWEST, _MOST = 0.98, 2, 4


@dataclass(frozen=True, slots=True)
class Judge:
    """Ranks evidence by its features and, where there is a reader, by what that makes of it."""

    ranker: Ranker
    reader: Reader | CrossReader | None = None

    def __call__(self, index: Index, question: Question, hits: list[Hit]) -> Judged:
        """Rank the candidate sentences of the best hits; ties by article and position."""
        found = gather(question, hits)
        if not found.candidates:
            return Judged([], 0.0, False)
        weighed = weigh(index, question, hits, found.candidates)
        fits = _period_fits(question, found.candidates)
        ruled = _PERIOD * fits + _by_words(question, found.candidates)
        kept, read = np.arange(len(fits)), None
        if self.reader:
            belief = _shares(self.ranker.score(weighed.rows) + ruled)
            windows = _promising(found.windows, belief)
            kept = np.unique([owner for w in windows for owner in w.owners if owner >= 0])
            read = self.reader.read(question.resolved, windows, len(fits))
        values = read.values[kept] if read else None
        raw = self.ranker.score(weighed.rows[kept], values)
        belief = _shares(raw + ruled[kept])
        candidates = [found.candidates[i] for i in kept]
        places = [(c.article.id, c.sentence.start) for c in candidates]
        order = sorted(range(len(kept)), key=lambda i: (-belief[i], places[i]))
        evidence = [
            Evidence(
                c.article,
                c.sentence.start,
                c.sentence.end,
                float(belief[i]),
                read.spans[kept[i]] if read else None,
                float(fits[kept[i]]),
            )
            for i, c in ((i, candidates[i]) for i in order)
        ]
        confidence = self.ranker.confidence(weighed.rows, weighed.whole, raw, order, values)
        return Judged(evidence, confidence, confidence >= self.ranker.threshold)


def _shares(scores: Matrix) -> Matrix:
    """The belief in each, summing to 1."""
    belief = np.exp(scores - scores.max())
    shares: Matrix = belief / belief.sum()
    return shares


def _promising(windows: list[Window], belief: Matrix) -> list[Window]:
    """The windows whose candidates are believed in most, as they were found."""
    shares = np.array([belief[[o for o in w.owners if o >= 0]].sum() for w in windows])
    order = np.argsort(-shares, kind="stable")
    enough = int(np.searchsorted(np.cumsum(shares[order]), _BELIEVED)) + 1
    return [windows[i] for i in sorted(order[: min(max(enough, _FEWEST), _MOST)])]


def _period_fits(question: Question, candidates: list[Candidate]) -> Matrix:
    return np.array(
        [
            period_fit(question, c.looked.text, (c.looked.before, c.looked.title), c.article.date)
            for c in candidates
        ]
    )


def _by_words(question: Question, candidates: list[Candidate]) -> Matrix:
    """What is added for a word that the kind of answer asked for has."""
    fits = np.zeros(len(candidates))
    if question.kind is Kind.WHY:
        fits += _CAUSE * np.array([names_cause(c.looked.text) for c in candidates])
    if asked := office(question):
        fits += _OFFICE * np.array(
            [names_office(question, asked, c.looked.text) for c in candidates]
        )
    return fits


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
