"""What the tests of the audit share: small logs, an audit of them, and the online guard asked contact by contact."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from fairdue.core import dates
from fairdue.core.guard import Facts, History, judge
from fairdue.core.guard_facts import FACTS
from fairdue.logaudit import judging
from fairdue.logaudit.order import Order
from fairdue.logaudit.run import Found, run
from fairdue.rules.load import Pack

SHANGHAI = "Asia/Shanghai"
Row = dict[str, Any]
MODES, PURPOSES = ["NOTIFY", "NOTIFY", "TALK"], ["COLLECT"] * 4 + ["REMIND"]


def silent(what: str, done: int, total: int | None) -> None:
    """Nobody looks."""


def write_log(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """A log in canonical columns; None is an empty cell."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    pl.DataFrame([{name: _cell(row.get(name)) for name in names} for row in rows]).write_csv(path)
    return path


def _cell(value: Any) -> str | None:
    return None if value is None else str(value)


def order(path: Path, out: Path, **said: Any) -> Order:
    """An audit by the law of mainland China of one canonical log on the clock of Shanghai."""
    given: dict[str, Any] = {
        "files": (path,),
        "mapping": "canonical-contacts",
        "pack": "cn",
        "clock": SHANGHAI,
        "workers": 1,
    } | said
    return Order(out=out, **given)


@dataclass(frozen=True)
class Outcome:
    """What an audit found, by row and rule."""

    breaches: frozenset[tuple[int, str]]
    open_on_the_past: frozenset[tuple[int, str]]
    open_on_facts: frozenset[tuple[int, str]]
    found: Found


def audited(path: Path, out: Path, monkeypatch: pytest.MonkeyPatch, **said: Any) -> Outcome:
    """Audit a log and list everything, however much it is."""
    monkeypatch.setattr(judging, "EXAMPLES", 1_000_000)
    found = run(order(path, out, **said), silent)
    rules = list(found.pack.by_id)
    frame = pl.concat([pl.read_parquet(one) for one in found.breaches])
    opens: dict[bool, set[tuple[int, str]]] = {True: set(), False: set()}
    for rule, _, of_the_past, _, rows in found.opens.iter_rows():
        opens[of_the_past] |= {(row, rules[rule]) for row in rows}
    breaches = frozenset((row, rules[rule]) for row, rule in frame.select("row", "rule").iter_rows())
    return Outcome(breaches, frozenset(opens[True]), frozenset(opens[False]), found)


def some_log(rng: random.Random, size: int, *, unknown: float) -> list[Row]:
    """Contacts with few people and few numbers over few days, so that limits are reached; some cells are empty."""

    def maybe(value: Any) -> Any:
        return None if rng.random() < unknown else value

    rows = []
    for number in range(size):
        minute = rng.choice([rng.randrange(7 * 60, 23 * 60), 22 * 60 - 1, 22 * 60, 8 * 60, 8 * 60 - 1])
        at = date(2026, 1, 28) + timedelta(days=rng.randrange(3))
        answered = maybe(rng.choice([True, True, False]))
        rows.append({
            "contact_id": str(number), "debtor": f"D{rng.randrange(2)}", "point": maybe(f"1380000000{rng.randrange(3)}"),
            "at": f"{at} {minute // 60:02}:{minute % 60:02}", "zone": maybe(rng.choice([SHANGHAI, "Asia/Urumqi"])),
            "channel": maybe(rng.choice(["CALL", "CALL", "CALL", "SMS"])), "mode": maybe(rng.choice(MODES)),
            "direction": maybe(rng.choice(["OUT", "OUT", "OUT", "IN"])), "purpose": maybe(rng.choice(PURPOSES)),
            "party": maybe(rng.choice(["BORROWER", "BORROWER", "CONTACT", "SPOUSE"])), "answered": answered,
            "talked": maybe(rng.choice([True, False])) if answered else None, "agency": rng.choice(["甲", "乙"]),
            "collector": rng.choice(["C1", "C2"]), "operator_certified": maybe(rng.choice([True, True, False])),
            "product": maybe(rng.choice(["CARD", "CONSUMER"])), "plan_status": maybe("NONE"), "liable": maybe(False),
            "point_reserved": maybe(rng.choice([True, True, False])),
            "consent_frequency": maybe(rng.random() < 0.1), "consent_hours": maybe(False),
            "point_source": maybe(rng.choice(["CONTRACT", "OTHER"])), "discloses_debt": maybe(rng.choice([True, False])),
        })  # fmt: skip
    return rows


def guard_one_by_one(pack: Pack, rows: Sequence[Row]) -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
    """Refusals and missing facts, (row of the file, rule), each contact asked of the online guard with those before it."""
    numbered = sorted(enumerate(rows, 2), key=lambda one: (_instant(one[1]), one[0]))
    refused: set[tuple[int, str]] = set()
    unknown: set[tuple[int, str]] = set()
    past: list[Row] = []
    for number, row in numbered:
        said = _asked(row, numbered)
        book = pack.at(_day(said))
        verdict = judge(book, Facts.from_rows([said]), _history(past))
        for bits, into in ((verdict.refused, refused), (verdict.unknown, unknown)):
            into |= {
                (number, rule.id)
                for place, rule in enumerate(book.rules)
                if int(bits[0, place // 64]) >> (place % 64) & 1
            }
        past.append(row | {f"_{name}": said.get(name) for name in ("debtor", "person", "point")})
    return refused, unknown


def _instant(row: Row) -> int:
    day, clock = row["at"].split()
    minutes = (date.fromisoformat(day) - date(1970, 1, 1)).days * 1440 + int(clock[:2]) * 60 + int(clock[3:])
    return minutes - 8 * 60


def _asked(row: Row, numbered: Sequence[tuple[int, Row]]) -> dict[str, Any]:
    people = sorted({one["debtor"] for _, one in numbered})
    points = sorted({one["point"] for _, one in numbered if one["point"]})
    said = {name: row[name] for name in FACTS if row.get(name) is not None and name not in ("at", "point")}
    said |= {"at": _instant(row), "debtor": people.index(row["debtor"])}
    if row["party"] == "BORROWER":
        said |= {"person": said["debtor"]}
    return said | ({"point": points.index(row["point"])} if row["point"] else {})


def _day(said: Mapping[str, Any]) -> date:
    minute = said["at"]
    if said.get("zone"):
        minute = int(dates.local_minute(np.array([minute]), np.zeros(1, np.int16), (said["zone"],))[0])
    return date(1970, 1, 1) + timedelta(days=minute // 1440)


def _history(past: Sequence[Row]) -> History:
    def coded(name: str) -> Any:
        values = FACTS[name].values
        assert values is not None
        return np.array([-1 if row[name] is None else int(values[row[name]]) for row in past], np.int64)

    def number(name: str) -> Any:
        return np.array([-1 if row.get(name) is None else int(row[name]) for row in past], np.int64)

    answered, talked = number("answered"), number("talked")
    return History.of(
        at=np.array([_instant(row) for row in past], np.int64), debtor=number("_debtor"), person=number("_person"),
        point=number("_point"), channel=coded("channel"), mode=coded("mode"), purpose=coded("purpose"),
        direction=coded("direction"), party=coded("party"), answered=np.where(talked == 1, 1, answered),
        talked=np.where(answered == 0, 0, talked), to_reserved=number("point_reserved"),
    )  # fmt: skip
