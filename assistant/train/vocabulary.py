"""The reader's vocabulary: the most frequent words of news and Wikipedia, and pieces to spell the rest."""

from collections import Counter
from pathlib import Path

from assistant.reading.words import SPECIAL, split_words
from embeddings.sets import read_rows
from embeddings.train.sources import read_news

_EVERY = 4  # article is counted
_FOLDED = 20  # every so many also without diacritics, as questions may be typed
_WORDS, _PIECES = 11_500, 3_800
_RARE = 60  # words seen less often are what pieces are for
_LONGEST = 4  # letters of a piece


def make_vocabulary(data: Path) -> list[str]:
    """Entries of ``vocabulary.txt``, the special ones first, then by frequency."""
    counts: Counter[str] = Counter()
    for number, row in enumerate(read_news(data)):
        if number % _EVERY == 0:
            text = f"{row['title']} {row['abstract']} {row['body'][:4000]}"
            counts.update(w.form.marked for w in split_words(text))
            if number % _FOLDED == 0:
                counts.update(w.form.folded for w in split_words(text))
    for number, row in enumerate(read_rows(data / "wiki-vi.jsonl.xz")):
        if number % _EVERY == 0:
            counts.update(w.form.marked for w in split_words(row["body"][:6000]))
    words = [word for word, _ in counts.most_common(_WORDS)]
    known = set(words)
    pieces = [p for p, _ in _pieces(counts).most_common(9_000) if p not in known][:_PIECES]
    letters = {letter for word in words for letter in word}
    spelt = sorted(p for letter in letters for p in (letter, f"##{letter}") if p not in known)
    return list(dict.fromkeys([*SPECIAL, *words, *pieces, *spelt]))


def _pieces(counts: Counter[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for word, count in counts.items():
        for length in range(1, _LONGEST + 1) if count < _RARE else ():
            for at in range(len(word) - length + 1):
                found[("##" if at else "") + word[at : at + length]] += count * length
    return found


__all__ = ["make_vocabulary"]
