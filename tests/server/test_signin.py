"""Signing in: lock-out, sessions that survive a restart and end when they should, and where one goes after."""

import pytest

from assistant.access import Access, check_reach, read_access
from assistant.server.accounts import Accounts
from assistant.server.paths import inside
from assistant.server.sessions import LASTS, Sessions
from assistant.server.throttle import LockOut, Rate, TooMany
from assistant.server.users import Users, new_account, read_users, write_users
from assistant.who import Role
from corpus.errors import UserError
from tests.server.conftest import PASSWORDS, Serve


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_five_wrong_passwords_lock_an_account_out_at_that_address(serve: Serve) -> None:
    server = serve(users=True)
    client = server.client()
    wrong = {"ten": "doc-gia", "mat_khau": "sai"}
    for _ in range(5):
        answer = client.post("/dang-nhap", data=wrong)
        assert answer.status_code == 401
        assert "không đúng" in answer.text and "set-cookie" not in answer.headers
    right = {"ten": "doc-gia", "mat_khau": PASSWORDS["doc-gia"]}
    locked = client.post("/dang-nhap", data=right)
    assert locked.status_code == 429 and "phút" in locked.text
    other = {"ten": "bien-tap", "mat_khau": PASSWORDS["bien-tap"]}
    assert client.post("/dang-nhap", data=other).status_code == 303


def test_signing_out_ends_the_session(serve: Serve) -> None:
    server = serve(users=True)
    client = server.sign_in("doc-gia", PASSWORDS["doc-gia"])
    token = client.cookies["hoibao_phien"]
    assert client.get("/api/status").status_code == 200
    client.post("/dang-xuat")
    client.cookies.set("hoibao_phien", token)
    assert client.get("/api/status").status_code == 401


def test_a_new_password_or_a_removed_account_ends_sessions(serve: Serve) -> None:
    server = serve(users=True)
    reader = server.sign_in("doc-gia", PASSWORDS["doc-gia"])
    editor = server.sign_in("bien-tap", PASSWORDS["bien-tap"])
    file = server.gate.access.users
    assert file
    known = read_users(file)
    known.accounts["doc-gia"] = new_account("doc-gia", Role.READER, "mật khẩu khác hẳn")
    del known.accounts["bien-tap"]
    write_users(file, known)
    assert reader.get("/api/status").status_code == 401
    assert editor.get("/api/status").status_code == 401


def test_one_password_for_all_asks_for_no_name(serve: Serve) -> None:
    server = serve(password="một mật khẩu dài")
    client = server.client()
    assert 'name="ten"' not in client.get("/dang-nhap").text
    assert client.post("/dang-nhap", data={"mat_khau": "sai"}).status_code == 401
    assert client.post("/dang-nhap", data={"mat_khau": ""}).status_code == 401
    assert client.post("/dang-nhap", data={"mat_khau": "một mật khẩu dài"}).status_code == 303
    assert client.post("/api/build", json={}).status_code == 202


def test_sessions_survive_a_restart_and_expire(tmp_path) -> None:  # type: ignore[no-untyped-def]
    clock = Clock()
    first = Sessions(tmp_path, clock)
    token = first.begin("lan", "c")
    first.close()
    again = Sessions(tmp_path, clock)
    assert again.find(token) == ("lan", "c")
    assert again.find(token + "x") is None
    assert token.encode() not in b"".join(f.read_bytes() for f in tmp_path.iterdir())
    clock.now += LASTS + 1
    assert again.find(token) is None
    again.close()


def test_a_lock_out_ends_and_a_right_password_is_forgiven() -> None:
    clock = Clock()
    lock = LockOut(2, 60, clock)
    for _ in range(5):
        lock.take("a")
        lock.forgive("a")
    lock.take("a")
    lock.take("a")
    with pytest.raises(TooMany):
        lock.take("a")
    lock.take("b")
    clock.now += 61
    lock.take("a")


def test_a_rate_fills_up_again() -> None:
    clock = Clock()
    rate = Rate(60, 2, clock)
    rate.take("a")
    rate.take("a")
    with pytest.raises(TooMany) as refused:
        rate.take("a")
    assert refused.value.wait == 1
    clock.now += 1
    rate.take("a")
    rate.take("b")


@pytest.mark.parametrize(
    "address", ["//evil.example", "/\\evil.example", "https://evil.example", "", "x", "/a\r\nb"]
)
def test_signing_in_leads_nowhere_else(address: str) -> None:
    assert inside(address) == "/"


def test_what_comes_back_into_the_form_is_escaped(serve: Serve) -> None:
    evil = '"><script>alert(1)</script>'
    server = serve(users=True)
    page = server.client().post(
        "/dang-nhap", data={"ten": evil, "mat_khau": "sai", "tiep": "/" + evil}
    )
    assert "<script>" not in page.text


def test_nobody_opens_a_server_to_others_without_a_password() -> None:
    for host, access in (("0.0.0.0", Access()), ("::", Access()), ("192.168.1.5", Access()),
                         ("127.0.0.1", Access(hosts=("bao.example.vn",)))):  # fmt: skip
        with pytest.raises(UserError, match="HOIBAO_PASSWORD"):
            check_reach(host, access)
    for host in ("127.0.0.1", "::1", "localhost", "127.1.2.3"):
        check_reach(host, Access())
    check_reach("0.0.0.0", Access(password="một mật khẩu dài"))


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"HOIBAO_PASSWORD": "ngắn"}, "ít nhất 8"),
        ({"HOIBAO_PASSWORD": "một mật khẩu dài", "HOIBAO_USERS": "u.json"}, "Chỉ đặt một"),
        ({"HOIBAO_API_KEYS": "editor:ngắn"}, "20 ký tự"),
        ({"HOIBAO_API_KEYS": "chu:một-khóa-đủ-dài-để-dùng-được"}, "reader:KHÓA"),
        ({"HOIBAO_ROOT_PATH": "bao"}, "/hoibao"),
        ({"HOIBAO_QUESTIONS_PER_MINUTE": "nhiều"}, "số nguyên"),
        ({"HOIBAO_UPLOAD_MB": "0"}, "từ 1"),
    ],
)
def test_settings_that_cannot_be_meant(environ: dict[str, str], says: str) -> None:
    with pytest.raises(UserError, match=says):
        read_access(environ)


def test_settings_of_the_environment() -> None:
    key = "k" * 24
    read = read_access({
        "HOIBAO_API_KEYS": f"editor:{key}, {key}2", "HOIBAO_HOSTS": "Bao.example.vn", "HOIBAO_AUDIT": "off",
        "HOIBAO_ROOT_PATH": "/bao/", "HOIBAO_QUESTIONS_PER_MINUTE": "0",
    })  # fmt: skip
    assert read.api_keys == ((key, Role.EDITOR), (key + "2", Role.READER))
    assert (read.hosts, read.audit, read.root_path, read.questions_per_minute) == (
        ("bao.example.vn",),
        False,
        "/bao",
        0,
    )
    assert key not in repr(read)
    assert Accounts(read).of_key(key) is not None
    assert Accounts(read).of_key(key[:-1]) is None


def test_a_users_file_is_its_owners_alone_and_holds_no_password(tmp_path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "users.json"
    write_users(file, Users({"lan": new_account("lan", Role.EDITOR, "mật khẩu của Lan")}))
    assert file.stat().st_mode & 0o777 == 0o600
    assert "mật khẩu" not in file.read_text(encoding="utf-8")
    accounts = Accounts(Access(users=file))
    assert accounts.signed_in("lan", "mật khẩu của Lan")
    assert not accounts.signed_in("lan", "mật khẩu của lan")
    assert not accounts.signed_in("ai", "mật khẩu của Lan")
    file.write_text("{", encoding="utf-8")
    with pytest.raises(UserError, match="không đọc được"):
        read_users(file)
