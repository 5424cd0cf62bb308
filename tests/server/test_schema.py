"""schemathesis sends the API what its description allows, and what it does not: never a server error."""

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from tests.server.conftest import Serve

EXAMPLES = int(os.environ.get("HOIBAO_SCHEMA_EXAMPLES", "8"))  # for each operation and mode
CHECKS = [
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.response_schema_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.status_code_conformance,
]
HOST = {"Host": "127.0.0.1"}


@pytest.fixture(scope="module")
def operations(serve: Serve) -> list[Any]:
    server = serve()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":  # its lifespan is held already
            await server.app(scope, receive, send)
            return
        for _ in range(2):
            message = await receive()
            await send({"type": f"{message['type']}.complete"})

    schema = schemathesis.openapi.from_asgi("/openapi.json", app, headers=HOST)
    return [found.ok() for found in schema.get_all_operations()]


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_nothing_that_is_sent_is_a_server_error(
    operations: list[Any], mode: GenerationMode
) -> None:
    assert len(operations) > 15
    for operation in operations:
        if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query):
            continue

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
            phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def send(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=HOST, checks=CHECKS)

        send()
