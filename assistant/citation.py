"""The values an answer is made of: what is cited, and what a model claimed about it."""

from dataclasses import dataclass

from corpus.article import Article
from embeddings.store import Twin


@dataclass(frozen=True, slots=True)
class Citation:
    """One cited sentence: ``article.text[start:end] == quote``; ``n`` is its number in the answer.

    ``span`` is where the answer stands in it, by offsets into the article's text like ``start``.
    """

    n: int
    article: Article
    quote: str
    start: int
    end: int
    also: tuple[Twin, ...] = ()  # other articles that tell the same story
    span: tuple[int, int] | None = None
    speaker: str = ""

    @property
    def span_text(self) -> str:
        """The answering words, or nothing."""
        return self.article.text[self.span[0] : self.span[1]] if self.span else ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence a model wrote, that passed the gate: ``text`` without brackets, and what it cites."""

    text: str
    cites: tuple[int, ...]


__all__ = ["Citation", "Claim"]
