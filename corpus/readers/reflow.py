"""Printed lines → paragraphs: running heads dropped, line breaks and hyphens healed.

Pure functions over the lines of a document's pages. A page that gives no positions (every ``y`` 0)
is judged by its text alone. It does not sort columns: lines stay in the order they were written in.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.spelling import is_syllable

_ENDS = (".", "!", "?", "…", ":", ";", "”", '"', "»", ")")
_BULLET = re.compile(r"(?:[-–•*+▪●►]|\d{1,2}[.)]|[a-zđ]\)|[IVX]{1,4}\.)\s")
_PAGE_NUMBER = re.compile(
    r"(?:trang|page|tr\.)?\s*[-–—\[(|]?\s*\d{1,4}\s*(?:(?:/|of|trên)\s*\d{1,4})?\s*[-–—\])|]?$",
    re.I,
)
_EDGE = 3  # running heads stand within so many lines of the top or bottom
_LEADING = 1.3  # a wider gap than this many usual ones is a new paragraph
_SHORT = 0.8  # of the longest lines: a shorter one was ended by its writer
_SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: its text, where it starts (points from the left and the bottom), its size."""

    text: str
    x: float = 0.0
    y: float = 0.0
    size: float = 0.0


def reflow(pages: list[list[Line]]) -> list[str]:
    """Paragraphs of a document, across its pages."""
    bodies = drop_running_lines(pages)
    lines = [(line, number) for number, page in enumerate(bodies) for line in page]
    if not lines:
        return []
    width = _full_width([line for line, _ in lines])
    leadings = _leadings(bodies)
    paragraphs = [[lines[0][0]]]
    for (before, page), (line, next_page) in pairwise(lines):
        turned = page != next_page or line.y > before.y + 0.5  # a new page, or the next column
        if _breaks(before, line, turned, width, leadings, paragraphs[-1]):
            paragraphs.append([line])
        else:
            paragraphs[-1].append(line)
    return [heal([line.text for line in paragraph]) for paragraph in paragraphs]


def drop_running_lines(pages: list[list[Line]]) -> list[list[Line]]:
    """Pages without page numbers, and without the lines that most of them begin or end with."""
    upright = _without_heads(pages)
    turned = _without_heads([page[::-1] for page in upright])
    return [page[::-1] for page in turned]


def _without_heads(pages: list[list[Line]]) -> list[list[Line]]:
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_pattern(line) for line in page[:_EDGE]})
    often = max(2, (len(pages) + 1) // 2)
    running = {pattern for pattern, count in counts.items() if count >= often}
    return [_without_head(page, running) for page in pages]


def _pattern(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text).lower()


def _without_head(page: list[Line], running: set[str]) -> list[Line]:
    """From the edge inwards, until the first line that is the page's own."""
    kept = 0
    while kept < min(_EDGE, len(page)):
        line = page[kept]
        number = len(page) > 1 and _PAGE_NUMBER.match(line.text)
        if not (number or _pattern(line) in running):
            break
        kept += 1
    return page[kept:]


def _full_width(lines: list[Line]) -> float:
    """Characters of a full line: exceeded by one line in ten."""
    return sorted(len(line.text) for line in lines)[int(len(lines) * 0.9)]


def _leadings(pages: list[list[Line]]) -> dict[int, float]:
    """The usual distance of lines, by size of type."""
    gaps: dict[int, list[float]] = {}
    for page in pages:
        for before, line in pairwise(page):
            if before.y > line.y and _same_size(before, line):
                gaps.setdefault(round(line.size), []).append(before.y - line.y)
    return {size: median(values) for size, values in gaps.items()}


def _same_size(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) <= 0.1 * max(one.size, other.size)


def _breaks(
    before: Line,
    line: Line,
    turned: bool,
    width: float,
    leadings: dict[int, float],
    paragraph: list[Line],
) -> bool:
    """Whether ``line`` begins a new paragraph."""
    if not _same_size(before, line) or _BULLET.match(line.text):
        return True
    ended = before.text.endswith(_ENDS)
    full = len(before.text) >= _SHORT * width
    if turned:
        return ended or not (full or line.text[0].islower())
    gap, usual = before.y - line.y, leadings.get(round(line.size), 0.0)
    if gap and usual and gap > _LEADING * usual:
        return True
    indented = line.x > min(p.x for p in paragraph) + 0.5 * line.size + 1 if line.size else False
    if indented and ended:
        return True
    return not full and (ended or line.text[0].isupper())


def heal(lines: list[str]) -> str:
    """Lines of one paragraph as one line; a word cut by a hyphen is whole again."""
    text = lines[0] if lines else ""
    pieces = [text]
    for line in lines[1:]:
        pieces.append(_joint(pieces, line))
        pieces.append(line)
    return "".join(pieces).replace(_SOFT_HYPHEN, "")


def _joint(pieces: list[str], line: str) -> str:
    """What stands between the last piece and ``line``; a hyphen of the typesetter is taken off."""
    last = pieces[-1]
    if last.endswith(_SOFT_HYPHEN):
        return ""
    head = re.search(r"(\S*?)([^\W\d_]+)-$", last)
    tail = re.match(r"[^\W\d_]+", line)
    if head is None or tail is None:
        return "" if re.search(r"\d-$", last) and line[:1].isdigit() else " "
    if not head.group(1) and tail.group()[0].islower():
        left, right = head.group(2), tail.group()
        english = (
            left.isascii() and right.isascii() and not (is_syllable(left) and is_syllable(right))
        )
        if is_syllable(left + right) or (english and len(left) > 1):
            pieces[-1] = last[:-1]
    return ""
