"""The command line's words: every command, option and help line, in Vietnamese."""

import argparse
import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from corpus.dates import parse_date

USAGE_ERROR = 2


class Parser(argparse.ArgumentParser):
    """argparse speaking Vietnamese."""

    def __init__(self, **options: Any) -> None:
        super().__init__(add_help=False, formatter_class=_Formatter, **options)
        self._positionals.title = "tham số"
        self._optionals.title = "tùy chọn"
        self.add_argument("-h", "--help", action="help", help="hiện hướng dẫn này")

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and how the command is used, and exit with USAGE_ERROR."""
        self.exit(USAGE_ERROR, f"Lỗi: {_translate(message)}\n{self.format_usage()}")


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "Cách dùng: " if prefix is None else prefix)


_MESSAGES = (
    (r"the following arguments are required: (.*)", r"thiếu \1"),
    (r"unrecognized arguments: (.*)", r"không hiểu \1"),
    (
        r"argument (-.*): invalid choice: (.*) \(choose from (.*)\)",
        r"\1 không nhận giá trị \2; hãy chọn \3",
    ),
    (r"argument (.*): invalid choice: (.*) \(choose from (.*)\)", r"không có lệnh \2; hãy chọn \3"),
    (r"argument (.*): expected one argument", r"\1 cần một giá trị"),
    (r"argument (.*): expected at least one argument", r"\1 cần ít nhất một giá trị"),
    (r"argument (.*): invalid .* value: (.*)", r"\1 không nhận giá trị \2"),
    (r"argument (.*): not allowed with argument (.*)", r"\1 không dùng cùng \2"),
    (r"ambiguous option: (.*) could match (.*)", r"\1 có thể là \2; hãy viết đủ"),
)


def _translate(message: str) -> str:
    for english, vietnamese in _MESSAGES:
        if re.fullmatch(english, message):
            return re.sub(english, vietnamese, message)
    return message


def positive(value: str) -> int:
    """A whole number from 1; argparse reports the ValueError."""
    number = int(value)
    if number < 1:
        raise ValueError(value)
    return number


def day(value: str) -> dt.date:
    """A date as 2024-11-13 or 13/11/2024; argparse reports the ValueError."""
    parsed = parse_date(value)
    if parsed is None:
        raise ValueError(value)
    return parsed[0]


Handler = Callable[[argparse.Namespace], int]


def make_parser(handlers: Mapping[str, Handler]) -> Parser:
    """The whole command line; ``handlers`` holds the function behind each command's name."""
    parser = Parser(
        prog="hoibao",
        description="Hỏi Báo: hỏi kho bài báo tiếng Việt của bạn, nhận câu trả lời có trích dẫn.",
        epilog='Thử ngay với kho mẫu:  hoibao ask "Ai là Khối trưởng Khối thi đua số 4?"',
    )
    commands = parser.add_subparsers(dest="command", metavar="lệnh", required=True, title="lệnh")

    def command(name: str, help: str) -> Parser:
        made: Parser = commands.add_parser(name, help=help, description=help)
        made.set_defaults(handler=handlers[name])
        made.add_argument(
            "--archive", metavar="THƯ_MỤC", help="thư mục bài viết (hoặc HOIBAO_ARCHIVE)"
        )
        made.add_argument("--index", metavar="THƯ_MỤC", help="thư mục chỉ mục (hoặc HOIBAO_INDEX)")
        return made

    ask = command("ask", "hỏi một câu và nhận câu trả lời có trích dẫn")
    ask.add_argument(
        "question", nargs="?", metavar="CÂU_HỎI", help="câu hỏi, có dấu hoặc không dấu"
    )
    ask.add_argument(
        "--history", nargs="+", default=[], metavar="CÂU", help="các câu đã hỏi trước đó, cũ trước"
    )
    ask.add_argument(
        "--as-of", type=day, metavar="NGÀY", help="ngày để tính “hôm qua”, “năm ngoái” (mặc định hôm nay), ví dụ 2024-11-13",
    )  # fmt: skip
    ask.add_argument(
        "--quote", action="store_true", help="chỉ trích nguyên văn, không nhờ máy chủ mô hình"
    )
    _scope(ask)
    _batch(ask)

    search = command("search", "tra cứu các đoạn văn gần với câu hỏi nhất")
    search.add_argument(
        "question", nargs="?", metavar="CÂU_TRA_CỨU", help="từ ngữ hoặc câu cần tra"
    )
    _scope(search)
    search.add_argument(
        "-k", type=positive, default=10, metavar="SỐ", help="số đoạn văn (mặc định 10)"
    )
    _batch(search)

    article = command("article", "đọc toàn văn một bài")
    article.add_argument("id", metavar="MÃ_BÀI", help="mã bài như trong kết quả của ask và search")
    _json(article)

    build = command("build", "cập nhật chỉ mục theo các tệp đang có trong kho")
    _build_options(build)
    _json(build)

    _json(command("status", "cho biết kho có gì và chỉ mục dựng khi nào"))
    _json(command("verify", "kiểm tra mọi phần của chỉ mục có khớp nhau không; không sửa gì"))
    _json(command("repair", "sửa những gì verify thấy sai, không nhúng lại phần còn tốt"))

    picture = command(
        "map", "vẽ bản đồ kho thành một tệp HTML: mỗi bài một chấm, gần nghĩa thì nằm gần"
    )
    picture.add_argument(
        "--by", choices=["source", "month"], default="source",
        help="tô màu theo nguồn (source, mặc định) hay theo tháng đăng (month)",
    )  # fmt: skip
    picture.add_argument(
        "--out", metavar="TỆP", default="ban-do.html", help="tệp HTML sẽ ghi (mặc định ban-do.html)"
    )
    _json(picture)

    serve = command("serve", "mở trang web hỏi đáp trên máy này")
    serve.add_argument(
        "--port", type=positive, metavar="CỔNG", help="cổng (mặc định 7860, hoặc HOIBAO_PORT)"
    )
    serve.add_argument("--open", action="store_true", help="mở luôn trình duyệt")

    _upkeep(command)
    _evaluation(commands, handlers)
    return parser


def _upkeep(command: Callable[[str, str], Parser]) -> None:
    command("mcp", "phục vụ trợ lý khác qua MCP (stdin/stdout): ask, search, get_article")
    users = command("users", "tạo, xóa, liệt kê tài khoản và khóa API của máy chủ")
    users.add_argument(
        "action", choices=["add", "key", "remove", "list"], metavar="VIỆC",
        help="add (tài khoản, hỏi mật khẩu), key (khóa API), remove, list",
    )  # fmt: skip
    users.add_argument("name", nargs="?", default="", metavar="TÊN", help="tên tài khoản hoặc khóa")
    users.add_argument(
        "--role", choices=["reader", "editor"], default="reader",
        help="reader chỉ hỏi và đọc (mặc định), editor sửa được kho và chỉ mục",
    )  # fmt: skip
    users.add_argument(
        "--file", metavar="TỆP", help="tệp tài khoản (mặc định HOIBAO_USERS, hoặc cạnh chỉ mục)"
    )
    for name, help in (
        ("backup", "sao lưu kho, chỉ mục và dữ liệu của máy chủ vào một tệp .tar.gz"),
        ("restore", "khôi phục từ tệp mà backup đã ghi; hãy dừng máy chủ trước"),
    ):
        made = command(name, help)
        made.add_argument("out", metavar="TỆP", help="tệp sao lưu, ví dụ hoibao.tar.gz")
        made.add_argument("--force", action="store_true", help="ghi đè những gì đang có")


def _build_options(build: Parser) -> None:
    build.add_argument(
        "--full", action="store_true",
        help="đọc lại mọi tệp, dựng chỉ mục mới bên cạnh rồi thay chỉ mục cũ khi xong",
    )  # fmt: skip
    build.add_argument(
        "--shard", metavar="I/N", default="",
        help="chỉ đọc và nhúng phần thứ I trong N phần của kho, để chia việc cho nhiều máy",
    )  # fmt: skip
    build.add_argument(
        "--from", dest="parts", metavar="THƯ_MỤC", action="append", default=[],
        help="lấy vectơ đã nhúng ở chỉ mục này (của --shard); có thể lặp lại",
    )  # fmt: skip
    ways = build.add_mutually_exclusive_group()
    ways.add_argument(
        "--dry-run", action="store_true", help="chỉ cho biết sẽ làm gì, không ghi gì cả"
    )
    ways.add_argument(
        "--watch", action="store_true",
        help="dựng xong thì theo dõi thư mục và cập nhật mỗi khi có thay đổi, đến khi bấm Ctrl+C",
    )  # fmt: skip


TYPED = ("khong-dau", "telex", "vni")  # assistant/evaluation/typed.py


def _evaluation(commands: Any, handlers: Mapping[str, Handler]) -> None:
    help = "đo chất lượng trên bộ câu hỏi có đáp án"
    parts = commands.add_parser("eval", help=help, description=help).add_subparsers(
        dest="part", metavar="phần", required=True, title="phần"
    )
    help = "đo việc tìm bài: nDCG@10, MRR@10, recall, bên cạnh BM25"
    retrieval: Parser = parts.add_parser("retrieval", help=help, description=help)
    retrieval.set_defaults(handler=handlers["eval retrieval"])
    retrieval.add_argument(
        "sets", nargs="+", metavar="BỘ",
        help="thư mục dạng BEIR (corpus.jsonl, queries.jsonl, qrels/test.tsv) hoặc articles.jsonl và questions.jsonl",
    )  # fmt: skip
    retrieval.add_argument(
        "--split", metavar="PHẦN", help="chỉ lấy câu có “split” này (train, dev)"
    )
    retrieval.add_argument(
        "--typed", nargs="+", choices=TYPED, default=[],
        help="đo thêm với câu hỏi gõ không dấu, hay gõ telex, vni khi quên bật bộ gõ",
    )  # fmt: skip
    help = "đo câu trả lời: đúng bài, đúng câu, phần in đậm, trích dẫn, biết từ chối"
    answers: Parser = parts.add_parser("answers", help=help, description=help)
    answers.set_defaults(handler=handlers["eval answers"])
    answers.add_argument(
        "set",
        metavar="BỘ",
        help="thư mục có articles.jsonl và questions.jsonl, hoặc dạng BEIR có answers",
    )
    answers.add_argument("--split", metavar="PHẦN", help="chỉ lấy câu có “split” này (train, dev)")
    answers.add_argument(
        "--typed", choices=TYPED, help="câu hỏi gõ không dấu, hay gõ telex, vni khi quên bật bộ gõ"
    )
    answers.add_argument("--out", metavar="THƯ_MỤC", help="ghi JSON, bảng và biểu đồ vào đây")
    _json(answers)
    retrieval.add_argument("--out", metavar="THƯ_MỤC", help="ghi JSON, bảng và biểu đồ vào đây")
    _json(retrieval)


def _scope(parser: Parser) -> None:
    parser.add_argument(
        "--tu", type=day, metavar="NGÀY", help="chỉ tìm bài đăng từ ngày này, ví dụ 2023-01-01"
    )
    parser.add_argument("--den", type=day, metavar="NGÀY", help="chỉ tìm bài đăng đến hết ngày này")
    parser.add_argument(
        "--nguon", action="append", default=[], metavar="NGUỒN",
        help="chỉ tìm bài của nguồn này, có dấu hoặc không dấu; viết nhiều lần cho nhiều nguồn",
    )  # fmt: skip


def _batch(parser: Parser) -> None:
    parser.add_argument(
        "--batch", metavar="TỆP.jsonl",
        help='mỗi dòng một đối tượng {"id", "question", "history"?}; in ra mỗi dòng một kết quả JSON',
    )  # fmt: skip
    _json(parser)


def _json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
