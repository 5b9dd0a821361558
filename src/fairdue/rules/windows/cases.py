"""Worked examples of the windows: dates, reasoning and article, reckoned by the kernel when the rules are checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from fairdue.core.codes import LenderKind
from fairdue.core.dates import Days
from fairdue.core.errors import Lang
from fairdue.core.limitation import NAT, Standing
from fairdue.core.windows import standings
from fairdue.rules import windows
from fairdue.rules.periods import PeriodKind
from fairdue.rules.reading import Lines, Reading, WrongFiles
from fairdue.rules.retention import of_lender

FILE = Path(__file__).parent / "cases.yaml"
NEEDED = ("title", "why", "article", "window", "start", "on", "standing", "last")
OPTIONAL = ("pack", "extended", "done", "lender", "provisional")


@dataclass(frozen=True)
class Worked:
    """One example, with what is said to come out."""

    kind: PeriodKind
    title: Mapping[Lang, str]
    why: Mapping[Lang, str]
    article: str
    said: Lines


def reckon(said: Mapping[str, Any]) -> tuple[str, date, bool]:
    """Standing, last day and whether it is provisional, for an example."""
    window = windows.load_windows()[PeriodKind[said["window"]]]
    start = np.array([said["start"]], "datetime64[D]")
    last, provisional = _last(window, start, said)
    done = np.array([said.get("done") or NAT], "datetime64[D]")
    found = standings(last, done, np.array([window.ours]), np.datetime64(said["on"]))
    day: date = last[0].item()
    return Standing(int(found[0])).name, day, provisional


def _last(window: windows.Window, start: Days, said: Mapping[str, Any]) -> tuple[Days, bool]:
    clock = window.clock(said.get("extended", 0))
    if clock is not None:
        ends = windows.track_ends(start, clock)
        return ends.last, bool(ends.provisional[0])
    if window.kind == PeriodKind.VALIDATION:
        found = windows.validation_lasts(start, said["pack"])
        return (np.array([NAT]) if found is None else found), False
    duty = of_lender(int(LenderKind[said["lender"]]), said["pack"])
    return (np.array([NAT]) if duty is None else windows.retention_lasts(start, duty)), False


@cache
def load_cases() -> tuple[Worked, ...]:
    """Every example, reckoned. Raises `WrongFiles` with each that comes out otherwise."""
    return check_cases(FILE)


def check_cases(path: Path) -> tuple[Worked, ...]:
    """Reckon the examples of a file. Raises `WrongFiles`."""
    reading = Reading(path, f"windows/{path.name}")
    found = []
    for said in reading.data if isinstance(reading.data, list) else []:
        if reading.keys(said, NEEDED, OPTIONAL, "an example"):
            found.append(Worked(PeriodKind[said["window"]], reading.both(said, "title"), reading.both(said, "why"),
                                str(said["article"]), said))  # fmt: skip
            out = reckon(said)
            if out != (said["standing"], said["last"], said.get("provisional", False)):
                reading.wrong(said.line, f"it comes out {out[0]}, {out[1]}", f"结果为 {out[0]}，{out[1]}",
                              "Mend the example or the arithmetic.", "请修正示例或算法。")  # fmt: skip
    if reading.faults:
        raise WrongFiles(reading.faults)
    return tuple(found)
