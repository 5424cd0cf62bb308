"""Three hundred files that are broken, lie or mean harm. All made from fixed seeds."""

import io
import json
import os
import socket
import struct
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.corpus.documents import excel, pdf, word, zipped

SECRET = "CHUỖI-BÍ-MẬT-KHÔNG-ĐƯỢC-ĐỌC"
TITLE = "Bến đò mở lại"
FIRST = "Sáng 3/4, bến đò Vàm Xáng chở chuyến khách đầu tiên sau bảy tháng sửa cầu tàu."
SECOND = "Giá vé là 6.000 đồng một lượt, theo bảng niêm yết ở đầu bến."
TEXT = f"{TITLE}\n\n03/04/2023\n\n{FIRST}\n\n{SECOND}\n"
HTML = f"<!DOCTYPE html><html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p></article></body></html>"
LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY l0 "ha">'
    + "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    + "]>"
)


def whole_files() -> dict[str, bytes]:
    """One sound file of every format."""
    rows = [["Tiêu đề", "Nội dung"], [TITLE, f"{FIRST}\n{SECOND}"], ["Hai", SECOND]]
    table = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    lines = [json.dumps({"title": t, "body": b}, ensure_ascii=False) for t, b in rows[1:]]
    document = word(TITLE, FIRST, SECOND)
    return {
        "txt": TEXT.encode("utf-16"),
        "md": f"---\ntitle: {TITLE}\n---\n{FIRST}\n\n{SECOND}".encode(),
        "html": HTML.encode(),
        "jsonl": "\n".join(lines).encode(),
        "csv": table.encode(),
        "docx": document,
        "xlsx": excel({"Tin": rows}),
        "pdf": pdf(TITLE, [FIRST, SECOND] * 6, head="Báo Bến Đò"),
        "zip": zipped({"a.txt": TEXT.encode(), "b.docx": document}),
    }


def cut_files(whole: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Every format, cut off at twelve places."""
    for suffix, data in whole.items():
        for twelfth in range(12):
            yield f"cắt-{twelfth}.{suffix}", data[: len(data) * twelfth // 12 + 1]


def damaged_files(whole: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Every format, with bytes changed, taken out and put in."""
    for suffix, data in whole.items():
        for seed in range(8):
            random, changed = Random(f"{suffix}{seed}"), bytearray(data)
            for _ in range(1 + 4 * seed):
                at = random.randrange(len(changed))
                changed[at : at + random.randrange(3)] = random.randbytes(random.randrange(3))
            yield f"hỏng-{seed}.{suffix}", bytes(changed)


def lying_files(whole: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """One thing named as another."""
    things = {
        "png": b"\x89PNG\r\n\x1a\n" + Random(1).randbytes(3000),
        "gzip": b"\x1f\x8b\x08\x00" + Random(2).randbytes(500),
        "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + Random(3).randbytes(4000),
        "rtf": b"{\\rtf1\\ansi " + FIRST.encode("ascii", "ignore") + b"}",
        **{name: whole[name] for name in ("pdf", "html", "docx", "xlsx", "zip", "jsonl")},
    }
    for name, data in things.items():
        for suffix in ("txt", "docx", "pdf", "csv", "xlsx", "jsonl", "htm", "zip"):
            if suffix != name:
                yield f"{name}-mà-tên-là.{suffix}", data


def texts() -> Iterator[tuple[str, bytes]]:
    mixed = unicodedata.normalize("NFD", FIRST[:40]) + FIRST[40:]
    for name, text in {
        "nul": TEXT.replace(" ", "\0"),
        "nfc-nfd": f"{TITLE}\n\n{mixed}",
        "rtl": f"{TITLE}\n\n\u202e\u2067{FIRST}\u2069\u202c\u200f",
        "emoji": f"{TITLE} 🚢\n\n👨‍👩‍👧‍👦 {FIRST} 🇻🇳",
        "zalgo": "a" + "\u0301\u0323" * 300_000,
        "zalgo-khác": "a" + "\u0f71\u0f72\u0f74" * 200_000,
        "chấm": "." * 500_000 + "a",
        "viết-tắt": "TP. " * 100_000,
        "ảnh": "(Ảnh: " * 50_000,
        "gạch": "a - " * 100_000 + "-0",
        "xuống-dòng-dài": (
            "dòng này đủ dài để bị coi là một dòng bị ngắt giữa chừng\nvà " * 20_000
        ),
        "một-dòng": "chữ" * 300_000,
        "điều-khiển": "".join(map(chr, range(1, 32))) * 20,
        "chỉ-BOM": "\ufeff",
        "khoảng-trắng": "\u00a0\u3000 \n" * 999,
        "quá-dài": "chữ " * 1_400_000,
    }.items():
        yield f"{name}.txt", text.encode("utf-8")
    yield "nửa-ký-tự.txt", "Mưa ".encode("utf-16") + b"\x3d\xd8" + " to".encode("utf-16-le")
    yield "vnì.txt", "Coâng ñoaøn cô sôû toå chöùc hoäi nghò.".encode("latin-1")
    yield (
        "lẫn-bảng-mã.txt",
        FIRST.encode() + FIRST.encode("utf-16-le") + FIRST.encode("cp1258", "ignore"),
    )


def markdowns() -> Iterator[tuple[str, bytes]]:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{c}: &{c} [{', '.join([f'*{p}'] * 9)}]\n"
        for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    merge = "a: &a {x: 1}\n" + "".join(
        f"{c}: &{c} {{<<: [{', '.join([f'*{p}'] * 9)}]}}\n"
        for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    for name, text in {
        "yaml-bom": f"---\n{bomb}---\n{FIRST}",
        "yaml-gộp": f"---\n{merge}---\n{FIRST}",
        "yaml-sâu": f"---\na: {'[' * 9000}\n---\n{FIRST}",
        "yaml-lệnh": f"---\na: !!python/object/apply:os.system ['touch bị-chiếm']\n---\n{FIRST}",
        "ngoặc": "[" * 50_000,
        "liên-kết": "[a](" * 20_000,
        "sao": "*a **b " * 20_000,
        "trích": "> " * 5_000 + "a",
        "danh-sách": "".join("  " * n + "- a\n" for n in range(300)),
        "nháy": " ".join("`" * n for n in range(1, 400)),
        "thẻ": "<" * 100_000,
        "bảng": "|" * 20_000 + "\n" + "|-" * 10_000 + "|\n" + "|" * 20_000,
        "dài": "chữ " * 300_000,
    }.items():  # fmt: skip
        yield f"{name}.md", text.encode()


def pages() -> Iterator[tuple[str, bytes]]:
    inside = {
        "mã": f"<script>fetch('/{SECRET}'); document.write('x')</script><img src=x onerror=alert(1)>",
        "sâu": "<div>" * 100_000,
        "bảng-sâu": "<table><tr><td>" * 3_000,
        "thuộc-tính": "<p " + " ".join(f"a{n}='1'" for n in range(50_000)) + ">",
        "ghi-chú-hở": "<!--" + "x" * 100_000,
        "liên-kết": "<a href='/x'>tin khác</a> " * 10_000,
        "thực-thể": "&#x1F6A2;&nbsp;&lt;script&gt;&#0;&#xD800;" * 1_000,
        "ảnh-nhúng": f"<img src='data:image/png;base64,{'A' * 2_000_000}'>",
        "khung": "<iframe src='file:///etc/passwd'></iframe><object data='file:///etc/passwd'>",
        "chuyển-hướng": "<meta http-equiv='refresh' content='0;url=http://127.0.0.1:9/'><base href='http://127.0.0.1:9/'>",
        "chú-thích": "<figcaption>" * 2_000,
    }
    for name, markup in inside.items():
        yield f"{name}.html", HTML.replace("<p>", f"{markup}<p>", 1).encode()
    yield "cười.html", (LAUGHS + HTML.replace(FIRST, f"&l9; {FIRST}")).encode()
    yield (
        "xxe.html",
        f"<!DOCTYPE html [<!ENTITY x SYSTEM '/etc/passwd'>]><p>&x;</p><p>{FIRST}</p>".encode(),
    )
    yield "không-phải.htm", Random(4).randbytes(5000)


def tables() -> Iterator[tuple[str, bytes]]:
    body = json.dumps(FIRST)
    rows = {
        "sâu": '{"body": ' + "[" * 200_000,
        "đối-tượng-sâu": '{"a":' * 50_000 + "1" + "}" * 50_000,
        "số-lớn": '{"id": ' + "9" * 100_000 + "}",
        "nửa-ký-tự": '{"body": "Mưa \\ud83d to \\u0000"}',
        "nan": f'{{"body": {body}, "date": NaN, "title": Infinity}}',
        "trùng": f'{{"id": 1, "body": {body}}}\n' * 3_000,
        "toàn-lỗi": "{\n" * 100_000,
        "kiểu-lạ": f'{{"body": {body}, "title": {{"a": []}}, "date": [1], "captions": [[[]]], "url": 5}}',
        "cr": f'{{"body": {body}}}\r' * 3,
        "dài": f'{{"body": "{"chữ " * 1_300_000}"}}\n{{"body": {body}}}',
        "mảng": f"[{body}]",
    }  # fmt: skip
    for name, text in rows.items():
        yield f"{name}.jsonl", text.encode()
    wide = ",".join(["body", *(f"cột {n}" for n in range(9_999))])
    sheets = {
        "10000-cột": f"{wide}\n" + ",".join([f'"{FIRST}"', *["x"] * 9_999]) + "\n",
        "nháy-hở": f'title,body\nMột,"{FIRST}\n' + "a,b\n" * 100_000,
        "phẩy": "," * 1_000_000,
        "công-thức": f'title,body\n"=cmd|\' /C calc\'!A0","{FIRST}"\n',
        "nul": f'title,body\n"Một\0","{FIRST}"\n',
        "lệch-cột": f'title,body\n"{TITLE}"\n"{TITLE}","{FIRST}",1,2,3\n\n\n',
        "dấu-lạ": "title§body\n" + FIRST,
        "trùng-cột": f'body,body,body\n"{FIRST}",b,c\n',
    }
    for name, text in sheets.items():
        yield f"{name}.csv", text.encode()


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
    import zlib

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


def write_all(archive: Path, secret: Path) -> None:
    """All of them into ``archive``."""
    whole = whole_files()
    groups = {
        "cắt": cut_files(whole), "hỏng": damaged_files(whole), "man": lying_files(whole),
        "chữ": texts(), "md": markdowns(), "trang": pages(), "bảng": tables(),
        "word": words(secret), "excel": workbooks(secret), "pdf": papers(), "zip": archives(),
    }  # fmt: skip
    for folder, files in groups.items():
        (archive / folder).mkdir()
        for name, data in files:
            (archive / folder / name).write_bytes(data)
    _odd_names(archive / "tên")
    _no_files(archive / "không-phải-tệp")
    _long_lines(archive / "dài")


def _odd_names(folder: Path) -> None:
    folder.mkdir()
    for name in (
        "xuống\ndòng",
        "🚢",
        unicodedata.normalize("NFD", "bến đò"),
        "\u202etxt",
        "-rf",
        "a" * 240,
        " ",
        "'; DROP TABLE",
        "<b>",
        "a#1",
        "a!",
    ):
        (folder / f"{name}.txt").write_text(TEXT, encoding="utf-8")
    (folder / os.fsdecode(b"b\xf4ng.txt")).write_text(TEXT, encoding="utf-8")


def _no_files(folder: Path) -> None:
    folder.mkdir()
    os.mkfifo(folder / "ống.txt")
    with socket.socket(socket.AF_UNIX) as plug:
        before = Path.cwd()
        os.chdir(folder)  # a socket's path must be short
        try:
            plug.bind("ổ-cắm.txt")
        finally:
            os.chdir(before)
    (folder / "vòng-1.txt").symlink_to(folder / "vòng-2.txt")
    (folder / "vòng-2.txt").symlink_to(folder / "vòng-1.txt")
    (folder / "mất.txt").symlink_to(folder / "không-có")
    (folder / "vô-tận.txt").symlink_to("/dev/zero")
    (folder / "vòng").symlink_to(folder, target_is_directory=True)
    (folder / "thư-mục.txt").mkdir()
    (folder / "tới-thư-mục.pdf").symlink_to(folder, target_is_directory=True)


def _long_lines(folder: Path) -> None:
    """Two hundred megabytes on one line, under three names."""
    folder.mkdir()
    with (folder / "dài.txt").open("wb") as file:
        file.write(b'{"body": "')
        for _ in range(200):
            file.write(b"abcdefg " * 131_072)
    for suffix in ("jsonl", "csv"):
        os.link(folder / "dài.txt", folder / f"dài.{suffix}")
