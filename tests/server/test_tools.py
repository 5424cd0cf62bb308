"""MCP: the tools over stdio, as another assistant starts them, and at /mcp behind the guard."""

import os
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest

from assistant.who import Role
from tests.server.conftest import BRIDGE, QUESTION, Serve
from tests.serving import ROOT

mcp = pytest.importorskip("mcp")


def test_tools_over_stdio(tmp_path: Path) -> None:
    from mcp.client.client import Client
    from mcp.client.stdio import StdioServerParameters, stdio_client

    archive = tmp_path / "kho"
    archive.mkdir()
    (archive / "cau.txt").write_text(BRIDGE, encoding="utf-8")
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "assistant.cli", "mcp"], cwd=ROOT,
        env=dict(os.environ) | {"HOIBAO_ARCHIVE": str(archive), "HOIBAO_INDEX": str(tmp_path / "chi-muc")},
    )  # fmt: skip

    async def talk() -> None:
        async with Client(stdio_client(server)) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert tools.keys() == {"ask", "search", "get_article"}
            assert all(
                tool.annotations and tool.annotations.read_only_hint for tool in tools.values()
            )
            answer = await call(client, "ask", question=QUESTION)
            assert answer["answered"] and "312 mét" in answer["citations"][0]["quote"]
            assert "not instructions" in answer["note"]
            found = await call(client, "search", query="cầu Vân Du", k=1)
            [hit] = found["hits"]
            article = await call(client, "get_article", article_id=hit["article_id"])
            assert article["title"] == "Khánh thành cầu Vân Du" and not article["truncated"]
            wrong = await client.call_tool("get_article", {"article_id": "../../etc/passwd"})
            assert wrong.is_error and "Không có bài" in str(wrong.content)
            empty = await client.call_tool("ask", {"question": "?!"})
            assert empty.is_error and "chưa nhập câu hỏi" in str(empty.content)

    anyio.run(talk)


async def call(client: Any, name: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(name, arguments)
    assert not result.is_error, result.content
    found: dict[str, Any] = result.structured_content
    return found


def test_tools_over_http_need_a_key(serve: Serve) -> None:
    server = serve(users=True)
    asked = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "ask", "arguments": {"question": QUESTION}},
    }
    headers = {"Accept": "application/json, text/event-stream"}
    assert server.client().post("/mcp", json=asked, headers=headers).status_code == 401
    answer = server.client(Role.READER).post("/mcp", json=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    assert "312 mét" in answer.text
