"""Loads the graph of a talk, and proves of it what no reader should have to check by hand.

Every node can be reached and leads to an end; nothing of the debt stands at a node that can be reached before identity is
confirmed; every fact, outcome and node that is named exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from fairdue.core.codes import Channel, Direction, Tone
from fairdue.core.errors import Lang
from fairdue.rules.outcomes import load_outcomes
from fairdue.rules.reading import Lines, Reading, WrongFiles
from fairdue.rules.scripts import DEBT_WORDS, SLOT, TITLES, Script, approved, load_scripts
from fairdue.rules.talk.facts import load_facts
from fairdue.rules.talk.shown import (
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

FILE = Path(__file__).parent / "graph.yaml"
ASIDES = ("frames", "consequences", "objections")
TODAY = "today"
STARTS = ("OUT", "IN", "TEXT")
SETS = ("remind",)
Text = Mapping[Lang, str]


@dataclass(frozen=True)
class Answer:
    """What is heard at a node and where it leads; `to` is empty where identity decides where the talk goes on."""

    id: str
    label: Text
    to: str
    learns: Mapping[str, str] = field(default_factory=dict)
    outcome: str = ""
    confirms: bool = False
    sets: str = ""


@dataclass(frozen=True)
class Node:
    """One step of a talk. Its words are a block of the script, or its own (for a tone, where it has such)."""

    id: str
    block: str
    title: Text
    text: Text
    by_tone: Mapping[Tone, Text]
    aside: tuple[str, ...]
    form: tuple[str, ...]
    ticks: frozenset[int]
    learns: Mapping[str, str]
    answers: tuple[Answer, ...]
    end: bool

    def words(self, script: Script | None, tone: int) -> Text:
        """The words in this tone."""
        if self.block and script is not None:
            return next(block.text for block in script.blocks if block.name == self.block)
        return self.by_tone.get(Tone(tone), self.text) if tone in set(Tone) else self.text

    def answer(self, name: str) -> Answer | None:
        """The answer of that id."""
        return next((one for one in self.answers if one.id == name), None)


@dataclass(frozen=True)
class Entry:
    """Where the talk goes once identity is confirmed, under a condition."""

    shown: Shown
    to: str


@dataclass(frozen=True)
class Graph:
    """The whole talk."""

    nodes: Mapping[str, Node]
    start: Mapping[str, str]  # OUT and IN for calls, TEXT for what is written
    entries: tuple[Entry, ...]

    def enter(self, situation: Situation, slots: Slots) -> str:
        """The first node after identity is confirmed."""
        return next(entry.to for entry in self.entries if entry.shown.holds(situation, slots))

    def before_identity(self) -> frozenset[str]:
        """Nodes that can be reached without an answer that confirms identity."""
        return _reached(self.start.values(), self._open_edges())

    def _open_edges(self) -> Mapping[str, frozenset[str]]:
        return {name: frozenset(a.to for a in node.answers if not a.confirms) for name, node in self.nodes.items()}

    def edges(self) -> Mapping[str, frozenset[str]]:
        """Where each node may lead."""
        entries = frozenset(entry.to for entry in self.entries)
        return {
            name: frozenset().union(*(entries if a.confirms else {a.to} for a in node.answers))
            for name, node in self.nodes.items()
        }


def _reached(first: Iterable[str], edges: Mapping[str, frozenset[str]]) -> frozenset[str]:
    seen: set[str] = set()
    todo = list(first)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += edges.get(name, ())
    return frozenset(seen)


def start_of(channel: int, direction: int) -> str:
    """Which start a contact has: a call out, a call in, or something written."""
    spoken = channel in {Channel.CALL, Channel.VISIT}
    return Direction(direction).name if spoken or direction == Direction.IN else "TEXT"


@cache
def load_graph() -> Graph:
    """The shipped graph. Raises `WrongFiles`."""
    return read_graph(FILE)


def read_graph(path: Path) -> Graph:
    """Read a graph. Raises `WrongFiles` with every fault, each with its line."""
    reading = Reading(path, path.name)
    needed = ("approved", "start", "after_identity", "nodes")
    if reading.faults or not reading.keys(reading.data, needed) or reading.faults:
        raise WrongFiles(reading.faults)
    said: Any = reading.data
    approved(reading, said)
    nodes = {name: node for name in said["nodes"] if (node := _node(reading, said["nodes"], name))}
    entries = [_entry(reading, one, nodes) for one in said["after_identity"]]
    start = {name: str(said["start"].get(name)) for name in STARTS}
    graph = Graph(nodes, start, tuple(entries))
    if not reading.faults:
        _proven(reading, said, graph)
    if reading.faults:
        raise WrongFiles(reading.faults)
    return graph


def _entry(reading: Reading, said: Any, nodes: Mapping[str, Node]) -> Entry:
    if not reading.keys(said, ("to",), ("aim", "needs"), "an entry"):
        return Entry(Shown(), "")
    if said["to"] not in nodes:
        not_among(reading, said.line_of("to"), said["to"], nodes)
    lines = Lines(said.line)
    if "aim" in said:
        when = Lines(said.line)
        when["aim"] = said["aim"]
        lines["when"] = when
    lines["needs"] = said.get("needs")
    return Entry(read_shown(reading, lines, vocabulary()), str(said["to"]))


NODE = ("block", "title", "text", "by_tone", "aside", "form", "ticks", "learns", "answers", "end")


def _node(reading: Reading, nodes: Lines, name: str) -> Node | None:
    said: Any = nodes[name]
    if not reading.keys(said, (), NODE, f"the node {name}"):
        return None
    block = str(said.get("block") or "")
    if block and block not in TITLES:
        not_among(reading, said.line_of("block"), block, TITLES)
    title: Text = TITLES[block] if block in TITLES else reading.both(said, "title")
    text: Text = {"zh": "", "en": ""} if block else checked_text(reading, said, "text")
    tones = said.get("by_tone") or Lines(said.line)
    by_tone = {Tone[tone]: checked_text(reading, tones, tone) for tone in tones if tone in Tone.__members__}
    _known(reading, said, "aside", ASIDES)
    _known(reading, said, "form", load_facts())
    _known(reading, said, "ticks", range(len(load_scripts().checklist)))
    answers = tuple(_answer(reading, one) for one in said.get("answers") or ())
    return Node(name, block, title, text, by_tone, tuple(said.get("aside") or ()), tuple(said.get("form") or ()),
                frozenset(said.get("ticks") or ()), _learns(reading, said), answers, said.get("end") is True)  # fmt: skip


def _known(reading: Reading, said: Lines, key: str, known: Any) -> None:
    for value in [v for v in said.get(key) or () if v not in known]:
        not_among(reading, said.line_of(key), value, known)


def _answer(reading: Reading, said: Any) -> Answer:
    if not reading.keys(said, ("id", "zh", "en"), ("to", "learns", "outcome", "confirms", "sets"), "an answer"):
        return Answer("", {"zh": "", "en": ""}, "")
    if said.get("outcome") and said["outcome"] not in load_outcomes().all:
        not_among(reading, said.line_of("outcome"), said["outcome"], load_outcomes().all)
    if said.get("sets") and said["sets"] not in SETS:
        not_among(reading, said.line_of("sets"), said["sets"], SETS)
    if bool(said.get("to")) == (said.get("confirms") is True):
        reading.wrong(said.line, "an answer leads to a node or confirms identity", "每个回答要么通向下一步，要么确认身份",
                      "Give 'to', or 'confirms: yes'.", "请填写“to”或“confirms: yes”。")  # fmt: skip
    return Answer(str(said["id"]), {"zh": said["zh"], "en": said["en"]}, str(said.get("to") or ""),
                  _learns(reading, said), str(said.get("outcome") or ""), said.get("confirms") is True,
                  str(said.get("sets") or ""))  # fmt: skip


def _learns(reading: Reading, said: Lines) -> Mapping[str, str]:
    learned: Any = said.get("learns") or {}
    for name, value in learned.items():
        known = load_facts().get(name)
        if known is None:
            not_among(reading, said.line_of("learns"), name, load_facts())
        elif not (known.values and value in known.values) and not (known.kind == "day" and value == TODAY):
            not_among(reading, said.line_of("learns"), value, known.values or [TODAY])
    return {str(name): str(value) for name, value in learned.items()}


def _proven(reading: Reading, said: Lines, graph: Graph) -> None:
    lines = said["nodes"].at
    for name in sorted({a.to for n in graph.nodes.values() for a in n.answers if a.to} - graph.nodes.keys()):
        not_among(reading, said.line_of("nodes"), name, graph.nodes)
    for name in [n for n in graph.start.values() if n not in graph.nodes]:
        not_among(reading, said.line_of("start"), name, graph.nodes)
    if not reading.faults:
        _reachable(reading, lines, graph)
        _silent(reading, lines, graph)
    if graph.entries and (graph.entries[-1].shown != Shown()):
        reading.wrong(said.line_of("after_identity"), "the last entry must hold always", "最后一项须无条件适用",
                      "Add an entry with 'to' alone.", "请补充仅含“to”的一项。")  # fmt: skip


def _reachable(reading: Reading, lines: Mapping[str, int], graph: Graph) -> None:
    edges = graph.edges()
    for name in sorted(graph.nodes.keys() - _reached(graph.start.values(), edges)):
        reading.wrong(
            lines[name],
            f"nothing leads to '{name}'",
            f"没有回答通向“{name}”",
            "Lead to it or remove it.",
            "请接通或删除。",
        )
    back: dict[str, frozenset[str]] = {name: frozenset(n for n in edges if name in edges[n]) for name in edges}
    ends = [name for name, node in graph.nodes.items() if node.end]
    for name in sorted(graph.nodes.keys() - _reached(ends, back)):
        reading.wrong(
            lines[name], f"'{name}' never comes to an end", f"“{name}”走不到结束", "Lead on to an end.", "请接到结束。"
        )


def _silent(reading: Reading, lines: Mapping[str, int], graph: Graph) -> None:
    """Nothing of the debt before identity: no fact of it, no word of it, no aside."""
    for name in sorted(graph.before_identity()):
        node = graph.nodes[name]
        for text in _all_words(node):
            told = sorted(slots_of(text) & DEBT) + [
                w for t in text.values() for w in DEBT_WORDS.findall(SLOT.sub("", t))
            ]
            for word in told:
                reading.wrong(lines[name], f"'{name}' says '{word}' before identity is confirmed",
                              f"“{name}”在核实身份之前提到“{word}”", "Move it behind the identity check.",
                              "请移到核实身份之后。")  # fmt: skip
        if set(node.aside) - {"objections"} or node.learns:
            reading.wrong(lines[name], f"'{name}' has asides before identity is confirmed", f"“{name}”在核实身份之前带有附注",
                          "Move them behind the identity check.", "请移到核实身份之后。")  # fmt: skip


def _all_words(node: Node) -> Sequence[Text]:
    if node.block:
        return [block.text for s in load_scripts().all.values() for block in s.blocks if block.name == node.block]
    return [node.text, *node.by_tone.values()]
