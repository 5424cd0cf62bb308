"""Abbreviations both ways: CAND ↔ Công an nhân dân; from corpus/abbreviations.csv and from articles.

The table is the user's to edit. ``mine`` finds what an article itself explains: "Công an nhân dân
(CAND)", "CAND (Công an nhân dân)". A question that holds the one is searched for the other too.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import corpus
from corpus.errors import ArchiveError
from corpus.text import fold, syllables

TABLE = Path(corpus.__file__).with_name("abbreviations.csv")
Table = Mapping[str, tuple[str, ...]]  # short form as printed → its long forms


@dataclass(frozen=True, slots=True)
class Expansion:
    """``term`` stands in the question; ``also`` is searched beside it."""

    term: str
    also: str


_SHORT = r"(?<!\w)[A-ZĐƯƠÔÂÊ][\w&.-]{0,14}[A-ZĐƯƠÔÂÊ&]\w{0,3}"
_IN_BRACKETS = re.compile(
    rf"\(\s*(?:gọi tắt là |viết tắt là |viết tắt )?[“\"]?({_SHORT})[”\"]?\s*\)"
)
_LONG_AFTER = re.compile(rf"(?<!\w)({_SHORT})\s*\(([^()\n]{{5,80}})\)")
_TOKEN = re.compile(r"[\w&]+(?:[.&-][\w&]+)*")
_MOST_WORDS = 14  # of a long form; more is the sentence around it
_ENGLISH = frozenset({"who"})
_SYLLABLE = re.compile(
    r"(?:b|c|ch|d|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|q|qu|r|s|t|th|tr|v|x)?[aeiouy]{1,3}(?:c|ch|m|n|ng|nh|p|t)?"
)
_LITTLE = frozenset("va cua cac ve cho tai o va&".split())


def mine(text: str) -> list[tuple[str, str]]:
    """``(short, long)`` pairs that ``text`` explains, in order, each once."""
    return list(_mine(text))


@lru_cache(maxsize=512)  # articles: the same ones answer many questions
def _mine(text: str) -> tuple[tuple[str, str], ...]:
    if "(" not in text:
        return ()
    pairs: dict[tuple[str, str], None] = {}
    for match in _IN_BRACKETS.finditer(text):
        long = _long_before(text[max(0, match.start() - 200) : match.start()], match.group(1))
        if long:
            pairs[match.group(1), long] = None
    for match in _LONG_AFTER.finditer(text):
        short, long = match.group(1), " ".join(match.group(2).split())
        if _begins(long.split(), _letters(short)):
            pairs[short, long] = None
    return tuple(pairs)


def _long_before(before: str, short: str) -> str:
    """The words of ``before``, which ends at the bracket, whose first letters are those of ``short``."""
    line = before.rsplit("\n", 1)[-1]
    words = re.split(r"[.;:?!“”\"()]\s*", line.rstrip())[-1].split()
    letters = _letters(short)
    for count in range(len(letters), min(len(words), _MOST_WORDS) + 1):
        if _begins(words[-count:], letters):
            return " ".join(words[-count:])
    return ""


def _begins(words: list[str], letters: str) -> bool:
    """Whether the words' first letters spell ``letters``; little words ("và") may be left out."""
    initials = [fold(w.strip(",-–&"))[:1] for w in words]
    little = [fold(w) in _LITTLE or not initial for w, initial in zip(words, initials, strict=True)]
    if len(letters) < 2 or not words or little[0] or initials[0] != letters[:1]:
        return False
    reached = {0}
    for initial, skip in zip(initials, little, strict=True):
        step = {n + 1 for n in reached if n < len(letters) and letters[n] == initial}
        reached = step | (reached if skip else set())
    return len(letters) in reached


@lru_cache(maxsize=4_096)
def _letters(short: str) -> str:
    return re.sub(r"[\W_]", "", fold(short))


def read_table(file: Path = TABLE) -> dict[str, tuple[str, ...]]:
    """Short form → long forms, from a CSV with a header line.

    Raises ArchiveError when it cannot be read.
    """
    table: dict[str, tuple[str, ...]] = {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            for row in list(csv.reader(stream))[1:]:
                if len(row) >= 2 and row[0].strip() and row[1].strip():
                    short, long = row[0].strip(), " ".join(row[1].split())
                    table[short] = (*table.get(short, ()), long)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ArchiveError(f"Không đọc được bảng viết tắt “{file}”: {error}.") from error
    return table


@dataclass(frozen=True, slots=True)
class Glossary:
    """Short and long forms, ready for look-up: by the short form as printed, folded, and by long form."""

    longs: dict[str, tuple[str, ...]]
    loose: dict[str, str]
    shorts: dict[str, tuple[str, ...]]


def glossary(entries: Table, mined: Iterable[tuple[str, str]] = ()) -> Glossary:
    """Made of the table and mined pairs; a pair the table has in another spelling is not added again."""
    longs = {short: tuple(found) for short, found in entries.items()}
    known = {(short, fold(long)) for short, found in longs.items() for long in found}
    for short, long in mined:
        if (short, fold(long)) not in known:
            known.add((short, fold(long)))
            longs[short] = (*longs.get(short, ()), long)
    shorts: dict[str, tuple[str, ...]] = {}
    for short, found in longs.items():
        for long in found if len(_letters(short)) > 2 else ():
            words = _words(long)
            shorts[words] = (*shorts.get(words, ()), short)
    loose = {fold(short): short for short in longs if _is_unmistakable(fold(short))}
    return Glossary(longs, loose, {w: s for w, s in shorts.items() if " " in w})


@lru_cache(maxsize=4_096)
def _words(long: str) -> str:
    return " ".join(s.folded for s in syllables(long))


@cache
def builtin() -> Glossary:
    """The project's own table, read once."""
    return glossary(read_table())


@lru_cache(maxsize=4_096)
def _is_unmistakable(plain: str) -> bool:
    """Whether it can be told from a word even in small letters."""
    return len(_letters(plain)) > 2 and plain not in _ENGLISH and not _SYLLABLE.fullmatch(plain)


def expand(text: str, known: Glossary) -> list[Expansion]:
    """What else to search for: long forms of the short ones in ``text``, and the other way round.

    A short form is recognised in capitals or, in a question typed without any, in small letters when
    it is no Vietnamese syllable ("cand", "bhxh").
    """
    return _most_telling(text, [*_longer(text, known), *_shorter(text, known)])


def _longer(text: str, known: Glossary) -> list[Expansion]:
    shouting = any(c.isupper() for c in text)
    found = []
    for match in _TOKEN.finditer(text):
        token = match.group()
        short = (
            token if token in known.longs else "" if shouting else known.loose.get(fold(token), "")
        )
        found += [Expansion(token, long) for long in known.longs.get(short, ())]
    return found


def _shorter(text: str, known: Glossary) -> list[Expansion]:
    here = syllables(text)
    folded = [s.folded for s in here]
    found = []
    for start in range(len(here)):
        for end in range(start + 2, min(len(here), start + _MOST_WORDS) + 1):
            for short in known.shorts.get(" ".join(folded[start:end]), ()):
                found.append(Expansion(text[here[start].start : here[end - 1].end], short))
    return found


def _most_telling(text: str, found: list[Expansion]) -> list[Expansion]:
    """Those of the longest terms: "Công an nhân dân" is CAND, not also CA."""
    kept: list[Expansion] = []
    for one in sorted(found, key=lambda e: (-len(e.term), e.term, e.also)):
        inside = any(one.term != k.term and one.term in k.term for k in kept)
        if not inside and fold(one.also) not in {fold(k.also) for k in kept}:
            kept.append(one)
    return sorted(kept, key=lambda e: text.find(e.term))


__all__ = [
    "TABLE",
    "Expansion",
    "Glossary",
    "Table",
    "builtin",
    "expand",
    "glossary",
    "mine",
    "read_table",
]
