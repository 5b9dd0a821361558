"""A way in to the customers' own site for whoever tries the demo: one invitation, and what its holder knows."""

from __future__ import annotations

import click
from django.conf import settings
from django.db import transaction

from fairdue.store.actions import invitations, setup
from fairdue.store.models import Case
from fairdue.store.seal import sealer


def greet() -> None:
    """Print a fresh link for the case of the demo's list that comes first, with the facts that are asked for."""
    case = (
        Case.objects.filter(owner__username="lin", closed_on=None, work__position__gt=0)
        .order_by("work__position")
        .first()
    )
    if case is None:
        return
    person, point = case.customer, case.customer.points.order_by("pk").first()
    if point is None or not person.id_sealed:
        return
    setup.add_number("demo", case.lender, "400-000-0000", "演示客服热线", "Demo service line")
    with transaction.atomic():
        made = invitations.make("demo", case)
    document, phone = (sealer().open(bytes(sealed)) for sealed in (person.id_sealed, point.value_sealed))
    click.echo(f"\n  客户服务 / customer site: {settings.SITE_ADDRESS}/i/{made.link}/")
    click.echo(
        f"  证件后 6 位 / last 6 of the document: {document[-6:]}   手机后 4 位 / last 4 of the phone: {phone[-4:]}"
    )
