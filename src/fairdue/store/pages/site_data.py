"""Everything kept about a person, for that person to take away (PIPL art. 45): machine-readable, and readable."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from fairdue.core.codes import (
    Channel,
    Code,
    Component,
    Direction,
    Party,
    PointSource,
    PointStatus,
    Product,
    Purpose,
    Sure,
    Told,
)
from fairdue.core.decision import Action, DecisionReason
from fairdue.core.ledger import PostingKind
from fairdue.core.money import format_minor
from fairdue.core.plan_state import PlanState
from fairdue.core.tracks import TrackState
from fairdue.store import audit, clock
from fairdue.store.actions.site_said import current_case, today_of
from fairdue.store.models import (
    Attempt,
    CaseFact,
    Decision,
    Invitation,
    KeptFile,
    Means,
    Person,
    Plan,
    Posting,
    Promise,
    StageChange,
    Stop,
    Track,
    TrackEvidence,
    Transfer,
    User,
    Wish,
)
from fairdue.store.pages import site_more
from fairdue.store.seal import sealer

FORMAT = "fairdue-my-data/1"
Row = dict[str, Any]


@transaction.atomic
def my_data(user: User) -> Row:
    """Everything about the person, by table; that it was taken out is in the audit trail. Raises `NotYours`."""
    case = current_case(user)
    person = case.customer
    found: Row = {
        "format": FORMAT, "made_on": today_of(case).isoformat(), "lender": {"zh": case.lender.name_zh, "en": case.lender.name_en},
        "person": _person(person),
    }  # fmt: skip
    found |= {name: [make(row) for row in rows(person)] for name, (rows, make) in TABLES.items()}
    found |= site_more.more(person)
    audit.write(user.username, "site.take-data", "person", person.pk, tables=len(TABLES) + len(site_more.PLAIN))
    return found


def as_json(data: Row) -> bytes:
    """The machine-readable file."""
    return json.dumps(data, ensure_ascii=False, indent=1, default=str).encode()


def _person(person: Person) -> Row:
    return {
        "reference": person.ref, "name": _open(person.name_sealed), "id_type": person.id_type,
        "id_number": _open(person.id_sealed),
        "place": person.place, "time_zone": person.zone, "language": person.language,
        "agreed_hours": None if person.agreed_from < 0 else [_clock(person.agreed_from), _clock(person.agreed_to)],
    }  # fmt: skip


def _open(sealed: bytes | memoryview | None) -> str | None:
    return sealer().open(bytes(sealed)) if sealed else None


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _when(minute: int) -> str | None:
    return None if minute < 0 else clock.from_minute(minute, "UTC").isoformat()


def _code(kind: type[Code], value: int) -> Row | None:
    return None if value < 0 else {"code": kind(value).name, "zh": kind(value).zh, "en": kind(value).en}


def _point(p: Any) -> Row:
    return {"channel": _code(Channel, p.channel), "value": _open(p.value_sealed), "came_from": _code(PointSource, p.source),
            "state": _code(PointStatus, p.status), "basis": p.basis}  # fmt: skip


def _account(a: Any) -> Row:
    return {"number": a.account_no, "product": _code(Product, a.product), "currency": a.currency, "opened_on": a.opened_on,
            "annual_rate_ppm": None if a.annual_ppm < 0 else a.annual_ppm,
            "penalty_multiple_ppm": None if a.penalty_ppm < 0 else a.penalty_ppm,
            "oldest_unpaid_due": a.oldest_unpaid_due, "allocation_order": a.allocation_order}  # fmt: skip


def _posting(p: Any) -> Row:
    return {"account": p.account.account_no, "on": p.value_date, "kind": _code(PostingKind, p.kind),
            "component": _code(Component, p.component), "amount": format_minor(p.amount, p.account.exponent),
            "currency": p.account.currency, "reference": p.ref}  # fmt: skip


def _attempt(a: Any) -> Row:
    return {"at": _when(a.at), "direction": _code(Direction, a.direction), "channel": _code(Channel, a.channel),
            "reached": _code(Party, a.party), "purpose": _code(Purpose, a.purpose), "by": a.organisation.name_zh,
            "state": a.state, "outcome": a.outcome, "note": a.note}  # fmt: skip


def _promise(p: Any) -> Row:
    return {
        "made_on": p.made_on,
        "due_on": p.due_on,
        "amount": format_minor(p.amount, p.case.lender.exponent),
        "state": p.status,
    }


def _fact(f: Any) -> Row:
    return {"name": f.name, "value": f.value, "on": f.on, "from": _code(Told, f.source), "sure": _code(Sure, f.sure)}


def _decision(d: Any) -> Row:
    """A decision a machine made: what, when, why, by which rules."""
    return {"at": _when(d.at), "kind": d.kind, "action": _code(Action, d.action), "reason": _code(DecisionReason, d.reason),
            "contact_allowed": d.allowed, "rules": d.pack, "rules_revision": d.pack_revision,
            "facts": json.loads(d.facts)}  # fmt: skip


def _means(m: Any) -> Row:
    return {"on": m.on, "place": m.place, "adults": m.adults, "children": m.children, "income": m.income,
            "outgoings": m.outgoings, "words": m.words}  # fmt: skip


def _plan(p: Any) -> Row:
    money = p.account.exponent
    return {"account": p.account.account_no, "option": p.code, "months": p.months, "state": _code(PlanState, p.state),
            "proposed_on": p.proposed_on, "accepted_on": p.accepted_on, "total": format_minor(p.total, money),
            "consent": p.consent_words, "reason": p.reason, "paid": format_minor(p.paid, money),
            "payments": [{"on": x.due_on, "amount": format_minor(x.amount, money)} for x in p.payments.all()]}  # fmt: skip


def _track(t: Any) -> Row:
    return {"kind": t.kind, "since": t.since, "said": t.said, "state": _code(TrackState, t.state), "answer_by": t.due_on,
            "asked_for_longer": t.asked_why, "decision": t.decision, "decided_on": t.decided_on}  # fmt: skip


def _evidence(e: Any) -> Row:
    return {"kind": e.code, "note": e.note, "file": e.file_name, "sha256": e.file_sha256, "at": _when(e.at)}


def _stop(s: Any) -> Row:
    return {"kind": s.kind, "since": s.since, "until": s.until, "reason": s.reason}


def _stage(s: Any) -> Row:
    return {"on": s.on, "from": s.stage_from, "to": s.stage_to, "days_past_due": s.dpd}


def _file(f: Any) -> Row:
    return {
        "kind": f.kind,
        "name": f.name,
        "size": f.size,
        "sha256": f.sha256,
        "at": _when(f.at),
        "keep_until": f.keep_until,
    }


def _transfer(t: Any) -> Row:
    return {"reference": t.reference, "amount": format_minor(t.amount, t.exponent), "currency": t.currency, "state": t.state,
            "begun_at": _when(t.begun_at)}  # fmt: skip


def _invitation(i: Any) -> Row:
    return {"made_at": _when(i.made_at), "used_at": _when(i.used_at), "ended_at": _when(i.ended_at)}


def _wish(w: Any) -> Row:
    return {"word_for_callers": _open(w.word_sealed), "refused_channels": w.refused, "at": _when(w.at)}


def _of_case(model: type[Model]) -> Callable[[Person], QuerySet[Any]]:
    return lambda person: model._default_manager.filter(case__customer=person).order_by("pk")  # noqa: SLF001 - any model's manager


TABLES: dict[str, tuple[Callable[[Person], Iterable[Any]], Callable[[Any], Row]]] = {
    "contact_points": (lambda person: person.points.order_by("pk"), _point),
    "accounts": (lambda person: person.accounts.order_by("pk"), _account),
    "ledger": (lambda p: Posting.objects.filter(account__customer=p).select_related("account").order_by("value_date", "pk"),
               _posting),
    "contacts": (lambda person: Attempt.objects.filter(customer=person).select_related("organisation").order_by("at"), _attempt),
    "promises": (lambda p: Promise.objects.filter(case__customer=p).select_related("case__lender").order_by("pk"), _promise),
    "facts": (_of_case(CaseFact), _fact), "decisions": (_of_case(Decision), _decision),
    "income_and_outgoings": (_of_case(Means), _means),
    "plans": (lambda person: Plan.objects.filter(account__customer=person).select_related("account").order_by("pk"), _plan),
    "raised": (_of_case(Track), _track),
    "papers": (lambda person: TrackEvidence.objects.filter(track__case__customer=person).order_by("pk"), _evidence),
    "stops": (_of_case(Stop), _stop), "stages": (_of_case(StageChange), _stage),
    "files": (lambda person: KeptFile.objects.filter(person=person).order_by("pk"), _file),
    "payments_on_the_site": (_of_case(Transfer), _transfer),
    "ways_in": (lambda person: Invitation.objects.filter(person=person).order_by("pk"), _invitation),
    "wishes": (lambda person: Wish.objects.filter(person=person), _wish),
}  # fmt: skip


def tables(data: Row) -> list[tuple[str, list[str], list[list[str]]]]:
    """Each table for a reader: its name, its columns, its rows as text."""
    found = []
    for name, rows in data.items():
        if isinstance(rows, list) and rows:
            found.append((name, list(rows[0]), [[_text(value) for value in row.values()] for row in rows]))
    return found


def _text(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, dict) and set(value) == {"code", "zh", "en"}:
        return f"{value['zh']} / {value['en']}"
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, (dict, list)) else str(value)
