"""Who is signed in, and the way out; nothing where nobody signs in."""

from html import escape
from typing import Any

from assistant.who import Role, who

_ROLES = {Role.READER: "chỉ đọc", Role.EDITOR: "biên tập"}


def account_html(request: Any) -> str:
    """The account's name and role with a button that signs out, for a request that came with a session."""
    if "hoibao_phien" not in (getattr(request, "cookies", None) or {}):
        return ""
    found = who(request)
    named = f"{escape(found.name)} ({_ROLES[found.role]})" if found.name else ""
    return (
        f'<form class="hb-tai-khoan" method="post" action="./dang-xuat">{named} '
        '<button type="submit" class="hb-nut hb-vien-nut">Đăng xuất</button></form>'
    )


__all__ = ["account_html"]
