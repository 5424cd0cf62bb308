"""BM25 of the candidates, exactly: as if the index had been built in one go from what is there now.

    Σ_t idf(t) · tf (k1 + 1) / (tf + k1 (1 - b + b · length / mean length)),   k1 1.2, b 0.75
    idf(t) = ln(1 + (N - df + 0.5) / (df + 0.5))                (Robertson and Zaragoza, 2009)

tantivy finds the candidates, but its statistics count removed passages until their segments are
merged, and its lengths are rounded: the same archive would score differently after another
history. A few hundred passages are counted here in about two milliseconds.
"""

import math
import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from embeddings.codes import Codes, code, folded_codes, marked_codes
from embeddings.store import Reader
from embeddings.terms import Channel, TermIndex

K1, B = 1.2, 0.75
_KEPT = 20_000  # passages whose codes are remembered: about 15 MB
_CODES = {Channel.MARKED: marked_codes, Channel.FOLDED: folded_codes}

Scores = NDArray[np.float64]


def term_count(title: str, text: str) -> int:
    """How many terms, syllables and bigrams, a passage has: its length to BM25."""
    counts = [len(marked_codes(part)) for part in (title, text)]
    return sum(2 * n - 1 for n in counts if n)


class ExactTerms:
    """Term search with scores that have no memory, over a TermIndex and the texts in the store."""

    def __init__(self, index: TermIndex, store: Reader) -> None:
        self.index = index
        self._store = store
        self._lock = threading.Lock()
        self._codes: OrderedDict[tuple[int, Channel], Codes] = OrderedDict()
        self.refresh(index)

    def refresh(self, index: TermIndex) -> None:
        """After a build: the new number of passages and their mean length."""
        self.index = index
        self.passages = max(self._store.passage_count(), 1)
        self.mean_length = max(self._store.terms / self.passages, 1.0)

    def __len__(self) -> int:
        return len(self.index)

    @property
    def generation(self) -> int:
        """The generation of the store that was applied last."""
        return self.index.generation

    def document_frequency(self, term: str, channel: Channel) -> int:
        """Number of passages that hold ``term``."""
        return self.index.document_frequency(term, channel)

    def search(
        self, query_terms: list[str], channel: Channel, k: int, among: list[int] | None = None
    ) -> dict[int, float]:
        """BM25 by id of the ``k`` best, or of exactly those ``among`` that match at all."""
        ids = sorted(self.index.search(query_terms, channel, k)) if among is None else among
        scores = self._scores(query_terms, channel, ids)
        return {id: score for id, score in zip(ids, scores.tolist(), strict=True) if score > 0}

    def _scores(self, query_terms: list[str], channel: Channel, ids: list[int]) -> Scores:
        """``(len(ids),)`` scores; 0 for a passage that is gone or shares no term."""
        weights = self._weights(query_terms, channel)
        if not weights or not ids:
            return np.zeros(len(ids))
        texts, owners, lengths = self._gather(ids, channel)
        damping = K1 * (1 - B + B * lengths / self.mean_length)
        total = np.zeros(len(ids))
        for term, weight in weights.items():
            found = np.bincount(owners[_occurrences(texts, term)], minlength=len(ids))
            total += weight * found * (K1 + 1) / (found + damping)
        return total

    def _weights(self, query_terms: list[str], channel: Channel) -> dict[str, float]:
        weights = {}
        for term, count in Counter(query_terms).items():
            df = self.document_frequency(term, channel)
            if df:
                df = min(df, self.passages)
                weights[term] = count * math.log(1 + (self.passages - df + 0.5) / (df + 0.5))
        return weights

    def _gather(self, ids: list[int], channel: Channel) -> tuple[Codes, NDArray[np.int64], Scores]:
        """All codes in a row, parts parted by 0; whose each is; and each passage's length in terms."""
        parts = self._codes_of(ids, channel)
        sizes = np.array([len(p) for p in parts], np.int64)
        lengths = np.array([_terms_in(p) for p in parts], float)
        return np.concatenate(parts), np.repeat(np.arange(len(ids)), sizes), lengths

    def _codes_of(self, ids: list[int], channel: Channel) -> list[Codes]:
        with self._lock:
            known = {id: self._codes[id, channel] for id in ids if (id, channel) in self._codes}
        made = {
            id: _joined(_CODES[channel](title), _CODES[channel](text))
            for id, title, text in self._store.texts([id for id in ids if id not in known])
        }
        with self._lock:
            self._remember(ids, channel, made)
        nothing = np.zeros(1, np.uint32)
        return [known[id] if id in known else made.get(id, nothing) for id in ids]

    def _remember(self, ids: Iterable[int], channel: Channel, made: dict[int, Codes]) -> None:
        """Least recently asked for go first. An id never stands for another text."""
        for id in ids:
            if id in made:
                self._codes[id, channel] = made[id]
            elif (id, channel) in self._codes:
                self._codes.move_to_end((id, channel))
        while len(self._codes) > _KEPT:
            self._codes.popitem(last=False)


def _joined(title: Codes, text: Codes) -> Codes:
    gap = np.zeros(1, np.uint32)
    return np.concatenate([title, gap, text, gap])


def _terms_in(codes: Codes) -> int:
    words = codes != 0
    return int(words.sum() + (words[:-1] & words[1:]).sum())


def _occurrences(codes: Codes, term: str) -> NDArray[np.int64]:
    """Where ``term`` stands: a syllable, or a bigram ``a_b`` at its first syllable."""
    first, joined, second = term.partition("_")
    at = np.flatnonzero(codes == code(first))
    if joined:
        at = at[at + 1 < len(codes)]
        at = at[codes[at + 1] == code(second)]
    return at
