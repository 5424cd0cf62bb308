"""Token embeddings of the reader, begun with the built-in encoder's."""

import numpy as np
import torch
from tokenizers import Tokenizer

from assistant.reading.words import SPECIAL, Vocabulary
from assistant.train.network import ReaderNetwork
from embeddings.encoder import BUILTIN_MODEL
from embeddings.train.export import load_rows

_LENGTH = 8.0  # of a row: about that of the random ones


def begin_with_static(network: ReaderNetwork, vocabulary: Vocabulary) -> None:
    """Each whole word begins as the direction of its mean vector there, cut to the reader's width."""
    rows = load_rows(BUILTIN_MODEL)[:, : network.shape.width]
    tokenizer = Tokenizer.from_file(str(BUILTIN_MODEL / "tokenizer.json"))
    weight = network.token.weight
    with torch.no_grad():
        for number, entry in enumerate(vocabulary.entries):
            if number < len(SPECIAL) or entry.startswith("##"):
                continue
            ids = tokenizer.encode(entry, add_special_tokens=False).ids
            if ids:
                mean = rows[ids].mean(axis=0)
                direction = mean / max(float(np.linalg.norm(mean)), 1e-6)
                weight[number] = torch.from_numpy(direction * _LENGTH)


__all__ = ["begin_with_static"]
