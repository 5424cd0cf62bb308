"""Syllables as 32-bit codes, so that counting and comparing texts is work for NumPy.

A code is the CRC-32 of the form: the same in every process, and two of the 50,000 forms of a large
archive share one about as often as a printer drops a letter (0.3 pairs expected).
"""

import zlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corpus.text import folded_forms, marked_forms

Codes = NDArray[np.uint32]
_LONGEST_KEPT = 24


def marked_codes(text: str) -> Codes:
    """``(syllables,)`` codes of the marked forms of ``text``."""
    return encode(marked_forms(text))


def folded_codes(text: str) -> Codes:
    """``(syllables,)`` codes of the folded forms of ``text``."""
    return encode(folded_forms(text))


def encode(forms: list[str]) -> Codes:
    """The code of each form; never 0, which separates texts."""
    return np.array([code(form) for form in forms], np.uint32)


def code(form: str) -> int:
    """The code of one form."""
    return _kept_code(form) if len(form) <= _LONGEST_KEPT else _code(form)


def _code(form: str) -> int:
    return zlib.crc32(form.encode()) or 1


@lru_cache(maxsize=131_072)
def _kept_code(form: str) -> int:
    return _code(form)
