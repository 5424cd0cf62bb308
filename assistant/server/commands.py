"""The commands around the server: ``hoibao users``, ``mcp``, ``backup`` and ``restore``."""

import getpass
import sys
from argparse import Namespace
from pathlib import Path

from assistant.server.users import Users, new_account, new_key, read_users, write_users
from assistant.settings import Settings, read_settings
from assistant.who import Role
from corpus.errors import UserError


def users(args: Namespace) -> int:
    """Add, change, remove and list accounts and API keys."""
    file = users_file(args.file, _settings(args))
    known = read_users(file) if file.exists() else Users()
    match args.action:
        case "list":
            _list(known, file)
            return 0
        case "add":
            role = Role(args.role)
            known.accounts[args.name] = new_account(args.name, role, _new_password())
            told = f"Tài khoản “{args.name}” ({role.value}) đã ghi vào {file}."
        case "key":
            secret, key = new_key(args.name, Role(args.role))
            known.keys[args.name] = key
            print(secret)
            told = "Khóa API ở dòng trên chỉ hiện một lần này; hãy cất nó ngay."
        case _:
            gone = known.accounts.pop(args.name, None), known.keys.pop(args.name, None)
            if gone == (None, None):
                raise UserError(f"Không có tài khoản hay khóa nào tên “{args.name}” trong {file}.")
            told = f"Đã xóa “{args.name}” khỏi {file}."
    write_users(file, known)
    print(told, file=sys.stderr)
    if args.action == "add":
        print(f"Để dùng: đặt HOIBAO_USERS={file} rồi mở máy chủ.", file=sys.stderr)
    return 0


def users_file(named: str | None, settings: Settings) -> Path:
    """``--file``, else HOIBAO_USERS, else beside what the server keeps."""
    if named:
        return Path(named).expanduser().absolute()
    return settings.access.users or settings.state / "users.json"


def mcp(args: Namespace) -> int:
    """Serve tools over stdio; stdout is theirs alone."""
    from assistant.maintenance import progress_bar
    from assistant.server.tools import run_stdio
    from assistant.service import Assistant

    assistant = Assistant(_settings(args))
    if not assistant.has_index():
        print(assistant.why_build(), file=sys.stderr)
        with progress_bar() as progress:
            assistant.build(progress)
    run_stdio(assistant)
    return 0


def backup(args: Namespace) -> int:
    """Write archive, index and state into one file."""
    from assistant.server.backup import back_up

    made = back_up(_settings(args), Path(args.out), force=args.force)
    print(f"Đã sao lưu {made.files} tệp ({made.bytes / 2**20:.1f} MB) vào {args.out}.")
    return 0


def restore(args: Namespace) -> int:
    """Put back what ``backup`` wrote."""
    from assistant.server.backup import put_back

    made = put_back(_settings(args), Path(args.out), force=args.force)
    print(f"Đã khôi phục {made.files} tệp ({made.bytes / 2**20:.1f} MB).")
    return 0


def _settings(args: Namespace) -> Settings:
    return read_settings(args.archive, args.index)


def _new_password() -> str:
    """Asked for twice without echo; one line of stdin where that is no terminal."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Mật khẩu: ")
    if getpass.getpass("Nhập lại: ") != password:
        raise UserError("Hai lần nhập không giống nhau. Hãy thử lại.")
    return password


def _list(known: Users, file: Path) -> None:
    for name, account in sorted(known.accounts.items()):
        print(f"{name}\t{account.role.value}\ttài khoản")
    for name, key in sorted(known.keys.items()):
        print(f"{name}\t{key.role.value}\tkhóa API")
    if not known.accounts and not known.keys:
        print(f"Chưa có tài khoản nào trong {file}.", file=sys.stderr)
