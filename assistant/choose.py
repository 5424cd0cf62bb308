"""Ranked evidence → the sentences an answer quotes. Pure.

One to three: the best, and those close to it that say something else; several articles where the
question asks for a list or a comparison; only the asked person's words where somebody is asked about.
A sentence that leans on its neighbour ("Ông cho rằng …") brings that neighbour along.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.analysis.dates import DateRange
from assistant.analysis.kinds import Kind
from assistant.analysis.mentions import UPPER, name_spans, names, same_name
from assistant.analysis.places import PLACES
from assistant.evidence import Evidence
from assistant.moments import moments
from assistant.numbers import quantities
from assistant.periods import same_period, told_in
from assistant.question import Question
from assistant.spans import find_span
from assistant.speakers import utterances
from corpus.article import Article
from corpus.sentences import split_sentences
from corpus.text import fold, syllables

MOST = 3
_CLOSE = 0.05  # a further sentence must be believed at least this share of the first: .844 against .833 at 0.12
_CLOSE_IN_LIST = 0.02
_SAME_EVENT = 0.3  # share of the shorter sentence's words that the other has too
_LOOKED_AT = 12  # sentences looked at for another article's figure or for the asked person's words

_BACK_THEN = re.compile(r"\b(?:thời điểm|lúc|khi|hồi) (?:ấy|đó)\b")  # an earlier figure, told again
_LEANS = re.compile(
    r"^[\"“]?(?:Ông|Bà|Anh|Chị|Cô|Họ|Nó|Em|Cháu|Người này|Vị này|Đơn vị này|Công ty này|Nơi này|Số này|Theo đó|Trong đó|Tại đây|Ngoài ra"
    r"|Bên cạnh đó|Sau đó|Trước đó|Khi đó|Lúc đó|Do đó|Vì vậy|Đây|Đó|Điều này|Việc này|Vụ việc|Quyết định này|Cả hai|Hai người|Như vậy)(?=[\s,])"
    rf"(?!\s+[{UPPER}])"
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A sentence to quote, by offsets into ``article.text``."""

    article: Article
    start: int
    end: int
    speaker: str = ""
    read: tuple[int, int] | None = None  # where a reader sees the answer

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Choice:
    """The sentences in the order they are numbered; ``disagree`` when articles differ on the figure."""

    quotes: list[Quoted]
    disagree: bool = False


def choose(question: Question, evidence: list[Evidence], most: int = MOST) -> Choice:
    """What to quote of ``evidence`` (best first, not empty): at most ``most`` sentences."""
    if question.kind is Kind.SAID:
        evidence = _of_the_asked(question, evidence)
    differing = _differing(question, evidence)
    if differing:
        newest = sorted(differing, key=lambda e: e.article.date or dt.date.min, reverse=True)
        return Choice([_quoted(e) for e in newest[:most]], disagree=most > 1)
    chosen = [_quoted(e) for e in _close(question, evidence, most)]
    return Choice(_in_reading_order(_with_speakers(question, _with_neighbour(chosen, most))))


def _quoted(evidence: Evidence) -> Quoted:
    return Quoted(evidence.article, evidence.start, evidence.end, read=evidence.read)


def _close(question: Question, evidence: list[Evidence], most: int) -> list[Evidence]:
    """The best sentence and those close to it that say something else, best first."""
    wide = question.kind in (Kind.LIST, Kind.COMPARE)
    least = (_CLOSE_IN_LIST if wide else _CLOSE) * evidence[0].score
    dated = question.kind is Kind.HOW_MANY and question.dates
    unit = _unit(question, evidence[0]) if dated else ""
    chosen: list[Evidence] = []
    for candidate in evidence:
        if len(chosen) == most or candidate.score < least:
            break
        if candidate.period < 0 <= evidence[0].period:  # of another time than was asked for
            continue
        if (
            candidate.article.id != evidence[0].article.id
            and unit
            and _unit(question, candidate) != unit
        ):
            continue  # another article has nothing to add to the figure of a time but a figure
        if all(_words(candidate.text) != _words(other.text) for other in chosen):
            chosen.append(candidate)
    return chosen


def _words(text: str) -> tuple[str, ...]:
    """A story printed twice is the same words, whatever its spacing and marks."""
    return tuple(s.marked for s in syllables(text))


# Who said it


def _of_the_asked(question: Question, evidence: list[Evidence]) -> list[Evidence]:
    """Without the words of people other than the asked one, where that one speaks at all."""
    if not question.names:
        return evidence
    speakers = [(e, speaker_in(e.article, e.start)) for e in evidence[:_LOOKED_AT]]
    theirs = [e for e, who in speakers if who and any(same_name(who, n) for n in question.names)]
    return theirs or evidence


def speaker_in(article: Article, start: int) -> str:
    """Who says the sentence, by the fullest form of the name in the article."""
    who = next((u.speaker for u in utterances(article.text) if u.start == start), "")
    if not who:
        return ""
    longer = [n for n in names(article.text) if len(n) > len(who) and n.endswith(f" {who}")]
    return longer[0] if longer and len(set(longer)) == 1 else who


def _with_speakers(question: Question, chosen: list[Quoted]) -> list[Quoted]:
    if question.kind is not Kind.SAID:
        return chosen
    return [replace(q, speaker=speaker_in(q.article, q.start)) for q in chosen]


# What a sentence leans on


def _with_neighbour(chosen: list[Quoted], most: int) -> list[Quoted]:
    """The sentence before the best one, where that begins with a pronoun and this has the name."""
    before = _before(chosen[0]) if most > 1 and _LEANS.match(chosen[0].text) else None
    if not before or any(q.article == before.article and q.start == before.start for q in chosen):
        return chosen
    return [chosen[0], before, *chosen[1 : most - 1]]


def _before(quote: Quoted) -> Quoted | None:
    text = quote.article.text
    paragraph = text.rfind("\n", 0, quote.start) + 1
    low = text.rfind("\n", 0, max(0, paragraph - 2)) + 1 if paragraph == quote.start else paragraph
    earlier = [s for s in split_sentences(text, low, quote.start) if s.end <= quote.start]
    if not earlier:
        return None
    found = Quoted(quote.article, earlier[-1].start, earlier[-1].end)
    return found if name_spans(found.text) else None


def _in_reading_order(chosen: list[Quoted]) -> list[Quoted]:
    """The answering sentence first, then the others by article, as they stand in it."""
    best = chosen[0]
    order = list(dict.fromkeys(q.article.id for q in chosen))
    return [best, *sorted(chosen[1:], key=lambda q: (order.index(q.article.id), q.start))]


# Where articles disagree


def _differing(question: Question, evidence: list[Evidence]) -> list[Evidence]:
    """Sentences of articles that give another figure for the same thing, the best first; else none."""
    if question.kind is not Kind.HOW_MANY or not evidence:
        return []
    best = evidence[0]
    figure = _figure(question, best.text)
    if not figure:
        return []
    found, figures, articles = [best], {figure}, {best.article.id}
    for other in evidence[1:_LOOKED_AT]:
        theirs = _figure(question, other.text)
        if other.article.id in articles or not theirs or theirs[1:] != figure[1:]:
            continue
        if _BACK_THEN.search(other.text) or other.period < 0 <= best.period:
            continue
        if theirs not in figures and _same_event(question, best, other):
            found.append(other)
            figures.add(theirs)
            articles.add(other.article.id)
    return found if len(found) > 1 else []


def _unit(question: Question, evidence: Evidence) -> str:
    figure = _figure(question, evidence.text)
    return figure[1] if figure else ""


def _figure(question: Question, sentence: str) -> tuple[float, str, str] | None:
    """The figure that answers, its unit, and the word behind that: "9 người chết" is not "9 người già"."""
    span = find_span(question, sentence)
    inside = [q for q in quantities(sentence) if span and span[0] <= q.start < span[1]]
    if not inside or not inside[0].unit:
        return None
    return inside[0].value, inside[0].unit, " ".join(inside[0].after[1:])


def _same_event(question: Question, one: Evidence, other: Evidence) -> bool:
    """Alike in words, of different days of publication, and not about different years or places."""
    if not one.article.date or not other.article.date or one.article.date == other.article.date:
        return False
    first, second = _content(one), _content(other)
    shared = len(first & second) / max(1, min(len(first), len(second)))
    asked = {s.folded for s in question.syllables if len(s.folded) > 1}
    covered = len(asked & second) >= 0.6 * len(asked & first)
    return (
        shared >= _SAME_EVENT
        and covered
        and _agree(_years, one, other)
        and _agree(_places, one, other)
        and same_period(_times(one), _times(other))
    )


def _times(evidence: Evidence) -> list[DateRange]:
    day = evidence.article.date or dt.date.today()
    return told_in(evidence.text, (evidence.article.title,), day)


def _content(evidence: Evidence) -> set[str]:
    text = f"{evidence.article.title} {evidence.text}"
    return {s.folded for s in syllables(text) if len(s.folded) > 1 and not s.folded.isdigit()}


def _agree(facts: Callable[[Evidence], set[str]], one: Evidence, other: Evidence) -> bool:
    first, second = facts(one), facts(other)
    return not first or not second or bool(first & second)


def _years(evidence: Evidence) -> set[str]:
    return {str(m.year) for m in moments(evidence.text) if m.year}


def _places(evidence: Evidence) -> set[str]:
    text = f"{evidence.article.title}. {evidence.text}"
    return {fold(n) for n in names(text)} & PLACES


__all__ = ["MOST", "Choice", "Quoted", "choose", "speaker_in"]
