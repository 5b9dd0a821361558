"""What is known of a case, in the names scripts and cards ask for, and the facts their words may name. Unknown stays out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from fairdue.core import money
from fairdue.core.codes import UNKNOWN, Aim, Component, LenderKind, Product, Tone
from fairdue.core.dates import DayCount
from fairdue.core.errors import Lang
from fairdue.rules.talk.facts import load_facts
from fairdue.store import clock
from fairdue.store.actions import learn
from fairdue.store.models import Account, Case, OwnPromise, Posting, Promise

KEPT_SHOWN_FROM, KEPT_MEMORY = 100, 180  # judged promises and days: below that a share says nothing
PPM = 1_000_000
YEAR = {DayCount.ACT360: 360, DayCount.ACT365: 365}


def situation(case: Case) -> dict[str, str | None]:
    """Codes by name; what is unknown is left out."""
    said: dict[str, str | None] = {"stage": case.stage or None, "days": str(case.dpd) if case.dpd > 0 else None}
    said["aim"] = Aim(case.aim).name if case.aim >= 0 else None
    said["tone"] = Tone(case.tone).name if case.tone >= 0 else None
    said["lender"] = LenderKind(case.lender.lender_kind).name
    products = {a.product for a in case.customer.accounts.all()}
    said["product"] = Product(products.pop()).name if len(products) == 1 else None
    today = clock.business_date(clock.now_minute(), case.lender.zone)
    known = load_facts()
    for name, fact in learn.current(case).items():
        if known[name].values and not known[name].stale(fact.on, today):
            said[name] = fact.value
    return said


def slots(case: Case) -> dict[str, str]:
    """The facts of the debt that words may name, as they are said; only with identity confirmed are they shown."""
    found = {
        "amount": _amount(case, case.balance),
        "due_date": case.oldest_due.isoformat() if case.oldest_due else "",
        "days": str(case.dpd) if case.dpd > 0 else "",
        "per_day": _amount(case, daily) if (daily := per_day(case)) else "",
        "kept_share": kept_share(case),
    }
    return found | _promises(case) | _own(case) | _bureau(case)


def _amount(case: Case, minor: int) -> str:
    return f"{case.lender.currency} {money.format_minor(minor, case.lender.exponent)}"


def _promises(case: Case) -> dict[str, str]:
    rows = list(case.promises.order_by("-pk"))
    running = next((p for p in reversed(rows) if p.status == "OPEN"), None)
    broken = next((p for p in rows if p.status in ("BROKEN", "PARTLY_KEPT")), None)
    found: dict[str, str] = {}
    if running:
        found |= {"promised_amount": _amount(case, running.amount), "promised_on": running.due_on.isoformat()}
    if broken and rows[0].status in ("BROKEN", "PARTLY_KEPT"):
        found |= {"broken_amount": _amount(case, broken.amount), "broken_on": broken.due_on.isoformat()}
    return found


def _own(case: Case) -> dict[str, str]:
    word = OwnPromise.objects.filter(case=case, done_at__lt=0).exclude(text="").order_by("due_at").first()
    return {"our_word": word.text} if word else {}


def _bureau(case: Case) -> dict[str, str]:
    fact = learn.current(case).get("bureau")
    if fact is None:
        return {}
    labels = load_facts()["bureau"].values[fact.value]
    langs: tuple[Lang, Lang] = ("zh", "en")
    return {"bureau": labels["zh"]} | {f"bureau_{lang}": labels[lang] for lang in langs}


def per_day(case: Case) -> int | None:
    """What one more day adds by the contract, minor units, floored; None where a term is unknown.

    An account with a schedule of ours is left out of the reckoning: only part of its principal is late.
    """
    today = clock.business_date(clock.now_minute(), case.lender.zone)
    accounts = [a for a in case.customer.accounts.all() if a.oldest_unpaid_due and a.oldest_unpaid_due < today]
    if not accounts or any(_terms_unknown(a) for a in accounts):
        return None
    owed = _principal(accounts, today)
    return sum(_daily(a, owed.get(a.pk, 0)) for a in accounts)


def _terms_unknown(account: Account) -> bool:
    unknown = UNKNOWN in (account.annual_ppm, account.penalty_ppm, account.day_count)
    return unknown or account.day_count not in YEAR or account.instalments.exists()


def _principal(accounts: Iterable[Account], today: date) -> dict[int, int]:
    found: dict[int, int] = {}
    for posting in Posting.objects.filter(
        account__in=list(accounts), component=Component.PRINCIPAL, value_date__lte=today
    ):
        found[posting.account_id] = found.get(posting.account_id, 0) + posting.amount
    return found


def _daily(account: Account, principal: int) -> int:
    return (
        max(principal, 0) * account.annual_ppm * account.penalty_ppm // (PPM * PPM * YEAR[DayCount(account.day_count)])
    )


def kept_share(case: Case) -> str:
    """The share of promises to this lender that were kept of late; empty where too few were judged, or most were broken."""
    today = clock.business_date(clock.now_minute(), case.lender.zone)
    judged = Promise.objects.filter(
        case__lender_id=case.lender_id, judged_on__gte=today - timedelta(days=KEPT_MEMORY),
        status__in=("KEPT", "PARTLY_KEPT", "BROKEN"),
    )  # fmt: skip
    total = judged.count()
    kept = judged.filter(status="KEPT").count() if total >= KEPT_SHOWN_FROM else 0
    return f"{kept * 100 // total} %" if kept * 2 > total else ""
