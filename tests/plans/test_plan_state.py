from __future__ import annotations

import random
from datetime import date, timedelta

import numpy as np

from fairdue.core.plan_state import Agreed, PlanState, Receipts, judge

START = date(2026, 1, 15)


def day(number: int) -> date:
    return START + timedelta(days=number)


def twin(
    dues: list[tuple[date, int]], paid: list[tuple[date, int]], grace: int, breaks: int, review: date | None, on: date
) -> tuple[PlanState, int]:
    """The same for one plan, the way a person reckons it: day by day, oldest instalment first."""
    counted = [(when, amount) for when, amount in paid if when >= START and when <= on]
    got = sum(amount for _, amount in counted)
    if review is not None:
        return (PlanState.COMPLETED if review <= on else PlanState.PERFORMING), got
    needed = 0
    state = PlanState.PERFORMING
    for due, amount in dues:
        needed += amount
        last = due + timedelta(days=breaks)
        if last < on and sum(a for when, a in counted if when <= last) < needed:
            return PlanState.BROKEN, got
        if due + timedelta(days=grace) < on and got < needed:
            state = PlanState.MISSED
    return (PlanState.COMPLETED if got >= needed else state), got


def test_columns_judge_like_a_person_plan_by_plan() -> None:
    draw = random.Random(9)
    plans = []
    for _ in range(1_500):
        count = draw.randrange(1, 7)
        dues = [(day(30 * (k + 1)), draw.randrange(1, 500)) for k in range(count)]
        paid = [(day(draw.randrange(-20, 220)), draw.randrange(1, 600)) for _ in range(draw.randrange(8))]
        review = day(draw.randrange(1, 200)) if draw.random() < 0.1 else None
        plans.append(([] if review else dues, paid, draw.randrange(5), draw.randrange(5, 40), review, day(200)))
    for on in (day(0), day(31), day(95), day(200)):
        agreed = Agreed(
            started=np.array([np.datetime64(START)] * len(plans)),
            grace=np.array([p[2] for p in plans]), breaks=np.array([p[3] for p in plans]),
            review=np.array([np.datetime64(p[4] or "NaT", "D") for p in plans]), cleared=np.zeros(len(plans), bool),
            plan=np.array([i for i, p in enumerate(plans) for _ in p[0]]),
            due=np.array([np.datetime64(d) for p in plans for d, _ in p[0]], "datetime64[D]"),
            amount=np.array([a for p in plans for _, a in p[0]]),
        )  # fmt: skip
        receipts = Receipts(
            np.array([i for i, p in enumerate(plans) for _ in p[1]]),
            np.array([np.datetime64(d) for p in plans for d, _ in p[1]], "datetime64[D]"),
            np.array([a for p in plans for _, a in p[1]]),
        )
        found = judge(agreed, receipts, np.datetime64(on, "D"))
        expected = [twin(*p[:5], on) for p in plans]
        assert [(PlanState(int(s)), int(g)) for s, g in zip(found.state, found.paid, strict=True)] == expected


def test_nothing_is_owed_any_more_so_the_plan_is_complete() -> None:
    agreed = Agreed(
        np.array([np.datetime64(START)]), np.array([3]), np.array([30]), np.array(["NaT"], "datetime64[D]"),
        np.array([True]), np.array([0]), np.array([np.datetime64(day(60))]), np.array([100]),
    )  # fmt: skip
    none = Receipts(np.zeros(0, np.int64), np.zeros(0, "datetime64[D]"), np.zeros(0, np.int64))
    assert judge(agreed, none, np.datetime64(day(1))).state.tolist() == [PlanState.COMPLETED]
