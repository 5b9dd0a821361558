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
from fairdue.store.models import Organisation, OurNumber, Team, User


class Exists(Fault):
    """The code or name is taken."""

    code = "setup.exists"
    en, en_remedy = "'{name}' exists already.", "Choose another."
    zh, zh_remedy = "“{name}”已存在。", "请换一个。"


FEWEST_DIGITS = 3


class NotANumber(Fault):
    """Nobody can call from it."""

    code = "setup.not-a-number"
    en, en_remedy = "'{number}' is no telephone number.", "Write it in figures, such as 400-000-0000."
    zh, zh_remedy = "“{number}”不是电话号码。", "请用数字填写，例如 400-000-0000。"


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


class NoUser(Fault):
    """Nobody of that name works for the lender."""

    code = "setup.no-user"
    en, en_remedy = "There is no user '{name}' of {lender}.", "Check the name; add a user with 'fairdue user add'."
    zh, zh_remedy = "{lender}没有用户“{name}”。", "请核对用户名；新增请用 fairdue user add。"


class ExamAhead(Fault):
    """An exam that was not passed yet."""

    code = "setup.exam-ahead"
    en, en_remedy = "{on} is still to come.", "Record an exam on or after the day on which it was passed."
    zh, zh_remedy = "{on} 尚未到来。", "请在考核合格当日或之后登记。"


@transaction.atomic
def record_calls(actor: str, lender: Organisation, *, recorded: bool) -> None:
    """Whether the lender records every call and visit: rules of law ask for it."""
    lender.records_calls = recorded
    lender.save(update_fields=["records_calls"])
    audit.write(actor, "lender.recording", "organisation", lender.pk, recorded=recorded)


@transaction.atomic
def record_exam(actor: str, username: str, lender: Organisation, on: date) -> User:
    """An exam somebody passed: it certifies them. Raises `NoUser`, `ExamAhead`."""
    user = User.objects.select_for_update().filter(username=username, organisation=lender).first()
    if user is None:
        raise NoUser(name=username, lender=lender.code)
    if on > clock.business_date(clock.now_minute(), lender.zone):
        raise ExamAhead(on=on.isoformat())
    user.certified, user.exam_on = True, on
    user.save(update_fields=["certified", "exam_on"])
    audit.write(actor, "user.exam", "user", user.pk, on=on.isoformat())
    return user


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


@transaction.atomic
def add_number(actor: str, lender: Organisation, number: str, name_zh: str, name_en: str) -> OurNumber:
    """Say that the lender calls from a number; customers can check callers by it. Raises `NotANumber`."""
    plain = "".join(sign for sign in number if sign.isdigit() or sign in "+-")
    if sum(sign.isdigit() for sign in plain) < FEWEST_DIGITS:
        raise NotANumber(number=number)
    made, _ = OurNumber.objects.update_or_create(
        lender=lender, number=plain[:20], defaults={"name_zh": name_zh[:80], "name_en": name_en[:80]}
    )
    audit.write(actor, "lender.number", "our_number", made.pk, number=made.number)
    return made
