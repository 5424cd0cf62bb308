"""What is known of a sentence as an answer, as numbers. Pure; the ranker weighs them.

Coverage is the share of the question's idf that a text holds: a rare name counts for much, "của" for
nothing. Every feature is honest: it can be read off question, sentence, article and hit.
"""

import math
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.analysis.kinds import Kind
from assistant.question import Question, Typed
from assistant.spans import find_span
from corpus.text import fold, syllables, terms

FEATURES = (
    "own", "own bigrams", "before", "after", "title", "together", "rare in own", "rare anywhere",
    "maxsim", "maxsim with context", "dense", "span", "span new", "span and own",
    "span: who", "span: when", "span: where", "span: how many", "span: what", "no span: how many",
    "says why", "quotes said", "noun asked for", "noun in before", "numbers asked", "names in own", "names in context",
    "length", "short", "position", "first", "rank", "hit", "is a question", "leans",
)  # fmt: skip

_WHY = re.compile(
    r"\b(?:do|vì|bởi|nhằm|để|nguyên nhân|lý do|nhờ|khiến|giúp|dẫn đến|theo đó)\b", re.I
)
_QUOTE = re.compile(
    r"[“\"”]|\b(?:nói|cho biết|cho rằng|khẳng định|nhấn mạnh|chia sẻ|nhận định|phát biểu|đánh giá|cho hay)\b"
)
_LEANS = re.compile(
    r"^[\"“]?(?:Ông|Bà|Anh|Chị|Cô|Họ|Theo đó|Trong đó|Ngoài ra|Bên cạnh đó|Sau đó|Đây|Đó|Việc này|Điều này)\b"
)
_RARE = 2  # of the question's rarest terms

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Looked:
    """A sentence with what stands around it and where it was found."""

    text: str
    before: str
    after: str
    title: str
    position: int  # number of the sentence in its article
    rank: int  # of its passage among the hits
    hit: float  # score of that passage below the best hit's


def features(
    question: Question, looked: list[Looked], idf: dict[str, float], near: Matrix
) -> Matrix:
    """``(len(looked), len(FEATURES))``; ``near`` holds MaxSim, MaxSim with context and cosine."""
    asked = _Asked.of(question, idf)
    seen: dict[str, frozenset[str]] = {}

    def terms_of(text: str) -> frozenset[str]:
        if text not in seen:
            seen[text] = frozenset(terms(_forms(question, text)))
        return seen[text]

    rows = [
        _row(
            question,
            asked,
            one,
            [terms_of(t) for t in (one.text, one.before, one.after, one.title)],
        )
        for one in looked
    ]
    matrix = np.array(rows, dtype=float).reshape(len(looked), len(FEATURES))
    matrix[:, 8:11] = near
    return matrix


@dataclass(frozen=True, slots=True)
class _Asked:
    """The question's weighted terms, parted once."""

    single: dict[str, float]
    pairs: dict[str, float]
    rare: list[str]
    names: list[str]

    @classmethod
    def of(cls, question: Question, idf: dict[str, float]) -> "_Asked":
        single = {t: w for t, w in idf.items() if "_" not in t}
        pairs = {t: w for t, w in idf.items() if "_" in t}
        rare = sorted(single, key=lambda t: (-single[t], t))[:_RARE]
        return cls(single, pairs, rare, [fold(n) for n in question.names])


def _forms(question: Question, text: str) -> list[str]:
    unmarked = question.typed is Typed.UNMARKED
    return [s.folded if unmarked else s.marked for s in syllables(text)]


def _row(question: Question, asked: _Asked, one: Looked, held: list[frozenset[str]]) -> list[float]:
    own, before, after, title = held
    anywhere = own | before | title
    covered = _share(asked.single, own)
    kind, span = question.kind, find_span(question, one.text)
    new = bool(
        span and not set(_forms(question, one.text[span[0] : span[1]])) <= asked.single.keys()
    )
    folded = fold(one.text)
    words = one.text.count(" ") + 1
    fits = {k: float(bool(span) and kind is k) for k in (Kind.WHO, Kind.WHEN, Kind.WHERE)}
    return [
        covered, _share(asked.pairs, own), _share(asked.single, before), _share(asked.single, after),
        _share(asked.single, title), _share(asked.single, anywhere),
        _hold(asked.rare, own), _hold(asked.rare, anywhere),
        0.0, 0.0, 0.0,
        float(bool(span)), float(new), covered * bool(span),
        fits[Kind.WHO], fits[Kind.WHEN], fits[Kind.WHERE],
        float(bool(span) and kind is Kind.HOW_MANY), float(bool(span) and kind is Kind.WHAT),
        float(not span and kind is Kind.HOW_MANY),
        float(kind in (Kind.WHY, Kind.HOW) and bool(_WHY.search(one.text))),
        float(kind is Kind.SAID and bool(_QUOTE.search(one.text))),
        float(bool(question.noun) and question.noun in folded),
        float(bool(question.noun) and question.noun in fold(one.before)),
        _numbers(question, folded),
        _hold(asked.names, folded), _hold(asked.names, folded + fold(one.before + one.title)),
        math.log(words), float(words < 8),
        1 / (1 + one.position), float(one.position == 0), 1 / (1 + one.rank), one.hit,
        float(one.text.rstrip("\"” ").endswith("?")), float(bool(_LEANS.match(one.text))),
    ]  # fmt: skip


def _share(weights: dict[str, float], held: frozenset[str]) -> float:
    total = sum(weights.values())
    return sum(w for t, w in weights.items() if t in held) / total if total > 0 else 0.0


def _hold(wanted: list[str], held: frozenset[str] | str) -> float:
    return sum(t in held for t in wanted) / len(wanted) if wanted else 0.0


def _numbers(question: Question, folded: str) -> float:
    digits = re.findall(r"\d+", question.resolved)
    return sum(d in folded for d in digits) / len(digits) if digits else 0.0


# The question as a whole, for the probability that it is answered at all.

ANSWERABLE = (
    "best", "margin", "best hit", "hit margin", "dense", "own", "own bigrams", "together", "rare in own",
    "rare anywhere", "maxsim", "maxsim with context", "span", "names in context", "numbers asked", "unknown",
    "unmarked", "english", "terms asked",
)  # fmt: skip
_TAKEN = ("own", "own bigrams", "together", "rare in own", "rare anywhere", "maxsim", "maxsim with context",
          "span", "names in context", "numbers asked")  # fmt: skip


def question_features(
    question: Question,
    rows: Matrix,
    scores: Matrix,
    dense: float,
    idf: dict[str, float],
    unknown: float,
) -> Matrix:
    """``(len(ANSWERABLE),)``: ``rows`` and ``scores`` are the sentences', best first; ``unknown`` is the
    share of the question's idf that no passage of the archive holds."""
    best = rows[0]
    hits = np.unique(rows[:, FEATURES.index("hit")])[::-1]
    values = [
        scores[0], scores[0] - scores[1] if len(scores) > 1 else 1.0,
        best[FEATURES.index("rank")], hits[0] - hits[1] if len(hits) > 1 else 1.0, dense,
        *(best[FEATURES.index(name)] for name in _TAKEN),
        unknown,
        float(question.typed is Typed.UNMARKED), float(question.typed is Typed.ENGLISH),
        math.log(1 + len(idf)),
    ]  # fmt: skip
    # "own" to "numbers asked" stand after "dense", as in ANSWERABLE.
    return np.array(values, dtype=float)
