"""What the regions of an atlas are about, told by the titles of their articles. Pure.

Words are not segmented: a telling pair of syllables stands for its word, and what always stands around
the pair is shown with it ("Thiên Mộc Kim").
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.text import Syllable, syllables

Numbers = NDArray[np.int64]
Phrase = tuple[str, ...]  # syllables in their marked form

_PHRASES = 2  # of a label
_LONGEST = 4  # syllables of a phrase

# Syllables that no telling phrase has; in their marked form.
_GRAMMAR = frozenset(
    "và của có không được cho với từ đến trong ngoài ở tại thì mà này đó kia những các một về theo bị sẽ đã đang ai "
    "gì nào bao nhiêu khi sao vì thế là vào ra lên xuống hơn sau trước do để như còn chưa nhiều cũng lại rồi giữa trên "
    "dưới ngày tháng năm hay hoặc nhưng rất nên bởi gần".split()
)


class _Word(NamedTuple):
    """One syllable of a title."""

    marked: str
    printed: str


def labels(titles: list[str], numbers: Numbers) -> list[tuple[str, ...]]:
    """For each region from 0 up to two phrases, best first, as printed: ``("vải thiều", "Bắc Giang")``.

    ``numbers[i]`` is the region of ``titles[i]``; none may be empty. Bigrams of syllables by tf·idf: titles of
    the region that have it × log of all titles over those that have it; among equals the one read first. What
    one title alone says is no subject, and a bigram stands for one region, that with most of it.
    """
    runs = [list(_runs(title)) for title in titles]
    printed = _as_printed(runs)
    found = _phrases(runs)
    everywhere = Counter(phrase for title in found for phrase in title)
    sizes = np.bincount(numbers)
    within: list[Counter[Phrase]] = [Counter() for _ in sizes]
    for title, number in zip(found, numbers, strict=True):
        within[number].update(title)

    def home(phrase: Phrase) -> int:
        counts = [region[phrase] for region in within]
        return max(range(len(counts)), key=lambda n: (counts[n], counts[n] / sizes[n]))

    chosen = []
    for number, region in enumerate(within):
        pairs = [p for p in region if len(p) == 2 and region[p] > 1 and home(p) == number]
        pairs.sort(key=lambda p: -region[p] * log(1 + len(titles) / everywhere[p]))
        chosen.append(tuple(printed[p] for p in _apart(_whole(p, region) for p in pairs)))
    return chosen


def _whole(pair: Phrase, region: Counter[Phrase]) -> Phrase:
    """The longest phrase that stands wherever the pair does."""
    around = [p for p in region if region[p] == region[pair] and pair in list(pairwise(p))]
    return max(around, key=len)


def _apart(phrases: Iterable[Phrase]) -> list[Phrase]:
    """The first that share no syllable: "công đoàn" and "đoàn viên" would say the same."""
    chosen: list[Phrase] = []
    for phrase in phrases:
        if not any(set(phrase) & set(other) for other in chosen):
            chosen.append(phrase)
        if len(chosen) == _PHRASES:
            break
    return chosen


def _phrases(runs: list[list[list[_Word]]]) -> list[list[Phrase]]:
    """The phrases of each title, as they stand: pairs that are no seam between words, and longer runs.

    A pair is a seam where a syllable of it is found more often with its other neighbour: "nhân công" in
    "công nhân công ty".
    """
    common = Counter(p for title in runs for p in {_key(part) for part in _parts(title, 2)})
    found = []
    for title in runs:
        kept: dict[Phrase, None] = {}
        for pairs in ([_key(part) for part in _parts([run], 2)] for run in title):
            for i, pair in enumerate(pairs):
                if common[pair] == max(common[p] for p in pairs[max(i - 1, 0) : i + 2]):
                    kept[pair] = None
        for length in range(3, _LONGEST + 1):
            kept |= dict.fromkeys(_key(part) for part in _parts(title, length))
        found.append(list(kept))
    return found


def _parts(runs: list[list[_Word]], length: int) -> Iterator[list[_Word]]:
    return (run[i : i + length] for run in runs for i in range(len(run) - length + 1))


def _key(part: list[_Word]) -> Phrase:
    return tuple(word.marked for word in part)


def _as_printed(runs: list[list[list[_Word]]]) -> dict[Phrase, str]:
    """How each phrase is printed most often."""
    forms: dict[Phrase, Counter[str]] = {}
    for title in runs:
        for length in range(2, _LONGEST + 1):
            for part in _parts(title, length):
                printed = " ".join(word.printed for word in part)
                forms.setdefault(_key(part), Counter())[printed] += 1
    return {p: min(c, key=lambda form: (-c[form], form)) for p, c in forms.items()}


def _runs(title: str) -> Iterator[list[_Word]]:
    """Stretches of syllables that may hold phrases.

    They end at punctuation, figures, words of grammar, and between a small letter and a capital
    ("thiều | Bắc"): a name begins there.
    """
    run: list[_Word] = []
    words = syllables(title)
    for i, word in enumerate(words):
        before = words[i - 1] if i else None
        follows = before is not None and title[before.end : word.start].isspace()
        if not follows or (_capital(title, word) and not _capital(title, before)):
            yield run
            run = []
        if len(word.marked) > 1 and word.marked.isalpha() and word.marked not in _GRAMMAR:
            opens = not follows and not _capital(
                title, words[i + 1] if i + 1 < len(words) else None
            )
            run.append(_Word(word.marked, _cased(title, word, opens)))
        else:
            yield run
            run = []
    yield run


def _capital(title: str, word: Syllable | None) -> bool:
    return word is not None and title[word.start].isupper()


def _cased(title: str, word: Syllable, opens: bool) -> str:
    """The marked form with its capitals, but for one that only opens a sentence, or a title all in capitals."""
    printed, marked = title[word.start : word.end], word.marked
    if title.isupper():
        return marked
    if printed.isupper():
        return marked.upper()
    return marked[0].upper() + marked[1:] if printed[0].isupper() and not opens else marked


__all__ = ["Numbers", "labels"]
