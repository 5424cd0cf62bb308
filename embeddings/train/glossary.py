"""The English–Vietnamese dictionary: as pairs, and for putting Vietnamese text into English words.

A static encoder does not see word order, so a bag of dictionary words is a fair stand-in for an
English question, and unlike the parallel texts it speaks of the news.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from corpus.text import fold
from embeddings.sets import read_rows
from embeddings.train.pair import Pair, group_of

_CONFIRMED = 2  # sources that agree; single-source rows have 5–10 % odd senses
_LONGEST = 4  # syllables of one dictionary entry that are matched in running text
_FEWEST = 3  # English words without which a rendering asks nothing


class Glossary:
    """Confirmed dictionary pairs, searchable by Vietnamese syllables."""

    def __init__(self, entries: list[tuple[str, str, int]]) -> None:
        """``entries`` are (English, Vietnamese, number of sources)."""
        self._pairs = [(en, vi) for en, vi, _ in entries]
        self._english: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for en, vi, sources in entries:
            if vi.count(" ") < _LONGEST:
                self._english[vi.lower()].append((sources, en))
        for senses in self._english.values():
            senses.sort(key=lambda s: (-s[0], s[1]))
            del senses[3:]  # the senses that most sources give

    @classmethod
    def read(cls, data: Path) -> "Glossary":
        """Entries of the data folder that at least two sources confirm."""
        rows = read_rows(data / "en-vi-lexicon.jsonl.xz")
        return cls([(r["en"], r["vi"], r["n_src"]) for r in rows if r["n_src"] >= _CONFIRMED])

    def render(self, piece: str, rng: random.Random) -> str | None:
        """``piece`` word by word in English, longest entries first; names and numbers stay, without
        diacritics, as an English question spells them. ``None`` where too little is found."""
        words = [w.strip(".,;:!?()“”\"'") for w in piece.split()]
        english: list[str] = []
        found = at = 0
        while at < len(words):
            length, rendered = self._longest(words, at, rng)
            if rendered:
                english.append(rendered)
                found += 1
            elif words[at][:1].isupper() or words[at][:1].isdigit():
                english.append(fold(words[at]))
            at += length
        return " ".join(english) if found >= _FEWEST else None

    def _longest(self, words: list[str], at: int, rng: random.Random) -> tuple[int, str | None]:
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            run = words[at : at + length]
            # A capitalised run inside a sentence is a name: "Hoà Bình" is not "peace".
            if at and all(w[:1].isupper() for w in run):
                continue
            senses = self._english.get(" ".join(run).lower())
            if senses:
                return length, rng.choice(senses)[1]
        return 1, None

    def pairs(self, rng: random.Random) -> Iterator[Pair]:
        """Every entry alone, then all entries in a random order, two packed in a row."""
        for en, vi in self._pairs:
            yield Pair("dictionary", en, vi, group_of(vi))
        order = rng.sample(self._pairs, len(self._pairs))
        for (en1, vi1), (en2, vi2) in zip(order[::2], order[1::2], strict=False):
            text = f"{vi1}, {vi2}"
            yield Pair("dictionary, two in a row", f"{en1}, {en2}", text, group_of(text))
