"""A debt is written off in the lender's books (核销) by two people of finance, and may be put back. The borrower still owes it.

What the borrower owes, how it is reckoned and how it may be collected do not change: the entries stand beside his ledger.
Whatever is paid afterwards is a recovery, told apart from ordinary payments by its place behind the write-off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max, Q, Sum

from fairdue.core.codes import Component, Role
from fairdue.core.errors import Fault, Lang
from fairdue.core.ledger import PostingKind
from fairdue.store import access, audit, clock
from fairdue.store.access import NotYours
from fairdue.store.actions import approvals, credit, ledger
from fairdue.store.actions.payment_asks import NoSuchAccount, ReasonLacks
from fairdue.store.locks import lock_person
from fairdue.store.models import Account, Case, Organisation, Posting, User, WriteOff, WriteOffEntry

KIND = "write-off"  # of approval
STANDING = ("STANDS", "UNDO_ASKED")


class NothingOwed(Fault):
    """There is nothing to write off."""

    code = "write-off.nothing-owed"
    en, en_remedy = "Nothing is owed on account '{number}'.", "Check the number."
    zh, zh_remedy = "账户“{number}”没有欠款。", "请核对账号。"


class OffAlready(Fault):
    """Once at a time."""

    code = "write-off.already"
    en, en_remedy = (
        "Account '{number}' is written off, or somebody asked for it.",
        "Look at it on the page Written off.",
    )
    zh, zh_remedy = "账户“{number}”已核销或已有待复核的核销申请。", "请在“核销与回收”页面查看。"


@transaction.atomic
def ask(user: User, number: str, reason: str) -> WriteOff:
    """Ask to write a debt off. Raises `NotYours`, `ReasonLacks`, `NoSuchAccount`, `NothingOwed`, `OffAlready`."""
    lender = access.money_of(user)
    if lender is None:
        raise NotYours
    if not reason.strip():
        raise ReasonLacks
    account = Account.objects.select_related("lender").filter(lender=lender, account_no=number.strip()).first()
    if account is None:
        raise NoSuchAccount(number=number)
    lock_person(account.customer_id)
    if account.write_offs.filter(state__in=("ASKED", *STANDING)).exists():
        raise OffAlready(number=number)
    if ledger.balances(account, _today(lender)).sum() <= 0:
        raise NothingOwed(number=number)
    made = WriteOff.objects.create(lender=lender, account=account, asked_by=user, reason=reason.strip()[:300])
    approvals.ask(KIND, made.pk, lender, [Role.FINANCE], user, reason)
    audit.write(user.username, "write-off.ask", "write_off", made.pk, account=account.pk)
    return made


@transaction.atomic
def ask_undo(user: User, write_off_id: int, reason: str) -> WriteOff:
    """Ask to put a debt back into the books. Raises `NotYours`, `ReasonLacks`."""
    found = access.write_offs_for(user).filter(pk=write_off_id, state="STANDS").first()
    if found is None:
        raise NotYours
    if not reason.strip():
        raise ReasonLacks
    found.state, found.undo_reason = "UNDO_ASKED", reason.strip()[:300]
    found.save(update_fields=["state", "undo_reason"])
    approvals.ask(KIND, found.pk, found.lender, [Role.FINANCE], user, reason)
    audit.write(user.username, "write-off.ask-undo", "write_off", found.pk, account=found.account_id)
    return found


def granted(write_off_id: int, user: User) -> None:
    """A second person granted it, inside the caller's transaction."""
    found = WriteOff.objects.select_related("account__lender", "lender").get(pk=write_off_id)
    lock_person(found.account.customer_id)
    found.refresh_from_db()
    (_put_back if found.state == "UNDO_ASKED" else _take_out)(found, user)


def refused(write_off_id: int) -> None:
    """A second person refused it, inside the caller's transaction."""
    WriteOff.objects.filter(pk=write_off_id, state="ASKED").update(state="REFUSED")
    WriteOff.objects.filter(pk=write_off_id, state="UNDO_ASKED").update(state="STANDS", undo_reason="")


def _take_out(found: WriteOff, user: User) -> None:
    """The balances of the day leave the receivables, component by component."""
    today = _today(found.lender)
    owed = ledger.balances(found.account, today)
    found.state, found.on, found.after_posting = "STANDS", today, _last(found.account)
    found.save(update_fields=["state", "on", "after_posting"])
    _enter(found, today, {component: int(owed[component]) for component in Component})
    _tell_bureau(found, user, credit.WRITTEN_OFF, today)
    audit.write(
        user.username, "write-off.book", "write_off", found.pk, account=found.account_id, amount=int(owed.sum())
    )


def _put_back(found: WriteOff, user: User) -> None:
    """What stands off the books returns; recoveries stay what they were."""
    today = _today(found.lender)
    left = off_books([found])[found.pk]
    found.state, found.undone_on, found.until_posting = "UNDONE", today, _last(found.account)
    found.save(update_fields=["state", "undone_on", "until_posting"])
    _enter(found, today, {component: -amount for component, amount in left.items()})
    _tell_bureau(found, user, credit.PUT_BACK, today)
    audit.write(
        user.username, "write-off.undo", "write_off", found.pk, account=found.account_id, amount=sum(left.values())
    )


def _tell_bureau(found: WriteOff, user: User, why: Mapping[Lang, str], today: date) -> None:
    case = Case.objects.filter(customer=found.account.customer_id).order_by("-pk").first()
    credit.correct(user.username, found.lender, why, today, case, "write_off", found.pk)


def _enter(found: WriteOff, on: date, amounts: dict[Component, int]) -> None:
    WriteOffEntry.objects.bulk_create(
        WriteOffEntry(write_off=found, on=on, component=component, amount=amount)
        for component, amount in amounts.items() if amount
    )  # fmt: skip


def _last(account: Account) -> int:
    return int(account.postings.aggregate(last=Max("pk"))["last"] or 0)


def after(found: WriteOff) -> Q:
    """The postings of the debt made while it was written off."""
    until = Q() if found.until_posting < 0 else Q(pk__lte=found.until_posting)
    return Q(account=found.account_id, pk__gt=found.after_posting) & until


def off_books(rows: Iterable[WriteOff], until: date | None = None) -> dict[int, dict[Component, int]]:
    """What stands off the books of each write-off, by component: what was taken out and all that was posted behind it."""
    found = {}
    for row in rows:
        day = {"value_date__lte": until} if until else {}
        entered = row.entries.filter(**({"on__lte": until} if until else {})).values_list("component")
        moved = Posting.objects.filter(after(row), **day).values_list("component").annotate(s=Sum("amount"))
        sums = dict(entered.annotate(s=Sum("amount")))
        for component, amount in moved:
            sums[component] = sums.get(component, 0) + amount
        found[row.pk] = {component: sums.get(component, 0) for component in Component}
    return found


@dataclass(frozen=True)
class Recovered:
    """One debt written off: what was taken out, what came in a period and in all, what is still owed."""

    row: WriteOff
    written_off: int
    in_period: int
    in_all: int
    left: int


def recovered(rows: Iterable[WriteOff], first: date, last: date) -> list[Recovered]:
    """What came in on debts that were written off, net of what was taken back."""
    found = []
    for row in rows:
        paid = Posting.objects.filter(after(row)).filter(
            Q(kind=PostingKind.PAYMENT) | Q(reverses__kind=PostingKind.PAYMENT, reverses__pk__gt=row.after_posting)
        )
        sums = paid.aggregate(
            all=Sum("amount"), period=Sum("amount", filter=Q(value_date__gte=first, value_date__lte=last))
        )
        taken = row.entries.filter(amount__gt=0).aggregate(s=Sum("amount"))["s"] or 0
        left = sum(row.account.postings.values_list("amount", flat=True))
        found.append(Recovered(row, taken, -(sums["period"] or 0), -(sums["all"] or 0), left))
    return found


def _today(lender: Organisation) -> date:
    return clock.business_date(clock.now_minute(), lender.zone)
