"""Looking passages up: every page of the hits, in the order asked for, and when they were published.

Retrieval always finds the ``k`` nearest passages, near or not. A list that people read and count from has
to end where the hits do: a passage stays in it when it shares more than half of the query's telling
syllables, or scores clearly above the archive's mean.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from assistant.excerpt import telling
from assistant.retrieve import Hit
from assistant.scope import Scope
from corpus.text import has_marks, syllables

MOST = 200  # hits of one look-up
PER_PAGE = 10
_SHARED = 0.5  # of the query's telling syllables
_LAST = 10  # where these of all that were found still fit, there are more
_CLEARLY = 2.0  # standard deviations above the mean of the archive, see assistant.retrieve


class Order(StrEnum):
    """How hits are sorted. Those without a date come last by date."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Month:
    """Hits whose articles were published in one month; ``first`` is its first day."""

    first: dt.date
    hits: int


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a look-up.

    ``hits`` are those of this ``page`` (from 1) of ``pages``, ``start`` the number of those before them,
    ``total`` that of all pages. ``months`` counts all of them by month of publication, in order of time, months
    without any left out; ``undated`` those without a date. ``capped``: there may be more than ``total``, which is
    as far as a look-up goes. Passages that print the same are one hit, see ``Hit.also``.
    """

    query: str
    within: Scope
    order: Order
    hits: tuple[Hit, ...]
    start: int
    total: int
    page: int
    pages: int
    months: tuple[Month, ...]
    undated: int
    capped: bool


def arrange(
    query: str,
    hits: list[Hit],
    within: Scope,
    order: Order,
    page: int,
    per_page: int,
    passages: int,
) -> Found:
    """``hits`` (best first) of an archive of so many ``passages`` as one page; one beyond the last is the last."""
    fitting = _fitting(query, hits)
    capped = passages > MOST and any(hit in fitting for hit in hits[-_LAST:])
    ordered = _ordered(fitting, order)
    per_page = max(1, per_page)
    pages = max(1, -(-len(ordered) // per_page))
    page = min(max(1, page), pages)
    start = (page - 1) * per_page
    days = [hit.passage.article.date for hit in ordered]
    months = Counter(day.replace(day=1) for day in days if day)
    return Found(
        query, within, order, tuple(ordered[start : start + per_page]), start, len(ordered),
        page, pages, tuple(Month(first, months[first]) for first in sorted(months)),
        days.count(None), capped,
    )  # fmt: skip


def _fitting(query: str, hits: list[Hit]) -> list[Hit]:
    marked = has_marks(query)
    wanted = telling(query)
    return [hit for hit in hits if hit.blend >= _CLEARLY or _shares(hit, wanted, marked)]


def _shares(hit: Hit, wanted: frozenset[str], marked: bool) -> bool:
    text = f"{hit.passage.article.title}\n{hit.passage.text}"
    there = {s.marked if marked else s.folded for s in syllables(text)}
    return bool(wanted) and len(wanted & there) > _SHARED * len(wanted)


def _ordered(hits: list[Hit], order: Order) -> list[Hit]:
    if order is Order.RELEVANCE:
        return hits
    dated = [hit for hit in hits if hit.passage.article.date]
    newest = order is Order.NEWEST
    dated.sort(key=lambda hit: hit.passage.article.date or dt.date.min, reverse=newest)
    return dated + [hit for hit in hits if not hit.passage.article.date]


__all__ = ["MOST", "PER_PAGE", "Found", "Month", "Order", "arrange"]
