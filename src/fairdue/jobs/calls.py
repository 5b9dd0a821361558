"""Carries one call out, in a process of its own: it goes on when the desk is started anew, and a dead one is found."""

from __future__ import annotations

import time

from fairdue.connectors.sip import Ended, Ends, click_to_dial
from fairdue.store.actions import calls
from fairdue.store.models import PhoneCall

BEAT = 1.0  # seconds between two signs of life


class _Beat:
    """Asks the database once a second whether the call is to go on, however often it is asked itself."""

    def __init__(self, call_id: int) -> None:
        self.call_id, self.next, self.on = call_id, 0.0, True

    def __call__(self) -> bool:
        if self.on and (now := time.monotonic()) >= self.next:
            self.on, self.next = calls.beat(self.call_id), now + BEAT
        return self.on


def carry_out(call_id: int) -> PhoneCall:
    """Take the call and carry it out to its end; one that is taken, too old or no longer allowed is left as it is."""
    if not calls.begin(call_id):
        return PhoneCall.objects.get(pk=call_id)
    call = PhoneCall.objects.select_related("attempt__operator__organisation").get(pk=call_id)
    user = call.attempt.operator
    phone = calls.telephone(user) if user else None
    if phone is None:
        return calls.finish(call_id, Ended(Ends.DESK_FAILED))
    ended = click_to_dial(
        phone[0],
        call.extension,
        lambda: calls.number(call_id),
        lambda moment: calls.tell(call_id, moment),
        _Beat(call_id),
    )
    return calls.finish(call_id, ended)
