"""What the pages of settlements and of debts written off show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fairdue.core.codes import Product, Role
from fairdue.core.settlement import SettlementState
from fairdue.store import access, clock
from fairdue.store.access import NotYours
from fairdue.store.actions import ledger, write_offs
from fairdue.store.actions.plans import MAY_PROPOSE
from fairdue.store.actions.settlements import MOST_DAYS, MOST_PARTS
from fairdue.store.actions.write_offs import Recovered
from fairdue.store.models import Account, Case, Settlement, SettlementPart, User, WriteOff
from fairdue.store.pages.casefile import mask_account

SHOWN = 50


@dataclass(frozen=True)
class Shown:
    """One offer with its parts."""

    row: Settlement
    state: SettlementState
    number: str
    parts: tuple[SettlementPart, ...]
    owed: int
    off: int
    live: bool


@dataclass(frozen=True)
class Owing:
    """One debt that could be settled."""

    account: Account
    product: Product
    number: str
    owed: int
    live: bool


@dataclass(frozen=True)
class SettlementsPage:
    """The page of a case."""

    case: Case
    currency: str
    exponent: int
    today: date
    may: bool
    debts: tuple[Owing, ...]
    offers: tuple[Shown, ...]
    most_parts: range
    most_days: int

    @property
    def free(self) -> bool:
        """Whether there is a debt no offer is open on."""
        return any(not debt.live for debt in self.debts)


def settlements_page(user: User, case_id: int) -> SettlementsPage:
    """The settlements of a case the user may read. Raises `NotYours`."""
    case = access.get_case(user, case_id)
    if user.role == Role.AGENCY:
        raise NotYours
    today = clock.business_date(clock.now_minute(), case.lender.zone)
    found = access.settlements_for(user).filter(account__customer=case.customer_id)
    offers = tuple(_shown(row) for row in found.prefetch_related("parts").order_by("-pk")[:SHOWN])
    live = {one.row.account_id for one in offers if one.live}
    owns = user.role != Role.COLLECTOR or access.may_contact(user, case)
    may = case.closed_on is None and user.role in MAY_PROPOSE and owns
    return SettlementsPage(
        case, case.lender.currency, case.lender.exponent, today, may, tuple(_debts(case, today, live)), offers,
        range(1, MOST_PARTS + 1), MOST_DAYS,
    )  # fmt: skip


def _debts(case: Case, today: date, live: set[int]) -> list[Owing]:
    found = []
    for account in case.customer.accounts.order_by("account_no"):
        owed = int(ledger.balances(account, today).sum())
        if owed > 0:
            number = mask_account(account.account_no)
            found.append(Owing(account, Product(account.product), number, owed, account.pk in live))
    return found


def _shown(row: Settlement) -> Shown:
    state = SettlementState(row.state)
    parts = tuple(sorted(row.parts.all(), key=lambda part: part.due_on))
    live = state in {SettlementState.AWAITING, SettlementState.OFFERED}
    return Shown(row, state, mask_account(row.account.account_no), parts, sum(row.balances), sum(row.waived), live)


@dataclass(frozen=True)
class WrittenOffPage:
    """Debts off the books, what came in on them this month and in all, and what waits for a second person."""

    currency: str
    exponent: int
    first: date
    last: date
    rows: tuple[Recovered, ...]
    asked: tuple[WriteOff, ...]
    written_off: int
    in_period: int
    in_all: int
    left: int
    count: int


def written_off_page(user: User, first: date | None = None, last: date | None = None) -> WrittenOffPage:
    """The page of finance, for a period; without one for this month."""
    lender = access.money_of(user)
    if lender is None:
        raise NotYours
    today = clock.business_date(clock.now_minute(), lender.zone)
    first, last = first or today.replace(day=1), last or today
    found = access.write_offs_for(user).filter(state__in=write_offs.STANDING).order_by("-on", "-pk")
    rows = write_offs.recovered(found, first, last)
    asked = access.write_offs_for(user).filter(state__in=("ASKED", "UNDO_ASKED")).order_by("pk")[:SHOWN]
    return WrittenOffPage(
        lender.currency, lender.exponent, first, last, tuple(rows[:SHOWN]), tuple(asked), sum(r.written_off for r in rows),
        sum(r.in_period for r in rows), sum(r.in_all for r in rows), sum(r.left for r in rows), len(rows),
    )  # fmt: skip
