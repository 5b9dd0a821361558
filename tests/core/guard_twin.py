"""The guard said again in plain Python, one contact at a time, without a column: what the kernel must agree with.

A fact is a number or None; a past contact a dict; time is asked of `datetime` and `zoneinfo`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fairdue.core.codes import NO, YES, Channel, Direction, Party
from fairdue.core.guard import Rule
from fairdue.core.guard_history import LeavesOut, Scope, Unit
from fairdue.core.guard_kinds import Above, AtLeast, AtMost, Forbid, OnlyIf, QuietHours
from fairdue.core.guard_past import FrequencyCap, LostContact, RestAfter
from fairdue.core.guard_periods import After, Moratorium, Within

Said = dict[str, Any]


def wall(minute: int, zone: str) -> datetime:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)).astimezone(ZoneInfo(zone))


def speak(rule: Rule, facts: Said, past: list[Said]) -> str:
    """'refused', 'unknown' or 'silent'."""
    held, excepted = _holds(rule.when, facts), [_holds(one, facts) for one in rule.unless]
    if held is False or True in excepted:
        return "silent"
    if held is None:
        return "unknown"  # whatever the test would say: what a rule needs and is not told refuses
    failed = fails(rule.test, facts, past)
    if failed and None in excepted:
        return "unknown"
    return {True: "refused", None: "unknown", False: "silent"}[failed]


def fails(test: Any, facts: Said, past: list[Said]) -> bool | None:  # noqa: PLR0911 - one answer a kind
    match test:
        case Forbid():
            return True
        case OnlyIf():
            return _none_of([_holds(one, facts) for one in test.any_of])
        case Above() | AtLeast() | AtMost():
            return _compared(test, facts)
        case QuietHours():
            return _quiet(test, facts)
        case FrequencyCap():
            mine = _mine(test, facts, past)
            return None if mine is None else sum(_counts(test, one) for one in mine) >= test.limit
        case RestAfter():
            return _rest(test, facts, past)
        case LostContact():
            return _gate(test, facts, past)
        case Within() | After() | Moratorium():
            return _period(test, facts)
    raise AssertionError(test)


def _compared(test: Any, facts: Said) -> bool | None:
    figure: int | None = facts[test.figure] if isinstance(test.figure, str) else test.figure
    number: int | None = facts[test.fact]
    if number is None or figure is None:
        return None
    match test:
        case Above():
            return number <= figure
        case AtLeast():
            return number < figure
    return number > figure


def _months_on(on: date, months: int) -> date:
    month = on.month - 1 + months
    year, month = on.year + month // 12, month % 12 + 1
    for day in range(on.day, 0, -1):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    raise AssertionError


def _period(test: Any, facts: Said) -> bool | None:
    today, on = _today(facts), facts[test.fact]
    if today is None or on is None:
        return None
    on = date(1970, 1, 1) + timedelta(days=on)
    end = _months_on(on, test.months) + timedelta(days=test.days)
    match test:
        case Within():
            return today < on or (today > end if test.months and not test.days else today >= end)
        case After():
            return today < end
    lasts = test.days or test.months
    if not test.until:
        return on <= today and (not lasts or today < end)
    if facts[test.until] is None:
        return None
    until = date(1970, 1, 1) + timedelta(days=facts[test.until])
    return on <= today < (max(end, until) if lasts else until)


def _today(facts: Said) -> date | None:
    return None if facts["at"] is None or facts["zone"] is None else wall(facts["at"], facts["zone"]).date()


def _rest(test: RestAfter, facts: Said, past: list[Said]) -> bool | None:
    mine, today = _mine(test, facts, past), _today(facts)
    if mine is None or today is None:
        return None
    return any(0 <= (today - _day(one, facts["zone"])).days < test.days for one in mine if _counts(test, one))


def _gate(test: LostContact, facts: Said, past: list[Said]) -> bool | None:
    today = _today(facts)
    if today is None or facts["debtor"] is None:
        return None
    if facts["reserved_invalid"] == YES or (test.or_recorded and facts["lost_contact"] == YES):
        return False
    run: list[date] = []
    opened_from: date | None = None
    at_once = False
    for one in _leads([p for p in past if p["debtor"] == facts["debtor"]]):
        day = _day(one, facts["zone"])
        if day > today:
            continue
        dial = one["channel"] == Channel.CALL and one["direction"] == Direction.OUT
        dial = dial and one["to_reserved"] == YES and one["reserved"] == NO
        spoke = one["party"] in (Party.BORROWER, Party.CO_BORROWER) and one["talked"] == YES
        if spoke or (one["direction"] == Direction.IN and one["party"] in (Party.BORROWER, None)):
            run, opened_from, at_once = [], None, False
        elif dial and one["answered"] == NO:
            run.append(day)
            if len(run) >= test.dials and opened_from is None:
                opened_from = day
            days = set(run)
            at_once |= all(day - timedelta(days=i) in days for i in range(test.days))
        elif dial:
            run = []
    return not (at_once or (opened_from is not None and opened_from < today))


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
    if test.rest_starts >= 0 and at.weekday() >= 5:
        return _between(now, test.rest_starts, test.rest_ends)
    return _between(now, test.starts, test.ends)


def _between(now: int, start: int, end: int) -> bool:
    """From `start` to before `end`, over midnight if need be."""
    return start <= now < end if start <= end else now >= start or now < end


KEYS = {Scope.PERSON: ["person"], Scope.POINT: ["point", "person"], Scope.DEBT_PERSON: ["debt", "person"],
        Scope.DEBTOR: ["debtor"], Scope.DEBT: ["debt", "debtor"]}  # fmt: skip


def _leads(rows: list[Said]) -> list[Said]:
    """A contact about several debts once; in the order of the past."""
    first: dict[int, int] = {}
    for i, one in enumerate(rows):
        first.setdefault(one["contact"], i)
    return [one for i, one in enumerate(rows) if one["contact"] is None or first[one["contact"]] == i]


def _mine(test: Any, facts: Said, past: list[Said]) -> list[Said] | None:
    """The contacts that belong to the sum, in the window of days of a cap; None where that cannot be told."""
    today = _today(facts)
    if today is None or any(facts[key] is None for key in KEYS[test.per]):
        return None
    first = today - timedelta(days=test.days - 1)
    within = [one for one in past if first <= _day(one, facts["zone"]) <= today]
    lead = {id(one) for one in _leads(past)}
    return [one for one in within if _belongs(test.per, one, facts, leads=id(one) in lead)]


def _belongs(per: Scope, one: Said, facts: Said, *, leads: bool) -> bool:
    match per:
        case Scope.PERSON:
            return leads and one["person"] == facts["person"]
        case Scope.DEBTOR:
            return leads and one["debtor"] == facts["debtor"]
        case Scope.POINT:
            return leads and (
                one["point"] == facts["point"] or (one["point"] is None and one["person"] == facts["person"])
            )
        case Scope.DEBT_PERSON:
            same = one["person"] == facts["person"]
            return same and (one["debt"] == facts["debt"] or (one["debt"] is None and leads))
    return one["debt"] == facts["debt"] or (one["debt"] is None and one["debtor"] == facts["debtor"] and leads)


def _day(one: Said, zone: str) -> date:
    return wall(one["at"], zone).date()


def _counts(test: Any, one: Said) -> bool:
    limits = {"channel": test.channels, "mode": test.modes, "direction": test.directions, "party": test.parties,
              "point_kind": test.point_kinds}  # fmt: skip
    if any(values and one[name] not in (*values, None) for name, values in limits.items()):
        return False
    if any(one[LeavesOut(word).name.lower()] == YES for word in test.leaves_out):
        return False
    if one["reserved"] == YES or test.unit == Unit.ATTEMPT:
        return True
    if test.unit == Unit.CONNECTED:
        return one["answered"] in (YES, None)
    if test.unit == Unit.EFFECTIVE_TALK:
        return one["talked"] in (YES, None)
    return one["answered"] in (NO, None)
