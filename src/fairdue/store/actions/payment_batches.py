"""The same as `payments.receive` for many lines of a statement at once: one transaction a batch, columns instead of questions.

What is plain goes in columns: a payer with one debt, at most what is owed, no plan and no settlement that a payment would
judge, once in a batch; and what nobody can book. Everything else takes the door for one payment, in the same order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db import transaction
from django.db.models import Count, Sum

from fairdue.core import waterfall
from fairdue.core.codes import Component, Product, Role
from fairdue.core.ledger import PostingKind
from fairdue.core.plan_state import JUDGED as PLANS_JUDGED
from fairdue.core.settlement import JUDGED as SETTLEMENTS_JUDGED
from fairdue.store import audit, clock
from fairdue.store.actions import payments, promises, settled, suspense, track_work
from fairdue.store.locks import lock_people
from fairdue.store.matching import Incoming
from fairdue.store.matching_many import Hit
from fairdue.store.models import (
    Account,
    BankStatement,
    Candidate,
    Case,
    Organisation,
    PaymentKnown,
    PaymentLine,
    PaymentMatch,
    Plan,
    Posting,
    Promise,
    Settlement,
    Suspense,
    Task,
)

I64 = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True)
class Taken:
    """How many lines of a batch were new, and how many had come before."""

    booked: int
    known: int


@dataclass
class _Plain:
    """One line that goes in columns: its debt and what of it each component gets."""

    told: Incoming
    hit: Hit
    account: Account
    split: I64
    clears: bool


@transaction.atomic
def receive(
    actor: str, lender: Organisation, statement: BankStatement, told: Sequence[Incoming], hits: Sequence[Hit]
) -> Taken:
    """Keep and book a batch; twice changes nothing, and of two at the same statement the second finds what the first did."""
    BankStatement.objects.select_for_update().get(pk=statement.pk)
    lock_people(sorted(set().union(*(hit.people for hit in hits))))
    identities = {one.identity for one in told}
    lines = PaymentLine.objects.filter(lender=lender, identity__in=identities)
    before = dict(lines.values_list("identity", "statement"))
    new = [(one, hit) for one, hit in zip(told, hits, strict=True) if one.identity not in before]
    plain, waits, careful = _sorted(lender, new)
    rows = _book(actor, lender, statement, plain) + _wait(actor, lender, statement, waits)
    audit.write_many(actor, rows)
    settled_ones = [one.account for one in plain if one.clears]
    _judge_promises(actor, lender, [one.account.customer_id for one in plain])
    settled.look_many(actor, settled_ones)
    mine = sum(1 for one in told if before.get(one.identity, 0) == statement.pk)
    for one, hit in careful:
        got = payments.receive(actor, lender, one, statement=statement, found=hit.found())
        mine += got.line.statement_id == statement.pk
    booked = mine + len(plain) + len(waits)
    return Taken(booked, len(told) - booked)


def _sorted(
    lender: Organisation, new: list[tuple[Incoming, Hit]]
) -> tuple[list[_Plain], list[tuple[Incoming, Hit]], list[tuple[Incoming, Hit]]]:
    """Plain lines, lines that wait for a person, and lines to be taken one at a time; the last also what follows on a first."""
    customers = {hit.customer for _, hit in new if hit.customer is not None}
    alone = _alone(lender, customers, {one.currency for one, _ in new})
    wanted = [hit.account for _, hit in new if hit.account is not None]
    accounts = Account.objects.select_related("lender").in_bulk(wanted)
    judged = _judged(accounts)
    plain: list[_Plain] = []
    waits, careful, seen = [], [], set[int]()
    texts = set[str]()
    tried: list[tuple[Incoming, Hit]] = []
    for one, hit in new:
        if one.identity in texts:  # the same line twice in one batch: the second finds the first
            careful.append((one, hit))
            continue
        texts.add(one.identity)
        if hit.customer is None:
            waits.append((one, hit))
        elif hit.customer in seen or hit.customer not in alone or hit.account in judged:
            careful.append((one, hit))
        else:
            tried.append((one, hit))
        seen |= {hit.customer} if hit.customer is not None else set()
    for one, hit, split, clears in _split(tried, accounts):
        if split is None:
            careful.append((one, hit))
        else:
            plain.append(_Plain(one, hit, accounts[hit.account], split, clears))
    order = {id(one): at for at, (one, _) in enumerate(new)}
    return plain, waits, sorted(careful, key=lambda row: order[id(row[0])])


def _alone(lender: Organisation, customers: set[int], currencies: set[str]) -> set[int]:
    """Customers with one debt in the currency: nothing is to be split by law."""
    counted = Account.objects.filter(customer__in=customers, currency__in=currencies, lender=lender).values("customer")
    return {row["customer"] for row in counted.annotate(n=Count("pk")) if row["n"] == 1}


def _judged(accounts: dict[int, Account]) -> set[int]:
    """Debts with a plan or a settlement a payment judges, and cards that age by a schedule or with pauses."""
    found = set(
        Plan.objects.filter(account__in=accounts, state__in=[int(s) for s in PLANS_JUDGED]).values_list(
            "account", flat=True
        )
    )
    mine = Settlement.objects.filter(account__in=accounts, state__in=[int(s) for s in SETTLEMENTS_JUDGED])
    found |= set(mine.values_list("account", flat=True))
    cards = [pk for pk, account in accounts.items() if account.product == Product.CARD]
    by_schedule = Account.objects.filter(pk__in=cards).exclude(instalments=None, pauses=None)
    return found | set(by_schedule.values_list("pk", flat=True))


def _split(
    tried: list[tuple[Incoming, Hit]], accounts: dict[int, Account]
) -> list[tuple[Incoming, Hit, I64 | None, bool]]:
    """What each component gets; None where more came than is owed on the day."""
    if not tried:
        return []
    debts = [accounts[hit.account] for _, hit in tried]  # type: ignore[index]  # what was tried has one
    days = [one.paid_on for one, _ in tried]
    owed, total = _balances([debt.pk for debt in debts], days)
    amounts = np.array([one.amount for one, _ in tried], np.int64)
    late = [
        max(0, (day - debt.oldest_unpaid_due).days) if debt.oldest_unpaid_due else 0
        for debt, day in zip(debts, days, strict=True)
    ]
    order = waterfall.order_for(
        np.array([debt.product for debt in debts]), np.array(late, np.int64), [debt.allocation_order for debt in debts]
    )
    split, over = waterfall.allocate(amounts, owed, order)
    return [
        (one, hit, split[at] if over[at] == 0 else None, bool(total[at] == amounts[at]))
        for at, (one, hit) in enumerate(tried)
    ]


def _late(debt: Account, day: date) -> int:
    """Days past due of a card by the lender's due date; of other loans the order does not ask."""
    return max(0, (day - debt.oldest_unpaid_due).days) if debt.oldest_unpaid_due else 0


def _balances(ids: list[int], days: list[date]) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.int64]], I64]:
    """Owed per component at the end of each debt's day, and in all to this day, shape (n, 5) and (n,)."""
    place = {pk: at for at, pk in enumerate(ids)}
    owed, total = np.zeros((len(ids), len(Component)), np.int64), np.zeros(len(ids), np.int64)
    sums = Posting.objects.filter(account__in=ids).values_list("account", "component", "value_date")
    for account, component, day, amount in sums.annotate(s=Sum("amount")):
        at = place[account]
        total[at] += amount
        if day <= days[at]:
            owed[at, component] += amount
    return owed, total


def _book(actor: str, lender: Organisation, statement: BankStatement, plain: list[_Plain]) -> list[audit.Said]:
    now, wall = clock.now_minute(), clock.wall()
    lines = _keep(actor, lender, statement, [one.told for one in plain])
    matches, postings, rows = [], [], []
    for one, line in zip(plain, lines, strict=True):
        ref = f"P{line.pk}"
        matches.append(PaymentMatch(line=line, account=one.account, amount=one.told.amount, how=one.hit.how, score=one.hit.score,
                                    posting_ref=ref, by=actor, at=now))  # fmt: skip
        postings += [
            Posting(account=one.account, value_date=one.told.paid_on, component=component, amount=-int(one.split[component]),
                    kind=PostingKind.PAYMENT, ref=ref, booked_at=wall)
            for component in Component if one.split[component]
        ]  # fmt: skip
        rows.append(audit.Said("payment.record", "account", one.account.pk, {"amount": one.told.amount,
                               "paid_on": one.told.paid_on, "ref": ref}))  # fmt: skip
        rows.append(_received(line, one.told.amount))
    PaymentMatch.objects.bulk_create(matches)
    Posting.objects.bulk_create(postings)
    return rows + _known(lender, plain, lines)


def _received(line: PaymentLine, booked: int) -> audit.Said:
    return audit.Said(
        "payment.receive", "payment_line", line.pk, {"source": line.source, "amount": line.amount, "booked": booked}
    )


def _known(lender: Organisation, plain: list[_Plain], lines: list[PaymentLine]) -> list[audit.Said]:
    """The moment they become known: lists let the cases go, reservations run out, agencies are told."""
    people = [one.account.customer_id for one in plain]
    cases = {
        case.customer_id: case
        for case in Case.objects.filter(customer__in=people, closed_on=None).select_related("placed_with")
    }
    rows, known, wall, now = [], [], clock.wall(), clock.now_minute()
    for one, line in zip(plain, lines, strict=True):
        case = cases.get(one.account.customer_id)
        told = case.placed_with if case else None
        known.append(PaymentKnown(lender=lender, customer_id=one.account.customer_id, account=one.account, known_at=wall,
                                  amount=one.told.amount, ref=f"P{line.pk}", told=told))  # fmt: skip
        if case is not None and told is not None:
            rows.append(audit.Said("agency.told", "case", case.pk, {"agency": told.code, "amount": one.told.amount}))
    PaymentKnown.objects.bulk_create(known)
    track_work.take_off_all([case.pk for case in cases.values()], now)
    return rows


def _keep(actor: str, lender: Organisation, statement: BankStatement, told: Sequence[Incoming]) -> list[PaymentLine]:
    return PaymentLine.objects.bulk_create(payments.line_of(actor, lender, one, statement) for one in told)


def _judge_promises(actor: str, lender: Organisation, customers: list[int]) -> None:
    """Of those who ever promised; the others have nothing to judge."""
    asked = Promise.objects.filter(case__customer__in=customers).exclude(status="SUPERSEDED")
    people = sorted(set(asked.values_list("case__customer", flat=True)))
    if people:
        promises.judge_people(actor, lender, people)


def _wait(
    actor: str, lender: Organisation, statement: BankStatement, waits: list[tuple[Incoming, Hit]]
) -> list[audit.Said]:
    """What nobody can book: kept with its candidates, and somebody's task by a day."""
    now = clock.now_minute()
    today = clock.business_date(now, lender.zone)
    lines = _keep(actor, lender, statement, [one for one, _ in waits])
    made = Suspense.objects.bulk_create(
        Suspense(lender=lender, line=line, amount=line.amount, reason=hit.reason, since=today)
        for line, (_, hit) in zip(lines, waits, strict=True)
    )
    Candidate.objects.bulk_create(
        Candidate(suspense=one, account_id=account, score=score, why="SCORE")
        for one, (_, hit) in zip(made, waits, strict=True) for account, _, score in hit.candidates
    )  # fmt: skip
    due = today + timedelta(days=suspense.NAG_DAYS)
    tasks = Task.objects.bulk_create(
        Task(organisation=lender, kind="ASSIGN_PAYMENT", detail={"zh": "", "en": ""}, about="suspense", about_id=one.pk,
             role=Role.FINANCE, due_on=due, clock=suspense.CLOCK, created_by=actor, created_at=now)
        for one in made
    )  # fmt: skip
    rows = [audit.Said("task.open", "task", task.pk, {"kind": task.kind, "case": None, "due": due}) for task in tasks]
    return rows + [_received(line, 0) for line in lines]
