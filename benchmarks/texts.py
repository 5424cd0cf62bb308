"""Archives of any size to measure on, made of the shared text collection.

The questions' own articles first, then real news and encyclopaedia articles, each once. Where more
is asked for than there is, articles are recombined: the paragraphs of two in turn, so that no passage
is printed twice. Which articles were recombined shows in their paths (``r…``).
"""

import itertools
import json
import lzma
import random
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parents[2] / "shared" / "data"
_SOURCES = ("news-2016-2019.jsonl.xz", "news-2017.jsonl.xz", "wiki-vi.jsonl.xz")
_FOLDERS = 100
_POOL = 2_000  # articles that are recombined at a time: bounds memory


def questions(data: Path, most: int) -> list[str]:
    """Real questions on the archive's first articles."""
    with (data / "news-qa-dev/questions.jsonl").open(encoding="utf-8") as rows:
        asked = [json.loads(row)["question"] for row in rows]
    step = max(1, len(asked) // most)
    return asked[::step][:most]


def articles(data: Path) -> Iterator[tuple[str, str]]:
    """``(name, text)`` without end: real articles first, then recombined ones."""
    for n, row in enumerate(_real(data)):
        yield f"b{n:07}", f"{row['title']}\n\n{row['body']}\n"
    chance = random.Random(1)
    for n in itertools.count():
        pool = list(itertools.islice(_real(data), n * _POOL % 90_000, n * _POOL % 90_000 + _POOL))
        chance.shuffle(pool)
        for i, (one, other) in enumerate(itertools.pairwise(pool)):
            yield f"r{n:04}-{i:04}", _recombined(one, other)


def write(folder: Path, data: Path, count: int, after: int = 0) -> None:
    """Articles ``after`` to ``count`` as one text file each, a hundred folders."""
    for n, (name, text) in enumerate(itertools.islice(articles(data), after, count), start=after):
        file = folder / f"d{n % _FOLDERS}" / f"{name}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _real(data: Path) -> Iterator[dict[str, str]]:
    with (data / "news-qa-dev/articles.jsonl").open(encoding="utf-8") as rows:
        yield from map(json.loads, rows)
    for name in _SOURCES:
        with lzma.open(data / name, "rt", encoding="utf-8") as rows:
            yield from map(json.loads, rows)


def _recombined(one: dict[str, str], other: dict[str, str]) -> str:
    pairs = itertools.zip_longest(one["body"].split("\n")[::2], other["body"].split("\n")[1::2])
    parts = [part for pair in pairs for part in pair if part]
    return f"{one['title']} và {other['title']}\n\n" + "\n".join(parts) + "\n"
