"""What finance sees: money that waits first, control totals always in sight, then statements and what was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fairdue.core.codes import Component
from fairdue.store import access, clock
from fairdue.store.actions import control, suspense
from fairdue.store.models import (
    BankStatement,
    Candidate,
    Control,
    ControlDifference,
    PaymentAsk,
    PaymentLine,
    Suspense,
    User,
)

SHOWN = 50  # rows of each list
POINTS = 31  # days of the plot


@dataclass(frozen=True)
class Waiting:
    """Money that waits, how long it has, and whose it may be."""

    row: Suspense
    days: int
    candidates: tuple[Candidate, ...]
    asked: bool


@dataclass(frozen=True)
class Age:
    """What waits for so many days; `to` None: and more."""

    first: int
    to: int | None
    count: int
    amount: int


@dataclass(frozen=True)
class Money:
    """Everything on the page."""

    currency: str
    exponent: int
    today: date
    waiting: tuple[Waiting, ...]
    waiting_count: int
    waiting_sum: int
    ages: tuple[Age, ...]
    control: tuple[tuple[Component, Control, bool], ...]
    control_on: date | None
    differences: int
    plot: str
    plotted: tuple[date, date] | None
    statements: tuple[BankStatement, ...]
    lines: tuple[PaymentLine, ...]
    asks: tuple[PaymentAsk, ...]


def money(user: User) -> Money:
    """The page of finance. Nine queries, whatever there is."""
    lender = user.organisation
    today = clock.business_date(clock.now_minute(), lender.zone)
    waiting = list(access.suspense_for(user).filter(state="OPEN").values_list("amount", "since"))
    first = access.suspense_for(user).filter(state="OPEN").select_related("line").order_by("since", "pk")
    rows = list(first.prefetch_related("candidates__account__customer", "line__asks")[:SHOWN])
    mine = Control.objects.filter(lender=access.money_of(user))
    newest = mine.order_by("-on").first()
    of_day = list(mine.filter(on=newest.on).order_by("component")) if newest else []
    plot, plotted = _plot(mine)
    return Money(
        lender.currency, lender.exponent, today, tuple(_waiting(row, today) for row in rows), len(waiting),
        sum(amount for amount, _ in waiting), _ages([(amount, (today - since).days) for amount, since in waiting]),
        tuple((Component(row.component), row, control.agrees(row)) for row in of_day), newest.on if newest else None,
        ControlDifference.objects.filter(lender=access.money_of(user), cleared_on=None).count(), plot, plotted,
        tuple(access.statements_for(user).select_related("rejects").order_by("-pk")[:SHOWN]),
        tuple(access.lines_for(user).select_related("suspense", "reversed_by").order_by("-pk")[:SHOWN]),
        tuple(PaymentAsk.objects.filter(lender=access.money_of(user), state="ASKED").select_related("account")[:SHOWN]),
    )  # fmt: skip


def _ages(waiting: list[tuple[int, int]]) -> tuple[Age, ...]:
    """What waits by how long, in the steps in which people are reminded."""
    starts = (0, *suspense.AGES)
    ends: tuple[int | None, ...] = (*(start - 1 for start in suspense.AGES), None)
    found = []
    for first, to in zip(starts, ends, strict=True):
        mine = [amount for amount, days in waiting if days >= first and (to is None or days <= to)]
        found.append(Age(first, to, len(mine), sum(mine)))
    return tuple(found)


def _waiting(row: Suspense, today: date) -> Waiting:
    best = sorted(row.candidates.all(), key=lambda one: -one.score)[:3]
    return Waiting(row, (today - row.since).days, tuple(best), any(ask.state == "ASKED" for ask in row.line.asks.all()))


def _plot(controls: object) -> tuple[str, tuple[date, date] | None]:
    """Points of a line of the closing total by day, in a box of 300 × 60; empty without two days."""
    totals: dict[date, int] = {}
    for on, closing in controls.values_list("on", "closing").order_by("-on")[: POINTS * len(Component)]:  # type: ignore[attr-defined]  # a query
        totals[on] = totals.get(on, 0) + closing
    days = sorted(totals)
    if len(days) < 2:  # noqa: PLR2004 - a line has two ends
        return "", None
    low, high = min(totals.values()), max(totals.values())
    step, height = 300 / (len(days) - 1), max(1, high - low)
    points = [f"{at * step:.1f},{57 - 54 * (totals[day] - low) / height:.1f}" for at, day in enumerate(days)]
    return " ".join(points), (days[0], days[-1])
