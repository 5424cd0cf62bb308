"""Cutting articles into passages for training.

This is rougher than the product's own splitter on purpose: training needs plausible passages, not
exact offsets.
"""

import random
import re

_ENDS = re.compile(r"(?<=[.!?…”\"])\s+(?=[“\"(]?[A-ZÀ-ỸĐ0-9])|\s*[\r\n]+\s*")
_MAX_WORDS = 180  # as the product's passages
_TARGETS = (100, 170)  # words at which a passage may close; varied, so that length tells nothing


def split_sentences(text: str) -> list[str]:
    """Sentences of ``text``, roughly, without empty ones."""
    return [s.strip() for s in _ENDS.split(text) if s.strip()]


def group_passages(sentences: list[str], rng: random.Random) -> list[list[str]]:
    """Runs of whole sentences of about 100 to 180 words; a tail under 30 words is dropped."""
    passages: list[list[str]] = []
    run: list[str] = []
    words, target = 0, rng.randint(*_TARGETS)
    for sentence in sentences:
        length = sentence.count(" ") + 1
        if run and (words >= target or words + length > _MAX_WORDS):
            passages.append(run)
            run, words, target = [], 0, rng.randint(*_TARGETS)
        run.append(sentence)
        words += length
    if words >= 30 or not passages:
        passages.append(run)
    return [p for p in passages if p]


def cut_piece(sentence: str, rng: random.Random) -> str | None:
    """A run of 5 to 16 words of ``sentence``; ``None`` where it is too short to ask anything."""
    words = sentence.split()
    if len(words) < 8:
        return None
    length = min(rng.randint(5, 16), len(words) - 1)
    start = rng.randint(0, len(words) - length)
    return " ".join(words[start : start + length])
