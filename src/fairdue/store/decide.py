"""Asks the chain about one case, live: the same steps as the night, over one customer, inside the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from fairdue import steps
from fairdue.core import guard as kernel
from fairdue.core.codes import NO, UNKNOWN, YES, Channel, Party, Purpose
from fairdue.core.dates import MINUTES, utc_of_local
from fairdue.core.decision import Action, DecisionReason
from fairdue.rules.outcomes import Outcome
from fairdue.steps.decide import verdicts
from fairdue.steps.guard import PROPOSAL, Judged, history_of, judge, judge_facts
from fairdue.steps.known import OF_PERSON
from fairdue.steps.past import told, told_unknown
from fairdue.steps.state import Config, State
from fairdue.store import clock, config, packs, reminding
from fairdue.store.access import NotYours
from fairdue.store.facts import DjangoReader, gather, live_past, refused
from fairdue.store.models import Attempt, Case, CaseOrder, Decision, Link, Person, Plan, Point, Track, User

if TYPE_CHECKING:
    from fairdue.store.actions.contacts import Proposed

MORNING = 9 * 60


@dataclass(frozen=True)
class Asked:
    """A case with the chain run over it at one moment."""

    case: Case
    config: Config
    state: State


def ask(case: Case, now: int) -> Asked:
    """Run the chain over the case's customer at `now` (utc_minute)."""
    made = config.build(case.lender, clock.business_date(now, case.lender.zone), at=now)
    facts = gather(DjangoReader(), case.lender_id, case.customer_id, case.customer_id, made.as_of, now)
    return Asked(case, made, steps.run(facts, made))


def _about_file(case: Case, now: int) -> Asked:
    """A customer in good standing: nothing is overdue and no case is worked, so only the guard has something to say."""
    made = config.build(case.lender, clock.business_date(now, case.lender.zone), at=now)
    state = reminding.standing(case.lender_id, f"= {case.customer_id}", made)
    rows = reminding.known(case.customer.accounts.all())
    said = json.dumps({"case": {"status": case.status, "product": rows["product"][0]}})
    shown = {"facts": said, "action": int(Action.CONTACT), "aim": UNKNOWN, "reason": int(DecisionReason.REMIND),
             "not_before": UNKNOWN, "treatment": None, "value_terms": ""}  # fmt: skip
    return Asked(
        case, made, state.with_(cases=rows.with_columns(pl.lit(value).alias(name) for name, value in shown.items()))
    )


def judge_all(asked: Asked, wanted: Sequence[Proposed], user: User) -> Judged:
    """The guard's answer to several contacts somebody might make now, in their order."""
    return judge_of(asked, [(one, reached(asked.case, one)) for one in wanted], user)


def judge_of(asked: Asked, wanted: Sequence[tuple[Proposed, Person]], user: User) -> Judged:
    """The same where it is known already whom each contact would reach."""
    rows = [_proposal(asked, one, person, user) for one, person in wanted]
    return judge(asked.state, pl.DataFrame(rows, schema=PROPOSAL, orient="row"), asked.config)


def _proposal(asked: Asked, wanted: Proposed, person: Person, user: User) -> dict[str, Any]:
    link = Link.objects.filter(customer=asked.case.customer, person=person, party=wanted.party).first()
    return {
        "customer": asked.case.customer_id,
        "reached": person.human or person.pk,
        "party": wanted.party,
        "party_refused": int(link.refused_on is not None) if link else NO,
        "point": wanted.point_id if wanted.point_id is not None else UNKNOWN,
        "channel": wanted.channel,
        "mode": wanted.mode if wanted.channel == Channel.CALL else UNKNOWN,
        "direction": wanted.direction,
        "purpose": wanted.purpose,
        "at": asked.config.at,
        "discloses_debt": YES if wanted.discloses or wanted.purpose == Purpose.COLLECT else NO,
        "letter_complete": wanted.letter_complete,
        "offers_opt_out": wanted.offers_opt_out,
        "operator_certified": _yes_no(user.certified),
        "exam_on": user.exam_on,
        "by_agency": int(user.organisation_id != asked.case.lender_id),
        "party_alive": NO if link is not None and link.alive is False else YES,  # a death is recorded when it is known
        "own_zone": person.zone,
        "own_from": person.agreed_from,
        "own_to": person.agreed_to,
        "own_refused": refused(person.pk) if person.pk != asked.case.customer_id else None,
    } | {name: _yes_no(getattr(link, name, None)) for name in OF_PERSON}


def _yes_no(said: bool | int | None) -> int:
    return UNKNOWN if said is None else int(said)


def reached(case: Case, wanted: Proposed) -> Person:
    """Whom the contact would reach: the owner of the point, or the borrower. Raises `NotYours` for a point that is not there."""
    if wanted.point_id is None:
        return case.customer
    point = Point.objects.select_related("person").filter(pk=wanted.point_id).first()
    if point is None:
        raise NotYours
    return point.person


def is_theirs(case: Case, wanted: Proposed, person: Person) -> bool:
    """Whether the number belongs to whom it is said to: nobody becomes the borrower by being called so."""
    if person.pk == case.customer_id:
        return wanted.party == Party.BORROWER
    return Link.objects.filter(customer=case.customer_id, person=person, party=wanted.party).exists()


@dataclass(frozen=True)
class Known:
    """All that is known about one contact somebody wants to make, but the past: that is read under the lock."""

    case_id: int
    customer_id: int
    reached_id: int
    point_id: int | None
    channel: int
    mode: int
    direction: int
    purpose: int
    party: int
    aim: int
    facts: kernel.Facts
    case: dict[str, Any]  # the case's row after the chain was run over it
    config: Config


def about_contact(case: Case, wanted: Proposed, user: User, now: int, person: Person | None = None) -> Known:
    """Gather all that is known about one contact; `person` is whom it would reach, where that is known already."""
    asked = ask(case, now) if case.status != Case.FILE else _about_file(case, now)
    person = person or reached(case, wanted)
    judged = judge_of(asked, [(wanted, person)], user)
    return Known(
        case.pk, case.customer_id, person.pk, wanted.point_id, wanted.channel,
        wanted.mode if wanted.channel == Channel.CALL else UNKNOWN, wanted.direction, wanted.purpose, wanted.party,
        case.aim, judged.facts, asked.state.cases.to_dicts()[0], asked.config,
    )  # fmt: skip


def record_contact(known: Known, user: User, request_key: str | None = None) -> Decision:
    """Judge one contact by the past as it is now and record the answer, allowed or not, with all the guard was told."""
    found = known.config
    history = history_of(live_past(known.customer_id, known.reached_id, found.as_of, found.at))
    judged = judge_facts(known.facts, history, found)
    facts = {"case": json.loads(known.case["facts"])["case"], "contact": judged.facts.row(0)}
    facts |= told_unknown(judged.facts, 0)
    return _record(
        known.case_id, found, known.case, user, kind="contact", facts=facts, verdict=verdicts(judged, found)[0],
        allowed=bool(judged.verdict.allowed[0]), next_lawful=int(judged.next_lawful[0]),
        history=told(judged.facts, judged.history)[0], request_key=request_key,
    )  # fmt: skip


def after_outcome(
    case: Case, attempt: Attempt, outcome: Outcome, user: User, request_key: str | None = None
) -> Decision:
    """Decide again now that a contact has ended, and show the case what was decided."""
    because = {"outcome": {"code": outcome.code, "attempt": attempt.pk}}
    return _again(case, user, "outcome", because, request_key)


def after_track(case: Case, track: Track, step: str, user: User) -> Decision:
    """Decide again now that a track was opened, decided or ended, and show the case what was decided."""
    return _again(case, user, "track", {"track": {"id": track.pk, "kind": track.kind, "step": step}})


def _again(case: Case, user: User, kind: str, because: dict[str, Any], request_key: str | None = None) -> Decision:
    asked = ask(case, clock.now_minute())
    found = asked.state.cases.to_dicts()[0]
    facts = json.loads(found["facts"]) | because
    decision = _record(
        case.pk, asked.config, found, user, kind=kind, facts=facts, verdict=json.loads(found["verdict"]),
        allowed=found["allowed"], next_lawful=found["next_lawful"], history=found["history"], request_key=request_key,
    )  # fmt: skip
    _show(case, found, decision)
    return decision


def after_order(case: Case, order: CaseOrder, step: str, user: User) -> Decision:
    """Decide again now that collecting was stopped by an order or taken up again, and show the case what was decided."""
    return _again(case, user, "track", {"order": {"id": order.pk, "kind": order.kind, "step": step}})


def after_plan(case: Case, plan: Plan, user: User) -> Decision:
    """Decide again now that a plan has begun, and show the case what was decided."""
    return _again(case, user, "plan", {"plan": {"id": plan.pk, "code": plan.code, "months": plan.months}})


def after_said(case: Case, user: User, what: str, row: int) -> Decision:
    """Decide again now that the customer has said something on their own site, and show the case what was decided."""
    return _again(case, user, "site", {"said": {"what": what, "id": row}})


def _record(case_id: int, made: Config, found: dict[str, Any], user: User, **said: Any) -> Decision:
    packs.keep(made.pack)
    texts = {
        name: json.dumps(said.pop(name), ensure_ascii=False, sort_keys=True, default=str)
        for name in ("facts", "verdict")
    }
    return Decision.objects.create(
        case_id=case_id, at=made.at, as_of=made.as_of, pack=made.pack.name,
        pack_revision=made.pack.revision, strategy_revision=made.strategy.revision,
        action=found["action"], aim=found["aim"], reason=found["reason"], not_before=found["not_before"],
        treatment=found["treatment"] if found["treatment"] is not None else -1, value=found["value_terms"],
        actor=user, **texts, **said,
    )  # fmt: skip


SHOWN = ("stage", "dpd", "oldest_due", "balance", "overdue_accounts", "behaviour", "action", "aim", "aim_row", "reason",
         "channel", "tone", "script", "treatment", "not_before", "review_on", "value")  # fmt: skip


def _show(case: Case, found: dict[str, Any], decision: Decision) -> None:
    for name in SHOWN:
        setattr(case, name, found[name])
    case.as_of, case.decision = decision.as_of, decision
    case.save(update_fields=[*SHOWN, "as_of", "decision"])


def day_start(on: date, zone: str) -> int:
    """Nine in the morning of a day at a place, utc_minute: when a call-back without an hour is due."""
    return utc_of_local((on - date(1970, 1, 1)).days * MINUTES + MORNING, zone)
