"""Errors as problem details (RFC 9457), in Vietnamese: {"type", "title", "status", "detail"}."""

import json
from typing import Any

from starlette.responses import Response

from assistant.server.throttle import TooMany
from assistant.who import Forbidden
from corpus.errors import ArchiveError, EncoderError, IndexError_, QuestionError, UserError

MEDIA_TYPE = "application/problem+json"
_TITLES = {
    400: "Yêu cầu không hợp lệ",
    401: "Cần đăng nhập",
    403: "Không được phép",
    404: "Không tìm thấy",
    405: "Không dùng được cách gọi này",
    409: "Không làm được lúc này",
    413: "Nội dung gửi lên quá lớn",
    421: "Sai địa chỉ máy chủ",
    422: "Tham số không hợp lệ",
    429: "Gửi quá nhanh",
    500: "Lỗi trong chương trình",
    503: "Chưa sẵn sàng",
}


class Refused(UserError):
    """A request that is answered with this status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def problem(
    status: int, detail: str, *, headers: dict[str, str] | None = None, **more: Any
) -> Response:
    """The response for an error."""
    title = _TITLES.get(status, "Lỗi")
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail} | more
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(content, status, headers, MEDIA_TYPE)


def problem_of(error: UserError) -> Response:
    """The response for an error that the user can mend."""
    headers = {"Retry-After": str(error.wait)} if isinstance(error, TooMany) else None
    return problem(status_of(error), str(error), headers=headers)


def status_of(error: UserError) -> int:
    """Its HTTP status."""
    match error:
        case Refused():
            return error.status
        case Forbidden():
            return 403
        case TooMany():
            return 429
        case QuestionError():
            return 422
        case ArchiveError():
            return 409
        case IndexError_() | EncoderError():
            return 503
    return 400
