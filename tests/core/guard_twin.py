"""The guard said again in plain Python, one contact at a time, without a column: what the kernel must agree with.

A fact is a number or None; a past contact a dict; time is asked of `datetime` and `zoneinfo`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fairdue.core.codes import NO, YES, Direction
from fairdue.core.guard import Rule
from fairdue.core.guard_history import Scope, Unit
from fairdue.core.guard_kinds import Above, Forbid, FrequencyCap, OnlyIf, QuietHours

Said = dict[str, Any]


def wall(minute: int, zone: str) -> datetime:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)).astimezone(ZoneInfo(zone))


def speak(rule: Rule, facts: Said, past: list[Said]) -> str:
    """'refused', 'unknown' or 'silent'."""
    if any(facts[name] is not None and facts[name] not in values for name, values in rule.when.items()):
        return "silent"
    if any(facts[name] is None for name in rule.when):
        return "unknown"
    return {True: "refused", None: "unknown", False: "silent"}[fails(rule.test, facts, past)]


def fails(test: Any, facts: Said, past: list[Said]) -> bool | None:
    match test:
        case Forbid():
            return True
        case OnlyIf():
            return _none_of([_holds(one, facts) for one in test.any_of])
        case Above():
            return None if facts[test.fact] is None else facts[test.fact] <= test.than
        case QuietHours():
            return _quiet(test, facts)
        case FrequencyCap():
            return _cap(test, facts, past)
    raise AssertionError(test)


def _none_of(held: list[bool | None]) -> bool | None:
    if True in held:
        return False
    return None if None in held else True


def _holds(conditions: Any, facts: Said) -> bool | None:
    answers = [None if facts[name] is None else facts[name] in values for name, values in conditions.items()]
    if False in answers:
        return False
    return None if None in answers else True


def _quiet(test: QuietHours, facts: Said) -> bool | None:
    if facts["at"] is None or facts["zone"] is None:
        return None
    at = wall(facts["at"], facts["zone"])
    now = at.hour * 60 + at.minute
    agreed = facts["consent_hours"] == YES and facts["agreed_from"] is not None and facts["agreed_to"] is not None
    if agreed and test.agreed_hours_go_first:
        return not _between(now, facts["agreed_from"], facts["agreed_to"])
    return _between(now, test.starts, test.ends)


def _between(now: int, start: int, end: int) -> bool:
    """From `start` to before `end`, over midnight if need be."""
    return start <= now < end if start <= end else now >= start or now < end


def _cap(test: FrequencyCap, facts: Said, past: list[Said]) -> bool | None:
    key = "person" if test.per == Scope.PERSON else "point"
    if facts["at"] is None or facts["zone"] is None or facts[key] is None:
        return None
    today = wall(facts["at"], facts["zone"]).date()
    first = today - timedelta(days=test.days - 1)
    mine = [one for one in past if one[key] == facts[key] and first <= _day(one, facts["zone"]) <= today]
    return sum(_counts(test, one) for one in mine) >= test.limit


def _day(one: Said, zone: str) -> date:
    return wall(one["at"], zone).date()


def _counts(test: FrequencyCap, one: Said) -> bool:
    if one["direction"] == Direction.IN or one["channel"] not in (*test.channels, None):
        return False
    if test.modes and one["mode"] not in (*test.modes, None):
        return False
    if one["reserved"] == YES or test.unit == Unit.ATTEMPT:
        return True
    if test.unit == Unit.CONNECTED:
        return one["answered"] in (YES, None)
    if test.unit == Unit.EFFECTIVE_TALK:
        return one["talked"] in (YES, None)
    return one["answered"] in (NO, None)
