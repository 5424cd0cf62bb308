"""A guarded server in this process, over a small archive of its own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.access import Access
from assistant.server.application import add_page, create_api
from assistant.server.gate import Gate, open_gate
from assistant.server.guard import Guard
from assistant.server.users import Users, new_account, new_key, write_users
from assistant.service import Assistant
from assistant.settings import Settings
from assistant.who import Role

BRIDGE = """Khánh thành cầu Vân Du

Thứ Hai, 01/09/2025, 10:00

Sáng 1/9, cầu Vân Du dài 312 mét bắc qua sông Lạch được khánh thành, nối hai xã ven biển.
"""
MARKET = """Chợ nổi Cái Dương họp từ 4 giờ sáng

Thứ Bảy, 06/09/2025, 08:00

Chợ nổi Cái Dương họp từ 4 giờ sáng với 87 ghe bán trái cây. Ban quản lý không thu phí khách.
"""
QUESTION = "Cầu Vân Du dài bao nhiêu mét?"
PASSWORDS = {"doc-gia": "mật khẩu của độc giả", "bien-tap": "mật khẩu của biên tập"}


@dataclass
class Server:
    """One server and how to talk to it; every client has its own cookies."""

    assistant: Assistant
    gate: Gate
    app: Any
    keys: dict[Role, str]
    stack: ExitStack

    def client(self, role: Role | None = None, **options: Any) -> TestClient:
        """A client with the API key of that role, or without one."""
        headers = {"Authorization": f"Bearer {self.keys[role]}"} if role else {}
        options = {"base_url": "http://127.0.0.1", "follow_redirects": False} | options
        made = TestClient(self.app, headers=headers, client=("127.0.0.1", 50000), **options)
        self.stack.callback(made.close)
        return made

    def sign_in(self, name: str, password: str, **options: Any) -> TestClient:
        """A client with the session of an account."""
        made = self.client(**options)
        done = made.post("/dang-nhap", data={"ten": name, "mat_khau": password})
        assert done.status_code == 303, done.text
        return made


Serve = Callable[..., Server]


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """``serve(users=True, page=True, password=…)`` starts a server; at the end all are closed."""
    with ExitStack() as stack:

        def make(
            *, users: bool = False, page: bool = False, host: str = "127.0.0.1", **access: Any
        ) -> Server:
            folder = tmp_path_factory.mktemp("may-chu")
            archive = folder / "kho"
            archive.mkdir()
            (archive / "cau.txt").write_text(BRIDGE, encoding="utf-8")
            (archive / "cho.txt").write_text(MARKET, encoding="utf-8")
            (archive / "tep").mkdir()
            settings = Settings(archive=archive, index=folder / "chi-muc", host=host)
            keys: dict[Role, str] = {}
            if users:
                access["users"] = folder / "users.json"
                keys = _write(access["users"])
            access.setdefault("questions_per_minute", 0)
            settings = replace(settings, access=Access(**access))
            assistant = Assistant(settings)
            assistant.build()
            gate = open_gate(settings)
            api = create_api(assistant, gate)
            scripts = add_page(api, assistant, settings.access.root_path) if page else []
            app = Guard(api, gate, scripts)
            stack.callback(assistant.close)
            stack.callback(gate.sessions.close)
            stack.enter_context(TestClient(app))  # holds the lifespan
            return Server(assistant, gate, app, keys, stack)

        yield make


def _write(file: Path) -> dict[Role, str]:
    roles = {"doc-gia": Role.READER, "bien-tap": Role.EDITOR}
    made = {role: new_key(f"may-{role.value}", role) for role in Role}
    write_users(file, Users(
        {name: new_account(name, role, PASSWORDS[name]) for name, role in roles.items()},
        {f"may-{role.value}": key for role, (_, key) in made.items()},
    ))  # fmt: skip
    return {role: secret for role, (secret, _) in made.items()}
