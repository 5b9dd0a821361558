"""A person's data is erased where the law allows and nowhere else; what proves what was done stays and still proves it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

import books
from books import AS_OF, minute, owner_of
from fairdue.core.codes import Channel, LenderKind
from fairdue.jobs import night, replay
from fairdue.rules.retention import load_retention, longest
from fairdue.store import audit, chain, clock, lenders
from fairdue.store.actions import contacts, erase, ledger
from fairdue.store.actions.contacts import Proposed, Reservation
from fairdue.store.models import AuditRow, Case, Decision, Link, Organisation, Person, Point, Stop
from fairdue.store.personal import IMPERSONAL, PERSONAL
from worlds import BOTH, World, Worlds, opened

both = pytest.mark.parametrize("vendor", BOTH)
NAME, PHONE, ID_NO = "诸葛亮明", "15499990001", "E99990001"
ACCOUNT, REF, NOTE = "ACC-99990001", "REF-99990001", "speaks of his mother"
FRIEND, FRIEND_PHONE = "司马无双", "15499990002"


def paid_up() -> None:
    """Somebody who owed, was called, disputed, has a friend in the file, and has paid everything; the case is closed."""
    lender = books.bank(owns_ledger=False)
    late = (AS_OF - timedelta(days=20)).isoformat()
    said = {
        "account_no": ACCOUNT, "customer_ref": REF, "name": NAME, "phone": PHONE, "id_type": "PASSPORT", "id_no": ID_NO,
        "place": "隆中镇", "oldest_unpaid_due": late, "zone": "Asia/Shanghai",
    }  # fmt: skip
    rows = [books.rows(2)[1] | said, books.rows(5)[4]]
    books.load(lender, books.write(settings.HOME / "book.csv", rows))
    friend = {
        "customer_ref": REF,
        "party": "CONTACT",
        "name": FRIEND,
        "phone": FRIEND_PHONE,
        "phone_source": "CONTRACT",
    }
    books.load(lender, books.write(settings.HOME / "people.csv", [friend]), kind="people", as_of=None)
    for file in settings.HOME.glob("*.csv"):
        file.unlink()
    night.run_night(lender, AS_OF)
    clock.set_demo(minute(AS_OF, "10:00"))
    case = Case.objects.get(customer__ref=REF)
    held = contacts.reserve(owner_of(case), case.pk, Proposed(Channel.CALL, Point.objects.get(person=case.customer).pk))
    assert isinstance(held, Reservation)
    contacts.record(owner_of(case), held.attempt_id, "RPC_HANGUP", note=NOTE)
    Stop.objects.create(case=case, kind="PAUSE", since=AS_OF, until=AS_OF, reason=NOTE)
    account = case.customer.accounts.get()
    ledger.record_payment("test", account, int(sum(ledger.balances(account, AS_OF))), AS_OF, "paid")
    night.run_night(lender, AS_OF + timedelta(days=1))


def somebody() -> Person:
    return Person.objects.get(ref=REF)


def years_later(years: int, days: int = 0) -> None:
    clock.set_demo(minute(date(AS_OF.year + years, AS_OF.month, AS_OF.day) + timedelta(days=days), "10:00"))


def bytes_of(world: World) -> bytes:
    """Everything the database says, or everything its files hold."""
    if world.vendor == "sqlite":
        return b"".join(path.read_bytes() for path in world.home.glob("fairdue.db*"))
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found.append(
                repr([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()])
            )
    return "\n".join(found).encode()


@both
def test_while_a_debt_stands_nothing_is_erased(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, paid_up):
        years_later(9)
        other = Person.objects.exclude(ref=REF).exclude(accounts=None).get()
        with pytest.raises(erase.StillNeeded) as refused:
            erase.erase("test", other, "asked in writing")
        assert "a debt stands" in refused.value.sentence("en")
        assert Person.objects.get(pk=other.pk).name_masked


@both
def test_while_records_must_be_kept_the_day_is_named(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, paid_up):
        before = books.kept()
        years_later(2)
        with pytest.raises(erase.MustBeKept) as refused:
            erase.erase("test", somebody(), "asked in writing")
        assert refused.value.fields["until"] == AS_OF.replace(year=AS_OF.year + 2) + timedelta(days=1)
        assert "45251" in refused.value.sentence("zh")
        assert books.kept() == before


@both
def test_a_consumer_finance_company_keeps_five_years(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, paid_up):
        Organisation.objects.update(lender_kind=LenderKind.CONSUMER_FINANCE)
        years_later(5)
        with pytest.raises(erase.MustBeKept, match="Consumer"):
            erase.erase("test", somebody(), "asked in writing")
        years_later(5, days=1)
        assert erase.erase("test", somebody(), "asked in writing").rows["Person"] == 2


@both
def test_what_names_the_person_is_gone_from_every_table_and_page(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, paid_up) as world:
        person, friend = somebody(), Person.objects.get(linked_to__customer__ref=REF)
        secrets = [
            person.name_masked,
            person.name_index,
            person.id_index,
            person.id_masked,
            person.place,
            REF,
            ACCOUNT,
            NOTE,
        ]
        secrets += [
            friend.name_index,
            *Point.objects.filter(person__in=(person, friend)).values_list("value_index", flat=True),
        ]
        found = [text.encode() for text in secrets] + [bytes(person.name_sealed or b""), bytes(person.id_sealed or b"")]
        assert all(text and (text in bytes_of(world) or text.hex().encode() in bytes_of(world) or vendor != "sqlite")
                   for text in found)  # fmt: skip
        years_later(2, days=1)
        erase.erase("test", person, "asked in writing")
        after = bytes_of(world)
        assert [text for text in found if text in after] == []
        person.refresh_from_db()
        assert (person.erased_on, person.name_sealed, person.id_index) == (AS_OF.replace(year=2028, day=30, month=9)
                                                                            + timedelta(days=1), None, "")  # fmt: skip


@both
def test_the_chain_holds_and_every_decision_comes_out_again(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, paid_up) as world:
        file = world.home / "anchors.jsonl"
        chain.append_anchor(file)
        seals = [decision.seal() for decision in Decision.objects.order_by("pk")]
        years_later(2, days=1)
        done = json.loads(world.fairdue("erase", REF, "--reason", "asked in writing", "--json"))
        assert done["rows"].keys() >= {"Person", "Point", "Account", "Attempt", "Stop"}
        assert audit.verify(chain.read_anchors(file)) is None
        assert [decision.seal() for decision in Decision.objects.order_by("pk")] == seals
        run = replay.replay(replay.Wanted(), actor="test")
        assert (run.differing, run.untold) == (0, 0)
        assert AuditRow.objects.filter(verb="person.erase").get().reason == "asked in writing"


@both
def test_what_refuses_to_be_rewritten_refuses_again_afterwards(worlds: Worlds, vendor: str) -> None:
    from django.db import DatabaseError, transaction

    with opened(worlds, vendor, paid_up):
        years_later(2, days=1)
        erase.erase("test", somebody(), "asked in writing")
        for table in ("audit", "decision", "posting", "case_fact", "means"):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT COUNT(*) FROM {table}")
                if cursor.fetchone()[0]:
                    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                        cursor.execute(f"UPDATE {table} SET id = id")


def test_a_refusal_to_be_contacted_outlives_the_data(worlds: Worlds) -> None:
    """The friend asked for silence and for erasure; the next file brings him again, and the refusal with him."""
    with opened(worlds, "sqlite", paid_up) as world:
        friend = Person.objects.get(linked_to__customer__ref=REF)
        Link.objects.filter(person=friend).update(refused_on=AS_OF)
        erase.erase("test", friend, "asked in writing")
        line = {
            "customer_ref": REF,
            "party": "CONTACT",
            "name": FRIEND,
            "phone": FRIEND_PHONE,
            "phone_source": "CONTRACT",
        }
        books.load(lenders.find(None), books.write(world.home / "more.csv", [line]), kind="people", as_of=None)
        assert Link.objects.get(person__name_index=Person.objects.get(pk=friend.pk).name_index).refused_on == AS_OF


def test_nobody_is_erased_twice_or_without_a_reason(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", paid_up):
        years_later(2, days=1)
        person = somebody()
        with pytest.raises(erase.EraseWithoutReason):
            erase.erase("test", person, "  ")
        erase.erase("test", person, "asked in writing")
        with pytest.raises(erase.AlreadyErased):
            erase.erase("test", person, "asked in writing")
        with pytest.raises(erase.NoPerson):
            erase.find_person(lenders.find(None), REF)


def text_columns() -> dict[str, set[str]]:
    kinds = (models.TextField, models.CharField, models.BinaryField, models.JSONField)
    return {
        model.__name__: {field.name for field in model._meta.concrete_fields if isinstance(field, kinds)}
        for model in apps.get_app_config("store").get_models()
    }


def test_every_column_of_text_says_whether_it_is_about_a_person() -> None:
    """A new column fails here: put it into fairdue.store.personal, among PERSONAL (erased) or IMPERSONAL (kept)."""
    said = {name: {*PERSONAL.get(name, ()), *IMPERSONAL.get(name, ())} for name in {*PERSONAL, *IMPERSONAL}}
    assert {name: columns for name, columns in text_columns().items() if columns} == said
    assert not any({*PERSONAL.get(name, ())} & {*IMPERSONAL.get(name, ())} for name in said)


def test_from_every_table_of_personal_data_a_way_leads_to_the_person() -> None:
    ways: dict[str, Any] = {name: erase._ways(apps.get_model("store", name)) for name in PERSONAL if name != "Person"}
    assert all(ways.values()), ways
    assert ways["TrackEvidence"] >= ["track__case__customer"]


def test_every_duty_to_keep_records_has_its_source() -> None:
    for duty in load_retention():
        assert duty.years > 0
        assert all(duty.title[lang] and duty.instrument[lang] for lang in ("zh", "en"))
        assert duty.confidence in {"V", "S", "S-", "M"}
    assert longest(LenderKind.BANK, date(2024, 2, 29))[1] == date(2026, 3, 1)
    assert longest(LenderKind.CONSUMER_FINANCE, date(2024, 1, 1))[1] == date(2029, 1, 1)
