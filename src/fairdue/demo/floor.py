"""The floor, letters, messages and money of the demo, made once by the actions people take; what a rule refuses is not made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import partial

from fairdue.core.codes import Channel, PointSource
from fairdue.core.errors import Fault
from fairdue.core.statements import Entry, Statement
from fairdue.jobs.sending import Worker
from fairdue.store.access import NotYours
from fairdue.store.actions import approvals, ledger, letterheads, letters, orders, outbox, people, staffing, statements
from fairdue.store.actions.letterheads import Head
from fairdue.store.actions.people import NewPoint
from fairdue.store.actions.staffing import QueueSaid
from fairdue.store.models import Approval, Case, CaseQueue, Organisation, User

LEAD, COLLECTOR, COLLEAGUE, OFFICER = "wang", "lin", "chen", "he"
HEAD = Head(
    "示范市示范路1号（虚构）", "1 Demo Road (invented)", "手机银行", "Our app", "400-000-0000", "https://example.com"
)
ADDRESS = "示范省示范市示范区示范路8号（虚构）"
SEAL = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20">'
    b'<circle cx="10" cy="10" r="9" fill="none" stroke="#c00"/></svg>'
)
DAY_STARTS, DAY_ENDS = 9 * 60, 18 * 60


def show(lender: Organisation, today: date) -> None:
    """Once: a second run finds them."""
    if CaseQueue.objects.filter(lender=lender).exists():
        return
    named = {user.username: user for user in User.objects.filter(organisation=lender)}
    mine = list(
        Case.objects.filter(owner=named[COLLECTOR], closed_on=None, action=0, work__position__gt=0)
        .select_related("lender", "customer").order_by("-work__position")[:6]
    )  # fmt: skip
    _floor(named[LEAD], named, today)
    steps: list[Callable[[], object]] = [partial(_kept, named, case, today) for case in mine[:1]]
    steps.extend(partial(_letter, named, case, today) for case in mine[1:2])
    steps.extend(partial(_message, named[COLLECTOR], case) for case in mine[2:5])
    for step in steps:
        with suppress(Fault, NotYours):
            step()
    Worker().run(once=True)
    _money(lender, mine[5:6], today)


def _floor(lead: User, named: dict[str, User], today: date) -> None:
    """A shared queue, hours, a skill, days away ahead and a free day of the team."""
    staffing.save_queue(lead, QueueSaid("M1 共享队列", stages=("M1",)))
    for username in (COLLECTOR, COLLEAGUE):
        staffing.set_shift(lead, named[username].pk, [0, 1, 2, 3, 4], DAY_STARTS, DAY_ENDS)
    staffing.give_skill(lead, named[COLLECTOR].pk, "HARDSHIP")
    first = today + timedelta(days=12)
    staffing.add_absence(lead, named[COLLEAGUE].pk, first, first + timedelta(days=2), "HOLIDAY")
    staffing.set_day(lead.username, staffing.own_team(lead), today + timedelta(days=16), works=False, note="团建")


def _kept(named: dict[str, User], case: Case, today: date) -> None:
    """A case that is kept, granted by the lead."""
    wanted = orders.Wanted("KEEP", "客户月底发薪，已约定分期面谈", today + timedelta(days=14))
    order = orders.ask(named[COLLECTOR], case.pk, wanted)
    approvals.decide(named[LEAD], Approval.objects.get(kind="order", subject_id=order.pk).pk, grant=True)


def _letter(named: dict[str, User], case: Case, today: date) -> None:
    """A reminder on paper to an address of the contract."""
    letterheads.set_by(named[OFFICER], HEAD, SEAL)
    said = NewPoint(Channel.LETTER, ADDRESS, PointSource.CONTRACT, "领用合约（演示）")
    people.add_point(named[COLLECTOR], case.pk, case.customer_id, said)
    wanted = letters.Wanted("cn/reminder", "zh", typed={"deadline": (today + timedelta(days=15)).isoformat()})
    letters.issue(named[COLLECTOR], letters.write(named[COLLECTOR], case.pk, wanted).pk)


def _message(user: User, case: Case) -> None:
    """A text in approved words; the demo's phone shows what arrives."""
    point = case.customer.points.filter(channel=Channel.CALL).order_by("pk").first()
    outbox.queue(case, point=point, channel=Channel.SMS, frame="overdue-reminder", key=f"demo-{case.pk}", actor=user,
                 reason="demo")  # fmt: skip


def _money(lender: Organisation, settled: Sequence[Case], today: date) -> None:
    """A bank statement: one debt paid in full, with its receipt, and one payment nobody can name."""
    debts = [account for case in settled for account in case.customer.accounts.order_by("pk")]
    paid = [(account.account_no, int(ledger.balances(account, today).sum())) for account in debts]
    told = [(no, amount) for no, amount in paid if amount > 0]
    entries = [
        Entry(number, today, amount, ref=f"DEMO{number}", payer="演示付款人", said=f"还款 {no}")
        for number, (no, amount) in enumerate(told, 1)
    ]
    entries.append(Entry(len(entries) + 1, today, 888, ref="DEMO-X", payer="不明付款人", said="还钱"))
    opening = 10_000
    made = Statement("demo", "demo-statement.csv", currency=lender.currency, account="000000001234", from_on=today, to_on=today,
                     opening=opening, closing=opening + sum(e.amount for e in entries), entries=tuple(entries))  # fmt: skip
    statements.book("demo", lender, made, "0" * 64)
