"""The guard refuses what it should, fails closed on what it is not told, and can say why."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from typing import Any

import pytest

from fairdue.core.codes import (
    NO,
    UNKNOWN,
    YES,
    Channel,
    Direction,
    LenderKind,
    Mode,
    Party,
    PlanStatus,
    Product,
    Purpose,
)
from fairdue.core.guard import (
    FACTS,
    NEVER,
    UNKNOWN_MONEY,
    About,
    Facts,
    History,
    Rule,
    Rulebook,
    Status,
    UnknownFact,
    judge,
    next_lawful,
    reasons,
)
from fairdue.core.guard_history import Scope, Unit
from fairdue.core.guard_kinds import Above, Forbid, Kind, OnlyIf, QuietHours
from fairdue.core.guard_past import FrequencyCap
from fairdue.core.guard_vocabulary import KINDS

ABOUT = About({"zh": "规则", "en": "Rule"}, {"zh": "示例", "en": "Example"}, {"zh": "1", "en": "1"}, "", "H", {})
QUIET = QuietHours(22 * 60, 8 * 60, agreed_hours_go_first=True)
THREE_TALKS = FrequencyCap(
    Scope.PERSON, Unit.EFFECTIVE_TALK, frozenset({Channel.CALL}), modes=frozenset({Mode.TALK}), days=1, limit=3
)
SHANGHAI = "Asia/Shanghai"


def at(text: str) -> int:
    """utc_minute of a Shanghai wall-clock time."""
    return int(datetime.fromisoformat(text + "+08:00").timestamp()) // 60


def told(**said: Any) -> Facts:
    return Facts.from_rows([{"zone": SHANGHAI, "person": 1, "point": 1, **said}])


def rule(test: Kind, when: dict[str, set[int]] | None = None, *, advice: bool = False, name: str = "R") -> Rule:
    return Rule(name, test, {fact: frozenset(values) for fact, values in (when or {}).items()}, advice, ABOUT)


def book(*rules: Rule) -> Rulebook:
    return Rulebook(rules, "revision", date(2026, 1, 1))


def past(*rows: dict[str, Any]) -> History:
    usual = {
        "person": 1, "point": 1, "channel": Channel.CALL, "mode": Mode.TALK, "direction": Direction.OUT,
        "party": Party.BORROWER, "answered": YES, "talked": YES, "reserved": NO,
    }  # fmt: skip
    said = [{**usual, **row} for row in rows]
    return History.of(**{name: [row[name] for row in said] for name in ("at", *usual)})


class Always:
    """A pack that never changes."""

    changes: tuple[date, ...] = ()

    def __init__(self, *rules: Rule) -> None:
        self.book = book(*rules)

    def at(self, on: date) -> Rulebook:
        del on
        return self.book


def allowed(test: Kind, facts: Facts, history: History | None = None) -> bool:
    return bool(judge(book(rule(test)), facts, history or History.none()).allowed[0])


def test_a_call_at_23_is_refused() -> None:
    assert not allowed(QUIET, told(at=at("2026-03-02 23:00")))


@pytest.mark.parametrize(("time", "open_"), [("07:59", False), ("08:00", True), ("21:59", True), ("22:00", False)])
def test_quiet_hours_begin_and_end_on_the_minute(time: str, open_: bool) -> None:
    assert allowed(QUIET, told(at=at(f"2026-03-02 {time}"))) is open_


def test_the_hour_is_that_of_the_person_not_of_the_lender() -> None:
    assert not allowed(QUIET, told(at=at("2026-03-02 10:00"), zone="Europe/Berlin"))


def test_agreed_hours_take_the_place_of_quiet_hours_both_ways() -> None:
    agreed = {"consent_hours": "YES", "agreed_from": 20 * 60, "agreed_to": 23 * 60}
    assert allowed(QUIET, told(at=at("2026-03-02 22:30"), **agreed))
    assert not allowed(QUIET, told(at=at("2026-03-02 10:00"), **agreed))


def test_agreed_hours_may_run_over_midnight() -> None:
    agreed = {"consent_hours": "YES", "agreed_from": 22 * 60, "agreed_to": 60}
    assert allowed(QUIET, told(at=at("2026-03-02 00:59"), **agreed))
    assert not allowed(QUIET, told(at=at("2026-03-02 01:00"), **agreed))


def test_hours_that_nobody_agreed_to_open_nothing() -> None:
    assert not allowed(QUIET, told(at=at("2026-03-02 22:30"), agreed_from=20 * 60, agreed_to=23 * 60))


@pytest.mark.parametrize("missing", ["at", "zone"])
def test_an_unknown_time_or_place_refuses_and_is_named(missing: str) -> None:
    facts = told(**({"at": at("2026-03-02 10:00")} | {missing: None}))
    quiet = book(rule(QUIET))
    verdict = judge(quiet, facts, History.none())
    (reason,) = reasons(quiet, verdict, facts, 0)
    assert not verdict.allowed[0]
    assert reason.as_dict() == {"rule": "R", "status": "UNKNOWN", "missing": [missing]}


def test_an_unknown_condition_refuses_even_where_the_test_would_pass() -> None:
    night_for_cards = rule(QUIET, {"product": {Product.CARD}})
    verdict = judge(book(night_for_cards), told(at=at("2026-03-02 10:00")), History.none())
    assert not verdict.allowed[0]
    assert night_for_cards.lacking(told(at=at("2026-03-02 10:00"))) == ("product",)


def test_a_condition_known_not_to_hold_silences_the_rule_whatever_else_is_missing() -> None:
    card_plans = rule(Forbid(), {"product": {Product.CARD}, "plan_status": {PlanStatus.PERFORMING}})
    assert judge(book(card_plans), told(product="AUTO"), History.none()).allowed[0]


def test_nothing_known_is_allowed_nowhere() -> None:
    for test in (QUIET, THREE_TALKS, Above("owed", 0), OnlyIf(({"liable": frozenset({YES})},)), Forbid()):
        assert not allowed(test, Facts.of(1))


def test_the_fourth_talk_of_the_day_is_refused() -> None:
    talks = [{"at": at("2026-03-02 09:00")}] * 3
    now = told(at=at("2026-03-02 14:00"))
    assert allowed(THREE_TALKS, now, past(*talks[:2]))
    assert not allowed(THREE_TALKS, now, past(*talks))


@pytest.mark.parametrize(
    ("other", "counts"),
    [
        ({"at": at("2026-03-01 23:59")}, False),
        ({"at": at("2026-03-02 00:00")}, True),
        ({"at": at("2026-03-02 23:59")}, True),  # a contact booked for later today
        ({"at": at("2026-03-03 00:00")}, False),
        ({"person": 2}, False),
        ({"point": 7}, True),  # the cap is per person, over all numbers
        ({"direction": Direction.IN}, False),
        ({"direction": UNKNOWN}, True),
        ({"channel": Channel.SMS}, False),
        ({"mode": Mode.NOTIFY}, False),
        ({"mode": UNKNOWN}, True),
        ({"talked": NO}, False),
        ({"talked": UNKNOWN}, True),
        ({"talked": NO, "reserved": YES}, True),  # a contact under way may still become a talk
    ],
)
def test_what_counts_as_a_talk_today(other: dict[str, int], counts: bool) -> None:
    history = past(*[{"at": at("2026-03-02 09:00")}] * 2, {"at": at("2026-03-02 09:30"), **other})
    assert allowed(THREE_TALKS, told(at=at("2026-03-02 14:00")), history) is not counts


def test_unanswered_dials_count_per_point_and_answered_ones_do_not() -> None:
    six = FrequencyCap(Scope.POINT, Unit.UNANSWERED, frozenset({Channel.CALL}), days=1, limit=6)
    dials = [{"at": at("2026-03-02 09:00"), "answered": NO, "talked": NO}] * 6
    assert not allowed(six, told(at=at("2026-03-02 14:00")), past(*dials))
    assert allowed(six, told(at=at("2026-03-02 14:00"), point=2), past(*dials))
    assert allowed(six, told(at=at("2026-03-02 14:00")), past(*dials[:5], {"at": at("2026-03-02 10:00")}))


def test_a_week_ends_with_the_day_of_the_contact() -> None:
    weekly = FrequencyCap(Scope.PERSON, Unit.ATTEMPT, frozenset({Channel.CALL}), days=7, limit=1)
    history = past({"at": at("2026-03-02 09:00")})
    assert not allowed(weekly, told(at=at("2026-03-08 23:59")), history)
    assert allowed(weekly, told(at=at("2026-03-09 00:00")), history)


def test_a_past_contact_without_a_time_is_no_history() -> None:
    with pytest.raises(UnknownFact):
        past({"at": UNKNOWN})


def test_nobody_is_contacted_about_nothing() -> None:
    owed = Above("owed", 0)
    assert allowed(owed, told(owed=1))
    assert not allowed(owed, told(owed=0))
    assert not allowed(owed, told(owed=-100))
    assert not allowed(owed, told(owed=UNKNOWN_MONEY))


def test_only_facts_that_could_still_open_the_way_are_asked_for() -> None:
    gate = OnlyIf((
        {"purpose": frozenset({Purpose.RESTORE_CONTACT}), "lost_contact": frozenset({YES})},
        {"purpose": frozenset({Purpose.REACH_SUCCESSOR}), "debtor_incapable": frozenset({YES})},
    ))  # fmt: skip
    assert gate.lacking(told(purpose="RESTORE_CONTACT")) == ("lost_contact",)
    assert gate.lacking(told()) == ("purpose", "lost_contact", "debtor_incapable")
    assert not allowed(gate, told(purpose="COLLECT"))


def test_advice_is_shown_and_never_refuses() -> None:
    advice = book(rule(Forbid(), advice=True))
    verdict = judge(advice, told(), History.none())
    assert verdict.allowed[0]
    assert [reason.status for reason in reasons(advice, verdict, told(), 0)] == [Status.ADVISED]


def test_every_rule_has_a_bit_of_its_own_beyond_the_first_word() -> None:
    many = book(*[rule(OnlyIf(({"disputed": frozenset({NO})},)), name=str(i)) for i in range(63)],
                rule(Forbid(), name="63"), rule(Forbid(), name="64"), rule(Above("owed", 0), name="65"))  # fmt: skip
    facts = told(disputed=False, owed=1)
    verdict = judge(many, facts, History.none())
    assert verdict.refused.shape == (1, 2)
    assert [reason.rule for reason in reasons(many, verdict, facts, 0)] == ["63", "64"]


def test_a_rulebook_without_rules_and_a_book_without_proposals_are_judged() -> None:
    assert judge(book(), told(), History.none()).allowed.tolist() == [True]
    assert judge(book(rule(QUIET)), Facts.of(0), History.none()).allowed.tolist() == []


def test_the_next_lawful_minute_waits_for_every_refusing_rule() -> None:
    pack = Always(rule(QUIET), rule(THREE_TALKS))
    talks = past(*[{"at": at("2026-03-02 09:00")}] * 3)
    found = next_lawful(pack, told(at=at("2026-03-02 14:00")), talks)
    assert found[0] == at("2026-03-03 08:00")


def test_what_no_time_can_mend_is_never_lawful() -> None:
    now = told(at=at("2026-03-02 23:00"), owed=0)
    assert next_lawful(Always(rule(QUIET), rule(Above("owed", 0))), now, History.none())[0] == NEVER
    assert next_lawful(Always(rule(QUIET)), told(at=None), History.none())[0] == NEVER
    assert next_lawful(Always(rule(QUIET)), told(at=at("2026-03-02 23:00"), zone=None), History.none())[0] == NEVER


def test_beyond_the_horizon_is_never() -> None:
    now = told(at=at("2026-03-02 23:00"))
    assert next_lawful(Always(rule(QUIET)), now, History.none(), horizon_days=0)[0] == NEVER


def test_a_rule_that_lapses_tomorrow_opens_the_way_at_local_midnight() -> None:
    class Lapses(Always):
        changes = (date(2026, 3, 3),)

        def at(self, on: date) -> Rulebook:
            return book() if on >= self.changes[0] else self.book

    found = next_lawful(Lapses(rule(Forbid())), told(at=at("2026-03-02 14:00")), History.none())
    assert found[0] == at("2026-03-03 00:00")


def test_a_proposal_survives_being_written_down() -> None:
    said = {
        "at": at("2026-03-02 10:00"), "zone": SHANGHAI, "channel": "CALL", "mode": "TALK", "party": "BORROWER",
        "lender_kind": LenderKind.BANK.name, "disputed": "NO", "owed": -5, "person": 9,
    }  # fmt: skip
    facts = Facts.from_rows([{"zone": "Europe/Paris"}, said])
    assert facts.row(1) == said
    assert facts.row(0) == {"zone": "Europe/Paris"}
    assert Facts.from_rows([facts.row(1)]).row(0) == said


@pytest.mark.parametrize(
    "row", [{"weather": "RAIN"}, {"channel": "PIGEON"}, {"owed": "much"}, {"owed": True}, {"disputed": 1}]
)
def test_a_record_with_an_unknown_name_or_value_is_a_fault(row: dict[str, Any]) -> None:
    with pytest.raises(UnknownFact):
        Facts.from_rows([row])


@pytest.mark.parametrize("code", [-2, len(Party), 99])
def test_an_impossible_code_is_a_fault_and_switches_no_rule_off(code: int) -> None:
    with pytest.raises(UnknownFact):
        Facts.of(2, party=[0, code])


def test_a_name_outside_the_catalogue_is_a_fault() -> None:
    with pytest.raises(UnknownFact):
        Facts.of(1, weather=[1])


def test_columns_that_are_not_given_are_unknown() -> None:
    facts = Facts.of(2, channel=[0, UNKNOWN])
    assert facts.known("channel").tolist() == [True, False]
    assert not any(facts.known(name).any() for name, fact in FACTS.items() if name != "channel" and fact.usual is None)


def test_every_kind_has_a_form_for_every_value() -> None:
    for kind in KINDS.values():
        assert kind.zh
        assert all("form" in field.metadata for field in dataclasses.fields(kind))


@pytest.mark.parametrize(
    ("strict", "law", "holds"),
    [
        (QuietHours(21 * 60, 510, agreed_hours_go_first=True), QUIET, True),
        (QuietHours(23 * 60, 510, agreed_hours_go_first=True), QUIET, False),
        (QuietHours(22 * 60, 480, agreed_hours_go_first=False), QUIET, True),
        (QUIET, QuietHours(22 * 60, 480, agreed_hours_go_first=False), False),
        (dataclasses.replace(THREE_TALKS, limit=2), THREE_TALKS, True),
        (dataclasses.replace(THREE_TALKS, limit=4), THREE_TALKS, False),
        (dataclasses.replace(THREE_TALKS, days=7), THREE_TALKS, True),
        (dataclasses.replace(THREE_TALKS, unit=Unit.ATTEMPT), THREE_TALKS, True),
        (dataclasses.replace(THREE_TALKS, unit=Unit.UNANSWERED), THREE_TALKS, False),
        (dataclasses.replace(THREE_TALKS, modes=frozenset()), THREE_TALKS, True),
        (THREE_TALKS, dataclasses.replace(THREE_TALKS, modes=frozenset()), False),
        (dataclasses.replace(THREE_TALKS, per=Scope.POINT), THREE_TALKS, False),
        (Above("owed", 100), Above("owed", 0), True),
        (Above("owed", -1), Above("owed", 0), False),
        (OnlyIf(({"party": frozenset({0})},)), OnlyIf(({"party": frozenset({0, 1})},)), True),
        (OnlyIf(({"party": frozenset({0, 1})},)), OnlyIf(({"party": frozenset({0})},)), False),
        (Forbid(), Forbid(), True),
        (Above("owed", 0), QUIET, False),
    ],
)
def test_which_values_are_at_least_as_strict(strict: Kind, law: Kind, holds: bool) -> None:
    assert strict.as_strict_as(law) is holds
