"""Which role, and which scope, comes through which operation; another's row does not exist."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import asking
import cast
from api_rows import call, rows
from fairdue.core.codes import Role
from fairdue.store.actions import keys
from fairdue.store.models import ApiKey, AuditRow
from fairdue.web.api.operations import OPERATIONS
from worlds import World

C, L, S, O, F, A, P = (  # noqa: E741 - one letter a role keeps the table readable
    Role.COLLECTOR, Role.LEAD, Role.STRATEGIST, Role.COMPLIANCE, Role.FINANCE, Role.AGENCY, Role.OPERATOR,
)  # fmt: skip
ALL = {C, L, S, O, F, A, P}
READERS = {C, L, O, F, A}
LETTERS = READERS - {A}
# Every operation of the API: for whom it exists. What is not listed here fails below.
TABLE: dict[str, set[Role]] = {
    "check_guard": ALL,
    "check_wording": ALL,
    "check_offers": ALL - {A},
    "list_cases": READERS,
    "get_case": READERS,
    "get_case_statement": READERS,
    "list_accounts": READERS,
    "get_account": READERS,
    "get_account_statement": READERS,
    "list_possible_contacts": READERS,
    "list_contacts": READERS,
    "reserve_contact": {C},
    "get_contact": READERS,
    "record_outcome": {C},
    "release_contact": {C},
    "list_outcomes": READERS,
    "list_decisions": READERS,
    "get_decision": READERS,
    "list_promises": READERS,
    "get_promise": READERS,
    "list_offers": {C, L, O, F},
    "say_means": {C, L, F},
    "list_plans": {C, L, O, F},
    "propose_plan": {C, L, F},
    "get_plan": {C, L, O, F},
    "accept_plan": {C, L, F},
    "cancel_plan": {C, L, F},
    "get_agreement": {C, L, O, F},
    "list_events": {P, O, F, A},
    "receive_payment": {P},
    "reverse_payment": {P},
    "list_payments": {F, O, P},
    "get_payment": {F, O, P},
    "list_certificates": READERS,
    "get_certificate": READERS,
    "get_certificate_pdf": READERS,
    "list_placements": READERS,
    "make_dialler_list": {P},
    "report_dialled": {P},
    "list_messages": {C, L, O},
    "get_message": {C, L, O},
    "list_letters": LETTERS,
    "get_letter": LETTERS,
    "get_letter_pdf": LETTERS,
    "send_book": {F, P},
    "list_books": {F, P, O},
    "get_book": {F, P, O},
    "get_rejects": {F, P, O},
    "recall_cases": {L, O},
    "place_cases": {L, O},  # last: what is placed is no longer the owner's
}


def test_every_operation_is_in_the_table() -> None:
    assert sorted(TABLE) == sorted(OPERATIONS)


@pytest.fixture
def quiet_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process is started beside the test."""
    monkeypatch.setattr("fairdue.web.api.routes.books.start", lambda *_said: None)


@pytest.mark.parametrize("role", Role, ids=lambda r: r.name.lower())
def test_an_operation_exists_for_its_roles_and_for_nobody_else(desk: World, role: Role, quiet_starts: None) -> None:
    numbers = rows(cast.COLLECTOR)
    asker = asking.program(next(u for u, r in asking.ROLE_OF.items() if r == role))
    for name, roles in TABLE.items():
        answer = call(asker, name, numbers)
        said = json.loads(answer.content) if "json" in answer.headers["Content-Type"] else {}
        if role in roles:
            assert answer.status_code in {200, 201, 202, 409, 422}, (role, name, answer.status_code, said)
        else:
            assert (answer.status_code, said["code"]) == (403, "api.not-for-role"), (role, name, said)


@pytest.mark.parametrize("username", [cast.COLLEAGUE, cast.OTHER_TEAM, cast.OTHER_LEAD, cast.STRANGER])
def test_another_s_row_is_not_there(desk: World, username: str) -> None:
    numbers = rows(cast.COLLECTOR)
    asker = asking.program(username)
    role = Role(cast.user(username).role)
    for name, roles in TABLE.items():
        if role in roles and "{" in OPERATIONS[name].path:
            answer = call(asker, name, numbers)
            assert (answer.status_code, json.loads(answer.content)["code"]) == (404, "api.not-there"), name


def test_lists_hold_nothing_of_another_lender(desk: World) -> None:
    rows(cast.COLLECTOR)
    asker = asking.program(cast.STRANGER)
    for name, roles in TABLE.items():
        if C in roles and name.startswith("list_") and "{" not in OPERATIONS[name].path and name != "list_outcomes":
            assert asker.get(OPERATIONS[name].path) == {"items": [], "next": None}, name


def test_without_its_scope_a_key_opens_nothing(desk: World) -> None:
    numbers = rows(cast.COLLECTOR)
    for name, roles in TABLE.items():
        if C in roles:
            others = {d.scope for d in OPERATIONS.values()} - {OPERATIONS[name].scope}
            answer = call(asking.program(cast.COLLECTOR, *others), name, numbers)
            assert (answer.status_code, json.loads(answer.content)["code"]) == (403, "api.no-scope"), name


def test_without_a_key_that_opens_nobody_comes_in(desk: World) -> None:
    revoked, text = asking.made(cast.COLLECTOR)
    keys.revoke("test", revoked.organisation, revoked.name)
    over, old = asking.made(cast.COLLECTOR)
    over.expires_on = over.expires_on.replace(year=2020)
    over.save()
    closed, third = asking.made(cast.OTHER_TEAM)
    closed.user.is_active = False
    closed.user.save()
    logged_in = asking.Program("")
    logged_in.client.force_login(cast.user(cast.COLLECTOR))
    for asker in [asking.Program(k) for k in ("", "x", "fdk_a_b", text, old, third, text[:-1] + "A")] + [logged_in]:
        said = asker.get("/cases", 401)
        assert said["code"] == "api.no-key"


def test_a_key_is_nowhere_in_the_database(desk: World) -> None:
    key, text = asking.made(cast.COLLECTOR)
    secret = text.split("_", 2)[2]
    stored = json.dumps(list(ApiKey.objects.values()), default=str) + "".join(
        AuditRow.objects.values_list("data", flat=True)
    )
    assert secret not in stored
    assert key.prefix in text


# Questions to the database: what a page of rows costs does not grow with its rows.
QUERIES = {
    "/cases?limit=20": 9, "/accounts?limit=20": 9, "/promises": 9, "/plans": 9, "/outcomes": 8,
    "/cases/{case_id}": 9, "/cases/{case_id}/statement": 13, "/cases/{case_id}/contacts": 10,
    "/cases/{case_id}/decisions": 10, "/decisions/{decision_id}": 9,
}  # fmt: skip


def test_an_answer_asks_the_database_a_fixed_number_of_questions(desk: World) -> None:
    numbers = rows(cast.COLLECTOR)
    asker = asking.program(cast.COLLECTOR)
    found = {}
    for path in QUERIES:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            asker.get(path.format(**numbers))
        found[path] = len(asked)
    assert found == QUERIES
