"""The outcome codes of a contact: one closed list for the desk, for files and for the guard's counting."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fairdue.core.codes import NO, UNKNOWN, YES, Aim, Channel, PointStatus
from fairdue.rules.reading import Lines, Reading, WrongFiles

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from fairdue.core.errors import Lang

FILE = Path(__file__).parent / "outcomes.yaml"
CODE = re.compile(r"[A-Z][A-Z_]*")
NEEDED = ("zh", "en", "class", "channels", "answered", "talked", "next_aim")
OPTIONAL = ("point", "needs", "stops", "does", "track")
CLASSES = (
    "right_party",
    "connected",
    "third_party",
    "wrong_party",
    "no_contact",
    "invalid",
    "special",
    "field",
    "digital",
)
ANSWERS: Mapping[Any, int] = {True: YES, False: NO, "unknown": UNKNOWN}
CHOICES: Mapping[str, Collection[Any]] = {
    "class": CLASSES,
    "answered": ANSWERS,
    "talked": ANSWERS,
    "next_aim": Aim.__members__,
    "point": PointStatus.__members__,
    "needs": ("promise", "date", "note"),
    "stops": ("DISPUTE", "CLAIMS_PAID", "CEASE", "PAUSE"),
    "does": ("callback", "refuse"),
}
KEYS = 9  # on the keyboard


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
    track: str  # id of the track it opens; empty: none
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
        """Look an outcome up by its code."""
        return self.all.get(code)

    def of(self, channel: Channel) -> tuple[Outcome, ...]:
        """List every outcome a contact by this channel can have."""
        return tuple(o for o in self.all.values() if channel in o.channels)


@cache
def load_outcomes() -> Outcomes:
    """Load the shipped list. Raises `WrongFiles`."""
    return read_outcomes(FILE)


def read_outcomes(path: Path) -> Outcomes:
    """Read the list in a file. Raises `WrongFiles` with every fault, each with its line."""
    reading = Reading(path, path.name)
    if not reading.faults:
        reading.keys(reading.data, ("likely", "outcomes"), (), "the list of outcomes")
    if reading.faults:
        raise WrongFiles(reading.faults)
    said = reading.data["outcomes"]
    found = {code: outcome for code in said if (outcome := _outcome(reading, said, code))}
    likely = _likely(reading, reading.data["likely"], said, found)
    if reading.faults:
        raise WrongFiles(reading.faults)
    return Outcomes(found, likely)


def _outcome(reading: Reading, parent: Lines, code: str) -> Outcome | None:
    before = len(reading.faults)
    said = parent[code]
    if not CODE.fullmatch(code):
        reading.wrong(parent.line_of(code), f"'{code}' is no code", f"“{code}”不是有效的结果码",
                      "Write capital letters, in quotes where YAML reads a word as yes or no.",
                      "请使用大写字母；YAML 会当作是或否的词请加引号。")  # fmt: skip
    if not reading.keys(said, NEEDED, OPTIONAL, code):
        return None
    for key, known in CHOICES.items():
        if key in said and said[key] not in known:
            _not_among(reading, said.line_of(key), f"{code}, {key}", said[key], known)
    channels = _channels(reading, said, code)
    if len(reading.faults) == before:
        _contradictions(reading, said, code)
    if len(reading.faults) > before:
        return None
    return Outcome(
        code, {"zh": said["zh"], "en": said["en"]}, said["class"], channels, ANSWERS[said["answered"]],
        ANSWERS[said["talked"]], Aim[said["next_aim"]], PointStatus[said["point"]] if "point" in said else None,
        said.get("needs", ""), said.get("stops", ""), said.get("track", ""), said.get("does") == "callback",
        said.get("does") == "refuse",
    )  # fmt: skip


def _channels(reading: Reading, said: Lines, code: str) -> frozenset[Channel]:
    names = said.get("channels")
    names = names if isinstance(names, list) else [names]
    for name in [n for n in names if n not in Channel.__members__]:
        _not_among(reading, said.line_of("channels"), f"{code}, channels", name, Channel.__members__)
    return frozenset(Channel[n] for n in names if n in Channel.__members__)


def _not_among(reading: Reading, line: int, where: str, value: object, known: Collection[Any]) -> None:
    names = {True: "yes", False: "no"}
    choices = [str(names.get(k, k)) for k in known]
    reading.wrong(line, f"{where}: '{value}' is not possible", f"{where}：取值“{value}”无效",
                  f"Write one of {', '.join(choices)}.", f"可填：{'、'.join(choices)}。")  # fmt: skip


def _contradictions(reading: Reading, said: Lines, code: str) -> None:
    """Find what cannot be true together: it would let a talk go uncounted or record what nobody said."""
    rules = (
        (said["talked"] is True and said["answered"] is not True, "a talk nobody answered", "未接通却计为通话"),
        (said["class"] in {"right_party", "connected"} and said["talked"] is not True,
         "the debtor was reached, so it counts as a talk", "已接通本人，应计为有效通话"),
        (said.get("needs") == "promise" and said["class"] != "right_party",
         "only the debtor can promise", "只有本人可以作出还款承诺"),
        ((said.get("does") == "callback") != (said.get("needs") == "date"),
         "a call-back needs a date, and a date is a call-back", "约定再联系须填写日期，日期仅用于约定再联系"),
        (said.get("does") == "refuse" and said["class"] != "third_party",
         "only a third person is blocked for ever", "“永不再联系”仅适用于第三人"),
    )  # fmt: skip
    for wrong, what, what_zh in rules:
        if wrong:
            reading.wrong(said.line, f"{code}: {what}", f"{code}：{what_zh}", "Mend the entry.", "请修正该条目。")


def _likely(
    reading: Reading, said: Any, entries: Lines, found: Mapping[str, Outcome]
) -> dict[Channel, tuple[Outcome, ...]]:
    likely: dict[Channel, tuple[Outcome, ...]] = {}
    if not reading.keys(said, Channel.__members__, (), "'likely'"):
        return likely
    for channel in (c for c in Channel if c.name in said):
        codes = said[channel.name] if isinstance(said[channel.name], list) else []
        line = said.line_of(channel.name)
        if not 0 < len(codes) <= KEYS or len(set(codes)) < len(codes):
            reading.wrong(line, f"{channel.name} needs 1 to {KEYS} likely outcomes, each once",
                          f"{channel.name} 须有 1 至 {KEYS} 个互不重复的常用结果",
                          "Mend the list.", "请修正列表。")  # fmt: skip
        for code in [c for c in codes if c not in entries or (c in found and channel not in found[c].channels)]:
            reading.wrong(line, f"'{code}' is no outcome of {channel.name}", f"“{code}”不是 {channel.name} 的结果码",
                          "Mend the code, or add the channel to it.", "请修正结果码，或为其补充该渠道。")  # fmt: skip
        likely[channel] = tuple(found[c] for c in codes if c in found)
    return likely
