"""Turns a situation into what the guard is told: facts at one moment, the past, and the moments at which facts change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from fairdue.core import dates
from fairdue.core.codes import NO, UNKNOWN, YES, OrgRole, Party, Place, PlanStatus, PointKind, PointStatus
from fairdue.core.guard import Facts, History, UnknownFact
from fairdue.core.guard_catalogue import FACTS
from fairdue.rules.load import Pack
from fairdue.rules.situations import words
from fairdue.rules.situations.read import Situation
from fairdue.rules.situations.schema import FLAGS, OBJECTS, PLACES, SCOPES

DAY = dates.MINUTES
NOTHING_OWED = ("PAID", "SETTLED", "CLOSED")
PHONES = (PointKind.MOBILE, PointKind.HOME, PointKind.WORK, PointKind.OTHER_PHONE)
FRESH_DAYS = 7  # of a consent given directly: the day it was given is the first
Row = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """A situation as the guard hears it. Rows of facts: one for every debt and every zone in which the person may be."""

    said: Situation
    pack: Pack

    @cached_property
    def zones(self) -> tuple[str, ...]:
        """Where the person may be; all of these must allow."""
        return self.said.zones or self.pack.zones

    @cached_property
    def at(self) -> int:
        """The proposed time, utc_minute; -1 where none is said."""
        return self._minute(self.proposal.get("time"), "proposal.time")

    def _minute(self, said: Any, path: str) -> int:
        return UNKNOWN if said is None else words.minute(path, said, self.zones[0] if self.zones else "UTC")

    @cached_property
    def proposal(self) -> Mapping[str, Any]:
        """What is proposed."""
        return self.said.part("proposal")

    @cached_property
    def names(self) -> Names:
        """Who and what is who and what."""
        return Names(self.said)

    @cached_property
    def party(self) -> Mapping[str, Any]:
        """The person contacted; the borrower unless said, where there is one."""
        return self.names.party(self.proposal.get("party") or "BORROWER")

    @cached_property
    def debtor(self) -> Mapping[str, Any]:
        """The debtor."""
        return self.names.party("BORROWER")

    def facts(self, at: int) -> Facts:
        """The facts as they stand at a moment, shape (debts x zones,)."""
        rows = [self._row(at, debt, zone) for debt in self._debts() for zone in self.zones or (None,)]
        columns = {
            name: [row.get(name, FACTS[name].absent) for row in rows]
            for name in sorted({n for row in rows for n in row})
        }
        return Facts.of(len(rows), self.zones, **columns)

    def _row(self, at: int, debt: Mapping[str, Any], zone: str | None) -> Row:
        day = self._day(at, zone)
        row: Row = {"at": at, "history": UNKNOWN if self.said.said.get("history") is None else YES}
        if zone is not None:
            row["zone"] = self.zones.index(zone)
        for part in (
            self._who(),
            self._lender(),
            self._debt(debt, day),
            self._point(),
            self._organisation(day),
            self._operator(),
            self._consents(debt, day),
            self._flags(day),
            self._proposed(),
        ):
            row |= {name: value for name, value in part.items() if value is not None}
        return row

    def _day(self, at: int, zone: str | None) -> int:
        if at < 0:
            return self.said.said.get("date") or 0
        return local_day(at, zone or "UTC")

    def _debts(self) -> list[Mapping[str, Any]]:
        listed = self.said.each("debts")
        chosen = self.proposal.get("debts")
        about = [debt for debt in listed if chosen is None or debt.get("id") in chosen]
        strangers = [{"id": name} for name in chosen or () if name not in {debt.get("id") for debt in listed}]
        return [*about, *strangers] or [{}]

    def _who(self) -> Row:
        party, debtor = self.party, self.debtor
        incapable = _any_no(debtor.get("alive"), debtor.get("capable"))
        return {
            "person": self.names.person(party),
            "debtor": self.names.person(debtor),
            "place": self._place(),
            "debtor_incapable": incapable,
            **_told("party", party, but=("id",)),
        }

    def _place(self) -> int | None:
        said = self.said.part("person").get("place")
        if said is None:
            return None
        place = said.strip().upper()
        known = [code for name, code in PLACES.items() if place == name or place.startswith(f"{name}-")]
        if known:
            return int(known[0])
        coarser = any(name.startswith(f"{place}-") for name in PLACES)  # the country of a place with rules of its own
        return None if coarser else int(Place.ELSEWHERE)

    def _lender(self) -> Row:
        return {"role": self._role(), **_told("lender", self.said.part("lender"), but=("name",))}

    def _role(self) -> int | None:
        said = self.said.said.get("role")
        return self._org().get("role") if said is None else said

    def _org(self) -> Mapping[str, Any]:
        named, listed = self.proposal.get("organisation"), self.said.each("organisations")
        if named is not None:
            return next((one for one in listed if one.get("id") == named), {})
        return listed[0] if len(listed) == 1 else {}

    def _organisation(self, day: int) -> Row:
        org = self._org()
        end = org.get("contract_end")
        by = NO if org.get("sub_contracted_by", "?") is None else YES if org.get("sub_contracted_by") else None
        if org.get("role") == OrgRole.LENDER and "sub_contracted_by" not in org:
            by = NO
        return {
            "contract_live": None if end is None else int(day <= end),
            "sub_contracted": by,
            **_told("organisation", org, but=("id", "role", "contract_end", "sub_contracted_by")),
        }

    def _debt(self, debt: Mapping[str, Any], day: int) -> Row:
        row = _told("debt", debt, but=("id", "status"))
        row["debt"] = self.names.debt(debt.get("id"))
        if "product" not in row:
            row["product"] = self.said.said.get("product")
        if "owed" not in debt and str(debt.get("status", "")).upper() in NOTHING_OWED:
            row["owed"] = 0
        if "plan" in debt and debt["plan"] is None:
            row["plan_status"] = int(PlanStatus.NONE)
        for fact, key, never in (
            ("first_contact", "first_contact_on", YES),
            ("validation_sent", "validation_sent_on", NO),
        ):
            if key in debt:
                row[fact] = never if debt[key] is None or debt[key] > day else 1 - never
        return row

    def _point(self) -> Row:
        named = self.proposal.get("point")
        points = self.said.each("points")
        point: Mapping[str, Any] = (
            next((one for one in points if one.get("id") == named), {}) if named is not None else {}
        )
        owner = point.get("owner")
        own = (
            None if owner is None else int(self.names.person(self.names.party(owner)) == self.names.person(self.party))
        )
        return {
            "point": None if named is None else self.names.point(named),
            "point_own": own,
            "reserved_invalid": self._reserved_invalid(points),
            **_told("point", point, but=("id", "owner")),
        }

    def _reserved_invalid(self, points: list[Mapping[str, Any]]) -> int | None:
        """Whether every number the debtor reserved is invalid; not known where one of them is not."""
        mine = [
            p
            for p in points
            if p.get("reserved") == YES and p.get("kind", PointKind.MOBILE) in PHONES and self._is_debtors(p)
        ]
        if not mine or any(p.get("status") not in (None, PointStatus.INVALID) for p in mine):
            return NO
        return None if any(p.get("status") is None for p in mine) else YES

    def _is_debtors(self, point: Mapping[str, Any]) -> bool:
        owner = point.get("owner")
        return owner is not None and self.names.person(self.names.party(owner)) == self.names.person(self.debtor)

    def _operator(self) -> Row:
        return _told("operator", self.said.part("operator"), but=("id",))

    def _proposed(self) -> Row:
        return _told("proposal", self.proposal, but=("time", "party", "point", "debts", "organisation"))

    def _consents(self, debt: Mapping[str, Any], day: int) -> Row:
        row: Row = {fact: NO for scope, fact in SCOPES.items() if scope != "text"}
        for consent in self.said.each("consents"):
            scope = consent.get("scope")
            if scope is not None and self._is_about(consent, scope, debt):
                _agree(row, scope, consent, day)
        return row

    def _is_about(self, consent: Mapping[str, Any], scope: str, debt: Mapping[str, Any]) -> bool:
        by, channel, debts = consent.get("by"), consent.get("channel"), consent.get("debts")
        if by is not None and self.names.person(self.names.party(by)) != self.names.person(self.party):
            return False
        if scope in ("channel", "channel_refused") and channel is not None and channel != self.proposal.get("channel"):
            return False
        return debts is None or debt.get("id") in debts

    def _flags(self, day: int) -> Row:
        flags = self.said.said.get("flags")
        row: Row = {}
        for name, value in (flags or {}).items():
            held = value if isinstance(value, bool) or value is None else _holds(value, day, name)
            row[FLAGS[name]] = None if held is None else int(held)
            if name == "moratorium" and isinstance(value, dict):
                row |= {"moratorium_from": value.get("since"), "moratorium_until": value.get("until")}
        return row

    def changes(self) -> list[int]:
        """The moments after `at` at which a fact changes by itself (consents, contracts, flags): local midnights, rising."""
        days = {day for day in self._change_days() if day is not None}
        found = {
            dates.utc_of_local(day * DAY, zone)
            for day in days
            for zone in self.zones
            if 0 <= day * DAY < dates._LAST_DAY * DAY  # noqa: SLF001
        }
        return sorted(moment for moment in found if moment > self.at)

    def _change_days(self) -> Iterator[int | None]:
        for consent in self.said.each("consents"):
            given, ends = consent.get("given_on"), consent.get("expires_on")
            yield from (given, consent.get("withdrawn_on"), None if ends is None else ends + 1)
            yield None if given is None else given + FRESH_DAYS
        for org in self.said.each("organisations"):
            yield None if org.get("contract_end") is None else org["contract_end"] + 1
        for debt in self.said.each("debts"):
            yield from (debt.get("first_contact_on"), debt.get("validation_sent_on"))
        for flag in (self.said.said.get("flags") or {}).values():
            if isinstance(flag, dict):
                yield from (flag.get("since"), flag.get("until"))

    def history(self) -> History:
        """The past as far as the situation says what it was."""
        rows = sorted(self._contacts(), key=lambda row: row["at"])
        return History.of(**{name: [row[name] for row in rows] for name in rows[0]}) if rows else History.none()

    def _contacts(self) -> Iterator[Row]:
        number = 0
        for i, one in enumerate(self.said.each("history")):
            at = self._minute(one.get("time", "(nothing)"), f"history[{i}].time")
            for _ in range(one.get("times") or 1):
                number += 1
                yield from self._contact(one, at, number)

    def _contact(self, one: Mapping[str, Any], at: int, number: int) -> Iterator[Row]:
        party = self.names.party(one.get("party") or "BORROWER")
        point = next((p for p in self.said.each("points") if p.get("id") == one.get("point")), {})
        answered, talked = one.get("outcome") or (UNKNOWN, UNKNOWN)
        said = {key: value for key, value in one.items() if value is not None}
        told = one.get("debts") or [debt.get("id") for debt in self.said.each("debts")] or [None]
        reserved = self._is_debtors(point) and point.get("reserved") == YES if point else None
        for debt in told:
            yield {
                "at": at,
                "contact": number,
                "person": _or_unknown(self.names.person(party)),
                "debtor": _or_unknown(self.names.person(self.debtor)),
                "debt": _or_unknown(self.names.debt(debt)),
                "point": UNKNOWN if one.get("point") is None else self.names.point(one["point"]),
                "channel": said.get("channel", UNKNOWN),
                "mode": said.get("mode", UNKNOWN),
                "direction": said.get("direction", UNKNOWN),
                "party": party.get("kind", UNKNOWN),
                "purpose": said.get("purpose", UNKNOWN),
                "point_kind": said.get("point_kind", point.get("kind", UNKNOWN)),
                "to_reserved": said.get("reserved_point", UNKNOWN if reserved is None else int(reserved)),
                "answered": said.get("answered", answered),
                "talked": said.get("talked", talked),
                "reserved": said.get("reserved", NO),
                "consented": said.get("consented", NO),
                "misdialled": said.get("misdialled", NO),
            }


class Names:
    """Numbers for the people, debts and points of a situation, and who is meant by a name or a kind."""

    def __init__(self, said: Situation) -> None:
        self.parties = said.each("parties")
        self._numbers: dict[tuple[str, str], int] = {}

    def party(self, named: str) -> Mapping[str, Any]:
        """The party of that name, else the one of that kind, else somebody of whom only the kind is known."""
        for party in self.parties:
            if party.get("id") == named:
                return party
        try:
            kind = words.code("party", Party, named)
        except UnknownFact:  # a name that is no kind: somebody of whom nothing is known
            return {"id": named}
        of_kind = [party for party in self.parties if party.get("kind") == kind]
        return of_kind[0] if len(of_kind) == 1 else {"id": f"the {named}", "kind": kind}

    def person(self, party: Mapping[str, Any]) -> int | None:
        """The number of a person."""
        named = party.get("id") or (f"the {Party(party['kind']).name}" if party.get("kind") is not None else None)
        return None if named is None else self._number("person", named)

    def debt(self, named: str | None) -> int | None:
        """The number of a debt."""
        return None if named is None else self._number("debt", named)

    def point(self, named: str) -> int:
        """The number of a point."""
        return self._number("point", named)

    def _number(self, kind: str, named: str) -> int:
        return self._numbers.setdefault((kind, named), len(self._numbers))


def local_day(at: int, zone: str) -> int:
    """The day of an instant on the clock of a zone, days since 1970."""
    return int(dates.local_minute(np.array([at]), np.zeros(1, np.int16), (zone,))[0]) // DAY


def _told(name: str, given: Mapping[str, Any], but: tuple[str, ...]) -> Row:
    return {
        key.fact: given[word] for word, key in OBJECTS[name].items() if word in given and word not in but and key.fact
    }


def _agree(row: Row, scope: str, consent: Mapping[str, Any], day: int) -> None:
    """What a consent tells on a day; the surest of several stands. One without a date is not certain."""
    fact, given = SCOPES[scope], consent.get("given_on")
    if _over(consent, day):
        return
    if scope == "text":
        row[fact] = max(given, row.get(fact, given)) if given is not None else row.get(fact)
        return
    if given is None:
        row[fact] = row[fact] if row[fact] == YES else None
    elif given <= day and not (scope == "calls" and day - given >= FRESH_DAYS):
        row[fact] = YES
        if scope == "hours":
            row |= {"agreed_from": consent.get("from"), "agreed_to": consent.get("to")}


def _over(consent: Mapping[str, Any], day: int) -> bool:
    ends, withdrawn = consent.get("expires_on"), consent.get("withdrawn_on")
    return (ends is not None and day > ends) or (withdrawn is not None and day >= withdrawn)


def _holds(flag: Mapping[str, Any], day: int, name: str) -> bool:
    if name == "moratorium":
        return True  # its days are for the rules to weigh
    since, until = flag.get("since"), flag.get("until")
    return (since is None or day >= since) and (until is None or day < until)


def _any_no(*answers: int | None) -> int | None:
    """YES where one of them is no, NO where none is, not known otherwise."""
    if NO in answers:
        return YES
    return None if None in answers else NO


def _or_unknown(number: int | None) -> int:
    return UNKNOWN if number is None else number
