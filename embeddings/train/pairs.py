"""(query, passage) pairs out of every source, each kind named so that it can be counted."""

import random
from collections.abc import Iterator
from pathlib import Path

from embeddings.sets import Row, read_rows
from embeddings.train.glossary import Glossary
from embeddings.train.pair import Pair, group_of
from embeddings.train.passages import cut_piece, group_passages, split_sentences
from embeddings.train.sources import HeldBack, read_news

_PIECES = 2  # sentence pieces a news article
_WIKI_PASSAGES = 40  # passages of one Wikipedia page; the longest pages would swamp the rest
_ENGLISH_SHARE = 0.5  # of articles that also get a piece put into English word by word
_REPEAT_QUESTIONS = 3  # real questions are few and the nearest to what users type
_MAX_WORDS = 300  # of a legal answer; the median is under 200
_REAL_LEGAL = frozenset({"tvpl", "hddtvn", "catholic", "congan_phutho"})


def all_pairs(data: Path, seed: int) -> Iterator[Pair]:
    """Every training pair of the data folder, in a fixed order for one ``seed``."""
    held_back = HeldBack.of(data)
    glossary = Glossary.read(data)
    yield from news_pairs(data, held_back, glossary, random.Random(seed))
    yield from wiki_pairs(data, held_back, glossary, random.Random(seed + 1))
    yield from headline_pairs(data)
    yield from legal_pairs(data)
    yield from question_pairs(data, random.Random(seed + 2))
    yield from parallel_pairs(data)
    yield from glossary.pairs(random.Random(seed + 3))


def news_pairs(
    data: Path, held_back: HeldBack, glossary: Glossary, rng: random.Random
) -> Iterator[Pair]:
    """Title and abstract → passage, title → abstract, pieces of sentences → their passage."""
    for row in read_news(data):
        sentences = split_sentences(row["body"])
        if not sentences or held_back.overlaps(sentences):
            continue
        title, abstract = row["title"].strip(), row["abstract"].strip()
        group = group_of(title)
        passages = group_passages(sentences, rng)
        if title:
            yield Pair("news title → passage", title, " ".join(rng.choice(passages[:2])), group)
        if abstract:
            passage = _with_title(title, " ".join(rng.choice(passages[:3])), rng)
            yield Pair("news abstract → passage", abstract, passage, group)
        if title and abstract:
            yield Pair("news title → abstract", title, abstract, group)
        for run in rng.sample(passages, min(_PIECES, len(passages))):
            yield from _piece("news piece → passage", title, run, group, rng)
        if rng.random() < _ENGLISH_SHARE:
            yield from _english_piece(title, rng.choice(passages), group, glossary, rng)


def wiki_pairs(
    data: Path, held_back: HeldBack, glossary: Glossary, rng: random.Random
) -> Iterator[Pair]:
    """Title → first passage, and pieces of sentences of every passage, for Wikipedia pages."""
    for row in read_rows(data / "wiki-vi.jsonl.xz"):
        sentences = [s for s in split_sentences(row["body"]) if not s.startswith("==")]
        passages = [p for p in group_passages(sentences, rng) if not held_back.overlaps(p)]
        title = row["title"].strip()
        group = group_of(title)
        if not passages:
            continue
        yield Pair("wiki title → passage", title, " ".join(passages[0]), group)
        # Passages of one page stay each other's negatives: telling them apart is the task.
        for number, run in enumerate(passages[:_WIKI_PASSAGES]):
            own = group_of(f"{title}#{number}")
            yield from _piece("wiki piece → passage", title, run, own, rng)
            if rng.random() < _ENGLISH_SHARE:
                yield from _english_piece(title, run, own, glossary, rng)


def headline_pairs(data: Path) -> Iterator[Pair]:
    """Title → summary of recent headlines."""
    for row in read_rows(data / "headlines-2025-2026.jsonl.xz"):
        title, summary = row.get("title"), row.get("abstract")
        if title and summary:
            yield Pair("headline → summary", title, summary, group_of(title))


def legal_pairs(data: Path) -> Iterator[Pair]:
    """Legal question → answer, real questions several times; titles of law articles → text."""
    for row in read_rows(data / "legal-qa-train.jsonl.xz"):
        passage = " ".join(row["context"].split()[:_MAX_WORDS])
        real = row["src"] in _REAL_LEGAL
        kind = "legal question → answer" if real else "law title → text"
        for _ in range(_REPEAT_QUESTIONS if real else 1):
            yield Pair(kind, row["question"], passage, group_of(passage))


def question_pairs(data: Path, rng: random.Random) -> Iterator[Pair]:
    """Written news questions (``split`` train) → the passage that holds the answering sentence."""
    articles = {row["id"]: row for row in read_rows(data / "news-qa-train" / "articles.jsonl")}
    for row in read_rows(data / "news-qa-train" / "questions.jsonl"):
        if row["split"] != "train" or not row["answerable"]:
            continue
        question = " ".join([*row.get("history", []), row["question"]])
        article = articles[row["article"]]
        for _ in range(_REPEAT_QUESTIONS):
            passage = _passage_around(article, row["sentence"], rng)
            yield Pair("news question → passage", question, passage, group_of(article["title"]))


def parallel_pairs(data: Path) -> Iterator[Pair]:
    """English and Vietnamese sentences of the same meaning, both ways."""
    for row in read_rows(data / "en-vi-parallel.jsonl.xz"):
        group = group_of(row["vi"])
        yield Pair("parallel en → vi", row["en"], row["vi"], group)


def _with_title(title: str, text: str, rng: random.Random) -> str:
    """``title\\ntext``, as the product embeds passages, or the text alone, half and half."""
    return f"{title}\n{text}" if title and rng.random() < 0.5 else text


def _piece(kind: str, title: str, run: list[str], group: int, rng: random.Random) -> Iterator[Pair]:
    chosen = rng.randrange(len(run))
    query = cut_piece(run[chosen], rng)
    if query is None:
        return
    # Without its own sentence the passage must be found by its subject, not by shared words.
    without = len(run) > 2 and rng.random() < 0.5
    text = " ".join(s for i, s in enumerate(run) if not (without and i == chosen))
    yield Pair(kind, query, _with_title(title, text, rng), group)


def _english_piece(
    title: str, run: list[str], group: int, glossary: Glossary, rng: random.Random
) -> Iterator[Pair]:
    piece = cut_piece(rng.choice(run), rng)
    english = glossary.render(piece, rng) if piece else None
    if english:
        passage = _with_title(title, " ".join(run), rng)
        yield Pair("piece in English words → passage", english, passage, group)


def _passage_around(article: Row, sentence: str, rng: random.Random) -> str:
    """About 100–180 words of the article around ``sentence``, at a random place within them."""
    body = " ".join(article["body"].split())
    wanted = " ".join(sentence.split())
    at = body.find(wanted)
    if at < 0:
        return _with_title(article["title"], wanted, rng)
    before, after = body[:at].split(), body[at + len(wanted) :].split()
    spare = max(0, rng.randint(100, 170) - len(wanted.split()))
    left = min(rng.randint(0, spare), len(before))
    words = [*before[len(before) - left :], wanted, *after[: spare - left]]
    return _with_title(article["title"], " ".join(words), rng)
