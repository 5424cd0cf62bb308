"""Vietnamese text for matching: syllables with their offsets, diacritics folded, terms.

Normalisation happens here and nowhere else. The article's own characters are never changed: every
syllable keeps the ``[start:end)`` it has in the original text, so whatever is matched on a
normalised form can be shown and cited as it was printed.

This file does not segment words: syllables and their bigrams retrieve better (docs/decisions).
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, TypeVar

# Invisible characters that word processors and web pages leave inside words.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_INVISIBLES = re.compile(f"[{_INVISIBLE}]")

# Letters, digits and combining marks (an NFD text spells "ế" with three characters).
_SYLLABLE = re.compile(rf"[^\W_]+(?:[\u0300-\u036f{_INVISIBLE}]+[^\W_]*)*")

# "hoà" and "hòa", "thuỷ" and "thủy" are one spelling: the tone goes to the first vowel of an open
# oa, oe, uy. Not after q, where the u belongs to the consonant ("quý").
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_LATE_TONE = re.compile(rf"(o)([ae])([{_TONES}])$|(?<!q)(u)(y)([{_TONES}])$")

_LONGEST_KEPT = 24  # characters; a longer "syllable" is a number, an address or junk
_MOST_KEPT = 32_768  # and as many from before
_LONGEST_LINE = (
    400  # characters; sentences and titles are asked about again and again, articles are not
)

_MARKS = re.compile("[\u0300-\u036f]")

T = TypeVar("T")


class Remembered(dict[str, T]):
    """What is made of a syllable as it is printed, worked out once: Vietnamese has few of them.

    When it has grown too large, what was not asked for since the last time is forgotten.
    ``map(known.__getitem__, printed(text))`` takes a third of the time of calling a cached function
    for each.
    """

    def __init__(self, make: Callable[[str], T]) -> None:
        super().__init__()
        self._make = make
        self._earlier: dict[str, T] = {}

    def __missing__(self, syllable: str) -> T:
        made = self._earlier.get(syllable)
        if made is None:
            made = self._make(syllable)
        if len(syllable) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self._earlier = dict(self)
                self.clear()
            self[syllable] = made
        return made


class Syllable(NamedTuple):
    """One syllable or number: where it stands in the text, and its two matching forms."""

    start: int
    end: int
    marked: str
    folded: str


def fold(text: str) -> str:
    """Lower-case ``text`` without diacritics: ``"Đường Láng"`` → ``"duong lang"``."""
    return _kept_fold(text) if len(text) <= _LONGEST_LINE else _fold(text)


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = _MARKS.sub("", unicodedata.normalize("NFD", text))
    # NFD does not decompose the stroke.
    return _INVISIBLES.sub("", decomposed).replace("đ", "d").replace("Đ", "D").lower()


def mark(syllable: str) -> str:
    """Canonical marked form of one syllable: NFC, lower case, tone on the first vowel of oa/oe/uy."""
    lowered = unicodedata.normalize("NFC", _INVISIBLES.sub("", syllable)).lower()
    if lowered.isascii():
        return lowered
    # Only the tone moves: â, ê, ơ keep their own mark, and none of those stands in oa, oe, uy.
    moved = _LATE_TONE.sub(_move_tone, unicodedata.normalize("NFD", lowered))
    return unicodedata.normalize("NFC", moved)


def _move_tone(match: re.Match[str]) -> str:
    first, second, tone = (g for g in match.groups() if g)
    return first + tone + second


def syllables(text: str) -> list[Syllable]:
    """The syllables and numbers of ``text`` in order, with offsets into ``text`` as given."""
    return list(_kept_syllables(text) if len(text) <= _LONGEST_LINE else _syllables(text))


def _syllables(text: str) -> tuple[Syllable, ...]:
    return tuple(
        Syllable(m.start(), m.end(), _MARKED[m.group()], _FOLDED[m.group()])
        for m in _SYLLABLE.finditer(text)
    )


_kept_syllables = lru_cache(maxsize=2_048)(_syllables)


def printed(text: str) -> list[str]:
    """The syllables and numbers of ``text`` in order, as they are printed."""
    return _SYLLABLE.findall(text)


def marked_forms(printed: list[str]) -> list[str]:
    """The marked form of each syllable as it is printed."""
    return list(map(_MARKED.__getitem__, printed))


def folded_forms(printed: list[str]) -> list[str]:
    """The folded form of each syllable as it is printed."""
    return list(map(_FOLDED.__getitem__, printed))


_kept_fold = lru_cache(maxsize=8_192)(_fold)
_MARKED, _FOLDED = Remembered(mark), Remembered(_fold)


def has_marks(text: str) -> bool:
    """Whether ``text`` carries any Vietnamese diacritic (đ included)."""
    return fold(text) != _INVISIBLES.sub("", text).lower()


def terms(forms: list[str]) -> list[str]:
    """Search terms of a run of syllable forms: the forms, then their bigrams (``"công_đoàn"``).

    Bigrams are what lets syllables do without a word segmenter: 96.4 nDCG@10 against 95.9 for
    syllables alone on XQuAD-vi.
    """
    return [*forms, *map("_".join, pairwise(forms))]
