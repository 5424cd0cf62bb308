"""Questions typed with the Vietnamese keyboard off: the keystrokes of Telex ("nguwowif") and VNI
("ngu7o7i2") read as the letters they stand for.

A word is keystrokes when what they make can be spelt in Vietnamese; a question is, when it has no marks
and enough such words. "Who was it" stays English, "bao nhieu nguoi" stays as it is.
"""

import re
import unicodedata
from collections.abc import Callable

from corpus.spelling import is_common, is_syllable
from corpus.text import has_marks

_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_TELEX_TONES = {"f": _GRAVE, "s": _ACUTE, "x": _TILDE, "r": _HOOK, "j": _DOT, "z": ""}
_VNI_TONES = {"2": _GRAVE, "1": _ACUTE, "4": _TILDE, "3": _HOOK, "5": _DOT, "0": ""}
_HATS = {"a": "â", "e": "ê", "o": "ô"}
_BREVE = {"a": "ă"}
_VNI_MARKS: dict[str, dict[str, str]] = {"6": _HATS, "7": {}, "8": _BREVE, "9": {}}
_VOWELS = frozenset("aeiouyăâêôơư")
_MARKED_VOWELS = frozenset("ăâêôơư")
_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]*")
_FEWEST = 2  # an uncommon word alone may be a name
# English words whose letters happen to make a syllable: no sign of keystrokes, though they may be some.
_ENGLISH = frozenset(
    "was has is his of as does us this her or for are were thus plus bus gas yes its her here there their"
    " does goes box tax max fox mix six sex four year see been seen need keep deep meet week feel too food"
    " good book look took room door moon soon free tree three between street speed how now last war low law"
    " saw new few show know".split()
)


def read_keys(text: str) -> str:
    """``text`` with its keystrokes read, or ``text`` itself where it was typed in letters."""
    if has_marks(text):
        return text
    words = list(dict.fromkeys(m.group() for m in _WORD.finditer(text)))
    made = max(({w: _made(w, way) for w in words} for way in (_telex, _vni)), key=_changed)
    strange = sum(not m or w.lower() in _ENGLISH for w, m in made.items())
    if _changed(made) < _FEWEST or _changed(made) <= strange:
        return text
    return _WORD.sub(lambda m: made[m.group()] or m.group(), text)


def _changed(made: dict[str, str]) -> int:
    """How many words are keystrokes without doubt; one that makes a common word counts double."""
    found = [m for w, m in made.items() if m not in ("", w) and w.lower() not in _ENGLISH]
    return len(found) + sum(map(is_common, found))


def _made(word: str, way: Callable[[str], str]) -> str:
    """The syllable that the keys of ``word`` make, in its case; "" where they make none."""
    if len(word) > 1 and word.isupper():
        return word if is_syllable(word) else ""  # an abbreviation
    made = way(word.lower())
    if not is_syllable(made):
        return ""
    return made[0].upper() + made[1:] if word[0].isupper() else made


def _telex(word: str) -> str:
    letters: list[str] = []
    tone: str | None = None
    for key in word:
        voiced = any(c in _VOWELS for c in letters)
        if key in _TELEX_TONES and voiced:
            if tone is not None:
                return ""  # pressed twice: the letter itself was meant
            tone = _TELEX_TONES[key]
        elif key == "w":
            if not (_breve(letters) or _horn(letters)):
                letters.append("ư")
        elif key == "d" and letters[:1] == ["d"]:
            letters[0] = "đ"
        elif key not in _HATS or not _change(letters, {key: _HATS[key]}):
            letters.append(key)
    return _toned(letters, tone or "")


def _vni(word: str) -> str:
    letters: list[str] = []
    tone = ""
    for key in word:
        if key in _VNI_TONES and letters:
            tone = _VNI_TONES[key]
        elif key == "9" and letters[:1] == ["d"]:
            letters[0] = "đ"
        elif key in _VNI_MARKS:
            if not (_horn(letters) if key == "7" else _change(letters, _VNI_MARKS[key])):
                return ""
        else:
            letters.append(key)
    return _toned(letters, tone)


def _change(letters: list[str], how: dict[str, str]) -> bool:
    """Put a mark on the last vowel that can take it; whether there is one."""
    for i in reversed(range(len(letters))):
        if letters[i] in how:
            letters[i] = how[letters[i]]
            return True
    return False


def _breve(letters: list[str]) -> bool:
    """ă, but for the one of "ua": there it is the u that takes the mark ("mưa")."""
    at = max((i for i, c in enumerate(letters) if c in "aou"), default=-1)
    if at < 0 or letters[at] != "a":
        return False
    if letters[at - 1 : at] == ["u"] and letters[at - 2 : at - 1] != ["q"]:
        return False
    letters[at] = "ă"
    return True


def _horn(letters: list[str]) -> bool:
    """ơ or ư; both for one key where they stand side by side, but in "thuở" and "quở"."""
    for i in reversed(range(len(letters))):
        if letters[i] == "o":
            letters[i] = "ơ"
            if letters[i - 1 : i] == ["u"] and letters[i - 2 : i - 1] != ["q"] and letters[i + 1 :]:
                letters[i - 1] = "ư"
            return True
        if letters[i] == "u" and letters[i - 1 : i] != ["q"]:
            i -= letters[i - 1 : i] == ["u"]  # "cuuw" is "cưu"
            letters[i] = "ư"
            if letters[i + 1 : i + 2] == ["o"]:
                letters[i + 1] = "ơ"
            return True
    return False


def _toned(letters: list[str], tone: str) -> str:
    """The syllable with its tone on the vowel that carries it."""
    word = "".join(letters)
    if "ươ" not in word and "uơ" in word and not word.startswith("qu") and not word.endswith("uơ"):
        word = word.replace("uơ", "ươ")  # the key came before the end of the syllable
    if not tone:
        return word
    vowels = [i for i, c in enumerate(word) if c in _VOWELS]
    if (word.startswith(("qu", "gi"))) and len(vowels) > 1:
        vowels = vowels[1:]
    if not vowels:
        return ""
    marked = [i for i in vowels if word[i] in _MARKED_VOWELS]
    if marked:
        at = marked[-1]
    elif vowels[-1] < len(word) - 1:
        at = vowels[-1]
    else:
        at = vowels[len(vowels) // 2 if len(vowels) > 2 else 0]
    return unicodedata.normalize("NFC", word[: at + 1] + tone + word[at + 1 :])


__all__ = ["read_keys"]
