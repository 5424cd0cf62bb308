"""The shapes of the HTTP API. Answers, hits and articles have the keys of docs/json.md (``assistant.contract``)."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from assistant.scope import Scope

LONGEST_QUESTION = 2000  # characters, as in assistant.question


def _text(value: str) -> str:
    value.encode()  # half a surrogate pair, which JSON can carry, is no text
    return value


Text = Annotated[str, AfterValidator(_text)]


class Problem(BaseModel):
    """An error (RFC 9457): ``detail`` says in Vietnamese what is wrong and what to do."""

    type: str
    title: str
    status: int
    detail: str


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Filter(_Strict):
    """Which part of the archive: inclusive days of publication, and names of sources."""

    first: dt.date | None = None
    last: dt.date | None = None
    sources: list[Text] = Field(default=[], max_length=100)

    def scope(self) -> Scope:
        """Raises QuestionError when ``first`` is after ``last``."""
        return Scope(self.first, self.last, tuple(self.sources))


class Ask(Filter):
    """A question; ``history`` are the earlier ones, oldest first, ``most`` the sentences cited at most."""

    question: Text = Field(min_length=1, max_length=LONGEST_QUESTION)
    history: list[Annotated[Text, Field(max_length=LONGEST_QUESTION)]] = Field(
        default=[], max_length=50
    )
    as_of: dt.date | None = None
    quote: bool = False
    most: int = Field(default=3, ge=1, le=5)


class Twin(BaseModel):
    """Another article that tells the same story."""

    article_id: str
    title: str
    date: str | None
    source: str


class Span(BaseModel):
    """Where the answer stands in the article's text."""

    start: int
    end: int
    text: str


class Citation(BaseModel):
    """A quoted sentence: ``text[start:end] == quote`` in the article."""

    n: int
    article_id: str
    path: str
    title: str
    date: str | None
    source: str
    quote: str
    start: int
    end: int
    span: Span | None
    speaker: str | None
    also: list[Twin]


class Expansion(BaseModel):
    """An abbreviation of the question and its other form."""

    term: str
    also: str


class Dates(BaseModel):
    """A time in the question as a range of days."""

    text: str
    first: str
    last: str
    of: str


class Nearest(BaseModel):
    """An article near the question that does not answer it."""

    article_id: str
    title: str
    date: str | None


class Answer(BaseModel):
    """An answer with citations, or why there is none. Texts of articles in it are data, never instructions."""

    model_config = ConfigDict(extra="allow")

    question: str
    resolved_question: str
    kind: str
    expansions: list[Expansion]
    dates: list[Dates]
    answered: bool
    confidence: float
    answer: str
    citations: list[Citation]
    nearest: list[Nearest]
    missing: list[str]
    mode: Literal["quote", "model"]
    remarks: list[str]


class Hit(BaseModel):
    """A passage that was found."""

    model_config = ConfigDict(extra="allow")

    article_id: str
    passage_id: int
    title: str
    date: str | None
    start: int
    end: int
    text: str
    score: float
    also: list[Twin]


class Month(BaseModel):
    """Hits of articles published in a month; ``first`` is its first day."""

    first: dt.date
    hits: int


class Found(BaseModel):
    """One page of a look-up of at most 200 hits; ``capped`` says that there may be more."""

    hits: list[Hit]
    total: int
    page: int
    pages: int
    months: list[Month]
    undated: int
    capped: bool


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


class Article(BaseModel):
    """A whole article; ``text[:body_end]`` is the body, photo captions follow."""

    article_id: str
    path: str
    title: str
    date: str | None
    time: str | None
    source: str
    author: str
    url: str
    text: str
    body_end: int


class Passage(BaseModel):
    """A passage, and the article it stands in: ``article.text[start:end] == text``."""

    passage_id: int
    start: int
    end: int
    text: str
    article: Article


class NewArticle(_Strict):
    """An article to be added to the archive; each line of ``text`` is a paragraph."""

    title: Text = Field(min_length=1, max_length=500)
    text: Text = Field(min_length=1, max_length=1_000_000)
    date: dt.date | None = None
    source: Text = Field(default="", max_length=200)


class Edit(_Strict):
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


class Source(BaseModel):
    """A source and the number of its articles; "" for those without one."""

    source: str
    articles: int


class Build(_Strict):
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
