"""Audits of contact logs: uploaded, asked for, carried out, stopped, discarded; each step with its audit row."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from fairdue.core.errors import Fault
from fairdue.store import access, audit, clock
from fairdue.store.models import ContactAudit, User

AT_REST = frozenset({"NEW", "DONE", "FAILED", "STOPPED"})
UNDER_WAY = frozenset({"WAITING", "RUNNING"})


class StillRunning(Fault):
    """What runs is stopped before anything else is done to it."""

    code = "audit.still-running"
    en, en_remedy = "This audit is running.", "Wait for it, or stop it first."
    zh, zh_remedy = "该审计正在进行。", "请等待完成，或先停止。"


class NotRunning(Fault):
    """Nothing is left to be stopped."""

    code = "audit.not-running"
    en, en_remedy = "This audit is not running.", "Open its page to see what became of it."
    zh, zh_remedy = "该审计并未进行。", "请打开审计页面查看结果。"


@dataclass(frozen=True)
class Ordered:
    """How a log is to be audited; `assume`: fact → name of the value where the log does not say."""

    title: str
    mapping: str
    pack: str
    policy: str
    zone: str
    clock: str
    assume: Mapping[str, str]


@transaction.atomic
def upload(user: User, file_name: str, size: int) -> ContactAudit:
    """Note a log that is being handed over; the caller puts it in its place, or the row is not kept."""
    made = ContactAudit.objects.create(
        lender_id=user.organisation_id, asked_by=user, file_name=file_name, size=size, asked_at=clock.wall()
    )
    audit.write(user.username, "log.upload", "contact_audit", made.pk, file=file_name, size=size)
    return made


def ask(user: User, audit_id: int, ordered: Ordered) -> ContactAudit:
    """Have it carried out. Raises `NotYours`, `StillRunning`."""
    said = asdict(ordered)
    return _move(user, audit_id, "log.audit", AT_REST, state="WAITING", fault={}, result={}, ended_at=None, **said)


def ask_again(user: User, audit_id: int) -> ContactAudit:
    """Go on with one that broke off, as it was asked for. Raises `NotYours`."""
    return _move(user, audit_id, "log.resume", frozenset({"STOPPED", "FAILED", *UNDER_WAY}), state="WAITING", fault={})


def stop(user: User, audit_id: int) -> ContactAudit:
    """Have it stop at the next chance. Raises `NotYours`, `NotRunning`."""
    found = access.get_contact_audit(user, audit_id)
    if found.state not in UNDER_WAY:
        raise NotRunning
    found = _move(user, audit_id, "log.stop", UNDER_WAY, state="STOPPED", ended_at=clock.wall())
    (found.folder / "stop").touch()
    return found


def discard(user: User, audit_id: int) -> ContactAudit:
    """Delete the log and its reports; what was found in figures stays. Raises `NotYours`, `StillRunning`."""
    found = _move(user, audit_id, "log.discard", AT_REST, state="DISCARDED")
    shutil.rmtree(found.folder, ignore_errors=True)
    return found


@transaction.atomic
def settle(audit_id: int, state: str, **found: Any) -> ContactAudit:
    """Note how the work went: begun, done or failed. One that was stopped meanwhile stays stopped."""
    row = ContactAudit.objects.select_for_update().get(pk=audit_id)
    if row.state in UNDER_WAY:
        _save(row, state=state, ended_at=None if state == "RUNNING" else clock.wall(), **found)
        audit.write("audit", f"log.{state.lower()}", "contact_audit", row.pk)
    return row


@transaction.atomic
def _move(user: User, audit_id: int, verb: str, states: Collection[str], **changes: Any) -> ContactAudit:
    access.get_contact_audit(user, audit_id)
    row = ContactAudit.objects.select_for_update().get(pk=audit_id)
    if row.state not in states:
        raise StillRunning
    _save(row, **changes)
    said = {name: value for name, value in changes.items() if name not in {"result", "fault", "ended_at"}}
    audit.write(user.username, verb, "contact_audit", row.pk, **said)
    return row


def _save(row: ContactAudit, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))
