"""A first look at a log: its columns, a few of its rows, and what each mapping would make of them."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from fairdue import intake
from fairdue.intake.faults import FileFault
from fairdue.intake.mapping import Mapping, chosen_sources
from fairdue.intake.source import TEXT

KIND = "contacts"
HEAD = 1 << 18  # bytes of a text file that are looked at
ROWS = 5


@dataclass(frozen=True)
class Seen:
    """What a mapping makes of the log. `missing`: what it needs and the log does not have. `read_as` by column."""

    name: str
    title: dict[str, str]
    missing: tuple[str, ...]
    read_as: dict[str, tuple[str, ...]]

    @property
    def fits(self) -> bool:
        """Whether the log can be read by it."""
        return not self.missing


@dataclass(frozen=True)
class Preview:
    """The first rows as text, and the mappings, the likeliest first."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    mappings: tuple[Seen, ...]

    def by(self, name: str) -> Seen:
        """The mapping of that name, or the likeliest."""
        return next((one for one in self.mappings if one.name == name), self.mappings[0])


def preview(path: Path) -> Preview:
    """Raises a `FileFault` for what is wrong with the file."""
    with tempfile.TemporaryDirectory(prefix="fairdue-head-") as folder:
        source = _open(path, Path(folder))
        frame = next(source.chunks(ROWS))
        rows = frame.select(pl.col(source.columns).fill_null("")).head(ROWS).rows()
    found = [_seen(intake.load_mapping(name), source.columns) for name in mappings()]
    found.sort(key=lambda one: (not one.fits, -len(one.read_as)))
    return Preview(source.columns, tuple(rows), tuple(found))


def mappings() -> tuple[str, ...]:
    """The shipped mappings for contact logs."""
    return tuple(name for name in intake.shipped() if intake.load_mapping(name).kind == KIND)


def _open(path: Path, folder: Path) -> intake.Source:
    """Of a text file only its head; where that alone cannot be read, all of it."""
    name = path.name.lower()
    if not name.endswith(TEXT):
        return intake.open_source(path, kind=KIND)
    with gzip.open(path) if name.endswith(".gz") else path.open("rb") as file:
        head = file.read(HEAD)
    part = folder / path.name.removesuffix(".gz")
    part.write_bytes(head if len(head) < HEAD else head[: head.rfind(b"\n") + 1])
    try:
        return intake.open_source(part, kind=KIND)
    except FileFault:
        return intake.open_source(path, kind=KIND)


def _seen(mapping: Mapping, columns: Sequence[str]) -> Seen:
    read_as: dict[str, tuple[str, ...]] = {}
    for target in mapping.targets:
        for source in chosen_sources(target, columns):
            read_as[source] = (*read_as.get(source, ()), target.column.name)
    return Seen(mapping.name, dict(mapping.title), tuple(mapping.missing(columns)), read_as)
