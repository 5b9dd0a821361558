"""Reads YAML so that every value still knows its line, and a key written twice is a fault: the last does not win."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from fairdue.core.errors import Fault
from fairdue.intake.faults import BadYaml, TwoForOne


@dataclass(frozen=True)
class At:
    """A value of the file and the line it stands in. Mappings hold `At` by key, lists hold `At`."""

    value: Any
    line: int

    def plain(self) -> Any:
        """The value without lines."""
        if isinstance(self.value, dict):
            return {key: at.plain() for key, at in self.value.items()}
        if isinstance(self.value, list):
            return [at.plain() for at in self.value]
        return self.value


def read(text: str, file: str, faults: list[Fault]) -> At | None:
    """The file as a tree; what is wrong is added to `faults`. None when it cannot be read at all."""
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):  # a few of them unfold to more than fits the memory
                line = event.start_mark.line + 1 if event.start_mark else 1
                faults.append(BadYaml(file=file, line=line, problem="references (*) are not read"))
                return None
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it cannot be read"
        faults.append(BadYaml(file=file, line=mark.line + 1 if mark else 1, problem=problem))
        return None
    if node is None:
        return At({}, 1)
    return _at(node, file, faults)


def _at(node: Node, file: str, faults: list[Fault]) -> At:
    line = node.start_mark.line + 1
    if isinstance(node, MappingNode):
        return At(_mapping(node, file, faults), line)
    if isinstance(node, SequenceNode):
        return At([_at(child, file, faults) for child in node.value], line)
    return At(_scalar(node), line)


def _mapping(node: MappingNode, file: str, faults: list[Fault]) -> dict[str, At]:
    found: dict[str, At] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + 1
        if key in found:
            faults.append(TwoForOne(file=file, line=line, key=key, first=lines[key]))
            continue
        found[key] = At(_at(value_node, file, faults).value, line)
        lines[key] = line
    return found


def _scalar(node: Node) -> str | int | bool | None:
    """Text, except for what YAML clearly says is a whole number, yes/no or nothing: `2026-09-30` stays text."""
    if not isinstance(node, ScalarNode):
        return None
    if node.tag.endswith(":null"):
        return None
    if node.tag.endswith(":bool"):
        return node.value.lower() in {"yes", "true", "on"}
    if node.tag.endswith(":int") and node.value.lstrip("-").isdecimal():
        return int(node.value)
    return str(node.value)
