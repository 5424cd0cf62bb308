"""Shared by the tests of the map: two subjects to be told apart, and a page taken to pieces."""

import datetime as dt
import json
from html.parser import HTMLParser

import numpy as np

from embeddings.store import Outline

LYCHEES = [
    "Vải thiều Bắc Giang được mùa",
    "Giá vải thiều Bắc Giang tăng",
    "Sàn điện tử bán vải thiều Bắc Giang",
    "Nông dân trồng vải thiều",
]
VACCINES = [
    "Nghệ An tiêm vắc xin sởi cho trẻ",
    "Tiêm vắc xin sởi muộn ở Nghệ An",
    "Bệnh viện nhận thêm vắc xin sởi",
    "Trạm y tế phường hết vắc xin sởi",
]


def outline(title: str, source: str = "", date: dt.date | None = None) -> Outline:
    return Outline(title, title, date, source)


def random_vectors(n: int, dimension: int = 12) -> np.ndarray:
    vectors = np.random.default_rng(7).normal(size=(n, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def rows(*articles: tuple[str, str, str, str]) -> str:
    """``(title, body, date, source)`` as the lines of a ``.jsonl`` file."""
    keys = ("title", "body", "date", "source")
    return "\n".join(
        json.dumps(dict(zip(keys, a, strict=True)), ensure_ascii=False) for a in articles
    )


def two_subjects() -> str:
    fruit = "Nông dân thu hoạch vải thiều, thương lái mua vải với giá cao hơn năm trước."
    health = "Bác sĩ khuyên phụ huynh đưa trẻ đi tiêm vắc xin sởi tại trạm y tế của xã."
    return rows(
        *((t, f"{t}. {fruit}", f"2024-06-0{n}", "Báo Nông Thôn") for n, t in enumerate(LYCHEES, 1)),
        *((t, f"{t}. {health}", f"2024-11-0{n}", "Y Tế") for n, t in enumerate(VACCINES, 1)),
    )


class Page(HTMLParser):
    """The tags of a page, the tooltips of its points and everything else it says."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.points: list[dict[str, str | None]] = []
        self.tips: list[str] = []
        self.said = ""
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._inside = [*self._inside, tag][-2:]
        if tag == "circle":
            self.points.append(dict(attrs))
            self.tips.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside[:-1]

    def handle_data(self, data: str) -> None:
        if self._inside == ["circle", "title"]:
            self.tips[-1] += data
        elif "style" not in self._inside:
            self.said += data
