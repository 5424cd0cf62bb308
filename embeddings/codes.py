"""Syllables as 32-bit codes, so that comparing texts is work for NumPy; those of signatures are stored.

A code is the CRC-32 of the form: the same in every process, and two of the 50,000 forms of a large
archive share one about as often as a printer drops a letter (0.3 pairs expected).
"""

import zlib

import numpy as np
from numpy.typing import NDArray

from corpus.text import Remembered, mark, printed

Codes = NDArray[np.uint32]


def marked_codes(text: str) -> Codes:
    """``(syllables,)`` codes of the marked forms of ``text``."""
    found = printed(text)
    return np.fromiter(map(MARKED_CODES.__getitem__, found), np.uint32, len(found))


def code(form: str) -> int:
    """The code of one form; never 0, which separates texts."""
    return zlib.crc32(form.encode()) or 1


MARKED_CODES = Remembered(lambda syllable: code(mark(syllable)))
