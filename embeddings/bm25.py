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
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corpus.text import printed
from embeddings.codes import Codes
from embeddings.counting import folded, marked, spellings
from embeddings.store import Reader
from embeddings.terms import Channel, TermIndex
from embeddings.vectors import Selection

K1, B = 1.2, 0.75
_KEPT = 20_000  # passages whose codes are remembered: about 15 MB
_BUNDLES = 4  # long lists of passages whose codes are kept in a row: the archive's sample
_LONG = 256  # passages
_COMMON, _MANY = 0.2, 50_000  # share of the passages, and passages from which it counts
_CODES = {Channel.MARKED: marked, Channel.FOLDED: folded}

Scores = NDArray[np.float64]


def term_count(title: str, text: str) -> int:
    """How many terms, syllables and bigrams, a passage has: its length to BM25."""
    counts = [len(printed(part)) for part in (title, text)]
    return sum(2 * n - 1 for n in counts if n)


@dataclass(frozen=True)
class _Bundle:
    """Codes of several passages in a row, parts parted by 0; whose each is; and lengths in terms."""

    codes: Codes
    owners: NDArray[np.int64]
    lengths: Scores

    @cached_property
    def _sorted(self) -> tuple[Codes, NDArray[np.int64]]:
        order = np.argsort(self.codes, kind="stable")
        return self.codes[order], order

    def places(self, form: str, *, often: bool) -> NDArray[np.int64]:
        """Where a syllable stands, ascending. ``often``: of many that are asked of this bundle."""
        codes = spellings(form)
        if not often:
            return np.flatnonzero(_any_of(self.codes, codes))
        ordered, order = self._sorted
        found = [
            order[np.searchsorted(ordered, code) : np.searchsorted(ordered, code, "right")]
            for code in np.array(codes, np.uint32)
        ]
        return found[0] if len(found) == 1 else np.sort(np.concatenate(found))


class ExactTerms:
    """Term search with scores that have no memory, over a TermIndex and the texts in the store."""

    def __init__(self, index: TermIndex, store: Reader) -> None:
        self.index = index
        self._store = store
        self._lock = threading.Lock()
        self._codes: OrderedDict[tuple[int, Channel], tuple[Codes, int]] = OrderedDict()
        self._bundles: OrderedDict[tuple[Channel, tuple[int, ...]], _Bundle] = OrderedDict()
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
        self,
        query_terms: list[str],
        channel: Channel,
        k: int,
        among: Selection | None = None,
    ) -> dict[int, float]:
        """BM25 by id of the ``k`` best, of those ``among`` where they are given."""
        found = self.index.search(query_terms, channel, k, among)
        return self.scores(query_terms, channel, sorted(found))

    def candidates(
        self,
        query_terms: list[str],
        channel: Channel,
        k: int,
        among: Selection | None = None,
    ) -> dict[int, float]:
        """About the BM25 by id of the ``k`` best, without what the commonest terms would add.

        In a large archive those make most of the work and hardly any of the difference: at 1.1 million
        passages, without terms that a fifth of the passages hold, the 20 best are all among the first 100.
        """
        limit = _COMMON * self.passages if self.passages >= _MANY else self.passages
        telling = [t for t in query_terms if self.document_frequency(t, channel) <= limit]
        return self.index.search(telling or query_terms, channel, k, among)

    def scores(self, query_terms: list[str], channel: Channel, ids: list[int]) -> dict[int, float]:
        """BM25 by id of those of ``ids`` that match at all."""
        scores = self._scores(query_terms, channel, ids)
        return {id: score for id, score in zip(ids, scores.tolist(), strict=True) if score > 0}

    def _scores(self, query_terms: list[str], channel: Channel, ids: list[int]) -> Scores:
        """``(len(ids),)`` scores; 0 for a passage that is gone or shares no term."""
        weights = self._weights(query_terms, channel)
        if not weights or not ids:
            return np.zeros(len(ids))
        bundle, kept = self._gather(ids, channel)
        damping = K1 * (1 - B + B * bundle.lengths / self.mean_length)
        total = np.zeros(len(ids))
        forms = {form for term in weights for form in term.split("_")}
        places = {form: bundle.places(form, often=kept) for form in forms}
        for term, weight in weights.items():
            found = np.bincount(
                bundle.owners[_occurrences(bundle.codes, places, term)], minlength=len(ids)
            )
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

    def _gather(self, ids: list[int], channel: Channel) -> tuple[_Bundle, bool]:
        """The codes of passages in a row, and whether they are kept for the next question."""
        if len(ids) < _LONG:
            return self._bundle(ids, channel), False
        name = (channel, tuple(ids))
        with self._lock:
            known = self._bundles.get(name)
        if known is None:
            known = self._bundle(ids, channel)
        with self._lock:
            self._bundles[name] = known
            self._bundles.move_to_end(name)
            while len(self._bundles) > _BUNDLES:
                self._bundles.popitem(last=False)
        return known, True

    def _bundle(self, ids: list[int], channel: Channel) -> _Bundle:
        parts = self._codes_of(ids, channel)
        sizes = np.array([len(codes) for codes, _ in parts], np.int64)
        lengths = np.array([length for _, length in parts], float)
        return _Bundle(
            np.concatenate([codes for codes, _ in parts]),
            np.repeat(np.arange(len(ids)), sizes),
            lengths,
        )

    def _codes_of(self, ids: list[int], channel: Channel) -> list[tuple[Codes, int]]:
        with self._lock:
            known = {id: self._codes[id, channel] for id in ids if (id, channel) in self._codes}
        made = _counted(self._store.texts([id for id in ids if id not in known]), channel)
        with self._lock:
            self._remember(ids, channel, made)
        nothing = np.zeros(1, np.uint32), 0
        return [known[id] if id in known else made.get(id, nothing) for id in ids]

    def _remember(
        self, ids: Iterable[int], channel: Channel, made: dict[int, tuple[Codes, int]]
    ) -> None:
        """Least recently asked for go first. An id never stands for another text."""
        for id in ids:
            if id in made:
                self._codes[id, channel] = made[id]
            elif (id, channel) in self._codes:
                self._codes.move_to_end((id, channel))
        while len(self._codes) > _KEPT:
            self._codes.popitem(last=False)


def _counted(
    texts: Iterable[tuple[int, str, str]], channel: Channel
) -> dict[int, tuple[Codes, int]]:
    """Codes and number of terms of passages ``(id, title, text)``, by id."""
    rows = list(texts)
    titles = list(dict.fromkeys(title for _, title, _ in rows))
    codes = _CODES[channel]([*titles, *(text for _, _, text in rows)])
    known = dict(zip(titles, codes, strict=False))
    parts = zip(rows, codes[len(titles) :], strict=True)
    return {id: _joined(known[title], text) for (id, title, _), text in parts}


def _joined(title: Codes, text: Codes) -> tuple[Codes, int]:
    """Both with a 0 behind each, and how many terms, syllables and bigrams, they have."""
    codes = np.zeros(len(title) + len(text) + 2, np.uint32)
    codes[: len(title)] = title
    codes[len(title) + 1 : -1] = text
    return codes, sum(2 * len(part) - 1 for part in (title, text) if len(part))


def _any_of(codes: Codes, wanted: tuple[int, ...]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = codes == wanted[0]
    for code in wanted[1:]:
        found |= codes == code
    return found


def _occurrences(
    codes: Codes, places: dict[str, NDArray[np.int64]], term: str
) -> NDArray[np.int64]:
    """Where ``term`` stands: a syllable, or a bigram ``a_b`` at its first syllable."""
    first, joined, second = term.partition("_")
    at = places[first]
    if joined:
        at = at[at + 1 < len(codes)]
        at = at[_any_of(codes[at + 1], spellings(second))]
    return at
