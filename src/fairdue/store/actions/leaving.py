"""A message leaves: judged once more under the lock, marked before the provider is called, settled by what it said.

What was lawful when it was written may not be so now. What was marked and not settled is never sent again blindly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from fairdue.connectors import Enclosed, Fate, Outgoing, Receipt
from fairdue.connectors.configured import Sender
from fairdue.core.codes import Channel, PointStatus, Role
from fairdue.core.errors import Lang
from fairdue.rules.frames import MissingFact
from fairdue.rules.outcomes import load_outcomes
from fairdue.store import access, audit, clock, decide, reminded, vault
from fairdue.store import message_words as wording
from fairdue.store.actions import attempts, letter_receipts, outbox, tasks
from fairdue.store.actions.outbox import ReasonNeeded, TooLate
from fairdue.store.models import Attempt, Message, MessageEvent, Pace, Point, User
from fairdue.store.seal import sealer
from fairdue.store.silence import why_silent
from fairdue.wording.finding import Verdict

SENT = {Channel.SMS: "SMS_SENT", Channel.EMAIL: "EMAIL_SENT", Channel.IM: "IM_SENT", Channel.APP: "APP_SENT"}
NOT_SENT = {Channel.SMS: "SMS_FAILED", Channel.EMAIL: "EMAIL_BOUNCED"}
# Read on a locked screen by whoever stands beside it: it names nothing of a debt.
SUBJECT: dict[Lang, str] = {"zh": "{lender}客户服务通知", "en": "A message from {lender}"}
LEASE_SECONDS = 300  # far longer than any connector waits for an answer
AT_ONCE = 50
MINUTE_MS = 60_000


def due(senders: list[str], skip: set[int]) -> list[int]:
    """Messages whose time has come, oldest first; some of them may be gone when they are looked at."""
    waiting = Message.objects.filter(state=Message.QUEUED, not_before__lte=clock.now_minute(), sender__in=senders)
    return list(waiting.exclude(pk__in=skip).order_by("not_before", "pk").values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def may_pass(sender: Sender) -> bool:
    """Take the sender's next place in its pace; False where it is not its time yet."""
    now = int(clock.wall().timestamp() * 1000)
    Pace.objects.get_or_create(sender=sender.code)
    pace = Pace.objects.select_for_update().get(sender=sender.code)
    if pace.next_at > now:
        return False
    pace.next_at = max(now, pace.next_at) + MINUTE_MS // sender.per_minute
    pace.save(update_fields=["next_at"])
    return True


@transaction.atomic
def begin(message_id: int, *, lease: int = LEASE_SECONDS) -> Outgoing | None:
    """Judge the message as of now; where it may leave, mark it and say what is to be handed over. None: it stays."""
    message = outbox.locked(Message.objects.select_related("case").get(pk=message_id))
    if message.state != Message.QUEUED or message.not_before > clock.now_minute():
        return None
    now = _as_of_now(message)
    if not _may_leave(message, now) or not _guard_allows(message, now.text):
        return None
    message.state, message.why = Message.LEAVING, ""
    message.lease_until = int(clock.wall().timestamp()) + lease
    message.text_sealed = sealer().seal(now.text)
    message.tries += 1
    message.save()
    audit.write("worker", "message.leave", "message", message.pk, case=message.case_id, sha256=outbox.sha256(now.text),
                attempt=message.attempt_id)  # fmt: skip
    return outgoing(message, now.text)


@dataclass(frozen=True)
class Now:
    """What is to become of a message by what is known now: it may leave with `text`, must be looked at, or ends."""

    text: str = ""
    ends: str = ""
    why: str = ""
    look: bool = False


def _as_of_now(message: Message) -> Now:
    if message.expires_at <= clock.now_minute():
        return Now(ends=Message.EXPIRED, why="TOO_OLD")
    why = _nothing_to_say(message)
    if why:
        return Now(ends=Message.STOPPED, why=why)
    words = outbox.words_of(message)
    try:
        text = wording.put_together(message.case, message.actor, words)
    except MissingFact:
        return Now(ends=Message.STOPPED, why="FACT_GONE")
    verdict = wording.judged(message.case, message.actor, words, text).verdict
    if verdict is Verdict.BLOCK or not text:
        return Now(ends=Message.STOPPED, why="WORDING")
    released = message.released_sha256 == outbox.sha256(text)
    return Now(text, look=not released and (not message.frame or verdict is Verdict.REVIEW))


def _nothing_to_say(message: Message) -> str:
    """Why it must not leave, or is of no use any more, whatever its words; empty where nothing speaks against it."""
    silent = why_silent(message.case, message.person, message.point, message.channel, message.purpose)
    if silent is not None:
        return silent.code
    over = reminded.refreshed(message)
    if over is not None:
        return over.code
    return "" if letter_receipts.stands(message) else "LETTER_GONE"


def _may_leave(message: Message, now: Now) -> bool:
    """Whether the words may leave; what ends or must be looked at first is moved there."""
    if now.ends:
        outbox.end(message, now.ends, now.why, "worker")
    elif now.look:
        _hold(message, now.text)
    return bool(now.text) and not now.look


def _hold(message: Message, text: str) -> None:
    """The facts made it something that somebody must look at first."""
    if message.attempt is not None and message.attempt.state == Attempt.RESERVED:
        outbox.give_back(message.attempt)
    message.attempt, message.state, message.why = None, Message.HELD, "WORDING"
    message.text_sealed = sealer().seal(text)
    message.save()
    outbox.ask_release(message)
    audit.write("worker", "message.hold", "message", message.pk, case=message.case_id, why="WORDING")


def _guard_allows(message: Message, text: str) -> bool:
    """The verdict over the past as it is now, without the place this message itself holds; refused: later, or never."""
    if message.attempt is not None and message.attempt.state == Attempt.RESERVED:
        outbox.give_back(message.attempt)
    wanted = outbox.contact(message, outbox.way_out(text, wording.senders().by_code(message.sender)))
    now = clock.now_minute()
    decision, attempt = attempts.take(message.actor, decide.about_contact(message.case, wanted, message.actor, now))
    message.decision, message.attempt = decision, attempt
    if attempt is not None:
        return True
    if 0 <= decision.next_lawful < message.expires_at:
        message.not_before, message.why = decision.next_lawful, "GUARD"
        message.save(update_fields=["not_before", "why", "decision", "attempt"])
        return False
    message.save(update_fields=["decision", "attempt"])
    outbox.end(message, Message.STOPPED, "GUARD", "worker")
    return False


def outgoing(message: Message, text: str) -> Outgoing:
    """What the connector is handed."""
    words = outbox.words_of(message)
    values = {**wording.facts(message.case, message.actor, words.lang, words), **words.given}
    lender = message.lender.name_zh if words.lang == "zh" else message.lender.name_en
    address = sealer().open(bytes(message.point.value_sealed)) if message.point else message.person.ref
    template = wording.senders().template(message.sender, message.frame, words.lang) if message.frame else None
    return Outgoing(
        message.provider_key,
        address,
        text,
        words.lang,
        SUBJECT[words.lang].format(lender=lender),
        values,
        template,
        clock.business_date(clock.now_minute(), message.lender.zone).isoformat(),
        _enclosed(message),
    )


def _enclosed(message: Message) -> tuple[Enclosed, ...]:
    """The letter as it was sealed; its name is its number."""
    letter = message.letter
    if letter is None or letter.file is None:
        return ()
    return (Enclosed(f"{letter.number}.pdf", "application/pdf", vault.read(letter.file)),)


def handed_over(message_id: int) -> Outgoing:
    """What the connector was handed, to ask the provider about it."""
    message = Message.objects.select_related("case__lender", "case__customer", "lender", "person", "point", "actor")
    found = message.get(pk=message_id)
    return outgoing(found, outbox.text_of(found))


@transaction.atomic
def settle(message_id: int, receipt: Receipt, by: str) -> Message:
    """What the provider said becomes the state; under the lock. A receipt that comes late still is what happened."""
    message = outbox.locked(Message.objects.select_related("case").get(pk=message_id))
    if message.state not in {Message.LEAVING, Message.UNKNOWN}:
        return message
    steps = {Fate.TAKEN: _left, Fate.REFUSED: _failed, Fate.LATER: _later, Fate.UNCERTAIN: _unknown}
    message.detail = " ".join(part for part in (receipt.code, receipt.detail) if part)[:300]
    message.lease_until = -1
    if message.state == Message.UNKNOWN:
        if receipt.fate is Fate.UNCERTAIN:
            return message
        tasks.end_about(by, "message", message.pk, receipt.fate)
    steps[receipt.fate](message, receipt)
    message.save()
    event(message, message.state, receipt.code, by)
    audit.write(by, f"message.{message.state.lower()}", "message", message.pk, case=message.case_id, code=receipt.code)
    return message


def _left(message: Message, receipt: Receipt) -> None:
    message.state, message.why, message.left_at = Message.LEFT, "", clock.now_minute()
    message.provider_ref, message.parts = receipt.ref[:120], receipt.parts
    message.cost = _cost(message, receipt)
    _count(message, SENT)
    letter_receipts.left(message)


def _cost(message: Message, receipt: Receipt) -> int:
    if receipt.cost is not None:
        return receipt.cost
    sender = wording.senders().by_code(message.sender)
    return sender.price * receipt.parts if sender and sender.price >= 0 else -1


def _failed(message: Message, receipt: Receipt) -> None:
    message.state, message.why = Message.FAILED, "REFUSED"
    _count(message, NOT_SENT)
    letter_receipts.came_back(message, receipt.code)
    if receipt.bad_address:
        bad_address(message)


def _later(message: Message, _receipt: Receipt) -> None:
    """It certainly did not leave: the place is given back, and it is tried again, not for ever."""
    sender = wording.senders().by_code(message.sender)
    if message.attempt is not None:
        outbox.give_back(message.attempt)
    message.attempt = None
    if sender is None or message.tries >= sender.tries:
        message.state, message.why = Message.FAILED, "TRIED_ENOUGH"
        return
    message.state, message.why = Message.QUEUED, "LATER"
    message.not_before = clock.now_minute() + sender.retry_minutes * 2 ** (message.tries - 1)


def _unknown(message: Message, _receipt: Receipt) -> None:
    """It may have reached the person, so it counts as if it had; a person finds out."""
    message.state, message.why = Message.UNKNOWN, "NO_ANSWER"
    _count(message, SENT)
    tasks.open_task(
        "worker", message.lender, "FIND_MESSAGE", tasks.Whom(team=message.case.team, role=int(Role.LEAD)),
        about=tasks.About(message.case, "message", message.pk),
    )  # fmt: skip


def _count(message: Message, outcomes: dict[Channel, str]) -> None:
    """The place in the ledger becomes a contact that counts; where the list has no such outcome, the place is given back."""
    attempt = message.attempt
    if attempt is None:
        return
    outcome = load_outcomes().find(outcomes.get(Channel(message.channel), ""))
    if outcome is None:
        outbox.give_back(attempt)
        return
    attempts.settle(attempt, outcome)


def bad_address(message: Message) -> None:
    """The number or address does not exist: nothing more is sent there."""
    _health(message, PointStatus.INVALID)


def resting_address(message: Message) -> None:
    """The address takes nothing for now; where it is known not to exist, that stands."""
    _health(message, PointStatus.COOLING)


def _health(message: Message, status: PointStatus) -> None:
    if message.point is None:
        return
    today = clock.business_date(clock.now_minute(), message.lender.zone)
    Point.objects.filter(pk=message.point.pk, status__lt=status).update(status=int(status), status_on=today)


def event(message: Message, kind: str, code: str, by: str) -> bool:
    """Keep what was reported; False where it was known."""
    said: dict[str, Any] = {"at": clock.now_minute(), "by": by[:60]}
    return MessageEvent.objects.get_or_create(message=message, kind=kind, code=code[:60], defaults=said)[1]


def abandoned() -> list[tuple[int, str]]:
    """Messages that were being handed over by somebody who is gone: number and sender."""
    over = Message.objects.filter(state=Message.LEAVING, lease_until__lt=int(clock.wall().timestamp()))
    return list(over.order_by("pk").values_list("pk", "sender")[:AT_ONCE])


def expire() -> int:
    """End what is too old to be of use, also what nobody released. How many."""
    old = Message.objects.filter(state__in=Message.WAITING, expires_at__lte=clock.now_minute())
    ids = list(old.values_list("pk", flat=True)[:AT_ONCE])
    for pk in ids:
        with transaction.atomic():
            message = outbox.locked(Message.objects.select_related("case").get(pk=pk))
            if message.state in Message.WAITING:
                outbox.end(message, Message.EXPIRED, "TOO_OLD", "worker")
    return len(ids)


@transaction.atomic
def found_out(user: User, message_id: int, *, left: bool, reason: str) -> Message:
    """A person has asked the provider: it left, or it did not. Raises `NotYours`, `ReasonNeeded`, `TooLate`."""
    message = outbox.locked(access.get_message(user, message_id))
    if not reason.strip():
        raise ReasonNeeded
    if message.state != Message.UNKNOWN:
        raise TooLate
    message.state, message.why = (Message.LEFT, "BY_HAND") if left else (Message.FAILED, "BY_HAND")
    if left:
        message.left_at = clock.now_minute()
    message.save(update_fields=["state", "why", "left_at"])
    event(message, "SETTLED", message.state, user.username)
    tasks.end_about(user.username, "message", message.pk, message.state)
    audit.write(user.username, "message.settle", "message", message.pk, reason=reason, state=message.state)
    return message


@transaction.atomic
def resend(user: User, message_id: int, reason: str) -> Message | outbox.Refusal:
    """A new message with the same words for one that did not arrive; every check is made anew.

    Raises `NotYours`, `ReasonNeeded`, `TooLate` and what `put` raises.
    """
    old = outbox.locked(access.get_message(user, message_id))
    if not reason.strip():
        raise ReasonNeeded
    if old.state not in {Message.FAILED, Message.STOPPED, Message.EXPIRED, Message.CANCELLED}:
        raise TooLate
    number = Message.objects.filter(Q(resends=old) | Q(pk=old.pk)).count()
    wanted = outbox.Wanted(
        old.channel, old.point, outbox.words_of(old), f"{old.key[:100]}#{number}", reason, old.purpose
    )
    made = outbox.send(user, old.case_id, wanted)
    if isinstance(made, Message):
        made.resends = old
        made.save(update_fields=["resends"])
    return made
