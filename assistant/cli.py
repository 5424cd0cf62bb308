"""The command ``hoibao``: parse, call, print. Results go to stdout, progress and errors to stderr.

Exit codes: 0 done (an abstention is an answer); 1 the user must put something right; 2 the command
line is wrong; 3 ``build`` finished but could not read some files; 130 stopped by Ctrl-C.
"""

import json
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.arguments import USAGE_ERROR, make_parser
from corpus.errors import QuestionError, UserError

if TYPE_CHECKING:
    from assistant.scope import Scope
    from assistant.service import Assistant

FAILED = 1
SOME_FILES_FAILED = 3
INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows console or LANG=C would otherwise fail at the first "ế".
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    args = make_parser(_HANDLERS).parse_args(arguments)
    try:
        handler: Callable[[Namespace], int] = args.handler
        return handler(args)
    except UserError as error:
        print(f"Lỗi: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("\nĐã dừng.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # "hoibao … | head": the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _ask(args: Namespace) -> int:
    from assistant.contract import answer_json
    from assistant.fold import published_also

    question = _question(args)
    assistant = _ready(args)
    options = {"as_of": args.as_of, "quote": args.quote, "within": _within(args, assistant)}
    if args.batch:
        return _run_batch(
            args, lambda q, history: answer_json(assistant.ask(q, history, **options))
        )
    answer = assistant.ask(question, args.history, **options)
    if args.json:
        return _print_json(answer_json(answer))
    if answer.question.resolved != answer.question.text:
        print(f"Hiểu là: {answer.question.resolved}\n")
    if answer.question.expansions:
        print(f"Tìm cả: {'; '.join(f'{e.term} = {e.also}' for e in answer.question.expansions)}\n")
    print(answer.text, *answer.remarks, sep="\n\n")
    if answer.citations:
        print("\nNguồn:")
        for c in answer.citations:
            print(f"[{c.n}] {c.article.headline} ({c.article.id}, ký tự {c.start}-{c.end})")
            if c.also:
                print(f"    {published_also(c.also)}")
    return 0


def _search(args: Namespace) -> int:
    from assistant.answer import reference
    from assistant.contract import hits_json
    from assistant.fold import published_also

    question = _question(args)
    assistant = _ready(args)
    within = _within(args, assistant)
    if args.batch:
        return _run_batch(args, lambda q, _: hits_json(assistant.search(q, args.k, within)))
    hits = assistant.search(question, args.k, within)
    if args.json:
        return _print_json(hits_json(hits))
    if not hits:
        print(f"Không có bài nào trong phạm vi: {within}." if within else "Kho chưa có bài nào.")
    for n, hit in enumerate(hits, start=1):
        p = hit.passage
        print(f"{n}. {reference(p.article)}\n   {p.article.id}, ký tự {p.start}-{p.end}")
        print(f"   {published_also(hit.also)}" if hit.also else "", p.text, sep="\n", end="\n\n")
    return 0


def _article(args: Namespace) -> int:
    from assistant.answer import format_date
    from assistant.contract import article_json

    article = _ready(args).article(args.id)
    if args.json:
        return _print_json(article_json(article))
    facts = [article.source, format_date(article.date), article.author]
    print(article.headline, " · ".join(filter(None, facts)), article.text, sep="\n\n")
    return 0


def _build(args: Namespace) -> int:
    from assistant import maintenance

    return maintenance.build(_assistant(args), args)


def _status(args: Namespace) -> int:
    from assistant import maintenance

    return maintenance.status(_assistant(args), args)


def _verify(args: Namespace) -> int:
    from assistant import maintenance

    return maintenance.verify(_assistant(args), args)


def _repair(args: Namespace) -> int:
    from assistant import maintenance

    return maintenance.repair(_assistant(args), args)


def _map(args: Namespace) -> int:
    from assistant.atlas import By
    from assistant.contract import map_json
    from assistant.draw import draw, free_place, map_text

    out = free_place(args.out, _assistant(args).settings.archive)  # before anything is built for it
    drawn = draw(_ready(args), By(args.by), out)
    if args.json:
        return _print_json(map_json(drawn))
    print(map_text(drawn))
    return 0


def _serve(args: Namespace) -> int:
    from assistant.server.serve import serve
    from assistant.settings import read_settings

    serve(read_settings(args.archive, args.index, args.port), open_browser=args.open)
    return 0


def _upkeep(args: Namespace) -> int:
    from assistant.server import commands

    handler: Callable[[Namespace], int] = getattr(commands, args.command)
    return handler(args)


def _eval(args: Namespace) -> int:
    from assistant.evaluation.command import run

    run(args)
    return 0


_HANDLERS = {
    "ask": _ask,
    "search": _search,
    "article": _article,
    "build": _build,
    "status": _status,
    "verify": _verify,
    "repair": _repair,
    "map": _map,
    "serve": _serve,
    "mcp": _upkeep,
    "users": _upkeep,
    "backup": _upkeep,
    "restore": _upkeep,
    "eval retrieval": _eval,
    "eval answers": _eval,
}


def _assistant(args: Namespace) -> "Assistant":
    from assistant.service import Assistant
    from assistant.settings import read_settings

    return Assistant(read_settings(args.archive, args.index))


def _ready(args: Namespace) -> "Assistant":
    """The assistant, with its index built if there is none."""
    assistant = _assistant(args)
    if not assistant.has_index():
        from assistant.maintenance import progress_bar

        print(assistant.why_build(), file=sys.stderr)
        with progress_bar() as progress:
            report = assistant.build(progress)
        for failure in report.failures:
            print(f"Không đọc được {failure.path}: {failure.reason}", file=sys.stderr)
    return assistant


def _question(args: Namespace) -> str:
    """The question on the command line; checked before anything is built for it."""
    if args.question is None and not args.batch:
        raise QuestionError(
            'Thiếu câu hỏi. Ví dụ: hoibao ask "Ai là Khối trưởng Khối thi đua số 4?"'
        )
    return args.question or ""


def _within(args: Namespace, assistant: "Assistant") -> "Scope":
    from assistant.scope import Scope, known_sources

    known = [source for source, _ in assistant.sources()] if args.nguon else []
    return Scope(args.tu, args.den, known_sources(args.nguon, known))


def _run_batch(args: Namespace, answer: Callable[[str, list[str]], dict[str, Any]]) -> int:
    """One JSON line out for each line in, in order; a line that fails carries its ``error``."""
    failed = False
    for number, line in _batch_lines(Path(args.batch)):
        id: Any = None
        try:
            row = json.loads(line)
            id = row.get("id")
            question, history = row["question"], row.get("history") or []
            if not isinstance(question, str) or not isinstance(history, list):
                raise TypeError
            result = answer(question, [str(q) for q in history])
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError):
            result = {"error": f'Dòng {number} không có dạng {{"id", "question", "history"?}}.'}
        except UserError as error:
            result = {"error": str(error)}
        failed |= "error" in result
        print(json.dumps({"id": id} | result, ensure_ascii=False), flush=True)
    return FAILED if failed else 0


def _batch_lines(file: Path) -> Iterator[tuple[int, str]]:
    try:
        with file.open(encoding="utf-8-sig") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield number, line
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"Không đọc được tệp câu hỏi “{file}”: {error}.") from error


def _print_json(value: dict[str, Any]) -> int:
    print(json.dumps(value, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())

__all__ = ["FAILED", "INTERRUPTED", "SOME_FILES_FAILED", "USAGE_ERROR", "main"]
