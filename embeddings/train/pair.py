"""What training is made of: a query and the passage that answers it."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pair:
    """A query and the passage that should be nearest to it. Pairs of one ``group`` (an article, a
    repeated answer) never serve as each other's negatives."""

    kind: str
    query: str
    passage: str
    group: int


def group_of(text: str) -> int:
    """A stable 31-bit number for a text; ``hash()`` would differ from run to run."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest()) >> 1
