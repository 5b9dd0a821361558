"""Plans from the first word to the last: means are said, a plan is proposed, approved, accepted, replaced or cancelled.

What is proposed is worked out anew by the engine from what is on the book; nobody can propose what it does not offer. What
becomes of an accepted plan follows from payments (`plan_judge`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction

from fairdue.core.codes import Component, Role, Sure, Told, Word
from fairdue.core.consent import Consent
from fairdue.core.errors import Fault
from fairdue.core.ledger import PostingKind
from fairdue.core.money import format_minor
from fairdue.core.plan_state import OFFERED, RUNNING, PlanState
from fairdue.core.plan_terms import Hardship
from fairdue.core.plans import Offer, Refused, find
from fairdue.store import access, agreements, audit, clock, decide, offers
from fairdue.store.access import NotYours
from fairdue.store.actions import approvals, learn, plan_judge, tasks
from fairdue.store.locks import lock_person
from fairdue.store.models import Account, Case, Means, OwnPromise, Plan, PlanEvent, PlanPayment, User, WorkItem

KIND = "plan"  # of approval
MAY_PROPOSE = frozenset({Role.COLLECTOR, Role.LEAD, Role.FINANCE})
LARGEST = 10**12


class NotOffered(Fault):
    """The engine does not offer it."""

    code = "plan.not-offered"
    en, en_remedy = "This is not offered: {why}", "Choose one of the options that are offered."
    zh, zh_remedy = "不能提供该方案：{why_zh}", "请从可提供的方案中选择。"


class NotOpen(Fault):
    """The proposal has gone on, or ended."""

    code = "plan.not-open"
    en, en_remedy = "This proposal is not open: {state}.", "Open the case again and see where it stands."
    zh, zh_remedy = "该方案当前状态为“{state_zh}”，不能进行此操作。", "请重新打开案件查看最新状态。"


class FiguresChanged(Fault):
    """What is owed is not what it was when the plan was worked out."""

    code = "plan.figures-changed"
    en = "What is owed has changed since the plan was worked out: {before} then, {now} now."
    en_remedy = "Work the plan out again, read the new figures to the borrower, and record the consent to those."
    zh = "方案测算后欠款已变化：当时 {before}，现在 {now}。"
    zh_remedy = "请重新测算，向借款人说明新金额后再登记同意。"


class ConsentNeeded(Fault):
    """An agreement is as good as the record of it."""

    code = "plan.consent-needed"
    en, en_remedy = (
        "The consent must be recorded.",
        "Say how it was given, and in which words or where the recording is.",
    )
    zh, zh_remedy = "须登记借款人的同意。", "请填写同意方式，以及对方原话或录音所在。"


class PlanRuns(Fault):
    """A debt has one running plan at a time."""

    code = "plan.runs"
    en, en_remedy = "A plan already performs on this debt.", "Re-plan it, and say why."
    zh, zh_remedy = "该笔债务已有履行中的方案。", "如需调整，请重新制定方案并填写原因。"


class PlanReason(Fault):
    """Every change has a reason."""

    code = "plan.reason-needed"
    en, en_remedy = "A reason is needed.", "Say in a few words why."
    zh, zh_remedy = "须填写原因。", "请简要说明原因。"


class MeansWrong(Fault):
    """A figure cannot be right."""

    code = "means.wrong"
    en, en_remedy = "The figure for {line} cannot be right.", "Write an amount a month of zero or more."
    zh, zh_remedy = "“{line}”的数值有误。", "请填写不小于零的月度金额。"


@dataclass(frozen=True)
class Said:
    """What a person said of income and outgoings: minor units a month, lines that were not said left out."""

    income: Mapping[str, tuple[int, bool]] = field(default_factory=dict)
    outgoings: Mapping[str, int] = field(default_factory=dict)
    place: str = ""
    adults: int = 1
    children: int = 0
    hardship: Hardship = Hardship.NONE
    pay_day: int = 0
    lump: int | None = None
    words: str = ""


@transaction.atomic
def say_means(user: User, case_id: int, said: Said) -> Means:
    """Keep what was said, beside what was said before. Raises `NotYours`, `MeansWrong`."""
    case = _mine(user, case_id)
    _check(said)
    made = Means.objects.create(
        case=case, on=_today(case), by=user, place=said.place.strip()[:80], adults=said.adults, children=said.children,
        hardship=said.hardship, pay_day=said.pay_day, lump=said.lump, words=said.words.strip(),
        income={line: {"amount": amount, "evidenced": proven} for line, (amount, proven) in said.income.items()},
        outgoings=dict(said.outgoings),
    )  # fmt: skip
    learn.keep(case, None, user, _facts(said, case), _origin(said), made.on)
    audit.write(user.username, "means.say", "means", made.pk, case=case.pk)
    return made


CAUSES = {
    Hardship.JOB_LOSS: "JOB_LOST", Hardship.ILLNESS: "ILLNESS", Hardship.INCOME_FELL: "INCOME_FELL",
    Hardship.OVER_INDEBTED: "OVER_INDEBTED",
}  # fmt: skip


def _facts(said: Said, case: Case) -> dict[str, str]:
    """What the talk wants to know of it, so that nobody asks again."""
    money = case.lender.exponent
    facts = {"cause": CAUSES.get(said.hardship, ""), "payday": str(said.pay_day or ""),
             "household": str(said.adults + said.children)}  # fmt: skip
    if said.income:
        facts["income"] = format_minor(sum(amount for amount, _ in said.income.values()), money)
    if said.outgoings:
        facts["outgoings"] = format_minor(sum(said.outgoings.values()), money)
    return facts


def _origin(said: Said) -> learn.From:
    shown = bool(said.income) and all(proven for _, proven in said.income.values())
    return learn.From(Told.BORROWER, Sure.SHOWN if shown else Sure.SAID)


def _check(said: Said) -> None:
    lines = {line: amount for line, (amount, _) in said.income.items()} | dict(said.outgoings)
    lines |= {} if said.lump is None else {"lump": said.lump}
    lines |= {"adults": said.adults - 1, "children": said.children}
    for line, amount in lines.items():
        if not 0 <= amount <= LARGEST:
            raise MeansWrong(line=line)


@transaction.atomic
def propose(user: User, case_id: int, account_id: int, code: str, months: int, reason: str = "") -> Plan:
    """Propose one of the options the engine offers to this user for this debt; beyond their authority it waits for approval.

    An earlier proposal that is still open gives way. Over a plan that performs it is a re-plan and needs a reason.
    Raises `NotYours`, `NotOffered`, `PlanReason`.
    """
    case = _mine(user, case_id)
    account = _account(case, account_id)
    lock_person(case.customer_id)
    running = account.plans.filter(state__in=[int(s) for s in RUNNING]).first()
    if running is not None and not reason.strip():
        raise PlanReason
    asked, offer = _offer(user, case, account, code, months)
    for open_one in account.plans.filter(state__in=[int(s) for s in OFFERED]):
        _end_offer(open_one, PlanState.CANCELLED, user, "")
    plan = _made(user, case, asked, offer, reason)
    plan.supersedes = running or account.plans.filter(state=int(PlanState.BROKEN)).order_by("-pk").first()
    plan.save()
    _schedule(plan, offer)
    _event(plan, -1, user, reason)
    if offer.approvers:
        asked_for = approvals.ask(KIND, plan.pk, case, offer.approvers, user, reason)
        _word_kept(case, asked_for.pk)
    audit.write(user.username, "plan.propose", "plan", plan.pk, reason=reason, case=case.pk, account=account.pk, code=code,
                months=months, total=offer.total, revision=asked.book.revision)  # fmt: skip
    return plan


def _word_kept(case: Case, approval: int) -> None:
    """A promise of ours to apply for a waiver is kept by having applied."""
    words = OwnPromise.objects.filter(case=case, kind=Word.WAIVER, done_at__lt=0)
    words.update(done_at=clock.now_minute(), done_text=f"approval {approval}")


def _offer(user: User, case: Case, account: Account, code: str, months: int) -> tuple[offers.Asked, Offer]:
    asked = offers.ask(case, account, Role(user.role), _today(case))
    offer = find(asked.found, code, months)
    if offer is None:
        refused = next((r for r in asked.found.refused if (r.code, r.months) == (code, months)), None)
        raise NotOffered(
            why=_why(asked, refused, account.exponent, "en"), why_zh=_why(asked, refused, account.exponent, "zh")
        )
    return asked, offer


def _why(asked: offers.Asked, refused: Refused | None, exponent: int, lang: str) -> str:
    found = refused.why if refused else asked.found.why
    joint = "" if lang == "zh" else " "
    return joint.join(w.sentence("zh" if lang == "zh" else "en", exponent) for w in found)


def _made(user: User, case: Case, asked: offers.Asked, offer: Offer, reason: str) -> Plan:
    terms = asked.book.terms
    if terms is None:  # an offer without terms cannot be
        raise NotOffered(why="", why_zh="")
    return Plan(
        case=case, account=asked.account, means=offers.newest_means(case),
        state=int(PlanState.AWAITING if offer.approvers else PlanState.PROPOSED), code=offer.code, kind=offer.kind,
        months=offer.months, proposed_by=user, proposed_on=asked.situation.on, reason=reason.strip()[:300],
        balances=list(asked.situation.balances), waived=list(offer.waived), at_end=offer.at_end, total=offer.total,
        interest=offer.interest, annual_ppm=offer.annual_ppm, eac_ppm=offer.eac_ppm, pv=offer.pv,
        risk_ppm=offer.risk_ppm, share_ppm=offer.share_ppm, left=asked.judged.left, protected=asked.judged.protected,
        order=",".join(Component(c).name for c in offer.order), grace_days=terms.grace_days,
        break_days=terms.break_days, review_on=offer.review_on,
        approvers=",".join(role.name for role in offer.approvers), counts=offer.counts, terms=case.lender.terms,
        revision=asked.book.revision,
    )  # fmt: skip


def _schedule(plan: Plan, offer: Offer) -> None:
    PlanPayment.objects.bulk_create(
        PlanPayment(plan=plan, number=number, due_on=p.on, amount=p.amount, interest=p.interest)
        for number, p in enumerate(offer.payments, 1)
    )


def _event(plan: Plan, before: int, user: User, note: str) -> None:
    PlanEvent.objects.create(plan=plan, on=_today(plan.case), at=clock.now_minute(), state_from=before,
                             state_to=plan.state, by=user.username, note=note.strip()[:300])  # fmt: skip


@transaction.atomic
def accept(user: User, plan_id: int, how: Consent | None, words: str) -> Plan:
    """Record the borrower's consent; from now on the plan performs, and collection on the debt rests.

    Raises `NotYours`, `NotOpen`, `ConsentNeeded`, `FiguresChanged`.
    """
    plan = _open_plan(user, plan_id)
    if plan.state not in (PlanState.PROPOSED, PlanState.APPROVED):
        raise NotOpen(state=PlanState(plan.state).en, state_zh=PlanState(plan.state).zh)
    if how is None or not words.strip():
        raise ConsentNeeded
    today = _today(plan.case)
    _same_figures(plan, today)
    for other in plan.account.plans.filter(state__in=[int(s) for s in RUNNING]).exclude(pk=plan.pk):
        plan_judge.move(other, PlanState.SUPERSEDED, user.username, today, plan.reason)
    plan.account.refresh_from_db()
    plan.accepted_on, plan.accepted_at, plan.consent_how = today, clock.now_minute(), how
    plan.consent_words, plan.consent_by, plan.text_sha256 = words.strip(), user, agreements.digest(plan)
    plan.save()
    _waive_now(plan, today)
    plan.case.promises.filter(status="OPEN").update(status="SUPERSEDED")
    plan_judge.move(plan, PlanState.PERFORMING, user.username, today, plan.consent_words)
    tasks.end_about(user.username, KIND, plan.pk, plan.consent_words)
    _rest(plan, user)
    return plan


def _same_figures(plan: Plan, today: date) -> None:
    """The borrower agrees to figures; they must be those of today, and the first payment still ahead."""
    now = [int(b) for b in offers.debt_of(plan.account, plan.case, today).balances]
    first = plan.payments.order_by("number").first()
    if now != plan.balances or (first is not None and first.due_on <= today):
        raise FiguresChanged(before=sum(plan.balances), now=sum(now))


def _waive_now(plan: Plan, today: date) -> None:
    if plan.at_end:
        return
    for component in Component:
        if plan.waived[component]:
            plan_judge.post(plan, component, -plan.waived[component], PostingKind.WAIVER, today, f"plan {plan.pk}")


def _rest(plan: Plan, user: User) -> None:
    """The case rests: a deferral is looked at on its day; what was decided follows from the plan now."""
    case = plan.case
    case.callback_at = decide.day_start(plan.review_on, case.lender.zone) if plan.review_on else -1
    case.save(update_fields=["callback_at"])
    WorkItem.objects.filter(case=case, done_at__lt=0).update(done_at=clock.now_minute())
    decide.after_plan(case, plan, user)


@transaction.atomic
def work_out_again(user: User, plan_id: int) -> Plan:
    """The same option with today's figures, in place of a proposal whose figures have changed. Raises like `propose`."""
    plan = _open_plan(user, plan_id)
    return propose(user, plan.case_id, plan.account_id, plan.code, plan.months, plan.reason)


@transaction.atomic
def cancel(user: User, plan_id: int, reason: str) -> Plan:
    """Take a proposal back. A plan that was accepted is not cancelled: it is replaced, kept or broken. Raises `NotOpen`."""
    plan = _open_plan(user, plan_id)
    if plan.state not in OFFERED:
        raise NotOpen(state=PlanState(plan.state).en, state_zh=PlanState(plan.state).zh)
    if not reason.strip():
        raise PlanReason
    _end_offer(plan, PlanState.CANCELLED, user, reason)
    return plan


def _end_offer(plan: Plan, state: PlanState, user: User, reason: str) -> None:
    before = plan.state
    plan.state = state
    plan.save(update_fields=["state"])
    _event(plan, before, user, reason)
    approvals.withdraw(KIND, plan.pk, user.username)
    tasks.end_about(user.username, KIND, plan.pk, reason, done=False)
    audit.write(user.username, f"plan.{state.name.lower()}", "plan", plan.pk, reason=reason)


def granted(plan: Plan, user: User, counts: bool) -> None:
    """A second person approved it, inside the caller's transaction."""
    before = plan.state
    plan.state, plan.counts = PlanState.APPROVED, plan.counts and counts
    plan.save(update_fields=["state", "counts"])
    _event(plan, before, user, "" if plan.counts else "not counted for performance")
    _answer_due(plan, user)


def refused(plan: Plan, user: User, reason: str) -> None:
    """A second person refused it, inside the caller's transaction."""
    before = plan.state
    plan.state = PlanState.REJECTED
    plan.save(update_fields=["state"])
    _event(plan, before, user, reason)
    _answer_due(plan, user)


def _answer_due(plan: Plan, by: User) -> None:
    """Whoever asked owes the borrower the answer by tomorrow."""
    tasks.open_task(
        by.username, plan.case.lender, "ANSWER", _who_asked(plan),
        due=tasks.Due(on=_today(plan.case) + timedelta(days=1)), about=tasks.About(plan.case, "plan", plan.pk),
    )  # fmt: skip


def _who_asked(plan: Plan) -> tasks.Whom:
    """A colleague; for what a customer asked for on their own site, the owner of the case, else whoever leads."""
    if plan.proposed_by.is_active:
        return tasks.Whom(owner=plan.proposed_by)
    return tasks.Whom(owner=plan.case.owner) if plan.case.owner else tasks.Whom(team=plan.case.team, role=Role.LEAD)


def _mine(user: User, case_id: int) -> Case:
    """A case on which the user may propose: the owner's, or one a lead or finance reads. Raises `NotYours`."""
    case = access.get_case(user, case_id)
    owns = access.may_contact(user, case)
    if case.closed_on is not None or user.role not in MAY_PROPOSE or (user.role == Role.COLLECTOR and not owns):
        raise NotYours
    return case


def _account(case: Case, account_id: int) -> Account:
    account = case.customer.accounts.filter(pk=account_id).first()
    if account is None:
        raise NotYours
    return account


def _open_plan(user: User, plan_id: int) -> Plan:
    """The plan, its person locked. Raises `NotYours`."""
    plan = access.plans_for(user).filter(pk=plan_id).first()
    if plan is None:
        raise NotYours
    _mine(user, plan.case_id)
    lock_person(plan.account.customer_id)
    plan.refresh_from_db()
    return plan


def _today(case: Case) -> date:
    return clock.business_date(clock.now_minute(), case.lender.zone)
