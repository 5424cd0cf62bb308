"""Office files, PDFs and zips that are broken, lie or mean harm; and the text they are made of."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.corpus.documents import excel, pdf, word, zipped

TITLE = "Bến đò mở lại"
FIRST = "Sáng 3/4, bến đò Vàm Xáng chở chuyến khách đầu tiên sau bảy tháng sửa cầu tàu."
SECOND = "Giá vé là 6.000 đồng một lượt, theo bảng niêm yết ở đầu bến."
TEXT = f"{TITLE}\n\n03/04/2023\n\n{FIRST}\n\n{SECOND}\n"
LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY l0 "ha">'
    + "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    + "]>"
)


def replaced(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """An office file with something replaced in one part."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        entries = {name: packed.read(name) for name in packed.namelist()}
    assert old in entries[part], (part, old)
    return zipped(entries | {part: entries[part].replace(old, new)})


def words(secret: Path) -> Iterator[tuple[str, bytes]]:
    sound, part = word(TITLE, FIRST), "word/document.xml"
    xxe = f"<!DOCTYPE a [<!ENTITY x SYSTEM 'file://{secret}'>]>".encode()
    dodge = b"<!--" + b"x" * 9000 + b"-->"
    start, text = b"<w:document", TITLE.encode()
    main = b"wordprocessingml.document.main+xml"
    yield "xxe.docx", replaced(replaced(sound, part, start, xxe + start), part, text, b"&x;")
    yield (
        "xxe-giấu.docx",
        replaced(replaced(sound, part, start, dodge + xxe + start), part, text, b"&x;"),
    )
    laughs = LAUGHS.encode()
    yield "cười.docx", replaced(replaced(sound, part, start, laughs + start), part, text, b"&l9;")
    yield (
        "cười-giấu.docx",
        replaced(replaced(sound, part, start, dodge + laughs + start), part, text, b"&l9;"),
    )
    yield (
        "macro.docx",
        replaced(
            sound,
            "[Content_Types].xml",
            b"vnd.openxmlformats-officedocument." + main,
            b"vnd.ms-word.document.macroEnabled.main+xml",
        ),
    )
    with zipfile.ZipFile(io.BytesIO(sound)) as packed:
        entries = {name: packed.read(name) for name in packed.namelist()}
    yield "có-vba.docx", zipped(entries | {"word/vbaProject.bin": b"Sub AutoOpen()"})
    yield "thiếu-styles.docx", zipped({n: d for n, d in entries.items() if "styles" not in n})
    yield "bom.docx", zipped(entries | {"word/media/a.xml": b"0" * 50_000_000})
    yield "leo.docx", zipped(entries | {"../../leo.xml": b"<a/>"})
    table = b"<w:tbl><w:tr><w:tc>"
    for name, markup in {
        "bảng-lồng": table * 60 + b"<w:p/>" + b"</w:tc></w:tr></w:tbl>" * 60,
        "bảng-lồng-quá": table * 5_000,
        "nhiều-đoạn": b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 30_000,
        "nhiều-run": b"<w:p>" + b"<w:r><w:t>a</w:t></w:r>" * 50_000 + b"</w:p>",
    }.items():
        yield f"{name}.docx", replaced(sound, part, b"<w:body>", b"<w:body>" + markup)


def workbooks(secret: Path) -> Iterator[tuple[str, bytes]]:
    sound = excel({"Tin": [["title", "body"], [TITLE, FIRST]]})
    part = "xl/worksheets/sheet1.xml"
    rows = b"".join(b'<row r="%d"/>' % n for n in range(3, 1_000_000, 1))
    yield "triệu-dòng-trống.xlsx", replaced(sound, part, b"</sheetData>", rows + b"</sheetData>")
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    yield "ô-xa.xlsx", replaced(sound, part, b"</sheetData>", far)
    yield "khai-man.xlsx", replaced(sound, part, b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    strings = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si></sst>'
    third = b'<row r="3"><c r="B3" t="s"><v>0</v></c></row></sheetData>'
    with_third = replaced(sound, part, b"</sheetData>", third)
    xxe = f"<!DOCTYPE a [<!ENTITY x SYSTEM 'file://{secret}'>]>".encode()
    dodge = b"<!--" + b"x" * 9000 + b"-->"
    for name, trick, entity in (("xxe", xxe, b"&x;"), ("cười", LAUGHS.encode(), b"&l9;")):
        for hidden in (b"", dodge):
            yield (
                f"{name}-{len(hidden)}.xlsx",
                _sharing(with_third, hidden + trick + strings % entity),
            )
    row = b'<row r="%d"><c r="B%d" t="s"><v>0</v></c></row>'
    again = b"".join(row % (n, n) for n in range(3, 4_000))
    many = replaced(sound, part, b"</sheetData>", again + b"</sheetData>")
    yield "nhân-lên.xlsx", _sharing(many, strings % (b"a " * 250_000))


def _sharing(data: bytes, strings: bytes) -> bytes:
    """A workbook with a table of shared strings."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'.encode()
    data = replaced(data, "[Content_Types].xml", b"</Types>", part)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        entries = {name: packed.read(name) for name in packed.namelist()}
    return zipped(entries | {"xl/sharedStrings.xml": strings})


def papers() -> Iterator[tuple[str, bytes]]:
    yield "mật-khẩu.pdf", pdf(TITLE, [FIRST], encrypt={"owner_password": "a", "user_password": "b"})
    yield (
        "mật-khẩu-aes.pdf",
        pdf(
            TITLE,
            [FIRST],
            encrypt={"owner_password": "a", "user_password": "b", "encryption_method": "AES_256"},
        ),
    )
    yield "chỉ-đầu.pdf", b"%PDF-1.7\n"
    yield "ngẫu-nhiên.pdf", b"%PDF-1.7\n" + Random(5).randbytes(50_000)
    page = b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 9 9]/Resources<</XObject<</F 4 0 R>>>>>>"
    objects = {
        "cây-vòng": [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"],
        "đếm-man": [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 99999999>>", page],
        "tự-gọi": [
            b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page,
            b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 4 0 R>>>>/Length 9>>stream\n/F Do /F Do\nendstream",
        ],
        "mở-là-chạy": [b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>", b"<</Type/Pages/Kids[]/Count 0>>"],
        "mảng-sâu": [b"<</Type/Catalog/Pages " + b"[" * 50_000 + b">>"],
    }  # fmt: skip
    for name, bodies in objects.items():
        yield f"{name}.pdf", _pdf_of(bodies)
    for name, content in {
        "bom-nén": b" " * 60_000_000,
        "triệu-chữ": b"BT /F 9 Tf " + b"(a) Tj " * 400_000 + b"ET",
    }.items():
        packed = zlib.compress(content, 9)
        stream = b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
        yield f"{name}.pdf", _pdf_of([*objects["tự-gọi"][:3], stream])


def _pdf_of(objects: list[bytes]) -> bytes:
    data, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    return (
        data + head + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (count, len(data))
    )


def archives() -> Iterator[tuple[str, bytes]]:
    text = TEXT.encode()
    yield "bom.zip", zipped({"a.txt": b"0" * 60_000_000, "b.txt": text})
    deep = zipped({"a.txt": text})
    for _ in range(12):
        deep = zipped({"a.zip": deep, "b.txt": text})
    yield "lồng.zip", deep
    yield "đông.zip", zipped({f"{n}.txt": b"" for n in range(25_000)}, zipfile.ZIP_STORED)
    climbing = [
        "../../../leo.txt",
        "/leo-gốc.txt",
        "C:\\leo.txt",
        "..\\..\\leo2.txt",
        "a/../../leo3.txt",
    ]
    yield "leo.zip", zipped(dict.fromkeys(climbing, text))
    yield "tên-lạ.zip", zipped({"a\nb.txt": text, "🚢.txt": text, "a\u202etxt.exe.txt": text, "con.txt": text, " .txt": text})  # fmt: skip
    link = zipfile.ZipInfo("liên-kết.txt")
    link.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr(link, "/etc/passwd")
    yield "liên-kết.zip", buffer.getvalue()
    sound = zipped({"a.txt": text * 100})
    size = struct.pack("<I", len(text) * 100)
    yield "khai-ít.zip", sound.replace(size, struct.pack("<I", 9))
    yield "khai-nhiều.zip", sound.replace(size, struct.pack("<I", 2**31 - 1))
    record = sound.index(b"PK\x01\x02")
    end = sound.index(b"PK\x05\x06")
    doubled = (
        sound[:end]
        + sound[record:end]
        + sound[end:].replace(
            struct.pack("<HHI", 1, 1, end - record), struct.pack("<HHI", 2, 2, 2 * (end - record))
        )
    )
    yield "chồng.zip", doubled
    yield "kiểu-nén-lạ.zip", sound.replace(b"\x08\x00", b"\x63\x00")
    yield "bzip2.zip", zipped({"a.txt": text}, zipfile.ZIP_BZIP2)
    yield "lzma.zip", zipped({"a.txt": text}, zipfile.ZIP_LZMA)
