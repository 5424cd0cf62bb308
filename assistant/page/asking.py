"""A question asked on the page: stages, the answer as it grows, what is kept of it, what to ask next.

Every function takes the ``owner`` who asks, and touches nothing that is another's.
"""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.answer import Answer
from assistant.page.render_turn import (
    doing_html,
    failed_html,
    growing_html,
    suggestions_html,
    turn_html,
    turns_html,
)
from assistant.question import checked
from assistant.records import Records
from assistant.records.conversations import Turn
from assistant.records.keeping import keep
from assistant.respond import Stage
from assistant.scope import EVERYTHING, Scope
from assistant.service import Assistant
from corpus.errors import UserError

MOST = 3  # sentences cited, if nobody chooses otherwise
_FEW = 2  # questions at once; where more are asked, nobody waits for what others might ask next


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows now, as HTML: the turn that is answered, and what may be asked next."""

    turn: str
    suggestions: str = ""
    done: bool = False  # another question may be asked


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation on the page, as HTML: its turns but the last, the last, and what may be asked next."""

    id: str
    title: str
    before: str
    last: str
    suggestions: str


class _Running:
    """How many questions are being answered in this process."""

    def __init__(self) -> None:
        self.count = 0
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        with self._lock:
            self.count += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self.count -= 1


_running = _Running()


def open_conversation(records: Records, owner: str, id: str) -> Opened:
    """The owner's own, as it was answered then. Raises RecordsError."""
    found = records.conversations.read(owner, id)
    verdicts = records.feedback.of_turns(owner, [turn.id for turn in found.turns])
    *before, last = found.turns or [None]
    suggestions = last.answer.suggestions if last and last.answer else ()
    return Opened(
        found.id, found.title,
        turns_html([turn for turn in before if turn], verdicts),
        turn_html(last, verdicts.get(last.id)) if last else "",
        suggestions_html(suggestions),
    )  # fmt: skip


def add_question(records: Records, owner: str, conversation: str, question: str) -> tuple[str, str]:
    """Keep a question, in a new conversation if that is empty; gives the ids of conversation and turn.

    Raises QuestionError, and RecordsError when the conversation is not the owner's.
    """
    question = checked(question)
    if not conversation:
        conversation = records.conversations.start(owner, question)
    return conversation, records.conversations.ask(owner, conversation, question)


def answer_turn(
    assistant: Assistant,
    records: Records,
    owner: str,
    conversation: str,
    turn_id: str,
    within: Scope = EVERYTHING,
    most: int = MOST,
    heard: Callable[[Answer, float], None] = lambda _, __: None,
) -> Iterator[Shown]:
    """Answer a question that was kept, and keep the answer. Raises RecordsError.

    ``heard`` is told the whole answer and the seconds it took.
    """
    turns = records.conversations.read(owner, conversation).turns
    at = next(n for n, turn in enumerate(turns) if turn.id == turn_id)
    turn, earlier = turns[at], [t.question for t in turns[:at]]
    yield Shown(doing_html(turn, Stage.SEARCHING))
    try:
        with _running:
            yield from _answered(assistant, records, owner, turn, earlier, within, most, heard)
    except UserError as error:
        yield Shown(failed_html(turn, str(error)), done=True)


def _answered(
    assistant: Assistant,
    records: Records,
    owner: str,
    turn: Turn,
    earlier: list[str],
    within: Scope,
    most: int,
    heard: Callable[[Answer, float], None],
) -> Iterator[Shown]:
    began = time.perf_counter()
    answer: Answer | None = None
    for step in assistant.steps(turn.question, earlier, within=within, most=most):
        if isinstance(step, Answer):
            answer = step
            if assistant.settings.llm_url:
                yield Shown(growing_html(turn, keep(answer, 0, str(within))))
        else:
            yield Shown(doing_html(turn, step))
    assert answer is not None
    heard(answer, time.perf_counter() - began)
    kept = keep(answer, assistant.generation, str(within))
    records.conversations.answer(owner, turn.id, kept)
    whole = turn_html(Turn(turn.id, turn.question, turn.asked, kept))
    yield Shown(whole, done=True)
    if kept.answered and _running.count <= _FEW:
        kept = kept.with_suggestions(assistant.follow_ups(answer, earlier))
        records.conversations.answer(owner, turn.id, kept)
        yield Shown(whole, suggestions_html(kept.suggestions), done=True)
