"""Syllables of many texts at once as 32-bit codes, by array operations: for counting terms in passages.

    code = the upper half of  mix · Σ letter_i · p^i   modulo 2^64,  over the letters of a syllable

Letters are looked up in a table (lower case, and for the folded channel without marks), so one text
costs ten microseconds where a loop over its syllables costs forty. A text with what a table of single
letters cannot tell (combining marks, letters that fold to two, letters beyond the basic plane) goes
through corpus.text, syllable by syllable, with the same codes. Two spellings of one syllable ("hoà",
"hòa") are two codes here: ``spellings`` has both. Codes are never stored, so they may change.
"""

import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from corpus.text import fold, mark, printed
from embeddings.codes import Codes

_PLANE = 0x10000
_LONGEST = 64  # letters; what is longer is no syllable and is done one by one
_PRIME, _MIX = 0x100000001B3, 0x9E3779B97F4A7C15
_MODULO = 1 << 64
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_ODD = frozenset("Σ")  # its lower case depends on what follows

Letters = NDArray[np.uint64]


def marked(texts: list[str]) -> list[Codes]:
    """``(syllables,)`` codes of each text, in their marked form."""
    composed = [unicodedata.normalize("NFC", text) for text in texts]
    return _codes(composed, _table(_lower), mark)


def folded(texts: list[str]) -> list[Codes]:
    """``(syllables,)`` codes of each text, without marks."""
    return _codes(texts, _table(fold), fold)


@lru_cache(maxsize=4_096)
def spellings(form: str) -> tuple[int, ...]:
    """The codes that a form (marked or folded) may have in a text."""
    apart = unicodedata.normalize("NFD", form)
    if len(apart) >= 3 and apart[-2] in _TONES and apart[-3] + apart[-1] in ("oa", "oe", "uy"):
        late = unicodedata.normalize("NFC", apart[:-2] + apart[-1] + apart[-2])
        if apart[-4:-2] != "qu":
            return _code(form), _code(late)
    return (_code(form),)


def _code(form: str) -> int:
    total = sum(ord(c) * pow(_PRIME, i, _MODULO) for i, c in enumerate(form))
    return (total % _MODULO * _MIX % _MODULO) >> 32 or 1


def _codes(
    texts: list[str],
    table: tuple[NDArray[np.uint32], NDArray[np.bool_]],
    form: Callable[[str], str],
) -> list[Codes]:
    letters, irregular = table
    raw = np.frombuffer("\n".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.cumsum([len(text) + 1 for text in texts])
    odd = np.flatnonzero((raw >= _PLANE) | irregular[np.minimum(raw, _PLANE - 1)])
    slow = set(np.searchsorted(ends, odd, side="right").tolist())
    values = letters[np.minimum(raw, _PLANE - 1)]
    inside = np.flatnonzero(values)
    if not len(inside):
        parts = [np.zeros(0, np.uint32) for _ in texts]
    else:
        opens = np.empty(len(inside), bool)
        opens[0] = True
        np.not_equal(inside[1:], inside[:-1] + 1, out=opens[1:])
        starts = np.flatnonzero(opens)
        place = np.arange(len(inside)) - np.repeat(starts, np.diff([*starts, len(inside)]))
        long = inside[place >= _LONGEST]
        slow.update(np.searchsorted(ends, long, side="right").tolist())
        weighed = values[inside].astype(np.uint64) * _powers()[np.minimum(place, _LONGEST - 1)]
        sums = np.add.reduceat(weighed, starts) * np.uint64(_MIX)
        found = np.maximum((sums >> np.uint64(32)).astype(np.uint32), 1)
        parts = np.split(found, np.searchsorted(inside[starts], ends[:-1]))
    for at in slow:
        if at < len(texts):
            parts[at] = np.array([_code(form(s)) for s in printed(texts[at])], np.uint32)
    return parts


@cache
def _powers() -> Letters:
    return np.array([pow(_PRIME, i, _MODULO) for i in range(_LONGEST)], np.uint64)


@cache
def _table(form: Callable[[str], str]) -> tuple[NDArray[np.uint32], NDArray[np.bool_]]:
    """For each character of the basic plane its form, 0 for what is no letter; and which are irregular."""
    letters = np.zeros(_PLANE, np.uint32)
    irregular = np.zeros(_PLANE, bool)
    for number in range(_PLANE):
        c = chr(number)
        if not c.isalnum():
            irregular[number] = bool(printed("a" + c)[0] != "a")  # a mark, or invisible in a word
            continue
        made = form(c)
        irregular[number] = len(made) != 1 or c in _ODD
        letters[number] = ord(made[0]) if made else 0
    return letters, irregular


def _lower(letter: str) -> str:
    return letter.lower()


__all__ = ["folded", "marked", "spellings"]
