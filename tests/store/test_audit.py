"""What happened stays what happened: the database refuses to rewrite it, and the chain names what was rewritten anyway."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

import books
from books import AS_OF, minute, owner_of
from fairdue.core.codes import Channel
from fairdue.core.decision import Action
from fairdue.jobs import night
from fairdue.store import audit, chain, clock
from fairdue.store.actions import contacts, ledger
from fairdue.store.actions.contacts import Proposed, Reservation
from fairdue.store.models import AuditRow, Case, Point
from worlds import BOTH, Worlds, opened

both = pytest.mark.parametrize("vendor", BOTH)
PROTECTED = ("audit", "posting", "decision", "pack_revision")


def lived_in() -> None:
    """A book, a night, a payment and its reversal, a call: something of everything."""
    lender = books.bank()
    books.load(lender, books.write(settings.HOME / "book.csv", books.rows(40)))
    night.run_night(lender, AS_OF)
    clock.set_demo(minute(AS_OF, "10:00"))
    case = Case.objects.filter(action=Action.CONTACT).order_by("pk")[0]
    held = contacts.reserve(owner_of(case), case.pk, Proposed(Channel.CALL, Point.objects.get(person=case.customer).pk))
    assert isinstance(held, Reservation)
    contacts.record(owner_of(case), held.attempt_id, "NA")
    account = case.customer.accounts.order_by("pk")[0]
    ledger.record_payment("test", account, 1_00, AS_OF, "one")
    ledger.reverse_payment("test", account, "one", "returned", AS_OF)


def raw(sql: str) -> None:
    """Somebody with the database's own password."""
    with connection.cursor() as cursor:
        cursor.execute(sql)


def unprotect(table: str = "audit") -> None:
    """Take the triggers away, as somebody with that password could."""
    if connection.vendor == "postgresql":
        raw(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    else:
        raw(f"DROP TRIGGER {table}_no_update")
        raw(f"DROP TRIGGER {table}_no_delete")


@both
def test_the_chain_holds_after_everything(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, lived_in):
        verbs = set(AuditRow.objects.values_list("verb", flat=True))
        assert {
            "batch.load",
            "night.publish",
            "contact.reserve",
            "contact.record",
            "payment.record",
            "payment.reverse",
        } <= verbs
        assert audit.verify() is None


@both
@pytest.mark.parametrize("table", PROTECTED)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_rewrite(worlds: Worlds, vendor: str, table: str, statement: str) -> None:
    with opened(worlds, vendor, lived_in):
        before = books.kept()
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            raw(statement.format(table))
        assert books.kept() == before


@both
def test_an_altered_row_is_named(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, lived_in):
        row = AuditRow.objects.order_by("pk")[2]
        unprotect()
        for column, value in (("reason", "'nothing'"), ("actor", "'nobody'"), ("business_at", "1"), ("data", "'{}'")):
            with transaction.atomic():
                raw(f"UPDATE audit SET {column} = {value} WHERE id = {row.pk}")
                assert audit.verify() == audit.ChainBreak(row.pk, "altered"), column
                transaction.set_rollback(True)
        assert audit.verify() is None


@both
def test_a_removed_row_is_named(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, lived_in):
        gone = AuditRow.objects.order_by("pk")[1]
        unprotect()
        raw(f"DELETE FROM audit WHERE id = {gone.pk}")
        assert audit.verify() == audit.ChainBreak(gone.pk, "missing")


@both
def test_rows_that_changed_places_are_named(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, lived_in):
        one, two = AuditRow.objects.order_by("pk")[1:3]
        unprotect()
        raw(f"UPDATE audit SET id = -1 WHERE id = {one.pk}")
        raw(f"UPDATE audit SET id = {one.pk} WHERE id = {two.pk}")
        raw(f"UPDATE audit SET id = {two.pk} WHERE id = -1")
        assert audit.verify() == audit.ChainBreak(one.pk, "moved")


@both
def test_a_row_that_was_altered_together_with_its_own_hash_is_named(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, lived_in):
        row = AuditRow.objects.order_by("pk")[2]
        unprotect()
        row.actor = "nobody"
        raw(f"UPDATE audit SET actor = 'nobody', digest = '{chain.digest(row)}' WHERE id = {row.pk}")
        assert audit.verify() == audit.ChainBreak(row.pk, "altered")


@both
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_a_row_is_named_wherever_it_stood(worlds: Worlds, vendor: str, place: str) -> None:
    with opened(worlds, vendor, lived_in):
        rows = list(AuditRow.objects.order_by("pk"))
        row = {"first": rows[0], "middle": rows[len(rows) // 2], "last": rows[-1]}[place]
        unprotect()
        with transaction.atomic():
            raw(f"UPDATE audit SET verb = 'nothing' WHERE id = {row.pk}")
            assert audit.verify() == audit.ChainBreak(row.pk, "altered")
            transaction.set_rollback(True)
        raw(f"DELETE FROM audit WHERE id = {row.pk}")
        why = "missing at the end" if place == "last" else "missing"
        assert audit.verify() == audit.ChainBreak(row.pk, why)


@both
def test_rows_cut_off_at_the_end_are_missed_also_after_more_was_written(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, lived_in):
        last = AuditRow.objects.latest("pk")
        unprotect()
        raw(f"DELETE FROM audit WHERE id >= {last.pk - 1}")
        assert audit.verify() == audit.ChainBreak(last.pk - 1, "missing at the end")
        with transaction.atomic():
            audit.write("test", "test", "test")
        assert audit.verify() == audit.ChainBreak(last.pk - 1, "missing")


@both
def test_a_chain_that_was_written_anew_with_its_end_does_not_go_through_its_anchor(worlds: Worlds, vendor: str) -> None:
    """Somebody with the database alone makes a chain that holds; the file outside it tells."""
    with opened(worlds, vendor, lived_in) as world:
        file = world.home / "anchors.jsonl"
        made = chain.append_anchor(file)
        with transaction.atomic():
            audit.write("test", "test", "test")
        assert audit.verify(chain.read_anchors(file)) is None
        unprotect()
        rewrite_from(3)
        assert audit.verify() is None
        assert audit.verify(chain.read_anchors(file)) == audit.ChainBreak(made.last_id, "not the anchored row")


def rewrite_from(first: int) -> None:
    """Change a row and every hash after it, and the end of the chain, so that all fits again."""
    previous, rows = "", list(AuditRow.objects.filter(pk__gte=first).order_by("pk"))
    rows[0].actor = "nobody"
    for row in rows:
        row.previous = previous or row.previous
        row.digest = previous = chain.digest(row)
        raw(f"UPDATE audit SET actor = '{row.actor}', previous = '{row.previous}', digest = '{row.digest}' "
            f"WHERE id = {row.pk}")  # fmt: skip
    raw(f"UPDATE audit_head SET digest = '{previous}'")


@both
def test_a_chain_that_was_cut_together_with_its_end_does_not_reach_its_anchor(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, lived_in) as world:
        file = world.home / "anchors.jsonl"
        made = chain.append_anchor(file)
        unprotect()
        raw(f"DELETE FROM audit WHERE id = {made.last_id}")
        before = AuditRow.objects.latest("pk")
        raw(f"UPDATE audit_head SET last_id = {before.pk}, digest = '{before.digest}', rows = rows - 1")
        assert audit.verify() is None
        found = world.fairdue("audit", "verify", "--anchor", file, "--json", code=1)
        assert '"why": "missing at the end"' in found
        assert f'"row": {made.last_id}' in found


def test_an_anchor_that_somebody_else_wrote_is_refused(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", lived_in) as world:
        file = world.home / "anchors.jsonl"
        chain.append_anchor(file)
        written = file.read_text("utf-8")
        for wrong in (written.replace('"rows": ', '"rows": 1'), "{}", "nothing"):
            file.write_text(wrong, "utf-8")
            with pytest.raises(chain.NotAnAnchor):
                chain.read_anchors(file)
        assert "cannot be read" in world.fairdue(
            "audit", "verify", "--anchor", world.home / "nowhere", "--json", code=1
        )


@both
def test_the_command_writes_an_anchor_and_goes_through_it(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, lived_in) as world:
        file = world.home / "anchors.jsonl"
        for _ in range(2):
            world.fairdue("audit", "anchor", file)
        assert '"anchors": 2' in world.fairdue("audit", "verify", "--anchor", file, "--json")


@both
def test_a_decision_that_was_altered_with_all_that_follows_from_it_is_named(worlds: Worlds, vendor: str) -> None:
    """Facts and verdict changed to fit each other: asking again would find nothing, the hash in the chain does."""
    with opened(worlds, vendor, lived_in) as world:
        assert audit.verify(decisions=True) is None
        proofs = {
            "contact": AuditRow.objects.get(verb="contact.reserve"),
            "night": AuditRow.objects.get(verb="night.publish"),
        }
        unprotect("decision")
        for kind, proof in proofs.items():
            with transaction.atomic():
                raw(f"UPDATE decision SET facts = REPLACE(facts, 'CALL', 'SMS') WHERE kind = '{kind}'")
                assert audit.verify(decisions=True) == audit.ChainBreak(proof.pk, "decision altered")
                assert audit.verify() is None
                transaction.set_rollback(True)
        raw("UPDATE decision SET value = 'x' WHERE kind = 'outcome'")
        assert '"why": "decision altered"' in world.fairdue("audit", "verify", "--decisions", "--json", code=1)


@both
def test_every_night_leaves_an_anchor_outside_the_database(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, lived_in) as world:
        file = world.home / "audit-anchors.jsonl"
        found = chain.read_anchors(file)
        assert len(found) == 1
        assert AuditRow.objects.get(pk=found[0].last_id).verb == "night.publish"
        assert audit.verify(found) is None


@both
def test_many_who_write_at_once_make_one_chain(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor) as world:
        writers = [world.start("chain_writer", number, 25) for number in range(4)]
        assert [writer.wait(120) for writer in writers] == [0] * 4
        for writer in writers:
            writer.communicate()
        assert list(AuditRow.objects.order_by("pk").values_list("pk", flat=True)) == list(range(1, 101))
        assert audit.verify() is None


def test_an_audit_row_needs_the_transaction_it_proves(worlds: Worlds) -> None:
    with opened(worlds, "sqlite"), pytest.raises(transaction.TransactionManagementError):
        audit.write("test", "test", "test")


@transaction.atomic
def write_and_fail() -> None:
    audit.write("test", "test", "test")
    raise ZeroDivisionError


def test_what_fails_leaves_no_audit_row(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", lived_in):
        before = books.kept()
        with pytest.raises(ZeroDivisionError):
            write_and_fail()
        assert books.kept() == before


@both
def test_the_command_says_whether_the_chain_holds(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, lived_in) as world:
        assert '"holds": true' in world.fairdue("audit", "verify", "--json")
        unprotect()
        raw("UPDATE audit SET actor = 'nobody' WHERE id = (SELECT MIN(id) FROM audit)")
        assert '"why": "altered"' in world.fairdue("audit", "verify", "--json", code=1)
