"""One build at a time, begun over the API or at the start, that goes on by itself."""

import threading

from assistant.server.metrics import Metrics
from assistant.server.problems import Refused
from assistant.service import Assistant
from corpus.errors import UserError
from corpus.progress import Step
from embeddings.changes import BuildReport


class Builds:
    """The builds of one server; safe to share between threads."""

    def __init__(self, assistant: Assistant, metrics: Metrics) -> None:
        self._assistant, self._metrics = assistant, metrics
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self.running = False
        self.step: Step | None = None
        self.report: BuildReport | None = None
        self.failure = ""

    @property
    def stopping(self) -> bool:
        """Whether the build that runs was asked to end."""
        return self.running and self._stop.is_set()

    def start(self, full: bool) -> None:
        """Begin one. Raises Refused when one runs here."""
        with self._lock:
            if self.running:
                raise Refused(409, "Một lần cập nhật đang chạy. Hãy chờ nó xong hoặc dừng nó.")
            self.running, self.step, self.report, self.failure = True, None, None, ""
            self._stop = threading.Event()
        threading.Thread(target=self._run, args=(full,), name="build", daemon=True).start()

    def cancel(self) -> None:
        """Ask the build to end after its batch. Raises Refused when none runs."""
        running = self.running
        self._stop.set()
        if not self._assistant.stop_build() and not running:
            raise Refused(409, "Không có lần cập nhật nào đang chạy.")

    def _run(self, full: bool) -> None:
        try:
            self.report = self._assistant.build(self._show, full=full, stop=self._stop)
            result = "stopped" if self.report.stopped else "done"
        except UserError as error:
            self.failure, result = str(error), "failed"
        except Exception:
            self.failure, result = "Lỗi trong chương trình; xem nhật ký của máy chủ.", "failed"
            raise
        finally:
            self.running = False
            self._metrics.builds.labels(result).inc()

    def _show(self, step: Step) -> None:
        self.step = step
