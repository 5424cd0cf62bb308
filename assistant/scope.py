"""Which part of the archive is searched: days of publication and sources.

A scope is applied inside both searches (``embeddings.index``), never to what they have found: a
narrow one still fills its ``k``. An article without a date is outside every scope that has dates.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.errors import QuestionError
from corpus.text import fold

_NAMED = 8  # sources listed in an error
UNNAMED = "(không rõ nguồn)"  # how the source "" is shown, and may be asked for


@dataclass(frozen=True, slots=True)
class Scope:
    """Inclusive days of publication and names of sources; what is left out restricts nothing.

    Raises QuestionError when ``first`` is after ``last``.
    """

    first: dt.date | None = None
    last: dt.date | None = None
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.first and self.last and self.first > self.last:
            raise QuestionError(
                f"Ngày bắt đầu {self.first:%d/%m/%Y} sau ngày kết thúc {self.last:%d/%m/%Y}. "
                "Hãy đổi lại hai ngày."
            )

    def __bool__(self) -> bool:
        """Whether it restricts anything."""
        return self.first is not None or self.last is not None or bool(self.sources)

    def __str__(self) -> str:
        """What it covers, in Vietnamese: ``bài đăng từ 01/01/2023 đến 31/12/2023, nguồn ANTV``."""
        named = " hoặc ".join(source or UNNAMED for source in self.sources)
        return ", ".join(filter(None, [self._days(), f"nguồn {named}" if named else ""]))

    def _days(self) -> str:
        first, last = (f"{d:%d/%m/%Y}" if d else "" for d in (self.first, self.last))
        if first and first == last:
            return f"bài đăng ngày {first}"
        since, until = f" từ {first}" if first else "", f" đến {last}" if last else ""
        return f"bài đăng{since}{until}" if since or until else ""


EVERYTHING = Scope()


def known_sources(wanted: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """The archive's own names of the sources ``wanted``, whatever their case and marks.

    Raises QuestionError, naming some of ``known``, for a source that the archive does not have.
    """
    there = list(known)
    found: list[str] = []
    for name in wanted:
        same = [s for s in there if name in (s, s or UNNAMED)]
        same = same or [s for s in there if fold(s).strip() == fold(name).strip()]
        if not same:
            raise QuestionError(_unknown(name, there))
        found += same
    return tuple(dict.fromkeys(found))


def _unknown(name: str, there: list[str]) -> str:
    named = "; ".join(source or UNNAMED for source in there[:_NAMED])
    more = f" và {len(there) - _NAMED} nguồn khác" if len(there) > _NAMED else ""
    return f"Kho không có nguồn “{name}”. Các nguồn đang có: {named or 'chưa có nguồn nào'}{more}."


__all__ = ["EVERYTHING", "UNNAMED", "Scope", "known_sources"]
