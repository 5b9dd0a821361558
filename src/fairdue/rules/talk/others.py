"""Loads what is said to people beside the borrower: narrow words for those who owe nothing, careful ones for those who do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fairdue.core.codes import Party
from fairdue.core.errors import Lang
from fairdue.rules.reading import Reading, WrongFiles
from fairdue.rules.scripts import DEBT_WORDS, approved
from fairdue.rules.talk.shown import not_among, slots_of

FILE = Path(__file__).parent / "others.yaml"
OWE_NOTHING = (Party.CONTACT, Party.HEIR)  # an heir answers with the estate, not with his own money
PEOPLE_HERE = frozenset({"lender", "collector", "person", "other"})
OF_DEBT = frozenset({"amount", "due_date", "days"})
AFTER_IDENTITY = 2  # place of the first block that may name the debt


@dataclass(frozen=True)
class Said:
    """One step of the talk with its words."""

    title: Mapping[Lang, str]
    text: Mapping[Lang, str]
    after_identity: bool


@cache
def load_others() -> Mapping[Party, tuple[Said, ...]]:
    """The words by who the person is. Raises `WrongFiles`."""
    reading = Reading(FILE, f"talk/{FILE.name}")
    said = reading.data
    found: dict[Party, tuple[Said, ...]] = {}
    if reading.keys(said, ("approved", "scripts"), (), "the file"):
        approved(reading, said)
        for name, blocks in said["scripts"].items():
            if name not in Party.__members__:
                not_among(reading, said["scripts"].line_of(name), name, Party.__members__)
                continue
            party = Party[name]
            found[party] = tuple(_block(reading, party, n, one) for n, one in enumerate(blocks))
    if reading.faults:
        raise WrongFiles(reading.faults)
    return found


def _block(reading: Reading, party: Party, n: int, said: Any) -> Said:
    if not reading.keys(said, ("title", "text"), (), "a step"):
        return Said({}, {}, after_identity=False)
    title, text = reading.both(said, "title"), reading.both(said, "text")
    after = party not in OWE_NOTHING and n >= AFTER_IDENTITY
    for slot in sorted(slots_of(text) - PEOPLE_HERE - (OF_DEBT if after else frozenset())):
        not_among(reading, said.line_of("text"), f"{{{slot}}}", sorted(PEOPLE_HERE))
    if not after and any(DEBT_WORDS.search(words) for words in text.values()):
        reading.wrong(said.line_of("text"), "this may not speak of the debt", "此处不得提及债务",
                      "Say only what may be said to anybody.", "只写可以对任何人说的话。")  # fmt: skip
    return Said(title, text, after)
