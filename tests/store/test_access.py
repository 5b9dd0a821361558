"""Who may see which rows: the rule of every role, asked as that role."""

from __future__ import annotations

import pytest
from django.conf import settings

import books
from books import AS_OF
from fairdue.core.codes import Role
from fairdue.jobs import night
from fairdue.store import access
from fairdue.store.models import Case, Organisation, User
from worlds import Worlds, opened


def two_lenders() -> None:
    """A worked book with one case in each situation, and a second lender with a book and users of its own."""
    lender = books.bank()
    books.load(lender, books.write(settings.HOME / "book.csv", books.rows(60)))
    night.run_night(lender, AS_OF)
    agency = Organisation.objects.create(code="agency", name_zh="甲机构", name_en="Agency A", is_lender=False)
    rival = Organisation.objects.create(code="rival", name_zh="乙机构", name_en="Agency B", is_lender=False)
    for username, role, organisation in (
        ("agent", Role.AGENCY, agency), ("rival", Role.AGENCY, rival), ("finance", Role.FINANCE, lender),
        ("strategist", Role.STRATEGIST, lender), ("operator", Role.OPERATOR, lender),
    ):  # fmt: skip
        books.hire(username, role, organisation)
    cases = list(Case.objects.order_by("pk")[:2])
    Case.objects.filter(pk=cases[0].pk).update(placed_with=agency)
    Case.objects.filter(pk=cases[1].pk).update(owner=None, team=None)
    other = Organisation.objects.create(code="other", name_zh="丙银行", name_en="Bank C", pack="cn", owns_ledger=True)
    books.hire("stranger", Role.COLLECTOR, other)
    books.hire("foreign-officer", Role.COMPLIANCE, other)
    books.load(other, books.write(settings.HOME / "other.csv", books.rows(20)))
    night.run_night(other, AS_OF)


def sees(username: str) -> set[int]:
    return set(access.cases_for(User.objects.get(username=username)).values_list("pk", flat=True))


def cases(**which: object) -> set[int]:
    return set(Case.objects.filter(**which).values_list("pk", flat=True))


def test_a_collector_sees_own_cases_only(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", two_lenders):
        for username in ("collector1", "collector2", "collector3", "collector4"):
            assert sees(username) == cases(owner__username=username) != set()


def test_a_lead_sees_the_own_team_and_what_nobody_owns(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", two_lenders):
        nobodys = cases(owner=None, lender__code="bank")
        assert len(nobodys) == 1
        for lead, team in (("lead1", "one"), ("lead2", "two")):
            assert sees(lead) == cases(team__name=team) | nobodys
        assert not sees("lead1") & sees("lead2") - nobodys


def test_an_agency_sees_only_what_is_placed_with_it(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", two_lenders):
        assert sees("agent") == cases(placed_with__code="agency")
        assert len(sees("agent")) == 1
        assert sees("rival") == set()


@pytest.mark.parametrize("username", ["compliance", "finance"])
def test_compliance_and_finance_read_the_whole_lender(worlds: Worlds, username: str) -> None:
    with opened(worlds, "sqlite", two_lenders):
        assert sees(username) == cases(lender__code="bank")


@pytest.mark.parametrize("username", ["strategist", "operator"])
def test_who_need_not_see_cases_sees_none(worlds: Worlds, username: str) -> None:
    with opened(worlds, "sqlite", two_lenders):
        assert sees(username) == set()


def test_nobody_sees_another_lender_s_rows(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", two_lenders):
        for user in User.objects.exclude(role=Role.AGENCY).select_related("organisation"):
            for found in (access.cases_for(user), access.batches_for(user), access.nights_for(user)):
                assert all(row.lender_id == user.organisation_id for row in found)
            assert all(d.case.lender_id == user.organisation_id for d in access.decisions_for(user))
            assert all(w.case.lender_id == user.organisation_id for w in access.work_for(user))
        assert sees("foreign-officer") == cases(lender__code="other") != set()


def test_a_row_that_is_not_yours_is_not_there(worlds: Worlds) -> None:
    """The same answer for a case that does not exist and for one of somebody else."""
    with opened(worlds, "sqlite", two_lenders):
        user = User.objects.get(username="collector1")
        theirs = Case.objects.filter(owner__username="collector3")[0]
        for case_id in (theirs.pk, 10**9):
            with pytest.raises(access.NotYours) as raised:
                access.get_case(user, case_id)
            assert str(raised.value) == ""
        assert access.get_case(user, min(sees("collector1"))).owner == user


def test_only_the_owner_of_an_open_case_works_it(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", two_lenders):
        case = Case.objects.filter(owner__username="collector1")[0]
        assert [u.username for u in User.objects.all() if access.may_contact(u, case)] == ["collector1"]
        case.closed_on = AS_OF
        assert not any(access.may_contact(u, case) for u in User.objects.all())


def test_a_reader_of_a_case_reads_its_decisions_and_nobody_else(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", two_lenders):
        for user in User.objects.all():
            theirs = set(access.decisions_for(user).values_list("case", flat=True))
            assert theirs == sees(user.username), user.username


def test_places_on_lists_are_seen_by_their_owner_and_the_lead(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", two_lenders):
        by = {u.username: set(access.work_for(u).values_list("owner__username", flat=True)) for u in User.objects.all()}
        assert by["collector1"] == {"collector1"}
        assert by["lead1"] == {"collector1", "collector2"}
        assert by["lead2"] == {"collector3", "collector4"}
        assert by["agent"] == by["finance"] == by["strategist"] == set()


def test_batches_and_nights_go_to_those_who_answer_for_them(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", two_lenders):
        users = User.objects.filter(organisation__code="bank")
        assert {u.username for u in users if access.batches_for(u)} == {"finance", "operator", "compliance"}
        assert {u.username for u in users if access.nights_for(u)} == {"operator", "strategist", "lead1", "lead2"}


def test_a_lead_gives_cases_to_the_own_team_only(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", two_lenders):
        lead = User.objects.get(username="lead1")
        assert set(access.colleagues_for(lead).values_list("username", flat=True)) == {"collector1", "collector2"}
        assert not access.colleagues_for(User.objects.get(username="collector1"))


def test_a_lead_without_a_team_leads_nobody(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", two_lenders):
        User.objects.filter(username="lead1").update(team=None)
        lead = User.objects.get(username="lead1")
        assert sees("lead1") == cases(owner=None, lender__code="bank")
        assert not access.work_for(lead)
        assert not access.colleagues_for(lead)
