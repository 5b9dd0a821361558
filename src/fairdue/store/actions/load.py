"""Publishes a staged file: everything in it becomes part of the book in one transaction, or nothing does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import connection, transaction

from fairdue.core.codes import Channel, Component, Party, PointStatus
from fairdue.core.ledger import PostingKind
from fairdue.store import audit, clock
from fairdue.store.actions import circles
from fairdue.store.actions.ledger import record_payment
from fairdue.store.locks import lock_everybody
from fairdue.store.models import Account, Batch, Organisation

MONTHS = range(1, 7)


@dataclass(frozen=True)
class FileIdentity:
    """What makes a batch the same batch: the bytes, how they are read, for which lender and date."""

    lender: Organisation
    kind: str
    file_name: str
    file_sha256: str
    mapping: str
    mapping_revision: str
    as_of: date | None

    @property
    def digest(self) -> str:
        """The identity as one hash."""
        said = (self.lender.code, self.kind, self.file_sha256, self.mapping_revision, str(self.as_of))
        return sha256("\n".join(said).encode()).hexdigest()

    @property
    def stage(self) -> str:
        """The name of the staging table."""
        return f"stage_{self.kind}_{self.digest[:16]}"


@dataclass(frozen=True)
class Counts:
    """What came in, what went on, what was left out."""

    read: int
    loaded: int
    rejected: int
    control: dict[str, Any] = field(default_factory=dict)
    rejects_file: str = ""


def open_batch(identity: FileIdentity, actor: str) -> Batch:
    """The batch of this file: a new one, one that was interrupted, or one that is already LOADED."""
    with transaction.atomic():
        batch, created = Batch.objects.get_or_create(
            identity=identity.digest,
            defaults={
                "lender": identity.lender,
                "kind": identity.kind,
                "file_name": identity.file_name,
                "file_sha256": identity.file_sha256,
                "mapping": identity.mapping,
                "mapping_revision": identity.mapping_revision,
                "as_of": identity.as_of,
                "started_at": clock.wall(),
            },
        )
        if created:
            audit.write(actor, "batch.open", "batch", batch.pk, file=identity.file_name, sha256=identity.file_sha256)
    return batch


def publish(batch: Batch, stage: str, counts: Counts, actor: str) -> None:
    """Make the staged rows part of the book. One transaction: a kill at any moment leaves the book as it was."""
    with transaction.atomic():
        locked = Batch.objects.select_for_update().get(pk=batch.pk)
        if locked.state == "LOADED":
            return
        if counts.loaded:
            _index(stage, batch.kind)
            _PUBLISHERS[batch.kind](locked, stage)
        locked.state, locked.loaded_at = "LOADED", clock.wall()
        locked.rows_read, locked.rows_loaded, locked.rows_rejected = counts.read, counts.loaded, counts.rejected
        locked.control, locked.rejects_file = counts.control, counts.rejects_file
        locked.save()
        _drop(stage)
        audit.write(
            actor, "batch.load", "batch", batch.pk,
            read=counts.read, loaded=counts.loaded, rejected=counts.rejected, control=counts.control,
        )  # fmt: skip
    batch.refresh_from_db()


def _run(sql: str, **values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


JOINED_BY = {
    "book": ("row_no", "account_no", "person_ref", "id_index", "phone_index"),
    "people": ("row_no", "person_ref", "id_index", "phone_index"),
    "schedule": ("account_no",),
    "payments": (),
}


def _index(stage: str, kind: str) -> None:
    """The staging table is joined to the book by these; without an index the join grows with the square."""
    for column in JOINED_BY[kind]:
        _run(f'CREATE INDEX "{stage}_{column}" ON "{stage}" ({column})')
    _run(f'ANALYZE "{stage}"')


def _drop(stage: str) -> None:
    _run(f'DROP TABLE IF EXISTS "{stage}"')


def _publish_book(batch: Batch, stage: str) -> None:
    _persons(batch, stage)
    _accounts(batch, stage)
    for component in Component:
        _postings(batch, stage, component)
    if batch.lender.owns_ledger:
        _lender_checks(batch, stage)
    for back in MONTHS:
        _months(batch, stage, back)
    _points(batch, stage)
    circles.join(batch.lender_id, stage)


PERSON_SAID = ("name_masked", "name_index", "id_type", "id_masked", "id_index", "place", "zone", "language")
PERSON_SEALED = ("name_sealed", "id_sealed")


def _persons(batch: Batch, stage: str) -> None:
    """One person per customer reference; what a later file does not say is kept."""
    columns = ", ".join((*PERSON_SAID, *PERSON_SEALED, "invented"))
    kept = [f"{c} = CASE WHEN excluded.{c} <> '' THEN excluded.{c} ELSE person.{c} END" for c in PERSON_SAID]
    kept += [f"{c} = COALESCE(excluded.{c}, person.{c})" for c in PERSON_SEALED]
    kept += ["invented = excluded.invented OR person.invented"]
    picked = ", ".join(f"s.{c}" for c in (*PERSON_SAID, *PERSON_SEALED, "invented"))
    _run(
        f"INSERT INTO person (lender_id, ref, agreed_from, agreed_to, batch_id, {columns}) "
        f"SELECT %(lender)s, s.person_ref, -1, -1, %(batch)s, {picked} "
        f'FROM "{stage}" s JOIN (SELECT person_ref, MIN(row_no) AS row_no FROM "{stage}" GROUP BY person_ref) f '
        "ON f.person_ref = s.person_ref AND f.row_no = s.row_no WHERE TRUE "
        f"ON CONFLICT (lender_id, ref) DO UPDATE SET {', '.join(kept)}",
        lender=batch.lender_id, batch=batch.pk,
    )  # fmt: skip


TERMS = (
    "product", "currency", "exponent", "opened_on", "formed_on", "credit_limit", "annual_ppm", "penalty_ppm",
    "day_count", "compound", "allocation_order", "components_known", "oldest_unpaid_due",
)  # fmt: skip


def _accounts(batch: Batch, stage: str) -> None:
    """Terms follow the newest file; a file older than what we hold changes nothing."""
    updated = ", ".join(f"{c} = excluded.{c}" for c in (*TERMS, "lender_balance", "lender_as_of", "batch_id"))
    restart = "" if batch.lender.owns_ledger else ", accrued_to = excluded.accrued_to"
    _run(
        f"INSERT INTO account (lender_id, customer_id, account_no, {', '.join(TERMS)}, lender_balance, lender_as_of, "
        "plan_status, accrued_to, carry_interest, carry_penalty, batch_id) "
        f"SELECT %(lender)s, p.id, s.account_no, {', '.join('s.' + c for c in TERMS)}, s.balance, %(as_of)s, "
        "0, %(as_of)s, 0, 0, %(batch)s "
        f'FROM "{stage}" s JOIN person p ON p.lender_id = %(lender)s AND p.ref = s.customer_ref WHERE TRUE '
        f"ON CONFLICT (lender_id, account_no) DO UPDATE SET {updated}{restart} "
        "WHERE excluded.lender_as_of >= account.lender_as_of",
        lender=batch.lender_id, batch=batch.pk, as_of=batch.as_of,
    )  # fmt: skip


def _postings(batch: Batch, stage: str, component: Component) -> None:
    """The opening balance of a new account; for a known one the difference to the lender's figure, if that is the truth."""
    column = component.name.lower()
    known = (
        "EXISTS (SELECT 1 FROM posting o WHERE o.account_id = a.id AND (o.batch_id IS NULL OR o.batch_id <> %(batch)s))"
    )
    # the lender's books let it go, the borrower owes it still: a zero of theirs is no news about the debt
    off = "EXISTS (SELECT 1 FROM write_off w WHERE w.account_id = a.id AND w.state IN ('STANDS', 'UNDO_ASKED'))"
    only_new = f"AND NOT {known}" if batch.lender.owns_ledger else ""
    _run(
        "INSERT INTO posting (account_id, value_date, component, amount, kind, ref, batch_id, booked_at) "
        f"SELECT a.id, %(as_of)s, %(component)s, s.{column} - COALESCE(b.amount, 0), "
        f"CASE WHEN {known} THEN %(update)s ELSE %(opening)s END, '', %(batch)s, %(booked)s "
        f'FROM "{stage}" s JOIN account a ON a.lender_id = %(lender)s AND a.account_no = s.account_no '
        "LEFT JOIN (SELECT account_id, SUM(amount) AS amount FROM posting "
        "WHERE component = %(component)s AND value_date <= %(as_of)s GROUP BY account_id) b ON b.account_id = a.id "
        f"WHERE a.batch_id = %(batch)s AND s.{column} <> COALESCE(b.amount, 0) {only_new} AND NOT (s.balance = 0 AND {off})",
        lender=batch.lender_id, batch=batch.pk, as_of=batch.as_of, component=int(component), booked=clock.wall(),
        update=int(PostingKind.LENDER_UPDATE), opening=int(PostingKind.OPENING),
    )  # fmt: skip


def _lender_checks(batch: Batch, stage: str) -> None:
    """Ours is the truth: where the lender's figure differs, the difference is kept for finance to settle."""
    _run(
        'INSERT INTO lender_check (account_id, "on", ours, lenders, batch_id) '
        "SELECT a.id, %(as_of)s, COALESCE(b.amount, 0), s.balance, %(batch)s "
        f'FROM "{stage}" s JOIN account a ON a.lender_id = %(lender)s AND a.account_no = s.account_no '
        "LEFT JOIN (SELECT account_id, SUM(amount) AS amount FROM posting WHERE value_date <= %(as_of)s "
        "GROUP BY account_id) b ON b.account_id = a.id WHERE s.balance <> COALESCE(b.amount, 0)",
        lender=batch.lender_id, batch=batch.pk, as_of=batch.as_of,
    )  # fmt: skip


def _months(batch: Batch, stage: str, back: int) -> None:
    as_of = batch.as_of
    if as_of is None:
        return
    index = as_of.year * 12 + as_of.month - back
    said = f"s.missed_{back} IS NOT NULL OR s.billed_{back} IS NOT NULL OR s.paid_{back} IS NOT NULL"
    _run(
        "INSERT INTO account_month (account_id, month, missed, billed, paid) "
        f"SELECT a.id, %(month)s, s.missed_{back}, s.billed_{back}, s.paid_{back} "
        f'FROM "{stage}" s JOIN account a ON a.lender_id = %(lender)s AND a.account_no = s.account_no '
        f"WHERE ({said}) ON CONFLICT (account_id, month) "
        "DO UPDATE SET missed = excluded.missed, billed = excluded.billed, paid = excluded.paid",
        lender=batch.lender_id, month=date(index // 12, index % 12 + 1, 1),
    )  # fmt: skip


def _points(batch: Batch, stage: str) -> None:
    """The first file that names a number says where it came from; a later one cannot bring back a number we know is dead."""
    _run(
        "INSERT INTO point (person_id, channel, value_sealed, value_masked, value_index, source, reserved, status) "
        "SELECT p.id, %(call)s, s.phone_sealed, s.phone_masked, s.phone_index, s.phone_source, s.phone_reserved, "
        f's.phone_status FROM "{stage}" s JOIN person p ON p.lender_id = %(lender)s AND p.ref = s.person_ref '
        f'JOIN (SELECT person_ref, phone_index, MIN(row_no) AS row_no FROM "{stage}" '
        "GROUP BY person_ref, phone_index) f ON f.row_no = s.row_no "
        "WHERE s.phone_sealed IS NOT NULL "
        "ON CONFLICT (person_id, channel, value_index) DO UPDATE SET "
        "status = CASE WHEN point.status = %(good)s THEN excluded.status ELSE point.status END",
        lender=batch.lender_id, call=int(Channel.CALL), good=int(PointStatus.GOOD),
    )  # fmt: skip


def _publish_people(batch: Batch, stage: str) -> None:
    _persons(batch, stage)
    _points(batch, stage)
    _links(batch, stage)
    circles.join(batch.lender_id, stage)


def _links(batch: Batch, stage: str) -> None:
    """Who is somebody else to a customer's debt; a refusal already recorded stays."""
    _run(
        "INSERT INTO link (customer_id, person_id, party) SELECT DISTINCT c.id, p.id, s.party "
        f'FROM "{stage}" s JOIN person p ON p.lender_id = %(lender)s AND p.ref = s.person_ref '
        "JOIN person c ON c.lender_id = %(lender)s AND c.ref = s.customer_ref "
        "WHERE s.party <> %(borrower)s ON CONFLICT (customer_id, person_id, party) DO NOTHING",
        lender=batch.lender_id, borrower=int(Party.BORROWER),
    )  # fmt: skip


def _publish_payments(batch: Batch, stage: str) -> None:
    """Each payment goes by the same door as one entered by hand: allocated by the order of its account."""
    lock_everybody()
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT account_no, paid_on, amount, reference FROM "{stage}" ORDER BY paid_on, row_no')
        rows = cursor.fetchall()
    for number, paid_on, amount, reference in rows:
        account = Account.objects.get(lender_id=batch.lender_id, account_no=number)
        record_payment("import", account, amount, date.fromisoformat(str(paid_on)), reference)


def _publish_schedule(batch: Batch, stage: str) -> None:
    _run(
        "INSERT INTO instalment (account_id, due_on, amount) SELECT a.id, s.due_on, s.amount "
        f'FROM "{stage}" s JOIN account a ON a.lender_id = %(lender)s AND a.account_no = s.account_no WHERE TRUE '
        "ON CONFLICT (account_id, due_on) DO UPDATE SET amount = excluded.amount",
        lender=batch.lender_id,
    )


_PUBLISHERS = {"book": _publish_book, "people": _publish_people, "schedule": _publish_schedule,
               "payments": _publish_payments}  # fmt: skip
