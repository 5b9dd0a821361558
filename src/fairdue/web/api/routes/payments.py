"""Payments as a bank or a payment service reports them, and the certificates that follow from the last one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Body, Router
from pydantic import Field

from fairdue.core.codes import Role
from fairdue.core.errors import Lang
from fairdue.store import access
from fairdue.store.actions import certificates, payments
from fairdue.store.models import Certificate, PaymentLine
from fairdue.store.pages.casefile import mask_account
from fairdue.web.api.cursors import page_of
from fairdue.web.api.door import call_of
from fairdue.web.api.faults import NotOurCurrency
from fairdue.web.api.operations import operation
from fairdue.web.api.shapes import Cursor, Id, Limit, Money, Page, Shape, moment, money
from fairdue.web.desk.doors import ROLES

router = Router()
FEEDS = frozenset({Role.OPERATOR})  # a feed of a bank; what a person enters goes by maker and checker at the desk
WATCHERS = frozenset({Role.FINANCE, Role.COMPLIANCE, Role.OPERATOR})
Short = Annotated[str, Field(max_length=120)]


class DesignatedIn(Shape):
    """What one debt is to get, as the payer said."""

    account_no: Annotated[str, Field(min_length=1, max_length=80)]
    amount: int = Field(ge=1, le=10**14)


class PaymentIn(Shape):
    """Money that came in."""

    reference: Annotated[str, Field(min_length=4, max_length=120)] = Field(
        description="The bank's own reference: the same money again changes nothing."
    )
    amount: int = Field(ge=1, le=10**14, description="Minor units.")
    currency: str = Field(pattern="^[A-Z]{3}$")
    paid_on: date
    payer: Short = ""
    payer_account: Annotated[str, Field(max_length=40)] = ""
    virtual_account: Annotated[str, Field(max_length=40)] = ""
    text: Annotated[str, Field(max_length=500, description="What the payer wrote.")] = ""
    designated: list[DesignatedIn] = Field(default_factory=list, max_length=50)


class BookedOut(Shape):
    """One part of a payment that was booked to a debt."""

    account: int
    number_masked: str
    amount: Money
    how: str = Field(description="DESIGNATED, REFERENCE, VIRTUAL, NAME, LEARNED, PERSON, or LAW (Civil Code art. 560).")
    score: int


class PaymentOut(Shape):
    """Money that came in, or (negative) was taken back, and where it was booked."""

    id: int
    source: str
    reference: str
    paid_on: date
    amount: Money
    payer_masked: str
    booked: list[BookedOut]
    waiting: Money | None = Field(description="What nobody could book yet: a person says whose it is.")
    reverses: int | None
    reason: str
    known_at: datetime


class ReversalIn(Shape):
    """The bank took the money back."""

    on: date
    reason: Annotated[str, Field(min_length=1, max_length=120)]
    reference: Short = ""


class CertificateOut(Shape):
    """A certificate that a debt is settled (结清证明)."""

    id: int
    account: int
    number_masked: str
    case: int | None
    code: str = Field(description="Anybody who has the certificate can verify it by this code.")
    settled_on: date
    paid: Money
    waived: Money
    issued_at: datetime | None
    void_on: date | None


def payment_out(line: PaymentLine, exponent: int) -> PaymentOut:
    """A payment for a program."""
    booked = [
        BookedOut(account=m.account_id, number_masked=mask_account(m.account.account_no), how=m.how, score=m.score,
                  amount=money(m.amount, line.currency, exponent))
        for m in line.matches.all()
    ]  # fmt: skip
    rest = getattr(line, "suspense", None)
    waiting = rest.amount if rest is not None and rest.state == "OPEN" else None
    return PaymentOut(
        id=line.pk, source=line.source, reference=line.bank_ref, paid_on=line.paid_on,
        amount=money(line.amount, line.currency, exponent), payer_masked=line.payer_masked, booked=booked,
        waiting=None if waiting is None else money(waiting, line.currency, exponent), reverses=line.reverses_id,
        reason=line.reason, known_at=line.known_at,
    )  # fmt: skip


def certificate_out(c: Certificate) -> CertificateOut:
    """A certificate for a program; its account and lender are read already."""
    a = c.account
    return CertificateOut(
        id=c.pk, account=c.account_id, number_masked=mask_account(a.account_no), case=c.case_id, code=c.code,
        settled_on=c.settled_on, paid=money(c.paid, a.currency, a.exponent), waived=money(c.waived, a.currency, a.exponent),
        issued_at=moment(c.issued_at, c.lender.zone), void_on=c.void_on,
    )  # fmt: skip


@operation(router, "POST", "/payments", scope="payments:write", roles=FEEDS, gives=PaymentOut, status=201)
def receive_payment(request: HttpRequest, payment: Body[PaymentIn]) -> PaymentOut:
    """Report money that came in: it is matched, booked, and everything that would still ask for it goes quiet at once.

    The same reference and amount again gives what had become of it. What a person enters by hand goes by maker and checker
    at the desk, not by here.
    """
    user = call_of(request).user
    lender = user.organisation
    if payment.currency != lender.currency:
        raise NotOurCurrency(theirs=payment.currency, ours=lender.currency)
    made = payments.receive(user.username, lender, payments.Incoming(
        source="WEBHOOK", amount=payment.amount, currency=payment.currency, paid_on=payment.paid_on, ref=payment.reference,
        payer=payment.payer, payer_account=payment.payer_account, virtual_account=payment.virtual_account,
        said=payment.text, to=tuple((one.account_no, one.amount) for one in payment.designated),
    ))  # fmt: skip
    return payment_out(access.lines_for(user).get(pk=made.line.pk), lender.exponent)


@operation(router, "GET", "/payments", scope="payments:read", roles=WATCHERS, gives=Page[PaymentOut])
def list_payments(request: HttpRequest, cursor: Cursor = None, limit: Limit = 50) -> Page[PaymentOut]:
    """List the payments of the key's lender, from whatever source."""
    user = call_of(request).user
    found, after = page_of(access.lines_for(user), "payments", cursor, limit)
    return Page[PaymentOut](items=[payment_out(one, user.organisation.exponent) for one in found], next=after)


@operation(router, "GET", "/payments/{payment_id}", scope="payments:read", roles=WATCHERS, gives=PaymentOut)
def get_payment(request: HttpRequest, payment_id: Id) -> PaymentOut:
    """One payment and where it was booked."""
    user = call_of(request).user
    found = access.lines_for(user).filter(pk=payment_id).first()
    if found is None:
        raise access.NotYours
    return payment_out(found, user.organisation.exponent)


@operation(router, "POST", "/payments/{payment_id}/reversal", scope="payments:write", roles=FEEDS, gives=PaymentOut,
           status=201)  # fmt: skip
def reverse_payment(request: HttpRequest, payment_id: Id, reversal: Body[ReversalIn]) -> PaymentOut:
    """Report that the bank took a payment back: what it had closed opens again. Twice changes nothing."""
    user = call_of(request).user
    line = access.lines_for(user).filter(pk=payment_id, reverses=None).first()
    if line is None:
        raise access.NotYours
    back = payments.take_back(user.username, line, reversal.on, reversal.reason, ref=reversal.reference)
    return payment_out(access.lines_for(user).get(pk=back.pk), user.organisation.exponent)


@operation(
    router, "GET", "/certificates", scope="certificates:read", roles=ROLES["statement"], gives=Page[CertificateOut]
)
def list_certificates(request: HttpRequest, cursor: Cursor = None, limit: Limit = 50) -> Page[CertificateOut]:
    """List the certificates of debts that are settled."""
    found, after = page_of(access.certificates_for(call_of(request).user), "certificates", cursor, limit)
    return Page[CertificateOut](items=[certificate_out(one) for one in found], next=after)


@operation(router, "GET", "/certificates/{certificate_id}", scope="certificates:read", roles=ROLES["statement"],
           gives=CertificateOut)  # fmt: skip
def get_certificate(request: HttpRequest, certificate_id: Id) -> CertificateOut:
    """One certificate."""
    found = access.certificates_for(call_of(request).user).filter(pk=certificate_id).first()
    if found is None:
        raise access.NotYours
    return certificate_out(found)


@operation(router, "GET", "/certificates/{certificate_id}/pdf", scope="certificates:read", roles=ROLES["statement"],
           gives=None, media_type="application/pdf")  # fmt: skip
def get_certificate_pdf(request: HttpRequest, certificate_id: Id, language: Literal["zh", "en"] = "zh") -> HttpResponse:
    """The certificate as it was issued, as PDF. A void one has no paper."""
    chosen: Lang = language
    return HttpResponse(
        certificates.paper(call_of(request).user, certificate_id, chosen), content_type="application/pdf"
    )
