"""The outcome codes of a contact: one closed list for the desk, files and the guard's counting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fairdue.core.codes import NO, UNKNOWN, YES, Aim, Channel, PointStatus
from fairdue.core.errors import Lang
from fairdue.rules.reading import Reading, WrongFiles

FILE = Path(__file__).parent / "outcomes.yaml"
NEEDED = ("zh", "en", "class", "channels", "answered", "talked", "next_aim")
OPTIONAL = ("point", "needs", "stops", "does")
CLASSES = ("right_party", "connected", "third_party", "wrong_party", "no_contact", "invalid", "special", "field", "digital")
NEEDS = ("", "promise", "date", "note")
STOPS = ("", "DISPUTE", "CLAIMS_PAID", "CEASE", "PAUSE")
ANSWERS: Mapping[Any, int] = {True: YES, False: NO, "unknown": UNKNOWN}


@dataclass(frozen=True)
class Outcome:
    """One code: what it says, what it needs from the collector, what it does."""

    code: str
    label: Mapping[Lang, str]
    kind: str
    channels: frozenset[Channel]
    answered: int
    talked: int
    next_aim: Aim
    point_status: PointStatus | None
    needs: str
    stop: str
    calls_back: bool
    refuses_for_ever: bool

    @property
    def promises(self) -> bool:
        """It records a promise to pay: an amount and a day."""
        return self.needs == "promise"


@dataclass(frozen=True)
class Outcomes:
    """All codes, and the likely ones per channel in the order of their keys."""

    all: Mapping[str, Outcome]
    likely: Mapping[Channel, tuple[Outcome, ...]]

    def find(self, code: str) -> Outcome | None:
        """The outcome with this code."""
        return self.all.get(code)

    def of(self, channel: Channel) -> tuple[Outcome, ...]:
        """Every outcome a contact by this channel can have."""
        return tuple(o for o in self.all.values() if channel in o.channels)


@cache
def load_outcomes() -> Outcomes:
    """The shipped list. Raises `WrongFiles`."""
    return read_outcomes(FILE)


def read_outcomes(path: Path) -> Outcomes:
    """The list in a file, checked."""
    reading = Reading(path, path.name)
    if not reading.keys(reading.data, ("likely", "outcomes"), (), "the list of outcomes") or reading.faults:
        raise WrongFiles(reading.faults)
    found = {code: _outcome(reading, code, said) for code, said in reading.data["outcomes"].items()}
    for channel, codes in reading.data["likely"].items():
        for code in codes:
            if code not in found:
                reading.wrong(reading.data["likely"].line_of(channel), f"'{code}' is no outcome", f"没有结果码“{code}”", "Mend it.", "请修正。")
    if reading.faults:
        raise WrongFiles(reading.faults)
    likely = {Channel[c]: tuple(found[code] for code in codes) for c, codes in reading.data["likely"].items()}
    return Outcomes({code: o for code, o in found.items() if o is not None}, likely)  # type: ignore[arg-type]  # no faults: none is None


def _outcome(reading: Reading, code: str, said: Any) -> Outcome | None:
    if not reading.keys(said, [k for k in NEEDED if k not in {"answered", "talked"}], (*NEEDED, *OPTIONAL), code):
        return None
    checks = (("class", CLASSES), ("needs", NEEDS), ("stops", STOPS), ("next_aim", Aim.__members__),
              ("answered", ANSWERS), ("talked", ANSWERS))  # fmt: skip
    for key, known in checks:
        if said.get(key, "") not in known and not (key not in said and "" in known):
            reading.wrong(said.line_of(key), f"{code}: '{said.get(key)}' is no {key}", f"{code} 的 {key} 取值“{said.get(key)}”无效",
                          f"Write one of {', '.join(map(str, known))}.", "请对照可选值。")  # fmt: skip
    if reading.faults:
        return None
    return Outcome(
        code, {"zh": said["zh"], "en": said["en"]}, said["class"], frozenset(Channel[c] for c in said["channels"]),
        ANSWERS[said["answered"]], ANSWERS[said["talked"]], Aim[said["next_aim"]],
        PointStatus[said["point"]] if said.get("point") else None, said.get("needs", ""), said.get("stops", ""),
        said.get("does") == "callback", said.get("does") == "refuse",
    )  # fmt: skip
