"""Worked examples of the legal periods: dates, reasoning and article, reckoned by the kernels when the rules are checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from fairdue.core.clocks import Unit, deadlines
from fairdue.core.codes import GuaranteeKind
from fairdue.core.errors import Lang
from fairdue.core.guarantee import guarantees, joint
from fairdue.core.happened import Effect, Happened
from fairdue.core.limitation import NAT, Events, Standing, limitation
from fairdue.rules.calendars import calendar
from fairdue.rules.periods import CASES, HERE, Period, PeriodKind, load_periods
from fairdue.rules.reading import Lines, Reading, WrongFiles

NEEDED = ("title", "why", "article", "on", "standing")
OPTIONAL = (
    "from",
    "harm",
    "agreed",
    "guarantee",
    "events",
    "last",
    "cause",
    "obstacle",
    "kept_on",
    "provisional",
    "longest",
)
START = "START"


@dataclass(frozen=True)
class Worked:
    """One example: what is given, and what comes out."""

    period: Period
    title: Mapping[Lang, str]
    why: Mapping[Lang, str]
    article: str
    said: Lines


def reckon(period: Period, said: Lines) -> dict[str, Any]:
    """What the kernels find for an example, in the words of its file."""
    told = sorted(said.get("events") or [], key=lambda event: event["on"])
    if period.kind == PeriodKind.GUARANTEE:
        return _guarantee(period, said, told)
    if period.kind == PeriodKind.VALIDATION:
        return _validation(period, said)
    events = _events(period, told, "")
    start = _days(said.get("from"))
    found = limitation(start, _days(said.get("harm")) if said.get("harm") else start, events, period.terms,
                       period.calendar, np.datetime64(said["on"]))  # fmt: skip
    return {
        "standing": Standing(int(found.standing[0])).name, "last": found.last[0].item(),
        "cause": _named(told, int(found.cause[0])), "obstacle": _named(told, int(found.obstacle[0]), ""),
        "provisional": bool(found.provisional[0]), "longest": bool(found.longest[0]),
    }  # fmt: skip


def _guarantee(period: Period, said: Lines, told: list[Any]) -> dict[str, Any]:
    kind = np.array([GuaranteeKind[said["guarantee"]]])
    events = _events(period, told, "joint" if joint(kind)[0] else "general")
    months = int(period.terms.counts[-1])
    found = guarantees(_days(said.get("from")), _days(said.get("agreed")), events, months, np.datetime64(said["on"]))
    return {
        "standing": Standing(int(found.standing[0])).name, "last": found.last[0].item(),
        "cause": _named(told, int(found.cause[0])), "kept_on": found.kept_on[0].item(),
    }  # fmt: skip


def validation_ends(period: Period, sent: np.ndarray[Any, np.dtype[np.datetime64]]) -> Any:
    """Last days of the validation period of notices sent on some days."""
    received = deadlines(sent, ASSUMED_AFTER, Unit.WORKING_DAYS, calendar("US"), moves=False).last
    return deadlines(received, int(period.terms.counts[-1]), Unit.DAYS, period.calendar, moves=False).last


ASSUMED_AFTER = 5  # days without holidays, Saturdays and Sundays: § 1006.34(b)(5)


def _validation(period: Period, said: Lines) -> dict[str, Any]:
    last = validation_ends(period, _days(said.get("from")))[0]
    standing = Standing.LAPSED if last < np.datetime64(said["on"]) else Standing.RUNNING
    return {"standing": standing.name, "last": last.item(), "cause": START}


def _days(day: date | None) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    return np.array([NAT if day is None else day], "datetime64[D]")


def _events(period: Period, told: list[Any], needs: str) -> Events:
    kinds = [Happened[event["kind"]] for event in told]
    fitting = [
        not period.events[k].needs or period.events[k].needs == needs if k in period.events else False for k in kinds
    ]
    effects = [int(period.effect(k)) if fits else int(Effect.NONE) for k, fits in zip(kinds, fitting, strict=True)]
    return Events(
        np.zeros(len(told), np.int64), np.array([e["on"] for e in told], "datetime64[D]"),
        np.array(effects, np.int16), np.array([e.get("ended") or NAT for e in told], "datetime64[D]"),
    )  # fmt: skip


def _named(told: list[Any], place: int, none: str = START) -> str:
    return f"{told[place]['kind']} {told[place]['on']}" if place >= 0 else none


@cache
def load_cases() -> tuple[Worked, ...]:
    """Every example of the shipped periods, reckoned. Raises `WrongFiles` with each that comes out otherwise."""
    return check_cases(load_periods())


def check_cases(periods: Iterable[Period]) -> tuple[Worked, ...]:
    """Reckon the examples beside each period. Raises `WrongFiles`."""
    found: list[Worked] = []
    faults = []
    for period in periods:
        path = period.path.with_name(period.path.stem + CASES)
        reading = Reading(path, _shown(path))
        said = reading.data if isinstance(reading.data, list) else []
        if not said and not reading.faults:
            reading.wrong(1, "there is no example", "没有示例", "Write '- {title: …}'.", "请写成“- {title: …}”。")
        found += [worked for one in said if (worked := _worked(reading, period, one))]
        faults += reading.faults
    if faults:
        raise WrongFiles(faults)
    return tuple(found)


def _shown(path: Path) -> str:
    return f"periods/{path.parent.name}/{path.name}" if path.is_relative_to(HERE) else path.name


def _worked(reading: Reading, period: Period, said: Any) -> Worked | None:
    if not reading.keys(said, NEEDED, OPTIONAL, "an example"):
        return None
    before = len(reading.faults)
    title, why = reading.both(said, "title"), reading.both(said, "why")
    for event in said.get("events") or []:
        if event.get("kind") not in Happened.__members__:
            reading.wrong(said.line, f"'{event.get('kind')}' is no event", "事件代码无效",
                          "Use a name of core.happened.Happened.", "请使用事件代码表中的代码。")  # fmt: skip
    if len(reading.faults) > before:
        return None
    found = reckon(period, said)
    for key in ("standing", "last", "cause", "obstacle", "kept_on", "provisional", "longest"):
        expected = said.get(key, DEFAULTS.get(key, found.get(key)))
        if key in found and found[key] != expected:
            reading.wrong(said.line, f"'{title['en']}': {key} is {found[key]}", f"案例“{title['zh']}”：{key} 为 {found[key]}",
                          "Mend the example or the arithmetic.", "请修正示例或算法。")  # fmt: skip
    return Worked(period, title, why, str(said["article"]), said)


DEFAULTS = {"last": None, "cause": START, "obstacle": "", "provisional": False, "longest": False, "kept_on": None}
