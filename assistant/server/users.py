"""The users file: accounts with argon2 hashes, API keys with SHA-256 (they are random, so that is enough).

JSON, written by ``hoibao users``, readable by its owner alone:
``{"version": 1, "accounts": {"lan": {"role": "editor", "password": "$argon2id$…"}}, "keys": {…}}``
"""

import hashlib
import json
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from assistant.access import SHORTEST_PASSWORD
from assistant.who import Role
from corpus.errors import UserError
from corpus.placing import replace_file

_VERSION = 1
_NAME = re.compile(r"[\w.@-]{1,64}")


@dataclass(frozen=True, slots=True)
class Account:
    """``password`` is an argon2 hash."""

    role: Role
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Key:
    """``sha256`` of the key, in hex."""

    role: Role
    sha256: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Users:
    """Everybody in one users file, by name."""

    accounts: dict[str, Account] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)


def read_users(file: Path) -> Users:
    """Raises UserError when the file is missing or is no users file."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        if data["version"] != _VERSION:
            raise ValueError(f"version {data['version']}")
        return Users(
            {_named(n): Account(Role(a["role"]), str(a["password"])) for n, a in data["accounts"].items()},
            {_named(n): Key(Role(k["role"]), str(k["sha256"])) for n, k in data["keys"].items()},
        )  # fmt: skip
    except FileNotFoundError as error:
        raise UserError(
            f"Không có tệp tài khoản “{file}”. Hãy tạo bằng: hoibao users add TÊN --role editor"
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"Tệp tài khoản “{file}” không đọc được ({error}).") from error


def write_users(file: Path, users: Users) -> None:
    """Write the file anew, whole or not at all, with mode 600. Raises UserError."""
    data: dict[str, Any] = {
        "version": _VERSION,
        "accounts": {n: {"role": a.role, "password": a.password} for n, a in sorted(users.accounts.items())},
        "keys": {n: {"role": k.role, "sha256": k.sha256} for n, k in sorted(users.keys.items())},
    }  # fmt: skip
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        replace_file(file, json.dumps(data, ensure_ascii=False, indent=1).encode())
        file.chmod(0o600)
    except OSError as error:
        raise UserError(f"Không ghi được tệp tài khoản “{file}” ({error.strerror}).") from error


def new_account(name: str, role: Role, password: str) -> Account:
    """Raises UserError for a name or a password that will not do."""
    _named(name)
    if len(password) < SHORTEST_PASSWORD:
        raise UserError(f"Mật khẩu phải có ít nhất {SHORTEST_PASSWORD} ký tự.")
    return Account(role, PasswordHasher().hash(password))


def new_key(name: str, role: Role) -> tuple[str, Key]:
    """A fresh API key, to be shown once, and what is kept of it. Raises UserError."""
    _named(name)
    key = f"hoibao_{secrets.token_urlsafe(32)}"
    return key, Key(role, digest(key))


def digest(key: str) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise UserError(
            f"Tên “{name[:80]}” không dùng được: chỉ gồm chữ, số và các dấu . _ @ - (tối đa 64 ký tự)."
        )
    return name
