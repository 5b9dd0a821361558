"""Who may be given cases."""

from __future__ import annotations

from fairdue.core.codes import Role
from fairdue.steps.assign import Worker
from fairdue.store.models import User


def roster(lender_id: int) -> list[Worker]:
    """The lender's own collectors that are active."""
    found = User.objects.filter(organisation_id=lender_id, role=Role.COLLECTOR, is_active=True)
    return [Worker(user.pk, certified=user.certified is True) for user in found]
