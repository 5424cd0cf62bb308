"""What a browser sends with an event of the page: untrusted, so of the kind and size that was asked for."""

from typing import Any

from corpus.errors import UserError

_LONGEST = 4_000  # characters


class BadRequest(UserError):
    """The page sent something that it never sends by itself."""

    def __init__(self) -> None:
        super().__init__("Yêu cầu không hợp lệ. Hãy tải lại trang.")


def text(event: Any, name: str, longest: int = _LONGEST) -> str:
    """The text of that name, or "". Raises BadRequest."""
    value = _data(event).get(name, "")
    if not isinstance(value, str) or len(value) > longest:
        raise BadRequest
    return value


def texts(event: Any, name: str, most: int = 200) -> list[str]:
    """The list of texts of that name, or []. Raises BadRequest."""
    value = _data(event).get(name, [])
    if not isinstance(value, list) or len(value) > most:
        raise BadRequest
    if any(not isinstance(item, str) or len(item) > _LONGEST for item in value):
        raise BadRequest
    return value


def number(event: Any, name: str, otherwise: int = 0) -> int:
    """The whole number of that name. Raises BadRequest."""
    value = _data(event).get(name, otherwise)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**15:
        raise BadRequest
    return value


def flag(event: Any, name: str) -> bool:
    """Whether that name is true."""
    return _data(event).get(name) is True


def facts(event: Any) -> dict[str, Any]:
    """What an event is about, for the audit log: ids, names and titles, nothing long."""
    given = {
        name: _data(event).get(name) for name in ("id", "ma", "nhan_de", "ngay", "nguon", "ten")
    }
    return {name: value for name, value in given.items() if value and len(str(value)) <= _LONGEST}


def _data(event: Any) -> dict[str, Any]:
    found = getattr(event, "_data", None)
    return found if isinstance(found, dict) else {}


__all__ = ["BadRequest", "facts", "flag", "number", "text", "texts"]
