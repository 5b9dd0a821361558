"""The moment a payment becomes known: lists let the case go, reservations run out, and the agency that holds it is told."""

from __future__ import annotations

from fairdue.store import audit, clock
from fairdue.store.actions import track_work
from fairdue.store.models import Account, Case, PaymentKnown


def mark(actor: str, account: Account, amount: int, ref: str) -> None:
    """Inside the caller's transaction, which holds the person; a negative amount is a payment that was taken back."""
    case = Case.objects.filter(customer=account.customer_id, closed_on=None).select_related("placed_with").first()
    told = case.placed_with if case else None
    PaymentKnown.objects.create(
        lender_id=account.lender_id, customer_id=account.customer_id, account=account, amount=amount, ref=ref[:120],
        known_at=clock.wall(), told=told,
    )  # fmt: skip
    if case is None:
        return
    if amount > 0:
        track_work.take_off(case, clock.now_minute())
    if told is not None:
        audit.write(actor, "agency.told", "case", case.pk, agency=told.code, amount=amount)
