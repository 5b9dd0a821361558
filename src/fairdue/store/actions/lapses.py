"""A period that ran out, or is let run out: somebody decides what becomes of the debt, and a second person approves it.

Until that is done the lapse stays open on the lead's board, in the list and in its task: nothing lapses silently.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Sum

from fairdue.core.codes import Role
from fairdue.core.errors import Fault, Lang
from fairdue.core.limitation import Standing
from fairdue.rules.periods import WINDOWS, PeriodKind
from fairdue.rules.windows import load_windows
from fairdue.store import access, audit, clock
from fairdue.store.actions import approvals
from fairdue.store.actions.tasks import end_about
from fairdue.store.models import LapseDecision, LegalClock, User

CHOICES: Mapping[str, Mapping[Lang, str]] = {
    "WRITE_OFF": {"zh": "核销", "en": "Write the debt off"},
    "LET_LAPSE": {"zh": "不再主张，任其届满", "en": "Let it lapse: not worth pursuing"},
    "VOLUNTARY": {"zh": "仅接受自愿还款，不起诉", "en": "Only take what is paid willingly; no court"},
}
OF_WINDOWS: Mapping[str, Mapping[Lang, str]] = {
    "LATE_ANSWER": {
        "zh": "逾期原因已说明，仍须尽快答复",
        "en": "Late for the reason given; it is still to be answered",
    },
    "KEEP_LONGER": {"zh": "有合法理由，继续保存记录", "en": "Keep the records longer, for the lawful reason given"},
}
EVERY = {**CHOICES, **OF_WINDOWS}


def choices_for(kind: int) -> Mapping[str, Mapping[Lang, str]]:
    """What can be decided about a clock of that kind that ran out; nothing about one that only passes."""
    if kind not in WINDOWS:
        return CHOICES
    if not load_windows()[PeriodKind(kind)].ours:
        return {}
    code = "KEEP_LONGER" if kind == PeriodKind.RETENTION else "LATE_ANSWER"
    return {code: OF_WINDOWS[code]}


MAY_ASK = frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE, Role.FINANCE})
APPROVERS = (Role.LEAD, Role.COMPLIANCE, Role.FINANCE)
KIND = "lapse"


class UnknownChoice(Fault):
    """The choice is not in the list."""

    code = "lapse.unknown-choice"
    en, en_remedy = "'{choice}' is no decision about a lapse.", "Choose one of those offered."
    zh, zh_remedy = "“{choice}”不是可选的处理方式。", "请从列出的处理方式中选择。"


class LapseReason(Fault):
    """Money is given up only for a reason."""

    code = "lapse.reason-needed"
    en, en_remedy = "Say why the claim is given up.", "A sentence somebody else can judge."
    zh, zh_remedy = "请说明放弃主张的原因。", "请写一句他人能据以判断的话。"


class AlreadyAsked(Fault):
    """One decision at a time."""

    code = "lapse.asked"
    en, en_remedy = "A decision about this period is waiting for approval.", "Wait for it, or ask its approver."
    zh, zh_remedy = "该期间已有待审批的处理意见。", "请等待审批。"


class NothingLapses(Fault):
    """There is no end to decide about."""

    code = "lapse.nothing"
    en, en_remedy = "This period does not run out.", "Nothing needs to be decided."
    zh, zh_remedy = "该期间目前不会届满。", "无需作出决定。"


@transaction.atomic
def ask(user: User, clock_id: int, choice: str, reason: str) -> LapseDecision:
    """Propose what becomes of a debt whose period ran out or is let run out.

    Raises `NotYours`, `UnknownChoice`, `LapseReason`, `AlreadyAsked`, `NothingLapses`.
    """
    row = access.get_legal_clock(user, clock_id)
    if choice not in choices_for(row.kind):
        raise UnknownChoice(choice=choice)
    if not reason.strip():
        raise LapseReason
    if row.last is None or row.standing not in {Standing.RUNNING, Standing.LAPSED}:
        raise NothingLapses
    if row.decided_id or row.decisions.filter(state=LapseDecision.ASKED, last=row.last).exists():
        raise AlreadyAsked
    case = row.account.customer.cases.order_by("-opened_on", "-pk").first()
    if case is None or Role(user.role) not in MAY_ASK:
        raise access.NotYours
    owed = row.account.postings.aggregate(total=Sum("amount"))["total"] or 0
    made = LapseDecision.objects.create(
        clock=row, case=case, last=row.last, worth=max(owed, 0), choice=choice, reason=reason.strip()[:300], asked_by=user,
        asked_on=clock.business_date(clock.now_minute(), row.lender.zone),
    )  # fmt: skip
    audit.write(user.username, "lapse.ask", "legal_clock", row.pk, reason=made.reason, choice=choice, last=row.last,
                worth=made.worth)  # fmt: skip
    approvals.ask(KIND, made.pk, case, APPROVERS, user, made.reason)
    return made


def granted(decision: LapseDecision, user: User) -> None:
    """A second person agreed, inside the caller's transaction: the lapse is decided, its tasks end."""
    _decided(decision, user, LapseDecision.APPROVED)
    LegalClock.objects.filter(pk=decision.clock_id, last=decision.last).update(decided=decision)
    end_about(user.username, "legal_clock", decision.clock_id, EVERY[decision.choice]["en"])
    audit.write(
        user.username, "lapse.decide", "legal_clock", decision.clock_id, choice=decision.choice, last=decision.last
    )


def refused(decision: LapseDecision, user: User) -> None:
    """It is not agreed: the lapse stays open."""
    _decided(decision, user, LapseDecision.REFUSED)


def _decided(decision: LapseDecision, user: User, state: str) -> None:
    decision.state, decision.decided_by = state, user
    decision.decided_on = clock.business_date(clock.now_minute(), decision.clock.lender.zone)
    decision.save(update_fields=["state", "decided_by", "decided_on"])
