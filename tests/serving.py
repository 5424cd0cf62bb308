"""The page as a user has it: ``python app.py`` in a process of its own, and a browser tab on it."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

ROOT = Path(__file__).parents[1]
_STARTS = 90  # seconds until it answers, on a busy machine
_REFUSED = "status of 422"  # how Gradio tells the page that a question was refused


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(port: int, **environ: str) -> "subprocess.Popen[str]":
    """``python app.py``; ``environ`` holds HOIBAO_ARCHIVE and so on."""
    return subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=os.environ | {"PYTHONIOENCODING": "utf-8", "HOIBAO_PORT": str(port)} | environ,
    )  # fmt: skip


@contextmanager
def serving(index: Path, archive: Path | None = None, **more: str) -> Iterator[str]:
    """A running page; yields its address. ``more`` are further settings by the names of the environment."""
    port = free_port()
    environ = (
        more | {"HOIBAO_INDEX": str(index)} | ({"HOIBAO_ARCHIVE": str(archive)} if archive else {})
    )
    process = start(port, **environ)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(process, address)
        yield address
    finally:
        stop(process)


def stop(process: "subprocess.Popen[Any]") -> None:
    """End a process by its own handle, whether it listens to reason or not."""
    process.terminate()
    try:
        process.communicate(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def _wait(process: "subprocess.Popen[str]", address: str) -> None:
    for _ in range(_STARTS * 4):
        if process.poll() is not None:
            pytest.fail(f"app.py stopped: {process.communicate()[0]}")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.25)
    pytest.fail(f"app.py did not answer within {_STARTS} s")


@contextmanager
def tab(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """A fresh tab on the page. At its end nothing may have gone wrong in it or left the machine."""
    options = {"viewport": {"width": 1280, "height": 800}} | options
    context = browser.new_context(locale="vi-VN", **options)
    context.set_default_timeout(20_000)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda m: wrong.append(m.text) if _is_wrong(m.type, m.text) else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda r: None if _is_here(r.url) else wrong.append(f"asked {r.url}"))
    page.on("dialog", lambda dialog: (wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
    try:
        page.goto(address)
        page.locator("#tom-tat p").first.wait_for()
        start_conversation(page)
        yield page
        assert not wrong, wrong
    finally:
        context.close()


def start_conversation(page: Page) -> None:
    """An empty chat, whatever this browser asked before."""
    page.locator("#luot-nay .hb-luot, .hb-chao").wait_for()
    if page.locator(".hb-luot").count():
        page.get_by_role("button", name="Trò chuyện mới").click()
        page.locator(".hb-chao").wait_for()


def question_box(page: Page) -> Locator:
    """Where a question is typed."""
    return page.locator("#o-hoi textarea")


def _is_wrong(kind: str, text: str) -> bool:
    return kind in ("error", "warning") and _REFUSED not in text


def _is_here(url: str) -> bool:
    return re.match(r"https?://127\.0\.0\.1:|data:|blob:", url) is not None


def ask(page: Page, question: str) -> Locator:
    """Type a question, send it, and wait for its answer."""
    before = page.locator(".hb-tra-loi").count()
    box = question_box(page)
    box.fill(question)
    box.press("Enter")
    return answer(page, before)


def answer(page: Page, number: int = 0) -> Locator:
    """The answer of that number (from 0), once it is there; its evidence comes with it."""
    found = page.locator(".hb-tra-loi").nth(number)
    found.wait_for()
    return found


def plain(text: str) -> str:
    """Text as a browser lays it out: runs of white space are one space."""
    return " ".join(text.split())
