"""Hits → candidates: the sentences of the best passages, with everything that is measured of them.

Captions are no evidence unless a photo is asked about.
"""

import math
import re
from dataclasses import dataclass

import numpy as np

from assistant.analysis.kinds import Kind
from assistant.features import FEATURES, Looked, Matrix, features, whole_features
from assistant.question import Question, Typed
from assistant.reading.windows import Window
from assistant.retrieve import Hit
from assistant.speakers import utterances
from corpus.article import Article, PassageKind, Sentence
from corpus.sentences import count_words, split_sentences
from corpus.text import fold, terms
from embeddings.index import Index
from embeddings.late import late_together, unit_vectors
from embeddings.terms import Channel

_PASSAGES = 8  # sentences are taken from the best passages only
_MIN_WORDS = 4  # a shorter one is a heading or a fragment: nothing to quote
_ABOUT_PHOTO = re.compile(r"\b(buc anh|tam anh|trong anh|chu thich anh|photo|picture)\b")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, with what stands around it."""

    article: Article
    sentence: Sentence
    looked: Looked


@dataclass(frozen=True, slots=True)
class Gathered:
    """The candidates of one question, and the windows in which they stand."""

    candidates: list[Candidate]
    windows: list[Window]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is measured of one question: the features of each candidate, and those of the question as a whole."""

    rows: Matrix  # (candidates, len(FEATURES))
    whole: Matrix  # (len(WHOLE),)


def weigh(
    index: Index, question: Question, hits: list[Hit], candidates: list[Candidate]
) -> Weighed:
    """Features of the candidates of the best hits."""
    idf, unknown = _term_weights(index, question)
    dense = max((hit.dense for hit in hits), default=0.0)
    whole = whole_features(question, len(idf), unknown, dense)
    if not candidates:
        return Weighed(np.zeros((0, len(FEATURES))), whole)
    looked = [c.looked for c in candidates]
    near = _nearness(question.resolved, looked)
    return Weighed(features(question, looked, idf, near), whole)


def _nearness(query: str, looked: list[Looked]) -> Matrix:
    """MaxSim of the sentence, MaxSim with title and sentence before, cosine: ``(n, 3)``."""
    vectors = unit_vectors([query, *(one.text for one in looked)])
    own, together = late_together(query, [(one.title, one.before, one.text) for one in looked])
    return np.stack([own, together, vectors[1:] @ vectors[0]], axis=1).astype(float)


def gather(question: Question, hits: list[Hit]) -> Gathered:
    """Each sentence of the best hits once, where it is found first; the windows are the passages it is read in."""
    captions = bool(_ABOUT_PHOTO.search(fold(question.read)))
    found: dict[tuple[str, int], Candidate] = {}
    windows: list[Window] = []
    for rank, hit in enumerate(hits[:_PASSAGES]):
        passage, article = hit.passage, hit.passage.article
        if passage.kind is PassageKind.CAPTION and not captions:
            continue
        sentences = split_sentences(article.text, 0, None if captions else article.body_end)
        texts = ["", *(article.text[s.start : s.end] for s in sentences), ""]
        said_by = _speakers(article) if question.kind is Kind.SAID else {}
        window = Window(article.title, article.text, [], [])
        for i, s in enumerate(sentences):
            if not passage.start <= s.start < s.end <= passage.end:
                continue
            new = (article.id, s.start) not in found and count_words(article.text, s) >= _MIN_WORDS
            window.sentences.append((s.start, s.end))
            window.owners.append(len(found) if new else -1)
            if new:
                below, speaker = hits[0].score - hit.score, said_by.get(s.start, "")
                before, own, after = texts[i : i + 3]
                looked = Looked(own, before, after, article.title, i, rank, -below, speaker)
                found[article.id, s.start] = Candidate(article, s, looked)
        if any(owner >= 0 for owner in window.owners):
            windows.append(window)
    return Gathered(list(found.values()), windows)


def _speakers(article: Article) -> dict[int, str]:
    return {u.start: u.speaker for u in utterances(article.text)}


def _term_weights(index: Index, question: Question) -> tuple[dict[str, float], float]:
    """The question's telling terms with their idf, and the share of it that no passage holds."""
    channel = Channel.FOLDED if question.typed is Typed.UNMARKED else Channel.MARKED
    total = max(len(index), 1)
    weights: dict[str, float] = {}
    lacking = 0.0
    for term in dict.fromkeys(t for run in question.telling for t in terms(run)):
        df = min(index.terms.document_frequency(term, channel), total)
        weights[term] = math.log(1 + (total - df + 0.5) / (df + 0.5))
        lacking += weights[term] * (df == 0 and "_" not in term)
    single = sum(w for t, w in weights.items() if "_" not in t)
    return weights, lacking / single if single else 1.0
