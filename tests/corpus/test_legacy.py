"""Old Vietnamese fonts: the tables against another implementation, and what must never change."""

import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.archive import SAMPLE_ARCHIVE, list_files, read_file
from corpus.legacy import Legacy, detect, from_tcvn3, from_vni, to_unicode, to_unicode_all
from corpus.spelling import is_common, is_syllable

SMALL = "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵăâđêôơư"
TEXTS = [
    "Sáng 12/6, công đoàn cảng cá Lạch Bạng trao 64 áo phao cho ngư dân đi biển dài ngày.",
    "Hội nghị tổng kết phong trào thi đua lao động giỏi; bà Nguyễn Thị Ngọc Hoa phát biểu.",
    "Các hộ nghèo được vay vốn ưu đãi để nuôi dê, trồng chè, dệt vải và sửa nhà cửa.",
]


def vni(text: str) -> str:
    """A text as a VNI keyboard driver typed it, from the rules of the code and not the table."""
    typed = []
    for letter in unicodedata.normalize("NFC", text):
        base, *marks = unicodedata.normalize("NFD", letter)
        typed.append(
            _vni_letter(base, "".join(marks)) if letter not in "đĐ" else "ñÑ"["đĐ".index(letter)]
        )
    return "".join(typed)


def _vni_letter(base: str, marks: str) -> str:
    tone = next((m for m in marks if m in "\u0301\u0300\u0309\u0303\u0323"), "")
    shape = marks.replace(tone, "") if tone else marks
    if base in "iI" and tone:
        small = {"\u0301": "í", "\u0300": "ì", "\u0309": "æ", "\u0303": "ó", "\u0323": "ò"}[tone]
    elif base in "yY" and tone == "\u0323":
        small = "î"
    else:
        small = {"\u031b": {"o": "ô", "u": "ö"}.get(base.lower(), ""), "": base.lower()}.get(
            shape, base.lower()
        )
        order = "\u0301\u0300\u0309\u0303\u0323"
        if shape == "\u0302":
            small += "áàåãä"[order.index(tone)] if tone else "â"
        elif shape == "\u0306":
            small += "éèúüë"[order.index(tone)] if tone else "ê"
        elif tone:
            small += "ùøûõï"[order.index(tone)]
    return small.upper() if base.isupper() else small


@pytest.mark.skipif(not shutil.which("iconv"), reason="no iconv to compare with")
def test_tcvn3_against_the_table_of_the_c_library() -> None:
    """VN1, which glibc knows, has the same codes where VN3 has one."""
    data = bytes(range(0xA1, 0x100))
    letters = {}
    for code in data:
        done = subprocess.run(
            ["iconv", "-f", "TCVN", "-t", "UTF-8"], input=bytes([code]), capture_output=True
        )
        letter = unicodedata.normalize("NFC", done.stdout.decode("utf-8", "replace"))
        if done.returncode == 0 and len(letter) == 1 and letter.isalpha():
            letters[bytes([code]).decode("latin-1")] = letter
    ours = {c: from_tcvn3(c) for c in map(chr, data) if from_tcvn3(c) != c or c == "ý"}
    assert len(ours) == 74  # 67 small letters and Ă Â Đ Ê Ô Ơ Ư
    assert {c: letters.get(c) for c in ours} == ours


def test_each_small_letter_comes_back_from_vni() -> None:
    assert [from_vni(vni(letter)) for letter in SMALL] == list(SMALL)
    assert [from_vni(vni(letter)) for letter in SMALL.upper()] == list(SMALL.upper())


def tcvn3(text: str) -> str:
    """A text typed in a TCVN3 font: toned capitals have no code and are typed small."""
    codes = {from_tcvn3(c): c for c in map(chr, range(0xA1, 0x100)) if from_tcvn3(c) != c}
    composed = unicodedata.normalize("NFC", text)
    return "".join(codes.get(c) or codes.get(c.lower()) or c for c in composed)


@pytest.mark.parametrize("text", TEXTS)
def test_texts_come_back_and_are_told_apart(text: str) -> None:
    assert (detect(vni(text)), to_unicode(vni(text))) == (Legacy.VNI, text)
    assert (detect(tcvn3(text)), to_unicode(tcvn3(text))) == (Legacy.TCVN3, text)
    assert vni(text) != text != tcvn3(text)


def test_capitals_of_tcvn3() -> None:
    assert to_unicode("HéI NGHÞ C¤NG §OµN Hµ NéI") == "HỘI NGHỊ CÔNG ĐOÀN HÀ NỘI"
    assert to_unicode("¤ng Hµ vµ bµ Lª ë Hµ Néi") == "Ông Hà và bà Lê ở Hà Nội"


@pytest.mark.parametrize(
    "text",
    [
        *TEXTS,
        *[unicodedata.normalize("NFD", t) for t in TEXTS],
        "Cong doan khong dau",
        "",
        "Tôi là bà Cô",  # marks that Latin-1 has alone
        "Bà tôi có bò sữa, mẹ có bê",
        "L'été dernier, où étaient les élèves? Là-bas, à côté du café, ça va très bien.",
        "Für größere Häuser müssen wir über die Straße gehen, höflich und schön.",
        "O menino não está na ação da manhã; é um avô muito bom, irá à praça.",
        "El señor habló mañana con el niño; está aquí, ¿qué pasó? ¡Ojalá!",
        "Það er gott að búa á Íslandi, þar sem ég á heima í húsi.",
        "På svenska är det så här: åker vi över ön får vi öl.",
        "Però così è già più bello; perché può, città è là.",
        "« Bonjour », 25 °C ± 2, § 5, 10 µm, Sony® ©2020, 3×4, ½ km²",
        "ñöùøûõï ôâáàåãä",
        "®«¬µ¸¹»¼½¾",
        "Сегодня в Ханое", "今天在河内", "\ud83d\ude00 emoji ® và chữ",
    ],
)  # fmt: skip
def test_ordinary_text_is_never_changed(text: str) -> None:
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert detect(text) is None
    assert to_unicode(text) == text


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_with_a_letter_of_its_own_unicode_stays(text: str) -> None:
    text = f"{text} được đồng ý những người ở đường này"
    assert to_unicode(text) == text


def test_samples_are_unicode_and_spelt_as_such() -> None:
    texts = [
        a.text for f in list_files(SAMPLE_ARCHIVE) for a in read_file(SAMPLE_ARCHIVE, f).articles
    ]
    assert len(texts) > 40
    assert all(to_unicode(t) == t for t in texts)


def test_a_paragraph_that_is_unicode_already_stays_beside_one_that_is_not() -> None:
    parts = [*map(tcvn3, TEXTS), "Được biết, ông Tòng đã là bà con."]
    assert to_unicode_all(parts) == [*TEXTS, "Được biết, ông Tòng đã là bà con."]


@pytest.mark.parametrize(
    "word", "nghiêng khuỷu quýt giếng gì gìn quốc thuở hoà hòa uỷ ủy yêu Đắc ỨNG xoong loắt".split()
)
def test_syllables(word: str) -> None:
    assert is_syllable(word) and is_syllable(unicodedata.normalize("NFD", word))


@pytest.mark.parametrize("word", "bàng-k café bảc hoàt năt müller strasse ôtô ﬀ ngghe át̀".split())
def test_no_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_common_syllables_are_syllables() -> None:
    from corpus.spelling import _COMMON

    assert [w for w in _COMMON if not is_syllable(w)] == []
    assert all(map(is_common, _COMMON))


@pytest.mark.shared
def test_real_news_is_never_converted(shared: Path) -> None:
    folder = shared / "data" / "news-qa-dev"
    for article in read_file(folder, "articles.jsonl").articles:
        assert detect(article.text) is None
