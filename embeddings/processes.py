"""Work that other processes do meanwhile, its results in the order in which it was given out.

For what needs neither the store's writer nor the encoder: reading files, taking texts apart. A bounded
number of tasks is given out ahead, so that memory does not grow. Where processes cannot be had, or one
dies, there is no result, and whoever asked does the task.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import SpawnContext, SpawnProcess
from types import TracebackType
from typing import Any, TypeVar

_WAITING = 4  # tasks ahead, for each process
_MOST = 8  # processes
_LOOKS_UP = 2.0  # seconds between two looks at whether the parent still lives

Task = TypeVar("Task")
Result = TypeVar("Result")


class Processes:
    """Started when they are first used, stopped at the end of a ``with``."""

    def __init__(self) -> None:
        # As many as there are cores: whoever uses the results waits for them, or they for it.
        cores = os.cpu_count() or 1
        self.count = min(cores, _MOST) if cores > 1 else 0
        self._pool: ProcessPoolExecutor | None = None
        self._context = _Context()

    def __enter__(self) -> "Processes":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is None:
            return
        if not self.count:
            self._context.kill()
        self._pool.shutdown(cancel_futures=True)

    def in_order(
        self, do: Callable[[Task], Result | None], tasks: Iterable[Task]
    ) -> Iterator[tuple[Task, Result | None]]:
        """Every task with what ``do`` makes of it elsewhere, or None."""
        waiting: deque[tuple[Task, Future[Result | None] | None]] = deque()
        try:
            for task in tasks:
                waiting.append((task, self._submit(do, task)))
                if len(waiting) > _WAITING * self.count:
                    yield self._done(*waiting.popleft())
            while waiting:
                yield self._done(*waiting.popleft())
        finally:
            for _, future in waiting:
                if future:
                    future.cancel()

    def _submit(
        self, do: Callable[[Task], Result | None], task: Task
    ) -> "Future[Result | None] | None":
        if not self.count:
            return None
        if self._pool is None:
            parent = (os.getpid(),)
            self._pool = ProcessPoolExecutor(self.count, self._context, _follow_parent, parent)
        try:
            return self._pool.submit(do, task)
        except (RuntimeError, OSError):  # broken, or no process may be started
            self.count = 0
            return None

    def _done(
        self, task: Task, future: "Future[Result | None] | None"
    ) -> tuple[Task, Result | None]:
        try:
            return task, future.result() if future else None
        except BrokenProcessPool:
            self.count = 0
        except Exception:  # whatever it was: the task can be done here
            pass
        return task, None


class _Context(SpawnContext):
    """Knows the processes that were started: a pool that breaks forgets the one it is just starting, and
    would wait for it for ever."""

    def __init__(self) -> None:
        self._started: list[SpawnProcess] = []

    def Process(self, *args: Any, **kwargs: Any) -> SpawnProcess:  # type: ignore[override]
        process = SpawnProcess(*args, **kwargs)
        self._started.append(process)
        return process

    def kill(self) -> None:
        """End those that are left."""
        for process in self._started:
            if process.is_alive():  # one that could not be started is not
                process.kill()


def _follow_parent(parent: int) -> None:
    """A process whose parent was killed must not wait for work for ever."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOKS_UP)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


__all__ = ["Processes"]
