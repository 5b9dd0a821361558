"""Legal periods as data: how long, from when, what restarts, holds or ends them, each with its article and worked examples.

One file a period under <jurisdiction>/, with its examples beside it in <name>.cases.yaml; a period without a source is not here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from fairdue.core.codes import Code
from fairdue.core.dates import Calendar
from fairdue.core.errors import Fault, Lang
from fairdue.core.happened import Effect, Happened
from fairdue.core.limitation import Terms
from fairdue.rules.calendars import calendar
from fairdue.rules.clocks import Source
from fairdue.rules.periods.read import read_period
from fairdue.rules.reading import Reading, WrongFiles

HERE = Path(__file__).parent
CASES = ".cases.yaml"


class PeriodKind(Code):
    """Which clock a period is."""

    LIMITATION = (0, "诉讼时效", "Limitation")
    GUARANTEE = (1, "保证期间", "Guarantee period")
    GUARANTEE_LIMITATION = (2, "保证债务诉讼时效", "Limitation of the guarantee")
    ENFORCEMENT = (3, "申请执行期间", "Period for enforcement")
    VALIDATION = (4, "债务核实期", "Validation period")
    DISPUTE = (5, "异议答复期限", "Answer to the dispute")
    COMPLAINT = (6, "投诉处理期限", "Answer to the complaint")
    CREDIT_OBJECTION = (7, "征信异议答复期限", "Answer to the credit objection")
    RETENTION = (8, "记录保存期限", "Keeping of the records")


WINDOWS = frozenset({
    PeriodKind.VALIDATION, PeriodKind.DISPUTE, PeriodKind.COMPLAINT, PeriodKind.CREDIT_OBJECTION, PeriodKind.RETENTION,
})  # fmt: skip
"""Nothing restarts them, and no money lapses with them: what they ask for and forbid stands in `rules/windows`."""


@dataclass(frozen=True)
class Cause:
    """What an event does to the period, and where that is written."""

    effect: Effect
    article: Mapping[Lang, str]
    confidence: str
    needs: str = ""  # "joint" or "general": only for a guarantee of that kind


@dataclass(frozen=True)
class Period:
    """One legal period in force at some places."""

    id: str
    kind: PeriodKind
    title: Mapping[Lang, str]
    pack: str
    places: tuple[str, ...]
    calendar_name: str
    terms: Terms
    source: Source
    start: Mapping[Lang, str]
    events: Mapping[Happened, Cause]
    suspension: Source | None
    longest: Source | None
    revision: str
    path: Path

    @property
    def calendar(self) -> Calendar:
        """The working days that move its end; none where it does not move."""
        return calendar(self.calendar_name) if self.calendar_name else NO_CALENDAR

    def effect(self, kind: Happened) -> Effect:
        """What an event does to it."""
        cause = self.events.get(kind)
        return cause.effect if cause else Effect.NONE


IN_LAW = {"demo": "cn"}  # the demonstration works by Chinese law
NO_CALENDAR = Calendar("", np.datetime64("1970-01-01"), np.datetime64("1970-01-01"), np.zeros(0, "datetime64[D]"))


class NoPeriod(Fault):
    """No sourced period is encoded for the place."""

    code = "period.none"
    en = "No {kind} is known for {pack} {place}: no source is encoded."
    en_remedy = "Ask a lawyer; add a file under rules/periods with its source."
    zh = "未收录 {pack} {place} 的{kind_zh}（尚无可引用的出处）。"
    zh_remedy = "请咨询律师；如有出处，请在 rules/periods 中补充。"


@cache
def load_periods() -> tuple[Period, ...]:
    """Load the shipped periods. Raises `WrongFiles`."""
    return read_periods(path for path in sorted(HERE.glob("*/*.yaml")) if not path.name.endswith(CASES))


def read_periods(paths: Iterable[Path]) -> tuple[Period, ...]:
    """Read periods from files. Raises `WrongFiles` with every fault, each with its file and line."""
    found, faults = [], []
    for path in paths:
        reading = Reading(path, f"periods/{path.parent.name}/{path.name}")
        parts = read_period(reading)
        if parts is not None and not reading.faults:
            found.append(Period(**parts, kind=PeriodKind[reading.data["kind"]],
                                revision=hashlib.sha256(path.read_bytes()).hexdigest(), path=path))  # fmt: skip
        faults += reading.faults
    if faults:
        raise WrongFiles(faults)
    return tuple(found)


def find(kind: PeriodKind, pack: str, place: str = "") -> Period | None:
    """The period of a kind for a pack (`cn`, `us`, `uk`), at a place where that matters; None: no source is encoded."""
    law = IN_LAW.get(pack, pack)
    fitting = [p for p in load_periods() if p.kind == kind and p.pack == law and (not p.places or place in p.places)]
    return fitting[0] if fitting else None
