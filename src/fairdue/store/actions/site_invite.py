"""Sends the way in to the customers' own site through the outbox, which asks the guard, the wording check and the quiet first."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from fairdue.core.codes import Channel
from fairdue.store import access
from fairdue.store.access import NotYours
from fairdue.store.actions import invitations, outbox
from fairdue.store.actions.invitations import Made
from fairdue.store.models import Message, User

FRAME = "site-invitation"


def link_of(made: Made) -> str:
    """The address that leads in."""
    return f"{settings.SITE_ADDRESS}/i/{made.link}/"


@transaction.atomic
def send(user: User, case_id: int, point_id: int) -> tuple[Made, Message | outbox.Refusal]:
    """Invite, and send the link to one of the person's own numbers. A refusal leaves the invitation to be read out.

    Raises `NotYours`, `NothingToAsk`, and the faults of a message.
    """
    case = access.get_case(user, case_id)
    point = case.customer.points.filter(pk=point_id).first()
    if point is None:
        raise NotYours
    made = invitations.invite(user, case_id, point)
    told = outbox.queue(
        case=case, point=point, channel=Channel.SMS, frame=FRAME, slots={"link": link_of(made)},
        key=f"{FRAME}-{made.invitation.pk}", actor=user, reason="site",
    )  # fmt: skip
    return made, told
