"""Request bodies with an upper bound, whether their length is told or they come in chunks."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.server.problems import problem


async def limited(app: ASGIApp, scope: Scope, receive: Receive, send: Send, most: int) -> None:
    """Call ``app`` with a body of at most ``most`` bytes; answer 413 for a larger one."""
    length = dict(scope["headers"]).get(b"content-length", b"0")
    if not length.isdigit() or int(length) > most:
        await _too_large(most)(scope, receive, send)
        return
    read, over, started = 0, False, False

    async def counting() -> Message:
        nonlocal read, over
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            over = True
            return {"type": "http.disconnect"}
        return message

    async def unless_over(message: Message) -> None:
        nonlocal started
        if over and not started:
            return
        started = True
        await send(message)

    try:
        await app(scope, counting, unless_over)
    except Exception:
        if not over:
            raise
    if over and not started:
        await _too_large(most)(scope, receive, send)


def _too_large(most: int) -> ASGIApp:
    size = f"{most // 2**20} MB" if most >= 2**20 else f"{most // 2**10} KB"
    return problem(413, f"Nội dung gửi lên vượt quá {size}.", headers={"Connection": "close"})
