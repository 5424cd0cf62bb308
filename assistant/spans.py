"""The answering span in a sentence: the person, day, place, figure, words or reason asked for.

``find_span`` is pure: question and sentence in, offsets into the sentence out. Candidates of the right
kind are weighed by their form and by how near they stand to the question's own words. It names nothing
it is not fairly sure of: a sentence without a candidate has no span.
"""

import re

from assistant.analysis.kinds import Kind
from assistant.candidates import Candidate, people, places
from assistant.clauses import lists, manners, quoted, reasons, said, things
from assistant.figures import figures, times
from assistant.moments import moments
from assistant.question import Question, Typed
from corpus.text import fold, syllables

Span = tuple[int, int]

_NEAR = 1.6  # weight of standing among the question's words, against the form of the candidate
_REACH = 8  # syllables over which nearness halves
_BESIDE = 1.0  # for a word of the question right behind a figure
_REPEATS = 1.5  # taken off for a candidate made of the question's own words
_READ = 1.0  # for a candidate where the reader sees the answer
_GRAMMAR = frozenset(
    """la cua va co khong duoc cho voi tu den trong ngoai o tai thi ma nay do kia nhung cac mot ve theo bi se da dang ai gi nao dau bao
    nhieu khi sao the vi may con hoi ngay thang nam nguoi ong ba anh chi lam ra vao len tren hay roi cung""".split()
)


def find_span(question: Question, sentence: str, read: Span | None = None) -> Span | None:
    """Where in ``sentence`` the answer stands, or None. ``read``: where a reader sees it, which tells between
    candidates."""
    return best_span(question, sentence, read)[0]


def best_span(
    question: Question, sentence: str, read: Span | None = None
) -> tuple[Span | None, float]:
    """The span with its score, from about -2 (an unlikely one) to 5; None and 0 where there is none."""
    candidates = _candidates(question, sentence)
    if not candidates:
        return None, 0.0
    where = _question_words(question, sentence)
    asked = {s.folded for s in question.syllables} - _GRAMMAR
    scored = [
        (_score(c, sentence, where, asked) + _READ * _is_read(c, read), -c.start, c)
        for c in candidates
    ]
    score, _, best = max(scored, key=lambda one: one[:2])
    span = _trimmed(sentence, best)
    return span, score if span else 0.0


def _candidates(question: Question, sentence: str) -> list[Candidate]:
    noun, names = question.noun, question.names
    which = any(s.folded in ("nao", "which") for s in question.syllables)
    match question.kind:
        case Kind.HOW_MANY:
            return figures(sentence, noun, question.numbers)
        case Kind.WHEN:
            return times(sentence, noun, moments(question.resolved))
        case Kind.WHO:
            return people(sentence, noun, names)
        case Kind.WHERE:
            return places(sentence, noun, names)
        case Kind.SAID:
            return said(sentence)
        case Kind.WHY:
            return reasons(sentence)
        case Kind.HOW:
            return manners(sentence) or quoted(sentence)
        case Kind.LIST:
            return lists(sentence) or things(sentence, _as_typed(question))
        case Kind.COMPARE:
            return figures(sentence, noun, question.numbers)
        case Kind.WHAT:
            named = [c for c in people(sentence, noun, names) if which or noun == "ten"]
            return things(sentence, _as_typed(question)) + named
        case Kind.OTHER | Kind.YES_NO:
            return []


def _as_typed(question: Question) -> str:
    """The noun asked for with its marks, where the question has them: "thủ" is not "thầu thực"."""
    words, found = question.noun.split(), syllables(question.read)
    for at in range(len(found) - len(words) + 1):
        if words and [s.folded for s in found[at : at + len(words)]] == words:
            return question.read[found[at].start : found[at + len(words) - 1].end].lower()
    return question.noun


def _question_words(question: Question, sentence: str) -> list[int]:
    """Positions in ``sentence`` of the question's own words."""
    folded = question.typed is not Typed.MARKED
    asked = {
        s.folded if folded else s.marked for s in question.syllables if s.folded not in _GRAMMAR
    }
    return [
        (s.start + s.end) // 2
        for s in syllables(sentence)
        if (s.folded if folded else s.marked) in asked
    ]


def _score(candidate: Candidate, sentence: str, where: list[int], asked: set[str]) -> float:
    reach = _REACH * 5  # characters of a syllable with its space
    outside = [at for at in where if not candidate.start <= at < candidate.end]
    near = sum(
        1 / (1 + min(abs(at - candidate.start), abs(at - candidate.end)) / reach) for at in outside
    )
    words = [fold(w) for w in sentence[candidate.start : candidate.end].split()]
    repeated = sum(w.strip('.,;:“”"()') in asked for w in words) / max(len(words), 1)
    nearness = near / len(outside) if outside else 0.0
    figure = candidate.counts and bool(_next_words(sentence, candidate.end) & asked)
    return candidate.weight + _NEAR * nearness + _BESIDE * figure - _REPEATS * repeated


def _is_read(candidate: Candidate, read: Span | None) -> bool:
    return read is not None and candidate.start < read[1] and read[0] < candidate.end


def _next_words(sentence: str, at: int) -> set[str]:
    """The two syllables right after a candidate: "12 người bị thương", not "3 người chết"."""
    clause = re.match(r"[^.,;:()–]{0,24}", sentence[at:])
    return {s.folded for s in syllables(clause.group() if clause else "")[:2]}


def _trimmed(sentence: str, candidate: Candidate) -> Span | None:
    text = sentence[candidate.start : candidate.end]
    start = candidate.start + len(text) - len(text.lstrip(' ,;:“”"(–-'))
    end = candidate.start + len(text.rstrip(' ,;:“”"–-/'))
    return (start, end) if start < end else None


__all__ = ["Span", "best_span", "find_span"]
