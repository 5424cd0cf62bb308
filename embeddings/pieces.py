"""Text → the ids of the built-in model's byte-pair encoding: those that ``tokenizers`` gives, in a third of the time.

The encoding has two stages (embeddings/train/tokenizer.py), and each allows what a general tokenizer
cannot assume. Merges inside a syllable come first and never reach over a space, so the pieces of a
syllable are worked out once and remembered. Merges of whole syllables follow, lowest rank first within a
run between two breaks; those of all runs of all texts are done side by side, by array operations. A text
with a character whose normal form depends on what stands beside it goes to ``tokenizers`` as a whole.
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from corpus.text import Remembered

SPACE = "▁"  # stands before every syllable of a vocabulary
_BREAK = -1  # stands where punctuation was; nothing is joined across it
_NO_RANK = 1 << 31
# A syllable or number, or what parts runs; spaces part syllables. "%" is a letter to the encoding, and is
# made one here before the text is looked at: a third choice would take as long again as the other two.
_TOKEN = re.compile(r"\w+|[^\w \xa0]+")
_PERCENT = "\u01bb"

Ids = NDArray[np.uint32]
Ints = NDArray[np.int64]


class _Odd(Exception):
    """A text that has to be normalised as a whole."""


class Pieces:
    """Token ids of texts."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        """ValueError where ``tokenizer`` was not learnt in the two stages."""
        self._tokenizer = tokenizer
        state = json.loads(tokenizer.to_str())["model"]
        vocabulary: dict[str, int] = state["vocab"]
        merges: list[list[str]] = state["merges"]
        across = [right.startswith(SPACE) for _, right in merges]
        first = across.index(True) if True in across else len(merges)
        if not all(across[first:]):
            raise ValueError("merges of syllables stand among those inside syllables")
        joins = merges[first:]
        left, right, whole = (
            np.array([vocabulary[token] for token in tokens], np.int64)
            for tokens in (
                [a for a, _ in joins], [b for _, b in joins], [a + b for a, b in joins]
            )
        )  # fmt: skip
        self._size = max(vocabulary.values(), default=0) + 1
        self._whole = whole
        pairs = left * self._size + right
        self._ranks = np.argsort(pairs)
        self._pairs = pairs[self._ranks]
        self._opens, self._closes = np.zeros((2, self._size + 1), bool)  # the last: of a break
        self._opens[left], self._closes[right] = True, True
        self._known: Remembered[tuple[int, ...]] = Remembered(self._spelt)

    def of(self, texts: Sequence[str]) -> list[Ids]:
        """The ids of each text."""
        if not texts:
            return []
        flat: list[int] = []
        ends: list[int] = []
        odd: list[int] = []
        for i, text in enumerate(texts):
            try:
                flat += chain.from_iterable(map(self._known.__getitem__, _tokens(text)))
            except _Odd:
                del flat[ends[-1] if ends else 0 :]
                odd.append(i)
            flat.append(_BREAK)
            ends.append(len(flat))
        found = self._joined(np.array(flat, np.int64), np.array(ends, np.int64))
        if odd:
            whole = self._tokenizer.encode_batch_fast(
                [texts[i] for i in odd], add_special_tokens=False
            )
            for i, encoding in zip(odd, whole, strict=True):
                found[i] = np.array(encoding.ids, np.uint32)
        return found

    def _spelt(self, token: str) -> tuple[int, ...]:
        """The pieces of one syllable, or a break. Raises _Odd."""
        token = token.replace(_PERCENT, "%")
        normal = unicodedata.normalize("NFKC", token)
        if all(map(_is_letter, token)):
            if not all(map(_is_letter, normal)):
                raise _Odd
            return tuple(self._tokenizer.encode(token, add_special_tokens=False).ids)
        if any(c not in "\n\r\t" and unicodedata.category(c)[0] not in "PS" for c in normal):
            raise _Odd
        return (_BREAK,)

    def _joined(self, tokens: Ints, ends: Ints) -> list[Ids]:
        """Merges of syllables in texts that end at ``ends``; a break stands at the end of each, at least."""
        result, there = tokens.copy(), tokens != _BREAK
        places = np.arange(len(tokens))
        breaks = np.flatnonzero(~there)
        lengths = np.diff(breaks, prepend=-1)
        ranks = np.full(len(tokens), _NO_RANK)
        ranks[:-1] = self._rank(tokens[:-1], tokens[1:])
        while len(lengths):
            # The pair of the lowest rank in each run, the first of equal ones.
            order = ranks * len(ranks) + np.arange(len(ranks))
            ordered = np.minimum.reduceat(order, np.cumsum(lengths) - lengths)
            going = ordered // len(ranks) < _NO_RANK
            first = ordered[going] % len(ranks)
            kept = np.repeat(going, lengths)
            merged = self._whole[ranks[first]]
            result[places[first]] = tokens[first] = merged
            there[places[first + 1]] = kept[first + 1] = False
            first = np.cumsum(kept)[first] - 1
            tokens, places, ranks = tokens[kept], places[kept], ranks[kept]
            lengths = lengths[going] - 1
            ranks[first] = self._rank(merged, tokens[first + 1])
            first = first[first > 0]
            ranks[first - 1] = self._rank(tokens[first - 1], tokens[first])
        left = result[there].astype(np.uint32)
        edges = np.concatenate([[0], np.cumsum(there)])[np.concatenate([[0], ends])].tolist()
        return [left[a:b] for a, b in pairwise(edges)]

    def _rank(self, left: Ints, right: Ints) -> Ints:
        """Of each pair its place among the merges, or _NO_RANK."""
        found = np.full(len(left), _NO_RANK)
        able = np.flatnonzero(self._opens[left] & self._closes[right])
        pairs = left[able] * self._size + right[able]
        at = np.searchsorted(self._pairs, pairs)
        at[at == len(self._pairs)] = 0
        known = self._pairs[at] == pairs
        found[able[known]] = self._ranks[at[known]]
        return found


def _tokens(text: str) -> list[str]:
    if _PERCENT in text:
        raise _Odd
    return _TOKEN.findall(text.replace("%", _PERCENT))


def _is_letter(c: str) -> bool:
    return c.isalnum() or c == "%"


__all__ = ["Pieces"]
