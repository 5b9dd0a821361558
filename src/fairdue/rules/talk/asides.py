"""Loads what stands beside the words: ways of asking, consequences, answers to objections, and cards of knowledge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fairdue.core.errors import Lang
from fairdue.rules.reading import Lines, Reading, WrongFiles
from fairdue.rules.scripts import DEBT_WORDS, SLOT, approved
from fairdue.rules.talk.graph import load_graph
from fairdue.rules.talk.shown import (
    CONFIDENCE,
    DEBT,
    Shown,
    Situation,
    Slots,
    checked_text,
    not_among,
    read_shown,
    slots_of,
    vocabulary,
)

HERE = Path(__file__).parent
KINDS = ("law", "product", "arithmetic")
Text = Mapping[Lang, str]
NO_TEXT: Text = {"zh": "", "en": ""}


@dataclass(frozen=True)
class Aside:
    """One text beside the talk. `backing` says what it rests on: evidence of a frame, the law of a consequence."""

    id: str
    title: Text
    text: Text
    shown: Shown
    backing: Text
    confidence: str
    before_identity: bool = False
    to: str = ""


@dataclass(frozen=True)
class Card:
    """Something to know, with its source."""

    id: str
    kind: str
    title: Text
    text: Text
    shown: Shown
    source: Text
    link: str
    seen: str
    confidence: str


@dataclass(frozen=True)
class Asides:
    """Everything that may stand beside a node."""

    frames: tuple[Aside, ...]
    consequences: tuple[Aside, ...]
    objections: tuple[Aside, ...]


def fitting(asides: tuple[Aside, ...], situation: Situation, slots: Slots) -> tuple[Aside, ...]:
    """Those that may be shown now."""
    return tuple(one for one in asides if one.shown.holds(situation, slots))


@cache
def load_asides() -> Asides:
    """The shipped asides. Raises `WrongFiles`."""
    return read_asides(HERE / "asides.yaml")


@cache
def load_cards() -> tuple[Card, ...]:
    """The shipped cards. Raises `WrongFiles`."""
    return read_cards(HERE / "cards.yaml")


def read_asides(path: Path) -> Asides:
    """Read asides. Raises `WrongFiles` with every fault."""
    reading = Reading(path, path.name)
    if reading.faults or not reading.keys(reading.data, ("approved", "frames", "objections", "consequences")):
        raise WrongFiles(reading.faults)
    said: Any = reading.data
    approved(reading, said)
    kinds = {kind: tuple(_aside(reading, said[kind], name, kind) for name in said[kind])
             for kind in ("frames", "consequences", "objections")}  # fmt: skip
    if reading.faults:
        raise WrongFiles(reading.faults)
    return Asides(**kinds)


KEYS = {
    "frames": (("title", "when", "text", "evidence"), ("needs",)),
    "consequences": (("title", "when", "text", "law", "confidence"), ("needs",)),
    "objections": (("says", "text"), ("needs", "before_identity", "law", "confidence", "to", "when")),
}


def _aside(reading: Reading, parent: Lines, name: str, kind: str) -> Aside:
    said: Any = parent[name]
    needed, allowed = KEYS[kind]
    if not reading.keys(said, [k for k in needed if k != "when"], [*allowed, "when"], f"{kind}, {name}"):
        return Aside(name, NO_TEXT, NO_TEXT, Shown(), NO_TEXT, "M")
    shown, text = read_shown(reading, said, vocabulary()), checked_text(reading, said, "text")
    early = said.get("before_identity") is True
    _facts(reading, said, name, text, shown, early=early)
    if said.get("to") and said["to"] not in load_graph().nodes:
        not_among(reading, said.line_of("to"), said["to"], load_graph().nodes)
    backing, confidence = _backing(reading, said)
    title = reading.both(said, "says" if kind == "objections" else "title")
    return Aside(name, title, text, shown, backing, confidence, early, str(said.get("to") or ""))


def _facts(reading: Reading, said: Lines, name: str, text: Text, shown: Shown, *, early: bool) -> None:
    """A fact of the debt beyond amount, due date and days is asked for; nothing of the debt is said before identity."""
    special = slots_of(text) & DEBT - {"amount", "due_date", "days"}
    if special != shown.needs:
        reading.wrong(said.line, f"'{name}' must need exactly the facts it names: {', '.join(sorted(special)) or 'none'}",
                      f"“{name}”的 needs 须与文字所用信息一致", "Mend 'needs'.", "请修正“needs”。")  # fmt: skip
    told = sorted(slots_of(text) & DEBT) + [w for t in text.values() for w in DEBT_WORDS.findall(SLOT.sub("", t))]
    for word in told if early else ():
        reading.wrong(said.line, f"'{name}' says '{word}' before identity is confirmed", f"“{name}”在核实身份之前提到“{word}”",
                      "Leave it out.", "请删去。")  # fmt: skip


def _backing(reading: Reading, said: Lines) -> tuple[Text, str]:
    if "evidence" in said:
        evidence: Any = said["evidence"]
        if not reading.keys(evidence, ("text", "source", "confidence"), (), "'evidence'"):
            return NO_TEXT, "M"
        text = reading.both(evidence, "text")
        return {"zh": f"{text['zh']}（{evidence['source']}）", "en": f"{text['en']} ({evidence['source']})"}, _mark(
            reading, evidence
        )
    return (reading.both(said, "law"), _mark(reading, said)) if "law" in said else (NO_TEXT, "M")


def _mark(reading: Reading, said: Lines) -> str:
    if said.get("confidence") not in CONFIDENCE:
        not_among(reading, said.line_of("confidence"), said.get("confidence"), CONFIDENCE)
    return str(said.get("confidence"))


def read_cards(path: Path) -> tuple[Card, ...]:
    """Read cards. Raises `WrongFiles` with every fault."""
    reading = Reading(path, path.name)
    if reading.faults or not reading.keys(reading.data, ("cards",)):
        raise WrongFiles(reading.faults)
    said: Any = reading.data["cards"]
    known = vocabulary() | {"node": tuple(load_graph().nodes)}
    cards = tuple(_card(reading, said, name, known) for name in said)
    if reading.faults:
        raise WrongFiles(reading.faults)
    return cards


def _card(reading: Reading, parent: Lines, name: str, known: Mapping[str, Any]) -> Card:
    said: Any = parent[name]
    source: Any = said.get("source") if isinstance(said, Lines) else None
    fine = reading.keys(said, ("kind", "title", "text", "when", "source"), (), name)
    if not fine or not reading.keys(source, ("zh", "en", "seen", "confidence"), ("link",), "'source'"):
        return Card(name, "", NO_TEXT, NO_TEXT, Shown(), NO_TEXT, "", "", "M")
    if said["kind"] not in KINDS:
        not_among(reading, said.line_of("kind"), said["kind"], KINDS)
    return Card(name, said["kind"], reading.both(said, "title"), reading.both(said, "text"), read_shown(reading, said, known),
                {"zh": source["zh"], "en": source["en"]}, str(source.get("link") or ""), str(source["seen"]),
                _mark(reading, source))  # fmt: skip
