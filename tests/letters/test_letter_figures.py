"""A letter's figures are those of the statement of its day, to the cent, on every day and over every kind of booking."""

from __future__ import annotations

import random
from datetime import timedelta

import books
import cast
import lettering
from fairdue.core.codes import Component
from fairdue.core.ledger import PostingKind
from fairdue.rules.letters import load_letters
from fairdue.store import clock
from fairdue.store import letters as known
from fairdue.store.actions import ledger
from fairdue.store.models import Account, Case, Posting
from fairdue.store.pages import statements
from worlds import World


def booked(account: Account, chance: random.Random) -> None:
    """Bookings of every sort on scattered days, a payment and its mirror among them."""
    for number in range(12):
        on = books.AS_OF + timedelta(days=chance.randrange(1, 60))
        kind = chance.choice((PostingKind.ACCRUAL, PostingKind.FEE, PostingKind.COST, PostingKind.WAIVER))
        amount = chance.randrange(1, 99_999) * (-1 if kind == PostingKind.WAIVER else 1)
        Posting.objects.create(account=account, value_date=on, component=chance.choice(list(Component)), amount=amount, kind=kind,
                               ref=f"r{number}", booked_at=clock.wall())  # fmt: skip
    ledger.record_payment("test", account, chance.randrange(100, 9_999), books.AS_OF + timedelta(days=20), "p")
    ledger.reverse_payment("test", account, "p", "bounced", books.AS_OF + timedelta(days=33))


def test_letter_statement_and_ledger_say_the_same_on_many_days(desk: World) -> None:
    chance, user, kind = random.Random(7), cast.user(cast.LEAD), load_letters()["cn/reminder"]
    for case in (
        Case.objects.filter(team__name="one", closed_on=None).select_related("lender", "customer").order_by("pk")[:3]
    ):
        accounts = list(case.customer.accounts.select_related("lender").order_by("account_no"))
        booked(accounts[0], chance)
        for after in range(0, 62, 3):
            day = books.AS_OF + timedelta(days=after)
            clock.set_demo(cast.at(10, day))
            to = known.Addressed(case.customer, next(iter(sorted(kind.to))), None)
            letter, shown = known.gather(case, to, accounts, day, {}), statements.of_case(user, case.pk, day)
            assert letter.total == shown.total == shown.lines[-1].running
            for debt, line, account in zip(letter.debts, shown.accounts, accounts, strict=True):
                plain = [
                    sum(p.amount for p in account.postings.all() if p.value_date <= day and p.component == c)
                    for c in Component
                ]
                assert list(debt.components) == [amount for _, amount in line.components] == plain


def test_an_itemization_adds_up_to_the_balance_of_today(desk: World) -> None:
    chance, case = random.Random(11), lettering.case()
    accounts = list(case.customer.accounts.select_related("lender"))
    booked(accounts[0], chance)
    for after in range(0, 61, 5):
        since = books.AS_OF + timedelta(days=after)
        for later in (0, 7, 40):
            day = since + timedelta(days=later)
            made = known.itemize(accounts, since, day)
            assert made is not None
            assert made.amount == sum(int(ledger.balances(one, since).sum()) for one in accounts)
            assert made.now == sum(int(ledger.balances(one, day).sum()) for one in accounts)
