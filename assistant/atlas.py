"""Where the articles of an archive lie to each other in two dimensions, and what its regions are about.

Pure: vectors and titles in, places and labels (atlas_labels.py) out; the same in gives the same out. What
it looks like is render_atlas.py's.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from assistant.atlas_labels import Numbers, labels
from embeddings.encoder import Vectors
from embeddings.store import Outline

Places = NDArray[np.float64]

_REGIONS = 12  # what the eye takes in, and what has room for its label
_PER_REGION = 4  # articles; fewer have no subject in common
_TITLE = 300  # characters of a title that are read: one may be a whole page
_STARTS, _STEPS = 4, 100
_SEED = 0


class By(StrEnum):
    """What the colour of a point tells."""

    SOURCE = "source"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Region:
    """Neighbouring articles: the centre of their places, how many, and what their titles tell of more than others'.

    ``words`` is empty where the titles share nothing; ``central`` is the number of the article nearest to the centre.
    """

    x: float
    y: float
    articles: int
    words: tuple[str, ...]
    central: int


@dataclass(frozen=True, slots=True, eq=False)
class Atlas:
    """``places[i]`` (x to the right, y up) is where ``outlines[i]`` lies."""

    outlines: list[Outline]
    places: Places
    regions: list[Region]


def make_atlas(outlines: list[Outline], vectors: Vectors) -> Atlas:
    """The atlas of articles with their ``(n, dimension)`` unit vectors; fewer than eight have no regions."""
    places = positions(vectors)
    if len(outlines) < 2 * _PER_REGION:
        return Atlas(outlines, places, [])
    numbers = clusters(places, min(_REGIONS, len(outlines) // _PER_REGION))
    centres = np.array([places[numbers == n].mean(axis=0) for n in np.unique(numbers)])
    inward = np.argsort(np.linalg.norm(places - centres[numbers], axis=1), kind="stable")
    words = labels([outlines[i].title[:_TITLE] for i in inward], numbers[inward])
    regions = []
    for number, ((x, y), label) in enumerate(zip(centres, words, strict=True)):
        members = [int(i) for i in inward if numbers[i] == number]
        regions.append(Region(float(x), float(y), len(members), label, members[0]))
    return Atlas(outlines, places, regions)


def positions(vectors: Vectors) -> Places:
    """The first two principal components of ``(n, dimension)`` vectors: ``(n, 2)``, centred on 0.

    Distances in the plane are never larger than those between the vectors. The sign of an axis, which
    the decomposition leaves open, is that of its largest loading.
    """
    placed = np.zeros((len(vectors), 2))
    if len(vectors) < 2:
        return placed
    centred = vectors.astype(np.float64)
    centred -= centred.mean(axis=0)
    _, strength, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:2][strength[:2] > 1e-9 * len(vectors)]  # the rest is rounding
    largest = np.abs(axes).argmax(axis=1)
    axes = axes * np.sign(axes[np.arange(len(axes)), largest])[:, None]
    placed[:, : len(axes)] = centred @ axes.T
    return placed


def clusters(places: Places, k: int) -> Numbers:
    """The region of each of ``(n, 2)`` places, numbered from 0: at most ``k``, none of them empty.

    k-means (Lloyd 1982) from k-means++ starts (Arthur and Vassilvitskii 2007), the best of four.
    """
    k = min(k, len(np.unique(places, axis=0)))
    if k < 1:
        return np.zeros(len(places), np.int64)
    random = np.random.default_rng(_SEED)
    runs = [_lloyd(places, _starts(places, k, random)) for _ in range(_STARTS)]
    _, nearest = min(runs, key=lambda run: run[0])
    return np.unique(nearest, return_inverse=True)[1].astype(np.int64)


def _starts(places: Places, k: int, random: np.random.Generator) -> Places:
    """``k`` of the places, each likelier the further it is from those before it."""
    chosen = [int(random.integers(len(places)))]
    while len(chosen) < k:
        far = _squares(places, places[chosen]).min(axis=1)
        chosen.append(int(random.choice(len(places), p=far / far.sum())))
    return places[chosen]


def _lloyd(places: Places, centres: Places) -> tuple[float, Numbers]:
    """The sum of squares to the nearest centre, and which that is, once no place changes its own."""
    nearest = np.full(len(places), -1)
    for _ in range(_STEPS):
        before, nearest = nearest, _squares(places, centres).argmin(axis=1)
        if np.array_equal(before, nearest):
            break
        for number in np.unique(nearest):
            centres[number] = places[nearest == number].mean(axis=0)
    return float(_squares(places, centres).min(axis=1).sum()), nearest


def _squares(places: Places, centres: Places) -> Places:
    """``(n, k)`` squared distances."""
    squares: Places = ((places[:, None] - centres[None]) ** 2).sum(axis=2)
    return squares


__all__ = ["Atlas", "By", "Places", "Region", "clusters", "make_atlas", "positions"]
