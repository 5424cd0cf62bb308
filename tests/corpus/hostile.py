"""Three hundred files that are broken, lie or mean harm. All made from fixed seeds."""

import json
import os
import socket
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.corpus.documents import excel, pdf, word, zipped
from tests.corpus.hostile_packed import (
    FIRST,
    LAUGHS,
    SECOND,
    TEXT,
    TITLE,
    archives,
    papers,
    words,
    workbooks,
)

SECRET = "CHUỖI-BÍ-MẬT-KHÔNG-ĐƯỢC-ĐỌC"
HTML = f"<!DOCTYPE html><html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p></article></body></html>"


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
