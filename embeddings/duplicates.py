"""Which articles tell the same story: MinHash signatures, compared pair by pair.

Two articles are linked when the shingles (runs of five syllables) of their titles and bodies overlap
by a Jaccard index of about 0.8, estimated from 128 minima (Broder, 1997), *and* the numbers of the
one all stand in the other: a reprint with another toll is a correction, and must stay in sight.
Only pairs that share one of 16 bands of 8 minima are compared: at 0.8 that misses one in twenty, at
0.9 one in ten thousand. A group is what the links connect, so it does not depend on the order in
which articles came. (datasketch would do the same with scipy behind it and an index in memory.)
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.article import Article
from corpus.text import Remembered, mark, printed
from embeddings.codes import MARKED_CODES, Codes, code

SIMILAR = 0.8
_SHINGLE = 5
_MINIMA = 128
_BANDS = 16
_ROWS_AT_ONCE = 4_096  # shingles hashed at once: bounds memory

Minima = NDArray[np.uint32]

_rng = np.random.Generator(np.random.PCG64(20_261_124))  # fixed: signatures are kept for years
_FACTORS = _rng.integers(0, 2**64, _MINIMA, np.uint64) | np.uint64(1)
_SHIFTS = _rng.integers(0, 2**64, _MINIMA, np.uint64)
_PLACES = _rng.integers(0, 2**64, _SHINGLE, np.uint64) | np.uint64(1)


@dataclass(frozen=True, slots=True)
class Signature:
    """What is compared of an article: ``(128,)`` minima, and the codes of its numbers, ascending."""

    minima: Minima
    numbers: Codes

    @property
    def same(self) -> bytes:
        """Equal for equal signatures: such articles have the same links."""
        text = self.minima.tobytes() + self.numbers.tobytes()
        return hashlib.blake2b(text, digest_size=8).digest()

    @property
    def bands(self) -> list[int]:
        """64-bit hashes of runs of minima; articles that share none are not compared."""
        width = _MINIMA // _BANDS
        return [
            int.from_bytes(
                hashlib.blake2b(
                    self.minima[i * width : (i + 1) * width].tobytes(),
                    digest_size=8, salt=bytes([i]),
                ).digest(), "big", signed=True,
            )
            for i in range(_BANDS)
        ]  # fmt: skip


def _number(syllable: str) -> int:
    """The code of what is no word of letters alone; 0 for one that is."""
    form = mark(syllable)
    return 0 if form.isalpha() else code(form)


_NUMBERS = Remembered(_number)


def signature(article: Article) -> Signature | None:
    """The signature of title and body, or nothing for an article without a word."""
    found = printed(article.title) + printed(article.body)
    if not found:
        return None
    codes = np.fromiter(map(MARKED_CODES.__getitem__, found), np.uint32, len(found))
    numbers = set(map(_NUMBERS.__getitem__, found)) - {0}
    return Signature(_minima(codes), np.array(sorted(numbers), np.uint32))


def _minima(codes: Codes) -> Minima:
    width = min(_SHINGLE, len(codes))
    windows = np.lib.stride_tricks.sliding_window_view(codes.astype(np.uint64), width)
    best = np.full(_MINIMA, 2**32 - 1, np.uint32)
    with np.errstate(over="ignore"):  # arithmetic modulo 2**64 is meant
        for start in range(0, len(windows), _ROWS_AT_ONCE):
            shingles = (windows[start : start + _ROWS_AT_ONCE] * _PLACES[:width]).sum(axis=1)
            shingles ^= shingles >> np.uint64(29)
            hashed = (shingles[:, None] * _FACTORS + _SHIFTS) >> np.uint64(32)
            best = np.minimum(best, hashed.min(axis=0).astype(np.uint32))
    return best


def linked(one: Signature, others: list[Signature]) -> list[bool]:
    """Which of ``others``, that share a band with ``one``, tell its story."""
    if not others:
        return []
    overlap = (np.stack([o.minima for o in others]) == one.minima).mean(axis=1)
    return [
        bool(share >= SIMILAR) and _one_holds_the_other(one.numbers, other.numbers)
        for share, other in zip(overlap, others, strict=True)
    ]


def _one_holds_the_other(a: Codes, b: Codes) -> bool:
    small, large = sorted((a, b), key=len)
    return bool(np.isin(small, large).all())


def components(signatures: Mapping[int, Signature]) -> list[list[int]]:
    """The groups of two and more among articles, each ascending, in order of their first."""
    alike: dict[bytes, list[int]] = defaultdict(list)
    for number in sorted(signatures):
        alike[signatures[number].same].append(number)
    heads = {members[0]: members for members in alike.values()}
    parent = {head: head for head in heads}
    for group in _in_one_band({head: signatures[head] for head in heads}):
        for i, head in enumerate(group[1:], start=1):
            others = [o for o in group[:i] if _root(parent, o) != _root(parent, head)]
            links = linked(signatures[head], [signatures[o] for o in others])
            for other in (o for o, link in zip(others, links, strict=True) if link):
                parent[_root(parent, other)] = _root(parent, head)
    joined: dict[int, list[int]] = defaultdict(list)
    for head, members in heads.items():
        joined[_root(parent, head)] += members
    return sorted(sorted(members) for members in joined.values() if len(members) > 1)


def _in_one_band(signatures: Mapping[int, Signature]) -> Iterable[list[int]]:
    buckets: dict[int, list[int]] = defaultdict(list)
    for number, one in signatures.items():
        for band in one.bands:
            buckets[band].append(number)
    return (bucket for bucket in buckets.values() if len(bucket) > 1)


def _root(parent: dict[int, int], node: int) -> int:
    while parent[node] != node:
        parent[node] = node = parent[parent[node]]
    return node
