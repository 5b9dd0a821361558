"""Contacts: what may be done now, reserve one, confirm it by its outcome, or give it back. The guard decides, as at the desk."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, Router
from pydantic import Field

from fairdue.core.codes import UNKNOWN, Aim, Channel, Direction, Mode, Party, PayBy, PointStatus, Purpose, Sure, Told
from fairdue.core.codes import Word as OwnWord
from fairdue.core.decision import DecisionReason
from fairdue.rules.outcomes import load_outcomes
from fairdue.store import access, clock
from fairdue.store.actions import contacts
from fairdue.store.actions.contacts import Proposed, Recorded, Refusal, WrapUp
from fairdue.store.actions.learn import From
from fairdue.store.actions.promises import Said
from fairdue.store.actions.words import Given
from fairdue.store.models import Attempt
from fairdue.store.pages.casefile import opened, possible_contacts
from fairdue.store.pages.law import decision_page
from fairdue.store.reasons import Why
from fairdue.web.api.cursors import page_of
from fairdue.web.api.door import call_of
from fairdue.web.api.faults import ContactRefused
from fairdue.web.api.operations import operation
from fairdue.web.api.problems import of_fault
from fairdue.web.api.shapes import (
    LARGEST,
    Both,
    Cursor,
    Id,
    Limit,
    Named,
    OneOf,
    Page,
    Shape,
    Text,
    Word,
    moment,
    name_of,
)
from fairdue.web.desk.doors import ROLES

router = Router()


class RuleOut(Shape):
    """One rule's part in a verdict."""

    rule: str
    status: Annotated[str, OneOf("REFUSED", "UNKNOWN", "ADVISED")]
    title: Both
    instrument: Both
    article: Both
    link: str
    confidence: str = Field(
        description="V verified, S secondary source, S- weak, M judgement: see the rules reference."
    )
    remedy: Both
    missing: list[Both] = Field(description="Facts it needs and does not know.")


def rule_out(why: Why) -> RuleOut:
    """A rule for a program."""
    said: dict[str, Any] = {"rule": why.rule, "status": why.status, "link": why.link, "confidence": why.confidence}
    said |= {name: dict(getattr(why, name)) for name in ("title", "instrument", "article", "remedy")}
    return RuleOut(**said, missing=[Both(zh=m["zh"], en=m["en"]) for m in why.missing])


class PossibleOut(Shape):
    """A contact that could be made, and whether it may be made now."""

    channel: Annotated[str, Named(Channel)]
    mode: Annotated[str, Named(Mode)] | None
    party: Annotated[str, Named(Party)]
    purpose: Annotated[str, Named(Purpose)]
    point: int | None
    point_masked: str
    point_status: Annotated[str, Named(PointStatus)] | None
    allowed: bool
    reasons: list[RuleOut]
    next_lawful: datetime | None


class PossibleList(Shape):
    """What could be done about a case, in the order in which it is worth trying."""

    items: list[PossibleOut]


class ContactOut(Shape):
    """One try to reach somebody."""

    id: int
    case: int
    state: Annotated[str, OneOf(Attempt.RESERVED, Attempt.CONFIRMED, Attempt.RELEASED, Attempt.LAPSED)]
    channel: Annotated[str, Named(Channel)]
    mode: Annotated[str, Named(Mode)] | None
    party: Annotated[str, Named(Party)]
    purpose: Annotated[str, Named(Purpose)]
    direction: Annotated[str, Named(Direction)]
    point: int | None
    point_masked: str
    operator: str | None
    at: datetime
    expires_at: datetime | None = Field(description="Until when a reservation holds.")
    outcome: str
    decision: int = Field(description="The decision that allowed it.")
    name: str | None = Field(None, description="In clear only while this key holds the reservation.")
    number: str | None = Field(None, description="In clear only while this key holds the reservation.")


class ReserveIn(Shape):
    """A contact somebody wants to make now."""

    channel: Annotated[str, Named(Channel)]
    point: int | None = Field(None, ge=1, le=LARGEST, description="Which number or address: see the possible contacts.")
    mode: Annotated[str, Named(Mode)] = "TALK"
    party: Annotated[str, Named(Party)] = "BORROWER"
    purpose: Annotated[str, Named(Purpose)] = "COLLECT"
    direction: Annotated[str, Named(Direction)] = "OUT"


class ReservedOut(Shape):
    """The contact may be made until it expires; name and number are at /contacts/{id} as long as it holds."""

    contact: int
    expires_at: datetime


class PromiseIn(Shape):
    """What was promised."""

    amount: int = Field(ge=1, le=LARGEST, description="Minor units.")
    on: date
    pay_by: Annotated[str, Named(PayBy)] | None = None
    remind: bool = Field(False, description="The person asked to be reminded before the day.")
    besides: bool = Field(False, description="It stands beside the running promise instead of replacing it.")


class WordIn(Shape):
    """What we promised."""

    kind: Annotated[str, Named(OwnWord)]
    on: date
    text: Annotated[str, Field(max_length=300)] = ""


class OutcomeIn(Shape):
    """What came of a contact; codes are at /outcomes."""

    outcome: Word
    note: Text = ""
    promise: PromiseIn | None = None
    call_back_on: date | None = None
    facts: dict[Word, Annotated[str, Field(max_length=300)]] = Field(
        default_factory=dict, max_length=40, description="Facts learned, by name, as the talk reference lists them."
    )
    told_by: Annotated[str, Named(Told)] = "BORROWER"
    sure: Annotated[str, Named(Sure)] = "SAID"
    own_promise: WordIn | None = None


class RecordedOut(Shape):
    """What follows from the outcome."""

    case: int
    next_aim: Annotated[str, Named(Aim)] | None
    reason: Both | None
    not_before: datetime | None


class OutcomeCode(Shape):
    """One code a contact may come to."""

    code: str
    label: Both
    channels: list[Annotated[str, Named(Channel)]]
    needs: str | None = Field(description="What must be said with it: promise, date, note.")


class OutcomeCodes(Shape):
    """All of them."""

    items: list[OutcomeCode]


def contact_out(attempt: Attempt, *, clear: bool = False) -> ContactOut:
    """A contact for a program; `clear`: its reservation is the asker's own and holds."""
    zone, now = attempt.case.lender.zone, clock.now_minute()
    at = moment(attempt.at, zone)
    assert at is not None  # noqa: S101 - an attempt has its minute
    return ContactOut(
        id=attempt.pk, case=attempt.case_id, state=attempt.seen(now), channel=Channel(attempt.channel).name,
        mode=name_of(Mode, attempt.mode), party=Party(attempt.party).name, purpose=Purpose(attempt.purpose).name,
        direction=Direction(attempt.direction).name, point=attempt.point_id,
        point_masked=attempt.point.value_masked if attempt.point else "",
        operator=attempt.operator.username if attempt.operator else None, at=at,
        expires_at=moment(attempt.expires_at, zone), outcome=attempt.outcome, decision=attempt.decision_id,
        name=opened(attempt.person.name_sealed) if clear else None,
        number=opened(attempt.point.value_sealed) if clear and attempt.point else None,
    )  # fmt: skip


@operation(
    router, "GET", "/cases/{case_id}/possible-contacts", scope="contacts:read", roles=ROLES["case"], gives=PossibleList
)
def list_possible_contacts(request: HttpRequest, case_id: Id) -> PossibleList:
    """What could be done about a case now, each way judged by the guard.

    A refused way says which rules refuse it, and the next lawful time.
    """
    user = call_of(request).user
    found = possible_contacts(user, access.get_case(user, case_id), clock.now_minute())
    return PossibleList(items=[
        PossibleOut(
            channel=Channel(one.channel).name, mode=name_of(Mode, one.mode), party=Party(one.party).name,
            purpose=Purpose(one.purpose).name, point=one.point_id, point_masked=one.point_masked,
            point_status=name_of(PointStatus, one.point_status) if one.point_id else None, allowed=one.allowed,
            reasons=[rule_out(why) for why in one.reasons], next_lawful=one.next_lawful,
        )
        for one in found
    ])  # fmt: skip


@operation(
    router, "GET", "/cases/{case_id}/contacts", scope="contacts:read", roles=ROLES["case"], gives=Page[ContactOut]
)
def list_contacts(request: HttpRequest, case_id: Id, cursor: Cursor = None, limit: Limit = 50) -> Page[ContactOut]:
    """List the contacts about a case."""
    case = access.get_case(call_of(request).user, case_id)
    rows = case.attempts.select_related("case__lender", "operator", "point", "person")
    found, after = page_of(rows, f"contacts {case_id}", cursor, limit)
    return Page[ContactOut](items=[contact_out(one) for one in found], next=after)


@operation(router, "POST", "/cases/{case_id}/contacts", scope="contacts:write", roles=ROLES["reserve"], gives=ReservedOut,
           status=201, conflicts=True)  # fmt: skip
def reserve_contact(request: HttpRequest, case_id: Id, wanted: Body[ReserveIn]) -> ReservedOut | HttpResponse:
    """Ask the guard for one contact and take its place in the attempt ledger.

    Allowed: 201, and the contact may be made until it expires. Refused: 409 `api.contact-refused` with the rules that
    refuse and `next_lawful`; the refusal is recorded like a permission. One reservation per case is held at a time: who
    holds one gets it again.
    """
    call = call_of(request)
    zone = access.get_case(call.user, case_id).lender.zone
    answer = contacts.reserve(call.user, case_id, Proposed(
        Channel[wanted.channel], wanted.point, Mode[wanted.mode] if wanted.channel == "CALL" else UNKNOWN,
        Party[wanted.party], Purpose[wanted.purpose], Direction[wanted.direction],
    ))  # fmt: skip
    if isinstance(answer, Refusal):
        return _refused(request, answer, zone)
    expires = moment(answer.expires, zone)
    assert expires is not None  # noqa: S101 - a reservation ends
    return ReservedOut(contact=answer.attempt_id, expires_at=expires)


def _refused(request: HttpRequest, answer: Refusal, zone: str) -> HttpResponse:
    page = decision_page(call_of(request).user, answer.decision_id)
    then = moment(answer.next_lawful, zone)
    return of_fault(
        request, ContactRefused(when=then.isoformat(timespec="minutes") if then else "-"), decision=answer.decision_id,
        next_lawful=then.isoformat(timespec="minutes") if then else None,
        reasons=[rule_out(why).model_dump() for why in page.whys],
    )  # fmt: skip


@operation(router, "GET", "/contacts/{contact_id}", scope="contacts:read", roles=ROLES["case"], gives=ContactOut)
def get_contact(request: HttpRequest, contact_id: Id) -> ContactOut:
    """One contact; with name and number in clear while the key holds its reservation."""
    user = call_of(request).user
    rows = access.attempts_for(user).select_related("case__lender", "operator", "point", "person")
    found = rows.filter(pk=contact_id).first()
    if found is None:
        raise access.NotYours
    now = clock.now_minute()
    held = found.operator_id == user.pk and found.state == Attempt.RESERVED and found.expires_at > now
    return contact_out(found, clear=held)


@operation(router, "POST", "/contacts/{contact_id}/outcome", scope="contacts:write", roles=ROLES["record"],
           gives=RecordedOut, conflicts=True)  # fmt: skip
def record_outcome(request: HttpRequest, contact_id: Id, outcome: Body[OutcomeIn]) -> RecordedOut:
    """Confirm a contact by its outcome: consequences, promise, facts and the next decision in one transaction.

    An outcome that comes after the reservation has lapsed confirms it too: the contact was made and counts.
    """
    user = call_of(request).user
    done = contacts.record(user, contact_id, outcome.outcome, note=outcome.note, wrap_up=_wrap_up(outcome))
    return recorded_out(done, user.organisation.zone)


def _wrap_up(said: OutcomeIn) -> WrapUp:
    p, own = said.promise, said.own_promise
    promise = Said(None, said.call_back_on)
    if p is not None:
        promise = Said(p.amount, p.on, PayBy[p.pay_by] if p.pay_by else UNKNOWN, p.remind, p.besides)
    return WrapUp(
        promise, dict(said.facts), From(Told[said.told_by], Sure[said.sure]),
        Given(OwnWord[own.kind], own.on, own.text) if own else None,
    )  # fmt: skip


def recorded_out(done: Recorded, zone: str) -> RecordedOut:
    """What follows, for a program."""
    reason = DecisionReason(done.reason) if done.reason >= 0 else None
    return RecordedOut(
        case=done.case_id, next_aim=name_of(Aim, done.next_aim), not_before=moment(done.not_before, zone),
        reason=Both(zh=reason.zh, en=reason.en) if reason else None,
    )  # fmt: skip


@operation(router, "POST", "/contacts/{contact_id}/release", scope="contacts:write", roles=ROLES["release"],
           gives=ContactOut, conflicts=True)  # fmt: skip
def release_contact(request: HttpRequest, contact_id: Id) -> ContactOut:
    """Give back a contact that was not made; it no longer counts."""
    user = call_of(request).user
    contacts.release(user, contact_id)
    rows = access.attempts_for(user).select_related("case__lender", "operator", "point", "person")
    return contact_out(rows.get(pk=contact_id))


@operation(router, "GET", "/outcomes", scope="contacts:read", roles=ROLES["case"], gives=OutcomeCodes)
def list_outcomes(request: HttpRequest) -> OutcomeCodes:
    """List the codes a contact may come to."""
    known = load_outcomes().all.values()
    return OutcomeCodes(items=[
        OutcomeCode(code=o.code, label=Both(zh=o.label["zh"], en=o.label["en"]), needs=o.needs or None,
                    channels=sorted(channel.name for channel in o.channels))
        for o in known
    ])  # fmt: skip
