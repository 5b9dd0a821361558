"""Dialling from the desk against Debian's sipp: the ledger, the last word of the guard, and death in the middle."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

import cast
import sip_peer
from fairdue.connectors.sip import Ended, Ends, Moment
from fairdue.core.codes import Channel
from fairdue.jobs.calls import carry_out
from fairdue.store import audit, clock
from fairdue.store.actions import attempts, calls, contacts
from fairdue.store.actions.contacts import Proposed, Refusal, Reservation
from fairdue.store.models import Attempt, AuditRow, PhoneCall, Point, Stop
from fairdue.store.seal import sealer
from person import Person
from worlds import World

pytestmark = pytest.mark.slow  # needs sipp, which `make test` installs

FILE = """
senders: []
phones:
  - settings: {{host: 127.0.0.1, port: '{port}', transport: udp, domain: bank.example, user: fairdue, desk_seconds: '2',
               ring_seconds: '2', answer_seconds: '3', alive_seconds: '{alive}'}}
    secrets: {{password: SIP_PASSWORD_OF_THE_TEST}}
    extensions: {{{who}: '201'}}
"""


def set_up(world: World, port: int, alive: int = 30) -> None:
    """The telephone system of the test in the file of senders, and its number on the first case."""
    (world.home / "senders.yaml").write_text(FILE.format(port=port, alive=alive, who=cast.COLLECTOR))
    os.environ["SIP_PASSWORD_OF_THE_TEST"] = sip_peer.SECRET
    Point.objects.filter(pk=point()).update(value_sealed=sealer().seal(sip_peer.NUMBER))


def point() -> int:
    found = cast.case_of(cast.COLLECTOR).customer.points.filter(channel=Channel.CALL).order_by("pk").first()
    assert found is not None
    return int(found.pk)


def placed() -> PhoneCall:
    made = calls.place(cast.user(cast.COLLECTOR), cast.case_of(cast.COLLECTOR).pk, Proposed(Channel.CALL, point()))
    assert isinstance(made, PhoneCall)
    return made


@pytest.mark.parametrize(
    ("scenario", "state", "ledger", "outcome"),
    [
        ("answered", "ENDED", "RESERVED", ""),
        ("no_number", "NO_NUMBER", "RESERVED", "INVALID_VACANT"),
        ("challenged", "BUSY", "RESERVED", "BUSY"),
        ("refused", "NOT_DIALLED", "RELEASED", ""),
        ("desk_silent", "DESK_FAILED", "RELEASED", ""),
        ("dies", "LOST", "RESERVED", ""),
    ],
)
def test_what_rang_keeps_its_place_and_what_never_left_gives_it_back(
    desk: World, tmp_path: Path, scenario: str, state: str, ledger: str, outcome: str
) -> None:
    with sip_peer.peer(scenario, tmp_path) as peer:
        set_up(desk, peer.port, alive=1 if scenario == "dies" else 30)
        made = carry_out(placed().pk)
    attempt = Attempt.objects.get(pk=made.attempt_id)
    assert (made.state, attempt.state, made.outcome) == (state, ledger, outcome)
    assert (made.seconds >= 1) == (state == "ENDED")
    if ledger == "RESERVED":
        with pytest.raises(attempts.WasDialled):
            contacts.release(cast.user(cast.COLLECTOR), attempt.pk)
        clock.set_demo(cast.at(10) + 24 * 60)
        attempts.lapse("test")
        assert Attempt.objects.get(pk=attempt.pk).state == "RESERVED", (
            "what rang counts until somebody says what it was"
        )
    assert audit.verify() is None


def paid() -> None:
    Stop.objects.create(
        case=cast.case_of(cast.COLLECTOR), kind="CLAIMS_PAID", since=clock.business_date(cast.at(10), cast.ZONE)
    )


def night() -> None:
    clock.set_demo(cast.at(22) + 1)


@pytest.mark.parametrize("happens", [paid, night])
def test_what_happens_before_the_dial_rings_nobody(desk: World, tmp_path: Path, happens: Callable[[], None]) -> None:
    with sip_peer.peer("stopped", tmp_path) as peer:
        set_up(desk, peer.port)
        made = placed()
        Attempt.objects.filter(pk=made.attempt_id).update(expires_at=cast.at(23))
        happens()
        assert carry_out(made.pk).state == "STOPPED"
        assert "INVITE" not in peer.heard()
    assert Attempt.objects.get(pk=made.attempt_id).state == "RELEASED"


def test_money_that_comes_while_the_desk_phone_rings_stops_the_number(desk: World, tmp_path: Path) -> None:
    with sip_peer.peer("stopped", tmp_path) as peer:
        set_up(desk, peer.port)
        made = placed()
        assert calls.begin(made.pk)
        calls.tell(made.pk, Moment.DESK)
        paid()
        assert calls.number(made.pk) is None
    assert calls.finish(made.pk, Ended(Ends.STOPPED)).state == "STOPPED"


def test_the_last_call_a_cap_allows_is_still_allowed_when_it_leaves(desk: World, tmp_path: Path) -> None:
    set_up(desk, 9)
    user, case, where = cast.user(cast.COLLECTOR), cast.case_of(cast.COLLECTOR), point()
    for _ in range(40):
        answer = calls.place(user, case.pk, Proposed(Channel.CALL, where))
        if isinstance(answer, Refusal):
            return
        assert calls.begin(answer.pk)
        assert calls.number(answer.pk) == sip_peer.NUMBER
        calls.finish(answer.pk, Ended(Ends.FAILED, 486))
        contacts.record(user, answer.attempt_id, "BUSY")
    pytest.fail("no cap was met")


def test_a_call_is_carried_out_by_one_and_a_place_dialled_once(both: World) -> None:
    set_up(both, 9)
    made = placed()
    assert placed().pk == made.pk
    assert [calls.begin(made.pk), calls.begin(made.pk)] == [True, False]


def test_the_number_stands_nowhere_but_on_the_line(desk: World, tmp_path: Path) -> None:
    with sip_peer.peer("answered", tmp_path) as peer:
        set_up(desk, peer.port)
        said = desk.fairdue("call", "run", placed().pk)
        assert sip_peer.NUMBER in peer.heard()
    page = Person(cast.COLLECTOR).get(f"/cases/{cast.case_of(cast.COLLECTOR).pk}/")
    told = "".join(str(row.data) for row in AuditRow.objects.all())
    assert "The call is over" in page
    assert sip_peer.NUMBER not in page + said + told


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scenario", "until", "state", "ledger"),
    [("desk_silent", "DESK", "DESK_FAILED", "RELEASED"), ("answered", "ANSWERED", "LOST", "RESERVED"),
     ("rings_on", "RINGING", "LOST", "RESERVED")],
)  # fmt: skip
def test_a_process_that_is_killed_neither_doubles_nor_loses_a_call(
    both: World, tmp_path: Path, scenario: str, until: str, state: str, ledger: str
) -> None:
    with sip_peer.peer(scenario, tmp_path) as peer:
        set_up(both, peer.port)
        made = placed()
        process = both.start("fairdue.cli", "call", "run", made.pk)
        limit = time.monotonic() + 30
        while PhoneCall.objects.get(pk=made.pk).state != until:
            assert time.monotonic() < limit, process.communicate()
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        process.communicate()
    assert not calls.begin(made.pk), "nobody takes it up again"
    assert calls.tend("test") == 0, "it may still be alive"
    PhoneCall.objects.filter(pk=made.pk).update(heard_at=clock.wall() - timedelta(minutes=2))
    assert (calls.tend("test"), calls.tend("test")) == (1, 0)
    assert PhoneCall.objects.get(pk=made.pk).state == state
    assert Attempt.objects.get(pk=made.attempt_id).state == ledger
    assert audit.verify() is None


def test_a_call_asked_for_and_never_begun_gives_its_place_back(both: World) -> None:
    set_up(both, 9)
    made = placed()
    PhoneCall.objects.filter(pk=made.pk).update(asked_at=clock.wall() - timedelta(minutes=2))
    assert carry_out(made.pk).state == "EXPIRED"
    again = contacts.reserve(
        cast.user(cast.COLLECTOR), cast.case_of(cast.COLLECTOR).pk, Proposed(Channel.CALL, point())
    )
    assert isinstance(again, Reservation)
    assert again.attempt_id != made.attempt_id


def test_a_collector_dials_sees_it_ring_and_hangs_up(desk: World, tmp_path: Path) -> None:
    me, case = Person(cast.COLLECTOR), cast.case_of(cast.COLLECTOR)
    with sip_peer.peer("rings_on", tmp_path) as peer:
        set_up(desk, peer.port)
        page = me.get(f"/cases/{case.pk}/")
        assert f"/cases/{case.pk}/dial/" in page
        made = placed()
        assert "Answer your phone" in me.get(f"/cases/{case.pk}/contacts/{made.attempt_id}/call/")
        me.post(f"/cases/{case.pk}/contacts/{made.attempt_id}/hang-up/")
        assert carry_out(made.pk).state == "DESK_FAILED"
    assert Person(cast.COLLEAGUE).status(f"/cases/{case.pk}/contacts/{made.attempt_id}/call/") == 404
