"""Keys to the API as they are listed: never the key itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fairdue.store import access, clock
from fairdue.store.actions.keys import opens, waits
from fairdue.store.models import ApiKey, User


@dataclass(frozen=True)
class KeyRow:
    """One key."""

    id: int
    name: str
    prefix: str
    organisation: str
    user: str
    role: int
    scopes: tuple[str, ...]
    per_minute: int
    state: str  # open, waits, revoked, over
    until: date
    created_by: str
    created_at: datetime
    used: datetime | None

    def as_dict(self) -> dict[str, object]:
        """For a program."""
        return {
            "name": self.name, "prefix": f"fdk_{self.prefix}", "organisation": self.organisation, "user": self.user,
            "scopes": list(self.scopes), "per_minute": self.per_minute, "state": self.state,
            "until": self.until.isoformat(), "used": self.used.isoformat(timespec="seconds") if self.used else None,
        }  # fmt: skip


def keys_page(user: User) -> list[KeyRow]:
    """The keys of the user's organisation, the newest first."""
    return _rows(access.keys_for(user))


def every_key() -> list[KeyRow]:
    """All keys, for the command line."""
    return _rows(ApiKey.objects.all())


def _rows(found: Iterable[ApiKey]) -> list[KeyRow]:
    rows = ApiKey.objects.filter(pk__in=[key.pk for key in found]).select_related("organisation", "user", "bucket")
    return [_row(key) for key in rows.order_by("-pk")]


def _row(key: ApiKey) -> KeyRow:
    state = "open" if opens(key) else "revoked" if key.revoked_at else "waits" if waits(key) else "over"
    used = key.bucket.at
    return KeyRow(
        key.pk, key.name, key.prefix, key.organisation.code, key.user.username, key.user.role, tuple(key.scopes), key.per_minute,
        state, key.expires_on, key.created_by, key.created_at,
        clock.EPOCH + timedelta(milliseconds=used) if used else None,
    )  # fmt: skip
