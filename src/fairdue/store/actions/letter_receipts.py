"""What becomes of a letter that went by e-mail: dispatched when it left, delivered as the law has it, returned by a bounce.

Where the person agreed to have letters at this address, it is delivered when it reached it; where nobody agreed, when it was read
(Civil Code of the PRC, art. 137). A receipt that proves neither is kept, and nothing follows from it.
"""

from __future__ import annotations

from fairdue.store import clock
from fairdue.store import letters as known
from fairdue.store.actions import letter_faults as faults
from fairdue.store.actions import letter_post
from fairdue.store.actions import letters as writing
from fairdue.store.actions.letter_post import Step
from fairdue.store.models import DeliveryConsent, Letter, Message

ON_ITS_WAY = (Letter.ISSUED, Letter.DISPATCHED)


def stands(message: Message) -> bool:
    """Whether the letter that goes with a message may still leave: issued, not withdrawn, its figures those of its day."""
    letter = message.letter
    if letter is None:
        return True
    if letter.state != Letter.ISSUED:
        return False
    try:
        writing.check_fresh(letter, known.facts_of(letter))
    except faults.Stale:
        return False
    return True


def left(message: Message) -> None:
    """It has left: dispatched, and its contact is the message's. Under the lock, like what follows."""
    letter = message.letter
    if letter is None or letter.state not in ON_ITS_WAY:
        return
    letter.attempt = message.attempt
    letter.save(update_fields=["attempt"])
    _take(message, letter, Letter.DISPATCHED, "")


def arrived(message: Message, *, read: bool) -> None:
    """A receipt came: it is delivered where the law lets the receipt prove that."""
    letter = message.letter
    if letter is None or letter.state not in ON_ITS_WAY:
        return
    if message.state in Message.GONE and letter.state == Letter.ISSUED:
        left(message)
    agreed = DeliveryConsent.objects.filter(point=message.point_id, ended_on=None).exists()
    if read or (agreed and message.state == Message.DELIVERED):
        _take(
            message, letter, Letter.DELIVERED, "read receipt" if read else "delivery receipt, delivery by e-mail agreed"
        )


def came_back(message: Message, code: str) -> None:
    """It bounced: somebody looks for another way to deliver it."""
    letter = message.letter
    if letter is not None and letter.state in ON_ITS_WAY:
        _take(message, letter, Letter.RETURNED, code)


def _take(message: Message, letter: Letter, step: str, note: str) -> None:
    on = clock.business_date(clock.now_minute(), letter.lender.zone)
    letter_post.take(message.sender, letter, Step(step, on, note, f"outbox {message.pk}"), None)
