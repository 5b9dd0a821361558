"""The pages of the floor answer, and what a lead sets up stands there."""

from __future__ import annotations

import pytest
from django.urls import reverse

import cast
from fairdue.store.models import Case, CaseQueue, Shift
from person import Person
from worlds import World


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_lead_sets_up_the_floor_and_sees_it(desk: World, language: str) -> None:
    lead, who = Person(cast.LEAD, language), cast.user(cast.COLLECTOR)
    lead.post("/floor/set/", do="shift", user=who.pk, days="0", starts="09:00", ends="17:00", breaks=30)
    lead.post("/floor/set/", do="skill", user=who.pk, skill="late")
    page = lead.post("/floor/set/", do="queue", name="early", stages="M1", active="on", keeps="on")
    assert (Shift.objects.get().ends, CaseQueue.objects.get().stages) == (1020, ["M1"])
    assert "LATE" in page
    assert "early" in page
    for address in ("/board/", "/board/ageing/?bucket=0", f"/floor/deal/?owner={who.pk}"):
        assert lead.status(address) == 200
    case = cast.case_of(cast.COLLECTOR)
    lead.post("/floor/deal/move/", case=case.pk, to=cast.user(cast.COLLEAGUE).pk, reason="holiday", owner=who.pk)
    assert Case.objects.get(pk=case.pk).owner == who, "first it is shown"
    lead.post("/floor/deal/move/", case=case.pk, to=cast.user(cast.COLLEAGUE).pk, reason="holiday", sure="1")
    assert Case.objects.get(pk=case.pk).owner == cast.user(cast.COLLEAGUE)
    assert lead.status(reverse("case", args=[case.pk])) == 200
