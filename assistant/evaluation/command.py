"""``hoibao eval …``: read the sets, measure, print and write the report."""

import json
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from assistant.evaluation import answers, report, retrieval
from assistant.evaluation.questions import Asked, archive_of, read_questions
from assistant.evaluation.typed import WAYS
from assistant.evidence import make_judge
from assistant.rerank import load_reranker
from assistant.respond import Means
from assistant.settings import read_settings
from corpus.errors import UserError
from embeddings.encoder import load_encoder
from embeddings.sets import RetrievalSet, read_set, retyped


def run(args: Namespace) -> None:
    """The part that ``args`` names. Raises UserError when a set cannot be read."""
    everything, table = _retrieval(args) if args.part == "retrieval" else _answers(args)
    if args.out:
        report.write(Path(args.out), args.part, everything, table)
    print(json.dumps(everything, ensure_ascii=False, indent=2) if args.json else table)


def _retrieval(args: Namespace) -> tuple[report.Json, str]:
    settings = read_settings()
    encoder, reranker = load_encoder(settings.model), load_reranker(settings.reranker)
    results = []
    for folder in args.sets:
        asked = _read_set(Path(folder), args.split)
        for one in [asked, *(retyped(asked, *WAYS[way]) for way in args.typed)]:
            _tell(one.name, len(one.queries))
            results.append(report.retrieval_json(one, retrieval.measure(one, encoder, reranker)))
    if args.out:
        Path(args.out).mkdir(parents=True, exist_ok=True)
        report.plot_retrieval(results, Path(args.out) / "retrieval.png")
    everything = report.environment(encoder.fingerprint) | {"sets": results}
    return everything, report.retrieval_table(results)


def _answers(args: Namespace) -> tuple[report.Json, str]:
    settings = read_settings()
    encoder = load_encoder(settings.model)
    means = Means(make_judge(settings.reader), load_reranker(settings.reranker))
    folder = Path(args.set)
    try:
        questions, documents = read_questions(folder, args.split)
    except (OSError, KeyError, ValueError) as error:
        raise _unreadable(folder, error) from error
    if not questions:
        raise UserError(f"Bộ câu hỏi “{folder}” không có câu nào.")
    _tell(folder.name, len(questions))
    asked = [_retyped(q, WAYS[args.typed][1]) for q in questions] if args.typed else questions
    with archive_of(documents, encoder) as index:
        result = report.answers_json(folder.name, answers.answer_all(index, asked, means))
    if args.out:
        Path(args.out).mkdir(parents=True, exist_ok=True)
        report.plot_reliability(result, Path(args.out) / "reliability.png")
    return report.environment(encoder.fingerprint) | result, report.answers_table(result)


def _retyped(asked: Asked, how: Callable[[str], str]) -> Asked:
    return replace(asked, text=how(asked.text), history=tuple(map(how, asked.history)))


def _read_set(folder: Path, split: str | None) -> RetrievalSet:
    try:
        return read_set(folder, split)
    except (OSError, KeyError, ValueError) as error:
        raise _unreadable(folder, error) from error


def _unreadable(folder: Path, error: Exception) -> UserError:
    return UserError(f"Không đọc được bộ câu hỏi “{folder}”: {error!r}.")


def _tell(name: str, questions: int) -> None:
    print(f"Đang đo {name} ({questions} câu)…", file=sys.stderr)
