"""Progress: what every step that may take more than two seconds says of itself."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """Where a step is: its name in Vietnamese, how much of what is done, how fast, how long yet.

    ``rate`` is passages a second, ``left`` seconds; 0 where not known.
    """

    name: str
    done: int
    total: int
    unit: str = "tệp"
    rate: float = 0.0
    left: float = 0.0

    def __str__(self) -> str:
        """``Đọc và nhúng bài viết: 120/2.000 tệp · 850 đoạn/giây · còn khoảng 2 phút``."""
        facts = [f"{self.name}: {_number(self.done)}/{_number(self.total)} {self.unit}"]
        return " · ".join([*facts, *self.pace()])

    def pace(self) -> list[str]:
        """How fast and how long yet, as far as known."""
        facts = [f"{_number(round(self.rate))} đoạn/giây"] if self.rate >= 0.5 else []
        return [*facts, f"còn khoảng {duration(self.left)}"] if self.left else facts


Progress = Callable[[Step], None]


def silent(_: Step) -> None:
    """Progress nobody looks at."""


def duration(seconds: float) -> str:
    """``45 giây``, ``2 phút``, ``1 giờ 20 phút``."""
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 2:
        return f"{60 * minutes + rest} giây"
    hours, minutes = divmod(minutes + (rest >= 30), 60)
    return f"{hours} giờ {minutes} phút" if hours else f"{minutes} phút"


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")
