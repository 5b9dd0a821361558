"""Judges settlements by what was paid: on every payment and every reversal, and when a day has passed. Nobody judges by hand.

Kept in time, the rest is let off by postings, and what follows from owing nothing follows (`settled`). Late or short, the
offer lapses and what was paid stays. A payment taken back later takes the letting off back too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
from django.db import transaction
from django.db.models import Sum

from fairdue.core.codes import Component, Role
from fairdue.core.ledger import PostingKind
from fairdue.core.settlement import JUDGED, Agreed, Judged, Received, SettlementState, judge
from fairdue.store import audit, clock
from fairdue.store.actions.plan_judge import receipts
from fairdue.store.actions.tasks import About, Whom, open_task
from fairdue.store.locks import lock_people
from fairdue.store.models import Account, Organisation, Posting, Settlement, SettlementPart

STATES = [int(state) for state in JUDGED]
AT_ONCE = 500


def of_account(actor: str, account: Account, as_of: date) -> None:
    """Judge the newest offer on a debt anew, inside the caller's transaction: a payment came or went."""
    found = account.settlements.filter(state__in=STATES).select_related("account", "case__lender", "proposed_by")
    newest = found.order_by("-pk").first()
    if newest is not None:
        _judge(actor, [newest], as_of)


def of_lender(actor: str, lender: Organisation, as_of: date) -> int:
    """Judge every open offer of a lender a part of which is past; how many changed. Running it again changes nothing."""
    due = Settlement.objects.filter(
        case__lender=lender, state=int(SettlementState.OFFERED), parts__due_on__lt=as_of
    ).distinct()
    ids = list(due.order_by("pk").values_list("pk", flat=True))
    changed = 0
    for start in range(0, len(ids), AT_ONCE):
        with transaction.atomic():
            found = Settlement.objects.filter(pk__in=ids[start : start + AT_ONCE])
            people = sorted(set(found.values_list("account__customer_id", flat=True)))
            lock_people(people)  # then read: a payment may have come meanwhile
            rows = list(found.select_related("account", "case__lender", "proposed_by").order_by("pk"))
            changed += _judge(actor, rows, as_of)
    return changed


def rest(account: Account, on: date) -> int | None:
    """What a payment made on a day may still be asked for under the open offer; None: there is none that day is in time for."""
    found = account.settlements.filter(state=int(SettlementState.OFFERED), last_on__gte=on, since__lte=on).first()
    if found is None:
        return None
    judged = _found([found], on)
    if judged.state[0] == SettlementState.LAPSED:
        return None
    return max(0, found.total - int(judged.paid[0]))


def _judge(actor: str, rows: Sequence[Settlement], as_of: date) -> int:
    judged = _found(rows, as_of)
    changed = 0
    for number, row in enumerate(rows):
        state = SettlementState(int(judged.state[number]))
        row.paid, row.judged_on = int(judged.paid[number]), as_of
        row.save(update_fields=["paid", "judged_on"])
        if state != row.state:
            since = judged.since[number]
            _move(actor, row, state, as_of, None if np.isnat(since) else date.fromisoformat(str(since)))
            changed += 1
    return changed


def _found(rows: Sequence[Settlement], as_of: date) -> Judged:
    index = {row.pk: number for number, row in enumerate(rows)}
    of_account = {row.account_id: number for number, row in enumerate(rows)}
    parts = list(SettlementPart.objects.filter(settlement__in=index).values_list("settlement_id", "due_on", "amount"))
    paid = receipts(list(of_account), as_of)
    agreed = Agreed(
        _days(row.since for row in rows), _ints(row.before for row in rows), _ints(index[p[0]] for p in parts),
        _days(p[1] for p in parts), _ints(p[2] for p in parts),
    )  # fmt: skip
    got = Received(_ints(of_account[p[0]] for p in paid), _days(p[1] for p in paid), _ints(p[2] for p in paid))
    return judge(agreed, got, np.datetime64(as_of, "D"))


def _days(days: Iterable[date]) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    return np.array([np.datetime64(day, "D") for day in days], "datetime64[D]")


def _ints(numbers: Iterable[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(list(numbers), np.int64)


def _move(actor: str, row: Settlement, to: SettlementState, on: date, since: date | None) -> None:
    before = SettlementState(row.state)
    row.state, row.ended_on = to, since
    row.save(update_fields=["state", "ended_on"])
    if to == SettlementState.MET:
        _let_off(row, on)
    elif before == SettlementState.MET:
        _take_back(row, on)
    if to == SettlementState.LAPSED:
        _say_lapsed(actor, row)
    audit.write(actor, f"settlement.{to.name.lower()}", "settlement", row.pk, account=row.account_id, on=on,
                before=before.name, paid=row.paid)  # fmt: skip


def ref_of(row: Settlement) -> str:
    """The reference of its postings."""
    return f"settlement {row.pk}"


def _let_off(row: Settlement, on: date) -> None:
    """It was kept: whatever is still owed on the day is let off, component by component."""
    sums = dict(row.account.postings.values_list("component").annotate(total=Sum("amount")))
    Posting.objects.bulk_create(
        Posting(account=row.account, value_date=on, component=component, amount=-sums[component], ref=ref_of(row),
                kind=PostingKind.WAIVER, booked_at=clock.wall())
        for component in Component if sums.get(component, 0) > 0
    )  # fmt: skip


def _take_back(row: Settlement, on: date) -> None:
    """The money that kept it was taken back: so is the letting off."""
    standing = row.account.postings.filter(ref=ref_of(row), kind=PostingKind.WAIVER, reversed_by=None)
    Posting.objects.bulk_create(
        Posting(account=row.account, value_date=on, component=p.component, amount=-p.amount, ref=p.ref,
                kind=PostingKind.REVERSAL, reverses=p, booked_at=clock.wall())
        for p in standing
    )  # fmt: skip


def _say_lapsed(actor: str, row: Settlement) -> None:
    """Whoever works the case tells the borrower that the offer is over and what is owed now."""
    whom = Whom(owner=row.case.owner) if row.case.owner_id else Whom(team=row.case.team, role=Role.LEAD)
    open_task(
        actor, row.case.lender, "TELL_LAPSED", whom, about=About(row.case, "settlement", row.pk),
        detail={"zh": "减免结清方案已失效：向客户说明已还款项照常冲抵、当前欠款和可选方案",
                "en": "A settlement lapsed: tell the customer that what was paid counts, what is owed now, and what is open"},
    )  # fmt: skip
