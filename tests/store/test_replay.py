"""Stored decisions come out again as they are stored, by the rules kept for them; whatever was tampered with shows."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.db import connection

from books import AS_OF, minute, owner_of
from fairdue.core.codes import Channel
from fairdue.core.guard import Facts
from fairdue.jobs import night, replay
from fairdue.jobs.replay import Wanted
from fairdue.rules import load as rules
from fairdue.store import again, audit, clock, decide, lenders, packs
from fairdue.store.actions import attempts, contacts, replays
from fairdue.store.actions.contacts import Proposed, Reservation
from fairdue.store.models import Case, Decision, PackRevision, Point, Replay
from store.test_guard_in_use import call, callable_case, text, worked_book
from worlds import BOTH, Worlds, opened

both = pytest.mark.parametrize("vendor", BOTH)
TRIGGERS = ("decision", "pack_revision")


def busy_days() -> None:
    """Two nights and a day between them: calls and texts that were made, refused, given back; a person with two talks."""
    worked_book()
    cases = [
        case for case in Case.objects.filter(owner__isnull=False, closed_on=None).order_by("pk") if case.not_before >= 0
    ]
    for number, case in enumerate(cases[:12]):
        for hour in ("09:30", "10:15", "13:00", "23:00"):
            clock.set_demo(minute(AS_OF, hour))
            channel = Channel.CALL if number % 3 else Channel.SMS
            held = contacts.reserve(
                owner_of(case), case.pk, Proposed(channel, Point.objects.get(person=case.customer).pk)
            )
            if isinstance(held, Reservation) and number % 4 != 3:
                contacts.record(owner_of(case), held.attempt_id, "SMS_SENT" if number % 3 == 0 else "RPC_WILLING")
    night.run_night(lenders.find(None), AS_OF + timedelta(days=1))


def run(**wanted: Any) -> Replay:
    return replay.replay(Wanted(**wanted), actor="test")


def tamper(sql: str) -> None:
    """Somebody with the database's own password."""
    with connection.cursor() as cursor:
        for table in TRIGGERS:
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_update")
        cursor.execute(sql)


@both
def test_every_decision_comes_out_as_it_is_stored(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, busy_days):
        done = run()
        told = Decision.objects.exclude(history="{}").count()
        kinds = set(Decision.objects.values_list("kind", "allowed"))
        assert (done.checked, done.differing, done.untold) == (Decision.objects.count(), 0, 0)
        assert told > 30
        assert kinds >= {("night", True), ("contact", True), ("contact", False), ("outcome", True)}
        assert audit.verify() is None


@both
def test_it_asks_the_kept_rules_and_not_those_of_today(worlds: Worlds, vendor: str, monkeypatch: Any) -> None:
    """The package has moved on: the pack is not even there any more."""
    with opened(worlds, vendor, busy_days):
        packs._read.cache_clear()
        monkeypatch.setattr(rules, "PACKS", rules.HERE / "nowhere")
        monkeypatch.setattr(rules, "POLICIES", rules.HERE / "nowhere")
        rules.load_pack.cache_clear()
        with pytest.raises(rules.NoPack):
            rules.load_pack("cn")
        assert run().differing == 0
    rules.load_pack.cache_clear()


REFUSED = "kind = 'contact' AND NOT allowed"


@both
@pytest.mark.parametrize(
    ("change", "part"),
    [
        ("allowed = TRUE, verdict = '[]'", "allowed"),
        ("verdict = '[]'", "verdict"),
        ("next_lawful = next_lawful + 1", "next_lawful"),
        ("facts = '{\"contact\": {\"at\": 1}}'", "verdict"),
        ("facts = '{\"contact\": {\"no such fact\": 1}}'", "fault"),
        ("pack_revision = 'nothing'", "fault"),
    ],
)  # fmt: skip
def test_a_decision_that_was_tampered_with_differs(worlds: Worlds, vendor: str, change: str, part: str) -> None:
    with opened(worlds, vendor, busy_days):
        victim = Decision.objects.filter(kind="contact", allowed=False).order_by("pk")[0]
        tamper(f"UPDATE decision SET {change} WHERE id = {victim.pk}")
        done = run()
        assert [one.decision_id for one in done.differences.all()] == [victim.pk]
        assert part in json.loads(done.differences.get().what)


@both
def test_a_past_that_was_taken_away_differs(worlds: Worlds, vendor: str) -> None:
    """A cap refused it; without the contacts that filled the cap it would have been lawful."""
    with opened(worlds, vendor, busy_days):
        capped = [d for d in Decision.objects.filter(kind="contact", allowed=False) if {"STEADY-FREQ-02", "STEADY-SMS-01"} & {
            said["rule"] for said in json.loads(d.verdict)}]  # fmt: skip
        assert len(capped) > 3
        tamper(f"UPDATE decision SET history = '{{}}' WHERE id = {capped[0].pk}")
        assert [one.decision_id for one in run().differences.all()] == [capped[0].pk]


@both
def test_a_kept_pack_that_was_changed_differs(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, busy_days):
        packs._read.cache_clear()
        content = PackRevision.objects.get().content
        assert "21:00" in content
        tamper("UPDATE pack_revision SET content = REPLACE(content, '21:00', '23:59')")
        packs._read.cache_clear()
        done = run(first=AS_OF, last=AS_OF)
        assert done.differing == done.checked > 0
        assert "altered" in json.loads(done.differences.all()[0].what)["fault"]["en"]


@both
def test_a_stopped_replay_goes_on_and_ends_as_one_that_was_not(worlds: Worlds, vendor: str, monkeypatch: Any) -> None:
    with opened(worlds, vendor, busy_days):
        whole = run()
        calls, real = [], replays.advance

        def dies(*args: Any) -> None:
            calls.append(args)
            if len(calls) == 3:
                raise KeyboardInterrupt
            real(*args)

        monkeypatch.setattr(replays, "advance", dies)
        with pytest.raises(KeyboardInterrupt):
            replay.replay(Wanted(), actor="test", at_once=10)
        monkeypatch.undo()
        stopped = Replay.objects.latest("pk")
        assert (stopped.checked, stopped.ended_at) == (20, None)
        again_ = replay.replay(Wanted(), actor="test", at_once=10)
        assert again_.pk == stopped.pk
        assert (again_.checked, again_.differing) == (whole.checked, 0)
        assert run().pk != again_.pk, "what has ended begins anew"


@both
def test_the_command_says_what_it_found(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, busy_days) as world:
        case = Decision.objects.filter(kind="contact", allowed=False).order_by("pk")[0].case_id
        found = json.loads(world.fairdue("replay", "--case", case, "--json"))
        assert found == {"decisions": Decision.objects.filter(case=case).count(), "differing": 0, "untold": 0,
                         "differences": []}  # fmt: skip
        tamper(f"UPDATE decision SET next_lawful = 7 WHERE case_id = {case} AND {REFUSED}")
        said = world.fairdue("replay", "--from", AS_OF, "--to", AS_OF, code=1)
        assert "come out otherwise" in said
        assert "next_lawful: 7 →" in said


@both
def test_a_fact_that_was_said_to_be_unknown_stays_unknown(worlds: Worlds, vendor: str) -> None:
    """It is not taken to be as usual, as a fact that nobody mentions is."""
    with opened(worlds, vendor, worked_book):
        case = callable_case()
        known = decide.about_contact(case, call(case), owner_of(case), clock.now_minute())
        unknown = Facts.of(1, known.facts.zones, **{**known.facts.columns, "party_alive": np.array([-1])})
        decision, attempt = attempts.reserve(owner_of(case), replace(known, facts=unknown))
        assert attempt is None
        assert "party_alive" in decision.verdict
        assert run(case_id=case.pk).differing == 0


def test_a_decision_from_before_the_past_was_recorded_is_counted_apart(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", busy_days):
        tamper(f"UPDATE decision SET history = NULL WHERE {REFUSED}")
        count = Decision.objects.filter(kind="contact", allowed=False).count()
        done = run()
        assert (done.untold, done.differing) == (count, 0)


def test_one_decision_can_be_asked_again_alone(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", worked_book):
        case = callable_case()
        contacts.reserve(owner_of(case), case.pk, text(case))
        contacts.reserve(owner_of(case), case.pk, call(case))
        assert all(one.same for one in again.ask_again(list(Decision.objects.all())))
