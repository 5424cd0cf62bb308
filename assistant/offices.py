"""An office that is asked for ("Ai là Khối trưởng Khối thi đua số 4?"), and whether a sentence names it. Pure.

A sentence that repeats the rest of the question ("… của Khối thi đua số 4, Thiếu tướng … nhấn mạnh") looks as much
like an answer as the one that names the office, and gives another person's name.
"""

import re
from itertools import pairwise

from assistant.analysis.kinds import Kind
from assistant.question import Question, Typed
from corpus.text import Syllable, syllables

_OFFICE = re.compile(
    r"\b(?:truong|pho)\b|\b(?:chu tich|giam doc|bi thu|thu tuong|tong thong|chu nhiem|dai su|tu lenh|thanh tra|nguoi phat)\b"
)
_ASKED_FIRST = re.compile(r"^ai (?:la|lam|giu chuc|dang la|tung la) (\w+ \w+)")
_ASKED_LAST = re.compile(r"^(\w+ \w+)\b.* la ai$")


def office(question: Question) -> tuple[str, str] | None:
    """The first two syllables of the office asked for, as they are matched, or None."""
    found = syllables(question.read)
    folded = " ".join(s.folded for s in found)
    match = _ASKED_FIRST.search(folded) or _ASKED_LAST.search(folded)
    if question.kind is not Kind.WHO or not match or not _OFFICE.search(match.group(1)):
        return None
    first = folded[: match.start(1)].count(" ")
    one, two = (_form(s, question) for s in found[first : first + 2])
    return one, two


def names_office(question: Question, asked: tuple[str, str], sentence: str) -> bool:
    """Whether the syllables of ``asked`` stand in ``sentence``, one behind the other."""
    forms = [_form(s, question) for s in syllables(sentence)]
    return asked in pairwise(forms)


def _form(syllable: Syllable, question: Question) -> str:
    return syllable.marked if question.typed is Typed.MARKED else syllable.folded


__all__ = ["names_office", "office"]
