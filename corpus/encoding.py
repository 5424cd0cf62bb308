"""Bytes → text. Vietnamese archives hold UTF-8, UTF-16, windows-1258, TCVN3 and VNI side by side."""

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress

from corpus.errors import UnreadableFile
from corpus.legacy import CONVERTERS, Legacy, spelling

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NON_ASCII = re.compile("[^\x00-\x7f]")
_BAD_BYTE = re.compile("[\udc80-\udcff]")  # as surrogateescape spells it
_LINE_BYTES = 40_000_004
_SAMPLE = 400_000  # bytes are enough to know an encoding by
_SURE = 0.8  # of the marked words are Vietnamese syllables; the rest are foreign names
_MARGIN = 0.1  # by which the best decoding must beat the next
# More marks on one letter than any language has make normalisation quadratic (UAX 15, 13).
_MARKS = "".join(chr(c) for c in range(0x300, 0x20000) if unicodedata.combining(chr(c)))
_PILED_MARKS = re.compile(f"([{_MARKS}]{{30}})[{_MARKS}]+")
# Scripts without marks, Vietnamese among them: 30 times as quickly passed over as the marks are looked for.
_UNMARKED_SCRIPTS = "\0-\u02ff\u1e00-\u20cf"
_PERHAPS_PILED = re.compile(f"[^{_UNMARKED_SCRIPTS}]{{31}}")


def decode(data: bytes) -> str:
    """Decode ``data`` with its detected encoding; line ends become ``\\n``.

    Raises UnreadableFile when the bytes are no text, or text of no known encoding.
    """
    text = _decode(data)
    if "\0" in text:
        raise UnreadableFile("tệp chứa byte NUL, không phải văn bản")
    return pare_marks(text.replace("\r\n", "\n").replace("\r", "\n"))


def decode_lines(data: bytes) -> Iterator[str]:
    """The lines of ``data`` one by one, so that a large table is never one string.

    Bytes that are no UTF-8 come as lone surrogates (``surrogateescape``); a line of more than
    40 MB is cut there. Raises UnreadableFile like ``decode``.
    """
    if not _is_mostly_utf8(data):
        yield from decode(data).split("\n")
        return
    data = data.removeprefix(codecs.BOM_UTF8)
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    start = 0
    while start <= len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        line = data[start : min(end, start + _LINE_BYTES)]
        yield line.removesuffix(b"\r").decode("utf-8", "surrogateescape")
        start = end + 1


def _is_mostly_utf8(data: bytes) -> bool:
    """UTF-8 throughout, or where it begins: then a broken row is no reason to doubt the others."""
    head = data[:65536]
    if data.startswith(tuple(bom for bom, name in _BOMS if name != "utf-8-sig")) or b"\0" in head:
        return False
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    text = decoder.decode(head)  # a character cut by the end of the head is left waiting
    bad = len(_BAD_BYTE.findall(text))
    if bad or not text.isascii():
        return len(_NON_ASCII.findall(text)) > 10 * bad
    for start in range(len(head), len(data), 2**20):
        if _BAD_BYTE.search(decoder.decode(data[start : start + 2**20])):
            return False
    return not _BAD_BYTE.search(decoder.decode(b"", final=True))


def _decode(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, encoding)
    if b"\0" in data[:4096]:
        return _strict(data, _utf16_without_bom(data[:4096]))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _eight_bit(data)


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"tệp hỏng: không giải mã được theo {encoding}") from error


def _utf16_without_bom(head: bytes) -> str:
    """Spaces and ASCII letters, a tenth of any text at least, leave their zero byte on one side."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if min(even, odd) * 10 > max(even, odd) or max(even, odd) * 20 < len(head):
        raise UnreadableFile("tệp nhị phân, không phải văn bản")
    return "utf-16-le" if odd > even else "utf-16-be"


def _eight_bit(data: bytes) -> str:
    """windows-1258, TCVN3 or VNI: whichever spells Vietnamese."""
    found = {}
    for name, read in _EIGHT_BIT.items():
        with suppress(UnicodeDecodeError):
            found[name] = spelling(read(data[:_SAMPLE]))
    best, *others = sorted(found, key=lambda name: -found[name].score)
    if _is_ascii_with_quotes(data):
        return data.decode("cp1252")
    rival = max((found[name].score for name in others), default=0.0)
    if found[best].right < _SURE or found[best].score < rival + _MARGIN:
        raise UnreadableFile(
            "không nhận ra bảng mã của tệp (windows-1258, TCVN3 hay VNI?); hãy lưu lại bằng UTF-8"
        )
    try:
        return _EIGHT_BIT[best](data)
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"tệp hỏng: không giải mã được theo {best}") from error


def _windows_1258(data: bytes) -> str:
    # The code page spells tones as combining characters; composing them is part of decoding it.
    return unicodedata.normalize("NFC", pare_marks(data.decode("cp1258")))


def _western(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


_EIGHT_BIT: dict[str, Callable[[bytes], str]] = {
    "windows-1258": _windows_1258,
    "TCVN3": lambda data: CONVERTERS[Legacy.TCVN3](_western(data)),
    "VNI": lambda data: CONVERTERS[Legacy.VNI](_western(data)),
}


def _is_ascii_with_quotes(data: bytes) -> bool:
    """English with the quotes and dashes of windows-1252, and nothing else."""
    return not data.translate(None, bytes(range(128)) + b"\x85\x91\x92\x93\x94\x96\x97\xa0")


def pare_marks(text: str) -> str:
    """``text`` with at most 30 combining marks on a letter."""
    return _PILED_MARKS.sub(r"\1", text) if _PERHAPS_PILED.search(text) else text
