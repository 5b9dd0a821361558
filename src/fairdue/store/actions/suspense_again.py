"""Money that waits is looked at again when something new may be known, and assigned by a person."""

from __future__ import annotations

from django.db import transaction

from fairdue.store import audit, matching
from fairdue.store.actions import payments, suspense
from fairdue.store.locks import lock_people
from fairdue.store.matching import Found, Incoming
from fairdue.store.models import Account, KnownPayer, Organisation, PaymentLine, Suspense
from fairdue.store.seal import sealer


def look(actor: str, lender: Organisation) -> dict[str, int]:
    """Match everything that waits anew; how many were booked, and how many still wait."""
    booked = 0
    waiting = list(
        Suspense.objects.filter(lender=lender, state=Suspense.OPEN).exclude(reason="OVERPAID").order_by("pk")
    )
    for one in waiting:
        found = matching.find(lender, incoming_of(one.line))
        if found.account is not None:
            booked += assign(actor, one, found)
    return {"booked": booked, "waiting": len(waiting) - booked}


def incoming_of(line: PaymentLine) -> Incoming:
    """What a line said, unsealed."""
    payer, _, account = (sealer().open(bytes(line.payer_sealed)) if line.payer_sealed else "\n").partition("\n")
    return Incoming(line.source, line.amount, line.currency, line.paid_on, ref=line.bank_ref, payer=payer,
                    payer_account=account, virtual_account=line.virtual_account, said=line.said)  # fmt: skip


@transaction.atomic
def assign(actor: str, waiting: Suspense, found: Found) -> bool:
    """Book what waits to whom it was found to belong; False where somebody was faster."""
    lock_people(found.people)
    held = Suspense.objects.select_for_update().filter(pk=waiting.pk, state=Suspense.OPEN).first()
    if held is None or found.account is None or held.line.matches.exists():
        return False
    booked = payments.book(actor, held.line, found)
    suspense.gone(actor, held.line, f"assigned: {found.how}")
    left = held.line.amount - booked
    if left:
        suspense.overpaid(actor, held, left)
    audit.write(actor, "payment.assign", "payment_line", held.line_id, booked=booked, how=found.how)
    return True


def learn(lender: Organisation, line: PaymentLine, account: Account) -> None:
    """The next payment of this payer needs no person, inside the caller's transaction."""
    if not line.payer_index:
        return
    known, new = KnownPayer.objects.get_or_create(
        lender=lender, payer_index=line.payer_index, customer_id=account.customer_id
    )
    if not new:
        KnownPayer.objects.filter(pk=known.pk).update(times=known.times + 1)
