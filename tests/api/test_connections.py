"""Keys and endpoints on the page of the operator, and who must look at them."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

import asking
import cast
from fairdue.core.codes import Role
from fairdue.store.actions import approvals, keys
from fairdue.store.models import ApiKey, Approval, AuditRow, WebhookEndpoint
from person import Person
from worlds import World


def wanted(**more: str) -> dict[str, str]:
    return {"name": "crm-sync", "works_as": cast.COLLECTOR, "scopes": "cases:read", "until": "2026-12-31"} | more


def test_a_key_made_at_the_desk_opens_when_compliance_has_approved_it(desk: World) -> None:
    page = Person(cast.OPERATOR).post(reverse("key-add"), **wanted())
    found = re.search(r"fdk_[0-9a-f]{8}_[\w-]{43}", page)
    assert found is not None
    program = asking.Program(found[0])
    assert program.get("/cases", 401)["code"] == "api.no-key"
    request = Approval.objects.get(kind=keys.KIND)
    assert "crm-sync" in Person(cast.OFFICER).get(reverse("approvals"))
    approvals.decide(cast.user(cast.OFFICER), request.pk, grant=True)
    assert program.get("/cases")["items"]
    again = Person(cast.OPERATOR).get(reverse("connections"))
    assert found[0] not in again
    Person(cast.OFFICER).post(reverse("key-revoke", args=[ApiKey.objects.get().pk]))
    assert program.get("/cases", 401)["code"] == "api.no-key"
    verbs = AuditRow.objects.filter(subject="api_key").order_by("pk").values_list("verb", "actor")
    assert list(verbs) == [("key.create", cast.OPERATOR), ("key.revoke", cast.OFFICER)]


def test_a_key_that_is_refused_never_opens(desk: World) -> None:
    _, text = keys.ask(cast.user(cast.OPERATOR), keys.Wanted("night-sync", ["all"], asking.until(), role=Role.FINANCE))
    approvals.decide(cast.user(cast.OFFICER), Approval.objects.get(kind=keys.KIND).pk, grant=False, reason="too much")
    assert asking.Program(text).get("/cases", 401)["code"] == "api.no-key"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"name": "No Good"}, "cannot be the name of a key"),
        ({"works_as": "nobody"}, "There is no user"),
        ({"works_as": cast.STRANGER}, "There is no user"),
        ({"works_as": ""}, "works as a collector"),
        ({"until": "2031-01-01"}, "may end from"),
        ({"scopes": "cases:write"}, "not one of the available choices"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_key_is_said_where_it_was_typed(desk: World, said: dict[str, str], words: str) -> None:
    page = Person(cast.OPERATOR).post(reverse("key-add"), **wanted(**said))
    assert words in page
    assert not ApiKey.objects.exists()


def test_an_endpoint_is_added_and_its_secret_shown_once(desk: World) -> None:
    page = Person(cast.OPERATOR).post(reverse("webhook-add"), url="https://example.com/in", types="plan.proposed")
    found = re.search(r"whsec_[\w+/=]+", page)
    assert found is not None
    assert found[0] not in Person(cast.OPERATOR, "zh-hans").get(reverse("connections"))
    refused = Person(cast.OPERATOR).post(reverse("webhook-add"), url="https://10.0.0.1/")
    assert "lies inside a network" in refused
    row = WebhookEndpoint.objects.get()
    Person(cast.OPERATOR).post(reverse("webhook-step", args=[row.pk]), do="end")
    row.refresh_from_db()
    assert row.ended_by == cast.OPERATOR


def test_the_commands_make_list_and_revoke_keys(desk: World) -> None:
    until = asking.until().isoformat()
    said = ("--organisation", "bank", "--scope", "cases", "--role", "lead", "--until", until)
    text = desk.fairdue("keys", "add", "reporting", *said).strip()
    assert asking.Program(text).get("/cases")["items"] == []  # a lead without a team: only what nobody owns
    assert '"name": "reporting"' in desk.fairdue("keys", "list", "--json")
    desk.fairdue("keys", "revoke", "reporting", "--organisation", "bank")
    assert asking.Program(text).get("/cases", 401)["code"] == "api.no-key"
