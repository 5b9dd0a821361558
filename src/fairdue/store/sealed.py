"""Ties decisions to the audit chain: what a row says of a decision, or of all decisions of a night, must be what is there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256

from fairdue.store.models import AuditRow, Decision

AT_ONCE = 500


def of_run(run_id: int) -> dict[str, object]:
    """How many decisions a night made, and one hash over the seals of all of them."""
    made, count = sha256(), 0
    for decision in Decision.objects.filter(run=run_id).order_by("pk").iterator(chunk_size=2_000):
        made.update(decision.seal().encode())
        count += 1
    return {"count": count, "sha256": made.hexdigest()}


def unlike(rows: Iterable[AuditRow]) -> Iterator[int]:
    """Numbers of the chain's rows whose decisions are not what they were when the row was written, rising."""
    single: dict[int, tuple[int, str]] = {}
    for row in rows:
        said = json.loads(row.data)
        if "decision" in said and "sha256" in said:
            single[row.pk] = (said["decision"], said["sha256"])
        elif row.verb == "night.publish" and "decisions" in said and of_run(row.subject_id or 0) != said["decisions"]:
            yield row.pk
    seals = dict(_seals(decision for decision, _ in single.values()))
    yield from (pk for pk, (decision, seal) in single.items() if seals.get(decision) != seal)


def _seals(ids: Iterable[int]) -> Iterator[tuple[int, str]]:
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), AT_ONCE):
        for decision in Decision.objects.filter(pk__in=wanted[start : start + AT_ONCE]):
            yield decision.pk, decision.seal()
