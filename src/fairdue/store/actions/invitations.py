"""A way in to the customer's own site: made on the desk, known to nobody but its holder, used once, gone when it is old.

Only keyed hashes of the link and the code are kept, so that the database opens no door.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass

from django.db import transaction

from fairdue.core.codes import Role
from fairdue.core.errors import Fault
from fairdue.store import access, audit, clock
from fairdue.store.access import NotYours, site_login
from fairdue.store.models import Case, Invitation, Organisation, Point, User
from fairdue.store.seal import derive_key

LASTS = 3 * 24 * 60  # minutes: a message is read within three days or not at all; a judgement
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without those that are misread or misheard
CODE_LENGTH = 10
MAY_INVITE = frozenset({Role.COLLECTOR, Role.LEAD})


class NothingToAsk(Fault):
    """Nobody can be recognised by facts that are not on file."""

    code = "site.nothing-to-ask"
    en = "This person cannot be recognised on the site: {missing} is not on file."
    en_remedy = "Load it with 'fairdue import people', or help the person on the phone."
    zh = "无法在客户服务网站核实该客户：系统中没有{missing_zh}。"
    zh_remedy = "请通过 fairdue import people 补录，或改为电话办理。"


@dataclass(frozen=True)
class Made:
    """A fresh invitation with its secrets, which are shown once and kept nowhere."""

    invitation: Invitation
    link: str
    code: str

    @property
    def spoken(self) -> str:
        """The code in two groups, as it is read out."""
        return f"{self.code[:5]}-{self.code[5:]}"


def hashed(secret: str) -> str:
    """The keyed hash of a link or code, however it was typed."""
    key = derive_key(os.environ.get("FAIRDUE_SECRET", ""), "site")
    plain = "".join(sign for sign in secret.strip() if sign.isalnum() or sign == "_")
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()


def hashed_code(code: str) -> str:
    """The keyed hash of a code: large and small letters are the same."""
    return hashed(code.upper())


@transaction.atomic
def invite(user: User, case_id: int, point: Point | None = None) -> Made:
    """Make the one invitation that is good from now on; an unused earlier one ends. Raises `NotYours`, `NothingToAsk`."""
    case = access.get_case(user, case_id)
    if case.closed_on is None and not (access.may_contact(user, case) or user.role == Role.LEAD):
        raise NotYours
    return make(user.username, case, point)


def make(actor: str, case: Case, point: Point | None = None) -> Made:
    """The same, inside the caller's transaction, for whoever sends it. Raises `NothingToAsk`."""
    person, now = case.customer, clock.now_minute()
    _recognisable(case)
    _login(case.lender)
    Invitation.objects.filter(person=person, used_at=-1, ended_at=-1).update(ended_at=now, ended_why="REPLACED")
    link, code = secrets.token_hex(16), "".join(secrets.choice(SIGNS) for _ in range(CODE_LENGTH))
    made = Invitation.objects.create(
        lender=case.lender, case=case, person=person, point=point, link_hash=hashed(link), code_hash=hashed_code(code),
        made_by=actor, made_at=now, expires_at=now + LASTS,
    )  # fmt: skip
    audit.write(actor, "site.invite", "invitation", made.pk, case=case.pk, expires=made.expires_at)
    return Made(made, link, code)


def _recognisable(case: Case) -> None:
    person = case.customer
    missing = [
        said for there, said in (
            (bool(person.id_sealed), ("an identity number", "证件号码")),
            (person.points.exists(), ("a phone number", "手机号码")),
        ) if not there
    ]  # fmt: skip
    if missing:
        raise NothingToAsk(missing=" and ".join(en for en, _ in missing), missing_zh="和".join(zh for _, zh in missing))


def _login(lender: Organisation) -> None:
    """The login under which the lender's site acts. Nobody can log in with it: it has no password and is not active."""
    User.objects.get_or_create(
        username=site_login(lender),
        defaults={"display_name": "客户本人（网站） / The customer (site)", "role": Role.OPERATOR, "organisation": lender,
                  "is_active": False, "password": "!"},
    )  # fmt: skip
