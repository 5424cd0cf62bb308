"""Vietnamese of before Unicode: text typed in TCVN3 (ABC, fonts ``.Vn…``) and VNI (``VNI-…``) fonts.

Such a file holds Western European letters that only look Vietnamese in its font: "C«ng ®oµn",
"Coâng ñoaøn". Which table is right is decided by spelling: in the right one nearly every word
with a mark is a Vietnamese syllable. Ordinary Unicode is never touched.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from corpus.spelling import is_common, is_syllable


class Legacy(StrEnum):
    """The two families of fonts."""

    TCVN3 = "TCVN3"
    VNI = "VNI"


# TCVN 5712:1993, VN3. Capitals with a tone have no code: the capital fonts (.Vn…H) show them.
_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
# VNI for Windows: a letter, then the mark of its vowel and tone in one character.
_VNI_MARKS = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_CIRCUMFLEX = {
    "â": "",
    "á": "\u0301",
    "à": "\u0300",
    "å": "\u0309",
    "ã": "\u0303",
    "ä": "\u0323",
}
_VNI_BREVE = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_ALONE = {
    "ô": "ơ",
    "ö": "ư",
    "ñ": "đ",
    "í": "í",
    "ì": "ì",
    "æ": "ỉ",
    "ó": "ĩ",
    "ò": "ị",
    "î": "ỵ",
}


def _vni_table() -> dict[str, str]:
    pairs = dict(_VNI_ALONE)
    pairs |= {v + m: v + tone for v in "aeouy" for m, tone in _VNI_MARKS.items()}
    pairs |= {v + m: _VNI_ALONE[v] + tone for v in "ôö" for m, tone in _VNI_MARKS.items()}
    pairs |= {v + m: f"{v}\u0302{tone}" for v in "aeo" for m, tone in _VNI_CIRCUMFLEX.items()}
    pairs |= {"a" + m: f"a\u0306{tone}" for m, tone in _VNI_BREVE.items()}
    small = {k: unicodedata.normalize("NFC", v) for k, v in pairs.items()}
    # "Aù" beside "AÙ": the mark is often typed small behind a capital.
    title = {k[0].upper() + k[1:]: v.upper() for k, v in small.items()}
    return small | title | {k.upper(): v.upper() for k, v in small.items()}


_VNI = _vni_table()
_VNI_PATTERN = re.compile("|".join(sorted(_VNI, key=len, reverse=True)))

_WORD = re.compile("[^\\W\\d_\u00aa\u00b5\u00ba]+")
# Words as the old fonts spell them: TCVN3 writes letters with signs such as « ® µ ¸.
_RUN = re.compile("[A-Za-z\u0300-\u0323\u00a1-\u017f\u01a0-\u01b0\u1ea0-\u1ef9]+")
_SIGNS = re.compile("[\u00a1-\u00ff]")
_UNICODE_ONLY = re.compile("[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9\u0300\u0301\u0303\u0309\u0323]")  # fmt: skip
_SAMPLE = 400_000  # characters are enough to know a text by
_SURE = 0.8  # of the marked words; the rest are foreign names and slips
_MARGIN = 0.15


@dataclass(frozen=True, slots=True)
class Spelling:
    """How well the marked words of a text are spelt: shares of 0 to 1, over ``words`` of them."""

    words: int
    right: float
    common: float

    @property
    def score(self) -> float:
        return self.right + self.common


def spelling(text: str, pattern: re.Pattern[str] = _WORD) -> Spelling:
    """Look at the words of ``text`` that are not plain ASCII."""
    marked = [w for w in pattern.findall(text[:_SAMPLE]) if not w.isascii()]
    if not marked:
        return Spelling(0, 0.0, 0.0)
    right = sum(map(is_syllable, marked)) / len(marked)
    return Spelling(len(marked), right, sum(map(is_common, marked)) / len(marked))


def from_tcvn3(text: str) -> str:
    """Unicode of a text typed in a TCVN3 font and read as Western European."""
    return _raise_case(text.translate(_TCVN3_CODES), text)


def from_vni(text: str) -> str:
    """Unicode of a text typed in a VNI font and read as Western European."""
    return _VNI_PATTERN.sub(lambda match: _VNI[match.group()], text)


_TCVN3_CODES = str.maketrans(_TCVN3)
CONVERTERS: dict[Legacy, Callable[[str], str]] = {
    Legacy.TCVN3: from_tcvn3,
    Legacy.VNI: from_vni,
}


def _raise_case(text: str, typed: str) -> str:
    """ "HéI NGHÞ" is "HỘI NGHỊ": a toned vowel among capitals is one."""
    lines = text.split("\n")
    for i, line in enumerate(typed.split("\n")):
        if re.search("[A-Z]", line) and not line.isascii():
            whole = not re.search("[a-z]", line) and len(re.findall("[A-Z]", line)) > 2
            lines[i] = lines[i].upper() if whole else _RUN.sub(_raise_word, lines[i])
    return "\n".join(lines)


def _raise_word(match: re.Match[str]) -> str:
    """Two capitals and no plain small letter; "Hà" alone could be either and stays."""
    word = match.group()
    capitals = sum(1 for c in word if c.isupper())
    plain_small = any("a" <= c <= "z" for c in word)
    return word.upper() if capitals > 1 and not plain_small else word


def detect(text: str) -> Legacy | None:
    """The table ``text`` was typed in, or None for Unicode, for other languages and for doubt."""
    sample = text[:_SAMPLE]
    signs = len(_SIGNS.findall(sample))
    if signs < 2 or len(_UNICODE_ONLY.findall(sample)) * 4 > signs:
        return None
    as_it_is = spelling(sample, _RUN)
    found = {table: spelling(convert(sample)) for table, convert in CONVERTERS.items()}
    best, other = sorted(found, key=lambda table: -found[table].score)
    if found[best].words < 2 or found[best].right < _SURE:
        return None
    rivals = max(as_it_is.score, found[other].score)
    return best if found[best].score >= rivals + _MARGIN else None


def is_unicode_only(text: str) -> bool:
    """Whether ``text`` has a Vietnamese letter that no old font's text can have."""
    return bool(_UNICODE_ONLY.search(text))


def to_unicode(text: str) -> str:
    """``text``, its lines converted where they were typed in an old font."""
    if text.isascii() or not _SIGNS.search(text):
        return text
    return "\n".join(to_unicode_all(text.split("\n")))


def to_unicode_all(texts: Iterable[str]) -> list[str]:
    """The parts of one article, judged together and converted each on its own."""
    parts = list(texts)
    if all(map(str.isascii, parts)):
        return parts
    table = detect("\n".join(parts))
    if table is None:
        return parts
    convert = CONVERTERS[table]
    return [p if p.isascii() or _UNICODE_ONLY.search(p) else convert(p) for p in parts]
