"""Money that waits: kept with its candidates, nagging by a task, until a person assigns it or sends it back."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from fairdue.core.codes import Role
from fairdue.store import audit, clock
from fairdue.store.actions.tasks import About, Due, Whom, Words, end_about, open_task
from fairdue.store.matching import Found, fingerprint
from fairdue.store.models import Candidate, Case, Organisation, PaymentLine, Suspense, Task

NAG_DAYS = 3  # a judgement of ours: how long money may lie before it is somebody's task
CLOCK: Words = {"zh": f"到账后 {NAG_DAYS} 日内", "en": f"within {NAG_DAYS} days"}
AGES = (NAG_DAYS, 7, 14)  # judgements of ours: days after which the owner, the owner again, and the lead are told
AGAIN = 7  # and the lead again every so many days


def put(actor: str, line: PaymentLine, amount: int, found: Found) -> Suspense:
    """Keep what nobody could book, inside the caller's transaction."""
    today = clock.business_date(clock.now_minute(), line.lender.zone)
    made = Suspense.objects.create(lender=line.lender, line=line, amount=amount, reason=found.reason, since=today)
    Candidate.objects.bulk_create(
        Candidate(suspense=made, account=account, score=score, why=why) for account, score, why in found.candidates
    )
    _nag(actor, made)
    return made


def _nag(actor: str, waiting: Suspense) -> None:
    due = clock.business_date(clock.now_minute(), waiting.lender.zone) + timedelta(days=NAG_DAYS)
    open_task(
        actor, waiting.lender, "REFUND" if waiting.reason == "OVERPAID" else "ASSIGN_PAYMENT", Whom(role=Role.FINANCE),
        due=Due(due, clock=CLOCK),
        about=About(None, "suspense", waiting.pk),
    )  # fmt: skip


def level(days: int) -> int:
    """How often people should have been reminded of money that has lain for so many days."""
    passed = sum(days >= age for age in AGES)
    return passed + (days - AGES[-1]) // AGAIN if passed == len(AGES) else passed


@transaction.atomic
def nag(actor: str, lender: Organisation, on: date) -> dict[str, int]:
    """Remind of what still waits: whoever took it, else finance; from two weeks on a lead. The same day again does nothing."""
    told = {"owner": 0, "lead": 0}
    late = Suspense.objects.filter(lender=lender, state=Suspense.OPEN, since__lte=on - timedelta(days=NAG_DAYS))
    for waiting in late.select_for_update().order_by("since", "pk"):
        reached = level((on - waiting.since).days)
        if reached <= waiting.nags:
            continue
        end_about(actor, "suspense", waiting.pk, "reminded again", only=["SUSPENSE_AGES"], done=False)
        whom = _lead(waiting) if reached >= len(AGES) else _owner(waiting)
        days = (on - waiting.since).days
        about = About(None, "suspense", waiting.pk)
        open_task(actor, lender, "SUSPENSE_AGES", whom, due=Due(on + timedelta(days=1)), about=about,
                  detail={"zh": f"款项已待认领 {days} 日，第 {reached} 次提醒",
                          "en": f"Waits for {days} days; reminder {reached}"})  # fmt: skip
        told["lead" if reached >= len(AGES) else "owner"] += 1
        Suspense.objects.filter(pk=waiting.pk).update(nags=reached, nagged_on=on)
    if any(told.values()):
        audit.write(actor, "suspense.nag", "organisation", lender.pk, on=on, owner=told["owner"], lead=told["lead"])
    return told


def _owner(waiting: Suspense) -> Whom:
    """Whoever took the task, else whoever of finance takes it first."""
    task = Task.objects.filter(about="suspense", about_id=waiting.pk, state=Task.OPEN).exclude(owner=None).first()
    return Whom(owner=task.owner) if task else Whom(role=Role.FINANCE)


def _lead(waiting: Suspense) -> Whom:
    """The lead of the team that works the likeliest case, else any lead."""
    best = waiting.candidates.order_by("-score").first()
    case = Case.objects.filter(customer=best.account.customer_id, closed_on=None).first() if best else None
    return Whom(team=case.team if case else None, role=Role.LEAD)


def overpaid(actor: str, waiting: Suspense, left: int) -> None:
    """What is left after everything owed was paid goes back to the payer, inside the caller's transaction."""
    waiting.amount, waiting.reason, waiting.state = left, "OVERPAID", Suspense.OPEN
    waiting.save(update_fields=["amount", "reason", "state"])
    waiting.candidates.all().delete()
    _nag(actor, waiting)


def gone(actor: str, line: PaymentLine, reason: str) -> None:
    """Nothing is left to assign, inside the caller's transaction."""
    found = Suspense.objects.filter(line=line, state=Suspense.OPEN).first()
    if found is None:
        return
    Suspense.objects.filter(pk=found.pk).update(state=Suspense.DONE)
    end_about(actor, "suspense", found.pk, reason)
    audit.write(actor, "suspense.end", "suspense", found.pk, reason=reason)


def send_back(actor: str, line: PaymentLine, amount: int, on: date) -> PaymentLine:
    """What waits goes back to its payer: a line of its own, inside the caller's transaction; twice changes nothing."""
    identity = fingerprint("refund", line.identity)
    sent, new = PaymentLine.objects.get_or_create(
        lender=line.lender, identity=identity,
        defaults={"source": "REFUND", "paid_on": on, "amount": -amount, "currency": line.currency, "reason": "refund",
                  "payer_masked": line.payer_masked, "known_at": clock.wall(), "added_by": actor},
    )  # fmt: skip
    if new:
        gone(actor, line, "sent back to the payer")
        audit.write(actor, "payment.refund", "payment_line", sent.pk, line=line.pk, amount=amount)
    return sent
