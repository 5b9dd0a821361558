"""The letterhead of a lender: set by compliance or an operator, each change with its audit row."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction

from fairdue.core.codes import Role
from fairdue.store import audit, vault
from fairdue.store.access import NotYours
from fairdue.store.actions.letter_faults import WrongSeal
from fairdue.store.models import Letterhead, Organisation, User

SETTERS = frozenset({Role.COMPLIANCE, Role.OPERATOR})
SEAL_LIMIT = 200_000
PNG, XML = b"\x89PNG\r\n\x1a\n", (b"<svg", b"<?xml")


@dataclass(frozen=True)
class Head:
    """What letters say of the lender."""

    address_zh: str = ""
    address_en: str = ""
    pay_zh: str = ""
    pay_en: str = ""
    hotline: str = ""
    website: str = ""
    large_minor: int = 5_000_000


def set_by(user: User, head: Head, seal: bytes | None = None) -> Letterhead:
    """Set the letterhead of the user's lender. Raises `NotYours`, `WrongSeal`."""
    if Role(user.role) not in SETTERS:
        raise NotYours
    return set_head(user.username, user.organisation, head, seal)


@transaction.atomic
def set_head(actor: str, lender: Organisation, head: Head, seal: bytes | None = None) -> Letterhead:
    """Set it; without a picture the seal stays as it is. Raises `WrongSeal`."""
    found = asdict(head)
    if seal is not None:
        found["seal"] = vault.keep(
            seal, name="seal", media_type=_kind(seal), kind="seal", keep_until=None, actor=actor, lender=lender
        )
    made, _ = Letterhead.objects.update_or_create(lender=lender, defaults=found)
    audit.write(
        actor,
        "letterhead.set",
        "letterhead",
        made.pk,
        large=head.large_minor,
        seal=made.seal.sha256 if made.seal else "",
    )
    return made


def _kind(seal: bytes) -> str:
    if len(seal) <= SEAL_LIMIT and seal.startswith(PNG):
        return "image/png"
    if len(seal) <= SEAL_LIMIT and seal.lstrip().startswith(XML):
        return "image/svg+xml"
    raise WrongSeal(limit=SEAL_LIMIT)
