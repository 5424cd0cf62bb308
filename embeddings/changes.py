"""From what is stored and what a file holds now to what has to be done, article by article."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from corpus.archive import Failure, FileContent
from corpus.article import Article
from embeddings.store import FileState, content_digest, digest


class Kind(StrEnum):
    """What became of an article."""

    ADDED = "added"
    CHANGED = "changed"
    METADATA = "metadata"  # date, source, author, address: its passages stay
    MOVED = "moved"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One article and what became of it; ``before`` is its earlier id where that was another."""

    kind: Kind
    article_id: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Put:
    """Split, embed and store an article; one that stood under its earlier id goes."""

    article: Article
    change: Change


@dataclass(frozen=True, slots=True)
class Update:
    """Write id and metadata of an article anew; its passages and vectors stay."""

    article: Article
    change: Change


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove an article."""

    change: Change


@dataclass(frozen=True, slots=True)
class Read:
    """A file was read to its end. ``failures`` None: it was only touched, and they are as before."""

    path: str
    state: FileState
    failures: list[Failure] | None


@dataclass(frozen=True, slots=True)
class Forget:
    """A file is gone."""

    path: str


Operation = Put | Update | Remove | Read | Forget
Digests = Mapping[str, tuple[str, str]]  # article id → digest, content digest


@dataclass(slots=True)
class BuildReport:
    """What a build did, in articles, and what it could not read."""

    added: int = 0
    changed: int = 0
    metadata: int = 0
    moved: int = 0
    removed: int = 0
    unchanged_files: int = 0
    rehashed_files: int = 0
    embedded: int = 0
    articles: int = 0
    passages: int = 0
    seconds: float = 0.0
    stopped: bool = False
    dry_run: bool = False
    rebuilt: str = ""  # why a new index was built beside the old one
    failures: list[Failure] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def count(self, change: Change) -> None:
        """Add one change."""
        setattr(self, change.kind.value, getattr(self, change.kind.value) + 1)
        self.changes.append(change)


def differences(content: FileContent, before: Digests) -> Iterator[Operation]:
    """What to do about the articles of one file, given those stored of it."""
    for article in content.articles:
        stored = before.get(article.id)
        if stored is None:
            yield Put(article, Change(Kind.ADDED, article.id))
        elif stored[1] != content_digest(article):
            yield Put(article, Change(Kind.CHANGED, article.id))
        elif stored[0] != digest(article):
            yield Update(article, Change(Kind.METADATA, article.id))
    yield from removals(before.keys() - {a.id for a in content.articles})


def moves(
    content: FileContent, old: str, new: str, before: Digests, there: Digests
) -> Iterator[Operation]:
    """What to do when the file ``old`` became ``new``. ``there``: what is stored of ``new`` already."""
    left = set(before)
    for article in content.articles:
        earlier = old + article.id.removeprefix(new)
        stored = before.get(earlier)
        if article.id in there or stored is None or earlier not in left:
            known = {article.id: there[article.id]} if article.id in there else {}
            yield from differences(FileContent([article], []), known)
            continue
        left.discard(earlier)
        if stored[1] == content_digest(article):
            yield Update(article, Change(Kind.MOVED, article.id, earlier))
        else:  # a title taken from the file's name
            yield Put(article, Change(Kind.CHANGED, article.id, earlier))
    yield from removals(left)
    yield from removals(there.keys() - {a.id for a in content.articles})


def removals(ids: "set[str] | Mapping[str, object]") -> Iterator[Operation]:
    """Remove articles, in order of their ids."""
    for id in sorted(ids):
        yield Remove(Change(Kind.REMOVED, id))
