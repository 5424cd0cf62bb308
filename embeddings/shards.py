"""A build spread over machines: each reads and embeds a part of the files, one gathers them.

    hoibao build --shard 3/8 --index phan-3        on each of eight machines
    hoibao build --from phan-1 --from phan-2 …     on one

A vector is known by the hash of its text and encoder, so the gathering build embeds nothing that a
part has embedded, and a part that is built twice, or never, changes nothing but the time it takes.
Which part a file belongs to depends on its path alone: a folder of one large table is one part.
"""

import re
import zlib
from dataclasses import dataclass

from corpus.errors import IndexError_


@dataclass(frozen=True, slots=True)
class Shard:
    """Part ``number`` of ``parts``, counted from 1."""

    number: int
    parts: int

    @classmethod
    def of(cls, text: str) -> "Shard":
        """``"3/8"``. Raises IndexError_ for anything else."""
        match = re.fullmatch(r"(\d{1,5})/(\d{1,5})", text.strip())
        if not match or not 1 <= int(match[1]) <= int(match[2]):
            raise IndexError_(f"Phần phải viết như 3/8 (phần 3 trong 8 phần), không phải “{text}”.")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.parts}"

    def holds(self, path: str) -> bool:
        """Whether the file at ``path``, as it stands in the archive, belongs to this part."""
        return zlib.crc32(path.encode("utf-8", "surrogateescape")) % self.parts == self.number - 1


__all__ = ["Shard"]
