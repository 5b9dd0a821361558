"""Events reach whoever asked for them: signed, at least once, whoever dies on the way; nobody else's, and nothing personal."""

from __future__ import annotations

import ast
import base64
import hashlib
import hmac
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

import api_rows
import asking
import cast
from fairdue.jobs import webhooks as job
from fairdue.store import audit, events
from fairdue.store.actions import contacts, plans, webhooks
from fairdue.store.addresses import BadAddress
from fairdue.store.models import AuditRow, Case, Organisation, WebhookEndpoint, WebhookMessage
from receiving import Post
from worlds import BOTH, World, Worlds, opened

both = pytest.mark.parametrize("vendor", BOTH)
SOURCE = Path(events.__file__).resolve().parents[2]


def bank() -> Organisation:
    return Organisation.objects.get(code="bank")


def happen(times: int) -> list[int]:
    """Some writes at the desk; the numbers of their events."""
    before = AuditRow.objects.order_by("-pk").values_list("pk", flat=True)[0]
    mine = cast.user(cast.COLLECTOR)
    for n in range(times):
        plans.say_means(mine, cast.case_of(cast.COLLECTOR, n % 3).pk, plans.Said(adults=1 + n % 4, words="私人的话"))
    return list(AuditRow.objects.filter(pk__gt=before, verb="means.say").values_list("pk", flat=True))


def test_an_event_arrives_signed_and_says_nothing_personal(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with Post().open(monkeypatch) as post:
        _, secret = webhooks.add("test", bank(), post.url)
        case = cast.case_of(cast.COLLECTOR)
        user = cast.user(cast.COLLECTOR)
        held = contacts.reserve(user, case.pk, contacts.Proposed(0, case.customer.points.get().pk))
        assert isinstance(held, contacts.Reservation)
        contacts.record(user, held.attempt_id, "NA", note="his mother answered")
        assert job.deliver().failed == 0
    types = [said["type"] for said in post.said()]
    assert sorted(types) == ["contact.confirmed", "contact.reserved"]  # in which order they arrive is not promised
    headers, body = post.got[types.index("contact.confirmed")]
    stamp, number = headers["webhook-timestamp"], headers["webhook-id"]
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = hmac.new(key, f"{number}.{stamp}.".encode() + body, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(made).decode()}"
    assert abs(int(stamp) - time.time()) < 60  # noqa: TID251 - the wall clock is what is compared
    said = json.loads(body)
    assert (said["subject"], said["subject_id"], said["case"], said["data"]["outcome"]) == (
        "attempt",
        held.attempt_id,
        case.pk,
        "NA",
    )
    everything = b"".join(body for _, body in post.got).decode()
    assert "mother" not in everything
    assert case.customer.ref not in everything


def test_each_organisation_gets_its_own_and_an_agency_what_is_placed_with_it(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    agency, other = (cast.user(one).organisation for one in (cast.AGENCY, cast.STRANGER))
    placed = cast.case_of(cast.COLLECTOR)
    Case.objects.filter(pk=placed.pk).update(placed_with=agency)
    with Post().open(monkeypatch) as post:
        for one in (agency, other):
            webhooks.add("test", one, post.url)
        happen(3)
        job.deliver()
    assert [said["case"] for said in post.said()] == [placed.pk]


def test_only_the_types_that_were_asked_for_are_sent(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with Post().open(monkeypatch) as post:
        webhooks.add("test", bank(), post.url, ["plan.proposed"])
        happen(2)
        api_rows.rows(cast.COLLECTOR)
        job.deliver()
    assert {said["type"] for said in post.said()} == {"plan.proposed"}
    with pytest.raises(webhooks.UnknownEventType, match="nothing"):
        webhooks.add("test", bank(), "https://example.com/", ["nothing"])


def test_what_is_not_taken_is_tried_again_and_in_the_end_given_up_until_somebody_sends_it_again(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "TRIES", 3)
    with Post([500, 302, 503]).open(monkeypatch) as post:
        endpoint, _ = webhooks.add("test", bank(), post.url)
        number = happen(1)[0]
        for tries in (1, 2, 3):
            job.deliver()
            row = WebhookMessage.objects.get()
            assert (row.tries, row.state) == (tries, "PENDING" if tries < 3 else "DEAD")
            WebhookMessage.objects.update(next_at=0)
        job.deliver()
        assert len(post.got) == 3
        assert webhooks.resend("test", bank(), endpoint.pk, number, number) == 1
        job.deliver()
    assert WebhookMessage.objects.get().state == "DELIVERED"
    assert len({headers["webhook-id"] for headers, _ in post.got}) == 1


def test_the_waits_grow_and_differ(desk: World) -> None:
    waits = [webhooks.wait_after(tries) for tries in range(1, webhooks.TRIES)]
    assert all(0.5 * min(43_200, 5 * 3.0**n) <= wait <= min(43_200, 5 * 3.0**n) for n, wait in enumerate(waits))
    assert len({webhooks.wait_after(5) for _ in range(20)}) > 10
    assert 2 * 86_400 < sum(min(43_200, 5 * 3.0**n) for n in range(webhooks.TRIES - 1)) < 5 * 86_400


def test_what_happened_before_can_be_sent_later(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = happen(4)
    with Post().open(monkeypatch) as post:
        endpoint, _ = webhooks.add("test", bank(), post.url)
        job.deliver()
        assert post.got == []
        assert webhooks.resend("test", bank(), endpoint.pk, numbers[1], numbers[2]) == 2
        job.deliver()
        assert webhooks.resend("test", bank(), endpoint.pk, numbers[0], numbers[3]) == 4
        job.deliver()
    assert Counter(said["id"] for said in post.said()) == Counter(
        [f"evt_{n}" for n in numbers] + [f"evt_{n}" for n in numbers[1:3]]
    )


@both
def test_nothing_is_lost_by_senders_that_are_killed(
    worlds: Worlds, vendor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(5)
    with opened(worlds, vendor, cast.engage) as world, Post().open(monkeypatch) as post:
        webhooks.add("test", bank(), post.url)
        numbers, killed = happen(60), 0
        while killed < 3:
            runs = [world.start("fairdue.cli", "webhooks", "deliver", "--lease", "1") for _ in range(2)]
            seen = len(post.got)
            deadline = time.monotonic() + 30
            while len(post.got) < seen + 4 and time.monotonic() < deadline and any(r.poll() is None for r in runs):
                time.sleep(0.02)
            time.sleep(rng.random() / 20)
            for run in runs:
                run.kill()
                run.communicate()
                killed += 1
            numbers += happen(8)
        deadline = time.monotonic() + 60
        while WebhookMessage.objects.filter(state="PENDING").exists() or not killed:
            job.deliver(lease=1)
            assert time.monotonic() < deadline
            time.sleep(0.1)
        job.deliver()
        assert {said["id"] for said in post.said()} == {f"evt_{n}" for n in numbers}
        assert WebhookMessage.objects.count() == len(numbers)
        assert audit.verify() is None


PRIVATE = (
    "http://example.com/", "https://127.0.0.1/", "https://10.1.2.3/", "https://[::1]/", "https://169.254.169.254/",
    "https://[::ffff:10.0.0.1]/", "https://0.0.0.0/", "https://user:pw@example.com/", "ftp://example.com/",
    "https:///nothing", "https://example.com/#part", "https://exa mple.com/", "https://[fe80::1]/",
    "https://100.64.0.1/", "https://224.0.0.1/", "gopher://x", "https://[2002:0a00:0001::]/", "https://example.com:0/",
)  # fmt: skip


@pytest.mark.parametrize("url", PRIVATE)
def test_nothing_is_sent_into_our_own_network(desk: World, url: str) -> None:
    with pytest.raises(BadAddress):
        webhooks.add("test", bank(), url)


def test_a_name_that_turns_inwards_later_is_not_followed(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "socket.getaddrinfo",
        lambda *_said, **_more: [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("10.0.0.5", 443))],
    )
    webhooks.add("test", bank(), "https://example.com/in")
    happen(1)
    assert job.deliver().failed == 1
    assert WebhookMessage.objects.get().last_fault == "webhook.bad-address"


def test_the_secret_is_sealed_and_shown_once(desk: World) -> None:
    made, secret = webhooks.add("test", bank(), "https://example.com/in")
    row = WebhookEndpoint.objects.get(pk=made.pk)
    key = secret.removeprefix("whsec_").encode()
    assert key not in bytes(row.secret_sealed)
    assert secret not in "".join(AuditRow.objects.values_list("data", flat=True))


def test_a_program_reads_the_same_events_in_order_and_misses_none(desk: World) -> None:
    numbers = happen(7)
    mine = asking.program(cast.OPERATOR)
    page = mine.get(f"/events?limit=3&after={numbers[0] - 1}")
    found = page["items"]
    while page["items"]:
        page = mine.get(f"/events?limit=3&cursor={page['next']}")
        found += page["items"]
    assert [one["id"] for one in found] == [f"evt_{n}" for n in numbers]
    later = happen(1)
    assert [one["id"] for one in mine.get(f"/events?cursor={page['next']}")["items"]] == [f"evt_{later[0]}"]


def verbs() -> Iterator[tuple[str, str]]:
    """Every verb the code writes to the chain, and where: a constant, or the fixed beginning of one that is put together."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.write" and len(node.args) > 1:
                for verb in _said(node.args[1]):
                    yield verb, f"{path.name}:{node.lineno}"


def _said(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from (*_said(node.body), *_said(node.orelse))
    elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        yield f"{node.values[0].value!s}*"


def test_every_verb_of_the_chain_is_an_event_or_stays_inside_on_purpose() -> None:
    known = {*events.catalogue()}
    strays = {
        where: verb
        for verb, where in verbs()
        if verb not in known
        and not events.is_private(verb.rstrip("*"))
        and not (verb.endswith("*") and any(one.startswith(verb[:-1]) for one in known))
    }
    assert not strays, "put them into store/events/catalogue.yaml: among events, or among private with the reason"


def test_every_event_of_the_catalogue_is_written_by_something() -> None:
    written = {verb for verb, _ in verbs()}
    begun = tuple(verb[:-1] for verb in written if verb.endswith("*"))
    assert [one for one in events.catalogue() if one not in written and not one.startswith(begun)] == []
    assert {one.subject for one in events.catalogue().values()} <= set(events.WAYS)
    assert settings.DEMO
