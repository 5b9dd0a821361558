"""The daily control: opening and postings make the closing, component by component, set against the lender's books.

A posting that was dated back into a day already controlled shows as such; the opening is always yesterday's closing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Sum

from fairdue.core.codes import Component, Role
from fairdue.core.ledger import PostingKind
from fairdue.store import audit, clock
from fairdue.store.actions.tasks import About, Due, Whom, end_about, open_task
from fairdue.store.models import Account, Control, ControlDifference, Organisation, Posting, WriteOff

BACKDATED = "BACKDATED"
CLEAR_DAYS = 2  # a judgement of ours: how long a difference may stand before it is late

Balances = Mapping[str, Mapping[Component, int]]  # account number → component → minor units


@dataclass(frozen=True)
class Controlled:
    """One day's control."""

    rows: tuple[Control, ...]
    differences: tuple[ControlDifference, ...]
    unknown: tuple[str, ...]  # accounts of the lender's file that are not in our book


@transaction.atomic
def control(actor: str, lender: Organisation, on: date, theirs: Balances | None = None) -> Controlled:
    """Make, or make anew, the control of a day; `theirs` are the lender's balances at its end."""
    before = _closing(lender, on - timedelta(days=1))
    closing, moved = _closing(lender, on), _moved(lender, on)
    last = {row.component: row for row in Control.objects.filter(lender=lender, on=on - timedelta(days=1))}
    rows = []
    for component in Component:
        opening = last[component].closing if component in last else before.get(component, 0)
        posted = dict(moved.get(component, {}))
        if late := before.get(component, 0) - opening:
            posted[BACKDATED] = late
        figure = sum(one.get(component, 0) for one in theirs.values()) if theirs is not None else None
        row, _ = Control.objects.update_or_create(
            lender=lender, on=on, component=component,
            defaults={"opening": opening, "postings": posted, "closing": closing.get(component, 0), "lenders": figure},
        )  # fmt: skip
        rows.append(row)
    found, unknown = _differences(actor, lender, on, theirs) if theirs is not None else ((), ())
    audit.write(actor, "control.make", "organisation", lender.pk, on=on, differences=len(found))
    return Controlled(tuple(rows), found, unknown)


def agrees(row: Control) -> bool:
    """Whether opening and postings make the closing."""
    return bool(row.opening + sum(row.postings.values()) == row.closing)


def _closing(lender: Organisation, on: date) -> dict[int, int]:
    sums = Posting.objects.filter(account__lender=lender, value_date__lte=on).values("component")
    return {row["component"]: row["total"] for row in sums.annotate(total=Sum("amount"))}


def _moved(lender: Organisation, on: date) -> dict[int, dict[str, int]]:
    sums = Posting.objects.filter(account__lender=lender, value_date=on).values("component", "kind")
    found: dict[int, dict[str, int]] = {}
    for row in sums.annotate(total=Sum("amount")):
        found.setdefault(row["component"], {})[PostingKind(row["kind"]).name] = row["total"]
    return found


def _differences(
    actor: str, lender: Organisation, on: date, theirs: Balances
) -> tuple[tuple[ControlDifference, ...], tuple[str, ...]]:
    accounts = {one.account_no: one for one in Account.objects.filter(lender=lender)}
    sums = Posting.objects.filter(account__lender=lender, value_date__lte=on).values("account", "component")
    ours = {(row["account"], row["component"]): row["total"] for row in sums.annotate(total=Sum("amount"))}
    off = set(
        WriteOff.objects.filter(lender=lender, state__in=("STANDS", "UNDO_ASKED"), on__lte=on).values_list(
            "account", flat=True
        )
    )
    wrong = []
    for number, account in accounts.items():
        for component in Component:
            mine = ours.get((account.pk, component), 0)
            told = theirs.get(number, {}).get(component, 0)
            if mine != told and not (
                account.pk in off and number not in theirs
            ):  # their books have let it go: it is still owed
                wrong.append((account, component, mine, told))
    _clear(actor, lender, on, {(account.pk, int(component)) for account, component, _, _ in wrong})
    made = tuple(_difference(actor, lender, on, *one) for one in wrong)
    return made, tuple(sorted(set(theirs) - set(accounts)))


def _difference(
    actor: str, lender: Organisation, on: date, account: Account, component: Component, ours: int, theirs: int
) -> ControlDifference:
    open_one = ControlDifference.objects.filter(account=account, component=component, cleared_on=None).first()
    if open_one is not None:
        open_one.ours, open_one.lenders = ours, theirs
        open_one.save(update_fields=["ours", "lenders"])
        return open_one
    made, _ = ControlDifference.objects.update_or_create(
        account=account, component=component, on=on,
        defaults={"lender": lender, "ours": ours, "lenders": theirs, "cleared_on": None},
    )  # fmt: skip
    due = clock.business_date(clock.now_minute(), lender.zone) + timedelta(days=CLEAR_DAYS)
    open_task(actor, lender, "CLEAR_DIFFERENCE", Whom(role=Role.FINANCE), about=About(None, "difference", made.pk),
              due=Due(due, clock={"zh": f"{CLEAR_DAYS} 日内", "en": f"within {CLEAR_DAYS} days"}))  # fmt: skip
    return made


def _clear(actor: str, lender: Organisation, on: date, wrong: set[tuple[int, int]]) -> None:
    for one in ControlDifference.objects.filter(lender=lender, cleared_on=None, on__lte=on):
        if (one.account_id, one.component) not in wrong:
            ControlDifference.objects.filter(pk=one.pk).update(cleared_on=on)
            end_about(actor, "difference", one.pk, "the books agree")
