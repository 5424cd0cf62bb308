"""A model's answer, sentence by sentence through the gate; quote mode wherever that fails."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from assistant.answer import Answer
from assistant.citation import Citation, Claim
from assistant.gate import Fault, Source, check
from assistant.llm.client import Generator, ModelError
from assistant.llm.prompt import messages
from assistant.llm.sentences import Assembler, Draft
from assistant.wording import format_date

_NOTHING = "Mô hình không đưa ra câu nào có căn cứ; dưới đây là nguyên văn trong bài."


@dataclass(slots=True)
class _Checked:
    """What has passed the gate so far, and why the rest did not."""

    claims: list[Claim] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def generate(answer: Answer, offered: list[Citation], model: Generator) -> Iterator[Answer]:
    """``answer`` (of quote mode) worded by ``model``: one Answer for each sentence that passes.

    The last one is final: the checked sentences or, when the server fails, refuses or cites nothing
    that holds, ``answer`` itself with a remark. An abstention is never sent to the model.
    """
    if not answer.answered or not offered:
        yield answer
        return
    checked, assembler = _Checked(), Assembler()
    trouble = ""
    try:
        for token in model.stream(messages(answer.question, offered)):
            if _pass(assembler.feed(token), offered, checked):
                yield _worded(answer, offered, checked)
    except ModelError as error:
        trouble = str(error)
    _pass(assembler.finish() if not trouble else [], offered, checked)
    if checked.claims and not trouble:
        yield _worded(answer, offered, checked, final=True)
    else:
        yield replace(answer, remarks=(f"{trouble} {_QUOTED}" if trouble else _NOTHING,))


_QUOTED = "Dưới đây là nguyên văn trong bài."


def _pass(drafts: list[Draft], offered: list[Citation], checked: _Checked) -> bool:
    """Put the drafts through the gate; whether any came through."""
    before = len(checked.claims)
    known = {c.n: c for c in offered}
    for draft in drafts:
        cites = tuple(n for n in draft.cites if n in known)
        fault = check(draft.text, [_source(known[n]) for n in cites])
        if fault:
            checked.faults.append(fault)
        elif all(draft.text != claim.text for claim in checked.claims):
            checked.claims.append(Claim(draft.text, cites))
    return len(checked.claims) > before


def _source(citation: Citation) -> Source:
    article = citation.article
    facts = " ".join(filter(None, [article.source, format_date(article.date), citation.speaker]))
    return Source(citation.quote, article.headline, facts)


def _worded(
    answer: Answer, offered: list[Citation], checked: _Checked, *, final: bool = False
) -> Answer:
    """The claims with citations numbered as they appear, and what was left out."""
    used = list(dict.fromkeys(n for claim in checked.claims for n in claim.cites))
    new = {old: n for n, old in enumerate(used, start=1)}
    known = {c.n: c for c in offered}
    claims = tuple(Claim(c.text, tuple(new[n] for n in c.cites)) for c in checked.claims)
    text = " ".join(f"{c.text} {''.join(f'[{n}]' for n in c.cites)}" for c in claims)
    citations = [replace(known[old], n=n) for old, n in new.items()]
    remarks = _removed(checked.faults) if final else ()
    return replace(answer, text=text, citations=citations, claims=claims, note="", remarks=remarks)


def _removed(faults: list[Fault]) -> tuple[str, ...]:
    if not faults:
        return ()
    reasons = ", ".join(dict.fromkeys(fault.value for fault in faults))
    return (f"Đã bỏ {len(faults)} câu của mô hình: {reasons}.",)


__all__ = ["generate"]
