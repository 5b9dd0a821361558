"""Replays of decisions: begun, taken further, ended; each step is kept, so that a stopped replay goes on where it was."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max

from fairdue.store import audit, clock
from fairdue.store.again import Outcome
from fairdue.store.models import Decision, Replay, ReplayDifference


@transaction.atomic
def begin(actor: str, identity: str) -> Replay:
    """The replay that was asked for: the one that was stopped, or a new one over all decisions there are now."""
    found = Replay.objects.filter(identity=identity, ended_at=None).order_by("-pk").first()
    if found is not None:
        return found
    last = Decision.objects.aggregate(last=Max("pk"))["last"] or 0
    made = Replay.objects.create(identity=identity, last_id=last, started_at=clock.wall())
    audit.write(actor, "replay.begin", "replay", made.pk, last_decision=last)
    return made


@transaction.atomic
def advance(replay: Replay, outcomes: Sequence[Outcome]) -> None:
    """Keep what a part of the decisions came to."""
    differing = [one for one in outcomes if one.told and not one.same]
    ReplayDifference.objects.bulk_create(
        ReplayDifference(replay=replay, decision_id=one.decision_id, what=json.dumps(one.as_dict(), ensure_ascii=False))
        for one in differing
    )
    replay.position = outcomes[-1].decision_id
    replay.checked += sum(one.told for one in outcomes)
    replay.untold += sum(not one.told for one in outcomes)
    replay.differing += len(differing)
    replay.save()


@transaction.atomic
def end(actor: str, replay: Replay) -> None:
    """The replay has gone through everything it was asked for."""
    replay.ended_at = clock.wall()
    replay.save(update_fields=["ended_at"])
    audit.write(actor, "replay.end", "replay", replay.pk, checked=replay.checked, differing=replay.differing,
                untold=replay.untold)  # fmt: skip
