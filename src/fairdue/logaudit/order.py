"""What is to be audited, and what is assumed where the log says nothing. Every assumption is stated in the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import yaml

from fairdue.core.codes import Code
from fairdue.core.errors import Lang
from fairdue.core.guard_facts import FACTS, YesNo
from fairdue.logaudit import faults as fault

# What a log is usually silent about because everybody at the dialler knows it. Never assumed unless it is asked for.
PRESETS: Mapping[str, Mapping[str, str]] = {
    "collection-calls": {
        "channel": "CALL", "direction": "OUT", "mode": "TALK", "purpose": "COLLECT", "party": "BORROWER",
        "consent_hours": "NO", "consent_frequency": "NO",
    },
}  # fmt: skip
_OF_THE_LOG: Mapping[str, type[Code]] = {"answered": YesNo, "talked": YesNo}


@dataclass(frozen=True)
class Order:
    """One audit.

    `clock` is the zone in which the log writes times without an offset, `zone` that of persons of whom the log names
    none. `assume`: name of a fact → name of its value, for contacts of which the log does not say it.
    """

    files: tuple[Path, ...]
    mapping: str
    pack: str
    out: Path
    policy: str = ""
    zone: str | None = None
    clock: str | None = None
    assume: Mapping[str, str] = field(default_factory=dict)
    lang: Lang = "en"
    workers: int = 2
    title: str = ""

    def __post_init__(self) -> None:
        """Raises `NotAZone`."""
        for zone in (self.zone, self.clock):
            if zone is not None and zone not in available_timezones():
                raise fault.NotAZone(value=zone)

    @property
    def pack_name(self) -> str:
        """The rules by the name that `fairdue.rules.diff.named` knows."""
        pack, at, day = self.pack.partition("@")
        return (f"{pack}+{self.policy}" if self.policy else pack) + at + day

    @property
    def log_clock(self) -> str | None:
        """The zone of the log's clock: where it is not named, the one named for the persons."""
        return self.clock or self.zone

    def number(self, name: str) -> int:
        """The assumed value as its code."""
        return int(assumable()[name][self.assume[name]])


def assumable() -> Mapping[str, type[Code]]:
    """The facts with a closed list of values, and what the log itself says of a contact."""
    return {**{name: one.values for name, one in FACTS.items() if one.values is not None}, **_OF_THE_LOG}


def assumptions(said: Iterable[str]) -> dict[str, str]:
    """`name=VALUE`, the name of a preset, or the path of a YAML file of such pairs; a later one goes before an earlier.

    Raises `NoAssumption`, `NoValue`.
    """
    found: dict[str, str] = {}
    for one in said:
        for name, value in _pairs(one).items():
            found[name] = _value(one, name, value)
    return found


def _pairs(said: str) -> Mapping[str, Any]:
    if said in PRESETS:
        return PRESETS[said]
    name, equals, value = said.partition("=")
    if equals:
        return {name.strip(): value.strip()}
    path = Path(said)
    given = yaml.safe_load(path.read_text("utf-8")) if path.is_file() else None
    if not isinstance(given, dict):
        raise fault.NoAssumption(said=said, known=_known())
    return given


def _value(said: str, name: str, value: Any) -> str:
    codes = assumable().get(name)
    if codes is None:
        raise fault.NoAssumption(said=said, known=_known())
    word = "YES" if value is True else "NO" if value is False else str(value).upper()
    if word not in codes.__members__:
        raise fault.NoValue(value=value, name=name, known=" / ".join(codes.__members__))
    return word


def _known() -> str:
    return ", ".join([*PRESETS, *sorted(assumable())])
