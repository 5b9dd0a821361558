"""What is owed as of a day, line by line: of a case, or of one account. The same figures as on the page of the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fairdue.core.errors import Fault
from fairdue.store import access, clock
from fairdue.store.access import NotYours
from fairdue.store.models import Account, Organisation, User
from fairdue.store.pages.casefile import AccountLine, StatementLine, account_lines, statement_lines


class DayAhead(Fault):
    """What will be owed is not known yet."""

    code = "statement.day-ahead"
    en, en_remedy = "{on} is still to come: statements go up to {today}.", "Ask for a day up to today."
    zh, zh_remedy = "{on} 尚未到来，对账单最晚至 {today}。", "请查询今日及以前的日期。"


@dataclass(frozen=True)
class Statement:
    """What is owed at the end of a day and every line that led there."""

    on: date
    currency: str
    exponent: int
    accounts: tuple[AccountLine, ...]
    lines: tuple[StatementLine, ...]

    @property
    def total(self) -> int:
        """What is owed in all."""
        return sum(account.total for account in self.accounts)


def of_case(user: User, case_id: int, on: date | None) -> Statement:
    """The statement of a case; today's where no day is said. Raises `NotYours`, `DayAhead`."""
    case = access.get_case(user, case_id)
    return _made(list(case.customer.accounts.order_by("account_no")), case.lender, on)


def of_account(user: User, account_id: int, on: date | None) -> Statement:
    """The statement of one account. Raises `NotYours`, `DayAhead`."""
    account = access.accounts_for(user).select_related("lender").filter(pk=account_id).first()
    if account is None:
        raise NotYours
    return _made([account], account.lender, on)


def _made(accounts: list[Account], lender: Organisation, on: date | None) -> Statement:
    today = clock.business_date(clock.now_minute(), lender.zone)
    if on is not None and on > today:
        raise DayAhead(on=on, today=today)
    day = on or today
    return Statement(
        day,
        lender.currency,
        lender.exponent,
        tuple(account_lines(accounts, day)),
        tuple(statement_lines(accounts, day)),
    )
