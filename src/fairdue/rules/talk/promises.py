"""The policy on promises: grace, threshold, how far ahead, and what follows from breaking them again and again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fairdue.core.promises import PPM
from fairdue.rules import numbers
from fairdue.rules.reading import Lines, Reading, WrongFiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairdue.core.errors import Lang

FILE = Path(__file__).parent / "promises.yaml"
FIGURES = {"grace_days": 30, "threshold_ppm": PPM, "days_ahead": 366, "remind_days": 30, "memory_days": 3660}
NO_TEXT: Mapping[Lang, str] = {"zh": "", "en": ""}


@dataclass(frozen=True)
class Limit:
    """How far ahead a promise may lie after so many broken ones."""

    broken: int
    days_ahead: int
    why: Mapping[Lang, str]


@dataclass(frozen=True)
class PromisePolicy:
    """The policy in force on a day."""

    since: date
    grace_days: int
    threshold_ppm: int
    days_ahead: int
    remind_days: int
    memory_days: int
    after_broken: tuple[Limit, ...]

    def limit(self, broken: int) -> Limit:
        """The limit for somebody who has broken so many: the strictest that applies."""
        usual = Limit(0, self.days_ahead, NO_TEXT)
        return next((one for one in reversed(self.after_broken) if broken >= one.broken), usual)


def policy_at(on: date) -> PromisePolicy:
    """The policy in force on a day; before the first version, the first."""
    versions = load_promise_policies()
    return next((one for one in reversed(versions) if one.since <= on), versions[0])


@cache
def load_promise_policies() -> tuple[PromisePolicy, ...]:
    """The shipped policy with its history. Raises `WrongFiles`."""
    return read_promise_policies(FILE)


def read_promise_policies(path: Path) -> tuple[PromisePolicy, ...]:
    """Read the policy in a file. Raises `WrongFiles` with every fault."""
    reading = Reading(path, path.name)
    if not reading.faults:
        reading.keys(reading.data, ("versions",))
    if reading.faults:
        raise WrongFiles(reading.faults)
    said = numbers.mapping(reading, reading.data, "versions")
    found = [one for key in said if (one := _version(reading, said, key))]
    if [one.since for one in found] != sorted({one.since for one in found}):
        reading.wrong(said.line, "the dates do not rise", "日期未按先后排列", "Put them in order.", "请按日期排序。")
    if reading.faults:
        raise WrongFiles(reading.faults)
    return tuple(found)


def _version(reading: Reading, versions: Lines, key: str) -> PromisePolicy | None:
    said: Any = versions[key]
    try:
        since = date.fromisoformat(key)
    except ValueError:
        reading.wrong(
            versions.line_of(key), f"'{key}' is no date", f"“{key}”不是日期", "Write YYYY-MM-DD.", "请写成 YYYY-MM-DD。"
        )
        return None
    if not reading.keys(said, (*FIGURES, "after_broken"), (), f"the version of {key}"):
        return None
    figures = {name: numbers.whole(reading, said, name, most) for name, most in FIGURES.items()}
    limits = [_limit(reading, one) for one in said.get("after_broken") or ()]
    if [one.broken for one in limits] != sorted({one.broken for one in limits}):
        reading.wrong(said.line_of("after_broken"), "the counts do not rise", "次数未递增",
                      "Put them in order.", "请按次数排序。")  # fmt: skip
    return PromisePolicy(since, **figures, after_broken=tuple(limits))


def _limit(reading: Reading, said: Any) -> Limit:
    if not reading.keys(said, ("broken", "why"), ("days_ahead",), "a limit"):
        return Limit(0, 0, NO_TEXT)
    broken, ahead = (numbers.whole(reading, said, name, 366) for name in ("broken", "days_ahead"))
    return Limit(broken, ahead, reading.both(said, "why"))
