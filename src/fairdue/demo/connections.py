"""A key that waits for compliance and an endpoint for events, as an operator would make them."""

from __future__ import annotations

from datetime import timedelta

from fairdue.core.codes import Role
from fairdue.store import clock
from fairdue.store.actions import keys, webhooks
from fairdue.store.models import ApiKey, Organisation, User

DAYS = 180
TYPES = ("payment.received", "promise.judged")


def make(lender: Organisation) -> None:
    """Once: the demo's second run finds them."""
    operator = User.objects.filter(organisation=lender, role=Role.OPERATOR).first()
    if operator is None or ApiKey.objects.filter(organisation=lender).exists():
        return
    until = clock.business_date(clock.now_minute(), lender.zone) + timedelta(days=DAYS)
    keys.ask(operator, keys.Wanted("reporting", ["cases:read", "promises:read"], until, role=Role.COMPLIANCE))
    webhooks.add(operator.username, lender, "https://crm.example.com/hooks/fairdue", TYPES, "CRM")
