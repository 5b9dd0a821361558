"""What was reported to the credit bureau is put right when the debt is: a task with a day, an owner's role and why.

An objection of the person's own has its own track with the twenty days of 征信业管理条例 art. 25. No article we hold sets days
for reporting a change nobody asked for; five is a judgement of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from fairdue.core.codes import Role
from fairdue.core.errors import Lang
from fairdue.store.actions.tasks import About, Due, Whom, open_task
from fairdue.store.models import Case, Organisation

KIND = "CORRECT_CREDIT_RECORD"
DAYS = 5
CLOCK: Mapping[Lang, str] = {"zh": f"{DAYS} 日内（机构判断）", "en": f"within {DAYS} days (our judgement)"}
SETTLED: Mapping[Lang, str] = {
    "zh": "结清：更新征信上报状态",
    "en": "Settled: report the new state to the credit bureau",
}
TAKEN_BACK: Mapping[Lang, str] = {
    "zh": "还款被退回：已上报结清的，按恢复后的欠款更正征信",
    "en": "The payment was taken back: correct what was reported as settled",
}  # fmt: skip
WRITTEN_OFF: Mapping[Lang, str] = {
    "zh": "已核销：核对征信上报的账户状态和余额", "en": "Written off: check state and balance reported to the credit bureau",
}  # fmt: skip
PUT_BACK: Mapping[Lang, str] = {
    "zh": "核销已撤销：更正征信上报的账户状态", "en": "The write-off was undone: correct the state reported to the credit bureau",
}  # fmt: skip


def due(today: date) -> Due:
    """By when."""
    return Due(today + timedelta(days=DAYS), clock=CLOCK)


def correct(
    actor: str, lender: Organisation, why: Mapping[Lang, str], today: date, case: Case | None, kind: str, row: int
) -> None:
    """Somebody of finance puts it right, inside the caller's transaction; `kind` and `row`: what it follows from."""
    open_task(actor, lender, KIND, Whom(role=Role.FINANCE), due=due(today), about=About(case, kind, row), detail=why)
