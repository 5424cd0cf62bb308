"""Watch a folder that grows: say so when something in it has changed and it is quiet again.

The only file that imports watchdog. Where the system gives no notices (a network drive, too many
folders), the folder is looked through every few seconds instead.
"""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

QUIET_SECONDS = 2.0  # a copy of many files is one change
_PATIENCE = 30.0  # and one that never ends is taken up now and then
_POLL_SECONDS = 5
_READS = {"opened", "closed_no_write"}


class _Handler(FileSystemEventHandler):
    def __init__(self) -> None:
        self.first = 0.0  # when the change that is waiting began; 0 when there is none
        self.last = 0.0
        self.woken = threading.Event()

    def on_any_event(self, event: FileSystemEvent) -> None:
        listed = (
            event.is_directory and event.event_type == "modified"
        )  # said of what is in it anyway
        if event.event_type in _READS or listed or Path(str(event.src_path)).name.startswith("."):
            return
        self.last = time.monotonic()
        self.first = self.first or self.last
        self.woken.set()


def changes(folder: Path, stop: threading.Event, quiet: float = QUIET_SECONDS) -> Iterator[None]:
    """One item at once, and one for each run of changes in ``folder`` that is over, until ``stop``.

    What changes while an item is worked on is noticed too.
    """
    handler = _Handler()
    observer = _observe(folder, handler)
    try:
        yield
        while not stop.is_set():
            if handler.woken.wait(0.2) and _is_over(handler, quiet):
                handler.first = 0.0
                handler.woken.clear()
                yield
            elif handler.woken.is_set():
                stop.wait(min(quiet / 4, 0.2))
    finally:
        observer.stop()
        observer.join()


def _is_over(handler: _Handler, quiet: float) -> bool:
    now = time.monotonic()
    return now - handler.last >= quiet or now - handler.first >= _PATIENCE


def _observe(folder: Path, handler: _Handler) -> BaseObserver:
    observer: BaseObserver = Observer()
    try:
        observer.schedule(handler, str(folder), recursive=True)
        observer.start()
    except OSError:
        observer = PollingObserver(timeout=_POLL_SECONDS)
        observer.schedule(handler, str(folder), recursive=True)
        observer.start()
    return observer
