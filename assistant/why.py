"""Why a sentence was found, for readers to judge: the words it shares with the question, and its meaning."""

from dataclasses import dataclass

from assistant.excerpt import matches
from assistant.question import Question
from corpus.text import fold
from embeddings import static

_TERMS = 6
# Cosines of the built-in model: of the sample archive's sentences 99 % lie below the second for any
# one question, and 99.9 % around the first.
_VERY_NEAR, _NEAR = 0.35, 0.2


@dataclass(frozen=True, slots=True)
class Why:
    """Words that sentence and question share, those that only the title shares, and nearness in words."""

    shared: tuple[str, ...]
    in_title: tuple[str, ...]
    near: str


def why(question: Question, title: str, sentences: list[str]) -> list[Why]:
    """For each sentence of an article with this title."""
    if not sentences:
        return []
    vectors = static.builtin().encode_queries([question.resolved, *sentences])
    cosines = vectors[1:] @ vectors[0]
    found = []
    for sentence, cosine in zip(sentences, cosines, strict=True):
        shared = _shared(question, sentence)
        known = {fold(term) for term in shared}
        title_only = tuple(t for t in _shared(question, title) if fold(t) not in known)
        found.append(Why(shared, title_only, _in_words(float(cosine))))
    return found


def _shared(question: Question, text: str) -> tuple[str, ...]:
    """The longest shared runs of words, as the text has them; a number alone tells nothing."""
    asked = [question.resolved, *(e.also for e in question.expansions)]
    runs = {text[start:end] for wording in asked for start, end in matches(wording, text)}
    kept: list[str] = []
    for run in sorted(runs, key=lambda run: (-len(run.split()), text.index(run))):
        words = f" {fold(run)} "
        if not run.isdigit() and not any(words in f" {fold(longer)} " for longer in kept):
            kept.append(run)
    return tuple(kept[:_TERMS])


def _in_words(cosine: float) -> str:
    if cosine >= _VERY_NEAR:
        return "rất gần"
    return "gần" if cosine >= _NEAR else "không gần lắm"


__all__ = ["Why", "why"]
