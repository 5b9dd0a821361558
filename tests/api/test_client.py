"""The client is what the document says, and speaks every operation with a server that is really there."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import make_client
import pytest
from fairdue_client import Client, Problem, models

import api_rows
import asking
import books
import cast
from browsing import free_port, wait_for
from fairdue.core.codes import Role
from fairdue.rules import situations
from fairdue.web.api.operations import OPERATIONS
from fairdue.web.api.routes import offers
from worlds import World, Worlds, opened

C, P, F, OFFICER = (Role.COLLECTOR, Role.OPERATOR, Role.FINANCE, Role.COMPLIANCE)


@pytest.mark.parametrize("name", ["models.py", "api.py"])
def test_the_client_is_what_the_document_says(name: str) -> None:
    stored = (make_client.FOLDER / name).read_text("utf-8")
    assert stored == make_client.made()[name], "run: python tools/make_client.py"


@pytest.fixture
def served(worlds: Worlds) -> Iterator[tuple[World, str]]:
    """A served world with rows to ask for."""
    with opened(worlds, "sqlite", cast.engage) as world:
        port = free_port()
        process = world.start("fairdue.cli", "serve", "--port", str(port))
        try:
            wait_for(port)
            yield world, f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=20)


def calls(of: Client, n: dict[str, int], book: Path) -> dict[str, Callable[[], Any]]:
    """Every operation, and something to say with it."""
    return {
        "check_guard": lambda: of.check_guard(dict(situations.EXAMPLE)),
        "check_wording": lambda: of.check_wording({"text": "您好"}),
        "check_offers": lambda: of.check_offers(dict(offers.EXAMPLE)),
        "list_cases": lambda: list(of.iter_list_cases()),
        "get_case": lambda: of.get_case(n["case_id"]),
        "get_case_statement": lambda: of.get_case_statement(n["case_id"]),
        "list_accounts": lambda: list(of.iter_list_accounts()),
        "get_account": lambda: of.get_account(n["account_id"]),
        "get_account_statement": lambda: of.get_account_statement(n["account_id"]),
        "list_possible_contacts": lambda: of.list_possible_contacts(n["case_id"]),
        "list_contacts": lambda: list(of.iter_list_contacts(n["case_id"])),
        "reserve_contact": lambda: of.reserve_contact(n["case_id"], models.ReserveIn(channel="CALL")),
        "get_contact": lambda: of.get_contact(n["contact_id"]),
        "record_outcome": lambda: of.record_outcome(n["contact_id"], models.OutcomeIn(outcome="NA")),
        "release_contact": lambda: of.release_contact(n["contact_id"]),
        "list_outcomes": of.list_outcomes,
        "list_decisions": lambda: list(of.iter_list_decisions(n["case_id"])),
        "get_decision": lambda: of.get_decision(n["decision_id"]),
        "list_promises": lambda: list(of.iter_list_promises()),
        "get_promise": lambda: of.get_promise(n["promise_id"]),
        "list_offers": lambda: of.list_offers(n["case_id"]),
        "say_means": lambda: of.say_means(n["case_id"], models.MeansIn(adults=2)),
        "list_plans": lambda: list(of.iter_list_plans()),
        "propose_plan": lambda: of.propose_plan(
            n["case_id"], models.ProposeIn(account=n["account_id"], code="NONE", months=3)
        ),
        "get_plan": lambda: of.get_plan(n["plan_id"]),
        "accept_plan": lambda: of.accept_plan(n["plan_id"], models.AcceptIn(how="SIGNED", words="yes")),
        "cancel_plan": lambda: of.cancel_plan(n["plan_id"], models.CancelIn(reason="changed his mind")),
        "get_agreement": lambda: of.get_agreement(n["plan_id"], language="en"),
        "list_events": lambda: list(of.iter_list_events()),
        "receive_payment": lambda: of.receive_payment(
            models.PaymentIn(reference="BANK-77", amount=7, currency="CNY", paid_on=books.AS_OF)
        ),
        "reverse_payment": lambda: of.reverse_payment(
            n["payment_id"], models.ReversalIn(on=books.AS_OF, reason="charged back")
        ),
        "list_payments": lambda: list(of.iter_list_payments()),
        "get_payment": lambda: of.get_payment(n["payment_id"]),
        "list_certificates": lambda: list(of.iter_list_certificates()),
        "get_certificate": lambda: of.get_certificate(n["certificate_id"]),
        "get_certificate_pdf": lambda: of.get_certificate_pdf(n["certificate_id"]),
        "list_placements": lambda: list(of.iter_list_placements()),
        "send_book": lambda: of.send_book(
            kind="book", mapping="canonical-book", as_of=books.AS_OF, file=("sent.csv", book.read_bytes())
        ),
        "list_books": lambda: list(of.iter_list_books()),
        "get_book": lambda: of.get_book(n["book_id"]),
        "get_rejects": lambda: of.get_rejects(n["book_id"]),
        "list_messages": lambda: list(of.iter_list_messages(n["case_id"])),
        "get_message": lambda: of.get_message(n["message_id"]),
        "list_letters": lambda: list(of.iter_list_letters(n["case_id"])),
        "get_letter": lambda: of.get_letter(n["letter_id"]),
        "get_letter_pdf": lambda: of.get_letter_pdf(n["letter_id"]),
        "recall_cases": lambda: of.recall_cases(models.RecallIn(cases=[n["case_id"]], reason="a complaint")),
        "place_cases": lambda: of.place_cases(
            models.PlaceIn(agency="agency", cases=[n["case_id"]], told_on=books.AS_OF, reason="the rule of the month")
        ),
        "make_dialler_list": lambda: of.make_dialler_list(models.ListIn(name="morning", limit=5)),
        "report_dialled": lambda: of.report_dialled(
            n["contact_id"], models.ResultIn(at=datetime(2026, 9, 30, 2, tzinfo=UTC), outcome="NA")
        ),
    }  # fmt: skip


SAID_NO = {
    "reserve_contact": "contact.quiet", "release_contact": "contact.not-reserved", "propose_plan": "plan.not-offered",
    "accept_plan": "plan.not-open",
    "report_dialled": "dialler.no-line",  # the contact of the book is a collector's
    "get_certificate_pdf": "api.not-there",  # the payment was reversed above, and a void certificate has no paper
}  # fmt: skip


def test_every_operation_is_spoken_with_a_server(served: tuple[World, str], tmp_path: Path) -> None:
    _, address = served
    numbers = api_rows.rows(cast.COLLECTOR)
    numbers["decision_id"] = numbers["decision_id"] or 1
    book = books.write(tmp_path / "b.csv", books.rows(3))
    spoken, refused = set(), {}
    lines = {
        role: Client(address, asking.key_for(name))
        for name, role in asking.ROLE_OF.items()
        if role in (C, P, F, OFFICER)
    }
    for name in calls(lines[C], numbers, book):
        role = next(r for r in (C, P, F, OFFICER) if r in OPERATIONS[name].roles)
        try:
            found = calls(lines[role], numbers, book)[name]()
        except Problem as said:
            refused[name] = said.code
        else:
            assert found is not None, name
        spoken.add(name)
    sent = next(one for one in lines[P].iter_list_books() if one.file == "sent.csv")
    until = time.monotonic() + 60
    while (seen := lines[P].get_book(sent.id)).state not in ("LOADED", "FAILED") and time.monotonic() < until:
        time.sleep(0.3)
    for line in lines.values():
        line.close()
    assert spoken == set(OPERATIONS)
    assert refused == SAID_NO
    assert (seen.state, seen.batch and seen.batch.rows_loaded) == ("LOADED", 3), seen


def test_a_broken_line_and_too_many_requests_are_met_with_the_same_key_again() -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Idempotency-Key"])
        if len(seen) == 1:
            raise httpx.ConnectError("gone")
        if len(seen) == 2:
            return httpx.Response(429, headers={"Retry-After": "0"}, json={})
        return httpx.Response(201, json={"id": 1, "case": 2, "on": "2026-09-30"})

    with Client("http://x", "fdk_a_b", transport=httpx.MockTransport(answer)) as of:
        made = of.say_means(2, models.MeansIn(adults=2))
    assert (made.on.isoformat(), len(seen), len(set(seen))) == ("2026-09-30", 3, 1)
