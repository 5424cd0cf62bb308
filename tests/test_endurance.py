"""The endurance run of the benchmarks sees what is lost or mixed: a check that cannot fail tells nothing."""

import random
from pathlib import Path

from assistant.service import Assistant
from benchmarks.endurance import Marked, _lost, _mixed, _question


def test_what_is_lost_or_mixed_is_seen(assistant: Assistant, archive: Path) -> None:
    marked = Marked(archive)
    start = marked.moment()
    chosen = marked.change(random.Random(2), 101)
    assert all(states == {None, 101} for n, states in enumerate(marked.since(start)) if n in chosen)
    assistant.build()
    marked.settle(chosen)
    now = marked.since(marked.moment())
    assert [states for n, states in enumerate(now) if n in chosen] == [{101}] * len(chosen)
    n = chosen[0]
    answer = assistant.ask(_question(n))
    assert not _lost(answer, n, now[n]) and not _mixed(answer, archive, now)
    assert _lost(answer, n, {102}), "another number"
    assert _lost(answer, n, {None}), "an article that is gone"
    assert _mixed(answer, archive, [{102}] * len(now)), "a sentence that no file had"
    nothing = assistant.ask("Ai là thủ môn của đội Sông Lam?")
    assert _lost(nothing, n, {101}) and not _lost(nothing, n, {101, None})
    while n not in (gone := marked.change(random.Random(), 102)):
        marked.settle(gone)
    assert marked.since(start)[n] >= {None, 101}
