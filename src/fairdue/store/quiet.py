"""Why nobody may ask a customer for money right now: a payment is known, may have come, or is said to have come.

Asked by the lists, by get-next, by the page of the case and, once more at the moment of leaving, by whatever sends messages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Max, Sum

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
    return among([case]).get(case.pk)


def among(cases: Iterable[Case]) -> dict[int, Quiet]:
    """The same for many cases, by case number; four queries whatever their number. Only open cases are asked about."""
    asked = list(cases)
    people = {case.customer_id for case in asked}
    paid, maybe = _paid(asked, people), _maybe(people)
    stops = Stop.objects.filter(case__customer__in=people, kind="CLAIMS_PAID", until=None)
    claimed = set(stops.values_list("case__customer", flat=True))
    found: dict[int, Quiet] = {}
    for case in asked:
        for who, reason in ((paid, PAID), (claimed, CLAIMED), (maybe, MAYBE)):
            if case.customer_id in who:
                found.setdefault(case.pk, reason)
    return found


def _paid(cases: list[Case], people: set[int]) -> set[int]:
    """Customers with a payment, not taken back, that became known after the last published night had begun."""
    lenders = {case.lender_id for case in cases}
    nights = NightRun.objects.filter(lender__in=lenders, state="PUBLISHED").values("lender")
    since = {row["lender"]: row["last"] for row in nights.annotate(last=Max("started_at"))}
    known = PaymentKnown.objects.filter(customer__in=people, known_at__gt=min(
        (since.get(lender, LONG_AGO) for lender in lenders), default=LONG_AGO))  # fmt: skip
    sums = known.values("customer", "lender", "ref", "known_at").annotate(total=Sum("amount"))
    left: dict[tuple[int, str], int] = {}
    for row in sums:
        if row["known_at"] > since.get(row["lender"], LONG_AGO):
            left[row["customer"], row["ref"]] = left.get((row["customer"], row["ref"]), 0) + row["total"]
    return {customer for (customer, _), total in left.items() if total > 0}


def _maybe(people: set[int]) -> set[int]:
    waiting = Candidate.objects.filter(account__customer__in=people, suspense__state="OPEN")
    return set(waiting.values_list("account__customer", flat=True))
