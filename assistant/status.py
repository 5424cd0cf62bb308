"""What an archive and its index hold now, read from the store alone: no model is loaded."""

from dataclasses import dataclass, field
from pathlib import Path

from assistant.settings import Settings
from corpus.archive import Failure, list_files
from corpus.errors import UserError
from embeddings import versions
from embeddings.lock import writer
from embeddings.scan import scan
from embeddings.store import Reader

_STALE_NAMED = 20  # stale files that the status names


@dataclass(frozen=True, slots=True)
class Status:
    """What the archive and its index hold now.

    ``stale`` counts files added, changed, moved or gone since they were read; ``stale_files`` names the
    first of them. ``writer`` says who is building now. ``next_encoder`` is the model that the settings
    name when it is another than the index's.
    """

    archive: Path
    index: Path
    encoder: str
    articles: int
    passages: int
    first_date: str
    last_date: str
    built_at: str
    stale: int
    failures: list[Failure]
    groups: int = 0
    stale_files: list[str] = field(default_factory=list)
    unfinished: bool = False
    writer: str = ""
    next_encoder: str = ""


def read_status(settings: Settings, store: Reader) -> Status:
    """The counts and dates of ``store``, and what has changed in the archive since."""
    counts = store.counts()
    stale = _stale(settings.archive, store)
    chosen = store.meta("encoder_name") in (None, settings.model)
    return Status(
        archive=settings.archive,
        index=settings.index,
        encoder=store.meta("encoder") or "",
        articles=counts.articles,
        passages=counts.passages,
        first_date=counts.first_date.isoformat() if counts.first_date else "",
        last_date=counts.last_date.isoformat() if counts.last_date else "",
        built_at=store.meta("built_at") or "",
        stale=len(stale),
        failures=store.failures(),
        groups=counts.groups,
        stale_files=stale[:_STALE_NAMED],
        unfinished=bool(store.meta("unfinished")) or versions.partial(settings.index) is not None,
        writer=str(writer(settings.index) or ""),
        next_encoder="" if chosen else settings.model,
    )


def _stale(archive: Path, store: Reader) -> list[str]:
    """Files that a build would have to do something about, in order."""
    try:
        found = scan(archive, list_files(archive), store.files(), store.orphans())
    except UserError:
        return []
    return sorted([*found.fresh, *found.changed, *(new for _, new in found.moved), *found.gone])


__all__ = ["Status", "read_status"]
