"""The list of the archive's articles as people leaf through it: by words of the title, day and source."""

from dataclasses import dataclass

from assistant.scope import Scope
from corpus.text import fold
from embeddings.store import Outline, Reader

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Shelf:
    """One ``page`` (from 1) of ``pages``, newest first; ``total`` articles on all of them."""

    articles: tuple[Outline, ...]
    total: int
    page: int
    pages: int


def browse(store: Reader, words: str, within: Scope, page: int, per_page: int = PER_PAGE) -> Shelf:
    """Articles ``within`` a scope whose title, source or id holds every one of ``words``, whatever its marks."""
    wanted = fold(words).split()
    where = (within.first, within.last, within.sources)
    if not wanted:
        total = store.article_count(*where)
        page, pages = _place(page, total, per_page)
        found = store.outlines(*where, start=(page - 1) * per_page, most=per_page)
        return Shelf(tuple(found), total, page, pages)
    named = [o for o in store.outlines(*where) if _holds(o, wanted)]
    page, pages = _place(page, len(named), per_page)
    start = (page - 1) * per_page
    return Shelf(tuple(named[start : start + per_page]), len(named), page, pages)


def _holds(outline: Outline, wanted: list[str]) -> bool:
    text = fold(f"{outline.title} {outline.source} {outline.id}")
    return all(word in text for word in wanted)


def _place(page: int, total: int, per_page: int) -> tuple[int, int]:
    """The page that there is, and how many there are."""
    pages = max(1, -(-total // per_page))
    return min(max(1, page), pages), pages


__all__ = ["PER_PAGE", "Shelf", "browse"]
