"""Loads a file: read in chunks, parse, stage; publish when the whole file is staged.

A kill at any moment leaves the book as it was; the same file again goes on to the same end. Memory is bounded by the chunk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
from django.conf import settings

from fairdue import intake
from fairdue.jobs.progress import Report, silent
from fairdue.store.actions import load
from fairdue.store.columns import columns, drop
from fairdue.store.models import Batch, Organisation
from fairdue.store.staging import staged

CHUNK = 50_000


@dataclass(frozen=True)
class Expected:
    """Control totals the sender announced; None: not announced."""

    rows: int | None = None
    total: int | None = None


@dataclass(frozen=True)
class Loaded:
    """What became of a file."""

    batch: Batch
    again: bool  # the same file had been loaded before: nothing was changed


def import_file(
    lender: Organisation,
    path: Path,
    mapping_name: str,
    *,
    as_of: date | None,
    actor: str,
    expected: Expected = Expected(),
    progress: Report = silent,
) -> Loaded:
    """Load one file for a lender. Raises a `Fault` for what is wrong with the file as a whole.

    Rows that cannot be loaded are written, with the reason, to a file that can be mended and loaded again.
    """
    mapping = intake.load_mapping(mapping_name)
    source = intake.open_source(path, mapping)
    identity = load.FileIdentity(
        lender, mapping.kind, path.name, source.sha256, mapping.name, mapping.revision, as_of
    )
    batch = load.open_batch(identity, actor)
    if batch.state == "LOADED":
        return Loaded(batch, again=True)
    counts = _stage(source, mapping, identity, expected, progress)
    load.publish(batch, identity.stage, counts, actor)
    return Loaded(batch, again=False)
