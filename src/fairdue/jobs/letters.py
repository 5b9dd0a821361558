"""Prints a batch of letters: each sealed by itself, then bound into print files. Cut off, it goes on where it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fairdue.jobs.progress import Report, silent
from fairdue.store.actions import letter_batches as acts
from fairdue.store.models import Letter, LetterBatch, LetterVolume, User


def print_batch(user: User, batch_id: int, progress: Report = silent) -> LetterBatch:
    """Issue what may be issued, bind it, list it. Raises `NotYours`. A batch that is done is given back as it is."""
    batch = acts.get(user, batch_id)
    if batch.state == "DONE":
        return batch
    batch = acts.begin(user, batch_id)
    rejects = _issue(batch, progress)
    if rejects is None:
        return acts.get(user, batch_id)
    bound = _bind(batch, progress)
    return acts.finish(batch, rejects, bound)


def _issue(batch: LetterBatch, progress: Report) -> list[dict[str, Any]] | None:
    """What was not issued and why; None when somebody stopped the work."""
    all_of = batch.letters.count()
    left = list(batch.letters.filter(number=None).order_by("place").values_list("pk", flat=True))
    rejects = []
    for done, letter_id in enumerate(left, 1):
        if LetterBatch.objects.filter(pk=batch.pk, state="STOPPED").exists():
            return None
        refused = acts.issue_one(batch, letter_id)
        if refused is not None:
            rejects.append(refused)
        progress("issue", all_of - len(left) + done, all_of)
    return rejects


def _bind(batch: LetterBatch, progress: Report) -> list[tuple[LetterVolume, Sequence[Letter]]]:
    """The print files; those that are there already stay as they are, and their letters with them."""
    there = batch.letters.exclude(number=None).exclude(state=Letter.WITHDRAWN)
    letters = list(there.select_related("file", "case__lender", "lender").order_by("place"))
    known = {volume.number: volume for volume in batch.volumes.select_related("file")}
    parts = [letters[at : at + acts.VOLUME] for at in range(0, len(letters), acts.VOLUME)]
    bound: list[tuple[LetterVolume, Sequence[Letter]]] = []
    for number, part in enumerate(parts, 1):
        bound.append((known.get(number) or acts.bind(batch, number, part), part))
        progress("bind", number, len(parts))
    return bound
