"""Procedures before courts: prepared, approved by a second person, filed, heard, decided, enforced; every step a fact.

What was filed or decided becomes a legal event at once (the clocks hold), a fact the guard reads and a thing the words may say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from fairdue.core.codes import Component, Role
from fairdue.core.errors import Lang
from fairdue.core.happened import Happened
from fairdue.core.ledger import PostingKind
from fairdue.core.proceedings import IN_COURT, OVER, TITLES, CourtCost, CourtState, Procedure, move
from fairdue.rules.court import load_court
from fairdue.store import access, audit, clock, court_ready
from fairdue.store.actions import approvals, legal_events
from fairdue.store.actions import court_faults as faults
from fairdue.store.actions.legal_events import Proof, Until
from fairdue.store.actions.tasks import About, Due, Whom, end_about, open_task
from fairdue.store.locks import lock_person
from fairdue.store.models import (
    Account,
    ArbitrationAgreement,
    Case,
    FilingBatch,
    Hearing,
    Organisation,
    Posting,
    Proceeding,
    ProceedingCost,
    ProceedingDeadline,
    ProceedingStep,
    User,
)

MAY = frozenset({Role.LEAD, Role.COMPLIANCE, Role.FINANCE})
APPROVERS = (Role.LEAD, Role.COMPLIANCE, Role.FINANCE)
KIND = "filing"
SET, SET_DAY = "SET_", "court_day"  # days the court set itself
HAPPENED: Mapping[Procedure, Happened] = {
    Procedure.PAYMENT_ORDER: Happened.PAYMENT_ORDER, Procedure.SMALL_CLAIM: Happened.SUIT, Procedure.SUIT: Happened.SUIT,
    Procedure.MEDIATION: Happened.MEDIATION, Procedure.CONFIRMATION: Happened.MEDIATION,
    Procedure.ARBITRATION: Happened.ARBITRATION,
    Procedure.PRESERVATION: Happened.PRESERVATION, Procedure.ENFORCEMENT: Happened.ENFORCEMENT,
    Procedure.BANKRUPTCY_CLAIM: Happened.BANKRUPTCY_CLAIM,
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What comes with a step, as the court's paper says it."""

    on: date | None = None
    note: str = ""
    court: str = ""
    reference: str = ""
    served_on: date | None = None
    perform_by: date | None = None
    awarded: int | None = None
    failed: bool = False  # enforcement found nothing more to take


@transaction.atomic
def prepare(
    user: User, case_id: int, procedure: Procedure, reason: str, *, court: str = "", parent: Proceeding | None = None,
    batch: FilingBatch | None = None, property_ppm: int | None = None,
) -> Proceeding:  # fmt: skip
    """Begin a procedure: its economics and preconditions are kept as they are seen now.

    Raises `NotYours`, `CourtRole`, `CourtReason`, `CourtOpen`, `NotReady`.
    """
    case = access.get_case(user, case_id)
    lock_person(case.customer_id)
    _may(user)
    if not reason.strip():
        raise faults.CourtReason
    if Proceeding.objects.filter(case=case, procedure=procedure).exclude(state__in=list(OVER)).exists():
        raise faults.CourtOpen
    seen = court_ready.ready(case, property_ppm)
    require(procedure, seen)
    made = Proceeding.objects.create(
        case=case, lender=case.lender, procedure=procedure, claim=seen.claim, reason=reason.strip()[:300], court=court[:200],
        economics=seen.as_dict(), opened_by=user, opened_on=_today(case), parent=parent, batch=batch,
    )  # fmt: skip
    _step(made, user.username, "PREPARE", _today(case), reason)
    audit.write(
        user.username, "court.prepare", "proceeding", made.pk, case=case.pk, procedure=procedure.name, claim=seen.claim
    )
    return made


def require(procedure: Procedure, seen: court_ready.Ready) -> None:
    """Raises `NotReady` with everything that is missing."""
    lacking = court_ready.lacking(procedure, seen.needs)
    if lacking:
        raise faults.NotReady(lacking="; ".join(n.en for n in lacking), lacking_zh="；".join(n.zh for n in lacking))


@transaction.atomic
def ask(user: User, proceeding_id: int, reason: str) -> Proceeding:
    """Ask a second person to let it be filed. Raises like `prepare`, and `CourtStepImpossible`."""
    found = _locked(user, proceeding_id)
    _may(user)
    if not reason.strip():
        raise faults.CourtReason
    require(Procedure(found.procedure), court_ready.ready(found.case))
    _move(found, CourtState.ASKED, user.username, reason, _today(found.case))
    approvals.ask(KIND, found.pk, found.case, APPROVERS, user, reason)
    return found


def granted(found: Proceeding, user: User) -> None:
    """It may be filed, inside the caller's transaction, if nothing came up since it was asked. Raises `NotReady`."""
    require(Procedure(found.procedure), court_ready.ready(found.case))
    _move(found, CourtState.APPROVED, user.username, "", _today(found.case))
    open_task(
        user.username, found.lender, "FILE_IN_COURT", _whom(found), about=About(found.case, "proceeding", found.pk)
    )


def refused(found: Proceeding, user: User, reason: str) -> None:
    """Back to its papers."""
    _move(found, CourtState.PREPARING, user.username, reason, _today(found.case))


@transaction.atomic
def step(user: User, proceeding_id: int, to: CourtState, said: Said) -> Proceeding:
    """Record what happened in court.

    Raises `NotYours`, `CourtRole`, `CourtStepImpossible`, `DayMissing`, `CourtDayAhead`, `NotReady`.
    """
    found = _locked(user, proceeding_id)
    if Role(user.role) not in MAY and found.firm_id != user.organisation_id:
        raise faults.CourtRole
    return _record(found, user.username, to, said)


def _record(found: Proceeding, actor: str, to: CourtState, said: Said) -> Proceeding:
    if to in {CourtState.ASKED, CourtState.APPROVED, CourtState.PREPARING}:
        move(CourtState(found.state), CourtState.CLOSED)  # asking and approving have doors of their own
    move(CourtState(found.state), to)
    on = said.on
    if on is None:
        raise faults.DayMissing(step=to.en, step_zh=to.zh, what="its day", what_zh="日期")
    if on > _today(found.case):
        raise faults.CourtDayAhead(on=on)
    if to == CourtState.FILED:
        require(Procedure(found.procedure), court_ready.ready(found.case))
    _take_over(found, to, said, on)
    _move(found, to, actor, said.note, on)
    _law(found, actor, to, said, on)
    return found


def _take_over(found: Proceeding, to: CourtState, said: Said, on: date) -> None:
    if to == CourtState.FILED:
        if not (said.court or found.court):
            raise faults.DayMissing(step=to.en, step_zh=to.zh, what="the court", what_zh="法院名称")
        found.filed_on = on
    if to == CourtState.DECIDED:
        found.decided_on = on
    if to == CourtState.EFFECTIVE:
        found.effective_on, found.perform_by = on, said.perform_by
    if to in OVER:
        found.ended_on = on
    found.court = (said.court or found.court)[:200]
    found.reference = (said.reference or found.reference)[:100]
    found.served_on = said.served_on or found.served_on
    found.awarded = found.awarded if said.awarded is None else said.awarded
    if to in OVER | {CourtState.DECIDED}:
        found.outcome = said.note[:300] or found.outcome


def _law(found: Proceeding, actor: str, to: CourtState, said: Said, on: date) -> None:
    """What the step is in law: the clocks hold from the filing, end with the procedure, and a judgment settles the claim."""
    proof, kind = Proof("proceeding", found.pk), Procedure(found.procedure)
    if to == CourtState.FILED:
        legal_events.record(actor, found.case, HAPPENED[kind], on, proof)
    elif said.served_on is not None and to not in OVER:
        legal_events.end(actor, proof, Until(served_on=said.served_on))
    if to == CourtState.EFFECTIVE and kind in TITLES:
        legal_events.end(actor, proof, Until(ended_on=on, served_on=found.served_on))
        legal_events.record(actor, found.case, Happened.JUDGMENT, on, proof, until=Until(perform_by=said.perform_by))
    if to in OVER:
        lost = to != CourtState.CLOSED
        legal_events.end(actor, proof, Until(ended_on=on, served_on=found.served_on, withdrawn=lost))
    if to == CourtState.CLOSED and kind == Procedure.ENFORCEMENT and said.failed:
        legal_events.record(actor, found.case, Happened.ENFORCEMENT_FAILED, on, proof)


def _move(found: Proceeding, to: CourtState, actor: str, note: str, on: date) -> None:
    """The one place where a procedure changes its state: history, deadlines and tasks follow."""
    before = CourtState(found.state)
    found.state = move(before, to)
    found.save()
    _step(found, actor, to.name, on, note)
    audit.write(
        actor, f"court.{to.name.lower()}", "proceeding", found.pk, case=found.case_id, before=before.name, on=on
    )
    end_about(actor, "proceeding", found.pk, to.en)
    found.deadlines.filter(done_on=None).exclude(kind__startswith=SET).update(done_on=on)
    if to in OVER:
        _end_set_days(found, actor, on)
        approvals.withdraw(KIND, found.pk, actor)
        found.hearings.filter(state="SET").update(state="MOVED")
    for deadline in load_court().after(Procedure(found.procedure), to, on):
        start = found.perform_by or on if deadline.code == "ENFORCE" else on
        last, provisional = deadline.clock.last(start)
        basis = deadline.clock.basis(start)
        ProceedingDeadline.objects.update_or_create(
            proceeding=found, kind=deadline.code,
            defaults={"due_on": last, "provisional": provisional, "basis": basis, "done_on": None},
        )  # fmt: skip
        open_task(actor, found.lender, "COURT_DEADLINE", _whom(found), due=Due(last, clock=basis), detail=deadline.label,
                  about=About(found.case, "proceeding", found.pk))  # fmt: skip


@transaction.atomic
def set_day(user: User, proceeding_id: int, code: str, due: date) -> ProceedingDeadline:
    """A day the court set by its own paper: for evidence, for a fee, for claims in a bankruptcy; it becomes a task.

    Raises `NotYours`, `CourtRole`, `CourtStepImpossible`, `NoSuchDay`.
    """
    found = _locked(user, proceeding_id)
    _may(user, found)
    if CourtState(found.state) in OVER:
        move(CourtState(found.state), CourtState.HEARD)
    label = load_court().set_days.get(code)
    if label is None or due < _today(found.case):
        raise faults.NoSuchDay(due=due)
    basis: dict[Lang, str] = {
        "zh": f"法院或仲裁机构指定：{label['zh']}",
        "en": f"Set by the court or tribunal: {label['en']}",
    }
    made, _ = ProceedingDeadline.objects.update_or_create(
        proceeding=found,
        kind=SET + code,
        defaults={"due_on": due, "provisional": False, "basis": basis, "done_on": None},
    )
    end_about(user.username, SET_DAY, made.pk, "another day was set", done=False)
    open_task(user.username, found.lender, "COURT_DEADLINE", _whom(found), due=Due(due, clock=basis), detail=label,
              about=About(found.case, SET_DAY, made.pk))  # fmt: skip
    _step(found, user.username, "DAY_SET", _today(found.case), "", day=str(due), code=code)
    audit.write(user.username, "court.set-day", "proceeding", found.pk, code=code, due=due)
    return made


@transaction.atomic
def day_kept(user: User, deadline_id: int) -> ProceedingDeadline:
    """What was due on a day the court set has been done. Raises `NotYours`, `CourtRole`."""
    row = ProceedingDeadline.objects.filter(pk=deadline_id, kind__startswith=SET, done_on=None).first()
    if row is None:
        raise access.NotYours
    found = _locked(user, row.proceeding_id)
    _may(user, found)
    row.done_on = _today(found.case)
    row.save(update_fields=["done_on"])
    end_about(user.username, SET_DAY, row.pk, "done")
    _step(found, user.username, "DAY_KEPT", row.done_on, "", code=row.kind)
    audit.write(user.username, "court.day-kept", "proceeding", found.pk, code=row.kind)
    return row


def _end_set_days(found: Proceeding, actor: str, on: date) -> None:
    """With the procedure its days are over."""
    for row in found.deadlines.filter(done_on=None):
        end_about(actor, SET_DAY, row.pk, "the procedure is over", done=False)
    found.deadlines.filter(done_on=None).update(done_on=on)


@transaction.atomic
def agree_arbitration(user: User, case_id: int, institution: str, note: str) -> int:
    """Record that the contracts of a case send their disputes to an institution, and where that stands; for how many debts.

    Raises `NotYours`, `CourtRole`, `AgreementMissing`.
    """
    case = access.get_case(user, case_id)
    lock_person(case.customer_id)
    _may(user)
    if not institution.strip() or not note.strip():
        raise faults.AgreementMissing
    debts = Account.objects.filter(customer_id=case.customer_id, lender_id=case.lender_id)
    open_ones = debts.exclude(pk__in=ArbitrationAgreement.objects.filter(void_at=-1).values("account"))
    made = [
        ArbitrationAgreement.objects.create(account=debt, institution=institution.strip()[:200], note=note.strip()[:300],
                                            recorded_by=user, at=clock.now_minute())
        for debt in open_ones.order_by("pk")
    ]  # fmt: skip
    audit.write(user.username, "court.arbitration", "case", case.pk, debts=[row.account_id for row in made])
    return len(made)


@transaction.atomic
def void_arbitration(user: User, case_id: int, reason: str) -> int:
    """The agreements recorded for a case were recorded wrongly; how many. Raises `NotYours`, `CourtRole`, `CourtReason`."""
    case = access.get_case(user, case_id)
    lock_person(case.customer_id)
    _may(user)
    if not reason.strip():
        raise faults.CourtReason
    standing = ArbitrationAgreement.objects.filter(account__customer_id=case.customer_id, void_at=-1)
    gone = standing.update(void_at=clock.now_minute(), void_why=reason.strip()[:300])
    audit.write(user.username, "court.arbitration-void", "case", case.pk, reason=reason.strip()[:300], rows=gone)
    return gone


def _step(found: Proceeding, actor: str, name: str, on: date, note: str, **data: object) -> None:
    ProceedingStep.objects.create(proceeding=found, at=clock.now_minute(), on=on, actor=actor, step=name, note=note.strip(),
                                  data=data)  # fmt: skip


@transaction.atomic
def set_hearing(user: User, proceeding_id: int, at: int, place: str) -> Hearing:
    """A day in court, with a task for whoever goes. Raises `NotYours`, `CourtRole`, `CourtStepImpossible`."""
    found = _locked(user, proceeding_id)
    _may(user, found)
    if CourtState(found.state) not in IN_COURT:
        move(CourtState(found.state), CourtState.HEARD)
    made = Hearing.objects.create(proceeding=found, at=at, place=place.strip()[:200])
    day = clock.business_date(at, found.lender.zone)
    _step(found, user.username, "HEARING", _today(found.case), place, hearing=made.pk)
    open_task(user.username, found.lender, "GO_TO_HEARING", _whom(found), due=Due(day, at=at),
              about=About(found.case, "hearing", made.pk))  # fmt: skip
    audit.write(user.username, "court.hearing", "proceeding", found.pk, at=at)
    return made


@transaction.atomic
def hearing_held(user: User, hearing_id: int, outcome: str, *, moved: bool = False) -> Hearing:
    """What came of a hearing. Raises `NotYours`, `CourtRole`, `CourtReason`."""
    hearing = Hearing.objects.select_related("proceeding").filter(pk=hearing_id, state="SET").first()
    if hearing is None:
        raise access.NotYours
    found = _locked(user, hearing.proceeding_id)
    _may(user, found)
    if not outcome.strip():
        raise faults.CourtReason
    hearing.state, hearing.outcome = "MOVED" if moved else "HELD", outcome.strip()[:300]
    hearing.save(update_fields=["state", "outcome"])
    end_about(user.username, "hearing", hearing.pk, hearing.outcome, done=not moved)
    _step(found, user.username, "HEARING_MOVED" if moved else "HEARING_HELD", _today(found.case), outcome)
    audit.write(user.username, "court.hearing-held", "proceeding", found.pk, hearing=hearing.pk, moved=moved)
    return hearing


@transaction.atomic
def add_cost(user: User, proceeding_id: int, kind: CourtCost, amount: int, on: date, ref: str) -> ProceedingCost:
    """Book what was paid: a line of the ledger under costs of enforcement. The same receipt told again changes nothing.

    Raises `NotYours`, `CourtRole`, `NotACost`, `CourtDayAhead`.
    """
    found = _locked(user, proceeding_id)
    _may(user, found)
    if amount <= 0 or not ref.strip():
        raise faults.NotACost(amount=amount)
    if on > _today(found.case):
        raise faults.CourtDayAhead(on=on)
    there = found.costs.filter(kind=kind, ref=ref.strip()[:120]).first()
    if there is not None:
        return there
    account = Account.objects.filter(customer_id=found.case.customer_id, lender_id=found.lender_id).order_by("pk")[0]
    posting = Posting.objects.create(
        account=account, value_date=on, component=Component.COSTS, amount=amount, kind=PostingKind.COST,
        ref=f"court {found.pk} {kind.name}"[:120], booked_at=clock.wall(),
    )  # fmt: skip
    made = ProceedingCost.objects.create(
        proceeding=found, kind=kind, on=on, amount=amount, account=account, posting=posting, ref=ref.strip()[:120]
    )
    _step(found, user.username, "COST", on, "", cost=made.pk, amount=amount)
    audit.write(user.username, "court.cost", "proceeding", found.pk, kind=kind.name, amount=amount, posting=posting.pk)
    return made


@transaction.atomic
def hand_over(user: User, proceeding_id: int, firm_code: str, reason: str) -> Proceeding:
    """Give the procedure to a law firm. Raises `NotYours`, `CourtRole`, `CourtReason`, `NotALawFirm`, `HandedOver`."""
    found = _locked(user, proceeding_id)
    _may(user)
    firm = Organisation.objects.filter(code=firm_code, law_firm=True).first()
    if firm is None:
        raise faults.NotALawFirm(firm=firm_code)
    if (found.firm_id is not None and found.returned_on is None) or CourtState(found.state) in OVER:
        raise faults.HandedOver
    if not reason.strip():
        raise faults.CourtReason
    found.firm, found.handed_on, found.returned_on = firm, _today(found.case), None
    found.save(update_fields=["firm", "handed_on", "returned_on"])
    _step(found, user.username, "HAND_OVER", found.handed_on, reason, firm=firm.code)
    audit.write(user.username, "court.hand-over", "proceeding", found.pk, reason=reason.strip()[:300], firm=firm.code)
    return found


@transaction.atomic
def take_back(user: User, proceeding_id: int, reason: str) -> Proceeding:
    """The firm gives it back. Raises `NotYours`, `CourtRole`, `CourtReason`, `HandedOver`."""
    found = _locked(user, proceeding_id)
    _may(user)
    if found.firm_id is None or found.returned_on is not None:
        raise faults.HandedOver
    if not reason.strip():
        raise faults.CourtReason
    found.returned_on = _today(found.case)
    found.save(update_fields=["returned_on"])
    _step(found, user.username, "TAKE_BACK", found.returned_on, reason)
    audit.write(user.username, "court.take-back", "proceeding", found.pk, reason=reason.strip()[:300])
    return found


def _whom(found: Proceeding) -> Whom:
    if found.case.owner is not None and found.case.closed_on is None and found.case.team is not None:
        return Whom(team=found.case.team, role=Role.LEAD)
    return Whom(role=Role.COMPLIANCE)


def _may(user: User, found: Proceeding | None = None) -> None:
    if Role(user.role) not in MAY and (found is None or found.firm_id != user.organisation_id):
        raise faults.CourtRole


def _today(case: Case) -> date:
    return clock.business_date(clock.now_minute(), case.lender.zone)


def _locked(user: User, proceeding_id: int) -> Proceeding:
    lock_person(access.get_proceeding(user, proceeding_id).case.customer_id)
    return access.get_proceeding(user, proceeding_id)


def today_for(user: User) -> date:
    """The business date where the user's organisation is."""
    return clock.business_date(clock.now_minute(), user.organisation.zone)
