"""A debt that is paid in full: its case is closed, guarantors are released, and a certificate with a code is issued.

Taken back, all of it is undone: the case opens again and the certificate is void. Liability of a guarantor is then unknown
until somebody establishes it with evidence.
"""

from __future__ import annotations

import secrets
from datetime import date

from django.db.models import Q, Sum

from fairdue.core.codes import Party, Role
from fairdue.core.ledger import PostingKind
from fairdue.store import audit, clock
from fairdue.store.actions import track_work
from fairdue.store.actions.ledger import balances
from fairdue.store.actions.tasks import About, Due, Whom, open_task
from fairdue.store.models import Account, Case, Certificate, Link


def look(actor: str, account: Account) -> Certificate | None:
    """After a payment, inside the caller's transaction: the certificate where nothing is owed any more."""
    today = _today(account)
    if balances(account, today).sum() > 0:
        return None
    standing = Certificate.objects.filter(account=account, void_on=None).first()
    if standing is not None:
        return standing
    case = Case.objects.filter(customer=account.customer_id, closed_on=None).first()
    made = _issue(actor, account, case, today)
    if all(balances(other, today).sum() <= 0 for other in account.customer.accounts.all()):
        _release(actor, account)
        if case is not None:
            _close(actor, case, today)
    return made


def _issue(actor: str, account: Account, case: Case | None, today: date) -> Certificate:
    paid, waived = _net(account, PostingKind.PAYMENT), _net(account, PostingKind.WAIVER)
    made = Certificate.objects.create(
        lender_id=account.lender_id, account=account, case=case, code=secrets.token_urlsafe(18), settled_on=today, paid=paid,
        waived=waived, issued_at=clock.now_minute(),
    )  # fmt: skip
    audit.write(actor, "certificate.issue", "certificate", made.pk, account=account.pk)
    open_task(actor, account.lender, "CORRECT_CREDIT_RECORD", Whom(role=Role.FINANCE),
              due=Due(), about=About(case, "certificate", made.pk),
              detail={"zh": "结清：更新征信上报状态", "en": "Settled: report the new state to the credit bureau"})  # fmt: skip
    return made


def _net(account: Account, kind: PostingKind) -> int:
    """What postings of a kind took off the debt, less what of it was reversed."""
    found = account.postings.filter(Q(kind=kind) | Q(reverses__kind=kind))
    return -(found.aggregate(s=Sum("amount"))["s"] or 0)


def _close(actor: str, case: Case, today: date) -> None:
    track_work.take_off(case, clock.now_minute())
    case.closed_on, case.close_reason, case.status = today, "SETTLED", "SETTLED"
    case.balance, case.dpd = 0, 0
    case.save(update_fields=["closed_on", "close_reason", "status", "balance", "dpd"])
    audit.write(actor, "case.close", "case", case.pk, reason="SETTLED")


def _release(actor: str, account: Account) -> None:
    freed = Link.objects.filter(customer=account.customer_id, party=Party.GUARANTOR, liable=True)
    ids = list(freed.values_list("pk", flat=True))
    freed.update(liable=False)
    if ids:
        audit.write(actor, "guarantor.release", "account", account.pk, links=ids)


def undo(actor: str, account: Account, reason: str) -> None:
    """A payment was taken back, inside the caller's transaction."""
    today = _today(account)
    if balances(account, today).sum() <= 0:
        return
    standing = Certificate.objects.filter(account=account, void_on=None).first()
    if standing is None:
        return
    standing.void_on, standing.void_reason = today, reason[:120]
    standing.save(update_fields=["void_on", "void_reason"])
    audit.write(actor, "certificate.void", "certificate", standing.pk, reason=reason)
    Link.objects.filter(customer=account.customer_id, party=Party.GUARANTOR, liable=False).update(liable=None)
    _reopen(actor, account, reason)


def _reopen(actor: str, account: Account, reason: str) -> None:
    if Case.objects.filter(customer=account.customer_id, closed_on=None).exists():
        return
    case = (
        Case.objects.filter(customer=account.customer_id, close_reason="SETTLED").order_by("-closed_on", "-pk").first()
    )
    if case is None:
        return
    case.closed_on, case.close_reason, case.status = None, "", "READY"
    case.balance = max(0, int(sum(balances(one, _today(account)).sum() for one in account.customer.accounts.all())))
    case.save(update_fields=["closed_on", "close_reason", "status", "balance"])
    audit.write(actor, "case.reopen", "case", case.pk, reason=reason)


def _today(account: Account) -> date:
    return clock.business_date(clock.now_minute(), account.lender.zone)
