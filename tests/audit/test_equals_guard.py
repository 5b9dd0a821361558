"""The audit of a log finds what the online guard would have refused, contact by contact."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from contact_logs import Row, audited, guard_one_by_one, order, silent, some_log, write_log
from fairdue.logaudit import spill
from fairdue.logaudit.run import run
from fairdue.rules.load import load_pack

SEEDS = range(12)


@pytest.mark.parametrize("seed", SEEDS)
def test_breaches_are_the_guards_refusals_where_everything_that_counts_is_known(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = some_log(random.Random(seed), 200, unknown=0.0)
    refused, unknown = guard_one_by_one(load_pack("cn"), rows)
    outcome = audited(write_log(tmp_path / "log.csv", rows), tmp_path / "out", monkeypatch)
    assert outcome.breaches == refused
    assert outcome.open_on_facts == unknown
    assert outcome.open_on_the_past == frozenset()
    assert {rule for _, rule in refused} >= {"CN-FREQ-01", "CN-TIME-01"}


@pytest.mark.parametrize("seed", SEEDS)
def test_what_the_guard_refuses_because_it_does_not_know_is_no_breach(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = some_log(random.Random(seed), 150, unknown=0.15)
    refused, unknown = guard_one_by_one(load_pack("cn"), rows)
    outcome = audited(write_log(tmp_path / "log.csv", rows), tmp_path / "out", monkeypatch)
    assert outcome.breaches | outcome.open_on_the_past == refused
    assert not outcome.breaches & outcome.open_on_the_past
    assert outcome.open_on_facts == unknown


@pytest.mark.parametrize("seed", SEEDS)
def test_a_breach_stays_one_whatever_the_unknown_facts_turn_out_to_be(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(seed)
    rows = some_log(rng, 150, unknown=0.1)
    outcome = audited(write_log(tmp_path / "log.csv", rows), tmp_path / "out", monkeypatch)
    counted = {"CN-FREQ-01", "CN-FREQ-02", "CN-FREQ-03"}
    values: dict[str, list[Any]] = {
        "answered": [True, False],
        "channel": ["CALL", "SMS"],
        "mode": ["NOTIFY", "TALK"],
        "direction": ["OUT", "IN"],
    }
    for _ in range(4):
        turned_out = [
            row | {name: rng.choice(choice) for name, choice in values.items() if row[name] is None} for row in rows
        ]
        refused, _ = guard_one_by_one(load_pack("cn"), [_talks_only_if_answered(row) for row in turned_out])
        known = {number for number, row in enumerate(rows, 2) if all(row[name] is not None for name in values)}
        assert {one for one in outcome.breaches if one[1] in counted and one[0] in known} <= refused


def _talks_only_if_answered(row: Row) -> Row:
    return row | {"talked": None if not row["answered"] else row["talked"]}


def test_a_log_in_buckets_is_judged_as_in_one_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = some_log(random.Random(99), 400, unknown=0.05)
    log = write_log(tmp_path / "log.csv", rows)
    whole = audited(log, tmp_path / "whole", monkeypatch)
    monkeypatch.setattr(spill, "BUCKET_ROWS", 50)
    parts = audited(log, tmp_path / "parts", monkeypatch)
    assert parts.breaches == whole.breaches
    assert (parts.open_on_facts, parts.open_on_the_past) == (whole.open_on_facts, whole.open_on_the_past)
    assert parts.found.totals.equals(whole.found.totals)


def test_the_order_of_the_rows_does_not_matter_but_at_the_same_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = some_log(random.Random(5), 100, unknown=0.0)
    by_moment = {row["at"]: row for row in rows}
    rows = list(by_moment.values())
    forward = audited(write_log(tmp_path / "a.csv", rows), tmp_path / "a", monkeypatch)
    backward = audited(write_log(tmp_path / "b.csv", rows[::-1]), tmp_path / "b", monkeypatch)
    turned = frozenset((len(rows) + 3 - row, rule) for row, rule in backward.breaches)
    assert turned == forward.breaches


def test_several_processes_find_what_one_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = write_log(tmp_path / "log.csv", some_log(random.Random(3), 200, unknown=0.05))
    monkeypatch.setattr(spill, "BUCKET_ROWS", 60)
    one = run(order(log, tmp_path / "one"), silent)
    two = run(order(log, tmp_path / "two", workers=2), silent)
    assert one.totals.equals(two.totals)
    assert one.opens.equals(two.opens)
