"""Approved scripts: what is said, in which order, in both languages; slots are filled from facts only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fairdue.core.errors import Lang
from fairdue.rules.reading import Reading, WrongFiles

FILE = Path(__file__).parent / "scripts.yaml"
BLOCKS = ("open", "identity", "tell", "listen", "ask", "close")
BEFORE_IDENTITY = ("open", "identity")
OPEN_SLOTS = frozenset({"lender", "collector", "person"})
DEBT_SLOTS = frozenset({"amount", "due_date", "days"})
SLOT = re.compile(r"\{(\w+)\}")
TITLES: Mapping[str, Mapping[Lang, str]] = {
    "open": {"zh": "开场", "en": "Opening"},
    "identity": {"zh": "核实身份", "en": "Identity"},
    "tell": {"zh": "告知", "en": "What is owed"},
    "listen": {"zh": "倾听原因", "en": "Listen"},
    "ask": {"zh": "商定还款", "en": "Agree"},
    "close": {"zh": "结束", "en": "Close"},
}


@dataclass(frozen=True)
class Block:
    """One step of the talk, with its words in both languages."""

    name: str
    title: Mapping[Lang, str]
    text: Mapping[Lang, str]
    after_identity: bool

    def filled(self, lang: Lang, facts: Mapping[str, str]) -> str:
        """The words with the case's facts in them."""
        return self.text[lang].format_map(facts)


@dataclass(frozen=True)
class Scripts:
    """All scripts, the opening checklist, and what is never said."""

    blocks: Mapping[str, tuple[Block, ...]]
    checklist: tuple[Mapping[Lang, str], ...]
    never: tuple[Mapping[Lang, str], ...]
    version: int


@cache
def load_scripts() -> Scripts:
    """The shipped scripts. Raises `WrongFiles`."""
    return read_scripts(FILE)


def read_scripts(path: Path) -> Scripts:
    """The scripts in a file, checked: both languages, known slots, no debt before identity."""
    reading = Reading(path, path.name)
    reading.keys(reading.data, ("approved", "checklist", "never", "scripts"), (), "the scripts")
    if reading.faults:
        raise WrongFiles(reading.faults)
    said = reading.data
    blocks = {name: _blocks(reading, name, script) for name, script in said["scripts"].items()}
    if reading.faults:
        raise WrongFiles(reading.faults)
    return Scripts(blocks, tuple(said["checklist"]), tuple(said["never"]), int(said["approved"]["version"]))


def _blocks(reading: Reading, name: str, script: Any) -> tuple[Block, ...]:
    if not reading.keys(script, BLOCKS, (), f"script {name}"):
        return ()
    made = []
    for block in BLOCKS:
        text = reading.both(script, block)
        allowed = OPEN_SLOTS if block in BEFORE_IDENTITY else OPEN_SLOTS | DEBT_SLOTS
        for slot in sorted(set(SLOT.findall(text["zh"] + text["en"])) - allowed):
            reading.wrong(script.line_of(block), f"'{{{slot}}}' may not stand in '{block}' of {name}", f"{name} 的“{block}”不得使用 {{{slot}}}",
                          "Before identity is confirmed nothing about the debt is said.", "核实身份前不得提及债务信息。")  # fmt: skip
        made.append(Block(block, TITLES[block], text, block not in BEFORE_IDENTITY))
    return tuple(made)
