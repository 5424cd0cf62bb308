"""What is asked: the question's terms, how it was typed, its language, and the kind of answer.

Pure functions over the text; nothing here looks at the archive.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from corpus.errors import QuestionError
from corpus.text import Syllable, fold, syllables

MAX_CHARS = 2_000  # a question, not an article


class Typed(StrEnum):
    """How the question was typed; decides which channels are searched and how they weigh."""

    MARKED = "marked"
    UNMARKED = "unmarked"
    ENGLISH = "english"


class Kind(StrEnum):
    """The kind of answer asked for."""

    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    HOW_MANY = "how_many"
    WHY = "why"
    SAID = "said"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Question:
    """A question made ready: ``resolved`` is what is searched, ``context`` what a follow-up adds."""

    text: str
    resolved: str
    typed: Typed
    kind: Kind
    syllables: list[Syllable] = field(repr=False)

    @property
    def forms(self) -> list[str]:
        """The syllables in the form of the channel that is searched."""
        if self.typed is Typed.UNMARKED:
            return [s.folded for s in self.syllables]
        return [s.marked for s in self.syllables]


# Matched on folded text, so that they also serve questions typed without marks. Order matters.
_KINDS = (
    (Kind.SAID, r"\b(noi gi|cho biet gi|phat bieu gi|nhan dinh gi|danh gia the nao|nhan manh dieu gi)\b"),
    (Kind.SAID, r"\b(what did .* say)\b"),
    (Kind.WHEN, r"\b(khi nao|bao gio|luc nao|ngay nao|hom nao|thang nao|nam nao|ngay may|may gio|when|thoi gian nao|thoi diem nao|ngay bao nhieu|what (year|day|date|time))\b"),
    (Kind.WHERE, r"\b(o dau|tai dau|noi nao|dia diem nao|tinh nao|thanh pho nao|nuoc nao|huyen nao|xa nao|quan nao|where|dau la noi|tu dau|den dau|dia phuong nao)\b"),
    (Kind.HOW_MANY, r"\b(bao nhieu|may|how many|how much|bao lau|bao xa|dai bao|cao bao|nang bao|ty le)\b"),
    (Kind.WHO, r"\b(ai|who|whom|whose|nguoi nao|ong nao|ba nao|ten la gi|ten gi)\b"),
    (Kind.WHY, r"\b(tai sao|vi sao|why|nguyen nhan|ly do|do dau|how|the nao|ra sao|bang cach nao|lam gi)\b"),
)  # fmt: skip

_ENGLISH = frozenset(
    """the is are was were of and what who when where which how why did does do has have had for to from
    with by at on an that this it be been their his her its as into about many much there according name city
    country people year after before during between first will would could not or if than""".split()
)
# Small words that a Vietnamese question typed without marks is full of.
_VIETNAMESE = frozenset(
    """la cua va ai gi nao o dau bao nhieu khi duoc cho voi tu den trong ngay nam thang nguoi cac nhung mot
    co khong tai sao vi the bi da se dang nay do ong ba anh chi cong viec hoi thi ra may""".split()
)

_FOLLOW_UP_START = re.compile(
    r"^(con|the con|vay con|vay thi|the thi|vay|va con|the|and|what about)\b"
)
_POINTS_BACK = re.compile(
    r"\b(ong (ay|nay|ta|do)|ba (ay|nay|ta|do)|anh (ay|nay|ta|do)|chi (ay|nay|ta|do)|co (ay|nay|ta)|ho (co|da|se|duoc|lam)"
    r"|no |vu (nay|do|viec nay|viec do)|viec (nay|do)|su kien (nay|do)|nguoi (nay|do)|noi (nay|do)|o do|luc do|khi do"
    r"|don vi (nay|do)|quy (nay|do)|chien dich (nay|do)|chuong trinh (nay|do)|cong ty (nay|do)|nan nhan|hoi nghi (nay|do)"
    r"|trong so (do|nay)|trong do|he|she|they|it|his|her|their)\b"
)


def analyse(text: str, history: list[str] | None = None) -> Question:
    """Make a question ready. ``history`` holds the earlier questions, oldest first.

    Raises QuestionError when it is empty or longer than MAX_CHARS.
    """
    text = " ".join(text.split())
    if not syllables(text):
        raise QuestionError("Bạn chưa nhập câu hỏi. Ví dụ: Ai là Khối trưởng Khối thi đua số 4?")
    if len(text) > MAX_CHARS:
        length, limit = (f"{n:,}".replace(",", ".") for n in (len(text), MAX_CHARS))
        raise QuestionError(
            f"Câu hỏi dài {length} ký tự, quá giới hạn {limit} ký tự. "
            "Hãy rút gọn thành một câu hỏi."
        )
    resolved = _resolve(text, history or [])
    found = syllables(resolved)
    return Question(text, resolved, _typed(found), _kind(text), found)


def _resolve(text: str, history: list[str]) -> str:
    """A follow-up takes the words of the question before it along; a new topic stands alone."""
    previous = next((" ".join(q.split()) for q in reversed(history) if q.strip()), "")
    if not previous or not _is_follow_up(text):
        return text
    earlier = history[: len(history) - 1]
    # The one before may be a follow-up itself: then the topic stands further back.
    previous = _resolve(previous, [q for q in earlier if q.strip()])
    return f"{previous.rstrip(' ?.!')} – {text}"


def _is_follow_up(text: str) -> bool:
    folded = fold(text)
    return bool(_FOLLOW_UP_START.match(folded) or _POINTS_BACK.search(folded)) or (
        len(folded.split()) <= 4 and not re.search(r"[A-ZĐ]\w+ [A-ZĐ]", text)
    )


def _typed(found: list[Syllable]) -> Typed:
    folded = [s.folded for s in found]
    if any(s.marked != s.folded for s in found):
        return Typed.MARKED
    english = sum(f in _ENGLISH for f in folded)
    vietnamese = sum(f in _VIETNAMESE for f in folded)
    if english > vietnamese:
        return Typed.ENGLISH
    return Typed.UNMARKED


def _kind(text: str) -> Kind:
    folded = fold(text)
    return next((kind for kind, pattern in _KINDS if re.search(pattern, folded)), Kind.OTHER)
