"""Columns say what a plain walk through one claim's events says, day by day with datetime.date and without NumPy."""

from __future__ import annotations

import random
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pytest

from fairdue.core.clocks import Unit
from fairdue.core.dates import Calendar
from fairdue.core.guarantee import guarantees
from fairdue.core.happened import Effect
from fairdue.core.limitation import FAR, NAT, Events, Standing, Terms, limitation

DAY = timedelta(days=1)
FIRST, LAST = date(2020, 1, 1), date(2024, 12, 31)
OPEN = date(9000, 1, 1)
EFFECTS = (Effect.RESTARTS, Effect.HOLDS, Effect.SUSPENDS, Effect.REVIVES, Effect.SETTLES, Effect.STARTS, Effect.NONE)


@dataclass(frozen=True)
class Event:
    day: date
    effect: Effect
    ended: date | None


@dataclass(frozen=True)
class Claim:
    start: date | None
    harm: date | None
    events: list[Event]


def calendar() -> tuple[Calendar, set[date]]:
    every = [FIRST + timedelta(days=i) for i in range((LAST - FIRST).days + 1)]
    rest = {d for d in every if d.weekday() >= 5 or (d.month, d.day) in {(5, 1), (10, 1), (10, 2), (10, 3)}}
    return Calendar("small", np.datetime64(FIRST), np.datetime64(LAST), np.array(sorted(rest), "datetime64[D]")), rest


def on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def end_of(base: date, claim: Claim, terms: Terms, rest: set[date]) -> date:
    """The last day of a period that counts from `base`."""
    cap = on(claim.harm, 12 * terms.longest) if terms.longest and claim.harm else None
    if base == OPEN:
        return OPEN
    years = 2 if base < date(2015, 10, 1) else 3
    last = on(base, 12 * years)
    for event in claim.events:
        if event.effect != Effect.SUSPENDS or last == OPEN or not terms.window:
            continue
        window = max(on(last, -terms.window), base)
        if event.day <= last and (event.ended is None or event.ended > window):
            if event.ended is None:
                last = OPEN
            elif terms.remainder:
                last = max(last, event.ended + (last - max(event.day, window)))
            else:
                last = max(last, on(event.ended, terms.window))
    while terms.moves and last in rest:
        last += DAY
    return last if cap is None else min(last, cap)


def twin(claim: Claim, terms: Terms, rest: set[date], today: date) -> tuple[date | None, Standing]:
    told = [
        Event(e.day, e.effect, None if e.ended and e.ended > today else e.ended) for e in claim.events if e.day <= today
    ]
    claim = Claim(claim.start, claim.harm, told)
    base, settled, moved = claim.start, False, False
    if terms.year_end and base is not None:
        base = date(base.year, 12, 31)
    for event in told:
        end = None if base is None else end_of(base, claim, terms, rest)
        if event.effect == Effect.STARTS and not moved and (base is None or event.day < base):
            base, moved = event.day, True
        if end is None or base is None or settled:
            continue
        new = base
        if event.effect == Effect.REVIVES and event.day > end:
            new = event.day
        if event.day <= end and event.effect == Effect.RESTARTS:
            new = max(base, event.day)
        if event.day <= end and event.effect == Effect.HOLDS:
            new = max(base, event.ended or OPEN)
        settled = event.day <= end and event.effect == Effect.SETTLES
        base, moved = (new, True) if new != base else (base, moved)
    if settled or base is None:
        return None, Standing.SETTLED if settled else Standing.UNKNOWN
    last = end_of(base, claim, terms, rest)
    if last == OPEN:
        return None, Standing.HELD
    return last, Standing.LAPSED if last < today else Standing.RUNNING


def draw_claim(draw: random.Random) -> Claim:
    start = date(2012, 1, 1) + timedelta(days=draw.randint(0, 4000))
    events, day = [], start - timedelta(days=60)
    for _ in range(draw.choice((0, 1, 1, 2, 3, 5))):
        day += timedelta(days=draw.choice((1, 30, 200, 500, 900, 1090, 1095, 1100)) + draw.randint(0, 8))
        effect = draw.choices(EFFECTS, (6, 3, 5, 2, 1, 1, 1))[0]
        length = draw.choice((0, 5, 90, 170, 190, 400, 1200))
        ended = day + timedelta(days=length) if draw.random() < 0.75 else None
        events.append(Event(day, effect, ended if effect in {Effect.HOLDS, Effect.SUSPENDS} else None))
    harm = start - timedelta(days=draw.choice((0, 0, 400, 6000, 7000)))
    return Claim(None if draw.random() < 0.05 else start, harm if draw.random() < 0.9 else None, events)


def columns(claims: list[Claim]) -> tuple[np.ndarray, np.ndarray, Events]:
    flat = [(row, e) for row, claim in enumerate(claims) for e in claim.events]
    events = Events(
        np.array([row for row, _ in flat], np.int64), np.array([e.day for _, e in flat], "datetime64[D]"),
        np.array([e.effect for _, e in flat], np.int16), np.array([e.ended or NAT for _, e in flat], "datetime64[D]"),
    )  # fmt: skip
    return (np.array([c.start or NAT for c in claims], "datetime64[D]"),
            np.array([c.harm or NAT for c in claims], "datetime64[D]"), events)  # fmt: skip


@pytest.mark.parametrize("window", [0, 6, 480])
@pytest.mark.parametrize("remainder", [False, True])
@pytest.mark.parametrize("moves", [False, True])
@pytest.mark.parametrize(("longest", "year_end"), [(0, False), (20, False), (0, True)])
def test_columns_say_what_a_walk_through_one_claim_says(
    window: int, remainder: bool, moves: bool, longest: int, year_end: bool
) -> None:
    draw = random.Random(f"{window}{remainder}{moves}{longest}{year_end}")
    days, rest = calendar()
    since = np.array(["1987-01-01", "2015-10-01"], "datetime64[D]")
    terms = Terms(since, np.array([2, 3]), Unit.YEARS, moves, window, remainder, longest, year_end)
    claims = [draw_claim(draw) for _ in range(1500)]
    today = date(2022, 6, 15)
    found = limitation(*columns(claims), terms, days, np.datetime64(today))
    for row, claim in enumerate(claims):
        expected = twin(claim, terms, rest, today)
        got = (None if np.isnat(found.last[row]) else found.last[row].item(), Standing(int(found.standing[row])))
        assert got == expected, claim
    assert len(set(found.standing.tolist())) == 5, "every way a claim can stand was drawn"


def test_claims_together_say_what_each_says_alone() -> None:
    draw = random.Random(7)
    days, _ = calendar()
    terms = Terms(np.array(["1987-01-01"], "datetime64[D]"), np.array([3]), Unit.YEARS, True, 6, False, 20)
    claims = [draw_claim(draw) for _ in range(200)]
    today = np.datetime64("2021-03-01")
    together = limitation(*columns(claims), terms, days, today)
    for row, claim in enumerate(claims):
        alone = limitation(*columns([claim]), terms, days, today)
        assert alone.standing[0] == together.standing[row]
        assert str(alone.last[0]) == str(together.last[row])


def test_a_later_event_never_brings_the_end_nearer() -> None:
    draw = random.Random(11)
    days, _ = calendar()
    terms = Terms(np.array(["1987-01-01"], "datetime64[D]"), np.array([3]), Unit.YEARS, True, 6, False, 0)
    today = np.datetime64("2030-01-01")
    for _ in range(400):
        claim = draw_claim(draw)
        helps = [e for e in claim.events if e.effect in {Effect.RESTARTS, Effect.SUSPENDS, Effect.HOLDS}]
        less, more = (Claim(claim.start, None, helps[:n]) for n in (max(len(helps) - 1, 0), len(helps)))
        first, second = (limitation(*columns([c]), terms, days, today) for c in (less, more))
        ends = [FAR if r.standing[0] == Standing.HELD else r.last[0] for r in (first, second)]
        assert np.isnat(ends[0]) or ends[1] >= ends[0]


def guarantee_twin(due: date, agreed: date | None, acts: list[date], today: date) -> tuple[date, Standing, date | None]:
    last = agreed if agreed and agreed > due else on(due, 6)
    kept = next((day for day in sorted(acts) if due < day <= last and day <= today), None)
    standing = Standing.KEPT if kept else Standing.LAPSED if last < today else Standing.RUNNING
    return last, standing, kept


def test_guarantee_periods_say_what_the_calendar_says() -> None:
    draw = random.Random(692)
    today = date(2022, 6, 15)
    dues = [date(2021, 1, 1) + timedelta(days=draw.randint(0, 700)) for _ in range(2000)]
    agreed = [None if draw.random() < 0.5 else due + timedelta(days=draw.randint(-40, 600)) for due in dues]
    acts = [sorted(due + timedelta(days=draw.randint(-20, 400)) for _ in range(draw.randint(0, 3))) for due in dues]
    flat = [(row, day) for row, days in enumerate(acts) for day in days]
    events = Events(np.array([r for r, _ in flat]), np.array([d for _, d in flat], "datetime64[D]"),
                    np.full(len(flat), int(Effect.KEEPS), np.int16), np.full(len(flat), NAT))  # fmt: skip
    found = guarantees(np.array(dues, "datetime64[D]"), np.array([a or NAT for a in agreed], "datetime64[D]"), events, 6,
                       np.datetime64(today))  # fmt: skip
    for row, due in enumerate(dues):
        last, standing, kept = guarantee_twin(due, agreed[row], acts[row], today)
        assert (found.last[row].item(), Standing(int(found.standing[row])), found.kept_on[row].item()) == (
            last,
            standing,
            kept,
        )
