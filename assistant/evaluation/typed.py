"""Questions as other people would type them: without diacritics, or with the Vietnamese keyboard off."""

import re
import unicodedata
from collections.abc import Callable, Mapping

from corpus.text import fold

_TELEX = {
    "\u0300": "f", "\u0301": "s", "\u0303": "x", "\u0309": "r", "\u0323": "j",
    "\u0306": "w", "\u031b": "w",
}  # fmt: skip
_VNI = {
    "\u0300": "2", "\u0301": "1", "\u0303": "4", "\u0309": "3", "\u0323": "5",
    "\u0306": "8", "\u031b": "7", "\u0302": "6",
}  # fmt: skip
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_LETTERS = re.compile(r"[^\W\d_]+")


def telex(text: str) -> str:
    """The keys that type ``text`` with Telex: each tone last, each other mark behind its letter."""
    return _LETTERS.sub(lambda m: _keys(m.group(), _TELEX, "d"), unicodedata.normalize("NFC", text))


def vni(text: str) -> str:
    """The same with VNI."""
    return _LETTERS.sub(lambda m: _keys(m.group(), _VNI, "9"), unicodedata.normalize("NFC", text))


def _keys(word: str, marks: Mapping[str, str], stroke: str) -> str:
    typed, tone = "", ""
    for letter in unicodedata.normalize("NFD", word):
        if letter in "đĐ":
            typed += fold(letter) if letter == "đ" else "D"
            typed += stroke
        elif letter in _TONES:
            tone = marks[letter]
        elif unicodedata.combining(letter):
            typed += marks.get(letter) or typed[-1].lower()  # Telex doubles the letter
        else:
            typed += letter
    return typed + tone


WAYS: dict[str, tuple[str, Callable[[str], str]]] = {
    "khong-dau": ("no diacritics", fold), "telex": ("Telex keys", telex), "vni": ("VNI keys", vni),
}  # fmt: skip

__all__ = ["WAYS", "telex", "vni"]
