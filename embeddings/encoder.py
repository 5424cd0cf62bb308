"""The Encoder protocol, and which of its two implementations a name means."""

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

BUILTIN_MODEL = Path(__file__).parent / "model"
BUILTIN = "builtin"


class Encoder(Protocol):
    """Turns texts into unit vectors, so that their inner product is the cosine.

    ``fingerprint`` changes whenever the same text could get another vector.
    """

    name: str
    fingerprint: str
    dimension: int
    max_tokens: int

    def encode_queries(self, texts: list[str]) -> Vectors:
        """``(len(texts), dimension)`` unit vectors of questions."""
        ...

    def encode_passages(self, texts: list[str]) -> Vectors:
        """``(len(texts), dimension)`` unit vectors of passages."""
        ...

    def count_tokens(self, texts: list[str]) -> list[int]:
        """Tokens each passage takes, prompts and special tokens included."""
        ...


def load_encoder(name: str = BUILTIN) -> Encoder:
    """The built-in model for ``"builtin"``, else the sentence-transformers model of that name or path.

    Raises EncoderError when it cannot be loaded, with the way out.
    """
    if name == BUILTIN:
        from embeddings.static import StaticEncoder

        return StaticEncoder(BUILTIN_MODEL)
    from embeddings.hub import HubEncoder

    return HubEncoder(name)
