"""Sentences a model could have written about the sample archive: true ones, and each with one lie."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

from assistant.analysis.mentions import name_spans, opens_sentence
from assistant.gate import Source
from assistant.moments import moments
from assistant.numbers import quantities
from corpus.archive import SAMPLE_ARCHIVE, list_files, read_file
from corpus.article import Article
from corpus.sentences import split_sentences

STRANGERS = cycle(
    ["Lương Thế Quyền", "Mạc Thị Vân Trà", "Tô Hiến Giang", "Kiều Bá Lãm", "Ngân Sơn", "Tân Uyên"]
)
_VERB = re.compile(
    r"\s(?=(?:được|tổ chức|tham gia|đạt|nhận|ký|trao|hỗ trợ|đề nghị|cho biết|yêu cầu|xây|phát hiện|diễn ra|đồng ý)\s)"
)
_DENIAL = re.compile(r"(?:không|chưa)\s(?!chỉ|những|khí|gian|quân|ngừng)")


@dataclass(frozen=True)
class Written:
    """A claim with its source; ``lie`` names what is wrong with it, empty for a true one."""

    claim: str
    source: Source
    lie: str


def articles() -> list[Article]:
    """Every article of the sample archive."""
    files = list_files(SAMPLE_ARCHIVE)
    return [a for f in files for a in read_file(SAMPLE_ARCHIVE, f).articles]


def written() -> Iterator[Written]:
    """For every longer sentence of the archive: itself, and one version for each lie it can carry."""
    for article in articles():
        facts = f"{article.source} {article.date.strftime('%d/%m/%Y') if article.date else ''}"
        for s in split_sentences(article.text, 0, article.body_end):
            sentence = article.text[s.start : s.end]
            if len(sentence.split()) < 8:
                continue
            source = Source(sentence, article.title, facts)
            yield Written(sentence, source, "")
            for lie, claim in lies(sentence):
                assert claim != sentence
                yield Written(claim, source, lie)


def lies(sentence: str) -> Iterator[tuple[str, str]]:
    """``(kind, sentence)`` with one number, date, name or negation put wrong."""
    for q in quantities(sentence)[:2]:
        number = sentence[q.start : q.number_end]
        wrong = re.sub(r"\d", lambda m: str((int(m.group()) + 3) % 10 or 7), number)
        if wrong == number:
            wrong = "bốn mươi bảy" if q.value != 47 else "ba mươi hai"
        yield "số", sentence[: q.start] + wrong + sentence[q.number_end :]
    for m in moments(sentence)[:2]:
        date = sentence[m.start : m.end]
        if re.search(r"\d", date):
            wrong = re.sub(r"\d+", lambda d: _other_number(d.group()), date, count=1)
            yield "ngày", sentence[: m.start] + wrong + sentence[m.end :]
    for start, end in name_spans(sentence)[:2]:
        if not (opens_sentence(sentence, start) and " " not in sentence[start:end]):
            yield "tên", sentence[:start] + next(STRANGERS) + sentence[end:]
    verb = _VERB.search(sentence)
    if verb and not _DENIAL.search(sentence[: verb.end()]):
        yield "phủ định", sentence[: verb.start()] + " không " + sentence[verb.end() :]
    denial = _DENIAL.search(sentence)
    if denial and sentence[: denial.start()].rstrip()[-4:] != "hàng":
        claim = sentence[: denial.start()] + sentence[denial.end() :]
        yield "phủ định", claim[:1].upper() + claim[1:]


def _other_number(digits: str) -> str:
    value = int(digits)
    if value > 1900:
        return str(value - 2)
    return str(value + 1 if value < 12 else value - 1)
