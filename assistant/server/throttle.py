"""How often: a token bucket for each client, and a lock-out after wrong passwords. Kept in memory."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from corpus.errors import UserError

_CLIENTS = 20_000  # remembered at most; the one not heard of for longest goes first


class TooMany(UserError):
    """Too often; ``wait`` seconds until it may be tried again."""

    def __init__(self, message: str, wait: float) -> None:
        super().__init__(message)
        self.wait = max(1, round(wait))


class Rate:
    """At most ``per_minute`` on average for each client, ``burst`` at once. 0 a minute is no limit."""

    def __init__(
        self, per_minute: int, burst: int | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second = per_minute / 60
        self._burst = burst or max(1, per_minute)
        self._now = now
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> None:
        """Count one. Raises TooMany."""
        if not self._per_second:
            return
        with self._lock:
            now = self._now()
            left, at = self._left.pop(client, (float(self._burst), now))
            left = min(self._burst, left + (now - at) * self._per_second)
            allowed = left >= 1
            self._left[client] = (left - 1 if allowed else left, now)
            if len(self._left) > _CLIENTS:
                self._left.popitem(last=False)
        if not allowed:
            wait = max(1, round((1 - left) / self._per_second))
            raise TooMany(f"Bạn gửi quá nhanh. Hãy thử lại sau {wait} giây.", wait)


class LockOut:
    """After ``most`` tries within ``window`` seconds that were not forgiven, a key is refused."""

    def __init__(
        self, most: int, window: float = 900, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._window, self._now = most, window, now
        self._lock = threading.Lock()
        self._tries: OrderedDict[str, list[float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Count a try, before it is known to be right: many at once count like one after another. Raises TooMany."""
        with self._lock:
            now = self._now()
            recent = [at for at in self._tries.get(key, []) if at > now - self._window]
            if len(recent) < self._most:
                self._tries[key] = [*recent, now]
                self._tries.move_to_end(key)
                if len(self._tries) > _CLIENTS:
                    self._tries.popitem(last=False)
                return
        wait = recent[0] + self._window - now
        raise TooMany(
            f"Sai mật khẩu quá nhiều lần. Hãy thử lại sau {max(1, round(wait / 60))} phút.", wait
        )

    def forgive(self, key: str) -> None:
        """The last try was right: it does not count."""
        with self._lock:
            if tries := self._tries.get(key):
                tries.pop()
