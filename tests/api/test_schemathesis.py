"""Machine-made requests over the whole API: no fault of ours, no answer that the document does not describe."""

from __future__ import annotations

import random
import uuid
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

import api_rows
import asking
import cast
from fairdue.core.codes import Role
from fairdue.web.api.operations import OPERATIONS
from fairdue.web.desk.wsgi import application
from worlds import World

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
          response_schema_conformance]  # fmt: skip
GENEROUS = {"check_guard", "check_wording", "check_offers"}  # they say what they did not understand instead of refusing
STOPPED = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)


def user_for(name: str) -> str:
    """Somebody for whom the operation exists."""
    roles = OPERATIONS[name].roles
    known = {Role.COLLECTOR: cast.COLLECTOR, Role.OPERATOR: cast.OPERATOR, Role.COMPLIANCE: cast.OFFICER}
    return next(username for role, username in known.items() if role in roles)


def ask_often(
    name: str, operation: Any, asker: asking.Program, numbers: dict[str, int], times: int, mode: GenerationMode
) -> None:
    """Send what is made for one operation; half of the addresses are those of rows that are there."""
    rng = random.Random(name)
    checks = [*CHECKS, negative_data_rejection] if mode == GenerationMode.NEGATIVE and name not in GENEROUS else CHECKS

    @seed(7)
    @settings(max_examples=times, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=STOPPED)
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        known = [one for one in case.path_parameters if one in numbers]
        if mode == GenerationMode.POSITIVE and rng.random() < 0.7:
            case.path_parameters.update({one: numbers[one] for one in known})
        if mode == GenerationMode.POSITIVE and "Idempotency-Key" in case.headers:
            case.headers["Idempotency-Key"] = uuid.UUID(int=rng.getrandbits(128)).hex
        case.call_and_validate(headers=asker.headers, checks=checks)

    ask()


def closed(environ: Any, start_response: Any) -> list[bytes]:
    """The application, its answers read and closed as every server does and the test transport does not."""
    answer: Any = application(environ, start_response)
    try:
        return list(answer)
    finally:
        answer.close()


def over_the_whole(times: int) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", closed, headers={"Host": "127.0.0.1"})
    schema.config.generation.update(with_security_parameters=False)  # the key is always sent; doors are tested apart
    numbers = api_rows.rows(cast.COLLECTOR)
    programs = {name: asking.program(name) for name in (cast.COLLECTOR, cast.OPERATOR, cast.OFFICER)}
    found = set()
    for result in schema.get_all_operations():
        found_one: Any = result
        operation = found_one.ok()
        name = operation.definition.raw["operationId"]
        found.add(name)
        asker = programs[user_for(name)]
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            if mode == GenerationMode.NEGATIVE and not (operation.query or operation.body or operation.path_parameters):
                continue
            ask_often(name, operation, asker, numbers, times, mode)
    assert found == set(OPERATIONS)


@pytest.fixture(autouse=True)
def quiet_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process is started beside the test."""
    monkeypatch.setattr("fairdue.web.api.routes.books.start", lambda *_said: None)


@pytest.mark.filterwarnings("ignore")
def test_no_request_meets_a_fault_of_ours_or_an_answer_nobody_described(desk: World) -> None:
    over_the_whole(8)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_nor_do_many_more(desk: World) -> None:
    over_the_whole(120)
