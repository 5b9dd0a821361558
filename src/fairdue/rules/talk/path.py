"""Where a talk stands after some steps: the node, what is ticked, what was heard, and which outcome suggests itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from fairdue.rules.talk.graph import TODAY, Graph

BACK = "<back"
FRAME = "frame:"


@dataclass(frozen=True)
class Step:
    """One step as it is kept."""

    node: str
    answer: str
    to: str


@dataclass(frozen=True)
class Standing:
    """Where the talk is. `passed` are the steps that led here, without those that were taken back."""

    node: str
    passed: tuple[Step, ...] = ()
    confirmed: bool = False
    ticks: frozenset[int] = frozenset()
    heard: dict[str, str] = field(default_factory=dict)
    outcome: str = ""
    remind: bool = False
    frames: tuple[str, ...] = ()


def follow(graph: Graph, start: str, steps: Iterable[Step], today: str) -> Standing:
    """Replay the steps. What no longer stands in the graph is passed over, so that an old talk can still be read."""
    passed: list[Step] = []
    frames: list[str] = []
    for step in steps:
        if step.answer == BACK:
            passed = passed[:-1]
        elif step.answer.startswith(FRAME):
            frames.append(step.answer.removeprefix(FRAME))
        elif step.node in graph.nodes and step.to in graph.nodes:
            passed.append(step)
    return _standing(graph, start, tuple(passed), tuple(dict.fromkeys(frames)), today)


def _standing(graph: Graph, start: str, passed: tuple[Step, ...], frames: tuple[str, ...], today: str) -> Standing:
    node = passed[-1].to if passed else graph.start[start]
    ticks: set[int] = set()
    heard: dict[str, str] = {}
    outcome, confirmed, remind = "", False, False
    for step in passed:
        here = graph.nodes[step.node]
        answer = here.answer(step.answer)
        ticks |= here.ticks
        heard |= here.learns
        if answer is not None:
            heard |= answer.learns
            outcome = answer.outcome or outcome
            confirmed |= answer.confirms
            remind = answer.sets == "remind" or (remind and answer.outcome != "RPC_PTP")
    heard = {name: today if value == TODAY else value for name, value in heard.items()}
    return Standing(node, passed, confirmed, frozenset(ticks), heard, outcome, remind, frames)
