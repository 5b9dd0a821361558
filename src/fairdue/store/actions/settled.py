"""A debt that is paid in full: its case is closed, guarantors are released, and a certificate with a code is issued.

Taken back, all of it is undone: the case opens again and the certificate is void. Liability of a guarantor is then unknown
until somebody establishes it with evidence.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q, Sum

from fairdue.core.codes import Party, Role
from fairdue.core.ledger import PostingKind
from fairdue.store import audit, clock
from fairdue.store.actions import credit, track_work
from fairdue.store.actions.ledger import balances
from fairdue.store.actions.tasks import end_about
from fairdue.store.models import Account, Case, Certificate, Link, Posting, Task


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
    credit.correct(actor, account.lender, credit.SETTLED, today, case, "certificate", made.pk)
    return made


def look_many(actor: str, accounts: Sequence[Account]) -> None:
    """The same for debts that stand alone and were paid in full a moment ago, inside the caller's transaction."""
    customers = [account.customer_id for account in accounts]
    several = set(
        Account.objects.filter(customer__in=customers).values("customer").annotate(n=Count("pk")).filter(n__gt=1)
        .values_list("customer", flat=True)
    )  # fmt: skip
    certified = set(Certificate.objects.filter(account__in=accounts, void_on=None).values_list("account", flat=True))
    alone = [a for a in accounts if a.customer_id not in several and a.pk not in certified]
    for account in accounts:
        if account.customer_id in several:
            look(actor, account)
    if alone:
        _settle(actor, alone)


def _settle(actor: str, accounts: Sequence[Account]) -> None:
    lender, today, now = accounts[0].lender, _today(accounts[0]), clock.now_minute()
    by = credit.due(today)
    people = [account.customer_id for account in accounts]
    cases = {case.customer_id: case for case in Case.objects.filter(customer__in=people, closed_on=None)}
    paid, waived = _nets(accounts, PostingKind.PAYMENT), _nets(accounts, PostingKind.WAIVER)
    made = Certificate.objects.bulk_create(
        Certificate(lender=lender, account=a, case=cases.get(a.customer_id), code=secrets.token_urlsafe(18), settled_on=today,
                    paid=paid.get(a.pk, 0), waived=waived.get(a.pk, 0), issued_at=now)
        for a in accounts
    )  # fmt: skip
    tasks = Task.objects.bulk_create(
        Task(organisation=lender, case=one.case, kind=credit.KIND, detail=dict(credit.SETTLED), about="certificate",
             about_id=one.pk, role=Role.FINANCE, due_on=by.on, clock=dict(credit.CLOCK), created_by=actor, created_at=now)
        for one in made
    )  # fmt: skip
    rows = [audit.Said("certificate.issue", "certificate", one.pk, {"account": one.account_id}) for one in made]
    rows += [audit.Said("task.open", "task", t.pk, {"kind": t.kind, "case": t.case_id, "due": by.on}) for t in tasks]
    rows += _release_many(accounts) + _close_many(list(cases.values()), today, now)
    audit.write_many(actor, rows)


def _nets(accounts: Sequence[Account], kind: PostingKind) -> dict[int, int]:
    found = Posting.objects.filter(Q(kind=kind) | Q(reverses__kind=kind), account__in=accounts).values_list("account")
    return {account: -total for account, total in found.annotate(total=Sum("amount"))}


def _release_many(accounts: Sequence[Account]) -> list[audit.Said]:
    of = {account.customer_id: account.pk for account in accounts}
    freed = Link.objects.filter(customer__in=of, party=Party.GUARANTOR, liable=True)
    links: dict[int, list[int]] = {}
    for pk, customer in freed.values_list("pk", "customer"):
        links.setdefault(of[customer], []).append(pk)
    freed.update(liable=False)
    return [audit.Said("guarantor.release", "account", account, {"links": ids}) for account, ids in links.items()]


def _close_many(cases: list[Case], today: date, now: int) -> list[audit.Said]:
    ids = [case.pk for case in cases]
    track_work.take_off_all(ids, now)
    Case.objects.filter(pk__in=ids).update(closed_on=today, close_reason="SETTLED", status="SETTLED", balance=0, dpd=0)
    return [audit.Said("case.close", "case", pk, {}, "SETTLED") for pk in ids]


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
    end_about(actor, "certificate", standing.pk, reason, only=[credit.KIND], done=False)
    credit.correct(actor, account.lender, credit.TAKEN_BACK, today, standing.case, "certificate", standing.pk)
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
