"""What is done with answers that are there: open their articles, write them to files, judge them.

Every function takes the ``owner`` who asks; ids come from a browser and are checked against it.
"""

from typing import Any

from assistant.page.render_article import article_window, missing_window
from assistant.records import Records
from assistant.records.database import RecordsError
from assistant.records.kept import Kept
from assistant.scope import UNNAMED
from assistant.service import Assistant
from corpus.errors import UserError

_LONGEST = 4_000  # characters of a value that a browser sends


def text_of(event: Any, name: str) -> str:
    """The text ``name`` that the browser sent with an event. Raises RecordsError when it is none."""
    data = event._data if isinstance(event._data, dict) else {}
    value = data.get(name, "")
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise RecordsError("Yêu cầu không hợp lệ. Hãy tải lại trang.")
    return value


def is_last(records: Records, owner: str, conversation: str, turn: str) -> bool:
    """Whether the turn still is the one that the page answers."""
    turns = records.conversations.read(owner, conversation).turns
    return bool(turns) and turns[-1].id == turn


def sources(assistant: Assistant) -> list[tuple[str, str]]:
    """The archive's sources as choices: shown with the number of articles, and the name."""
    return [(f"{name or UNNAMED} ({count})", name) for name, count in assistant.sources()]


def article(assistant: Assistant, records: Records, owner: str, event: Any) -> str:
    """The window with the article of card ``so`` of turn ``luot``, or why it is not there."""
    try:
        kept = _answer(records, owner, text_of(event, "luot"))
        number = text_of(event, "so")
        cited = {str(c.n): c for c in kept.citations}
        if number in cited:
            c = cited[number]
            return article_window(assistant.article(c.article.id), c.quote, c.start)
        near = {str(n): source for n, source in enumerate(kept.nearest, start=1)}
        if number not in near:
            raise RecordsError("Không có dẫn chứng ấy. Hãy tải lại trang.")
        return article_window(assistant.article(near[number].id))
    except UserError as error:
        return missing_window(str(error))


def to_export(records: Records, owner: str, event: Any) -> tuple[str, list[Kept]]:
    """A title and the answers: of the turn ``luot``, or of the whole conversation ``id``."""
    if turn := text_of(event, "luot"):
        kept = _answer(records, owner, turn)
        return kept.question, [kept]
    found = records.conversations.read(owner, text_of(event, "id"))
    answers = [turn.answer for turn in found.turns if turn.answer]
    if not answers:
        raise RecordsError("Cuộc trò chuyện này chưa có câu trả lời nào để xuất.")
    return found.title, answers


def feedback(records: Records, owner: str, event: Any) -> dict[str, Any]:
    """Keep a verdict; what to tell, and whether it was kept."""
    try:
        data = event._data if isinstance(event._data, dict) else {}
        reasons = data.get("ly_do", [])
        if not isinstance(reasons, list) or not all(isinstance(r, str) for r in reasons):
            raise RecordsError("Yêu cầu không hợp lệ. Hãy tải lại trang.")
        turn = text_of(event, "luot")
        kept = _answer(records, owner, turn)
        good = data.get("dung") is True
        records.feedback.add(owner, turn, kept, good, reasons, text_of(event, "them"))
    except UserError as error:
        return {"noi": str(error), "duoc": False}
    return {"noi": "Đã ghi nhận, cảm ơn bạn.", "duoc": True, "luot": turn, "dung": good}


def _answer(records: Records, owner: str, turn: str) -> Kept:
    answer = records.conversations.turn(owner, turn).answer
    if answer is None:
        raise RecordsError("Câu hỏi này chưa có câu trả lời.")
    return answer
