"""Why nobody may ask a customer for money right now: a payment is known, may have come, or is said to have come.

Asked by the lists, by get-next, by the page of the case and, once more at the moment of leaving, by whatever sends messages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Max

from fairdue.core.errors import Lang
from fairdue.store.models import Candidate, Case, NightRun, PaymentKnown, Stop

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Quiet:
    """A reason to be quiet, and when it ends."""

    code: str
    zh: str
    en: str

    def text(self, lang: Lang) -> str:
        """The sentence in one language."""
        return self.zh if lang == "zh" else self.en


PAID = Quiet(
    "PAYMENT_KNOWN",
    "已知有还款到账：下一次夜间作业按新余额重新决定之前不再催收",
    "A payment is known: nobody collects until the next night has decided on the new balance",
)
MAYBE = Quiet(
    "PAYMENT_MAYBE",
    "有一笔待认领款项可能属于该客户：认领或排除之前不再催收",
    "Money that waits to be assigned may be this customer's: nobody collects until a person has said whose it is",
)
CLAIMED = Quiet(
    "CLAIMS_PAID", "客户称已还款，正在查账：有结论之前不再催收",
    "The customer says it is paid: nobody collects until the search has an answer",
)  # fmt: skip
CLOSED = Quiet("CASE_CLOSED", "案件已结：不再催收", "The case is closed: nobody collects")


def why_quiet(case: Case) -> Quiet | None:
    """The reason why no message may leave and nobody may call about this case now; None where there is none."""
    if case.closed_on is not None:
        return CLOSED
    return among([(case.customer_id, case.lender_id)]).get(case.customer_id)


def among(asked: Iterable[tuple[int, int]]) -> dict[int, Quiet]:
    """The same for many open cases, each as customer and lender, by customer; four queries whatever their number."""
    lender_of = dict(asked)
    if not lender_of:
        return {}
    claims = Stop.objects.filter(case__customer__in=lender_of, kind="CLAIMS_PAID", until=None)
    found = dict.fromkeys(_maybe(lender_of), MAYBE)
    found |= dict.fromkeys(claims.values_list("case__customer", flat=True), CLAIMED)
    return found | dict.fromkeys(_paid(lender_of), PAID)


def _paid(lender_of: dict[int, int]) -> set[int]:
    """Customers with a payment, not taken back, that became known after the last published night had begun."""
    nights = NightRun.objects.filter(lender__in=set(lender_of.values()), state="PUBLISHED").values("lender")
    since = {row["lender"]: row["last"] for row in nights.annotate(last=Max("started_at"))}
    first = min((since.get(lender, LONG_AGO) for lender in lender_of.values()), default=LONG_AGO)
    known = PaymentKnown.objects.filter(customer__in=lender_of, known_at__gt=first)
    left: dict[tuple[int, str], int] = {}
    for customer, ref, at, amount in known.values_list("customer", "ref", "known_at", "amount"):
        if at > since.get(lender_of[customer], LONG_AGO):
            left[customer, ref] = left.get((customer, ref), 0) + amount
    return {customer for (customer, _), total in left.items() if total > 0}


def _maybe(people: Iterable[int]) -> set[int]:
    waiting = Candidate.objects.filter(account__customer__in=list(people), suspense__state="OPEN")
    return set(waiting.values_list("account__customer", flat=True))
