"""How quality is looked after, as data: scorecard, sampling, reminders in good standing, the measuring of self-cures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from fairdue.core.codes import Channel
from fairdue.core.errors import Lang
from fairdue.rules import numbers
from fairdue.rules.reading import Reading, WrongFiles

HERE = Path(__file__).parent
Words = Mapping[Lang, str]
LARGEST = 10_000


@dataclass(frozen=True)
class Item:
    """One line of the scorecard; `anchors[score]` says what the score means."""

    code: str
    group: str
    critical: bool
    label: Words
    anchors: tuple[Words, ...]

    @property
    def most(self) -> int:
        """The best score."""
        return len(self.anchors) - 1


@dataclass(frozen=True)
class Scorecard:
    """The items a contact is judged by, and the revision they stand in."""

    groups: Mapping[str, Words]
    items: Mapping[str, Item]
    revision: str


@dataclass(frozen=True)
class Reason:
    """Why a contact is drawn, or a reminder left out."""

    code: str
    label: Words
    weight: int = 0


@dataclass(frozen=True)
class Sampling:
    """The figures of the draw."""

    random_ppm: int
    random_least: int
    risk_most: int
    double_ppm: int
    kappa_from: int
    new_days: int
    silent_seconds: int
    silent_ppm: int
    refused_least: int
    reasons: Mapping[str, Reason]
    revision: str


@dataclass(frozen=True)
class ReminderPolicy:
    """When and by which channel a customer in good standing is reminded."""

    days_before: int
    channels: tuple[Channel, ...]
    frame: str
    debits_ok: int
    reasons: Mapping[str, Reason]


@dataclass(frozen=True)
class SelfCurePolicy:
    """How the leaving alone of likely self-cures is measured."""

    held_out_ppm: int
    window_days: int
    seed: str


FIGURES = ("random_ppm", "random_least", "risk_most", "double_ppm", "kappa_from", "new_days", "silent_seconds",
           "silent_ppm", "refused_least")  # fmt: skip


@cache
def load_scorecard() -> Scorecard:
    """The shipped scorecard. Raises `WrongFiles`."""
    return read_scorecard(HERE / "scorecard.yaml")


def read_scorecard(path: Path) -> Scorecard:
    """Read a scorecard: every item in a known group, in both languages, with two anchors at least. Raises `WrongFiles`."""
    reading = Reading(path, f"quality/{path.name}")
    if reading.faults or not reading.keys(reading.data, ("groups", "items")) or reading.faults:
        raise WrongFiles(reading.faults)
    groups = {code: _words(reading, said, code) for code, said in reading.data["groups"].items()}
    items = {code: _item(reading, code, said, groups) for code, said in reading.data["items"].items()}
    if reading.faults:
        raise WrongFiles(reading.faults)
    return Scorecard(groups, {code: item for code, item in items.items() if item}, _revision(path))


def _item(reading: Reading, code: str, said: Any, groups: Mapping[str, Words]) -> Item | None:
    if not reading.keys(said, ("group", "label", "anchors"), ("critical",), code):
        return None
    anchors = said.get("anchors")
    if said.get("group") not in groups:
        reading.wrong(said.line_of("group"), f"{code}: there is no group '{said.get('group')}'",
                      f"{code}：没有分组“{said.get('group')}”", "Add it to 'groups'.", "请在 groups 中补充。")  # fmt: skip
    if not isinstance(anchors, list) or len(anchors) < 2:  # noqa: PLR2004 - one score tells nothing apart
        reading.wrong(said.line_of("anchors"), f"{code} needs two anchors at least", f"{code} 至少需要两个评分说明",
                      "Say what each score means.", "请写明各分值的含义。")  # fmt: skip
        return None
    words = tuple(_words(reading, one, f"an anchor of {code}") for one in anchors)
    return Item(code, str(said["group"]), bool(said.get("critical")), reading.both(said, "label"), words)


def _words(reading: Reading, said: Any, where: str) -> Words:
    reading.keys(said, ("zh", "en"), (), where)
    return {"zh": str(said["zh"]), "en": str(said["en"])} if not reading.faults else {"zh": "", "en": ""}


@cache
def load_sampling() -> Sampling:
    """The shipped sampling policy. Raises `WrongFiles`."""
    return read_sampling(HERE / "sampling.yaml")


def read_sampling(path: Path) -> Sampling:
    """Read a sampling policy. Raises `WrongFiles` with every fault."""
    reading = Reading(path, f"quality/{path.name}")
    if reading.faults or not reading.keys(reading.data, (*FIGURES, "reasons")) or reading.faults:
        raise WrongFiles(reading.faults)
    most = [numbers.PPM if key.endswith("_ppm") else LARGEST for key in FIGURES]
    figures = {key: numbers.whole(reading, reading.data, key, limit) for key, limit in zip(FIGURES, most, strict=True)}
    reasons = _reasons(reading, ("weight",))
    if reading.faults:
        raise WrongFiles(reading.faults)
    return Sampling(**figures, reasons=reasons, revision=_revision(path))


def _reasons(reading: Reading, more: tuple[str, ...] = ()) -> Mapping[str, Reason]:
    found = {}
    for code, said in reading.data["reasons"].items():
        if reading.keys(said, ("zh", "en", *more), (), code):
            found[code] = Reason(code, {"zh": str(said.get("zh")), "en": str(said.get("en"))}, said.get("weight", 0))
    return found


@cache
def load_reminders() -> ReminderPolicy:
    """The shipped policy of reminders. Raises `WrongFiles`."""
    return read_reminders(HERE / "reminders.yaml")


def read_reminders(path: Path) -> ReminderPolicy:
    """Read a policy of reminders. Raises `WrongFiles` with every fault."""
    reading = Reading(path, f"quality/{path.name}")
    needed = ("days_before", "channels", "frame", "debits_ok", "reasons")
    if reading.faults or not reading.keys(reading.data, needed) or reading.faults:
        raise WrongFiles(reading.faults)
    said = reading.data
    names = [str(name) for name in said["channels"]]
    for name in [name for name in names if name not in Channel.__members__]:
        reading.wrong(said.line_of("channels"), f"'{name}' is no channel", f"“{name}”不是渠道",
                      f"Known: {', '.join(Channel.__members__)}.", f"可填：{'、'.join(Channel.__members__)}。")  # fmt: skip
    days, debits = (numbers.whole(reading, said, key, LARGEST) for key in ("days_before", "debits_ok"))
    reasons = _reasons(reading)
    if reading.faults:
        raise WrongFiles(reading.faults)
    return ReminderPolicy(days, tuple(Channel[name] for name in names), str(said["frame"]), debits, reasons)


@cache
def load_self_cure() -> SelfCurePolicy:
    """The shipped policy. Raises `WrongFiles`."""
    return read_self_cure(HERE / "self_cure.yaml")


def read_self_cure(path: Path) -> SelfCurePolicy:
    """Read the policy of measuring self-cures. Raises `WrongFiles` with every fault."""
    reading = Reading(path, f"quality/{path.name}")
    if reading.faults or not reading.keys(reading.data, ("held_out_ppm", "window_days", "seed")) or reading.faults:
        raise WrongFiles(reading.faults)
    share = numbers.whole(reading, reading.data, "held_out_ppm", numbers.PPM)
    days = numbers.whole(reading, reading.data, "window_days", LARGEST)
    if reading.faults:
        raise WrongFiles(reading.faults)
    return SelfCurePolicy(share, days, str(reading.data["seed"]))


def _revision(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
