"""Ways off the normal work as data: what stops, who is told, evidence, clock, decisions, and how normal work resumes."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fairdue.core.codes import Role
from fairdue.core.errors import Lang
from fairdue.core.tracks import Then
from fairdue.rules.clocks import Clock
from fairdue.rules.outcomes import Outcomes, load_outcomes
from fairdue.rules.reading import Reading, WrongFiles
from fairdue.rules.tracks.parts import Choice, EvidenceKind, Extension, Tell, read_parts

HERE = Path(__file__).parent
NEEDED = ("id", "zh", "en", "meaning", "stops", "tells", "evidence", "clock", "decisions", "resumes")
OPTIONAL = ("extensions", "sensitive", "never", "follows_person")
STOPS = ("DISPUTE", "CLAIMS_PAID", "CEASE", "PAUSE", "none")


@dataclass(frozen=True)
class TrackKind:
    """One way off the normal work. `stop` is the kind of stop it puts on the case; empty: it stops nothing."""

    id: str
    title: Mapping[Lang, str]
    meaning: Mapping[Lang, str]
    stop: str
    tells: tuple[Tell, ...]
    evidence: tuple[EvidenceKind, ...]
    clock: Clock
    extensions: tuple[Extension, ...]
    decisions: tuple[Choice, ...]
    resumes: Mapping[Lang, str]
    never: Mapping[Lang, str]
    sensitive: bool
    follows_person: bool  # its stop outlives the case: it is about the person, not about this debt
    revision: str

    def choice(self, code: str) -> Choice | None:
        """A decision by its code."""
        return next((choice for choice in self.decisions if choice.code == code), None)

    @property
    def deciders(self) -> frozenset[Role]:
        """Whoever may take at least one of the decisions."""
        return frozenset(role for choice in self.decisions for role in choice.by)

    @property
    def lifters(self) -> frozenset[Role]:
        """Who may let normal work resume: whoever may decide that it does; where nobody may, whoever decides at all."""
        resuming = frozenset(role for choice in self.decisions if choice.then == Then.RESUME for role in choice.by)
        return resuming or self.deciders


@cache
def load_tracks() -> Mapping[str, TrackKind]:
    """Load the shipped tracks by id, and check that every outcome that opens one agrees with it. Raises `WrongFiles`."""
    return read_tracks(sorted(HERE.glob("*.yaml")), load_outcomes())


def read_tracks(paths: Collection[Path], outcomes: Outcomes) -> Mapping[str, TrackKind]:
    """Read tracks from files. Raises `WrongFiles` with every fault, each with its file and line."""
    readings = [Reading(path, f"tracks/{path.name}") for path in paths]
    found: dict[str, TrackKind] = {}
    for path, reading in zip(paths, readings, strict=True):
        kind = _track(reading, hashlib.sha256(path.read_bytes()).hexdigest())
        if kind is not None and kind.id in found:
            reading.wrong(reading.data.line_of("id"), f"the id {kind.id} stands twice", f"编号 {kind.id} 重复",
                          "Give it an id of its own.", "请使用不重复的编号。")  # fmt: skip
        if kind is not None:
            found[kind.id] = kind
            _agrees(reading, kind, outcomes)
    _opened(readings, found, outcomes)
    faults = [fault for reading in readings for fault in reading.faults]
    if faults:
        raise WrongFiles(faults)
    return found


def _track(reading: Reading, revision: str) -> TrackKind | None:
    if reading.faults or not reading.keys(reading.data, NEEDED, OPTIONAL):
        return None
    said = reading.data
    parts = read_parts(reading, said)
    if said["stops"] not in STOPS:
        reading.wrong(said.line_of("stops"), f"'stops' cannot be '{said['stops']}'", f"stops 取值“{said['stops']}”无效",
                      f"Write one of {', '.join(STOPS)}.", f"可填：{'、'.join(STOPS)}。")  # fmt: skip
    meaning, resumes = reading.both(said, "meaning"), reading.both(said, "resumes")
    never: Mapping[Lang, str] = reading.both(said, "never") if "never" in said else {"zh": "", "en": ""}
    if reading.faults or parts is None:
        return None
    return TrackKind(
        said["id"], {"zh": said["zh"], "en": said["en"]}, meaning, "" if said["stops"] == "none" else said["stops"],
        *parts, resumes, never, said.get("sensitive", False) is True,
        said.get("follows_person", False) is True, revision,
    )  # fmt: skip


def _agrees(reading: Reading, kind: TrackKind, outcomes: Outcomes) -> None:
    """Check that an outcome stops what its track stops: the two are written in two files."""
    for outcome in outcomes.all.values():
        if outcome.track == kind.id and outcome.stop != kind.stop:
            reading.wrong(reading.data.line_of("stops"), f"{outcome.code} opens it and stops '{outcome.stop or 'none'}'",
                          f"结果码 {outcome.code} 开启本处理，但其停催为“{outcome.stop or 'none'}”",
                          "Make outcomes.yaml and the track say the same.", "请使 outcomes.yaml 与本文件一致。")  # fmt: skip


def _opened(readings: list[Reading], found: Mapping[str, TrackKind], outcomes: Outcomes) -> None:
    if any(reading.faults for reading in readings):
        return  # a track that cannot be read is no track that is missing
    wanted = {outcome.track: outcome.code for outcome in outcomes.all.values() if outcome.track}
    for track in sorted(wanted.keys() - found.keys()):
        readings[0].wrong(1, f"outcome {wanted[track]} opens {track}, which is no track",
                          f"结果码 {wanted[track]} 所开启的 {track} 不存在",
                          "Write the track, or take it out of outcomes.yaml.",
                          "请补充该处理文件，或从 outcomes.yaml 中删除。")  # fmt: skip
