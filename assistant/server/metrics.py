"""What Prometheus reads at /metrics: requests, questions, builds, sign-ins. No text, no names."""

import time

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

_AREAS = (
    "/api/ask", "/api/search", "/api/articles", "/api/passages", "/api/build", "/api/", "/gradio_api/queue",
    "/gradio_api", "/mcp", "/metrics", "/healthz", "/readyz",
)  # fmt: skip
_SECONDS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)


class Metrics:
    """The counters of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "hoibao_requests", "HTTP requests", ["area", "status"], registry=self.registry
        )
        self.questions = Counter(
            "hoibao_questions", "Questions with a whole answer", ["via", "answered"], registry=self.registry
        )  # fmt: skip
        self.seconds = Histogram(
            "hoibao_question_seconds", "From question to whole answer", ["via"],
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self.logins = Counter("hoibao_logins", "Sign-ins", ["result"], registry=self.registry)
        self.builds = Counter("hoibao_builds", "Builds begun", ["result"], registry=self.registry)
        self.articles = Gauge("hoibao_articles", "Articles of the index", registry=self.registry)
        self.passages = Gauge("hoibao_passages", "Passages of the index", registry=self.registry)
        self.ready = Gauge("hoibao_ready", "1 once questions are answered", registry=self.registry)
        started = Gauge("hoibao_start_time_seconds", "Start, Unix time", registry=self.registry)
        started.set(time.time())

    def text(self) -> bytes:
        """The exposition format, version 0.0.4."""
        return generate_latest(self.registry)


def area(path: str) -> str:
    """What kind of request a path is: a label must not have as many values as there are paths."""
    return next((start for start in _AREAS if path.startswith(start)), "page")
