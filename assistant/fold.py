"""One story, one hit: what several articles print is shown once, with where else it stands.

Passages fold when they have the same text, or when their articles are of one group, they overlap by
half, and the article shown says all that the other passage does: what only one of them says stays
a hit of its own. The earliest dated article is shown where it says as much, at the place of the best;
where dates do not tell, the best itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from embeddings.codes import marked_codes
from embeddings.store import Twin

if TYPE_CHECKING:
    from assistant.retrieve import Hit

_SAME_PLACE = 0.5
_SAYS_ALL = 0.9  # the rest is a byline; one more sentence is more than a tenth of a passage
_SHINGLE = 3
_PLACES = np.array([1, 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], np.uint64)

Shingles = NDArray[np.uint64]


def fold_duplicates(hits: "list[Hit]", groups: Mapping[str, list[Twin]]) -> "list[Hit]":
    """``hits`` without repeats, in their order. ``groups``: article id → its group, the first first."""
    kept: list[Hit] = []
    places: dict[bytes | str, list[int]] = defaultdict(list)  # key or group → where in ``kept``
    texts = _Texts()
    for hit in hits:
        first = groups.get(hit.passage.article.id, [])[:1]
        names: list[bytes | str] = [hit.passage.key, *(twin.id for twin in first)]
        near = sorted({i for name in names for i in places[name]})
        at = next((i for i in near if _repeats(hit, kept[i], texts)), None)
        if at is None:
            at = len(kept)
            kept.append(replace(hit, also=_others(hit, groups)))
        else:
            kept[at] = _merged(kept[at], hit, groups, texts)
        for name in names:
            places[name].append(at)
    return kept


def _merged(
    shown: "Hit", folded: "Hit", groups: Mapping[str, list[Twin]], texts: "_Texts"
) -> "Hit":
    also = {t.id: t for t in (*shown.also, *_others(folded, groups), _twin(shown), _twin(folded))}
    if _earlier(folded, shown) and _says_all(folded, shown, texts):
        shown = replace(folded, score=shown.score)
    also.pop(shown.passage.article.id)
    return replace(shown, also=tuple(sorted(also.values(), key=_order)))


def _repeats(hit: "Hit", other: "Hit", texts: "_Texts") -> bool:
    """Whether one of two hits that share a key or a group says nothing that the other does not."""
    a, b = hit.passage, other.passage
    if a.key == b.key:
        return True
    if a.article.id == b.article.id:
        return False
    small, large = sorted((texts.of(a.text), texts.of(b.text)), key=len)
    return _covered(small, large) >= _SAME_PLACE and _says_all(other, hit, texts)


def _says_all(one: "Hit", other: "Hit", texts: "_Texts") -> bool:
    """Whether the article of ``one`` says all that the passage of ``other`` does."""
    there = texts.of(one.passage.article.text)
    return _covered(texts.of(other.passage.text), there) >= _SAYS_ALL


def _covered(part: Shingles, whole: Shingles) -> float:
    return float(np.isin(part, whole).mean()) if len(part) else 0.0


class _Texts:
    """Shingles of texts, each worked out once."""

    def __init__(self) -> None:
        self._known: dict[str, Shingles] = {}

    def of(self, text: str) -> Shingles:
        """Hashes of the runs of three syllables, each once."""
        if text not in self._known:
            self._known[text] = _shingles(text)
        return self._known[text]


def _shingles(text: str) -> Shingles:
    codes = marked_codes(text).astype(np.uint64)
    width = min(_SHINGLE, len(codes))
    if not width:
        return codes
    windows = np.lib.stride_tricks.sliding_window_view(codes, width)
    with np.errstate(over="ignore"):  # arithmetic modulo 2**64 is meant
        return np.unique((windows * _PLACES[:width]).sum(axis=1))


def _others(hit: "Hit", groups: Mapping[str, list[Twin]]) -> tuple[Twin, ...]:
    id = hit.passage.article.id
    return tuple(twin for twin in groups.get(id, []) if twin.id != id)


def _twin(hit: "Hit") -> Twin:
    a = hit.passage.article
    return Twin(a.id, a.headline, a.date, a.source)


def _earlier(one: "Hit", other: "Hit") -> bool:
    """Whether it is known to have been published before; of one day, the better hit stays."""
    dates = one.passage.article.date, other.passage.article.date
    return dates[0] is not None and (dates[1] is None or dates[0] < dates[1])


def _order(twin: Twin) -> tuple[bool, str, str]:
    """Earliest dated first, undated last, then by id: as the store orders a group."""
    return twin.date is None, str(twin.date or ""), twin.id


def published_also(twins: Iterable[Twin], most: int = 3) -> str:
    """``Cũng đăng tại: Báo Sông Lạch (02/09/2025), tin/b.txt và 2 bài khác``; nothing for none."""
    named = list(twins)
    if not named:
        return ""
    places = [_place(twin) for twin in named[:most]]
    more = f" và {len(named) - most} bài khác" if len(named) > most else ""
    return f"Cũng đăng tại: {', '.join(places)}{more}"


def _place(twin: Twin) -> str:
    date = twin.date.strftime("%d/%m/%Y") if twin.date else ""
    name = twin.source or twin.id
    return f"{name} ({date})" if date else name
