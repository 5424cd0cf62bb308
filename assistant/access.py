"""Who may reach the server and how much each may ask of it: the part of the settings for serving.

Read from the environment alone: a password on a command line is seen by every user of the machine.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant.who import Role
from corpus.errors import UserError

SHORTEST_PASSWORD = 8
SHORTEST_KEY = 20
_OFF = {"off", "0", "no", "false", "tat", "tắt"}


@dataclass(frozen=True, slots=True)
class Access:
    """Accounts, names, limits. Without ``password`` and ``users`` nobody signs in.

    ``api_keys`` maps a key to its role; ``hosts`` are names the server is reached by besides its own;
    ``proxies`` are addresses whose X-Forwarded-* headers are believed; 0 questions a minute is no limit.
    """

    password: str = field(default="", repr=False)
    users: Path | None = None
    api_keys: tuple[tuple[str, Role], ...] = field(default=(), repr=False)
    hosts: tuple[str, ...] = ()
    proxies: str = "127.0.0.1"
    root_path: str = ""
    questions_per_minute: int = 120
    upload_mb: int = 256
    audit: bool = True
    audit_days: int = 90

    @property
    def has_accounts(self) -> bool:
        """Whether people have to sign in."""
        return bool(self.password) or self.users is not None


def read_access(environ: Mapping[str, str]) -> Access:
    """HOIBAO_PASSWORD, _USERS, _API_KEYS, _HOSTS, _PROXIES, _ROOT_PATH, _QUESTIONS_PER_MINUTE, _UPLOAD_MB, _AUDIT,
    _AUDIT_DAYS. Raises UserError for one that cannot be meant."""
    password, users = environ.get("HOIBAO_PASSWORD", ""), environ.get("HOIBAO_USERS", "")
    if password and users:
        raise UserError("Chỉ đặt một trong hai: HOIBAO_PASSWORD hoặc HOIBAO_USERS.")
    if password and len(password) < SHORTEST_PASSWORD:
        raise UserError(f"HOIBAO_PASSWORD phải có ít nhất {SHORTEST_PASSWORD} ký tự.")
    default = Access()
    return Access(
        password=password,
        users=Path(users).expanduser().absolute() if users else None,
        api_keys=tuple(map(_key, _parts(environ.get("HOIBAO_API_KEYS", "")))),
        hosts=tuple(part.lower() for part in _parts(environ.get("HOIBAO_HOSTS", ""))),
        proxies=environ.get("HOIBAO_PROXIES") or default.proxies,
        root_path=_root_path(environ.get("HOIBAO_ROOT_PATH", "")),
        questions_per_minute=_number(environ, "HOIBAO_QUESTIONS_PER_MINUTE", default.questions_per_minute),
        upload_mb=_number(environ, "HOIBAO_UPLOAD_MB", default.upload_mb, least=1),
        audit=environ.get("HOIBAO_AUDIT", "").strip().lower() not in _OFF,
        audit_days=_number(environ, "HOIBAO_AUDIT_DAYS", default.audit_days, least=1),
    )  # fmt: skip


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach ``host``."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def check_reach(host: str, access: Access) -> None:
    """Raises UserError when others could reach the server and nobody would have to sign in."""
    if access.has_accounts:
        return
    public = [h for h in (host, *access.hosts) if not is_loopback(h)]
    if public:
        raise UserError(
            f"Không mở ở “{public[0]}” khi chưa có mật khẩu: ai trong mạng cũng đọc và sửa được kho. Hãy đặt "
            "HOIBAO_PASSWORD, hoặc tạo tài khoản bằng “hoibao users add TÊN” rồi đặt HOIBAO_USERS; "
            "nếu chỉ dùng trên máy này thì bỏ HOIBAO_HOST và HOIBAO_HOSTS."
        )


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _key(part: str) -> tuple[str, Role]:
    role, colon, key = part.partition(":")
    if not colon:
        role, key = Role.READER, part
    if role not in list(Role) or len(key) < SHORTEST_KEY:
        raise UserError(
            f"HOIBAO_API_KEYS gồm các phần dạng reader:KHÓA hoặc editor:KHÓA, cách nhau bằng dấu phẩy; mỗi khóa "
            f"dài ít nhất {SHORTEST_KEY} ký tự."
        )
    return key, Role(role)


def _root_path(value: str) -> str:
    value = value.rstrip("/")
    if value and not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", value):
        raise UserError(
            f"HOIBAO_ROOT_PATH phải là một đường dẫn như /hoibao, không phải “{value}”."
        )
    return value


def _number(environ: Mapping[str, str], name: str, default: int, least: int = 0) -> int:
    value = environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdecimal() or int(value) < least:
        raise UserError(f"{name} phải là một số nguyên từ {least}, không phải “{value}”.")
    return int(value)


__all__ = ["SHORTEST_PASSWORD", "Access", "check_reach", "is_loopback", "read_access"]
