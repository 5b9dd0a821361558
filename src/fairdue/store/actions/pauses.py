"""Days that do not age an account: agreed, granted or ordered; they may be entered after the fact."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from fairdue.core.errors import Fault
from fairdue.store import audit
from fairdue.store.locks import lock_person
from fairdue.store.models import Account, AccountPause, Organisation


class NoAccount(Fault):
    """The lender has no account of that number."""

    code = "account.none"
    en, en_remedy = "There is no account '{account}'.", "Check the number in the book."
    zh, zh_remedy = "没有账号“{account}”。", "请核对账册中的账号。"


class PauseBackwards(Fault):
    """A pause ends after it begins."""

    code = "pause.backwards"
    en, en_remedy = (
        "A pause from {starts} cannot end on {ends}.",
        "Give the first day that ages again, after the first day.",
    )
    zh, zh_remedy = "暂停期间有误：开始 {starts}，结束 {ends}。", "结束日应为恢复计算逾期的首日，且晚于开始日。"


class PauseWithoutReason(Fault):
    """Every step has a reason."""

    code = "pause.reason-needed"
    en, en_remedy = "A pause needs a reason.", "Say in a few words why."
    zh, zh_remedy = "暂停须填写原因。", "请简要说明原因。"


def find_account(lender: Organisation, number: str) -> Account:
    """The lender's account of that number. Raises `NoAccount`."""
    found = Account.objects.filter(lender=lender, account_no=number).first()
    if found is None:
        raise NoAccount(account=number)
    return found


@transaction.atomic
def pause(actor: str, account: Account, starts: date, ends: date, reason: str) -> AccountPause:
    """Keep the days from `starts` to the day before `ends` from ageing the account; the next night reckons with them.

    Raises `PauseBackwards`, `PauseWithoutReason`.
    """
    if ends <= starts:
        raise PauseBackwards(starts=starts, ends=ends)
    if not reason.strip():
        raise PauseWithoutReason
    lock_person(account.customer_id)
    made = AccountPause.objects.create(account=account, starts_on=starts, ends_on=ends, reason=reason.strip())
    audit.write(actor, "account.pause", "account", account.pk, reason=reason, starts=starts, ends=ends)
    return made
