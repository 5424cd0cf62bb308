"""Who said it: the speaker of a sentence, from the words around the quotation and the sentences beside it.

Pure, over an article's text. "…”, ông X nói"; "X cho biết: …"; "Theo bà Y, …"; a pronoun is the person
named last before it. Where the text does not say, there is no speaker: two are never merged into one.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from assistant.analysis.mentions import name_spans
from assistant.analysis.places import PLACES
from corpus.article import Sentence
from corpus.sentences import split_sentences
from corpus.text import fold

_VERB = re.compile(
    r"\b(?:cho biết|cho hay|cho rằng|nói|khẳng định|nhấn mạnh|chia sẻ|nhận định|tuyên bố|phát biểu|bày tỏ|đánh giá|lưu ý|kêu gọi|thừa nhận|khai"
    r"|giải thích|cảnh báo|tiết lộ|nhận xét|trả lời|đáp|kể|hỏi|phân tích|đề nghị|thông tin|bình luận|lý giải|bộc bạch|tâm sự|trăn trở|quả quyết"
    r"|phản bác|phủ nhận|chỉ rõ|nêu rõ|kiến nghị|căn dặn|dặn|viết|khuyên|than thở|thổ lộ|cam kết|nêu ý kiến|đề xuất|cho là)\b"
)
_ACCORDING = re.compile(r"\b[Tt]heo (?:lời |lời khai của |ý kiến của |quan điểm của )?")
_TITLE = re.compile(
    r"(?:ông|bà|anh|chị|cô|em|cụ|chú|bác|thầy|cháu|tá|tướng|úy|sĩ|sư|trưởng|tịch|thư|giám đốc|viên|ký|thủ tướng|hlv|ts|gs|phó|đại biểu|phóng viên"
    r"|nhân|luật sư|ngài|đồng chí|đ/c|lão|nghệ nhân|chủ tọa)\.?\s+$", re.I
)  # fmt: skip
_PRONOUN = re.compile(
    r"(?:^|[,;:–-]\s*|\s)(ông|bà|anh|chị|cô|vị này|người này|nữ \w+ này)(?: ấy| này| ta)?\s+(?:\w+\s+){0,3}?$",
    re.I,
)
_MALE, _FEMALE = frozenset({"ông", "anh", "chú", "bác"}), frozenset({"bà", "chị", "cô"})
_QUOTATION = re.compile(r"[“\"«]([^”\"»]*)[”\"»]")
_BACK = 3  # sentences looked back for whom a pronoun means


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sentence that says what ``speaker`` said; ``text[start:end]``."""

    start: int
    end: int
    speaker: str


@lru_cache(64)  # an answer asks about several sentences of one article
def utterances(text: str) -> tuple[Utterance, ...]:
    """The sentences of ``text`` whose speaker it names, in order."""
    sentences = split_sentences(text)
    speakers = _speakers(text, sentences)
    return tuple(
        Utterance(s.start, s.end, who) for s, who in zip(sentences, speakers, strict=True) if who
    )


def speaker_of(text: str, start: int) -> str:
    """Who says the sentence at ``start``; empty when the text does not tell."""
    sentences = split_sentences(text)
    at = bisect_right([s.start for s in sentences], start) - 1
    return _speakers(text, sentences)[at] if at >= 0 else ""


def _speakers(text: str, sentences: list[Sentence]) -> list[str]:
    quoted = [(m.start(), m.end()) for m in _QUOTATION.finditer(text)]
    own = [_own_speaker(text, sentences, at) for at in range(len(sentences))]
    return [own[at] or _borrowed(text, sentences, own, quoted, at) for at in range(len(sentences))]


def _own_speaker(text: str, sentences: list[Sentence], at: int) -> str:
    """The speaker that the sentence itself names, outside its quotation marks."""
    sentence = text[sentences[at].start : sentences[at].end]
    outside = _QUOTATION.sub(lambda m: " " * len(m.group()), sentence)
    outside = _blank_open_quote(outside)
    according = _ACCORDING.search(outside)
    if according:
        name = _first_person(outside[according.end() : according.end() + 120], near=True)
        if name:
            return name
    for verb in _VERB.finditer(outside):
        before = re.split(r"[.;:!?]\s", outside[: verb.start()])[-1]
        name = _first_person(before) or _after(outside, verb.end())
        if name:
            return name
        pronoun = _PRONOUN.search(before)
        if pronoun:
            return _meant(text, sentences, at, pronoun.group(1).lower())
    introduced = re.search(r":\s*[“\"«]", sentence)  # "Chị Hạnh thì lo chuyện khác: “…”"
    return _first_person(outside[: introduced.start()]) if introduced else ""


def _blank_open_quote(sentence: str) -> str:
    """A quotation that goes on in the next sentence, or comes from the one before, is no frame."""
    opening = re.search(r"[“«][^”»]*$", sentence)
    if opening:
        sentence = sentence[: opening.start()] + " " * (len(sentence) - opening.start())
    closing = re.match(r"[^“«”»]*[”»]", sentence)
    return " " * closing.end() + sentence[closing.end() :] if closing else sentence


def _first_person(clause: str, near: bool = False) -> str:
    """The first person of a clause: the names after it are posts and places ("…, Phó Chủ tịch UBND …")."""
    for start, end in name_spans(clause):
        name = clause[start:end]
        titled = bool(_TITLE.search(clause[:start]))
        if near and start > 40 and not titled:
            return ""
        if titled or (" " in name and fold(name) not in PLACES and not name.isupper()):
            return name
    return ""


def _after(sentence: str, at: int) -> str:
    """ "…”, nói bà Lan." – rare, and only right behind the verb."""
    match = re.match(r"\s+(?:ông|bà|anh|chị|cô)\s+", sentence[at:])
    if not match or not re.match(
        r"[\s\"”,]*$", sentence[: at - len(sentence[:at].split()[-1])][-3:]
    ):
        return ""
    return _first_person(sentence[at : at + 60])


def _meant(text: str, sentences: list[Sentence], at: int, pronoun: str) -> str:
    """The person named last before sentence ``at`` whom ``pronoun`` can mean."""
    for before in range(at - 1, max(-1, at - 1 - _BACK), -1):
        sentence = text[sentences[before].start : sentences[before].end]
        people = [
            (sentence[s:e], sentence[:s].split()[-1].lower() if sentence[:s].split() else "")
            for s, e in name_spans(sentence)
            if _TITLE.search(sentence[:s]) or " " in sentence[s:e]
        ]
        fitting = [
            n
            for n, title in people
            if _agrees(title, pronoun) and fold(n) not in PLACES and not n.isupper()
        ]
        if fitting:
            titled = [n for n, title in people if title == pronoun and n in fitting]
            return (
                (titled or fitting)[0]
                if len(set(titled or fitting)) == 1
                else (titled or fitting)[-1 if titled else 0]
            )
    return ""


def _agrees(title: str, pronoun: str) -> bool:
    if pronoun in _MALE:
        return title not in _FEMALE
    return title not in _MALE if pronoun in _FEMALE else True


def _borrowed(
    text: str, sentences: list[Sentence], own: list[str], quoted: list[tuple[int, int]], at: int
) -> str:
    """A quoted sentence without a speaker of its own: that of its quotation's frame, else of a neighbour."""
    here = sentences[at]
    around = [
        (s, e)
        for s, e in quoted
        if (s <= here.start + 1 and here.end - 1 <= e + 1) or (s >= here.start and e <= here.end)
    ]
    if not around:
        return ""
    start, end = around[0]
    inside = [n for n, s in enumerate(sentences) if s.start < end and start < s.end]
    named = {own[n] for n in inside if own[n]}
    if len(named) == 1:
        return named.pop()
    if named:
        return ""
    before, after = inside[0] - 1, inside[-1] + 1
    if before >= 0 and own[before] and text[: sentences[before].end].endswith(":"):
        return own[before]
    same_paragraph = (
        after < len(sentences)
        and "\n" not in text[sentences[after - 1].end : sentences[after].start]
    )
    if (
        same_paragraph
        and own[after]
        and not _QUOTATION.search(text[sentences[after].start : sentences[after].end])
    ):
        return own[after]
    frame = _QUOTATION.sub("", text[sentences[inside[0]].start : sentences[inside[-1]].end])
    if _first_person(frame):
        return ""
    joined = before >= 0 and "\n" not in text[sentences[before].end : sentences[inside[0]].start]
    return own[before] if joined and own[before] else ""


__all__ = ["Utterance", "speaker_of", "utterances"]
