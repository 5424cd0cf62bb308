"""An answer as it is kept: plain values that say all the page showed, whatever becomes of the archive.

Offsets count characters of the article's text as it was when the answer was given.
"""

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Source:
    """An article by what a reference line needs; ``date`` is ISO, or empty."""

    id: str
    title: str
    source: str
    date: str
    author: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class KeptCitation:
    """A cited sentence, ``article.text[start:end] == quote``, with the ``passage`` it was shown in.

    ``passage`` begins at ``passage_start``. ``span`` is the answering part. ``shared`` are the words it
    has in common with the question, ``shared_title`` those that only its title has; ``near`` tells how
    near it is in meaning, in words.
    """

    n: int
    article: Source
    quote: str
    start: int
    end: int
    passage: str
    passage_start: int
    span: tuple[int, int] | None = None
    speaker: str = ""
    also: tuple[Source, ...] = ()
    shared: tuple[str, ...] = ()
    shared_title: tuple[str, ...] = ()
    near: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Quotes under one lead, by their numbers; or, without a lead, a model's sentence and its proofs."""

    text: str
    cites: tuple[int, ...]
    claim: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer. ``citations`` is empty exactly when it abstains: then ``nearest`` has the articles to look at.

    ``note`` stands before the parts, or says that and why nothing was found; ``remarks`` stand behind. ``within`` says in words what it was limited to.
    """

    question: str
    resolved: str
    answered: bool
    confidence: float
    generation: int
    note: str = ""
    parts: tuple[Part, ...] = ()
    citations: tuple[KeptCitation, ...] = ()
    nearest: tuple[Source, ...] = ()
    remarks: tuple[str, ...] = ()
    expansions: tuple[tuple[str, str], ...] = ()
    within: str = ""
    suggestions: tuple[str, ...] = ()

    def with_suggestions(self, suggestions: tuple[str, ...]) -> "Kept":
        """The same with what may be asked next."""
        return replace(self, suggestions=suggestions)


def to_json(kept: Kept) -> str:
    """One line of JSON."""
    return json.dumps({"format": FORMAT} | asdict(kept), ensure_ascii=False)


def from_json(text: str) -> Kept:
    """The answer that ``to_json`` wrote. Raises ValueError for another format."""
    data = json.loads(text)
    if data.pop("format", None) != FORMAT:
        raise ValueError("an answer of another format")
    return Kept(
        **data
        | {
            "parts": tuple(Part(p["text"], tuple(p["cites"]), p["claim"]) for p in data["parts"]),
            "citations": tuple(_citation(c) for c in data["citations"]),
            "nearest": tuple(Source(**s) for s in data["nearest"]),
            "remarks": tuple(data["remarks"]),
            "expansions": tuple((term, also) for term, also in data["expansions"]),
            "suggestions": tuple(data["suggestions"]),
        }
    )


def _citation(data: dict[str, Any]) -> KeptCitation:
    return KeptCitation(
        **data
        | {
            "article": Source(**data["article"]),
            "span": tuple(data["span"]) if data["span"] else None,
            "also": tuple(Source(**s) for s in data["also"]),
            "shared": tuple(data["shared"]),
            "shared_title": tuple(data["shared_title"]),
        }
    )


__all__ = ["Kept", "KeptCitation", "Part", "Source", "from_json", "to_json"]
