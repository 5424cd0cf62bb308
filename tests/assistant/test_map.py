"""``hoibao map``: from the store to one HTML file, by function, by command and in a browser."""

import datetime as dt
import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant.atlas import By, make_atlas
from assistant.atlas_layout import HEIGHT, WIDTH
from assistant.cli import main
from assistant.draw import draw, free_place, read_atlas
from assistant.page.render_atlas import atlas_page
from assistant.service import Assistant
from corpus.errors import UserError
from embeddings.index import store_file
from embeddings.store import Counts, Damaged
from tests.assistant.mapped import (
    LYCHEES,
    VACCINES,
    Page,
    outline,
    random_vectors,
    rows,
    two_subjects,
)  # fmt: skip

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Write = Callable[[str, str], Path]


# From the store


def test_mean_vectors_are_the_means_of_the_passages(assistant: Assistant, write: Write) -> None:
    write("dai.txt", "Bài dài\n\n" + "Trời mưa to ở miền núi phía Bắc suốt cả tuần qua. " * 120)
    write("ngan.txt", "Bài ngắn\n\n(ANTV) - Ngắn thôi.")
    assistant.build()
    with closing(assistant.store()) as store:
        ids = list(store.article_ids())
        assert ids == ["dai.txt", "ngan.txt"]
        [(outlines, means)] = store.mean_vectors(["ngan.txt", "khong-co.txt", "dai.txt"])
        assert [o.id for o in outlines] == ["ngan.txt", "dai.txt"]
        assert [o.title for o in outlines] == ["Bài ngắn", "Bài dài"]
        assert means.dtype == np.float32
        passages = store.passages(store.passage_ids().tolist())
        for o, mean in zip(outlines, means, strict=True):
            own = [id for id, p in passages.items() if p.article.id == o.id]
            vectors = np.concatenate([v for _, v in store.vectors(own)])
            assert len(vectors) == len(own) >= 1
            expected = vectors.mean(axis=0)
            assert np.allclose(mean, expected / np.linalg.norm(expected), atol=1e-6)


def test_a_vector_that_is_none_is_damage_and_says_so(assistant: Assistant, write: Write) -> None:
    write("bai.txt", "Bài\n\n(ANTV) - Trời mưa to ở miền núi.")
    assistant.build()
    with closing(sqlite3.connect(store_file(assistant.settings.index))) as db, db:
        [blob] = db.execute("SELECT vector FROM vectors").fetchone()
        db.execute("UPDATE vectors SET vector = ?", (b"\xff" * len(blob),))
    with closing(assistant.store()) as store, pytest.raises(Damaged, match="hoibao repair"):
        read_atlas(store)


def test_two_subjects_land_apart(assistant: Assistant, write: Write) -> None:
    write("tin.jsonl", two_subjects())
    assistant.build()
    with closing(assistant.store()) as store:
        atlas = read_atlas(store)
    fruit = np.array(["vải thiều" in o.title.lower() for o in atlas.outlines])
    assert fruit.sum() == 4
    one, other = atlas.places[fruit], atlas.places[~fruit]
    assert max(one[:, 0]) < min(other[:, 0]) or max(other[:, 0]) < min(one[:, 0])
    assert {r.words[0] for r in atlas.regions} == {"vải thiều", "vắc xin sởi"}
    for region in atlas.regions:
        assert (region.words[0] == "vải thiều") == fruit[region.central]


def test_the_sample_does_not_depend_on_history(
    assistant: Assistant, write: Write, tmp_path: Path
) -> None:
    write("a.jsonl", two_subjects())
    assistant.build()
    first, again = tmp_path / "1.html", tmp_path / "2.html"
    drawn = draw(assistant, By.SOURCE, first, most=5)
    assert (drawn.articles, drawn.drawn) == (8, 5)
    write("b.txt", "Bài khác\n\n(ANTV) - Rồi bị bỏ đi.").unlink()
    assistant.build(full=True)
    draw(assistant, By.SOURCE, again, most=5)
    assert again.read_bytes() == first.read_bytes()
    page = Page(first.read_text(encoding="utf-8"))
    assert len(page.points) == 5
    assert "vẽ 5 trong 8 bài" in page.said


def test_a_large_archive_says_how_much_of_it_is_drawn() -> None:
    outlines = [outline(f"Bài {n}") for n in range(50)]
    counts = Counts(20_000, 60_000, 0, dt.date(2019, 1, 2), dt.date(2024, 5, 6))
    said = Page(
        atlas_page(make_atlas(outlines, random_vectors(50)), By.SOURCE, "kho “tin”", counts)
    ).said
    assert "Bản đồ kho “tin”" in said
    assert "20.000 bài · đăng 02/01/2019 – 06/05/2024" in said
    assert "vẽ 50 trong 20.000 bài" in said


# The page

HOSTILE = "<script>alert('x')</script> & \"nháy\" </title></svg><img src=x onerror=alert(1)>"


def test_everything_of_the_archive_is_escaped(
    assistant: Assistant, write: Write, tmp_path: Path
) -> None:
    source = '"><b onmouseover=alert(2)>Báo</b>'
    write("tin.jsonl", rows((HOSTILE, "Một bài dữ.", "2024-01-02", source), ("Hiền", "Bài hiền.", "", "")))  # fmt: skip
    assistant.build()
    out = tmp_path / "x.html"
    for by in By:
        draw(assistant, by, out)
        html = out.read_text(encoding="utf-8")
        page = Page(html)
        assert not {"script", "img", "b"} & set(page.tags)
        assert page.tags.count("svg") == 1
        tip = next(t for t in page.tips if "nháy" in t)
        assert tip == f"{HOSTILE}\n{source} · 02/01/2024"
        assert "Hiền\nkhông rõ nguồn · không rõ ngày" in page.tips
        assert not re.search(r"https?://|@import|url\(", html)


def test_the_archives_name_is_escaped(tmp_path: Path) -> None:
    atlas = make_atlas([], np.zeros((0, 4), np.float32))
    html = atlas_page(atlas, By.MONTH, "kho “<script>”", Counts(0, 0, 0, None, None))
    assert "script" not in Page(html).tags


def test_a_title_as_long_as_a_book_is_cut(tmp_path: Path) -> None:
    outlines = [outline("dài " * 50_000), *(outline(t, "báo " * 900) for t in LYCHEES + VACCINES)]
    atlas = make_atlas(outlines, random_vectors(9))
    html = atlas_page(atlas, By.SOURCE, "kho", Counts(9, 9, 0, None, None))
    assert len(html) < 15_000


def test_the_page_of_a_whole_archive(sample: Assistant, tmp_path: Path) -> None:
    drawn = draw(sample, By.MONTH, tmp_path / "x.html")
    html = drawn.out.read_text(encoding="utf-8")
    assert '<html lang="vi">' in html and "prefers-color-scheme: dark" in html
    page = Page(html)
    assert "Bản đồ kho bài mẫu" in page.said
    assert len(page.points) == len(page.tips) == drawn.drawn == drawn.articles >= 40
    assert all(tip.count("\n") == 1 for tip in page.tips)
    for point in page.points:
        assert 0 < float(point["cx"] or 0) < WIDTH and 0 < float(point["cy"] or 0) < HEIGHT
    assert "vắc xin sởi" in page.said


@pytest.mark.parametrize(
    ("titles", "said"),
    [
        ([], "Kho chưa có bài nào"),
        (LYCHEES[:1], "Mới có một bài"),
        (LYCHEES[:2], "Mới có hai bài"),
        (LYCHEES[:3], "Chữ nghiêng là nhan đề của một bài"),
    ],
)
def test_an_archive_of_few_articles_says_so_and_names_them(
    assistant: Assistant, write: Write, tmp_path: Path, titles: list[str], said: str
) -> None:
    for n, title in enumerate(titles):
        write(f"{n}.txt", f"{title}\n\n(ANTV) - {title} ở huyện Lục Ngạn.")
    assistant.build()
    drawn = draw(assistant, By.SOURCE, tmp_path / "x.html")
    assert (drawn.articles, drawn.drawn) == (len(titles), len(titles))
    page = Page(drawn.out.read_text(encoding="utf-8"))
    assert said in page.said
    assert f"{len(titles)} bài" in page.said
    assert len(page.points) == len(titles)
    assert page.said.count("thiều") >= len(titles) - 1  # each has its title beside it


# The command


def place(assistant: Assistant) -> list[str]:
    s = assistant.settings
    return ["--archive", str(s.archive), "--index", str(s.index)]


def test_the_command_builds_draws_and_says_where(
    assistant: Assistant,
    write: Write,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("tin.jsonl", two_subjects())
    (tmp_path / "day").mkdir()
    monkeypatch.chdir(tmp_path / "day")
    assert main(["map", *place(assistant)]) == 0
    shown = capsys.readouterr()
    assert "đang dựng" in shown.err
    out = tmp_path / "day" / "ban-do.html"
    assert shown.out == f"Đã vẽ 8 bài vào “{out}”. Hãy mở tệp ấy bằng trình duyệt.\n"
    assert "Y Tế (4)" in out.read_text(encoding="utf-8")
    assert main(["map", "--by", "month", "--out", "thang.html", "--json", *place(assistant)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"out": str(out.with_name("thang.html")), "articles": 8, "drawn": 8}
    assert "06/2024" in Path(told["out"]).read_text(encoding="utf-8")


def test_the_command_on_an_empty_archive(
    assistant: Assistant, archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "x.html")
    assert main(["map", "--out", out, *place(assistant)]) == 0
    assert "Kho chưa có bài nào" in capsys.readouterr().out


def test_another_colouring_is_refused_in_vietnamese(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["map", "--by", "tác giả"])
    assert left.value.code == 2
    assert "--by không nhận giá trị 'tác giả'; hãy chọn" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_named_before_anything_is_built(
    assistant: Assistant, write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write("tin.jsonl", two_subjects())
    for out, why in [
        (tmp_path, "đó là một thư mục"),
        (tmp_path / "khong-co" / "x.html", "không có thư mục"),
        (tmp_path / "kho" / "x.html", "thuộc kho bài viết"),
        (tmp_path / ("x" * 300), "Không ghi được bản đồ"),
    ]:
        assert main(["map", "--out", str(out), *place(assistant)]) == 1
        shown = capsys.readouterr().err
        assert why in shown and "--out" in shown and str(out) in shown
        assert not assistant.has_index()


def test_the_archive_is_known_by_any_way_to_it(tmp_path: Path, archive: Path) -> None:
    (tmp_path / "loi-khac").symlink_to(archive)
    with pytest.raises(UserError, match="thuộc kho bài viết"):
        free_place(str(tmp_path / "loi-khac" / "x.html"), archive)


@pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="only Linux has a disk that is always full"
)
def test_a_full_disk_is_said_in_vietnamese(assistant: Assistant, archive: Path) -> None:
    assistant.build()
    with pytest.raises(UserError, match="ổ đĩa đã đầy"):
        draw(assistant, By.SOURCE, free_place("/dev/full", archive))


@pytest.mark.browser
def test_a_browser_shows_it_in_light_and_dark_and_asks_nothing_of_the_network(
    browser: "Browser", assistant: Assistant, write: Write, tmp_path: Path
) -> None:
    write("tin.jsonl", two_subjects() + "\n" + rows((HOSTILE, "Một bài dữ.", "", "")))
    assistant.build()
    out = draw(assistant, By.SOURCE, tmp_path / "x.html").out
    shades = []
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme, java_script_enabled=True)
        page = context.new_page()
        asked: list[str] = []
        trouble: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("dialog", lambda dialog, trouble=trouble: trouble.append(dialog.message))
        page.on("console", lambda message, trouble=trouble: trouble.append(message.text))
        page.goto(out.as_uri())
        assert asked == [out.as_uri()]
        assert page.locator("circle").count() == 9
        tips = page.locator("circle title").all_text_contents()
        assert any(HOSTILE in tip for tip in tips)
        shades.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.locator(".chu-giai li", has_text="Y Tế").hover()
        faint = (
            "[...document.querySelectorAll('circle')].filter(c => getComputedStyle(c).opacity < 1)"
        )
        assert page.evaluate(f"{faint}.length") == 5
        assert trouble == []
        context.close()
    assert shades[0] != shades[1]
