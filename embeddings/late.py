"""Late interaction (MaxSim) over the built-in model's static token vectors, window by window.

    max over windows of  Σ_q w_q max_d cos(q, d) / Σ_q w_q,   w_q = norm of the query token's vector

after ColBERT (Khattab and Zaharia, 2020), with static vectors in place of contextual ones; the
norm takes the part of idf, since training shrinks the tokens that tell nothing. A window is two
sentences side by side: words of the question that meet in one place tell more than words scattered
over a passage (docs/decisions/0005). It serves every encoder, because it reads texts and not their
stored vectors.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from embeddings.static import StaticEncoder, builtin

_KEPT = 30_000  # sentences whose tokens are remembered: about 15 MB
_LONGEST_KEPT = 1_000  # characters

Scores = NDArray[np.float64]
Tokens = NDArray[np.uint32]


def late_interaction(query: str, texts: list[str]) -> Scores:
    """``(len(texts),)`` scores between -1 and 1, each text one window; 0 where nothing is known."""
    best, weights = _best_matches(query, texts)
    return best @ weights


def late_together(query: str, windows: Sequence[Sequence[str]]) -> tuple[Scores, Scores]:
    """For each window of texts, the last of which it is about: the score of that text alone, and of all of
    them together, ``(len(windows),)`` both. As ``late_interaction`` of the texts joined by line ends: no
    token reaches over one."""
    places: dict[str, int] = {}
    rows = [[places.setdefault(text, len(places)) for text in texts] for texts in windows]
    best, weights = _best_matches(query, list(places))
    own = best[[row[-1] for row in rows]]
    # A text without a token has zeros, which say nothing beside what others hold.
    known = np.any(best != 0, axis=1).tolist()
    together = own.copy()
    for i, row in enumerate(rows):
        there = [at for at in row if known[at]]
        if there:
            together[i] = best[there].max(axis=0)
    return own @ weights, together @ weights


def unit_vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """``(len(texts), dimension)`` vectors of the built-in model, from the tokens that are known."""
    return builtin().encode_tokens(_tokens().of(texts))


def late_windows(query: str, passages: Sequence[tuple[str, list[str]]]) -> Scores:
    """``(len(passages),)`` scores of ``(title, sentences)``; the title belongs to every window."""
    texts = [text for title, sentences in passages for text in (title, *sentences)]
    best, weights = _best_matches(query, texts)
    scores, at = np.zeros(len(passages)), 0
    for i, (_, sentences) in enumerate(passages):
        rows = best[at : at + 1 + len(sentences)]
        at += len(rows)
        windows = np.maximum(rows[1:], np.vstack([rows[2:], rows[-1:]])) if len(rows) > 1 else rows
        scores[i] = (np.maximum(windows, rows[0]) @ weights).max() if len(weights) else 0.0
    return scores


def _best_matches(query: str, texts: list[str]) -> tuple[Scores, Scores]:
    """``(texts, query tokens)`` highest cosines, and the weights of the query tokens, summing to 1."""
    model = builtin()
    units, norms = _units(model, list(dict.fromkeys(model.token_ids([query])[0].tolist())))
    tokens = _tokens().of(texts)
    sizes = np.array([len(t) for t in tokens])
    if not sizes.sum() or norms.sum() <= 0:
        return np.zeros((len(texts), 0)), np.zeros(0)
    vocabulary, columns = np.unique(np.concatenate(tokens), return_inverse=True)
    rows, _ = _units(model, vocabulary)
    # Every distinct token once, however many texts hold it.
    similar = np.ascontiguousarray((units @ rows.T).T)
    best = np.zeros((len(texts), len(units)))
    filled = sizes > 0
    starts = (np.cumsum(sizes) - sizes)[filled]
    best[filled] = np.maximum.reduceat(similar[columns], starts, axis=0)
    return best, norms / norms.sum()


def _units(model: StaticEncoder, ids: "list[int] | Tokens") -> tuple[NDArray[np.float32], Scores]:
    """Unit vectors ``(n, dimension)`` and norms ``(n,)`` of tokens."""
    rows = model.rows[ids]
    norms = np.linalg.norm(rows, axis=1)
    return rows / np.maximum(norms, 1e-12)[:, None], norms.astype(float)


class _Tokens:
    """Token ids of texts, those of short ones remembered: the same sentences answer many questions."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Tokens] = OrderedDict()

    def of(self, texts: Sequence[str]) -> list[Tokens]:
        """The ids of each text."""
        with self._lock:
            known = {text: self._known[text] for text in texts if text in self._known}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        made = dict(zip(new, builtin().token_ids(new), strict=True))
        with self._lock:
            for text in known:
                if text in self._known:
                    self._known.move_to_end(text)
            self._known.update((t, ids) for t, ids in made.items() if len(t) <= _LONGEST_KEPT)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        known |= made
        return [known[text] for text in texts]


@cache
def _tokens() -> _Tokens:
    return _Tokens()
