"""Lenders and users: what an operator sets up before the first book."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from fairdue.core.codes import Role
from fairdue.core.errors import Fault
from fairdue.rules.load import load_pack
from fairdue.rules.strategy import load_strategy
from fairdue.store import audit, clock
from fairdue.store.models import Organisation, Team, User


class Exists(Fault):
    """The code or name is taken."""

    code = "setup.exists"
    en, en_remedy = "'{name}' exists already.", "Choose another."
    zh, zh_remedy = "“{name}”已存在。", "请换一个。"


class WeakPassword(Fault):
    """The password would be guessed."""

    code = "setup.weak-password"
    en, en_remedy = "The password is too weak: {why}", "Choose a longer one."
    zh, zh_remedy = "密码强度不足：{why}", "请设置更长的密码。"


@transaction.atomic
def add_lender(actor: str, code: str, **columns: Any) -> Organisation:
    """A new lender; its pack, policy and strategy must load today. Raises `Exists`, `NoPack`, `WrongFiles`."""
    if Organisation.objects.filter(code=code).exists():
        raise Exists(name=code)
    lender = Organisation.objects.create(code=code, is_lender=True, **columns)
    load_pack(lender.pack, lender.policy)
    today = clock.business_date(clock.now_minute(), lender.zone)
    load_strategy(lender.strategy).at(today, lender.currency)
    audit.write(actor, "lender.add", "organisation", lender.pk, code=code)
    return lender


@transaction.atomic
def add_user(
    actor: str,
    username: str,
    password: str,
    lender: Organisation,
    role: Role,
    *,
    name: str,
    team: str,
    certified: bool,
    exam_on: date | None = None,
) -> User:
    """A new user of a lender. Raises `Exists`, `WeakPassword`."""
    if User.objects.filter(username=username).exists():
        raise Exists(name=username)
    try:
        validate_password(password)
    except ValidationError as error:
        raise WeakPassword(why=" ".join(error.messages)) from error
    group = Team.objects.get_or_create(organisation=lender, name=team)[0] if team else None
    user = User.objects.create_user(
        username, password, display_name=name or username, role=role, organisation=lender, team=group,
        certified=certified if role == Role.COLLECTOR else None, exam_on=exam_on,
    )  # fmt: skip
    audit.write(actor, "user.add", "user", user.pk, username=username, role=role.name)
    return user
