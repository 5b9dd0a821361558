"""The column guard agrees with its scalar twin, with itself row by row, and with a minute-by-minute search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from guard_twin import Said, speak, wall
from hypothesis import given, settings
from hypothesis import strategies as st

from fairdue.core.codes import UNKNOWN
from fairdue.core.guard import BULK, FACTS, NEVER, About, Facts, History, Rule, Rulebook, judge, next_lawful
from fairdue.core.guard_history import PAST, LeavesOut, Scope, Unit
from fairdue.core.guard_kinds import Above, AtLeast, AtMost, Forbid, OnlyIf, QuietHours
from fairdue.core.guard_past import FrequencyCap, LostContact, RestAfter
from fairdue.core.guard_periods import After, Moratorium, Within

ABOUT = About({}, {}, {}, "", "H", {})
ZONES = ("Asia/Shanghai", "America/New_York", "Australia/Lord_Howe")
START = int((datetime(2026, 3, 6, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) // 60
SPAN = 4 * 24 * 60  # New York sets its clocks forward on the third day
HELD = {name: fact for name, fact in FACTS.items() if fact.values}


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def codes(name: str) -> st.SearchStrategy[int]:
    values = FACTS[name].values
    assert values is not None
    return st.sampled_from([int(code) for code in values])


minutes = st.integers(START, START + SPAN)
quarters = st.integers(0, 95).map(lambda quarter: quarter * 15)
sets = st.sampled_from(["party", "purpose", "channel", "liable"]).flatmap(
    lambda name: st.tuples(st.just(name), st.frozensets(codes(name), min_size=1, max_size=4))
)
conditions = st.lists(sets, min_size=1, max_size=2).map(dict)


def counted(kind: Any, **more: Any) -> st.SearchStrategy[Any]:
    def some(name: str, values: Any) -> st.SearchStrategy[frozenset[int]]:
        return st.frozensets(values, max_size=2)

    return st.builds(
        kind, st.sampled_from(Scope), st.sampled_from(Unit), st.frozensets(codes("channel"), min_size=1), st.integers(1, 3),
        modes=some("mode", codes("mode")), parties=some("party", st.integers(0, 2)),
        point_kinds=some("point_kind", st.integers(0, 2)), leaves_out=st.frozensets(st.sampled_from([int(w) for w in LeavesOut])),
        directions=st.sampled_from([frozenset({0}), frozenset({1}), frozenset({0, 1})]), **more,
    )  # fmt: skip


DAY0 = START // 1440
days = st.integers(DAY0 - 3, DAY0 + 5)
periods = {"days": st.integers(0, 3), "months": st.integers(0, 1)}
caps = counted(FrequencyCap, limit=st.integers(0, 2))
rests = counted(RestAfter)
gates = st.builds(LostContact, st.integers(1, 3), st.integers(1, 3), st.booleans())
dated = st.one_of(
    st.builds(Within, st.just("exam_on"), **periods),
    st.builds(After, st.just("exam_on"), **periods),
    st.builds(Moratorium, st.just("exam_on"), **periods, until=st.sampled_from(["", "moratorium_until"])),
)
kinds = st.one_of(
    st.just(Forbid()),
    st.builds(OnlyIf, st.lists(conditions, min_size=1, max_size=3).map(tuple)),
    st.builds(Above, st.just("owed"), st.integers(-1, 1)),
    st.builds(AtLeast, st.just("owed"), st.one_of(st.integers(-1, 1), st.just("visitors"))),
    st.builds(AtMost, st.just("owed"), st.one_of(st.integers(-1, 1), st.just("visitors"))),
    st.builds(QuietHours, quarters, quarters, st.booleans()),
    st.builds(QuietHours, quarters, quarters, st.booleans(), quarters, quarters),
    caps, rests, gates, dated,
)  # fmt: skip
excepted = st.lists(conditions, max_size=1).map(tuple)
rules = st.builds(
    Rule, st.just("R"), kinds, st.one_of(st.just({}), conditions), st.just(value=False), st.just(ABOUT), excepted
)
few = st.integers(0, 2)
proposals = st.fixed_dictionaries(
    dict.fromkeys(FACTS, st.none())
    | {name: maybe(codes(name)) for name in ("party", "purpose", "channel", "liable", "consent_hours", "reserved_invalid",
                                             "lost_contact")}
    | {name: maybe(few) for name in ("person", "point", "debtor", "debt", "visitors")}
    | {
        "at": maybe(minutes), "zone": maybe(st.sampled_from(ZONES)), "agreed_from": maybe(quarters),
        "agreed_to": maybe(quarters), "owed": maybe(st.integers(-2, 2)), "exam_on": maybe(days),
        "moratorium_until": maybe(days),
    }
)  # fmt: skip
pasts = st.lists(
    st.fixed_dictionaries(
        {
            "at": minutes, "contact": maybe(st.integers(0, 4)), "person": maybe(few), "debtor": maybe(few), "debt": maybe(few),
            "point": maybe(few), "channel": maybe(codes("channel")), "mode": maybe(codes("mode")),
            "direction": maybe(codes("direction")), "party": maybe(few), "purpose": st.none(), "point_kind": maybe(few),
        }
        | {name: maybe(codes("paused")) for name, fact in PAST.items() if fact.values is FACTS["paused"].values}
        | {name: codes("paused") for name in ("reserved", "consented", "misdialled")}
    ),
    max_size=12,
).map(lambda rows: sorted(rows, key=lambda row: row["at"]))  # fmt: skip


def columns(rows: list[Said]) -> Facts:
    told = {
        name: [FACTS[name].unknown if row[name] is None else row[name] for row in rows]
        for name in FACTS if name not in ("zone", "act", "history")
    }  # fmt: skip
    zone = [UNKNOWN if row["zone"] is None else ZONES.index(row["zone"]) for row in rows]
    return Facts.of(len(rows), ZONES, zone=zone, **told)


def history(past: list[Said]) -> History:
    said = {name: [UNKNOWN if one[name] is None else one[name] for one in past] for name in PAST}
    return History.of(**said)


@dataclass(frozen=True)
class Books:
    """Rules that change on given days."""

    dated: tuple[tuple[date, Rulebook], ...]

    @property
    def changes(self) -> tuple[date, ...]:
        return tuple(since for since, _ in self.dated)

    def at(self, on: date) -> Rulebook:
        return next((book for since, book in reversed(self.dated) if since <= on), Rulebook((), "", date.min))


def book(*found: Rule) -> Rulebook:
    return Rulebook(found, "", date(2026, 1, 1))


@given(st.lists(rules, max_size=3), st.lists(proposals, min_size=1, max_size=5), pasts)
@settings(max_examples=100, deadline=None)
def test_the_columns_say_what_the_scalar_twin_says(found: list[Rule], rows: list[Said], past: list[Said]) -> None:
    verdict = judge(book(*found), columns(rows), history(past))
    for i, row in enumerate(rows):
        for number, rule in enumerate(found):
            bit = 1 << number
            refused, unknown = (bool(int(words[i, 0]) & bit) for words in (verdict.refused, verdict.unknown))
            said = speak(rule, row, past)
            assert (refused, unknown) == (said == "refused", said == "unknown"), (rule, row)
        assert verdict.allowed[i] == all(speak(rule, row, past) == "silent" for rule in found)


@given(st.lists(rules, min_size=1, max_size=3), st.lists(proposals, min_size=2, max_size=5), pasts)
@settings(max_examples=50, deadline=None)
def test_a_batch_is_its_rows_one_by_one(found: list[Rule], rows: list[Said], past: list[Said]) -> None:
    together = judge(book(*found), columns(rows), history(past))
    books = Books(((date(2026, 1, 1), book(*found)),))
    when = next_lawful(books, columns(rows), history(past))
    for i, row in enumerate(rows):
        alone = judge(book(*found), columns([row]), history(past))
        assert (alone.refused[0] == together.refused[i]).all()
        assert (alone.unknown[0] == together.unknown[i]).all()
        assert next_lawful(books, columns([row]), history(past))[0] == when[i]


timed = st.one_of(
    st.builds(QuietHours, quarters, quarters, st.booleans()),
    st.builds(QuietHours, quarters, quarters, st.booleans(), quarters, quarters),
    caps, rests, gates, dated,
)  # fmt: skip
timed_rules = st.builds(Rule, st.just("R"), timed, st.just({}), st.just(value=False), st.just(ABOUT))
placed = st.fixed_dictionaries(
    dict.fromkeys(FACTS, st.none())
    | {
        "at": minutes, "zone": st.sampled_from(ZONES), "consent_hours": maybe(st.just(1)), "agreed_from": quarters,
        "agreed_to": quarters, "exam_on": days, "moratorium_until": days,
    }
    | dict.fromkeys(("person", "debtor", "debt", "point"), st.just(1))
)  # fmt: skip


@given(
    st.lists(timed_rules, max_size=3), st.lists(timed_rules, max_size=2), st.dates(date(2026, 3, 6), date(2026, 3, 10)),
    placed, pasts,
)  # fmt: skip
@settings(max_examples=50, deadline=None)
def test_the_next_lawful_minute_is_the_one_a_search_finds(
    before: list[Rule], after: list[Rule], change: date, row: Said, past: list[Said]
) -> None:
    books = Books(((date(2026, 1, 1), book(*before)), (change, book(*after))))
    found = int(next_lawful(books, columns([row]), history(past), horizon_days=2)[0])
    assert found == search(books, row, past, 2 * 24 * 60)


def search(books: Books, row: Said, past: list[Said], horizon: int) -> int:
    """The first minute at which the twin allows, tried one after another."""
    for at in range(row["at"], row["at"] + horizon + 1):
        now = {**row, "at": at}
        if all(speak(rule, now, past) == "silent" for rule in books.at(wall(at, row["zone"]).date()).rules):
            return at
    return NEVER


@pytest.mark.parametrize(
    ("ends", "midnight", "after"),
    [
        (8 * 60, datetime(2026, 3, 8, 5, 0, tzinfo=UTC), 7 * 60),  # set forward: 02:00 to 03:00 does not exist
        (8 * 60, datetime(2026, 11, 1, 4, 0, tzinfo=UTC), 9 * 60),  # set back: 01:00 to 02:00 comes twice
        (90, datetime(2026, 11, 1, 4, 0, tzinfo=UTC), 90),  # 01:30 for the first time
    ],
)
def test_a_clock_set_in_the_night_moves_the_first_open_minute(ends: int, midnight: datetime, after: int) -> None:
    opens = Rule("R", QuietHours(22 * 60, ends, agreed_hours_go_first=False), {}, advice=False, about=ABOUT)
    books = Books(((date(2026, 1, 1), book(opens)),))
    row: Said = {**dict.fromkeys(FACTS), "at": int(midnight.timestamp()) // 60, "zone": "America/New_York"}
    expected = int((midnight + timedelta(minutes=after)).timestamp()) // 60
    assert next_lawful(books, columns([row]), history([]))[0] == expected == search(books, row, [], 1440)


@given(st.lists(rules, min_size=1, max_size=3), pasts, st.sampled_from(ZONES))
@settings(max_examples=100, deadline=None)
def test_a_log_judged_against_itself_is_each_contact_judged_against_the_earlier_ones(
    found: list[Rule], past: list[Said], zone: str
) -> None:
    rows = [{**dict.fromkeys(FACTS), **{k: v for k, v in one.items() if k in FACTS}, "zone": zone} for one in past]
    if not rows:
        return
    together = judge(book(*found), columns(rows), history(past), before=np.arange(len(rows)))
    for i, row in enumerate(rows):
        alone = judge(book(*found), columns([row]), history(past[:i]))
        assert (alone.refused[0] == together.refused[i]).all()
        assert (alone.unknown[0] == together.unknown[i]).all()


@given(st.lists(rules, min_size=1, max_size=3), st.lists(proposals, min_size=1, max_size=4), pasts)
@settings(max_examples=50, deadline=None)
def test_many_at_once_come_out_like_few(found: list[Rule], rows: list[Said], past: list[Said]) -> None:
    few_, many = columns(rows), columns(rows * (BULK // len(rows) + 1))
    apart, together = (judge(book(*found), facts, history(past)) for facts in (few_, many))
    every = np.arange(len(many)) % len(rows)
    assert (together.refused == apart.refused[every]).all()
    assert (together.unknown == apart.unknown[every]).all()
