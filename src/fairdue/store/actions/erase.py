"""Erases a person's data on request, where the law allows: what names the person goes, what proves what was done stays.

The audit chain, the decisions and the ledger hold numbers, codes and hashes only, so they stay whole and verifiable.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import CharField, F, Max, Q, Sum, Value
from django.db.models.functions import Cast, Concat

from fairdue.core.codes import Party
from fairdue.core.errors import Fault
from fairdue.core.tracks import TrackState
from fairdue.rules.retention import longest
from fairdue.store import audit, clock
from fairdue.store.locks import lock_people
from fairdue.store.models import Account, Attempt, Case, Link, Organisation, Person, Posting, Track
from fairdue.store.personal import PERSONAL

LIABLE = (int(Party.BORROWER), int(Party.CO_BORROWER), int(Party.GUARANTOR), int(Party.HEIR))
NOT_FOLLOWED = {
    "User",
    "Organisation",
    "Team",
    "Batch",
    "NightRun",
    "Decision",
}  # from these no way leads to one person


class NoPerson(Fault):
    """Nobody goes by that reference."""

    code = "erase.no-person"
    en, en_remedy = (
        "There is nobody with the reference '{ref}'.",
        "Give the customer's reference or the number of the person.",
    )
    zh, zh_remedy = "没有编号为“{ref}”的人员。", "请填写客户编号或人员序号。"


class AlreadyErased(Fault):
    """There is nothing left to erase."""

    code = "erase.already"
    en, en_remedy = "The data of this person was erased on {on}.", "Nothing needs to be done."
    zh, zh_remedy = "该人员的个人信息已于 {on} 删除。", "无需再次操作。"


class StillNeeded(Fault):
    """An obligation stands."""

    code = "erase.still-needed"
    en = "The data may not be erased yet: {why}."
    en_remedy = "It may be erased once that has ended and the records have been kept as long as they must be."
    zh = "暂不能删除：{why_zh}。"
    zh_remedy = "待上述事项了结且法定保存期限届满后可删除。"


class MustBeKept(Fault):
    """Records must be kept for some years."""

    code = "erase.must-be-kept"
    en = "The records must be kept until {until}: {title} ({instrument} {article})."
    en_remedy = "Erase on {until} or later."
    zh = "记录须保存至 {until}：{title_zh}（{instrument_zh}{article_zh}）。"
    zh_remedy = "请于 {until} 起办理。"


class EraseWithoutReason(Fault):
    """Every step has a reason."""

    code = "erase.reason-needed"
    en, en_remedy = "Erasing needs a reason.", "Say who asked for it and when; name nobody."
    zh, zh_remedy = "删除须填写原因。", "请说明由谁何时提出；不要写姓名。"


@dataclass(frozen=True)
class Erased:
    """What was emptied: rows by table."""

    person_id: int
    rows: dict[str, int]


def find_person(lender: Organisation, ref: str) -> Person:
    """The person with this reference, or of this number. Raises `NoPerson`."""
    mine = Person.objects.filter(lender=lender)
    found = mine.filter(ref=ref).first() or (mine.filter(pk=int(ref)).first() if ref.isdigit() else None)
    if found is None:
        raise NoPerson(ref=ref)
    return found


def erase(actor: str, person: Person, reason: str) -> Erased:
    """Empty everything that names the person, in one transaction, and leave no old copies in the database's pages.

    Raises `EraseWithoutReason`, `AlreadyErased`, `StillNeeded`, `MustBeKept`.
    """
    if not reason.strip():
        raise EraseWithoutReason
    with _overwriting():
        return _erase(actor, person, reason.strip())


@transaction.atomic
def _erase(actor: str, person: Person, reason: str) -> Erased:
    lock_people([person.pk])
    person.refresh_from_db()
    today = clock.business_date(clock.now_minute(), person.lender.zone)
    require_erasable(person, today)
    gone = [person.pk, *_only_through(person)]
    found = ((name, _empty(name, gone, keep_ref=_refused(person))) for name in PERSONAL)
    rows = {name: count for name, count in found if count}
    Person.objects.filter(pk__in=gone).update(erased_on=today)
    audit.write(actor, "person.erase", "person", person.pk, reason=reason, rows=rows)
    return Erased(person.pk, rows)


def require_erasable(person: Person, today: date) -> None:
    """Raises why the data may not be erased today, and from when it may, if it may not."""
    if person.erased_on is not None:
        raise AlreadyErased(on=person.erased_on)
    about = _about(person)
    for why, why_zh, found in _standing(about):
        if found:
            raise StillNeeded(why=why, why_zh=why_zh)
    last = _last(person, about)
    if last is None:
        return
    duty, until = longest(person.lender.lender_kind, last, person.lender.pack)
    if until > today:
        raise MustBeKept(
            until=until, title=duty.title["en"], instrument=duty.instrument["en"], article=duty.article,
            title_zh=duty.title["zh"], instrument_zh=duty.instrument["zh"],
            article_zh=f"第{duty.article}条" if duty.article else "",
        )  # fmt: skip


def _about(person: Person) -> list[int]:
    """The customers whose debts the person may have to pay: the person, and those he is liable with."""
    liable = Link.objects.filter(person=person, party__in=LIABLE).values_list("customer_id", flat=True)
    return [person.pk, *liable]


def _standing(about: list[int]) -> Iterator[tuple[str, str, bool]]:
    accounts = Account.objects.filter(customer__in=about).annotate(owed=Sum("postings__amount"))
    cases = Case.objects.filter(customer__in=about)
    open_tracks = Track.objects.filter(case__in=cases, state__in=(TrackState.OPEN, TrackState.HELD))
    yield "a debt stands", "尚有欠款未清", accounts.filter(owed__gt=0).exists()
    yield "a case is open", "尚有未结案件", cases.filter(closed_on=None).exists()
    yield "a dispute, complaint or other track is open", "尚有未结的异议、投诉或专项处理", open_tracks.exists()


def _last(person: Person, about: list[int]) -> date | None:
    """The last thing that happened: a contact, a payment, a closed case. None: nothing ever did."""
    touched = Attempt.objects.filter(Q(customer__in=about) | Q(person=person)).aggregate(last=Max("at"))["last"]
    days = [
        None if touched is None else clock.business_date(touched, person.lender.zone),
        Posting.objects.filter(account__customer__in=about).aggregate(last=Max("value_date"))["last"],
        Case.objects.filter(customer__in=about).aggregate(last=Max("closed_on"))["last"],
    ]
    return max((day for day in days if day is not None), default=None)


def _only_through(person: Person) -> list[int]:
    """Contact persons and others who are known only because of this customer: their data loses its purpose with his."""
    others = Person.objects.filter(linked_to__customer=person, accounts=None).exclude(pk=person.pk)
    return list(others.exclude(linked_to__in=Link.objects.exclude(customer=person)).values_list("pk", flat=True))


def _refused(person: Person) -> bool:
    """By the reference, a keyed hash, a refusal binds when a file brings the person again."""
    return Link.objects.filter(person=person).exclude(refused_on=None).exists()


def _empty(name: str, people: list[int], *, keep_ref: bool) -> int:
    model = apps.get_model("store", name)
    manager: models.Manager[Any] = model._default_manager
    mine = Q(*[(f"{path}__in", people) for path in (["pk"] if model is Person else _ways(model))], _connector=Q.OR)
    kept = {"ref"} if model is Person and keep_ref else set()
    blank = {column: _blank(model, column) for column in PERSONAL[name] if column not in kept}
    ids = list(manager.filter(mine).values_list("pk", flat=True))
    with _rewritable(model._meta.db_table):
        return manager.filter(pk__in=ids).update(**blank)


def _ways(model: type[models.Model], seen: tuple[type[models.Model], ...] = ()) -> list[str]:
    """Every chain of foreign keys from a model to a person, not through other rows of the same model."""
    found = []
    for field in model._meta.concrete_fields:
        to = field.related_model
        if not isinstance(field, models.ForeignKey) or not isinstance(to, type) or to in (model, *seen):
            continue
        if to is Person:
            found.append(field.name)
        elif to.__name__ not in NOT_FOLLOWED:
            found += [f"{field.name}__{rest}" for rest in _ways(to, (model, *seen))]
    return found


def _blank(model: type[models.Model], column: str) -> Any:
    field = model._meta.get_field(column)
    if field.null:
        return None
    if isinstance(field, models.BinaryField):
        return b""
    if isinstance(field, models.JSONField):
        return field.get_default()
    together = {
        name for one in model._meta.constraints if isinstance(one, models.UniqueConstraint) for name in one.fields
    }
    own_number = Concat(Value("erased-"), Cast(F("pk"), CharField()))
    return own_number if column in together else ""


@contextmanager
def _rewritable(table: str) -> Iterator[None]:
    """Lift what refuses to rewrite a table, for this transaction only: erasing is the one lawful rewriting."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            yield
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _, sql in triggers:
            cursor.execute(sql)


@contextmanager
def _overwriting() -> Iterator[None]:
    """What is replaced is overwritten with zeros in SQLite's pages and log; PostgreSQL is told to clean up afterwards."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    yield
    tables = ", ".join(f'"{apps.get_model("store", name)._meta.db_table}"' for name in PERSONAL)
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM {tables}")
