"""Messages of payment services: believed only when signed and fresh, booked once; money by hand needs two people."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db.models import Count
from django.test import Client

import books
from books import AS_OF, minute
from fairdue.core.codes import Role
from fairdue.jobs import night
from fairdue.store import clock, vault
from fairdue.store.actions import approvals, certificates, ledger, payment_asks, payments
from fairdue.store.models import (
    Account,
    Approval,
    Case,
    Certificate,
    KnownPayer,
    Organisation,
    PaymentLine,
    Suspense,
    User,
)
from worlds import World, Worlds, opened

SECRET = "whsec_0123456789"


@pytest.fixture
def world(worlds: Worlds) -> Iterator[World]:
    with opened(worlds, "sqlite") as made:
        books.load(books.bank(owns_ledger=False), books.write(settings.HOME / "book.csv", books.rows(12)))
        night.run_night(lender(), AS_OF)
        clock.set_demo(minute(AS_OF, "10:00"))
        for name in ("fin1", "fin2"):
            books.hire(name, Role.FINANCE, lender())
        yield made


def lender() -> Organisation:
    return Organisation.objects.get(is_lender=True)


def fin(number: int) -> User:
    return User.objects.get(username=f"fin{number}")


def debt() -> Account:
    alone = Account.objects.annotate(n=Count("customer__accounts")).filter(n=1)
    return max(alone, key=owed)


def owed(account: Account) -> int:
    return int(ledger.balances(account, AS_OF).sum())


def generic(body: bytes, *, at: int | None = None, secret: str = SECRET) -> dict[str, str]:
    moment, number = str(at or int(clock.wall().timestamp())), "msg_1"
    mac = hmac.new(secret.encode(), f"{number}.{moment}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": number,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


def stripe(body: bytes) -> dict[str, str]:
    moment = str(int(clock.wall().timestamp()))
    return {
        "stripe-signature": f"t={moment},v1={hmac.new(SECRET.encode(), f'{moment}.'.encode() + body, hashlib.sha256).hexdigest()}"
    }


def send(body: bytes, headers: dict[str, str], code: str = "bank") -> int:
    answer = Client().post(f"/hooks/payments/{code}/", body, content_type="application/json", headers=headers)
    return int(answer.status_code)


def message(**more: Any) -> bytes:
    said = {"ref": "W1", "amount": 5_000, "currency": "CNY", "paid_on": str(AS_OF), "account_no": debt().account_no}
    return json.dumps(said | more).encode()


def test_a_signed_message_is_booked_once_and_taken_back_once(world: World, settings: Any) -> None:
    settings.PAYMENT_HOOKS = {"bank": SECRET}
    before = owed(debt())
    account, body = debt(), message()
    assert [send(body, generic(body)) for _ in range(2)] == [200, 200]
    assert owed(account) == before - 5_000
    back = json.dumps({"event": "reversed", "ref": "W1", "paid_on": str(AS_OF), "reason": "chargeback"}).encode()
    assert [send(back, generic(back)) for _ in range(2)] == [200, 200]
    assert owed(account) == before
    assert PaymentLine.objects.count() == 2


def test_forged_stale_or_unknown_messages_change_nothing(world: World, settings: Any) -> None:
    settings.PAYMENT_HOOKS = {"bank": SECRET}
    body, now = message(), int(clock.wall().timestamp())
    assert send(body, generic(body, secret="other")) == 401
    assert send(body + b" ", generic(body)) == 401
    assert send(body, generic(body, at=now - 301)) == 401
    assert send(body, generic(body, at=now + 330)) == 401
    assert send(body, {}) == 401
    assert send(body, {"stripe-signature": "t=x,v1=y"}) == 401
    assert send(body, generic(body), code="nobody") == 404
    for wrong in (b"[]", b"{", message(amount="5"), message(amount=-5), message(paid_on="soon"), message(ref="")):
        assert send(wrong, generic(wrong)) == 422
    settings.PAYMENT_HOOKS = {}
    assert send(body, generic(body)) == 404
    assert not PaymentLine.objects.exists()


def test_a_message_signed_the_way_of_stripe_is_booked(world: World, settings: Any) -> None:
    settings.PAYMENT_HOOKS = {"bank": SECRET}
    account = debt()
    thing = {"id": "pi_1", "amount_received": 700, "currency": "cny", "metadata": {"account_no": account.account_no}}
    made = minute(AS_OF, "09:00") * 60
    for kind, object_ in (("payment_intent.succeeded", thing), ("charge.updated", thing),
                          ("charge.refunded", {"id": "ch_1", "payment_intent": "pi_1"})):  # fmt: skip
        body = json.dumps({"type": kind, "created": made, "data": {"object": object_}}).encode()
        assert send(body, stripe(body)) == 200
    assert [line.amount for line in PaymentLine.objects.order_by("pk")] == [700, -700]


def decided(*, by: int = 2, grant: bool = True) -> None:
    asked = Approval.objects.filter(kind="payment").latest("pk")
    approvals.decide(fin(by), asked.pk, grant=grant, reason="" if grant else "no")


def test_a_payment_by_hand_needs_two_people(world: World) -> None:
    account, before = debt(), owed(debt())
    payment_asks.enter(fin(1), account.account_no, 900, AS_OF, "slip 7", "cash at the counter")
    assert owed(account) == before
    with pytest.raises(approvals.OwnRequest):
        decided(by=1)
    decided()
    assert owed(account) == before - 900
    line = PaymentLine.objects.get()
    payment_asks.reverse(fin(2), line.pk, "counted twice")
    with pytest.raises(payment_asks.AskedAlready):
        payment_asks.reverse(fin(1), line.pk, "counted twice")
    decided(by=1)
    assert owed(account) == before


def test_what_a_person_assigned_once_is_known_the_next_time(world: World) -> None:
    account = debt()
    told: dict[str, Any] = {"payer": "某友人", "payer_account": "62220001"}
    first = payments.receive("bank", lender(), payments.Incoming("STATEMENT", 300, "CNY", AS_OF, "A1", **told))
    payment_asks.assign(fin(1), first.line.suspense.pk, account.account_no, "the borrower's brother, by phone")
    decided()
    assert not Suspense.objects.filter(state="OPEN").exists()
    assert KnownPayer.objects.get().customer_id == account.customer_id
    again = payments.receive("bank", lender(), payments.Incoming("STATEMENT", 300, "CNY", AS_OF, "A2", **told))
    assert (again.booked, again.line.matches.get().how) == (300, "LEARNED")


def test_too_much_goes_back_and_a_refusal_leaves_it(world: World) -> None:
    account = debt()
    got = payments.receive("bank", lender(), payments.Incoming("AGENCY", owed(account) + 50, "CNY", AS_OF, "A1",
                                                               to=((account.account_no, owed(account) + 50),)))  # fmt: skip
    waiting = got.line.suspense
    payment_asks.refund(fin(1), waiting.pk, "paid too much")
    decided(grant=False)
    waiting.refresh_from_db()
    assert waiting.state == "OPEN"
    payment_asks.refund(fin(1), waiting.pk, "paid too much")
    decided()
    waiting.refresh_from_db()
    assert (waiting.state, PaymentLine.objects.filter(source="REFUND").get().amount) == ("DONE", -got.left)


def test_a_certificate_is_checked_by_its_code_and_names_nobody(world: World, settings: Any, tmp_path: Any) -> None:
    settings.VAULT_FOLDER = str(tmp_path)
    case = next(c for c in Case.objects.filter(closed_on=None) if c.customer.accounts.count() == 1)
    account = case.customer.accounts.get()
    told = payments.Incoming("AGENCY", owed(account), "CNY", AS_OF, "A1", to=((account.account_no, owed(account)),))
    payments.receive("bank", lender(), told)
    row = Certificate.objects.get()
    page = Client().get(f"/certificate/{row.code}/").content.decode()
    assert "*" in page
    assert account.account_no not in page
    assert case.customer.ref not in page
    assert Client().get("/certificate/" + "x" * 24 + "/").status_code == 404
    for lang in ("zh", "en"):
        first = certificates.paper(fin(1), row.pk, lang)
        assert first.startswith(b"%PDF")
        assert certificates.paper(fin(1), row.pk, lang) == first
    row.refresh_from_db()
    assert row.file_zh is not None
    assert vault.read(row.file_zh).startswith(b"%PDF")
