"""Who in good standing is due for a reminder, with the exact amount and day, and by which lawful way; nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from fairdue.core.codes import NO, UNKNOWN, YES, Channel, Direction, Party, PointStatus, Purpose
from fairdue.rules.quality import ReminderPolicy, load_reminders
from fairdue.steps.accrue import accrue
from fairdue.steps.age import age
from fairdue.steps.decide import verdicts
from fairdue.steps.gathered import CASES
from fairdue.steps.guard import PROPOSAL, judge
from fairdue.steps.state import Config, State
from fairdue.store import config as configs
from fairdue.store.facts import DjangoReader, gather_only
from fairdue.store.models import Account, Habit, Instalment, Organisation, Point

CUSTOMERS = 500  # asked together
NEEDED = ("persons", "accounts", "balances", "paid", "instalments", "pauses", "points", "stops", "attempts")


@dataclass(frozen=True)
class Planned:
    """One due date: what falls due and is not yet paid, and how it is reminded of, or why it is not."""

    account: Account
    due_on: date
    amount: int
    why: str = ""
    point: Point | None = None
    channel: int = UNKNOWN
    not_before: int = UNKNOWN


def plan(lender: Organisation, today: date, now: int | None = None) -> tuple[Planned, ...]:
    """Every instalment of the lender's book that falls due `days_before` days from today, each with what becomes of it."""
    policy, made = load_reminders(), configs.build(lender, today, now)
    due = Instalment.objects.filter(account__lender=lender, due_on=today + timedelta(days=policy.days_before))
    accounts = list(due.order_by("account__customer_id").values_list("account_id", "account__customer_id", "due_on"))
    people = list(dict.fromkeys(customer for _, customer, _ in accounts))
    found: list[Planned] = []
    for start in range(0, len(people), CUSTOMERS):
        some = set(people[start : start + CUSTOMERS])
        found += _some([(a, on) for a, customer, on in accounts if customer in some], some, made, policy, lender)
    return tuple(found)


def _some(
    due: Iterable[tuple[int, date]], people: Iterable[int], made: Config, policy: ReminderPolicy, lender: Organisation
) -> list[Planned]:
    state = standing(lender.pk, f"IN ({', '.join(str(int(person)) for person in sorted(people))})", made)
    accounts = Account.objects.select_related("customer").in_bulk([account for account, _ in due])
    habits = {habit.account_id: habit for habit in Habit.objects.filter(account__in=accounts)}
    points = _points(accounts.values())
    late = set(state.accounts.filter((pl.col("dpd") > 0) & (pl.col("owed") > 0))["customer"].to_list())
    chosen = [_chosen(accounts[a], on, state, habits.get(a), points, late, policy) for a, on in due]
    return _judged(chosen, state, made)


def standing(lender_id: int, among: str, made: Config) -> State:
    """How customers stand, with all the guard asks about them."""
    facts = gather_only(DjangoReader(), NEEDED, lender_id, among, made.as_of, made.at)
    return age(accrue(State.start(facts), made), made)


def _points(accounts: Iterable[Account]) -> Mapping[int, list[Point]]:
    """The working points of the customers, each list in the order they were recorded."""
    found: dict[int, list[Point]] = {}
    people = {account.customer_id for account in accounts}
    for point in Point.objects.filter(person__in=people, status=PointStatus.GOOD).order_by("pk"):
        found.setdefault(point.person_id, []).append(point)
    return found


def _chosen(  # what decides about one reminder
    account: Account, on: date, state: State, habit: Habit | None, points: Mapping[int, list[Point]], late: set[int],
    policy: ReminderPolicy,
) -> Planned:  # fmt: skip
    amount = unpaid(state, account.pk, on)
    if account.customer_id in late:
        return Planned(account, on, amount, "OVERDUE")
    if amount <= 0:
        return Planned(account, on, 0, "AMOUNT_PAID")
    if why := _unwanted(habit, policy):
        return Planned(account, on, amount, why)
    agreed = (habit.channels if habit else "").split(",")
    for channel in (one for one in policy.channels if one.name in agreed):
        point = _point(points.get(account.customer_id, []), channel)
        if point is not None or channel == Channel.APP:
            return Planned(account, on, amount, "", point, int(channel))
    return Planned(account, on, amount, "NO_POINT")


def _unwanted(habit: Habit | None, policy: ReminderPolicy) -> str:
    """Why nobody is reminded: refused, a direct debit that always goes through, or a consent nobody knows of."""
    if habit is None or not habit.channels:
        return "UNWANTED" if habit and habit.wanted is False else "CONSENT_UNKNOWN"
    if habit.wanted is False:
        return "UNWANTED"
    debit = habit.direct_debit and habit.debits_ok >= policy.debits_ok
    return "DEBIT" if debit and not habit.wanted else ""


def _point(points: Iterable[Point], channel: Channel) -> Point | None:
    """A text goes to the telephone that is also called."""
    kind = Channel.CALL if channel == Channel.SMS else channel
    return next((point for point in points if point.channel == kind), None)


def unpaid(state: State, account: int, on: date) -> int:
    """What falls due on a day and is not yet paid: payments clear the oldest instalment first."""
    mine = state.facts.instalments.filter(pl.col("account") == account)
    paid = max(int(state.facts.paid.filter(pl.col("account") == account)["amount"].sum()), 0)
    until = int(mine.filter(pl.col("due_on") <= on)["amount"].sum())
    that_day = int(mine.filter(pl.col("due_on") == on)["amount"].sum())
    return min(that_day, max(until - paid, 0))


def _judged(chosen: list[Planned], state: State, made: Config) -> list[Planned]:
    """Ask the guard about those that would be reminded; what is lawful only later waits for that minute."""
    asked = [one for one in chosen if not one.why]
    if not asked:
        return chosen
    state = state.with_(cases=known(one.account for one in asked))
    rows = pl.DataFrame([_proposal(one, made) for one in asked], schema=PROPOSAL, orient="row")
    said = judge(state, rows, made)
    answers = {
        (one.account.pk, one.due_on): (
            int(said.next_lawful[i]),
            ",".join(str(r["rule"]) for r in verdicts(said, made)[i]),
        )
        for i, one in enumerate(asked)
    }
    return [one if one.why else _answered(one, *answers[one.account.pk, one.due_on]) for one in chosen]


def _answered(one: Planned, next_lawful: int, rules: str) -> Planned:
    if next_lawful < 0:
        return Planned(one.account, one.due_on, one.amount, f"LAW:{rules}"[:200])
    return Planned(one.account, one.due_on, one.amount, "", one.point, one.channel, next_lawful)


def known(accounts: Iterable[Account]) -> pl.DataFrame:
    """What the guard is told of customers without a case: the product, and that nothing is placed with anybody."""
    rows = {account.customer_id: account for account in accounts}
    blank = dict.fromkeys(CASES)
    made = [
        blank | {"customer": customer, "placed": 0, "product": account.product, "plan_status": account.plan_status, "balance": 0}
        for customer, account in rows.items()
    ]  # fmt: skip
    return pl.DataFrame(
        made, schema={**CASES, "product": pl.Int8, "plan_status": pl.Int8, "balance": pl.Int64}, orient="row"
    )


def _proposal(one: Planned, made: Config) -> dict[str, object]:
    """A text of the lender to its own customer before the day: no debt is overdue, none is disclosed to others."""
    blank: dict[str, object] = dict.fromkeys(PROPOSAL)
    codes = {name: UNKNOWN for name, kind in PROPOSAL.items() if kind == pl.Int8}
    return blank | codes | {
        "customer": one.account.customer_id, "reached": UNKNOWN, "party": int(Party.BORROWER), "party_refused": NO,
        "point": one.point.pk if one.point else UNKNOWN, "channel": one.channel, "direction": int(Direction.OUT),
        "purpose": int(Purpose.REMIND), "at": made.at, "discloses_debt": YES, "operator_certified": YES,
        "exam_on": made.as_of, "party_alive": YES, "by_agency": NO,
    }  # fmt: skip
