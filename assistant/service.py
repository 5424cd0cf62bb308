"""The assistant: one archive, its index, and the things a user does with them.

Opens what is there, builds what is missing, and serves any number of questions from many threads.
"""

import threading
from dataclasses import dataclass
from pathlib import Path

from assistant.answer import Answer, compose
from assistant.evidence import confidence, rank
from assistant.question import analyse
from assistant.retrieve import Hit, retrieve
from assistant.settings import Settings
from corpus.archive import Failure, list_files
from corpus.article import Article
from corpus.errors import ArchiveError, UserError
from embeddings.build import BuildReport, Progress, build
from embeddings.encoder import Encoder, load_encoder
from embeddings.index import Index, store_file
from embeddings.store import Store

_HITS = 20  # passages an answer is sought in


@dataclass(frozen=True, slots=True)
class Status:
    """What the archive and its index hold now. ``stale`` counts files added, changed or gone since."""

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


class Assistant:
    """Ask, search, read and rebuild one archive."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._encoder: Encoder | None = None
        self._index: Index | None = None

    @property
    def encoder(self) -> Encoder:
        """The embedding model, loaded at its first use. Raises EncoderError."""
        if self._encoder is None:
            self._encoder = load_encoder(self.settings.model)
        return self._encoder

    def has_index(self) -> bool:
        """Whether anything was built yet."""
        return store_file(self.settings.index).is_file()

    def build(self, progress: Progress | None = None, *, full: bool = False) -> BuildReport:
        """Bring the index up to date with the archive. Raises ArchiveError, IndexError_."""
        s = self.settings
        return build(s.archive, s.index, self.encoder, progress, full=full)

    def ask(self, question: str, history: list[str] | None = None) -> Answer:
        """Answer with citations, or abstain. ``history``: the earlier questions, oldest first.

        Raises QuestionError for an empty or overlong question.
        """
        analysed = analyse(question, history)
        index = self._open()
        hits = retrieve(index, analysed, _HITS)
        evidence = rank(index, analysed, hits)
        return compose(analysed, evidence, hits, confidence(evidence, hits))

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """The ``k`` passages nearest to ``query``, best first. Raises QuestionError."""
        analysed = analyse(query)
        return retrieve(self._open(), analysed, k)

    def article(self, id: str) -> Article:
        """One article by its id. Raises ArchiveError when there is none."""
        found = self._open().store.article(id)
        if found is None:
            raise ArchiveError(
                f"Không có bài “{id}” trong chỉ mục. Hãy xem mã bài bằng: hoibao search"
            )
        return found

    def status(self) -> Status:
        """Counts and dates, read from the store alone: no model is loaded."""
        s = self.settings
        store = Store(store_file(s.index))
        try:
            counts = store.counts()
            return Status(
                archive=s.archive,
                index=s.index,
                encoder=store.meta("encoder") or "",
                articles=counts.articles,
                passages=counts.passages,
                first_date=counts.first_date.isoformat() if counts.first_date else "",
                last_date=counts.last_date.isoformat() if counts.last_date else "",
                built_at=store.meta("built_at") or "",
                stale=_stale(s.archive, store),
                failures=store.failures(),
            )
        finally:
            store.close()

    def article_list(self) -> list[tuple[str, str, str, str]]:
        """``(id, title, dd/mm/yyyy, source)`` of every article, newest first."""
        rows = self._open().store.article_list()
        return [(i, t, d.strftime("%d/%m/%Y") if d else "", s) for i, t, d, s in rows]

    def close(self) -> None:
        """Release the index."""
        if self._index is not None:
            self._index.close()
            self._index = None

    def _open(self) -> Index:
        """The index as of the last build, opened once and kept up to date."""
        with self._lock:
            if self._index is None:
                self._index = Index(self.settings.index, self.encoder)
            self._index.refresh()
            return self._index


def _stale(archive: Path, store: Store) -> int:
    """Files added, changed or gone since they were read, by size and time."""
    try:
        paths = list_files(archive)
    except UserError:
        return 0
    known = store.files()
    changed = 0
    for path in paths:
        try:
            status = (archive / path).stat()
        except OSError:
            continue
        before = known.get(path)
        changed += before is None or (status.st_size, status.st_mtime_ns) != (
            before.size,
            before.mtime_ns,
        )
    return changed + len(known.keys() - set(paths))
