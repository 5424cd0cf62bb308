"""The assistant: one archive, its index, and the things a user does with them.

Opens what is there, builds what is missing, and serves any number of questions from many threads.
"""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.answer import Answer
from assistant.evidence import make_judge
from assistant.llm.client import Server
from assistant.question import checked
from assistant.respond import Asked, Means, find, respond
from assistant.retrieve import Hit, load_reranker
from assistant.settings import Settings, indexed_archive
from corpus.archive import Failure, list_files
from corpus.article import Article
from corpus.errors import ArchiveError, IndexError_, UserError
from corpus.progress import Progress, silent
from embeddings import versions
from embeddings.build import build
from embeddings.changes import BuildReport
from embeddings.encoder import Encoder, load_encoder
from embeddings.index import Index, store_file
from embeddings.lock import writer
from embeddings.repair import RepairReport, repair
from embeddings.scan import scan
from embeddings.store import Reader, WrongFormat
from embeddings.verify import Check, verify

_STALE_NAMED = 20  # stale files that the status names
_OPEN_AGAIN = 3  # a version may be replaced between finding and opening it


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


class Assistant:
    """Ask, search, read and rebuild one archive."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._encoder: Encoder | None = None
        self._means: Means | None = None
        self._index: Index | None = None
        self._stops: list[threading.Event] = []  # of the builds that run here

    @property
    def encoder(self) -> Encoder:
        """The embedding model, loaded at its first use. Raises EncoderError."""
        if self._encoder is None:
            self._encoder = load_encoder(self.settings.model)
        return self._encoder

    @property
    def means(self) -> Means:
        """What answers are made with, loaded at its first use. Raises EncoderError for a model that is
        not there."""
        if self._means is None:
            s = self.settings
            server = Server(s.llm_url, s.llm_model, s.llm_key) if s.llm_url else None
            self._means = Means(make_judge(s.reader), load_reranker(s.reranker), server)
        return self._means

    def has_index(self) -> bool:
        """Whether there is an index that this version of the program can read, whole or in part."""
        try:
            Reader(store_file(self.settings.index)).close()
        except WrongFormat:
            return False
        except IndexError_:
            return versions.current(self.settings.index) is not None  # damaged: asking says so
        return True

    def why_build(self) -> str:
        """What to tell a user while the index that ``has_index`` misses is built."""
        s = self.settings
        if versions.current(s.index) is None:
            return f"Chưa có chỉ mục; đang dựng từ “{s.archive}”…"
        return f"Chỉ mục có định dạng của bản khác; đang dựng lại từ “{s.archive}”…"

    def build(
        self,
        progress: Progress | None = None,
        *,
        full: bool = False,
        dry_run: bool = False,
        stop: threading.Event | None = None,
    ) -> BuildReport:
        """Bring the index up to date with the archive. Raises ArchiveError, IndexError_."""
        s = self.settings
        stop = stop or threading.Event()
        self._stops.append(stop)
        try:
            return build(
                s.archive, s.index, self.encoder, progress,
                full=full, dry_run=dry_run, stop=stop,
            )  # fmt: skip
        finally:
            self._stops.remove(stop)

    def stop_build(self) -> bool:
        """Ask the build that runs in this process to end after its batch; whether there is one."""
        running = list(self._stops)
        for stop in running:
            stop.set()
        return bool(running)

    def verify(self, progress: Progress = silent) -> list[Check]:
        """Check the index against itself; no model is loaded. Raises IndexError_ when there is none."""
        return verify(self.settings.index, progress).checks

    def repair(
        self, progress: Progress = silent, stop: threading.Event | None = None
    ) -> RepairReport:
        """Mend what ``verify`` finds, and check again. Raises ArchiveError, IndexError_."""
        s = self.settings
        return repair(s.archive, s.index, self.encoder, progress, stop)

    def ask(
        self,
        question: str,
        history: list[str] | None = None,
        *,
        as_of: dt.date | None = None,
        quote: bool = False,
    ) -> Answer:
        """Answer with citations, or abstain. ``history``: the earlier questions, oldest first.

        ``as_of`` is the day "hôm qua" counts from (today); ``quote`` leaves the model server aside.
        Raises QuestionError for an empty or overlong question.
        """
        *_, answer = self.answers(question, history, as_of=as_of, quote=quote)
        return answer

    def answers(
        self,
        question: str,
        history: list[str] | None = None,
        *,
        as_of: dt.date | None = None,
        quote: bool = False,
    ) -> Iterator[Answer]:
        """Like ``ask``, while a model server words it: each time longer, the last one final."""
        checked(question)
        index, means = self._open(), self.means
        means = replace(means, model=None) if quote else means
        asked = Asked(question, tuple(history or ()), as_of)
        for answer in respond(index, asked, means):
            yield _with_twins(index, answer)

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """The ``k`` passages nearest to ``query``, best first. Raises QuestionError."""
        checked(query)
        return find(self._open(), Asked(query), k, self.means.reranker)[1]

    def article(self, id: str) -> Article:
        """One article by its id. Raises ArchiveError when there is none."""
        found = self._open().store.article(id)
        if found is None:
            raise ArchiveError(
                f"Không có bài “{id}” trong chỉ mục. Hãy xem mã bài bằng: hoibao search"
            )
        return found

    def status(self) -> Status:
        """Counts and dates, read from the store alone: no model is loaded. Raises IndexError_."""
        s = self.settings
        with closing(self.store()) as store:
            counts = store.counts()
            stale = _stale(s.archive, store)
            chosen = store.meta("encoder_name") in (None, s.model)
            return Status(
                archive=s.archive,
                index=s.index,
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
                unfinished=bool(store.meta("unfinished")) or versions.partial(s.index) is not None,
                writer=str(writer(s.index) or ""),
                next_encoder="" if chosen else s.model,
            )

    def store(self) -> Reader:
        """The store of the index in service, for the caller to close; no model is loaded. Raises IndexError_."""
        self._check_owner()
        return Reader(store_file(self.settings.index))

    def article_list(self, most: int = -1) -> list[tuple[str, str, str, str]]:
        """``(id, title, dd/mm/yyyy, source)`` of articles, newest first; of all for -1."""
        rows = self._open().store.article_list(most)
        return [(i, t, d.strftime("%d/%m/%Y") if d else "", s) for i, t, d, s in rows]

    def close(self) -> None:
        """Release the index."""
        if self._index is not None:
            self._index.close()
            self._index = None

    def _open(self) -> Index:
        """The index in service, opened once and kept up to date.

        One that was replaced stays open for the threads that still read it.
        """
        with self._lock:
            if self._index is None or not self._index.is_current():
                self._index = self._open_current()
            self._index.refresh()
            return self._index

    def _open_current(self) -> Index:
        folder = self.settings.index
        self._check_owner()
        for attempt in range(_OPEN_AGAIN):
            version = versions.current(folder)
            try:
                return Index(folder, self._encoder_of_index())
            except (IndexError_, OSError):
                if attempt + 1 == _OPEN_AGAIN or versions.current(folder) == version:
                    raise
        raise AssertionError("unreachable")

    def _check_owner(self) -> None:
        """Answers come from the archive that was named, or not at all."""
        s = self.settings
        owner = indexed_archive(s.index)
        if owner not in (None, s.archive):
            raise IndexError_(
                f"Chỉ mục “{s.index}” được dựng từ kho “{owner}”, không phải “{s.archive}”. Hãy chọn thư mục "
                "khác bằng --index; nếu kho đã chuyển sang chỗ mới, hãy chạy: hoibao build --full"
            )

    def _encoder_of_index(self) -> Encoder:
        """The model the index was built with: another one may be chosen, and not be built yet."""
        store = Reader(store_file(self.settings.index))
        name, made_by = store.meta("encoder_name"), store.meta("encoder")
        store.close()
        if name in (None, self.settings.model):
            if made_by in (None, self.encoder.fingerprint):
                return self.encoder
            # Perhaps the model was replaced by an update of this program while it ran.
            self._encoder = load_encoder(self.settings.model)
            return self._encoder
        other = load_encoder(name)
        return other if other.fingerprint == made_by else self.encoder


def _with_twins(index: Index, answer: Answer) -> Answer:
    """The answer with the other articles that tell what it cites."""
    groups = index.duplicates(c.article.id for c in answer.citations)
    citations = [
        replace(c, also=tuple(t for t in groups.get(c.article.id, []) if t.id != c.article.id))
        for c in answer.citations
    ]
    return replace(answer, citations=citations)


def _stale(archive: Path, store: Reader) -> list[str]:
    """Files that a build would have to do something about, in order."""
    try:
        found = scan(archive, list_files(archive), store.files(), store.paths())
    except UserError:
        return []
    return sorted([*found.fresh, *found.changed, *(new for _, new in found.moved), *found.gone])
