"""What is drawn and why, what reviewers find, how they agree, and what the collector says to it."""

from __future__ import annotations

from datetime import timedelta

import pytest

import books
import cast
import sounds
from fairdue.rules.quality import load_sampling, load_scorecard
from fairdue.store import audit, pages
from fairdue.store.access import NotYours
from fairdue.store.actions import quality, recordings, sampling
from fairdue.store.actions.quality import Judged
from fairdue.store.actions.recordings import Given
from fairdue.store.models import Attempt, Review, Sample
from person import Person
from worlds import World

DAY = books.AS_OF


def drawn(*, double: bool = False) -> Sample:
    """One sample of the collector."""
    sounds.talk(cast.case_of(cast.COLLECTOR))
    sampling.draw("test", cast.user(cast.LEAD).organisation, DAY, DAY)
    Sample.objects.update(double=double)
    return Sample.objects.get()


def card(**scores: int) -> dict[str, Judged]:
    """Full points but for what is given."""
    items = load_scorecard().items
    return {
        code: Judged(scores.get(code, item.most), "heard so" if code in scores else "") for code, item in items.items()
    }


def test_each_contact_drawn_says_why_and_is_drawn_once(both: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    attempt = sounds.talk(case, note="客户说最近失业")
    recordings.attach(
        cast.user(cast.COLLECTOR),
        attempt.pk,
        Given("s.wav", sounds.tone(20, 60)),
        Given("h.txt", sounds.HARSH.encode()),
    )
    lender = cast.user(cast.LEAD).organisation
    made = sampling.draw("test", lender, DAY, DAY)
    assert {code for code, _ in made.made[0].why} >= {"WORDING", "SILENT", "NEW"}
    assert sampling.draw("test", lender, DAY, DAY).made == ()
    assert sampling.draw("test", lender, DAY - timedelta(days=3), DAY - timedelta(days=1)).among == 0
    assert audit.verify() is None


def test_notes_are_checked_and_a_complaint_points_to_the_contact_before_it(desk: World) -> None:
    one, two = cast.case_of(cast.COLLECTOR, 0), cast.case_of(cast.COLLECTOR, 1)
    sounds.talk(one, note="告诉他不还钱就去他单位贴大字报")
    sounds.talk(two, "RPC_COMPLAINT", note="晚上十点多还打电话")
    made = sampling.draw("test", cast.user(cast.LEAD).organisation, DAY, DAY).made
    why = {sample.attempt.case_id: {code for code, _ in sample.why} for sample in made}
    assert "WORDING" in why[one.pk]
    assert "COMPLAINT" in why[two.pk]


def test_of_every_collector_some_contacts_are_drawn_at_random_and_risks_are_bounded(desk: World) -> None:
    user = cast.user(cast.COLLECTOR)
    template = sounds.talk(cast.case_of(cast.COLLECTOR))
    for _ in range(40):
        template.pk = None
        template.at += 1
        template.save(force_insert=True)
    made = sampling.draw("test", user.organisation, DAY, DAY).made
    random = [sample for sample in made if sample.kind == Sample.RANDOM]
    policy = load_sampling()
    assert len(random) == max(-(-41 * policy.random_ppm // 1_000_000), policy.random_least)
    assert len(made) <= len(random) + policy.risk_most


def test_one_review_is_shown_to_the_collector_who_answers_once(desk: World) -> None:
    sample = drawn()
    collector = cast.user(cast.COLLECTOR)
    assert pages.quality_page(collector).waiting == ()
    quality.review(cast.user(cast.LEAD), sample.pk, card(CAUSE=1), "Ask once more why.")
    found = pages.quality_page(collector).waiting
    assert [(row.failed, row.points and row.points.part) for row in found] == [(False, 15)]
    quality.answer(collector, sample.pk, "The line was bad.")
    with pytest.raises(quality.NothingAnswered):
        quality.answer(collector, sample.pk, "and again")
    page = Person(cast.LEAD).get(f"/quality/{sample.pk}/")
    assert "The line was bad." in page
    assert audit.verify() is None


def test_a_card_is_complete_and_the_lowest_score_says_why(desk: World) -> None:
    sample, lead = drawn(), cast.user(cast.LEAD)
    whole = card()
    with pytest.raises(quality.ScoreMissing):
        quality.review(lead, sample.pk, {k: v for k, v in whole.items() if k != "AIM"}, "")
    with pytest.raises(quality.ScoreMissing):
        quality.review(lead, sample.pk, whole | {"AIM": Judged(3)}, "")
    with pytest.raises(quality.NoteNeeded):
        quality.review(lead, sample.pk, whole | {"RESPECT": Judged(0)}, "")
    assert not Review.objects.exists()
    quality.review(lead, sample.pk, whole | {"RESPECT": Judged(0, "shouts")}, "")
    assert pages.quality_page(lead).done[0].failed
    with pytest.raises(quality.ReviewedAlready):
        quality.review(cast.user(cast.OFFICER), sample.pk, whole, "")


def test_the_second_reviewer_sees_nothing_of_the_first_and_differences_are_settled_with_a_note(both: World) -> None:
    sample = drawn(double=True)
    lead, officer = cast.user(cast.LEAD), cast.user(cast.OFFICER)
    quality.review(lead, sample.pk, card(CAUSE=1), "seen by nobody yet")
    assert "seen by nobody yet" not in Person(cast.OFFICER).get(f"/quality/{sample.pk}/")
    assert pages.quality_page(cast.user(cast.COLLECTOR)).waiting == ()
    with pytest.raises(quality.ReviewedAlready):
        quality.review(lead, sample.pk, card(), "")
    quality.review(officer, sample.pk, card(CAUSE=2), "")
    sample.refresh_from_db()
    assert (sample.state, quality.differences(sample)) == (Sample.DIFFER, ("CAUSE",))
    with pytest.raises(quality.NoteNeeded):
        quality.settle(lead, sample.pk, card(), "")
    quality.settle(lead, sample.pk, card(CAUSE=1), "both heard it again")
    assert pages.quality_page(cast.user(cast.COLLECTOR)).waiting[0].points.part == 15  # type: ignore[union-attr]
    found = {one.item.code: one.found for one in pages.quality_page(officer).agreed}
    assert (found["CAUSE"].pairs, found["CAUSE"].same, found["CAUSE"].kappa_ppm) == (1, 0, None)
    assert found["AIM"].same == 1
    assert audit.verify() is None


def test_two_who_score_alike_are_done(desk: World) -> None:
    sample = drawn(double=True)
    quality.review(cast.user(cast.LEAD), sample.pk, card(), "")
    quality.review(cast.user(cast.OFFICER), sample.pk, card(), "")
    sample.refresh_from_db()
    assert sample.state == Sample.DONE


def test_another_teams_sample_does_not_exist(desk: World) -> None:
    sample = drawn()
    for username in (cast.OTHER_LEAD, cast.COLLECTOR, cast.COLLEAGUE, cast.STRANGER, cast.FINANCE):
        with pytest.raises(NotYours):
            quality.review(cast.user(username), sample.pk, card(), "")
        assert Person(username).client.get(f"/quality/{sample.pk}/").status_code == 404
    assert Attempt.objects.get().sample == sample
