"""The assistant: one archive, its index, and the things a user does with them.

Opens what is there, builds what is missing, and serves any number of questions from many threads.
"""

import datetime as dt
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from assistant.answer import Answer
from assistant.choose import MOST
from assistant.desk import Desk
from assistant.evidence import make_judge
from assistant.llm.client import Server
from assistant.lookup import MOST as REACH
from assistant.lookup import PER_PAGE, Found, Order, arrange
from assistant.opened import Opened
from assistant.question import checked
from assistant.reading import NO_READER
from assistant.rerank import load_reranker
from assistant.respond import Asked, Means, Stage, find, respond
from assistant.retrieve import Hit
from assistant.scope import EVERYTHING, Scope
from assistant.settings import Settings
from assistant.shelf import PER_PAGE as SHELF
from assistant.shelf import Shelf, browse
from assistant.status import Status, read_status
from assistant.suggest import follow_ups
from corpus.article import Article
from corpus.errors import ArchiveError, IndexError_
from corpus.progress import Progress, silent
from embeddings import versions
from embeddings.build import build
from embeddings.changes import BuildReport
from embeddings.index import Index, store_file
from embeddings.repair import RepairReport, repair
from embeddings.shards import Shard
from embeddings.store import Reader, StoredPassage, WrongFormat
from embeddings.verify import Check, verify

_TRIED = 6  # suggestions tried for the few that are made


class Assistant(Opened):
    """Ask, search, read and rebuild one archive."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._desk: Desk | None = None
        self._means: Means | None = None
        self._loading = threading.Lock()
        self._stops: list[threading.Event] = []  # of the builds that run here

    @property
    def means(self) -> Means:
        """What answers are made with, loaded at its first use. Raises EncoderError for a model that is
        not there."""
        with self._loading:
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
        shard: str = "",
        parts: Sequence[Path] = (),
    ) -> BuildReport:
        """Bring the index up to date with the archive. Raises ArchiveError, IndexError_.

        ``shard`` ("3/8") builds a part; ``parts`` are index folders of such (embeddings.shards).
        """
        s = self.settings
        stop = stop or threading.Event()
        self._stops.append(stop)
        try:
            return build(
                s.archive, s.index, self.encoder, progress,
                full=full, dry_run=dry_run, stop=stop, vectors=s.vectors,
                shard=Shard.of(shard) if shard else None, parts=parts,
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
        within: Scope = EVERYTHING,
        most: int = MOST,
    ) -> Answer:
        """Answer with citations, or abstain. ``history``: the earlier questions, oldest first.

        ``as_of`` is the day "hôm qua" counts from (today); ``quote`` leaves the model server aside;
        ``within`` is the part of the archive that is searched; ``most`` sentences are cited at most.
        Raises QuestionError for an empty or overlong question.
        """
        *_, answer = self.answers(
            question, history, as_of=as_of, quote=quote, within=within, most=most
        )
        return answer

    def answers(
        self,
        question: str,
        history: list[str] | None = None,
        *,
        as_of: dt.date | None = None,
        quote: bool = False,
        within: Scope = EVERYTHING,
        most: int = MOST,
    ) -> Iterator[Answer]:
        """Like ``ask``, while a model server words it: each time longer, the last one final."""
        steps = self.steps(question, history, as_of=as_of, quote=quote, within=within, most=most)
        return (step for step in steps if isinstance(step, Answer))

    def steps(
        self,
        question: str,
        history: list[str] | None = None,
        *,
        as_of: dt.date | None = None,
        quote: bool = False,
        within: Scope = EVERYTHING,
        most: int = MOST,
    ) -> Iterator[Stage | Answer]:
        """Like ``answers``, and before them what is being done."""
        checked(question)
        index, means = self._open(), self.means
        means = replace(means, model=None) if quote else means
        asked = Asked(question, tuple(history or ()), as_of, within, most)
        for step in respond(index, asked, means):
            yield _with_twins(index, step) if isinstance(step, Answer) else step

    def search(self, query: str, k: int = 10, within: Scope = EVERYTHING) -> list[Hit]:
        """The ``k`` passages ``within`` a scope nearest to ``query``, best first. Raises QuestionError."""
        checked(query)
        return find(self._open(), Asked(query, within=within), k, self.means.reranker)[1]

    def browse(
        self, words: str = "", within: Scope = EVERYTHING, page: int = 1, per_page: int = SHELF
    ) -> Shelf:
        """One page of the list of articles, newest first. Raises IndexError_."""
        with closing(self.store()) as store:
            return browse(store, words, within, page, per_page)

    def months(self) -> list[tuple[str, int]]:
        """``("2022-10", articles)`` in order of time; "" for those without a date. Raises IndexError_."""
        with closing(self.store()) as store:
            return store.months()

    def look_up(
        self,
        query: str,
        within: Scope = EVERYTHING,
        order: Order = Order.RELEVANCE,
        page: int = 1,
        per_page: int = PER_PAGE,
    ) -> Found:
        """One page of the passages that fit ``query``, of 200 at most (``assistant.lookup``). Raises QuestionError."""
        hits = self.search(query, REACH, within)
        return arrange(query, hits, within, order, page, per_page, len(self._open()))

    def passage(self, id: int) -> StoredPassage:
        """One passage, with its article, by its id. Raises ArchiveError when it is no longer there."""
        found = self._open().passages([id]).get(id)
        if found is None:
            raise ArchiveError(
                "Đoạn này không còn trong chỉ mục: kho vừa được cập nhật. Hãy tìm lại."
            )
        return found

    @property
    def desk(self) -> Desk:
        """Adding, putting right and taking away articles of the archive's folder."""
        if self._desk is None:
            self._desk = Desk(self.settings)
        return self._desk

    def sources(self) -> list[tuple[str, int]]:
        """``(source, articles)``, most articles first; "" for those without one. Raises IndexError_."""
        with closing(self.store()) as store:
            return store.sources()

    def article(self, id: str) -> Article:
        """One article by its id. Raises ArchiveError when there is none."""
        found = self._open().store.article(id)
        if found is None:
            raise ArchiveError(
                f"Không có bài “{id}” trong chỉ mục. Hãy xem mã bài bằng: hoibao search"
            )
        return found

    def follow_ups(
        self, answer: Answer, history: list[str] | None = None, most: int = 3
    ) -> tuple[str, ...]:
        """Questions to ask next, which other sentences of the cited articles answer: each was tried.

        The trial goes without the reader: that takes half the time and agrees on such questions.
        """
        quick = Means(make_judge(NO_READER))
        earlier = (*(history or ()), answer.question.resolved)
        found: list[str] = []
        for s in follow_ups(earlier, answer.citations)[:_TRIED]:
            if len(found) == most:
                break
            *_, tried = respond(self._open(), Asked(s.question, earlier), quick)
            if isinstance(tried, Answer) and s.article_id in {
                c.article.id for c in tried.citations
            }:
                found.append(s.question)
        return tuple(found)

    @property
    def generation(self) -> int:
        """The generation of the index that answers now. Raises IndexError_."""
        return self._open().store.generation

    def status(self) -> Status:
        """Counts and dates, read from the store alone: no model is loaded. Raises IndexError_."""
        with closing(self.store()) as store:
            return read_status(self.settings, store)

    def article_list(self, most: int = -1) -> list[tuple[str, str, str, str]]:
        """``(id, title, dd/mm/yyyy, source)`` of articles, newest first; of all for -1."""
        rows = self._open().store.article_list(most)
        return [(i, t, d.strftime("%d/%m/%Y") if d else "", s) for i, t, d, s in rows]


def _with_twins(index: Index, answer: Answer) -> Answer:
    """The answer with the other articles that tell what it cites."""
    groups = index.duplicates(c.article.id for c in answer.citations)
    citations = [
        replace(c, also=tuple(t for t in groups.get(c.article.id, []) if t.id != c.article.id))
        for c in answer.citations
    ]
    return replace(answer, citations=citations)


__all__ = ["Assistant", "Status"]
