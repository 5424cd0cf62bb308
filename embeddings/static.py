"""The built-in encoder: a static model (one vector a token, their mean a text) in plain NumPy.

The files in ``embeddings/model`` are a sentence-transformers model and load there as one; this
reads the same two files without importing torch, which would take seconds before a first answer.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from corpus.errors import EncoderError
from embeddings.encoder import BUILTIN_MODEL, Vectors
from embeddings.pieces import Ids, Pieces

_BATCH = 512  # texts whose token rows are gathered at once: bounds memory, not results
NO_LIMIT = 1_000_000  # a mean has no longest text


class StaticEncoder:
    """Mean of token vectors, scaled to unit length."""

    def __init__(self, folder: Path) -> None:
        weights_file, tokenizer_file = folder / "model.safetensors", folder / "tokenizer.json"
        if not weights_file.is_file() or not tokenizer_file.is_file():
            raise EncoderError(
                f"Thiếu mô hình dựng sẵn trong “{folder}”. Hãy cài lại hoibao, hoặc chọn mô hình "
                "khác bằng biến HOIBAO_MODEL."
            )
        self.name = "builtin"
        self.max_tokens = NO_LIMIT
        self.rows = _read_rows(weights_file)
        self.dimension = self.rows.shape[1]
        digest = hashlib.sha256(weights_file.read_bytes() + tokenizer_file.read_bytes())
        self.fingerprint = f"builtin-{digest.hexdigest()[:16]}"
        tokenizer = Tokenizer.from_file(str(tokenizer_file))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._pieces = Pieces(tokenizer)

    def encode_queries(self, texts: list[str]) -> Vectors:
        """``(len(texts), dimension)`` unit vectors; a text without any known token is zero."""
        parts = [self._encode(texts[i : i + _BATCH]) for i in range(0, len(texts), _BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, self.dimension), np.float32)

    encode_passages = encode_queries

    def count_tokens(self, texts: list[str]) -> list[int]:
        """Tokens of each text."""
        return [len(ids) for ids in self.token_ids(texts)]

    def token_ids(self, texts: list[str]) -> list[Ids]:
        """Token ids of each text; ``rows[ids]`` are their vectors, longer ones the telling tokens."""
        return self._pieces.of(texts)

    def _encode(self, texts: list[str]) -> Vectors:
        return self.encode_tokens(self.token_ids(texts))

    def encode_tokens(self, ids: Sequence[Ids]) -> Vectors:
        """``(len(ids), dimension)`` unit vectors of texts whose token ids are known already."""
        means = np.zeros((len(ids), self.dimension), np.float32)
        for i, row in enumerate(ids):
            if len(row):
                means[i] = self.rows[row].mean(axis=0)
        norms = np.linalg.norm(means, axis=1, keepdims=True)
        vectors: Vectors = means / np.maximum(norms, 1e-12)
        return vectors


def _read_rows(file: Path) -> Vectors:
    """Token vectors as float32: stored plainly, or as int8 with one scale a row."""
    tensors: dict[str, NDArray[np.generic]] = load_file(str(file))
    if "embedding.weight" in tensors:
        return tensors["embedding.weight"].astype(np.float32)
    weights = tensors["weights"].astype(np.float32)
    rows: Vectors = np.multiply(tensors["embeddings"], weights[:, None], dtype=np.float32)
    return rows


@cache
def builtin() -> StaticEncoder:
    """The built-in model, loaded once: it also re-scores the hits of every other encoder."""
    return StaticEncoder(BUILTIN_MODEL)
