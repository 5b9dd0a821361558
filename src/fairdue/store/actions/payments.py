"""Money comes in by one door: kept once, matched, split over debts, booked; what nobody can book waits for a person.

The same message twice changes nothing. A line that was booked is never changed: what is taken back is a line of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import IntegrityError, transaction

from fairdue.core.designation import Owed, split
from fairdue.core.errors import Fault
from fairdue.store import audit, clock, matching
from fairdue.store.actions import ledger, settled, settlement_judge, suspense
from fairdue.store.locks import lock_people
from fairdue.store.matching import Found, Incoming, fingerprint
from fairdue.store.models import Account, BankStatement, Organisation, PaymentLine, PaymentMatch
from fairdue.store.seal import mask_name, sealer

__all__ = ["Incoming", "NoSuchLine", "NotMoney", "Received", "book", "receive", "take_back"]


class NotMoney(Fault):
    """Nothing or less than nothing came in."""

    code = "payments.not-money"
    en, en_remedy = (
        "An incoming payment of {amount} cannot be booked.",
        "Money that goes back is a reversal of its line.",
    )
    zh, zh_remedy = "来款金额 {amount} 无法入账。", "退回的款项请对原款项作冲正。"


class NoSuchLine(Fault):
    """There is no such payment to take back."""

    code = "payments.no-such-line"
    en, en_remedy = "There is no payment {ref} to take back.", "Check the reference, and import the payment first."
    zh, zh_remedy = "没有可冲正的款项 {ref}。", "请核对流水号，并先导入原款项。"


@dataclass(frozen=True)
class Received:
    """What became of it. `new` is False where it had been received before."""

    line: PaymentLine
    new: bool
    booked: int = 0
    left: int = 0


@transaction.atomic
def receive(
    actor: str, lender: Organisation, incoming: Incoming, *, statement: BankStatement | None = None, found: Found | None = None
) -> Received:  # fmt: skip
    """Keep a payment, book what can be booked, and let everything that would still ask for it go quiet. Raises `NotMoney`."""
    if incoming.amount <= 0:
        raise NotMoney(amount=incoming.amount)
    match = found or matching.find(lender, incoming)
    lock_people(match.people)
    known = PaymentLine.objects.filter(lender=lender, identity=incoming.identity).first()
    if known is not None:
        return Received(known, new=False)
    try:
        with (
            transaction.atomic()
        ):  # somebody else may be at the same message, and nobody is locked where nothing matched
            line = _keep(actor, lender, incoming, statement)
    except IntegrityError:
        return Received(PaymentLine.objects.get(lender=lender, identity=incoming.identity), new=False)
    booked = book(actor, line, match) if match.account is not None else 0
    left = incoming.amount - booked
    if left:
        suspense.put(actor, line, left, match if not booked else Found(reason="OVERPAID"))
    audit.write(
        actor, "payment.receive", "payment_line", line.pk, source=line.source, amount=line.amount, booked=booked
    )
    return Received(line, new=True, booked=booked, left=left)


def _keep(actor: str, lender: Organisation, said: Incoming, statement: BankStatement | None) -> PaymentLine:
    line = line_of(actor, lender, said, statement)
    line.save(force_insert=True)
    return line


def line_of(actor: str, lender: Organisation, said: Incoming, statement: BankStatement | None) -> PaymentLine:
    """The row of a payment, not stored yet."""
    payer = f"{said.payer}\n{said.payer_account}"
    return PaymentLine(
        lender=lender, statement=statement, source=said.source, identity=said.identity, bank_ref=said.ref[:120],
        row=said.row, paid_on=said.paid_on, amount=said.amount, currency=said.currency,
        payer_sealed=sealer().seal(payer) if payer.strip() else None, payer_masked=mask_name(said.payer)[:80],
        payer_index=said.payer_key, account_tail=said.payer_account[-4:], virtual_account=said.virtual_account[:40],
        said=said.said, known_at=clock.wall(), added_by=actor,
    )  # fmt: skip


def book(actor: str, line: PaymentLine, found: Found) -> int:
    """Book a line over the debts of whom it was matched to, inside the caller's transaction; what was booked in all."""
    debts = _debts(found, line)
    designated = np.array([found.designated.get(debt.pk, 0) for debt in debts], np.int64)
    amounts, _ = split(line.amount, _owed(debts, line.paid_on), designated)
    for debt, amount in zip(debts, amounts.tolist(), strict=True):
        if not amount:
            continue
        meant = found.account is not None and debt.pk == found.account.pk
        how = found.how if meant or debt.pk in found.designated else "LAW"
        ref = f"P{line.pk}"
        PaymentMatch.objects.create(line=line, account=debt, amount=amount, how=how, score=found.score, posting_ref=ref,
                                    by=actor, at=clock.now_minute())  # fmt: skip
        ledger.record_payment(actor, debt, amount, line.paid_on, ref)
        settled.look(actor, debt)
    return int(amounts.sum())


def _debts(found: Found, line: PaymentLine) -> list[Account]:
    """The debts of the payer in the line's currency, those the payer named first."""
    assert found.account is not None, "only what was matched is booked"  # noqa: S101 - what callers guarantee
    theirs = Account.objects.filter(customer=found.account.customer_id, currency=line.currency).select_related("lender")
    return sorted(theirs, key=lambda debt: (debt.pk not in found.designated, debt.pk))


def _asked(debts: list[Account], on: date) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """What an open settlement still asks for: more is not kept on a debt that this payment settles."""
    rests = [settlement_judge.rest(debt, on) for debt in debts]
    return np.array([np.iinfo(np.int64).max if rest is None else rest for rest in rests], np.int64)


def _owed(debts: list[Account], on: date) -> Owed:
    """What art. 560 asks about each debt. Security is given for a person here, so all debts of one are alike in it."""
    balances = [ledger.balances(debt, on) for debt in debts]
    late = [ledger.dpd_of(debt, on) for debt in debts]
    due_on = [np.datetime64(on, "D") - days if days > 0 else np.datetime64("NaT") for days in late]
    return Owed(
        balance=np.minimum(_asked(debts, on), [int(np.maximum(one, 0).sum()) for one in balances]), due=np.array(late) > 0,
        security=np.zeros(len(debts), np.int64), annual_ppm=np.array([debt.annual_ppm for debt in debts], np.int64),
        due_on=np.array(due_on, "datetime64[D]"),
    )  # fmt: skip


@transaction.atomic
def take_back(actor: str, line: PaymentLine, on: date, reason: str, *, ref: str = "",
              statement: BankStatement | None = None, row: int = 0) -> PaymentLine:  # fmt: skip
    """A reversal or chargeback: a new line that undoes the booking and reopens what it had closed. Twice changes nothing."""
    lock_people(sorted({match.account.customer_id for match in line.matches.select_related("account")}))
    before = PaymentLine.objects.filter(reverses=line).first()
    if before is not None:
        return before
    back = PaymentLine.objects.create(
        lender_id=line.lender_id, statement=statement, source=line.source, identity=fingerprint("back", line.identity),
        bank_ref=ref[:120], row=row, paid_on=on, amount=-line.amount, currency=line.currency, payer_masked=line.payer_masked,
        reverses=line, reason=reason[:120], known_at=clock.wall(), added_by=actor,
    )  # fmt: skip
    for match in line.matches.filter(undoes=None, undone_by=None).select_related("account__lender"):
        PaymentMatch.objects.create(line=back, account=match.account, amount=-match.amount, how=match.how, undoes=match,
                                    posting_ref=match.posting_ref, by=actor, at=clock.now_minute())  # fmt: skip
        ledger.reverse_payment(actor, match.account, match.posting_ref, reason, on)
        settled.undo(actor, match.account, reason)
    suspense.gone(actor, line, reason)
    audit.write(actor, "payment.take-back", "payment_line", back.pk, reason=reason, line=line.pk, amount=back.amount)
    return back
