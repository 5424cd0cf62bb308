"""One story, one group: reprints are found, corrections are not, and order does not matter."""

import datetime as dt
import random
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from assistant.fold import published_also
from assistant.service import Assistant
from corpus.article import Article, make_article
from corpus.text import marked_forms, printed
from embeddings.duplicates import SIMILAR, components, linked, signature
from embeddings.store import Twin
from tests.conftest import Write
from tests.embeddings.news import article

LONG = article(7)


def made(text: str, title: str = "Tin") -> Article:
    return make_article(id="a", path="a", title=title, paragraphs=[text])


def jaccard(a: Article, b: Article) -> float:
    """Worked out on the shingles themselves."""
    sets = []
    for one in (a, b):
        forms = marked_forms(printed(one.title)) + marked_forms(printed(one.body))
        sets.append({tuple(forms[i : i + 5]) for i in range(len(forms) - 4)})
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


def test_minima_estimate_the_overlap_of_shingles() -> None:
    rng = random.Random(1)
    words = " ".join(article(n) for n in range(3)).split()
    for cut in (10, 60, 150):
        a = made(" ".join(words))
        other = words[cut:] + rng.choices(words, k=cut)
        b = made(" ".join(other))
        one, two = signature(a), signature(b)
        assert one and two
        estimate = float((one.minima == two.minima).mean())
        assert estimate == pytest.approx(jaccard(a, b), abs=0.15)


def test_a_reprint_is_linked_and_a_correction_is_not() -> None:
    text = (
        "Mưa lũ ở Quảng Trị làm 12 người chết, 3 người mất tích và cuốn trôi 45 ngôi nhà. " + LONG
    )
    first = signature(made(text))
    reprint = signature(made(text + " Theo Báo Sông Lạch."))
    correction = signature(made(text.replace("12 người chết", "15 người chết")))
    other = signature(made(article(8)))
    assert first and reprint and correction and other
    assert linked(first, [reprint, correction, other]) == [True, False, False]
    assert float((first.minima == correction.minima).mean()) >= SIMILAR, (
        "only the number parts them"
    )
    assert signature(made("")) is not None  # its title
    assert signature(made("", title="")) is None


def test_groups_do_not_depend_on_numbering() -> None:
    base = [made(article(n)) for n in range(4)]
    texts = [a for a in base for _ in range(2)] + [
        replace(base[0], text=base[0].text + " Thêm mấy chữ.", body_end=base[0].body_end + 14)
    ]
    signatures = [s for s in map(signature, texts) if s]
    names = list(range(len(signatures)))
    expected = {frozenset(g) for g in components(dict(enumerate(signatures)))}
    assert frozenset({0, 1, 8}) in expected
    for seed in range(5):
        random.Random(seed).shuffle(names)
        renamed = components({names[i]: s for i, s in enumerate(signatures)})
        back = {name: i for i, name in enumerate(names)}
        assert {frozenset(back[n] for n in g) for g in renamed} == expected


def test_candidates_miss_no_close_pair() -> None:
    texts = [LONG + " " + " ".join(article(50).split()[:n]) for n in range(0, 30, 3)]
    signatures = [s for s in (signature(made(t)) for t in texts) if s]
    for a, b in combinations(signatures, 2):
        if float((a.minima == b.minima).mean()) >= 0.9:
            assert set(a.bands) & set(b.bands)


STORY = (
    "Khánh thành cầu Vân Du\n\n{date}\n\nSáng 1/9, cầu Vân Du dài 312 mét bắc qua sông Lạch được khánh thành. "
    "Người dân hai xã Vân Du và Thạch Bình đến dự rất đông, nhiều cụ già đi từ sáng sớm. "
    "Chủ tịch huyện cho biết cây cầu rút ngắn đường tới trường của hơn 400 học sinh.{more}\n"
)


def test_search_shows_one_story_once_and_names_the_others(
    assistant: Assistant, archive: Path, write: Write
) -> None:
    write("b/som.txt", STORY.format(date="01/09/2023", more=""))
    write("a/muon.txt", STORY.format(date="03/09/2023", more=" (Theo Sông Lạch)"))
    write("c/khong-ngay.txt", STORY.format(date="", more=""))
    write("d/dinh-chinh.txt", STORY.format(date="05/09/2023", more="").replace("312", "321"))
    for n in range(5):
        write(f"khac/{n}.txt", article(n))
    assistant.build()
    hits = assistant.search("cầu Vân Du dài bao nhiêu mét", 10)
    bridge = [h for h in hits if "Vân Du" in h.passage.text]
    bridge.sort(key=lambda h: h.passage.article.id)
    assert [h.passage.article.id for h in bridge] == ["b/som.txt", "d/dinh-chinh.txt"]
    assert [t.id for t in bridge[0].also] == ["a/muon.txt", "c/khong-ngay.txt"]
    assert bridge[1].also == ()
    assert assistant.status().groups == 1
    (archive / "d/dinh-chinh.txt").unlink()
    assistant.build()
    cited = assistant.ask("Cầu Vân Du rút ngắn đường tới trường của bao nhiêu học sinh?").citations
    assert cited and cited[0].article.id == "b/som.txt"
    assert cited and cited[0].article.id == "b/som.txt"
    assert [t.id for t in cited[0].also] == ["a/muon.txt", "c/khong-ngay.txt"]


def test_a_group_parts_when_the_link_goes(
    assistant: Assistant, archive: Path, write: Write
) -> None:
    for name in ("a", "b", "c"):
        write(f"{name}.txt", STORY.format(date="01/09/2023", more=""))
    assistant.build()
    assert len(assistant._open().duplicates(["a.txt"])["a.txt"]) == 3
    (archive / "a.txt").unlink()
    assistant.build()
    assert [t.id for t in assistant._open().duplicates(["b.txt"])["b.txt"]] == ["b.txt", "c.txt"]
    (archive / "c.txt").write_text(article(3), encoding="utf-8")
    assistant.build()
    assert assistant._open().duplicates(["b.txt", "c.txt"]) == {}


def test_what_only_one_of_them_says_stays_in_sight(assistant: Assistant, write: Write) -> None:
    body = " ".join(article(n).split("\n\n")[2].strip() for n in range(3))
    extra = (
        "Riêng ông Lò Văn Ún, trưởng bản Nà Khoang, kể rằng ông đã chèo bè đưa từng chuyến mạ non qua suối "
        "suốt cả mùa nước lớn mà không quản hiểm nguy."
    )
    write("a.txt", f"Mùa vụ miền núi\n\n01/02/2020\n\n{body}")
    write("b.txt", f"Mùa vụ miền núi\n\n02/02/2020\n\n{body} {extra}")
    assistant.build()
    assert assistant.status().groups == 1
    hits = assistant.search("Lò Văn Ún chèo bè đưa mạ non qua suối", 3)
    assert any("Lò Văn Ún" in h.passage.text for h in hits)


def test_where_else_in_words() -> None:
    twins = [
        Twin("a.txt", "A", dt.date(2025, 9, 2), "Báo Sông Lạch"),
        *(Twin(f"{n}.txt", "B", None, "") for n in range(4)),
    ]
    assert published_also([]) == ""
    assert published_also(twins[:2]) == "Cũng đăng tại: Báo Sông Lạch (02/09/2025), 0.txt"
    assert published_also(twins).endswith("0.txt, 1.txt và 2 bài khác")


def test_a_long_text_is_hashed_in_bounded_memory() -> None:
    rng = np.random.default_rng(0)
    text = " ".join(f"w{n}" for n in rng.integers(0, 9_999, 60_000))
    assert signature(made(text)) is not None
