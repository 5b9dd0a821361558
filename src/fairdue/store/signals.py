"""Signs that several claims may have been written by one hand. A person looks at them; nothing else follows, ever."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from fairdue.rules.complaints import Signal, load_signals
from fairdue.store.models import Point, Track

PPM = 1_000_000
PIECE = 4  # characters of the pieces that texts are compared by


@dataclass(frozen=True)
class Sign:
    """One sign: how many other customers' claims look alike."""

    code: str
    count: int


def of_track(track: Track) -> tuple[Sign, ...]:
    """The signs of a claim that has just been made, from claims before it."""
    known = load_signals()
    count = {"SAME_WORDS": _same_words, "SAME_POINT": _same_point, "BURST": _burst}
    found = ((code, count[code](track, known[code])) for code in count if code in known)
    return tuple(Sign(code, number) for code, number in found if number >= known[code].least)


def _others(track: Track, among: int) -> QuerySet[Track]:
    since = track.since - timedelta(days=among - 1)
    others = Track.objects.filter(lender_id=track.lender_id, since__range=(since, track.since))
    return others.exclude(case__customer_id=track.case.customer_id)


def _same_words(track: Track, signal: Signal) -> int:
    mine = pieces(track.said)
    if len(track.said) < signal.shortest:
        return 0
    said = _others(track, signal.among).values_list("case__customer_id", "said")
    return len(
        {customer for customer, text in said.iterator() if similar_ppm(mine, pieces(text)) >= signal.similar_ppm}
    )


def pieces(text: str) -> frozenset[str]:
    """A text as the set of its overlapping pieces, without spaces and punctuation."""
    bare = "".join(sign for sign in text.casefold() if sign.isalnum())
    return frozenset(_pieces(bare))


def _pieces(bare: str) -> Iterator[str]:
    yield from (bare[i : i + PIECE] for i in range(max(1, len(bare) - PIECE + 1)))


def similar_ppm(one: frozenset[str], other: frozenset[str]) -> int:
    """Share of the pieces that both texts have (Jaccard), parts per million."""
    return len(one & other) * PPM // max(1, len(one | other))


def _same_point(track: Track, signal: Signal) -> int:
    mine = Point.objects.filter(person_id=track.case.customer_id).values("value_index")
    theirs = Point.objects.filter(value_index__in=mine).values("person_id")
    others = _others(track, signal.among).filter(case__customer_id__in=theirs)
    return others.values("case__customer_id").distinct().count()


def _burst(track: Track, signal: Signal) -> int:
    return _others(track, signal.among).filter(kind=track.kind).values("case__customer_id").distinct().count()
