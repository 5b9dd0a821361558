"""One debt walks by dates: a letter, the guarantor, a suit, a judgment, enforcement that fails, the guarantor again."""

from __future__ import annotations

from datetime import date, timedelta

import books
import cast
import legal_rows
from fairdue.core.codes import GuaranteeKind, Party, PointSource
from fairdue.core.happened import Happened
from fairdue.core.limitation import Standing
from fairdue.core.proceedings import CourtState, Procedure
from fairdue.rules.periods import PeriodKind
from fairdue.store import clock
from fairdue.store.actions import approvals, court, legal_events, people
from fairdue.store.actions.court import Said
from fairdue.store.actions.legal_events import Proof
from fairdue.store.actions.people import NewPerson
from fairdue.store.models import Account, Approval, Case, LegalClock, Link, Proceeding, Task
from fairdue.store.pages import legal
from worlds import World

DAY = timedelta(days=1)


def single() -> Case:
    return next(c for c in map(cast.case_of, [cast.COLLECTOR] * 9, range(9)) if c.customer.accounts.count() == 1)


def on(day: date) -> date:
    """The desk opens on that day."""
    clock.set_demo(cast.at(10, day))
    return day


def row(case: Case, kind: PeriodKind, person: int = -1) -> LegalClock:
    return LegalClock.objects.get(account__customer=case.customer, kind=kind, person_key=person)


def established(link: Link, fact: str, value: object) -> None:
    made = people.establish(cast.user(cast.COLLECTOR), link.pk, fact, value, "合同附件，档案室 A-12")
    if not made.holds:
        waiting = Approval.objects.get(kind="people", subject_id=made.pk)
        approvals.decide(cast.user(cast.OFFICER), waiting.pk, grant=True)


def go(made: Proceeding, to: CourtState, day: date, **said: object) -> Proceeding:
    return court.step(cast.user(cast.LEAD), made.pk, to, Said(on=on(day), **said))  # type: ignore[arg-type]


def approved(case: Case, procedure: Procedure) -> Proceeding:
    made = court.prepare(cast.user(cast.LEAD), case.pk, procedure, "worth more than asking", court="某区人民法院")
    court.ask(cast.user(cast.LEAD), made.pk, "papers complete")
    approvals.decide(cast.user(cast.FINANCE), Approval.objects.filter(kind="filing").latest("pk").pk, grant=True)
    return Proceeding.objects.get(pk=made.pk)


def enforced_in_vain(case: Case, link: Link, effective: date) -> date:
    """The judgment is enforced and nothing is found: the day on which the general guarantor may be turned to."""
    enforcement = approved(case, Procedure.ENFORCEMENT)
    go(enforcement, CourtState.FILED, effective + 20 * DAY)
    assert row(case, PeriodKind.ENFORCEMENT).standing == Standing.HELD
    go(enforcement, CourtState.ACCEPTED, effective + 25 * DAY)
    assert not LegalClock.objects.filter(kind=PeriodKind.GUARANTEE_LIMITATION, account__customer=case.customer).exists()
    failed = effective + 200 * DAY
    go(enforcement, CourtState.CLOSED, failed, failed=True)
    after = row(case, PeriodKind.GUARANTEE_LIMITATION, link.person_id)
    assert (after.start_on, after.standing) == (
        failed,
        Standing.RUNNING,
    )  # now the guarantor may no longer point to the debtor
    assert after.last is not None
    assert after.last.year == failed.year + 3
    return failed


def asked_about_any_day(case: Case, link: Link, failed: date) -> None:
    legal_events.record("letters", case, Happened.GUARANTOR_DEMAND, on(failed + 30 * DAY), Proof("letter", 99),
                        person=link.person)  # fmt: skip
    moved = row(case, PeriodKind.GUARANTEE_LIMITATION, link.person_id)
    assert moved.cause == Happened.GUARANTOR_DEMAND
    assert moved.cause_on == failed + 30 * DAY
    said = {line.kind: line for line in legal.clocks_on(case, failed + 31 * DAY).clocks}
    assert said[PeriodKind.GUARANTEE].standing == Standing.KEPT
    assert {event.kind for event in said[PeriodKind.LIMITATION].events} >= {
        Happened.DEMAND,
        Happened.SUIT,
        Happened.JUDGMENT,
    }
    past = {line.kind: line.standing for line in legal.clocks_on(case, books.AS_OF).clocks}
    assert past[PeriodKind.LIMITATION] == Standing.RUNNING, "asked about an earlier day, it says what held then"


def test_from_a_letter_to_a_failed_enforcement_every_clock_says_until_when_and_why(both: World) -> None:
    case = single()
    due = books.AS_OF - 170 * DAY
    Account.objects.filter(customer=case.customer).update(oldest_unpaid_due=due)
    link = people.add_person(
        cast.user(cast.COLLECTOR),
        case.pk,
        NewPerson("李四", Party.GUARANTOR, int(PointSource.CONTRACT), "借款合同第 3 页"),
    )
    legal_rows.complete(case)  # the contract is there, and a demand reached the debtor today
    established(link, "guarantee_kind", int(GuaranteeKind.GENERAL))
    assert row(case, PeriodKind.LIMITATION).cause == Happened.DEMAND
    held = row(case, PeriodKind.GUARANTEE, link.person_id)
    assert held.standing == Standing.RUNNING
    assert held.last is not None
    assert 0 <= (held.last - books.AS_OF).days <= 20  # six months from the due date
    assert Task.objects.filter(kind="CLOCK_RUNS_OUT", about_id=held.pk, state=Task.OPEN).exists()

    suit = approved(case, Procedure.SUIT)  # a general guarantor is kept by suing the debtor in time
    filed = books.AS_OF + DAY
    go(suit, CourtState.FILED, filed)
    assert row(case, PeriodKind.LIMITATION).standing == Standing.HELD
    kept = row(case, PeriodKind.GUARANTEE, link.person_id)
    assert (kept.standing, kept.cause) == (Standing.KEPT, Happened.SUIT)
    go(suit, CourtState.ACCEPTED, filed + 5 * DAY)
    go(suit, CourtState.DECIDED, filed + 60 * DAY, awarded=suit.claim)
    effective = filed + 80 * DAY
    go(suit, CourtState.EFFECTIVE, effective, perform_by=effective + 10 * DAY)
    assert row(case, PeriodKind.LIMITATION).standing == Standing.SETTLED
    before = row(case, PeriodKind.ENFORCEMENT)
    assert before.start_on == effective + 10 * DAY
    assert before.standing == Standing.RUNNING

    failed = enforced_in_vain(case, link, effective)
    asked_about_any_day(case, link, failed)
