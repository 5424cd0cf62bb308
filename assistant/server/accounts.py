"""Who a password or an API key belongs to. All comparisons take the same time, right or wrong."""

import hmac
import threading
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from assistant.access import Access
from assistant.server.users import Users, digest, read_users
from assistant.who import Role, Who

_SHARED = ""  # the account of a server with one password for all


@dataclass(slots=True)
class Accounts:
    """The accounts and keys of one server; a changed users file counts from the next request on."""

    access: Access
    _users: Users = field(default_factory=Users)
    _stamp: tuple[int, int] = (0, 0)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def by_name(self) -> bool:
        """Whether a name is asked for besides a password."""
        return self.access.users is not None

    def signed_in(self, name: str, password: str) -> bool:
        """Whether this is the password of that account; takes about 50 ms, so not in an event loop."""
        if not self.by_name:
            right = hmac.compare_digest(digest(password), digest(self.access.password))
            return right and bool(self.access.password)
        account = self.users().accounts.get(name)
        try:
            PasswordHasher().verify(account.password if account else _nobody(), password)
        except (VerificationError, InvalidHashError):
            return False
        return account is not None

    def role(self, name: str) -> Role | None:
        """What an account may do now; none when it is gone."""
        if not self.by_name:
            return Role.EDITOR if self.access.password else None
        account = self.users().accounts.get(name)
        return account.role if account else None

    def credential(self, name: str) -> str:
        """A fingerprint that changes with the password: sessions end with it."""
        if not self.by_name:
            return digest("password:" + self.access.password)
        account = self.users().accounts.get(name)
        return digest(account.password) if account else ""

    def of_key(self, key: str) -> Who | None:
        """Whose API key this is."""
        given = digest(key)
        known = [
            (f"khoa-{n}", digest(k), role) for n, (k, role) in enumerate(self.access.api_keys, 1)
        ]
        known += [(f"khoa:{n}", k.sha256, k.role) for n, k in self.users().keys.items()]
        found = None
        for name, sha256, role in known:  # all of them, whichever it is
            if hmac.compare_digest(given, sha256):
                found = Who(name, name, role)
        return found

    def users(self) -> Users:
        """The users file as it is now. Raises UserError when it cannot be read."""
        file = self.access.users
        if file is None:
            return self._users
        with self._lock:
            stamp = _stamp(file)
            if stamp != self._stamp or stamp == (0, 0):
                self._users, self._stamp = read_users(file), stamp
            return self._users


def _stamp(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_ino


@cache
def _nobody() -> str:
    """A hash for names that do not exist: they take as long as those that do."""
    return PasswordHasher().hash("không ai có mật khẩu này")
