"""How much more one sentence is believed in than another, for tests of what is added by rule."""

from assistant.question import analyse
from assistant.retrieve import retrieve
from assistant.service import Assistant


def odds(assistant: Assistant, asked: str, one: str, other: str) -> float:
    """Belief in the sentence that holds ``one`` over that in the sentence that holds ``other``."""
    index, question = assistant._open(), analyse(asked)
    found = assistant.means.judge(index, question, retrieve(index, question, 20)).evidence
    first, second = (next(e for e in found if words in e.text) for words in (one, other))
    return first.score / second.score
