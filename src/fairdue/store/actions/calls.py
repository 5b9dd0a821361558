"""Calls dialled from the desk: the place in the ledger and the wish in one transaction, the number at the last moment.

Whoever carries a call out takes it once; guard and payments are asked again before the collector's phone rings and again
before the number leaves. A call that never left gives its place back; one that left counts, whatever became of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from fairdue.connectors.configured import Telephones
from fairdue.connectors.sip import Ended, Ends, Moment, Phone
from fairdue.core.codes import UNKNOWN, Channel, Direction
from fairdue.core.errors import Fault
from fairdue.store import access, audit, clock, decide, quiet
from fairdue.store.actions import attempts, contacts
from fairdue.store.actions.contacts import Proposed, Refusal
from fairdue.store.locks import lock_people
from fairdue.store.message_words import senders
from fairdue.store.models import Attempt, PhoneCall, User
from fairdue.store.seal import sealer

FRESH = timedelta(seconds=60)  # a call not begun by then is none any more: nobody waits at the phone
SILENT = timedelta(seconds=60)  # who has not shown life for so long is dead
KEPT_DAYS = 30  # a call that left counts until its outcome is recorded, and for so long where it never is
DIGITS = frozenset("0123456789")
BUSY, GONE, REJECTED = {486, 600}, {404, 410, 484, 604}, {603, 607}
UNANSWERED = {408, 480, 487}
OUTCOME = {PhoneCall.BUSY: "BUSY", PhoneCall.NO_ANSWER: "NA", PhoneCall.NO_NUMBER: "INVALID_VACANT",
           PhoneCall.REJECTED: "REJECTED"}  # fmt: skip


class NoPhone(Fault):
    """Nothing to dial with."""

    code = "call.no-phone"
    en, en_remedy = (
        "No telephone is set up for {user}.",
        "Add the extension to the file of senders (`phones`), or dial by hand.",
    )
    zh, zh_remedy = "尚未为 {user} 配置话机。", "请在通道配置文件的 phones 中填写分机号，或手动拨打。"


class NotDiallable(Fault):
    """The contact is no call of ours to a number."""

    code = "call.not-diallable"
    en, en_remedy = "This contact cannot be dialled from here.", "Choose a telephone number of the case."
    zh, zh_remedy = "本次联系无法从此处拨号。", "请选择案件中的电话号码。"


def telephone(user: User) -> tuple[Phone, str] | None:
    """The telephone system and the extension of a user; None where there is none. Raises `WrongFiles`."""
    found: Telephones = senders().phones
    return found.of(user.organisation.code, user.username)


@transaction.atomic
def place(user: User, case_id: int, wanted: Proposed, *, key: str | None = None) -> PhoneCall | Refusal:
    """Take the place in the ledger and ask for the call: both or neither. A place that was dialled is not dialled again.

    Raises `NoPhone`, `NotDiallable` and what reserving raises.
    """
    phone = telephone(user)
    if phone is None:
        raise NoPhone(user=user.username)
    if (wanted.channel, wanted.direction) != (Channel.CALL, Direction.OUT) or wanted.point_id is None:
        raise NotDiallable
    answer = contacts.reserve(user, case_id, wanted, key=key)
    if isinstance(answer, Refusal):
        return answer
    attempt = Attempt.objects.get(pk=answer.attempt_id)
    if (attempt.channel, attempt.direction, attempt.point_id) != (Channel.CALL, Direction.OUT, wanted.point_id):
        raise NotDiallable
    known = PhoneCall.objects.filter(attempt=attempt).first()
    if known is not None:
        return known
    now = clock.wall()
    made = PhoneCall.objects.create(attempt=attempt, extension=phone[1], asked_at=now, heard_at=now)
    audit.write(user.username, "call.ask", "phone_call", made.pk, attempt=attempt.pk, case=case_id)
    return made


@transaction.atomic
def begin(call_id: int) -> bool:
    """Take a call to carry it out: once, by one. False where it is not to be carried out (any more)."""
    call = _locked(call_id)
    if call.state != PhoneCall.ASKED:
        return False
    late = clock.wall() - call.asked_at > FRESH
    if late or not _allowed(call.attempt):
        _end(call, PhoneCall.EXPIRED if late else PhoneCall.STOPPED)
        return False
    call.state, call.heard_at = PhoneCall.DESK, clock.wall()
    call.save()
    return True


@transaction.atomic
def number(call_id: int) -> str | None:
    """The number, at the moment it leaves; from now on the call counts. None where it may no longer be dialled."""
    call = _locked(call_id)
    if call.state != PhoneCall.DESK or call.hang_up or not _allowed(call.attempt):
        return None
    point = call.attempt.point
    said = sealer().open(bytes(point.value_sealed)) if point else ""
    digits = said.removeprefix("+").replace(" ", "").replace("-", "")
    if not digits or not set(digits) <= DIGITS:
        return None
    call.state, call.left_at = PhoneCall.DIALLING, clock.wall()
    call.save()
    Attempt.objects.filter(pk=call.attempt_id).update(expires_at=clock.now_minute() + KEPT_DAYS * 24 * 60)
    audit.write(_by(call), "call.dial", "phone_call", call.pk, attempt=call.attempt_id)
    return ("+" if said.startswith("+") else "") + digits


def _allowed(attempt: Attempt) -> bool:
    """Whether the contact would be allowed now, as if its own place were not taken yet."""
    case, user = attempt.case, attempt.operator
    if attempt.state != Attempt.RESERVED or user is None or quiet.why_quiet(case) is not None:
        return False
    if attempt.expires_at <= clock.now_minute() or not access.may_contact(user, case):
        return False
    wanted = Proposed(attempt.channel, attempt.point_id, mode=attempt.mode, party=attempt.party, purpose=attempt.purpose,
                      direction=attempt.direction)  # fmt: skip
    with transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(state=Attempt.RELEASED)
        judged = decide.judge_all(decide.ask(case, clock.now_minute()), [wanted], user)
        transaction.set_rollback(True)  # only to this point: the place itself stays as it is
    return bool(judged.verdict.allowed[0])


@transaction.atomic
def tell(call_id: int, moment: Moment) -> None:
    """Something happened on the line."""
    call, now = _locked(call_id), clock.wall()
    if not call.running:
        return
    call.heard_at = now
    if moment == Moment.RINGING:
        call.state, call.rang_at = PhoneCall.RINGING, now
    elif moment == Moment.ANSWERED:
        call.state, call.answered_at = PhoneCall.ANSWERED, now
    call.save()


def beat(call_id: int) -> bool:
    """Show that the call is being carried out; False where it is to end."""
    return (
        PhoneCall.objects.filter(pk=call_id, hang_up=False, state__in=PhoneCall.RUNNING).update(heard_at=clock.wall())
        > 0
    )


@transaction.atomic
def hang_up(user: User, attempt_id: int) -> None:
    """Ask for the end of one's own call. Raises `NotYours`."""
    attempt = attempts.held(user, attempt_id)
    if PhoneCall.objects.filter(attempt=attempt, state__in=PhoneCall.RUNNING).update(hang_up=True):
        audit.write(user.username, "call.hang-up", "attempt", attempt.pk, case=attempt.case_id)


@transaction.atomic
def finish(call_id: int, ended: Ended) -> PhoneCall:
    """The call is over: what it came to, and whether its place counts."""
    call = _locked(call_id)
    if call.running:
        call.code = ended.code
        _end(call, _state(call, ended))
    return call


def _state(call: PhoneCall, ended: Ended) -> str:
    """What an end is to the ledger."""
    if call.left_at is None:
        return PhoneCall.STOPPED if ended.how == Ends.STOPPED else PhoneCall.DESK_FAILED
    plain = {Ends.REFUSED: PhoneCall.NOT_DIALLED, Ends.OVER: PhoneCall.ENDED, Ends.NOT_ANSWERED: PhoneCall.NO_ANSWER,
             Ends.LOST: PhoneCall.LOST}  # fmt: skip
    return plain.get(ended.how) or _failed(ended.code, rang=call.rang_at is not None)


def _failed(code: int, *, rang: bool) -> str:
    """What a SIP status says of a call that was dialled; what is no answer of the number itself and never rang, never was."""
    for codes, state in ((BUSY, PhoneCall.BUSY), (GONE, PhoneCall.NO_NUMBER), (REJECTED, PhoneCall.REJECTED),
                         (UNANSWERED, PhoneCall.NO_ANSWER)):  # fmt: skip
        if code in codes:
            return state
    return PhoneCall.NO_ANSWER if rang else PhoneCall.NOT_DIALLED


def _end(call: PhoneCall, state: str) -> None:
    now = clock.wall()
    call.state, call.ended_at, call.outcome = state, now, OUTCOME.get(state, "")
    call.seconds = (
        int((now - call.answered_at).total_seconds()) if call.answered_at and state == PhoneCall.ENDED else UNKNOWN
    )
    call.save()
    released = state in PhoneCall.NEVER_LEFT and call.attempt.state == Attempt.RESERVED
    if released:
        Attempt.objects.filter(pk=call.attempt_id).update(state=Attempt.RELEASED)
    audit.write(_by(call), "call.end", "phone_call", call.pk, attempt=call.attempt_id, state=state, code=call.code,
                released=released)  # fmt: skip


@transaction.atomic
def tend(actor: str, attempt_id: int | None = None) -> int:
    """End calls nobody carries out any more: a process that died. How many there were."""
    old = PhoneCall.objects.filter(state__in=PhoneCall.RUNNING, heard_at__lt=clock.wall() - SILENT)
    ids = old.filter(attempt=attempt_id) if attempt_id is not None else old
    found = [_locked(pk) for pk in sorted(ids.values_list("pk", flat=True))]
    dead = [call for call in found if call.running and clock.wall() - call.heard_at > SILENT]
    for call in dead:
        begun = PhoneCall.DESK_FAILED if call.state == PhoneCall.DESK else PhoneCall.EXPIRED
        _end(call, PhoneCall.LOST if call.left_at else begun)
    if dead:
        audit.write(actor, "call.tend", "phone_call", None, calls=[call.pk for call in dead])
    return len(dead)


def _locked(call_id: int) -> PhoneCall:
    """The call as it stands, its human locked."""
    customer = PhoneCall.objects.values_list("attempt__customer_id", flat=True).get(pk=call_id)
    lock_people([customer])
    return PhoneCall.objects.select_related(
        "attempt__case__lender", "attempt__case__customer", "attempt__operator", "attempt__point"
    ).get(pk=call_id)


def _by(call: PhoneCall) -> str:
    return call.attempt.operator.username if call.attempt.operator else "system"


def since(call: PhoneCall) -> datetime:
    """When its present state began."""
    return call.ended_at or call.answered_at or call.rang_at or call.left_at or call.asked_at
