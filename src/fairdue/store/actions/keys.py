"""Keys to the API: made, shown once, recognised, counted, revoked."""

from __future__ import annotations

import hmac
import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from django.db import transaction

from fairdue.core.codes import Role
from fairdue.core.errors import Fault
from fairdue.store import audit, clock
from fairdue.store.access import NotYours
from fairdue.store.actions.setup import Exists, NoUser
from fairdue.store.models import ApiBucket, ApiKey, Approval, Caller, Organisation, User
from fairdue.store.scopes import checked
from fairdue.store.seal import derive_key

MARK = "fdk"
KIND = "api-key"  # of approval
NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,48}[a-z0-9]")
LONGEST_DAYS = 400
FASTEST = 60_000  # requests a minute
SERVICE_ROLES = frozenset(Role) - {Role.COLLECTOR}  # a machine owns no cases: a key for those works as a collector


class BadKeyName(Fault):
    """It will stand in the audit trail."""

    code = "key.bad-name"
    en = "'{name}' cannot be the name of a key."
    en_remedy = "Write 3 to 50 small letters, digits and hyphens, such as crm-sync."
    zh, zh_remedy = "密钥名称“{name}”不合规。", "请用 3 至 50 个小写字母、数字或连字符，如 crm-sync。"


class BadKeyTerm(Fault):
    """A key that never ends is forgotten and found by somebody else."""

    code = "key.bad-term"
    en, en_remedy = "A key may end from {first} to {last}.", "Choose a day in between and renew it in time."
    zh, zh_remedy = "密钥有效期须在 {first} 至 {last} 之间。", "请选择其间的日期，到期前更换。"


class BadKeyRate(Fault):
    """Not a number of requests a minute."""

    code = "key.bad-rate"
    en, en_remedy = "A key may make 1 to {most} requests a minute.", "Choose a number in between."
    zh, zh_remedy = "密钥每分钟请求数须在 1 至 {most} 之间。", "请选择其间的数值。"


class KeyNeedsCollector(Fault):
    """One case, one owner: a machine owns none."""

    code = "key.needs-collector"
    en, en_remedy = "A key with a collector's rights works as a collector.", "Name the collector whose cases it is for."
    zh, zh_remedy = "具有催收员权限的密钥须对应具体催收员。", "请指定该密钥服务的催收员。"


@dataclass(frozen=True)
class Wanted:
    """A key somebody wants: working as a user (`works_as`), or with a role of its own in the organisation."""

    name: str
    scopes: Iterable[str]
    expires_on: date
    works_as: str = ""
    role: Role | None = None
    per_minute: int = 600


@transaction.atomic
def create(actor: str, organisation: Organisation, wanted: Wanted) -> tuple[ApiKey, str]:
    """A new key and its text, which is not kept.

    Raises `BadKeyName`, `BadKeyTerm`, `BadKeyRate`, `UnknownScope`, `Exists`, `NoUser`, `KeyNeedsCollector`.
    """
    scopes = checked(wanted.scopes)
    _check(organisation, wanted)
    user = _works_as(organisation, wanted)
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        organisation=organisation, name=wanted.name, prefix=prefix, secret_hash=_hash(secret), user=user, scopes=scopes,
        per_minute=wanted.per_minute, expires_on=wanted.expires_on, created_by=actor, created_at=clock.wall(),
    )  # fmt: skip
    ApiBucket.objects.create(key=key, tokens=wanted.per_minute * 1000, at=0)
    audit.write(actor, "key.create", "api_key", key.pk, name=key.name, scopes=scopes, user=user.pk,
                expires=wanted.expires_on)  # fmt: skip
    return key, f"{MARK}_{prefix}_{secret}"


@transaction.atomic
def ask(user: User, wanted: Wanted) -> tuple[ApiKey, str]:
    """A new key that opens when compliance has approved it: nobody gives themselves rights by it. Raises like `create`."""
    key, text = create(user.username, user.organisation, wanted)
    made = Approval.objects.create(
        organisation=user.organisation, kind=KIND, subject_id=key.pk, roles=Role.COMPLIANCE.name, asked_by=user,
        asked_at=clock.now_minute(),
    )  # fmt: skip
    audit.write(user.username, "approval.ask", "approval", made.pk, kind=KIND, about=key.pk)
    return key, text


def waits(key: ApiKey) -> bool:
    """Whether somebody still has to approve it, or has refused."""
    return Approval.objects.filter(kind=KIND, subject_id=key.pk).exclude(state=Approval.GRANTED).exists()


def _check(organisation: Organisation, wanted: Wanted) -> None:
    if not NAME.fullmatch(wanted.name):
        raise BadKeyName(name=wanted.name)
    if ApiKey.objects.filter(name=wanted.name).exists():
        raise Exists(name=wanted.name)
    today = clock.business_date(clock.now_minute(), organisation.zone)
    if not today <= wanted.expires_on <= today + timedelta(days=LONGEST_DAYS):
        raise BadKeyTerm(first=today, last=today + timedelta(days=LONGEST_DAYS))
    if not 1 <= wanted.per_minute <= FASTEST:
        raise BadKeyRate(most=FASTEST)


def _works_as(organisation: Organisation, wanted: Wanted) -> User:
    """Somebody of the organisation, or an account of the key's own that nobody can log in with."""
    if wanted.works_as:
        user = User.objects.filter(username=wanted.works_as, organisation=organisation, is_active=True).first()
        if user is None:
            raise NoUser(name=wanted.works_as, lender=organisation.code)
        return user
    if wanted.role not in SERVICE_ROLES:
        raise KeyNeedsCollector
    return User.objects.create_user(
        f"key:{wanted.name}", None, display_name=wanted.name, role=wanted.role, organisation=organisation
    )


@transaction.atomic
def revoke(actor: str, organisation: Organisation, name: str) -> ApiKey:
    """The key opens nothing from now on. Raises `NotYours`."""
    key = ApiKey.objects.select_for_update().filter(organisation=organisation, name=name).first()
    if key is None:
        raise NotYours
    if key.revoked_at is None:
        key.revoked_by, key.revoked_at = actor, clock.wall()
        key.save(update_fields=["revoked_by", "revoked_at"])
        audit.write(actor, "key.revoke", "api_key", key.pk, name=key.name)
    return key


def find(text: str) -> ApiKey | None:
    """The key of that text, if there is one; whether it still opens is another question."""
    mark, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
    if mark != MARK or not secret or not prefix.isascii() or not secret.isascii():
        return None
    key = ApiKey.objects.select_related("organisation").filter(prefix=prefix).first()
    known = key.secret_hash if key else "0" * 64
    return key if hmac.compare_digest(_hash(secret), known) else None


def opens(key: ApiKey) -> bool:
    """Whether the key opens: not revoked, not over, and approved where it was made at the desk."""
    over = clock.business_date(clock.now_minute(), key.organisation.zone) > key.expires_on
    return key.revoked_at is None and not over and not waits(key)


def caller(key: ApiKey) -> Caller | None:
    """The user the key works as, under the key's name; None where that user is gone."""
    found = Caller.objects.select_related("organisation", "team").filter(pk=key.user_id, is_active=True).first()
    if not isinstance(found, Caller):
        return None
    found.username = key.actor
    return found


def _hash(secret: str) -> str:
    """A keyed hash; the secret has 256 random bits, so that a slow hash would slow down nobody but us."""
    return hmac.new(derive_key(os.environ.get("FAIRDUE_SECRET", ""), "api-key"), secret.encode(), sha256).hexdigest()


@dataclass(frozen=True)
class Rate:
    """What is left of a key's requests. `wait`: seconds until the next one where there is none; `full`: until all are back."""

    limit: int
    left: int
    wait: int
    full: int


@transaction.atomic
def take_token(key: ApiKey) -> Rate:
    """Take one request out of the key's bucket, under its row's lock."""
    now = int(clock.wall().timestamp() * 1000)
    bucket = ApiBucket.objects.select_for_update().get(key=key)
    most = key.per_minute * 1000
    gained = max(0, now - bucket.at) * key.per_minute // 60
    refilled = min(most, bucket.tokens + gained)
    wait = 0
    if refilled >= 1000:  # noqa: PLR2004 - one request, in thousandths
        refilled -= 1000
    else:
        wait = -(-(1000 - refilled) * 60 // (key.per_minute * 1000)) or 1
    ApiBucket.objects.filter(pk=bucket.pk).update(
        tokens=refilled, at=now if gained else bucket.at
    )  # fractions are not lost
    return Rate(key.per_minute, refilled // 1000, wait, -(-(most - refilled) * 60 // (key.per_minute * 1000)))
