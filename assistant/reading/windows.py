"""What the reader reads at a time: a passage's sentences, and which of them may be evidence."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences of one passage: ``text[start:end]`` each, in order.

    ``owners[i]`` is the number of the candidate that sentence ``i`` is; -1 for one that is only context.
    """

    title: str
    text: str
    sentences: list[tuple[int, int]]
    owners: list[int]
