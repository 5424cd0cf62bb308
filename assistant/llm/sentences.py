"""A stream of tokens → finished sentences with the numbers they cite. Pure but for its buffer.

``[1``, ``]`` may come in two pieces, and ``[1]`` after the full stop still belongs to the sentence
before. ``【1】``, ``[1, 2]``, ``[1†nguồn]`` and ``[^1]`` are all read as citations.
"""

import re
from dataclasses import dataclass, field

from corpus.sentences import split_sentences

_WIDE = str.maketrans("【】［］", "[][]")
_CITATION = re.compile(r"\s*\[\^?\s*(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\s*(?:†[^\]\n]{0,40})?\]")
_LEADING = re.compile(rf"(?:{_CITATION.pattern}|[\s.,;])+")
_OPEN = re.compile(r"\[[^\]\n]*$")  # a citation that is still coming
_MARKUP = re.compile(r"\*\*|__|^#+\s*|^\s*[-*•]\s+|^\s*\d+\.\s+", re.M)
_THINKING = re.compile(r"<think>.*?(?:</think>|$)", re.S)
_MOST = 20_000  # characters; a model that writes more has lost its way


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as the model wrote it, without its brackets, and the numbers it cites."""

    text: str
    cites: tuple[int, ...]


@dataclass(slots=True)
class Assembler:
    """Takes tokens, hands out each sentence once it is surely finished, with its citations."""

    _text: str = ""
    _given: int = field(default=0)

    def feed(self, token: str) -> list[Draft]:
        """The sentences that ``token`` finishes; nothing is handed out twice."""
        self._text = (self._text + token.translate(_WIDE))[:_MOST]
        return self._take(finished=False)

    def finish(self) -> list[Draft]:
        """What is left at the end of the stream; an unfinished bracket is dropped."""
        return self._take(finished=True)

    @property
    def text(self) -> str:
        """All that was written."""
        return self._text

    def _take(self, finished: bool) -> list[Draft]:
        drafts = sentences(_OPEN.sub("", self._text))
        sure = drafts if finished else drafts[:-1]
        new, self._given = sure[self._given :], max(self._given, len(sure))
        return new


def sentences(text: str) -> list[Draft]:
    """The sentences of a model's text, in order, each with the citations right behind it.

    The last one is only known to be finished when the text is.
    """
    plain = _MARKUP.sub("", _THINKING.sub("", text))
    pieces: list[str] = []
    for sentence in split_sentences(plain):
        piece = plain[sentence.start : sentence.end]
        leading = _LEADING.match(piece)
        if leading and pieces and _CITATION.search(leading.group()):
            pieces[-1] += " " + leading.group()
            piece = piece[leading.end() :]
        if piece.strip():
            pieces.append(piece)
    return [draft for draft in map(_draft, pieces) if re.search(r"\w", draft.text) or draft.cites]


def _draft(piece: str) -> Draft:
    cites: dict[int, None] = {}
    for match in _CITATION.finditer(piece):
        cites.update(dict.fromkeys(_numbers(match.group(1))))
    text = " ".join(_CITATION.sub("", piece).split())
    return Draft(re.sub(r"\s+([.,;:!?])", r"\1", text), tuple(cites))


def _numbers(listed: str) -> list[int]:
    """ "1, 3" → 1, 3; "2-4" → 2, 3, 4."""
    found: list[int] = []
    for part in re.split(r"\s*[,;]\s*", listed):
        ends = [int(n) for n in re.split(r"\s*[–-]\s*", part)]
        found += range(ends[0], min(ends[-1], ends[0] + 9) + 1) if len(ends) == 2 else ends
    return found


__all__ = ["Assembler", "Draft", "sentences"]
