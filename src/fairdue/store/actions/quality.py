"""Review what was drawn: the first judgement, a blind second one, what both settle on, and the collector's answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from fairdue.core.codes import Role
from fairdue.core.errors import Fault
from fairdue.rules.quality import Item, Scorecard, load_scorecard
from fairdue.store import access, audit, clock
from fairdue.store.access import NotYours
from fairdue.store.models import Review, Sample, Score, User

NOT_APPLICABLE = -1
LONGEST = 2000


class ScoreMissing(Fault):
    """Every item is judged, or said not to apply."""

    code = "quality.score-missing"
    en, en_remedy = "'{item}' has no score.", "Choose a score, or say that it does not apply."
    zh, zh_remedy = "“{item_zh}”尚未评分。", "请评分，或选择“不适用”。"


class NoteNeeded(Fault):
    """The lowest score, and what was settled, say why."""

    code = "quality.note-needed"
    en, en_remedy = "'{item}' needs a note.", "Say what was heard, in a sentence the collector can learn from."
    zh, zh_remedy = "“{item_zh}”须填写说明。", "请写一句催收员能据以改进的话。"


class OwnContact(Fault):
    """Nobody judges themselves."""

    code = "quality.own-contact"
    en, en_remedy = "This is a contact of your own.", "Somebody else reviews it."
    zh, zh_remedy = "这是您本人的联系。", "须由他人评审。"


class ReviewedAlready(Fault):
    """The sample waits for nothing from this reviewer."""

    code = "quality.reviewed"
    en, en_remedy = "This sample does not wait for a review of yours.", "Open another one."
    zh, zh_remedy = "该样本无需您再评审。", "请打开其他样本。"


class NothingAnswered(Fault):
    """The answer is empty, or there is one already."""

    code = "quality.no-answer"
    en, en_remedy = "There is nothing to answer with, or it was answered before.", "Write a sentence."
    zh, zh_remedy = "答复为空，或已答复过。", "请填写一句话。"


@dataclass(frozen=True)
class Judged:
    """What a reviewer gave an item."""

    score: int
    note: str = ""


@transaction.atomic
def review(user: User, sample_id: int, scores: Mapping[str, Judged], feedback: str) -> Review:
    """The first judgement, or the blind second.

    Raises `NotYours`, `OwnContact`, `ReviewedAlready`, `ScoreMissing`, `NoteNeeded`.
    """
    sample = _locked(user, sample_id)
    rounds = {Sample.OPEN: Review.FIRST, Sample.FIRST: Review.SECOND}
    if sample.state not in rounds or sample.reviews.filter(reviewer=user).exists():
        raise ReviewedAlready
    card = load_scorecard()
    _complete(card, scores, frozenset())
    made = _kept(sample, rounds[sample.state], user, card, scores, feedback)
    _move_on(sample)
    return made


@transaction.atomic
def settle(user: User, sample_id: int, scores: Mapping[str, Judged], feedback: str) -> Review:
    """What both reviewers settled on; each difference with a note. Raises as `review` does."""
    sample = _locked(user, sample_id)
    if sample.state != Sample.DIFFER:
        raise ReviewedAlready
    card = load_scorecard()
    _complete(card, scores, frozenset(differences(sample)))
    made = _kept(sample, Review.SETTLED, user, card, scores, feedback)
    _show(sample)
    return made


@transaction.atomic
def answer(user: User, sample_id: int, text: str) -> Sample:
    """The collector's answer to what was found, once. Raises `NotYours`, `NothingAnswered`."""
    sample = access.get_sample(user, sample_id)
    if sample.collector_id != user.pk:
        raise NotYours
    locked = Sample.objects.select_for_update().get(pk=sample.pk)
    if not text.strip() or locked.answered_at >= 0:
        raise NothingAnswered
    locked.answer, locked.answered_at = text.strip()[:LONGEST], clock.now_minute()
    locked.save(update_fields=["answer", "answered_at"])
    audit.write(user.username, "quality.answer", "sample", sample.pk)
    return locked


def _locked(user: User, sample_id: int) -> Sample:
    """The sample, held, for somebody who may review it."""
    sample = access.get_sample(user, sample_id)
    if Role(user.role) not in access.REVIEWS:
        raise NotYours
    if sample.collector_id == user.pk:
        raise OwnContact
    return Sample.objects.select_for_update().get(pk=sample.pk)


def _complete(card: Scorecard, scores: Mapping[str, Judged], noted: frozenset[str]) -> None:
    for code, item in card.items.items():
        given = scores.get(code)
        words = {"item": item.label["en"], "item_zh": item.label["zh"]}
        if given is None or not NOT_APPLICABLE <= given.score <= item.most:
            raise ScoreMissing(**words)
        if (given.score == 0 or code in noted) and not given.note.strip():
            raise NoteNeeded(**words)


def _kept(
    sample: Sample, round_: int, user: User, card: Scorecard, scores: Mapping[str, Judged], feedback: str
) -> Review:
    made = Review.objects.create(
        sample=sample, round=round_, reviewer=user, revision=card.revision, feedback=feedback.strip()[:LONGEST],
        made_at=clock.now_minute(),
    )  # fmt: skip
    Score.objects.bulk_create(
        Score(review=made, item=code, score=scores[code].score, note=scores[code].note.strip()[:500])
        for code in card.items
    )
    audit.write(user.username, "quality.review", "sample", sample.pk, round=round_, revision=card.revision,
                scores={code: scores[code].score for code in card.items})  # fmt: skip
    return made


def _move_on(sample: Sample) -> None:
    """To the second reviewer, to both where they differ, else to the collector."""
    if sample.state == Sample.OPEN and sample.double:
        sample.state = Sample.FIRST
    elif sample.state == Sample.FIRST and differences(sample):
        sample.state = Sample.DIFFER
    else:
        _show(sample)
        return
    sample.save(update_fields=["state"])


def _show(sample: Sample) -> None:
    sample.state, sample.shown_at = Sample.DONE, clock.now_minute()
    sample.save(update_fields=["state", "shown_at"])


def differences(sample: Sample) -> tuple[str, ...]:
    """The items that the first two reviewers scored differently."""
    first, second = (_scores(sample, round_) for round_ in (Review.FIRST, Review.SECOND))
    return tuple(code for code in first if code in second and first[code] != second[code])


def _scores(sample: Sample, round_: int) -> dict[str, int]:
    rows = Score.objects.filter(review__sample=sample, review__round=round_).order_by("pk")
    return dict(rows.values_list("item", "score"))


def failed(items: Mapping[str, Item], scores: Mapping[str, int]) -> tuple[str, ...]:
    """Critical items at their lowest score: the contact fails, whatever else was good."""
    return tuple(code for code, item in items.items() if item.critical and scores.get(code) == 0)
