"""Late interaction (MaxSim) over the built-in model's static token vectors, window by window.

    max over windows of  Σ_q w_q max_d cos(q, d) / Σ_q w_q,   w_q = norm of the query token's vector

after ColBERT (Khattab and Zaharia, 2020), with static vectors in place of contextual ones; the
norm takes the part of idf, since training shrinks the tokens that tell nothing. A window is two
sentences side by side: words of the question that meet in one place tell more than words scattered
over a passage (docs/decisions/0005). It serves every encoder, because it reads texts and not their
stored vectors.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings.static import StaticEncoder, builtin

Scores = NDArray[np.float64]


def late_interaction(query: str, texts: list[str]) -> Scores:
    """``(len(texts),)`` scores between -1 and 1, each text one window; 0 where nothing is known."""
    best, weights = _best_matches(query, texts)
    return best @ weights


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
    units, norms = _units(model, list(dict.fromkeys(model.token_ids([query])[0])))
    tokens = model.token_ids(texts)
    vocabulary = sorted({token for ids in tokens for token in ids})
    if not vocabulary or norms.sum() <= 0:
        return np.zeros((len(texts), 0)), np.zeros(0)
    rows, _ = _units(model, vocabulary)
    similar = (units @ rows.T).astype(
        float
    )  # every distinct token once, however many texts hold it
    column = {token: i for i, token in enumerate(vocabulary)}
    best = np.zeros((len(texts), len(units)))
    for i, ids in enumerate(tokens):
        if ids:
            best[i] = similar[:, [column[t] for t in set(ids)]].max(axis=1)
    return best, norms / norms.sum()


def _units(model: StaticEncoder, ids: list[int]) -> tuple[NDArray[np.float32], Scores]:
    """Unit vectors ``(n, dimension)`` and norms ``(n,)`` of tokens."""
    rows = model.rows[ids]
    norms = np.linalg.norm(rows, axis=1)
    return rows / np.maximum(norms, 1e-12)[:, None], norms.astype(float)
