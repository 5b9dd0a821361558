"""How a sender's file is to be read: which column becomes which."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from fairdue.intake import faults as fault
from fairdue.intake.canonical import Column


@dataclass(frozen=True)
class Target:
    """One canonical column as this mapping reads it. The first of `sources` that the file has is used (`sum`: all)."""

    column: Column
    sources: tuple[str, ...]
    parser: str
    options: Dict[str, Any]
    default: Any = None
    required: bool = False


@dataclass(frozen=True)
class Mapping:
    """A checked mapping. `revision` is the SHA-256 of its text: part of the identity of whatever is loaded by it."""

    name: str
    kind: str
    revision: str
    targets: tuple[Target, ...]
    ignored: tuple[str, ...] = ()
    sheet: str | None = None
    header_row: int = 1
    currency: str | None = None
    exponent: int | None = None
    title: Dict[str, str] = field(default_factory=dict)

    def missing(self, columns: Sequence[str]) -> list[str]:
        """What the mapping needs and a file with these columns does not have, as the file would call it."""
        have = {folded(column) for column in columns}
        lacking = [t for t in self.targets if t.required and t.default is None and not _any_in(t.sources, have)]
        return [" / ".join(t.sources) for t in lacking]

    def knows(self, columns: Sequence[str]) -> bool:
        """Whether any of these columns means something to the mapping."""
        named = {folded(s) for t in self.targets for s in t.sources} | {folded(s) for s in self.ignored}
        return any(folded(column) in named for column in columns)

    def notices(self, columns: Sequence[str]) -> tuple[fault.Notice, ...]:
        """What is worth knowing about a file with these columns, and no reason to stop."""
        chosen = {name for target in self.targets for name in chosen_sources(target, columns)}
        ignored = {folded(name) for name in self.ignored}
        unused = [name for name in columns if name not in chosen and folded(name) not in ignored]
        found: list[fault.Notice] = []
        if unused:
            found.append(fault.UnusedColumns(columns=", ".join(unused)))
        if self.kind == "book" and not any(
            t.column.name == "oldest_unpaid_due" and chosen_sources(t, columns) for t in self.targets
        ):
            found.append(fault.NothingSaysHowLate())
        return tuple(found)


def folded(name: str) -> str:
    """A column's name as it is compared: full-width forms, case and spaces do not matter."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def chosen_sources(target: Target, columns: Sequence[str]) -> list[str]:
    """The columns of the file that a target is read from; none when the file has none of them."""
    by_name = {folded(column): column for column in columns}
    found = [by_name[folded(source)] for source in target.sources if folded(source) in by_name]
    return found if target.options.get("sum") else found[:1]


def _any_in(sources: Sequence[str], have: set[str]) -> bool:
    return any(folded(source) in have for source in sources)
