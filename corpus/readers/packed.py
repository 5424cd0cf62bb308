"""Zip containers looked at before anything in them is unpacked: .zip, .docx and .xlsx.

Every size is checked as declared; Python's zipfile never unpacks more than what is declared.
"""

import io
import zipfile

from corpus.errors import UnreadableFile

MAX_ENTRIES = 20_000
MAX_UNPACKED = 300 * 2**20  # bytes of all entries together
MAX_RATIO = 200  # text packs to a tenth, a sheet of numbers to a fiftieth, a bomb to a thousandth
_RATIO_FROM = 2**20  # a small entry may be as empty as it likes


def open_zip(data: bytes) -> zipfile.ZipFile:
    """``data`` as a zip file whose entries are safe to read one by one.

    Raises UnreadableFile when it is damaged, or would unpack to more than it should.
    """
    if data.count(b"PK\x01\x02") > MAX_ENTRIES:  # before a million entries become objects
        raise UnreadableFile(f"tệp nén có hơn {MAX_ENTRIES} mục")
    try:
        packed = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableFile("tệp hỏng hoặc bị cắt cụt, không mở được") from error
    entries = packed.infolist()
    if sum(e.file_size for e in entries) > MAX_UNPACKED:
        raise UnreadableFile(f"tệp nén bung ra hơn {MAX_UNPACKED // 2**20} MB; hãy chia nhỏ")
    for entry in entries:
        if entry.file_size > max(_RATIO_FROM, MAX_RATIO * entry.compress_size):
            raise UnreadableFile("tệp nén có tỉ lệ nén bất thường (bom nén)")
    return packed


def read_entry(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of one entry. Raises UnreadableFile when it is locked or damaged."""
    if entry.flag_bits & 0x1:
        raise UnreadableFile("có mật khẩu; hãy giải nén rồi để tệp vào kho")
    try:
        return packed.read(entry)
    except NotImplementedError as error:
        raise UnreadableFile("kiểu nén không được hỗ trợ") from error
    except Exception as error:  # zlib, lzma and bz2 each have errors of their own
        raise UnreadableFile("mục trong tệp nén bị hỏng") from error


def checked_office_file(data: bytes) -> zipfile.ZipFile:
    """A .docx or .xlsx that may be handed to its library: no bomb, no entities, no password."""
    packed = open_zip(data)
    for entry in packed.infolist():
        if entry.flag_bits & 0x1:
            raise UnreadableFile("tệp có mật khẩu")
        if entry.filename.lower().endswith((".xml", ".rels")):
            _refuse_entities(packed, entry)
    return packed


def _refuse_entities(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Office files declare no XML entities; one that does is after other files, or after memory."""
    try:
        with packed.open(entry) as stream:
            head = stream.read(4096).replace(b"\0", b"")
    except Exception as error:
        raise UnreadableFile("tệp hỏng hoặc bị cắt cụt, không mở được") from error
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise UnreadableFile("tệp khai báo thực thể XML, không an toàn; không đọc")
