"""The shapes of articles, their files and the index in the HTTP API."""

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field

from assistant.server.models import Strict, Text


class Outline(BaseModel):
    """An article without its text."""

    article_id: str
    title: str
    date: dt.date | None
    source: str


class Shelf(BaseModel):
    """One page of the list of articles, newest first."""

    articles: list[Outline]
    total: int
    page: int
    pages: int


class NewArticle(Strict):
    """An article to be added to the archive; each line of ``text`` is a paragraph."""

    title: Text = Field(min_length=1, max_length=500)
    text: Text = Field(min_length=1, max_length=1_000_000)
    date: dt.date | None = None
    source: Text = Field(default="", max_length=200)


class Edit(Strict):
    """What to put right; a field left out stays. ``date`` null: not known."""

    title: Text | None = Field(default=None, min_length=1, max_length=500)
    date: dt.date | None = None
    source: Text | None = Field(default=None, max_length=200)


class Failure(BaseModel):
    """A row or file that could not be read, and why."""

    path: str
    reason: str


class Added(BaseModel):
    """A file that was taken into the archive. Its articles are found after the next build."""

    path: str
    article_ids: list[str]
    failures: list[Failure]


class Removed(BaseModel):
    """A deleted file and the token that takes it back."""

    token: str
    path: str
    title: str
    at: str


class Restored(BaseModel):
    """Where a deleted file is now."""

    path: str


class Build(Strict):
    """How to build: ``full`` reads every file again, beside the index in service."""

    full: bool = False


class Step(BaseModel):
    """Where a build is."""

    text: str
    done: int
    total: int


class Change(BaseModel):
    """One article and what became of it."""

    kind: str
    article_id: str
    before: str


class Report(BaseModel):
    """What a build did, as in ``hoibao build --json``."""

    model_config = ConfigDict(extra="allow")

    added: int
    changed: int
    metadata: int
    moved: int
    removed: int
    articles: int
    passages: int
    seconds: float
    stopped: bool
    failures: list[Failure]
    changes: list[Change]


class BuildStatus(BaseModel):
    """Whether a build begun here runs, where it is, and what the last one did or why it could not."""

    running: bool
    stopping: bool
    step: Step | None
    report: Report | None
    failure: str


class Status(BaseModel):
    """What archive and index hold; ``stale`` counts files that a build would do something about."""

    articles: int
    passages: int
    first_date: str
    last_date: str
    built_at: str
    encoder: str
    stale: int
    failures: list[Failure]
    unfinished: bool
    writer: str
