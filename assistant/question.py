"""What is asked: the question made ready for search, by the aspects of ``assistant.analysis``.

Pure functions over the text; nothing here looks at the archive.
"""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.analysis import abbreviations
from assistant.analysis.abbreviations import Expansion
from assistant.analysis.dates import DateRange, Reference, find_dates
from assistant.analysis.followup import resolve
from assistant.analysis.keys import read_keys
from assistant.analysis.kinds import Kind, asking_words, classify
from assistant.analysis.mentions import mentions
from corpus.errors import QuestionError
from corpus.text import Syllable, syllables

MAX_CHARS = 2_000  # a question, not an article
MAX_EXPANSIONS = 3  # each is a search of its own


class Typed(StrEnum):
    """How the question was typed; decides which channels are searched and how they weigh."""

    MARKED = "marked"
    UNMARKED = "unmarked"
    ENGLISH = "english"


@dataclass(frozen=True, slots=True)
class Question:
    """A question made ready: ``text`` as typed, ``read`` that with its keystrokes made letters (see
    ``assistant.analysis.keys``), ``resolved`` as searched, the rest what it says.

    ``noun`` is the unit or noun asked for, folded ("hec ta", "tinh", "ten", ""). Names, numbers, quoted
    words and dates are those of ``resolved``; kind and noun those of ``read`` where it has its own.
    """

    text: str
    read: str
    resolved: str
    typed: Typed
    kind: Kind
    syllables: list[Syllable] = field(repr=False)
    noun: str = ""
    names: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()
    quoted: tuple[str, ...] = ()
    dates: tuple[DateRange, ...] = ()
    expansions: tuple[Expansion, ...] = ()

    @property
    def forms(self) -> list[str]:
        """The syllables in the form of the channel that is searched."""
        folded = self.typed is Typed.UNMARKED
        return [s.folded if folded else s.marked for s in self.syllables]

    @property
    def telling(self) -> list[list[str]]:
        """Runs of ``forms`` without the words that only ask, for what an answer has to hold; nor are the times
        in it, which may be told in other words (see ``assistant.periods``)."""
        asking, forms = asking_words(self.resolved), self.forms
        dated = [any(d.start <= s.start < d.end for d in self.dates) for s in self.syllables]
        runs: list[list[str]] = [[]]
        for form, asks, dates in zip(forms, asking, dated, strict=True):
            if asks or dates:
                runs.append([])
            else:
                runs[-1].append(form)
        return [run for run in runs if run] or [forms]

    @property
    def wordings(self) -> list[str]:
        """What to search for: the resolved question, then with each expansion in place of its term."""
        others = [self.resolved.replace(e.term, e.also) for e in self.expansions]
        return list(dict.fromkeys([self.resolved, *others]))

    def forms_of(self, text: str) -> list[str]:
        """The syllables of a text in the form that is searched."""
        folded = self.typed is Typed.UNMARKED
        return [s.folded if folded else s.marked for s in syllables(text)]


_ENGLISH = frozenset(
    """the is are was were of and what who when where which how why did does do has have had for to from
    with by at on an that this it be been their his her its as into about many much there according name city
    country people year after before during between first will would could not or if than""".split()
)
# Small words that a Vietnamese question typed without marks is full of.
_VIETNAMESE = frozenset(
    """la cua va ai gi nao o dau bao nhieu khi duoc cho voi tu den trong ngay nam thang nguoi cac nhung mot
    co khong tai sao vi the bi da se dang nay do ong ba anh chi cong viec hoi thi ra may""".split()
)


def analyse(
    text: str,
    history: list[str] | None = None,
    as_of: dt.date | None = None,
    known: abbreviations.Glossary | None = None,
) -> Question:
    """Make a question ready.

    ``history`` holds the earlier questions, oldest first; ``as_of`` is the day "hôm qua" counts from
    (today); ``known`` are the abbreviations (the built-in table).
    Raises QuestionError when it is empty or longer than MAX_CHARS.
    """
    text = checked(text)
    read = read_keys(text)
    resolved = resolve(read, [read_keys(earlier) for earlier in history or []])
    found = syllables(resolved)
    wanted = classify(read)
    if wanted.kind is Kind.OTHER and resolved != read:
        wanted = classify(resolved)
    said = mentions(resolved)
    expansions = abbreviations.expand(resolved, known or abbreviations.builtin())
    return Question(
        text, read, resolved, _typed(found), wanted.kind, found, wanted.noun,
        said.names, said.numbers, said.quoted,
        tuple(find_dates(resolved, as_of)), tuple(expansions[:MAX_EXPANSIONS]),
    )  # fmt: skip


def checked(text: str) -> str:
    """``text`` with its white space folded. Raises QuestionError when it is empty or too long."""
    text = " ".join(text.split())
    if not syllables(text):
        raise QuestionError("Bạn chưa nhập câu hỏi. Ví dụ: Ai là Khối trưởng Khối thi đua số 4?")
    if len(text) > MAX_CHARS:
        length, limit = (f"{n:,}".replace(",", ".") for n in (len(text), MAX_CHARS))
        raise QuestionError(
            f"Câu hỏi dài {length} ký tự, quá giới hạn {limit} ký tự. "
            "Hãy rút gọn thành một câu hỏi."
        )
    return text


def _typed(found: list[Syllable]) -> Typed:
    folded = [s.folded for s in found]
    if any(s.marked != s.folded for s in found):
        return Typed.MARKED
    english = sum(f in _ENGLISH for f in folded)
    vietnamese = sum(f in _VIETNAMESE for f in folded)
    if english > vietnamese:
        return Typed.ENGLISH
    return Typed.UNMARKED


__all__ = [
    "MAX_CHARS",
    "DateRange",
    "Expansion",
    "Kind",
    "Question",
    "Reference",
    "Typed",
    "analyse",
    "checked",
]
