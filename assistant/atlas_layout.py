"""Where points and labels of an atlas come to lie on the screen, in pixels; y downwards. Pure."""

from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from assistant.atlas import Places

WIDTH, HEIGHT = 1000, 640  # of the drawing on a wide screen
FONT, LINE = 15, 18  # of a label: its letters and its lines
_LETTER = 8.4  # mean width of a letter
_MARGIN = 56
_STRETCH = 1.6  # one axis against the other at most, to fill the frame

# How far a label may go from its place, and what that is worth: a pixel against a point that it would
# cover (in a picture of up to 150), and against a label that it would touch.
_ASIDE = [*product(range(-96, 97, 16), range(-72, 73, 8))]
_COVERED, _TOUCHED, _CROWD = 60.0, 1_000.0, 150


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of text around their middle; ``title``: they are one article's title, not a region's words."""

    x: float
    y: float
    lines: tuple[str, ...]
    title: bool = False

    @property
    def size(self) -> tuple[float, float]:
        """About how wide and high it is drawn."""
        return max(map(len, self.lines)) * _LETTER + 8, len(self.lines) * LINE + 2


def on_screen(places: Places, frame: Places) -> Places:
    """``(n, 2)`` places in pixels, so that all of ``frame`` lies within the margins."""
    low, high = frame.min(axis=0), frame.max(axis=0)
    fit = (np.array([WIDTH, HEIGHT]) - 2 * _MARGIN) / np.maximum(high - low, 1e-9)
    scale = np.minimum(fit, fit.min() * _STRETCH)
    screen: Places = (places - (low + high) / 2) * scale * [1, -1] + np.array([WIDTH, HEIGHT]) / 2
    return screen


def spread(labels: list[Label], points: Places, radius: float) -> list[Label]:
    """The labels, each in turn moved to where it hides least: within the frame, on no other, on few points."""
    weight = _COVERED * min(1.0, _CROWD / max(len(points), 1))
    placed: list[Label] = []
    for label in labels:
        tried = [_within(label, dx, dy) for dx, dy in _ASIDE]
        costs = [
            np.hypot(there.x - label.x, there.y - label.y)
            + weight * _covered(there, points, radius)
            + _TOUCHED * sum(_touch(there, other) for other in placed)
            for there in tried
        ]
        placed.append(tried[int(np.argmin(costs))])
    return placed


def _within(label: Label, dx: float, dy: float) -> Label:
    """The label moved, but kept within the frame."""
    width, height = label.size
    x = min(max(label.x + dx, width / 2), WIDTH - width / 2)
    y = min(max(label.y + dy, height / 2), HEIGHT - height / 2)
    return replace(label, x=x, y=y)


def _covered(label: Label, points: Places, radius: float) -> int:
    room = np.array(label.size) / 2 + radius
    return int((np.abs(points - [label.x, label.y]) < room).all(axis=1).sum())


def _touch(one: Label, other: Label) -> bool:
    (w, h), (v, g) = one.size, other.size
    return abs(one.x - other.x) < (w + v) / 2 and abs(one.y - other.y) < (h + g) / 2


__all__ = ["FONT", "HEIGHT", "LINE", "WIDTH", "Label", "on_screen", "spread"]
