"""Decisions of the guard: many at once, and one at a time as a desk asks, with the past of each person beside it."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import bench
import numpy as np

from fairdue.core import guard
from fairdue.core.codes import Channel, LenderKind, Mode, Party, PlanStatus, PointSource, PointStatus, Product, Purpose
from fairdue.core.dates import MINUTES, utc_of_local
from fairdue.rules.load import load_pack

ON = date(2026, 9, 30)
PACK, POLICY, ZONE = "cn", "steady", "Asia/Shanghai"
CONTACTS_EACH = 3
MORNING = utc_of_local((ON - date(1970, 1, 1)).days * MINUTES + 10 * 60, ZONE)


def main() -> None:
    said = bench.arguments(__doc__, proposals=1_000_000, singles=3_000)
    book = load_pack(PACK, POLICY).at(ON)
    result: dict[str, Any] = {
        "pack": f"{PACK} + {POLICY}", "rules": len(book.rules), "contacts_in_the_past_per_person": CONTACTS_EACH,
        "batch": batch(said.proposals), "one_microseconds": singles(said.singles), "machine": bench.machine(),
    }  # fmt: skip
    bench.show(result, as_json=said.json)


def proposals(people: int, at: int = MORNING) -> guard.Facts:
    """A call each; every eighth person has an unknown zone, every ninth disputes."""
    i = np.arange(people)
    return guard.Facts.of(
        people, (ZONE,), at=np.full(people, at), zone=np.where(i % 8 == 7, -1, 0), channel=int(Channel.CALL),
        mode=int(Mode.TALK), direction=0, purpose=int(Purpose.COLLECT), party=int(Party.BORROWER), party_refused=0,
        liable=1, discloses_debt=1, product=i % len(Product), lender_kind=int(LenderKind.BANK), association_member=1,
        person=i, point=i, point_source=int(PointSource.CONTRACT), point_status=int(PointStatus.GOOD), point_reserved=1,
        plan_status=int(PlanStatus.NONE), lost_contact=0, debtor_incapable=0, consent_hours=0, owed=100_00 + i,
        operator_certified=1, paused=0, disputed=(i % 9 == 8).astype(np.int64), claims_paid=0, ceased=0,
    )  # fmt: skip


def past(people: int) -> guard.History:
    """Contacts of the last days, some of them this morning."""
    person = np.repeat(np.arange(people), CONTACTS_EACH)
    n = np.arange(len(person))
    some = n * 2_654_435_761 % 2**32
    return guard.History(
        at=MORNING - 5 - some % (3 * MINUTES), person=person, point=person, channel=np.zeros(len(n), np.int64),
        mode=np.ones(len(n), np.int64), direction=np.zeros(len(n), np.int64), party=np.zeros(len(n), np.int64),
        answered=some % 2, talked=some // 2 % 2 * (some % 2), reserved=np.zeros(len(n), np.int64),
    )  # fmt: skip


def batch(people: int) -> dict[str, Any]:
    """All proposals judged in one go, and from when the refused ones may be made."""
    pack, facts, history, phases = load_pack(PACK, POLICY), proposals(people), past(people), bench.Phases()
    with phases("judge"):
        verdict = guard.judge(pack.at(ON), facts, history)
    waiting = np.flatnonzero(~verdict.allowed)
    with phases("next lawful"):
        guard.next_lawful(pack, facts.take(waiting), history)
    seconds = phases.seconds
    return {
        "proposals": people, "contacts in the past": len(history.at), "refused": len(waiting),
        "judge seconds": round(seconds["judge"], 2), "decisions per second": round(people / seconds["judge"]),
        "next lawful seconds": round(seconds["next lawful"], 2), "peak_mb": bench.peak_mb(),
    }  # fmt: skip


def singles(times: int) -> dict[str, Any]:
    """One proposal with one person's past, again and again: judged, and from when if it is refused."""
    pack = load_pack(PACK, POLICY)
    asked = [(proposals(1, MORNING + hour * 60), past(1)) for hour in range(24)]
    found: dict[str, list[float]] = {"allowed": [], "refused, with the next lawful time": []}
    guard.judge(pack.at(ON), *asked[0])
    for n in range(times):
        facts, history = asked[n % len(asked)]
        begun = time.perf_counter()
        allowed = bool(guard.judge(pack.at(ON), facts, history).allowed[0])
        if not allowed:
            guard.next_lawful(pack, facts, history)
        name = "allowed" if allowed else "refused, with the next lawful time"
        found[name].append((time.perf_counter() - begun) * 1e6)
    return {
        f"{name}, {share}": round(float(np.percentile(taken, percent)))
        for name, taken in found.items() if taken
        for share, percent in (("p50", 50), ("p99", 99))
    }  # fmt: skip


if __name__ == "__main__":
    main()
