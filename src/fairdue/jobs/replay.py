"""Goes through stored decisions and asks the guard again, by the rules kept for each: in bounded memory, resumable."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet

from fairdue.core.errors import Lang
from fairdue.jobs.progress import Report, silent
from fairdue.store.actions import replays
from fairdue.store.again import ask_again
from fairdue.store.models import Decision, Replay

AT_ONCE = 2_000
SHOWN = 100


@dataclass(frozen=True)
class Wanted:
    """Which decisions: of business dates (both included), of one case; nothing: all."""

    first: date | None = None
    last: date | None = None
    case_id: int | None = None

    @property
    def identity(self) -> str:
        """The same question has the same identity."""
        return sha256(f"{self.first}\n{self.last}\n{self.case_id}".encode()).hexdigest()

    def among(self) -> QuerySet[Decision]:
        """The decisions that were asked for, oldest first."""
        found = Decision.objects.order_by("pk")
        if self.first:
            found = found.filter(as_of__gte=self.first)
        if self.last:
            found = found.filter(as_of__lte=self.last)
        return found.filter(case_id=self.case_id) if self.case_id else found


def replay(wanted: Wanted, *, actor: str, at_once: int = AT_ONCE, progress: Report = silent) -> Replay:
    """Re-evaluate the decisions. A run that was stopped goes on; the same question after its end begins anew."""
    run = replays.begin(actor, wanted.identity)
    among = wanted.among().filter(pk__lte=run.last_id)
    total = among.count()
    while decisions := list(among.filter(pk__gt=run.position)[:at_once]):
        progress("replay", run.checked + run.untold, total)
        replays.advance(run, ask_again(decisions))
    progress("replay", total, total)
    replays.end(actor, run)
    return run


def as_dict(run: Replay) -> dict[str, Any]:
    """What was found; the first differences in full."""
    shown = run.differences.order_by("pk")[:SHOWN]
    return {
        "decisions": run.checked, "differing": run.differing, "untold": run.untold,
        "differences": [{"decision": one.decision_id, **json.loads(one.what)} for one in shown],
    }  # fmt: skip


def as_text(run: Replay, lang: Lang) -> str:
    """The same for reading."""
    zh = lang == "zh"
    head = (
        f"重放 {run.checked:,} 个决定：{run.differing:,} 个结果不同。"
        if zh
        else f"{run.checked:,} decisions asked again: {run.differing:,} come out otherwise."
    )
    lines = [head]
    if run.untold:
        lines.append(
            f"{run.untold:,} 个决定作出时尚未记录历史，无法重放。"
            if zh
            else f"{run.untold:,} were made before their past was recorded and cannot be asked again."
        )
    for one in run.differences.order_by("pk")[:SHOWN]:
        lines += [
            f"  {one.decision_id}",
            *(f"    {name}: {_said(part, lang)}" for name, part in json.loads(one.what).items()),
        ]
    return "\n".join(lines)


def _said(part: dict[str, Any], lang: Lang) -> str:
    if "stored" in part:
        return f"{json.dumps(part['stored'], ensure_ascii=False)} → {json.dumps(part['now'], ensure_ascii=False)}"
    return str(part[lang])
