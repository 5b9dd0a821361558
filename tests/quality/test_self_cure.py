"""Likely self-cures are left alone, a drawn share of them is worked as usual, and both are followed to the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest
from django.conf import settings

import books
import cast
import track_lives
from fairdue.core import quality
from fairdue.core.codes import Behaviour
from fairdue.core.decision import DecisionReason
from fairdue.jobs import night
from fairdue.rules import quality as policies
from fairdue.rules.quality import SelfCurePolicy
from fairdue.store import self_cure
from fairdue.store.models import Account, Case, SelfCureTrial
from person import Person
from worlds import BOTH, World, Worlds, opened

HALF = SelfCurePolicy(500_000, 30, "half")
LATE, COUNT = 12, 24


def expected_to_pay() -> None:
    """Customers twelve days late who were never late before and paid well."""
    lender = books.bank(owns_ledger=False)
    paid: dict[str, object] = {f"missed_{back}": 0 for back in range(1, 7)}
    paid |= {f"{what}_{back}": "300.00" for what in ("billed", "paid") for back in range(1, 7)}
    due = (books.AS_OF - timedelta(days=LATE)).isoformat()
    same = {"oldest_unpaid_due": due, "principal": "3000.00", "interest": "0", "fees": "0", "balance": "3000.00"}
    rows = [row | paid | same | {"customer_ref": f"C{n:06}"} for n, row in enumerate(books.rows(COUNT * 4))]
    books.load(lender, books.write(settings.HOME / "book.csv", rows))


@pytest.fixture(params=BOTH)
def world(worlds: Worlds, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr("fairdue.store.config.load_self_cure", lambda: HALF)
    monkeypatch.setattr("fairdue.store.actions.night.load_self_cure", lambda: HALF)
    with opened(worlds, request.param, expected_to_pay) as made:
        yield made


def test_who_is_drawn_is_worked_as_usual_and_the_others_rest(world: World) -> None:
    lender = cast.user(cast.LEAD).organisation
    night.run_night(lender, books.AS_OF)
    trials = {trial.case_id: trial for trial in SelfCureTrial.objects.all()}
    assert len(trials) == Case.objects.count() == COUNT * 4
    customers = np.array(sorted(Case.objects.values_list("customer_id", flat=True)), np.int64)
    held = quality.drawn(customers, "half", 500_000)
    assert {trial.arm for trial in trials.values()} == {0, 1}
    assert sum(trial.arm for trial in trials.values()) == int(held.sum())
    for case in Case.objects.all():
        rests = case.reason == DecisionReason.SELF_CURE
        assert rests == (trials[case.pk].arm == SelfCureTrial.LEFT_ALONE)
        assert Behaviour(case.behaviour) == (Behaviour.SELF_CURE if rests else Behaviour.FIRST_TIME)


def test_cures_are_compared_only_when_their_time_is_over(world: World) -> None:
    lender = cast.user(cast.LEAD).organisation
    night.run_night(lender, books.AS_OF)
    payers = list(SelfCureTrial.objects.filter(arm=0).order_by("pk"))[:10]
    Account.objects.filter(customer__cases__self_cure__in=payers).update(oldest_unpaid_due=None)
    track_lives.at(books.AS_OF + timedelta(days=5))
    night.run_night(lender, books.AS_OF + timedelta(days=5))
    assert SelfCureTrial.objects.filter(cured_on=books.AS_OF + timedelta(days=5)).count() == 10
    assert self_cure.measure(lender, books.AS_OF + timedelta(days=29)).difference is None
    found = self_cure.measure(lender, books.AS_OF + timedelta(days=30))
    alone, held = found.arms
    assert (alone.cured.part, held.cured.part) == (10, 0)
    assert alone.cured.whole + held.cured.whole == COUNT * 4
    assert (alone.by_day[4], alone.by_day[5], alone.by_day[30]) == (0, 10, 10)
    assert found.difference is not None
    assert found.difference[1] > 0
    assert "left alone" in found.says["en"]
    track_lives.at(books.AS_OF + timedelta(days=30))
    said = json.loads(world.fairdue("quality", "self-cure", "--lender", "bank", "--json"))
    assert said["window_days"] == 30
    assert "polyline" in Person(cast.LEAD).get("/quality/self-cure/")


def test_the_shipped_policy_holds_out_a_tenth() -> None:
    assert policies.load_self_cure() == SelfCurePolicy(100_000, 30, "fairdue")
