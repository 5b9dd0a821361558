"""Rows of the cast that programs ask for, and every operation asked about them."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

import asking
import cast
import planning
from fairdue.rules import situations
from fairdue.store import vault
from fairdue.store.actions import contacts, payments, uploads
from fairdue.store.models import Attempt, BookUpload, Case, Certificate, Letter, Message, Promise, User
from fairdue.store.seal import sealer
from fairdue.web.api.operations import OPERATIONS
from fairdue.web.api.routes import offers

BODIES: dict[str, Any] = {
    "check_guard": situations.EXAMPLE, "check_wording": {"text": "您好"}, "check_offers": offers.EXAMPLE,
    "reserve_contact": {"channel": "CALL"}, "record_outcome": {"outcome": "NA"}, "say_means": {},
    "propose_plan": {"account": 1, "code": "NONE", "months": 3}, "accept_plan": {"how": "SIGNED", "words": "yes"},
    "receive_payment": {"reference": "BANK-9", "amount": 5, "currency": "CNY", "paid_on": "2026-09-30"},
    "reverse_payment": {"on": "2026-09-30", "reason": "charged back"}, "cancel_plan": {"reason": "changed his mind"},
    "make_dialler_list": {"name": "morning", "limit": 2}, "report_dialled": {"at": "2026-09-30T10:05:00+08:00", "outcome": "NA"},
    "place_cases": {"agency": "agency", "cases": [1], "reason": "the rule of the month"},
    "recall_cases": {"cases": [1], "reason": "a complaint"},
}  # fmt: skip


def rows(worked_by: str) -> dict[str, int]:
    """The numbers of rows about a case of somebody's: a case, an account, a contact, a promise, a plan, a file."""
    plan = planning.proposed(worked_by)
    case = plan.case
    case.placed_with = cast.user(cast.AGENCY).organisation
    case.save()
    mine = cast.user(worked_by)
    contact = Attempt.objects.filter(operator=mine).first()
    if contact is None:
        called = cast.case_of(worked_by)
        called.placed_with = case.placed_with
        called.save()
        held = contacts.reserve(mine, called.pk, contacts.Proposed(0, called.customer.points.get().pk))
        assert isinstance(held, contacts.Reservation)
        contact = Attempt.objects.get(pk=held.attempt_id)
    promise = case.promises.first() or Promise.objects.create(
        case=case, made_on=case.opened_on, amount=100, due_on=case.opened_on
    )
    file = BookUpload.objects.first()
    if file is None:
        said = uploads.Sent("book", "canonical", "b.csv", 1, "0" * 64, None, None, None)
        with transaction.atomic():
            file = uploads.take(cast.user(cast.OPERATOR), said)
    payment = payments.receive("test", case.lender, payments.Incoming(
        "WEBHOOK", 100, case.lender.currency, case.opened_on, "BANK-0001", to=((plan.account.account_no, 100),)
    )).line  # fmt: skip
    certificate, _ = Certificate.objects.get_or_create(account=plan.account, defaults={
        "lender": case.lender, "case": case, "code": "x", "settled_on": case.opened_on, "paid": 1, "issued_at": 0,
    })  # fmt: skip
    return {
        "case_id": case.pk, "account_id": plan.account_id, "contact_id": contact.pk, "promise_id": promise.pk,
        "plan_id": plan.pk, "decision_id": case.decision_id or 0, "book_id": file.pk, "payment_id": payment.pk,
        "line_id": contact.pk,
        "certificate_id": certificate.pk, "message_id": _message(case, mine).pk, "letter_id": _letter(case, mine).pk,
    }  # fmt: skip


def _message(case: Case, by: User) -> Message:
    found, _ = Message.objects.get_or_create(key="api", defaults={
        "lender": case.lender, "case": case, "person": case.customer, "party": 0, "channel": 1, "purpose": 0, "actor": by,
        "frame": "overdue-reminder", "lang": "zh", "sender": "demo-phone", "provider_key": "api", "queued_at": 0,
        "not_before": 0, "expires_at": 0, "text_sealed": sealer().seal("您好"),
    })  # fmt: skip
    return found


def _letter(case: Case, by: User) -> Letter:
    found = Letter.objects.filter(number="API-1").first()
    if found is not None:
        return found
    kept = vault.keep(b"%PDF-1.7", name="a.pdf", media_type="application/pdf", kind="letter", keep_until=None, actor="t",
                      lender=case.lender, person=case.customer)  # fmt: skip
    return Letter.objects.create(
        case=case, lender=case.lender, person=case.customer, kind="DEMAND", revision="x", lang="zh", as_of=case.opened_on,
        total=1, state="ISSUED", number="API-1", file=kept, sha256=kept.sha256, pages=1, written_by=by, written_at=0, party=0,
    )  # fmt: skip


def call(asker: asking.Program, name: str, numbers: dict[str, int]) -> Any:
    """Carry out an operation about those rows."""
    declared = OPERATIONS[name]
    path = declared.path.format(**numbers)
    if name == "send_book":
        said = {"kind": "book", "mapping": "canonical-book", "file": SimpleUploadedFile("b.csv", b"a,b\n1,2\n")}
        return asker.client.post(f"/api/v1{path}", said, headers=asker.headers | {"Idempotency-Key": uuid.uuid4().hex})
    body = BODIES.get(name)
    if name == "propose_plan":
        body = BODIES[name] | {"account": numbers["account_id"]}
    return asker.send(declared.method, path, body)
