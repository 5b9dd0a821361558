"""Books a statement: checked whole, then line by line, each line its own transaction; stopped and started again it goes on.

The same statement twice changes nothing, and a line that came before by another way (a webhook, a second export) counts once.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import IntegrityError, transaction

from fairdue.core.statements import Entry, RowFault, Statement
from fairdue.store import audit, clock, matching_many, vault
from fairdue.store.actions import payment_batches, payments
from fairdue.store.actions.payments import Incoming
from fairdue.store.matching import fingerprint
from fairdue.store.matching_many import Hit
from fairdue.store.models import BankStatement, Organisation, PaymentLine

MANY = 200  # lines from which a statement goes in batches
BATCH = 500  # lines in one transaction: so much is done anew after a crash
REJECTS = ("row", "field", "raw", "why_zh", "why_en")


@dataclass(frozen=True)
class Booked:
    """What became of a statement; `again`: it was booked before, and nothing changed."""

    statement: BankStatement
    again: bool


def book(
    actor: str, lender: Organisation, told: Statement, sha256: str, *, step: Callable[[int], None] = lambda _: None
) -> Booked:
    """Book it, or go on where it stopped. Raises `Unbalanced` before anything is booked."""
    told.check()
    _follows(lender, told)
    statement = _open(actor, lender, told, sha256)
    if statement.state == "LOADED":
        return Booked(statement, again=True)
    counts, faults, seen = Counter[str](), list(told.faults), Counter[tuple[object, ...]]()
    if len(told.entries) >= MANY:
        faults += _many(actor, lender, told, statement, counts, step)
    else:
        for done, entry in enumerate(told.entries):
            fault = _one(actor, lender, told, statement, entry, counts, seen)
            faults += [fault] if fault else []
            step(done + 1)
    _close(actor, statement, told, counts, faults)
    return Booked(statement, again=False)


def _follows(lender: Organisation, told: Statement) -> None:
    """A format that states no opening opens where our statement of the day before closed. Raises `Unbalanced`."""
    if told.opening is not None or told.closing is None or told.from_on is None:
        return
    mine = BankStatement.objects.filter(
        lender=lender, state="LOADED", account_tail=told.account[-4:], currency=told.currency
    )
    before = mine.filter(to_on=told.from_on - timedelta(days=1), closing__isnull=False).order_by("-pk").first()
    if before is not None:
        replace(told, opening=before.closing).check()


def _open(actor: str, lender: Organisation, told: Statement, sha256: str) -> BankStatement:
    said = [(e.on, e.amount, e.ref, e.payer, e.said) for e in told.entries]
    identity = fingerprint(told.account, told.currency, told.opening, told.closing, said)
    with transaction.atomic():
        made, new = BankStatement.objects.get_or_create(
            lender=lender, identity=identity,
            defaults={
                "format": told.format, "file_name": told.file[:255], "file_sha256": sha256, "bank_ref": told.bank_ref[:80],
                "account_tail": told.account[-4:], "currency": told.currency, "from_on": told.from_on, "to_on": told.to_on,
                "opening": told.opening, "closing": told.closing, "rows_read": len(told.entries) + len(told.faults),
                "booked_by": actor, "booked_at": clock.wall(),
            },
        )  # fmt: skip
        if new:
            audit.write(actor, "statement.open", "statement", made.pk, format=told.format, sha256=sha256)
    return made


def _many(
    actor: str, lender: Organisation, told: Statement, statement: BankStatement, counts: Counter[str], step: Callable[[int], None]
) -> list[RowFault]:  # fmt: skip
    """Batches of incoming money in columns; what was taken back one by one between them, so that the order stays."""
    incoming = _incomings(told)
    hits = dict(zip(incoming, _hits(lender, told.currency, list(incoming.values())), strict=True))
    faults, batch = list[RowFault](), list[int]()
    for at, entry in enumerate(told.entries):
        if entry.amount > 0:
            batch.append(at)
        if batch and (len(batch) >= BATCH or entry.amount <= 0 or at + 1 == len(told.entries)):
            taken = _batch(actor, lender, statement, [incoming[n] for n in batch], [hits[n] for n in batch])
            counts.update(booked=taken.booked, known=taken.known)
            batch = []
            step(at + 1)
        if entry.amount <= 0:
            fault = _one(actor, lender, told, statement, entry, counts, Counter())
            faults += [fault] if fault else []
    return faults


def _incomings(told: Statement) -> dict[int, Incoming]:
    """The payments by their place in the statement."""
    found, seen = {}, Counter[tuple[object, ...]]()
    for at, entry in enumerate(told.entries):
        if entry.amount > 0:
            same = (entry.on, entry.amount, entry.payer, entry.payer_account, entry.said)
            found[at] = _incoming(told, entry, seen[same])
            seen[same] += 1
    return found


def _hits(lender: Organisation, currency: str, incoming: list[Incoming]) -> list[Hit]:
    """All lines against the book as it stands, in one run of the kernel."""
    return matching_many.find(lender, incoming, matching_many.book_of(lender, currency))


def _batch(
    actor: str, lender: Organisation, statement: BankStatement, told: list[Incoming], hits: list[Hit]
) -> payment_batches.Taken:
    try:
        return payment_batches.receive(actor, lender, statement, told, hits)
    except IntegrityError:  # the same message came by another way at this moment: now it is known
        return payment_batches.receive(actor, lender, statement, told, hits)


def _one(
    actor: str, lender: Organisation, told: Statement, statement: BankStatement, entry: Entry, counts: Counter[str],
    seen: Counter[tuple[object, ...]],
) -> RowFault | None:  # fmt: skip
    if entry.amount > 0:
        same = (entry.on, entry.amount, entry.payer, entry.payer_account, entry.said)
        nth, seen[same] = seen[same], seen[same] + 1
        got = payments.receive(actor, lender, _incoming(told, entry, nth), statement=statement)
        counts["booked" if got.line.statement_id == statement.pk else "known"] += 1
        return None
    if not entry.undoes:
        counts["other"] += 1  # what the lender itself paid: it counts in the balance and is nobody's debt
        return None
    line = PaymentLine.objects.filter(lender=lender, bank_ref=entry.undoes, amount__gt=0).order_by("-pk").first()
    if line is None or line.amount != -entry.amount:
        return RowFault(entry.row, "ref", entry.undoes, f"没有金额相符、可冲正的原款项 {entry.undoes}",
                        f"There is no payment {entry.undoes} of that amount to take back")  # fmt: skip
    back = payments.take_back(
        actor, line, entry.on, entry.reason or "bank", ref=entry.ref, statement=statement, row=entry.row
    )
    counts["booked" if back.statement_id == statement.pk else "known"] += 1
    return None


def _incoming(told: Statement, entry: Entry, nth: int) -> Incoming:
    return Incoming(
        told.source, entry.amount, told.currency, entry.on, ref=entry.ref, payer=entry.payer,
        payer_account=entry.payer_account, virtual_account=entry.virtual_account, said=entry.said, to=entry.to, row=entry.row,
        nth=0 if entry.ref else nth,
    )  # fmt: skip


@transaction.atomic
def _close(actor: str, statement: BankStatement, told: Statement, counts: Counter[str], faults: list[RowFault]) -> None:
    locked = BankStatement.objects.select_for_update().get(pk=statement.pk)
    if locked.state == "LOADED":
        statement.refresh_from_db()
        return
    statement.state = "LOADED"
    statement.rows_booked, statement.rows_known, statement.rows_rejected = (
        counts["booked"],
        counts["known"],
        len(faults),
    )
    if faults:
        statement.rejects = vault.keep(
            rejects(faults).encode("utf-8-sig"), name=f"rejects-{statement.pk}.csv", media_type="text/csv",
            kind="statement-rejects", keep_until=None, actor=actor, lender=statement.lender,
        )  # fmt: skip
    statement.save()
    audit.write(actor, "statement.load", "statement", statement.pk, booked=statement.rows_booked,
                known=statement.rows_known, rejected=len(faults), other=counts["other"], refused=len(told.refused))  # fmt: skip


def rejects(faults: list[RowFault]) -> str:
    """What could not be booked as a file: to be mended and loaded again."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(REJECTS)
    writer.writerows((f.row, f.field, _plain(f.raw), f.zh, f.en) for f in faults)
    return out.getvalue()


def _plain(text: str) -> str:
    """A cell that a spreadsheet would run is shown as text."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text
