"""Which part of an article to show around a sentence, and which of its words the question has. Pure."""

from corpus.article import Article
from corpus.text import has_marks, syllables

Span = tuple[int, int]

_CONTEXT = 300  # characters of context worth showing around a sentence in a one-line paragraph
# Syllables of every question. Highlighting them would highlight every line.
_GRAMMAR = frozenset(
    "la cua va co khong duoc cho voi tu den trong ngoai o tai thi ma nay do kia nhung cac mot ve theo bi se da dang"
    " ai gi nao dau bao nhieu khi sao the vi the may con".split()
)


def matches(query: str, text: str) -> list[Span]:
    """Where syllables of ``query`` stand in ``text``: with their marks if it was typed with any."""
    marked = has_marks(query)
    wanted = telling(query)
    spans: list[Span] = []
    for s in syllables(text):
        if (s.marked if marked else s.folded) not in wanted:
            continue
        if spans and text[spans[-1][1] : s.start].isspace():
            spans[-1] = (spans[-1][0], s.end)  # one mark around a run of words
        else:
            spans.append((s.start, s.end))
    return spans


def telling(query: str) -> frozenset[str]:
    """The syllables of ``query`` without those of every question, with their marks if it was typed with any."""
    marked = has_marks(query)
    return frozenset(
        s.marked if marked else s.folded for s in syllables(query) if s.folded not in _GRAMMAR
    )


def context(article: Article, start: int, end: int) -> Span:
    """The paragraphs to show around a sentence: its own, and its neighbours while that is short."""
    low, high = (
        (0, article.body_end) if start < article.body_end else (article.body_end, len(article.text))
    )
    first, last = _grow(article.text, start, end, low, high)
    while last - first < _CONTEXT and (first, last) != (low, high):
        wider = _grow(article.text, max(low, first - 2), min(high, last + 2), low, high)
        if wider == (first, last):
            break
        first, last = wider
    return first, last


def _grow(text: str, start: int, end: int, low: int, high: int) -> Span:
    """To the line breaks around ``[start:end)``, within ``[low:high)``."""
    first = text.rfind("\n", low, start) + 1 or low
    last = text.find("\n", end, high)
    return first, high if last < 0 else last


__all__ = ["Span", "context", "matches", "telling"]
