"""Legal events: what starts, interrupts, holds, suspends or ends a period, recorded once with the evidence that proves it.

`record` is for the actions of the system (a letter's delivery, a filing): the same event told again changes nothing. Clocks of
the customer are reckoned anew in the same transaction, so what a delivery saves is saved at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from fairdue.core.codes import Role
from fairdue.core.errors import Fault
from fairdue.core.happened import OBSTACLES, PROCEDURES, Happened
from fairdue.store import access, audit, clock, vault
from fairdue.store.actions import legal_clocks
from fairdue.store.locks import lock_person
from fairdue.store.models import Account, Case, KeptFile, LegalEvent, Person, User

BY_HAND = frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE, Role.FINANCE})
AFTER_REVIEW = frozenset({Happened.WAIVED, Happened.JUDGMENT, Happened.ACCELERATED, Happened.ENFORCEMENT_FAILED})
REVIEWERS = frozenset({Role.LEAD, Role.COMPLIANCE})
LASTING = PROCEDURES | OBSTACLES


class EventAhead(Fault):
    """What has not happened proves nothing."""

    code = "legal.ahead"
    en, en_remedy = "{on} has not come yet.", "Enter the day on which it happened."
    zh, zh_remedy = "{on} 尚未到来。", "请填写实际发生的日期。"


class EvidenceNeeded(Fault):
    """An event nobody can prove interrupts nothing."""

    code = "legal.no-evidence"
    en, en_remedy = "“{kind}” needs evidence.", "Add the file, or name the letter, contact or procedure that proves it."
    zh, zh_remedy = "“{kind_zh}”须有证据。", "请上传文件，或注明作为证据的信函、联系或程序。"


class EndsBeforeItBegan(Fault):
    """The days contradict each other."""

    code = "legal.ends-first"
    en, en_remedy = "It cannot end on {ended}, before it began on {on}.", "Correct the days."
    zh, zh_remedy = "结束日 {ended} 早于开始日 {on}。", "请更正日期。"


class ReviewerNeeded(Fault):
    """Some events change so much that a lead or compliance must look at their evidence."""

    code = "legal.reviewer"
    en, en_remedy = "“{kind}” is recorded by a team lead or compliance.", "Give them the document."
    zh, zh_remedy = "“{kind_zh}”须由主管或合规登记。", "请将材料交主管或合规人员。"


class AlreadyVoid(Fault):
    """It was declared void before."""

    code = "legal.void"
    en, en_remedy = "This event was declared void before.", "Nothing needs to be done."
    zh, zh_remedy = "该事件已作废。", "无需再次操作。"


class VoidReason(Fault):
    """Every correction has a reason."""

    code = "legal.void-reason"
    en, en_remedy = "Declaring an event void needs a reason.", "Say what was wrong with it."
    zh, zh_remedy = "作废须填写原因。", "请说明错在何处。"


@dataclass(frozen=True)
class Proof:
    """What proves an event: the kind and number of a row (letter, attempt, proceeding …), or a file in the vault."""

    kind: str
    id: int | None = None
    file: KeptFile | None = None


@dataclass(frozen=True)
class Until:
    """How a lasting event ended; nothing of it is known while it goes on."""

    ended_on: date | None = None
    perform_by: date | None = None
    served_on: date | None = None
    withdrawn: bool = False


@transaction.atomic
def record(
    actor: str, case: Case, kind: Happened, on: date, proof: Proof, *, until: Until = Until(),
    accounts: Iterable[Account] | None = None, person: Person | None = None, note: str = "",
) -> list[LegalEvent]:  # fmt: skip
    """Record an event for debts of a case's customer: those given, else all. `person`: the guarantor it concerns.

    Told again with the same proof, it changes nothing. Raises `EventAhead`, `EvidenceNeeded`, `EndsBeforeItBegan`.
    """
    lock_person(case.customer_id)
    _check(case, kind, on, proof, until)
    debts = (
        list(Account.objects.filter(customer_id=case.customer_id, lender_id=case.lender_id))
        if accounts is None
        else accounts
    )
    made = [found for debt in debts if (found := _keep(actor, case, debt, kind, on, proof, until, person, note))]
    if made:
        audit.write(actor, "legal.record", "case", case.pk, kind=kind.name, on=on, evidence=proof.kind,
                    evidence_id=proof.id, accounts=[event.account_id for event in made])  # fmt: skip
        legal_clocks.refresh(actor, case.lender, case.customer_id)
    return made


def _check(case: Case, kind: Happened, on: date, proof: Proof, until: Until) -> None:
    if on > clock.business_date(clock.now_minute(), case.lender.zone):
        raise EventAhead(on=on)
    if not proof.kind.strip():
        raise EvidenceNeeded(kind=kind.en, kind_zh=kind.zh)
    if until.ended_on is not None and until.ended_on < on:
        raise EndsBeforeItBegan(ended=until.ended_on, on=on)


def _keep(  # noqa: PLR0917 - one row, every column of it
    actor: str, case: Case, debt: Account, kind: Happened, on: date, proof: Proof, until: Until, person: Person | None,
    note: str,
) -> LegalEvent | None:  # fmt: skip
    key = f"{kind.name}:{person.pk if person else 0}:{proof.kind}:{proof.id if proof.id is not None else on}"
    if LegalEvent.objects.filter(account=debt, key=key, void_at=-1).exists():
        return None
    return LegalEvent.objects.create(
        lender_id=case.lender_id, account=debt, case=case, person=person, kind=kind, on=on, ended_on=until.ended_on,
        perform_by=until.perform_by, served_on=until.served_on, withdrawn=until.withdrawn, evidence=proof.kind,
        evidence_id=proof.id, file=proof.file, key=key, note=note.strip()[:300], recorded_by=actor, at=clock.now_minute(),
    )  # fmt: skip


@transaction.atomic
def end(actor: str, proof: Proof, until: Until) -> int:
    """A procedure or an obstacle has ended, or its papers were served; how many events that changes."""
    found = list(LegalEvent.objects.filter(evidence=proof.kind, evidence_id=proof.id, void_at=-1, kind__in=LASTING)
                 .select_related("lender"))  # fmt: skip
    for event in found:
        if until.ended_on is not None and until.ended_on < event.on:
            raise EndsBeforeItBegan(ended=until.ended_on, on=event.on)
        event.ended_on = event.ended_on or until.ended_on  # what has ended stays ended on that day
        event.served_on = until.served_on or event.served_on
        event.withdrawn = until.withdrawn or event.withdrawn
        event.save(update_fields=["ended_on", "served_on", "withdrawn"])
    if found:
        audit.write(actor, "legal.end", proof.kind, proof.id, ended_on=until.ended_on, served_on=until.served_on,
                    withdrawn=until.withdrawn, events=[event.pk for event in found])  # fmt: skip
        for customer in sorted({event.account.customer_id for event in found}):
            legal_clocks.refresh(actor, found[0].lender, customer)
    return len(found)


@transaction.atomic
def record_by_hand(
    user: User, case_id: int, kind: Happened, on: date, *, until: Until = Until(), note: str = "",
    guarantor_id: int | None = None, file: tuple[str, str, bytes] | None = None,
) -> list[LegalEvent]:  # fmt: skip
    """Record what came on paper: its file (name, media type, bytes) is kept in the vault as the evidence.

    Raises `NotYours`, `ReviewerNeeded`, and like `record`.
    """
    case = access.get_case(user, case_id)
    if Role(user.role) not in (REVIEWERS if kind in AFTER_REVIEW else BY_HAND):
        raise ReviewerNeeded(kind=kind.en, kind_zh=kind.zh)
    if file is None and len(note.strip()) < 2:  # noqa: PLR2004 - a word that says where the proof lies
        raise EvidenceNeeded(kind=kind.en, kind_zh=kind.zh)
    person = None
    if guarantor_id is not None:
        person = Person.objects.filter(pk=guarantor_id, linked_to__customer=case.customer_id).first()
        if person is None:
            raise access.NotYours
    kept = None
    if file is not None:
        name, media_type, data = file
        kept = vault.keep(data, name=name, media_type=media_type, kind="legal-evidence", keep_until=None,
                          actor=user.username, lender=case.lender, person=case.customer)  # fmt: skip
    proof = Proof("file", kept.pk, kept) if kept else Proof("note")
    return record(user.username, case, kind, on, proof, until=until, person=person, note=note)


@transaction.atomic
def void(user: User, event_id: int, reason: str) -> LegalEvent:
    """Declare an event void: it was recorded by mistake. Raises `NotYours`, `ReviewerNeeded`, `AlreadyVoid`, `VoidReason`."""
    event = LegalEvent.objects.select_related("lender", "account").filter(
        pk=event_id, case__in=access.cases_for(user)
    ).first()  # fmt: skip
    if event is None:
        raise access.NotYours
    kind = Happened(event.kind)
    if Role(user.role) not in REVIEWERS:
        raise ReviewerNeeded(kind=kind.en, kind_zh=kind.zh)
    if event.void_at >= 0:
        raise AlreadyVoid
    if not reason.strip():
        raise VoidReason
    lock_person(event.account.customer_id)
    event.void_by, event.void_why, event.void_at = user.username, reason.strip()[:300], clock.now_minute()
    event.save(update_fields=["void_by", "void_why", "void_at"])
    audit.write(user.username, "legal.void", "legal_event", event.pk, reason=reason.strip()[:300], kind=kind.name)
    legal_clocks.refresh(user.username, event.lender, event.account.customer_id)
    return event
