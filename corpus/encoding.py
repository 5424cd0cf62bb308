"""Bytes → text. Vietnamese archives hold UTF-8, UTF-16 and windows-1258 files side by side."""

import codecs
import re
import unicodedata

from corpus.errors import UnreadableFile

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_VIETNAMESE = re.compile(
    "[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.I
)
_FOREIGN = re.compile(r"[^\W\d_]")
# A currency sign, "µ" or "¸" inside a word is what TCVN3 and VNI text looks like in windows-1258.
_SYMBOL_IN_WORD = re.compile(r"[a-z][\u00a1-\u00bf×÷]+[a-z]", re.I)


def decode(data: bytes) -> str:
    """Decode ``data`` with its detected encoding; line ends become ``\\n``.

    Raises UnreadableFile when the bytes are no text, or text of no known encoding.
    """
    text = _decode(data)
    if "\0" in text:
        raise UnreadableFile("tệp chứa byte NUL, không phải văn bản")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, encoding)
    if b"\0" in data[:4096]:
        return _strict(data, _utf16_without_bom(data[:4096]))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _windows_1258(data)


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


def _windows_1258(data: bytes) -> str:
    # The code page spells tones as combining characters; composing them is part of decoding it.
    try:
        text = unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError as error:
        raise UnreadableFile("không nhận ra bảng mã của tệp; hãy lưu lại bằng UTF-8") from error
    foreign = sum(1 for c in _FOREIGN.findall(text) if not c.isascii() and not _VIETNAMESE.match(c))
    vietnamese = len(_VIETNAMESE.findall(text))
    symbols = len(_SYMBOL_IN_WORD.findall(text))
    if vietnamese <= 2 * foreign or vietnamese <= 5 * symbols:
        raise UnreadableFile(
            "không nhận ra bảng mã của tệp (có thể là TCVN3 hoặc VNI); hãy lưu lại bằng UTF-8"
        )
    return text
