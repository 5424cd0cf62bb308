"""What of a question no article mentions, so that an abstention can say why.

Pure over a function that counts: names and quoted words as phrases (by their bigrams), other words one
by one. A question typed without marks is looked up on the folded channel, by its words alone.
"""

from collections.abc import Callable
from itertools import pairwise

from assistant.question import Question, Typed
from corpus.text import syllables

_MOST = 3
_GRAMMAR = frozenset(
    """ai gi nao dau bao nhieu khi sao the vi may la cua va co khong duoc cho voi tu den trong ngoai o tai thi ma nay do kia nhung cac mot
    ve theo bi se da dang nhu hay hoi khong phai chua""".split()
)


def missing_terms(question: Question, frequency: Callable[[str], int]) -> tuple[str, ...]:
    """Names, quoted words and words of the question that stand nowhere, at most three, in its order.

    ``frequency``: number of passages that hold a term (a syllable, or two joined by ``_``).
    """
    if question.typed is Typed.ENGLISH:
        phrases = [n for n in question.names if not _stands(question, n, frequency)]
        return tuple(phrases[:_MOST])
    phrases = [
        phrase
        for phrase in (*question.quoted, *question.names)
        if not _stands(question, phrase, frequency)
    ]
    covered = {s.folded for phrase in phrases for s in syllables(phrase)}
    words = []
    for s in question.syllables:
        form = s.folded if question.typed is Typed.UNMARKED else s.marked
        alone = s.folded not in _GRAMMAR and s.folded not in covered and len(s.folded) > 1
        if alone and not form.isdigit() and not frequency(form):
            words.append(question.resolved[s.start : s.end])
    found = dict.fromkeys([*phrases, *words])
    return tuple(sorted(found, key=lambda t: question.resolved.find(t))[:_MOST])


def _stands(question: Question, phrase: str, frequency: Callable[[str], int]) -> bool:
    unmarked = question.typed is Typed.UNMARKED
    forms = [s.folded if unmarked else s.marked for s in syllables(phrase)]
    if len(forms) == 1:
        return frequency(forms[0]) > 0
    return all(frequency(f"{a}_{b}") for a, b in pairwise(forms))


__all__ = ["missing_terms"]
