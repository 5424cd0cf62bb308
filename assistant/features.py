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
from assistant.analysis.mentions import same_name
from assistant.moments import moments
from assistant.question import Question, Typed
from assistant.spans import best_span
from corpus.text import fold, syllables, terms

FEATURES = (
    "own", "own bigrams", "before", "after", "title", "together", "rare in own", "rare anywhere",
    "maxsim", "maxsim with context", "dense", "span", "span new", "span and own",
    "span: who", "span: when", "span: where", "span: how many", "span: what", "no span: how many",
    "fit", "fit: who", "fit: when", "fit: where", "fit: how many", "fit: what", "speaker asked", "other speaker",
    "date asked", "other year",
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
_WITH_SPAN = (Kind.WHO, Kind.WHEN, Kind.WHERE, Kind.HOW_MANY, Kind.WHAT)
_RARE = 2  # of the question's rarest terms

Matrix = NDArray[np.float64]
Date = tuple[int | None, int | None, int | None]  # year, month, day


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
    speaker: str = ""  # who says it, where the question asks what somebody said


def features(
    question: Question, looked: list[Looked], idf: dict[str, float], near: Matrix
) -> Matrix:
    """``(len(looked), len(FEATURES))``; ``near`` holds MaxSim, MaxSim with context and cosine."""
    asked = _Asked.of(question, idf)
    seen: dict[str, frozenset[str]] = {}

    def terms_of(text: str) -> frozenset[str]:
        if text not in seen:
            seen[text] = frozenset(terms(question.forms_of(text))) | _meant(question, text)
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


def _meant(question: Question, text: str) -> frozenset[str]:
    """Terms of the question's abbreviations, or of what they stand for, that ``text`` has in the other form."""
    if not question.expansions:
        return frozenset()
    folded = f" {' '.join(s.folded for s in syllables(text))} "
    there = [e for e in question.expansions if f" {_plain(e.also)} " in folded]
    return frozenset(t for e in there for t in terms(question.forms_of(e.term)))


def _plain(text: str) -> str:
    return " ".join(s.folded for s in syllables(text))


def _row(question: Question, asked: _Asked, one: Looked, held: list[frozenset[str]]) -> list[float]:
    own, before, after, title = held
    anywhere = own | before | title
    covered = _share(asked.single, own)
    kind = question.kind
    span, fit = best_span(question, one.text)
    new = bool(
        span and not set(question.forms_of(one.text[span[0] : span[1]])) <= asked.single.keys()
    )
    folded = fold(one.text)
    words = one.text.count(" ") + 1
    there = [float(bool(span) and kind is k) for k in _WITH_SPAN]
    return [
        covered, _share(asked.pairs, own), _share(asked.single, before), _share(asked.single, after),
        _share(asked.single, title), _share(asked.single, anywhere),
        _hold(asked.rare, own), _hold(asked.rare, anywhere),
        0.0, 0.0, 0.0,
        float(bool(span)), float(new), covered * bool(span),
        *there, float(not span and kind is Kind.HOW_MANY),
        fit, *(fit * t for t in there), *_speaker(question, one), *_dates(question, one),
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


def _speaker(question: Question, one: Looked) -> tuple[float, float]:
    """Whether the asked person says it, and whether somebody else does."""
    if not one.speaker or not question.names:
        return 0.0, 0.0
    asked = any(same_name(one.speaker, name) for name in question.names)
    return float(asked), float(not asked)


def _dates(question: Question, one: Looked) -> tuple[float, float]:
    """Whether a time the question names stands in the sentence (half: beside it), and whether
    another year does instead."""
    asked = [(m.year, m.month, m.day) for m in moments(question.resolved)]
    if not asked:
        return 0.0, 0.0
    own = [(m.year, m.month, m.day) for m in moments(one.text)]
    beside = [(m.year, m.month, m.day) for m in moments(f"{one.title}. {one.before}")]
    match = max(
        float(any(_meets(a, d) for a in asked for d in own)),
        0.5 * any(_meets(a, d) for a in asked for d in beside),
    )
    years, theirs = {a[0] for a in asked if a[0]}, {d[0] for d in own if d[0]}
    return match, float(bool(years and theirs and not years & theirs))


def _meets(asked: Date, found: Date) -> bool:
    """Nothing differs that both tell, and they tell something in common."""
    both = [(a, f) for a, f in zip(asked, found, strict=True) if a is not None and f is not None]
    return bool(both) and all(a == f for a, f in both)


def _share(weights: dict[str, float], held: frozenset[str]) -> float:
    total = sum(weights.values())
    return sum(w for t, w in weights.items() if t in held) / total if total > 0 else 0.0


def _hold(wanted: list[str], held: frozenset[str] | str) -> float:
    return sum(t in held for t in wanted) / len(wanted) if wanted else 0.0


def _numbers(question: Question, folded: str) -> float:
    digits = re.findall(r"\d+", question.resolved)
    return sum(d in folded for d in digits) / len(digits) if digits else 0.0


# The question as a whole, for the probability that it is answered at all.

WHOLE = ("dense", "unknown", "unmarked", "english", "terms asked")
_OF_BEST = (
    "rank", "own", "own bigrams", "together", "rare in own", "rare anywhere", "maxsim", "maxsim with context", "span", "fit",
    "names in context", "numbers asked", "date asked", "other year",
)  # fmt: skip
_COLUMNS = [FEATURES.index(name) for name in _OF_BEST]
ANSWERABLE = ("best", "margin", "hit margin", *_OF_BEST, *WHOLE)


def whole_features(question: Question, terms_asked: int, unknown: float, dense: float) -> Matrix:
    """``(len(WHOLE),)``: ``unknown`` is the share of the question's idf that no passage of the archive
    holds, ``dense`` the cosine of the best hit."""
    unmarked, english = question.typed is Typed.UNMARKED, question.typed is Typed.ENGLISH
    return np.array([dense, unknown, unmarked, english, math.log(1 + terms_asked)], dtype=float)


def question_features(rows: Matrix, scores: Matrix, whole: Matrix) -> Matrix:
    """``(len(ANSWERABLE),)``: ``rows`` and ``scores`` are the sentences', best first."""
    hits = np.unique(rows[:, FEATURES.index("hit")])[::-1]
    margin = scores[0] - scores[1] if len(scores) > 1 else 1.0
    hit_margin = hits[0] - hits[1] if len(hits) > 1 else 1.0
    return np.concatenate([[scores[0], margin, hit_margin], rows[0, _COLUMNS], whole])
