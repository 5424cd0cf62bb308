"""How a quotation names where it is from, as Vietnamese papers do."""

import datetime as dt

from assistant.records.kept import KeptCitation, Source
from assistant.wording import format_date

_SURE, _FAIR = 0.85, 0.65  # from here on confidence is called high, fair


def quotation(citation: KeptCitation) -> str:
    """The sentence with its reference: ``“…” (Tên bài, Nguồn, ngày 25/03/2022)``."""
    return f"“{citation.quote}” ({reference_line(citation.article)})"


def reference_line(source: Source) -> str:
    """``Tên bài, Nguồn, ngày 25/03/2022``, as far as they are known."""
    date = day(source)
    facts = [source.title, source.source, f"ngày {date}" if date else "không rõ ngày đăng"]
    return ", ".join(filter(None, facts))


def day(source: Source) -> str:
    """The date of publication, ``25/03/2022``, or nothing."""
    return format_date(dt.date.fromisoformat(source.date)) if source.date else ""


def confidence_word(confidence: float) -> str:
    """``cao``, ``vừa`` or ``thấp``: a word can be read without seeing colours."""
    if confidence >= _SURE:
        return "cao"
    return "vừa" if confidence >= _FAIR else "thấp"
