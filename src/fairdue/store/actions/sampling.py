"""Draw the contacts that are listened to: at random within each collector, and by risk; each says why it was drawn."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Max, Min

from fairdue.core import quality as kernel
from fairdue.core.dates import MINUTES, utc_of_local
from fairdue.core.tracks import TrackState
from fairdue.rules.quality import Sampling, load_sampling
from fairdue.store import audit, clock, heard
from fairdue.store.access import NotYours
from fairdue.store.models import Attempt, CaseFact, Decision, Organisation, Recording, Sample, Track
from fairdue.store.sound import Turn
from fairdue.wording import Verdict

Why = dict[str, int]  # code of the reason → its figure


@dataclass(frozen=True)
class Draw:
    """What was drawn: samples made, and contacts with a talk there were to draw from."""

    made: tuple[Sample, ...]
    among: int
    again: int  # contacts of the period that had been drawn before


@dataclass(frozen=True)
class Contacts:
    """The contacts of a period a draw may take, with what is known of them."""

    rows: tuple[Attempt, ...]
    risks: Mapping[int, Why] = field(default_factory=dict)


@transaction.atomic
def draw(actor: str, lender: Organisation, first: date, last: date) -> Draw:
    """Draw from the contacts of [first, last]. Drawn again it adds only what became known since."""
    policy, seed = load_sampling(), f"{lender.code} {first} {last}"
    rows = _talks(lender, first, last)
    risks = _risks(rows, policy)
    by_chance = _random(rows, seed, policy)
    rest = tuple(row for row in rows if row.pk not in by_chance)
    chosen = {pk: why | risks[pk] for pk, why in by_chance.items()} | _heaviest(rest, risks, seed, policy)
    old = set(Sample.objects.filter(attempt__in=[row.pk for row in rows]).values_list("attempt_id", flat=True))
    twice = _twice(sorted(chosen), seed, policy)
    now = clock.now_minute()
    made = tuple(
        Sample.objects.create(
            organisation=lender, attempt=row, collector_id=_operator(row), seed=seed, revision=policy.revision,
            kind=Sample.RANDOM if "RANDOM" in chosen[row.pk] else Sample.RISK, first_day=first, last_day=last,
            why=[[code, figure] for code, figure in chosen[row.pk].items()], drawn_at=now, double=row.pk in twice,
        )
        for row in rows if row.pk in chosen and row.pk not in old
    )  # fmt: skip
    audit.write(actor, "quality.draw", "organisation", lender.pk, first=first, last=last, seed=seed, among=len(rows),
                revision=policy.revision, samples=[sample.pk for sample in made])  # fmt: skip
    return Draw(made, len(rows), len(old & set(chosen)))


def _operator(row: Attempt) -> int:
    """Whoever held the contact: only contacts of people are drawn."""
    if row.operator_id is None:
        raise NotYours
    return row.operator_id


def _minute(day: date, zone: str) -> int:
    return utc_of_local((day - date(1970, 1, 1)).days * MINUTES, zone)


def _talks(lender: Organisation, first: date, last: date) -> tuple[Attempt, ...]:
    """Contacts of people of the period in which somebody talked, or of which there is a recording."""
    begin, end = _minute(first, lender.zone), _minute(last + timedelta(days=1), lender.zone)
    rows = Attempt.objects.filter(
        case__lender=lender, state=Attempt.CONFIRMED, at__gte=begin, at__lt=end, operator__isnull=False
    ).select_related("case__lender", "operator").order_by("pk")  # fmt: skip
    recorded = set(Recording.objects.filter(attempt__in=rows).values_list("attempt_id", flat=True))
    return tuple(row for row in rows if row.talked == 1 or row.answered == 1 or row.pk in recorded)


def _random(rows: tuple[Attempt, ...], seed: str, policy: Sampling) -> dict[int, Why]:
    if not rows:
        return {}
    numbers = np.array([row.pk for row in rows], np.int64)
    groups = np.array([row.operator_id for row in rows], np.int64)
    taken = kernel.drawn_by_group(numbers, groups, seed, policy.random_ppm, policy.random_least)
    return {int(number): {"RANDOM": 0} for number in numbers[taken]}


def _heaviest(rows: tuple[Attempt, ...], risks: Mapping[int, Why], seed: str, policy: Sampling) -> dict[int, Why]:
    """By collector the contacts with the heaviest risks, at most so many; equals by the draw."""
    if not rows:
        return {}
    order = dict(
        zip((row.pk for row in rows), kernel.hashes(np.array([row.pk for row in rows], np.int64), seed), strict=True)
    )
    weight = {pk: sum(policy.reasons[code].weight for code in why) for pk, why in risks.items()}
    of_collector = defaultdict(list)
    for row in rows:
        if risks.get(row.pk):
            of_collector[row.operator_id].append(row.pk)
    ranked = (
        sorted(mine, key=lambda pk: (-weight[pk], order[pk]))[: policy.risk_most] for mine in of_collector.values()
    )
    return {pk: dict(risks[pk]) for mine in ranked for pk in mine}


def _twice(numbers: list[int], seed: str, policy: Sampling) -> set[int]:
    """Those a second reviewer hears too."""
    chosen = kernel.drawn(np.array(numbers, np.int64), f"{seed} twice", policy.double_ppm)
    return {number for number, taken in zip(numbers, chosen, strict=True) if taken}


def _risks(rows: tuple[Attempt, ...], policy: Sampling) -> dict[int, Why]:
    """Per contact the reasons to listen to it, with their figures."""
    found: dict[int, Why] = {row.pk: {} for row in rows}
    for code, figures in (
        ("COMPLAINT", _complaints(rows)), ("WORDING", _wording(rows)), ("REFUSED", _refused(rows, policy)),
        ("VULNERABLE", _vulnerable(rows)), ("SILENT", _silent(rows, policy)), ("NEW", _new(rows, policy)),
    ):  # fmt: skip
        for pk, figure in figures.items():
            found[pk][code] = figure
    return found


def _complaints(rows: tuple[Attempt, ...]) -> dict[int, int]:
    """Contacts a complaint began with, and the collector's last one before a complaint about the case."""
    found = {}
    tracks = Track.objects.filter(kind="COMPLAINT", case__in=[row.case_id for row in rows])
    of_case: dict[int, list[Attempt]] = defaultdict(list)
    for row in rows:
        of_case[row.case_id].append(row)
    for track in tracks:
        before = [r for r in of_case[track.case_id] if clock.business_date(r.at, r.case.lender.zone) <= track.since]
        if before:
            found[max(before, key=lambda r: (r.at, r.pk)).pk] = track.pk
    return found


def _wording(rows: tuple[Attempt, ...]) -> dict[int, int]:
    """Contacts whose transcript, or whose note, the wording check found something in: the gravest verdict."""
    heard_rows = Recording.objects.filter(attempt__in=[row.pk for row in rows], verdict__gt=int(Verdict.PASS))
    found: dict[int, int] = dict(heard_rows.values_list("attempt_id").annotate(Max("verdict")))
    for row in rows:
        if row.note.strip():
            verdict = int(heard.finding(row, [Turn("collector", row.note)]).verdict)
            if verdict > found.get(row.pk, int(Verdict.PASS)):
                found[row.pk] = verdict
    return found


def _refused(rows: tuple[Attempt, ...], policy: Sampling) -> dict[int, int]:
    """Contacts on a day on which the guard refused the same collector several others with the same case."""
    refused = Decision.objects.filter(case__in=[row.case_id for row in rows], kind="contact", allowed=False)
    counts: Counter[tuple[int, date, int | None]] = Counter(refused.values_list("case_id", "as_of", "actor_id"))
    days = {row.pk: (row.case_id, clock.business_date(row.at, row.case.lender.zone), row.operator_id) for row in rows}
    return {pk: counts[key] for pk, key in days.items() if counts[key] >= policy.refused_least}


def _vulnerable(rows: tuple[Attempt, ...]) -> dict[int, int]:
    cases = [row.case_id for row in rows]
    facts = CaseFact.objects.filter(case__in=cases, name="vulnerable", superseded_by=None).exclude(value="NONE")
    open_tracks = Track.objects.filter(
        case__in=cases, kind__in=("VULNERABILITY", "ILLNESS"), state__in=(TrackState.OPEN, TrackState.HELD)
    )
    known = set(facts.values_list("case_id", flat=True)) | set(open_tracks.values_list("case_id", flat=True))
    return {row.pk: 1 for row in rows if row.case_id in known}


def _silent(rows: tuple[Attempt, ...], policy: Sampling) -> dict[int, int]:
    quiet = Recording.objects.filter(
        attempt__in=[row.pk for row in rows], seconds__gte=policy.silent_seconds, silent_ppm__gte=policy.silent_ppm
    )
    return dict(quiet.values_list("attempt_id").annotate(Max("silent_ppm")))


def _new(rows: tuple[Attempt, ...], policy: Sampling) -> dict[int, int]:
    """Contacts of collectors whose first one on record is not long ago: its age in days."""
    people = {row.operator_id for row in rows}
    began: dict[Any, int] = dict(
        Attempt.objects.filter(operator__in=people).values_list("operator_id").annotate(Min("at"))
    )
    ages = {row.pk: (row.at - began[row.operator_id]) // MINUTES for row in rows}
    return {pk: age for pk, age in ages.items() if age < policy.new_days}
