"""Going to court as data: fees and deadlines by law with their articles, and the judgements that a lender replaces by its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from fairdue.core.errors import Lang
from fairdue.core.proceedings import CourtState, Procedure
from fairdue.core.suing import FeeTable, Route
from fairdue.rules.clocks import Clock, Source, read_clock
from fairdue.rules.reading import Lines, Reading, WrongFiles

HERE = Path(__file__).parent
FREE = FeeTable(0, (0,), (0,))
FEE = ("fixed", "upto", "rate", "source")


@dataclass(frozen=True)
class Fee:
    """A fee table in minor units, and where it is written."""

    table: FeeTable
    source: Source


@dataclass(frozen=True)
class Deadline:
    """Something to be done within a time after a step."""

    code: str
    label: Mapping[Lang, str]
    procedures: frozenset[Procedure]
    after: CourtState
    clock: Clock
    since: date
    until: date  # the first day on which it holds no more

    def holds(self, on: date) -> bool:
        """It is the law of that day."""
        return self.since <= on < self.until


@dataclass(frozen=True)
class Wage:
    """What employed people of a province earned on average in the year before, in minor units, and since when that counts."""

    place: str
    since: date
    yearly: int
    source: Source


@dataclass(frozen=True)
class CourtRules:
    """Everything about going to court in one jurisdiction."""

    fees: Mapping[Procedure, Fee]
    deadlines: tuple[Deadline, ...]
    routes: Mapping[Procedure, Route]
    discount_ppm: int
    willing_ppm: int
    asking_cost: int
    property_ppm: int
    small_claim_most: int | None
    wages: tuple[Wage, ...]
    set_days: Mapping[str, Mapping[Lang, str]]
    currency: str

    def after(self, procedure: Procedure, state: CourtState, on: date) -> tuple[Deadline, ...]:
        """Deadlines that begin with a step on a day."""
        return tuple(d for d in self.deadlines if d.after == state and procedure in d.procedures and d.holds(on))

    def small_limits(self, place: str, on: date) -> tuple[int | None, int | None]:
        """Up to where a claim is a small one by law, and up to where both sides may agree that it is (art. 165); None: ask."""
        known = [wage for wage in self.wages if wage.place == place and wage.since <= on]
        if not known:
            return self.small_claim_most, None
        yearly = max(known, key=lambda wage: wage.since).yearly
        return yearly // 2, yearly * 2


@cache
def load_court(name: str = "cn", exponent: int = 2) -> CourtRules:
    """The shipped rules of that name, in minor units of a currency with that exponent. Raises `WrongFiles`."""
    return read_court(HERE / f"{name}.yaml", exponent)


def read_court(path: Path, exponent: int = 2) -> CourtRules:
    """Read the rules of a file; amounts become minor units. Raises `WrongFiles` with every fault, each with its line."""
    reading = Reading(path, f"court/{path.name}")
    said = reading.data
    if reading.faults or not reading.keys(
        said, ("currency", "fees", "deadlines", "judgement", "set_days"), ("small_claim_most", "average_wages")
    ):
        raise WrongFiles(reading.faults)
    unit = 10**exponent
    fees = {Procedure[name]: fee for name, told in said["fees"].items() if (fee := _fee(reading, name, told, unit))}
    deadlines = tuple(d for code, told in said["deadlines"].items() if (d := _deadline(reading, code, told)))
    judged = said["judgement"]
    routes = {kind: _route(fees, kind, judged[kind.name], unit) for kind in Procedure if kind.name in judged}
    if reading.faults:
        raise WrongFiles(reading.faults)
    most = said.get("small_claim_most")
    return CourtRules(
        fees, deadlines, routes, judged["discount_ppm"], judged["asking"]["willing_ppm"], judged["asking"]["cost"] * unit,
        judged["property_ppm"], None if most is None else int(most) * unit, _wages(said.get("average_wages") or [], unit),
        said["set_days"], said["currency"],
    )  # fmt: skip


def _wages(said: list[Lines], unit: int) -> tuple[Wage, ...]:
    return tuple(
        Wage(one["place"], one["from"], int(one["yearly"]) * unit, Source(one["source"]["instrument"], one["source"]["article"],
             one["source"]["link"], one["source"]["confidence"]))
        for one in said
    )  # fmt: skip


def _fee(reading: Reading, name: str, told: Lines, unit: int) -> Fee | None:
    said = Lines(told.line)
    said.update(told.get("<<") or {})  # YAML's merge key: what is not said again holds as said before
    said.update({key: value for key, value in told.items() if key != "<<"})
    said.at = dict.fromkeys(said, told.line)
    if name not in Procedure.__members__ or not reading.keys(said, FEE, ("most", "share"), name):
        return None
    if len(said["upto"]) != len(said["rate"]) or list(said["upto"]) != sorted(said["upto"]):
        reading.wrong(told.line, f"{name}: brackets and rates do not fit", f"{name}：分档与费率不对应",
                      "Give one rate for the part above each bracket.", "每一分档以上部分须有一个费率。")  # fmt: skip
        return None
    up, down = said.get("share") or (1, 1)
    table = FeeTable(said["fixed"] * unit, tuple(edge * unit for edge in said["upto"]), tuple(said["rate"]),
                     int(said.get("most") or 0) * unit, up, down)  # fmt: skip
    source = said["source"]
    return Fee(table, Source(source["instrument"], source["article"], source["link"], source["confidence"]))


def _deadline(reading: Reading, code: str, told: Lines) -> Deadline | None:
    if not reading.keys(told, ("procedures", "after", "zh", "en", "clock"), ("from", "before"), code):
        return None
    clock = read_clock(reading, told["clock"], code)
    if clock is None:
        return None
    kinds = frozenset(Procedure[name] for name in told["procedures"])
    return Deadline(code, {"zh": told["zh"], "en": told["en"]}, kinds, CourtState[told["after"]], clock,
                    told.get("from", date.min), told.get("before", date.max))  # fmt: skip


def _route(fees: Mapping[Procedure, Fee], kind: Procedure, said: Lines, unit: int) -> Route:
    table = fees[kind].table if kind in fees else FREE
    return Route(
        table, said["win_ppm"], said["months"], said["other_cost"] * unit, said["lawyer_ppm"], said["refunded"] is True
    )
