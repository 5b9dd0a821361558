"""Goes through a batch of like cases for a court, each in a transaction of its own; stopped or cut off, it goes on."""

from __future__ import annotations

from fairdue.core.errors import Lang
from fairdue.jobs.progress import Report, silent
from fairdue.store.actions import filing
from fairdue.store.models import FilingBatch, User


def run_batch(user: User, batch_id: int, lang: Lang = "zh", progress: Report = silent) -> FilingBatch:
    """Do what is left of a batch, until it is done or somebody stops it. Raises `NotYours`. Run twice at once, it is safe."""
    batch = filing.get_batch(user, batch_id)
    while batch.state not in {"DONE", "STOPPED"}:
        progress("prepare", batch.position, len(batch.cases))
        batch = filing.step_on(user, batch_id, lang)
    progress("prepare", batch.position, len(batch.cases))
    return batch
