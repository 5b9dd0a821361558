"""The pages of quality: what waits to be heard, one contact with its words and its card, how it goes; never how many calls."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from django.db.models import Q

from fairdue.core import quality as kernel
from fairdue.core.codes import Role
from fairdue.core.errors import Lang
from fairdue.rules.quality import Item, Scorecard, load_sampling, load_scorecard
from fairdue.store import access, clock, heard, vault
from fairdue.store.actions import quality as acts
from fairdue.store.actions import recordings
from fairdue.store.models import Attempt, Recording, Review, Sample, Score, User
from fairdue.store.sound import Turn
from fairdue.wording.finding import Finding, Span, load_codes

SHOWN = 60
WEEKS = 12
NEEDS = (Sample.OPEN, Sample.FIRST, Sample.DIFFER)


@dataclass(frozen=True)
class Row:
    """A sample on a list."""

    sample: Sample
    at: object
    why: tuple[str, ...]
    failed: bool
    points: kernel.Rate | None


@dataclass(frozen=True)
class Line:
    """Shares of the points reached: per group of the scorecard, with the contacts they come from."""

    name: str
    contacts: int
    shares: tuple[tuple[str, kernel.Rate], ...]
    failed: int


@dataclass(frozen=True)
class Agreed:
    """How two reviewers agree on one item."""

    item: Item
    found: kernel.Agreement


@dataclass(frozen=True)
class Trend:
    """One group over the weeks, as points of a chart from 0 to 100; None where nobody was heard."""

    group: Mapping[Lang, str]
    weeks: tuple[tuple[date, int | None, int], ...]

    @property
    def polyline(self) -> str:
        """The points of the chart, 100 wide and 40 high; weeks without a contact are left out."""
        step = 100 / max(len(self.weeks) - 1, 1)
        return " ".join(
            f"{i * step:.1f},{40 - ppm * 36 / 1_000_000 - 2:.1f}"
            for i, (_, ppm, _) in enumerate(self.weeks)
            if ppm is not None
        )

    @property
    def last(self) -> tuple[date, int, int] | None:
        """The newest week in which somebody was heard."""
        return next(((on, ppm, n) for on, ppm, n in reversed(self.weeks) if ppm is not None), None)


@dataclass(frozen=True)
class QualityPage:
    """What waits, what was done, and for those who lead how it goes."""

    waiting: tuple[Row, ...]
    done: tuple[Row, ...]
    reviews: bool
    may_draw: bool
    card: Scorecard
    collectors: tuple[Line, ...] = ()
    trends: tuple[Trend, ...] = ()
    agreed: tuple[Agreed, ...] = ()
    kappa_from: int = 0
    week: tuple[date, date] | None = None


def quality_page(user: User) -> QualityPage:
    """A collector: the own results. Who reviews: what waits, and how the people and the reviewers do."""
    reviews = Role(user.role) in access.REVIEWS
    mine = access.samples_for(user).select_related("attempt__case__lender", "attempt__customer", "collector")
    waits = mine.filter(state__in=NEEDS) if reviews else mine.filter(answered_at__lt=0)
    if reviews:
        waits = waits.exclude(Q(state=Sample.FIRST) & Q(reviews__reviewer=user)).exclude(collector=user)
    done = mine.filter(state=Sample.DONE) if reviews else mine.filter(answered_at__gte=0)
    waiting = _rows(waits.order_by("kind", "pk")[:SHOWN])
    made = QualityPage(waiting, _rows(done.order_by("-shown_at", "-pk")[:SHOWN]), reviews, reviews, load_scorecard())
    return _led(user, made) if reviews else made


def _led(user: User, page: QualityPage) -> QualityPage:
    today = clock.business_date(clock.now_minute(), user.organisation.zone)
    results = _results(user, today - timedelta(weeks=WEEKS))
    monday = today - timedelta(days=today.weekday())
    return QualityPage(
        page.waiting, page.done, page.reviews, page.may_draw, page.card, _collectors(results, page.card),
        _trends(results, page.card, monday), _agreed(user, page.card), load_sampling().kappa_from,
        (monday - timedelta(days=7), today),
    )  # fmt: skip


@dataclass(frozen=True)
class Result:
    """What stands for a contact: the settled scores, else the first."""

    collector: str
    on: date
    scores: Mapping[str, int]


def _results(user: User, since: date) -> tuple[Result, ...]:
    samples = list(
        access.samples_for(user)
        .filter(state=Sample.DONE, last_day__gte=since)
        .select_related("attempt__case__lender", "collector")
    )
    scores = _standing([sample.pk for sample in samples])
    return tuple(
        Result(
            s.collector.display_name,
            clock.business_date(s.attempt.at, s.attempt.case.lender.zone),
            scores.get(s.pk, {}),
        )
        for s in samples
    )


def _standing(samples: Iterable[int]) -> dict[int, dict[str, int]]:
    """The scores that stand, per sample: those of the settled round go before the first."""
    rows = Score.objects.filter(review__sample__in=list(samples), review__round__in=(Review.FIRST, Review.SETTLED))
    found: dict[int, dict[str, int]] = {}
    for sample, item, score in rows.order_by("review__round").values_list("review__sample_id", "item", "score"):
        found.setdefault(sample, {})[item] = score
    return found


def _points(results: Iterable[Mapping[str, int]], items: Iterable[Item]) -> kernel.Rate:
    """Points reached of those that could be; items that did not apply are left out."""
    pairs = [(scores[i.code], i.most) for scores in results for i in items if scores.get(i.code, -1) >= 0]
    return kernel.rate(sum(got for got, _ in pairs), sum(most for _, most in pairs))


def _groups(card: Scorecard) -> dict[str, list[Item]]:
    return {group: [item for item in card.items.values() if item.group == group] for group in card.groups}


def _collectors(results: tuple[Result, ...], card: Scorecard) -> tuple[Line, ...]:
    """One line a person, by name: never in the order of a figure."""
    of_person: dict[str, list[Mapping[str, int]]] = {}
    for result in results:
        of_person.setdefault(result.collector, []).append(result.scores)
    return tuple(
        Line(name, len(mine), tuple((g, _points(mine, items)) for g, items in _groups(card).items()),
             sum(bool(acts.failed(card.items, scores)) for scores in mine))
        for name, mine in sorted(of_person.items())
    )  # fmt: skip


def _trends(results: tuple[Result, ...], card: Scorecard, monday: date) -> tuple[Trend, ...]:
    weeks = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    found = []
    for group, items in _groups(card).items():
        points = []
        for week in weeks:
            mine = [r.scores for r in results if week <= r.on < week + timedelta(days=7)]
            points.append((week, _points(mine, items).ppm, len(mine)))
        found.append(Trend(card.groups[group], tuple(points)))
    return tuple(found)


def _agreed(user: User, card: Scorecard) -> tuple[Agreed, ...]:
    """Item by item, over the contacts two reviewers heard; scores of items that applied to neither count as alike."""
    rows = Score.objects.filter(
        review__sample__in=access.samples_for(user), review__round__in=(Review.FIRST, Review.SECOND)
    )
    of_item: dict[str, dict[int, dict[int, int]]] = {}
    for name, sample, round_, score in rows.values_list("item", "review__sample_id", "review__round", "score"):
        of_item.setdefault(name, {}).setdefault(sample, {})[round_] = score
    kappa_from = load_sampling().kappa_from
    found: list[Agreed] = []
    for code, item in card.items.items():
        pairs = [p for p in of_item.get(code, {}).values() if len(p) == 2]  # noqa: PLR2004 - both rounds
        first, second = (np.array([p[r] for p in pairs], np.int64) for r in (Review.FIRST, Review.SECOND))
        found.append(Agreed(item, kernel.agreement(first, second, kappa_from)))
    return tuple(found)


def _rows(samples: Iterable[Sample]) -> tuple[Row, ...]:
    found = list(samples)
    card, scores = load_scorecard(), _standing([s.pk for s in found if s.state == Sample.DONE])
    return tuple(
        Row(s, clock.from_minute(s.attempt.at, s.attempt.case.lender.zone), tuple(code for code, _ in s.why),
            bool(acts.failed(card.items, scores.get(s.pk, {}))),
            _points([scores[s.pk]], card.items.values()) if s.pk in scores else None)
        for s in found
    )  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """A piece of a turn; `code` says what the wording check found in it, empty: nothing."""

    text: str
    code: str = ""
    verdict: str = ""


@dataclass(frozen=True)
class Said:
    """One turn with its findings marked."""

    turn: Turn
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Heard:
    """One recording as it is shown."""

    recording: Recording
    turns: tuple[Said, ...]
    finding: Finding | None
    sound: bool
    gone: bool


@dataclass(frozen=True)
class Given:
    """One item with what each round gave it."""

    item: Item
    rounds: tuple[Score | None, Score | None, Score | None]
    differ: bool


@dataclass(frozen=True)
class ContactPage:
    """A contact to be heard: its facts, its recordings, and the card."""

    attempt: Attempt
    at: object
    sample: Sample | None
    why: tuple[tuple[str, int], ...]
    heard: tuple[Heard, ...]
    card: Scorecard
    given: tuple[Given, ...] = ()
    reviews: tuple[Review, ...] = ()
    does: str = ""  # review, settle, answer, or nothing
    facts: Mapping[str, object] = field(default_factory=dict)
    may_drop: bool = False

    @property
    def codes(self) -> tuple[tuple[str, Mapping[Lang, str], tuple[str, ...]], ...]:
        """What the wording check found, each code once: title and articles."""
        known = load_codes()
        found = dict.fromkeys((code, h.finding.lang) for h in self.heard if h.finding for code in h.finding.codes)
        return tuple((code, known[code].title, known[code].articles[lang]) for code, lang in found)


def contact_page(user: User, attempt_id: int) -> ContactPage:
    """What was said on a contact. Raises `NotYours`."""
    attempt = access.get_contact(user, attempt_id)
    sample = access.samples_for(user).filter(attempt=attempt).first()
    return _contact(user, attempt, sample)


def sample_page(user: User, sample_id: int) -> ContactPage:
    """A contact that was drawn. Raises `NotYours`."""
    sample = access.get_sample(user, sample_id)
    attempt = Attempt.objects.select_related("case__lender", "customer", "operator", "decision").get(
        pk=sample.attempt_id
    )
    return _contact(user, attempt, sample)


def _contact(user: User, attempt: Attempt, sample: Sample | None) -> ContactPage:
    rows = attempt.recordings.select_related("sound", "transcript", "attempt__case__lender").order_by("pk")
    rounds = _seen(user, sample) if sample else ()
    facts = json.loads(attempt.decision.facts).get("case", {})
    return ContactPage(
        attempt, clock.from_minute(attempt.at, attempt.case.lender.zone), sample,
        tuple((code, figure) for code, figure in sample.why) if sample else (),
        tuple(_heard(user, row) for row in rows), load_scorecard(), _given(rounds), rounds,
        _does(user, sample) if sample else "", facts, Role(user.role) == Role.COMPLIANCE,
    )  # fmt: skip


def _seen(user: User, sample: Sample) -> tuple[Review, ...]:
    """The judgements this user may see: until both are in, nobody sees another's."""
    rows = sample.reviews.select_related("reviewer").prefetch_related("scores").order_by("round")
    if sample.state in (Sample.OPEN, Sample.FIRST):
        rows = rows.filter(reviewer=user)
    if sample.collector_id == user.pk:
        last = rows.last()
        standing = [row for row in rows if row.round in (Review.FIRST, Review.SETTLED)]
        return (standing[-1],) if last and standing else ()
    return tuple(rows)


def _given(reviews: tuple[Review, ...]) -> tuple[Given, ...]:
    by_round = {review.round: {score.item: score for score in review.scores.all()} for review in reviews}
    found = []
    for code, item in load_scorecard().items.items():
        one, two, three = (by_round.get(round_, {}).get(code) for round_ in (1, 2, 3))
        found.append(Given(item, (one, two, three), bool(one and two and one.score != two.score)))
    return tuple(found)


def _does(user: User, sample: Sample) -> str:
    if sample.collector_id == user.pk:
        return "answer" if sample.answered_at < 0 else ""
    if Role(user.role) not in access.REVIEWS:
        return ""
    if sample.state == Sample.DIFFER:
        return "settle"
    free = sample.state in (Sample.OPEN, Sample.FIRST) and not sample.reviews.filter(reviewer=user).exists()
    return "review" if free else ""


def _heard(user: User, recording: Recording) -> Heard:
    turns, lost = _turns(user, recording)
    finding = heard.finding(recording.attempt, turns) if turns else None
    sound = recording.sound is not None and bool(recording.sound.key_sealed)
    kept = [kept for kept in (recording.sound, recording.transcript) if kept is not None]
    spans = finding.spans if finding else ()
    said = tuple(Said(turn, _pieces(turn.text, [s for s in spans if s.turn == i])) for i, turn in enumerate(turns))
    return Heard(recording, said, finding, sound, lost or any(not one.key_sealed for one in kept))


def _turns(user: User, recording: Recording) -> tuple[tuple[Turn, ...], bool]:
    """The transcript, and whether its bytes are gone: the rest of the page is there all the same."""
    try:
        return recordings.read(user, recording), False
    except vault.FileGone:
        return (), True


def _pieces(text: str, spans: list[Span]) -> tuple[Piece, ...]:
    """The text cut at its findings, in order; where two overlap the graver is shown."""
    found, place = [], 0
    for span in sorted(spans, key=lambda s: (s.start, -s.verdict, -s.end)):
        if span.start < place:
            continue
        if span.start > place:
            found.append(Piece(text[place : span.start]))
        found.append(Piece(text[span.start : span.end], span.code, span.verdict.word))
        place = span.end
    return (*found, *([Piece(text[place:])] if place < len(text) else []))
