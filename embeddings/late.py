"""Late interaction (MaxSim) over the built-in model's static token vectors.

    Σ_q w_q max_d cos(q, d) / Σ_q w_q,   w_q = norm of the query token's vector

after ColBERT (Khattab and Zaharia, 2020), with static vectors in place of contextual ones; the
norm takes the part of idf, since training shrinks the tokens that tell nothing. It serves every
encoder, because it reads texts and not their stored vectors.
"""

import numpy as np
from numpy.typing import NDArray

from embeddings.static import StaticEncoder, builtin


def late_interaction(query: str, texts: list[str]) -> NDArray[np.float64]:
    """``(len(texts),)`` scores between -1 and 1; 0 where nothing is known of query or text."""
    model = builtin()
    units, weights = _units(model, list(dict.fromkeys(model.token_ids([query])[0])))
    if not len(weights) or weights.sum() <= 0:
        return np.zeros(len(texts))
    tokens = model.token_ids(texts)
    vocabulary = sorted({token for ids in tokens for token in ids})
    if not vocabulary:
        return np.zeros(len(texts))
    rows, _ = _units(model, vocabulary)
    similar = units @ rows.T  # every distinct token once, however many texts it stands in
    column = {token: i for i, token in enumerate(vocabulary)}
    best = [
        similar[:, [column[t] for t in ids]].max(axis=1) if ids else np.zeros(len(units))
        for ids in tokens
    ]
    scores: NDArray[np.float64] = np.array(best, float) @ weights / weights.sum()
    return scores


def _units(model: StaticEncoder, ids: list[int]) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Unit vectors ``(n, dimension)`` and norms ``(n,)`` of tokens."""
    rows = model.rows[ids]
    norms = np.linalg.norm(rows, axis=1)
    return rows / np.maximum(norms, 1e-12)[:, None], norms.astype(float)
