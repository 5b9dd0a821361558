"""Click-to-dial against Debian's sipp: each scenario is a telephone system that behaves in one way and checks what we say."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

import sip_peer
from fairdue.connectors.sip import Ended, Ends, Moment, Phone, click_to_dial, digest
from fairdue.connectors.sip.message import Message, Unreadable, length, read, told_status

pytestmark = pytest.mark.slow  # needs sipp, which `make test` installs

RINGS = [Moment.DESK, Moment.RINGING]
TALKS = [*RINGS, Moment.ANSWERED]
CASES = {
    "answered": (Ended(Ends.OVER, 200), TALKS),
    "busy": (Ended(Ends.FAILED, 486), [Moment.DESK]),
    "no_number": (Ended(Ends.FAILED, 404), [Moment.DESK]),
    "rings_on": (Ended(Ends.NOT_ANSWERED, 180), RINGS),
    "refused": (Ended(Ends.REFUSED, 603), [Moment.DESK]),
    "dies": (Ended(Ends.LOST, 200), TALKS),
    "desk_silent": (Ended(Ends.DESK_FAILED), [Moment.DESK]),
    "challenged": (Ended(Ends.FAILED, 486), [Moment.DESK]),
}


@pytest.mark.parametrize("scenario", CASES)
def test_every_end_of_a_call_is_told_apart(scenario: str, tmp_path: Path) -> None:
    told: list[Moment] = []
    with sip_peer.peer(scenario, tmp_path) as peer:
        phone = peer.phone(alive_seconds=1 if scenario == "dies" else 30)
        ended = click_to_dial(phone, "201", lambda: sip_peer.NUMBER, told.append, lambda: True)
        assert peer.satisfied(), peer.heard()
    assert (ended, told) == CASES[scenario]


def test_over_tcp_it_is_the_same(tmp_path: Path) -> None:
    with sip_peer.peer("answered", tmp_path, "tcp") as peer:
        ended = click_to_dial(peer.phone(), "201", lambda: sip_peer.NUMBER, lambda _: None, lambda: True)
        assert peer.satisfied(), peer.heard()
    assert ended == Ended(Ends.OVER, 200)


def test_the_number_leaves_only_when_it_is_said_at_the_last_moment(tmp_path: Path) -> None:
    with sip_peer.peer("stopped", tmp_path) as peer:
        ended = click_to_dial(peer.phone(), "201", lambda: None, lambda _: None, lambda: True)
        assert peer.satisfied(), peer.heard()
        assert "REFER sip" not in peer.heard()
    assert ended == Ended(Ends.STOPPED)


def test_a_wrong_password_rings_nobody(tmp_path: Path) -> None:
    with sip_peer.peer("challenged", tmp_path) as peer:
        phone = replace(peer.phone(), password="another")
        ended = click_to_dial(phone, "201", lambda: sip_peer.NUMBER, lambda _: None, lambda: True)
    assert ended == Ended(Ends.DESK_FAILED, 403)


def test_where_nobody_listens_nothing_is_dialled() -> None:
    phone = Phone("127.0.0.1", 1, "tcp", "bank.example", "fairdue", "x")
    assert (
        click_to_dial(phone, "201", lambda: pytest.fail("asked"), lambda _: None, lambda: True).how == Ends.DESK_FAILED
    )


def test_the_digests_are_those_of_the_standards() -> None:
    """RFC 2617, 3.5 (MD5) and RFC 7616, 3.9.1 (SHA-256)."""
    old = digest.parts(
        'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'
    )
    said = digest.answer(old, "Mufasa", "Circle Of Life", "GET", "/dir/index.html", nonce="0a4f113b")
    assert 'response="6629fae49393a05397450978507c4ef1"' in said
    new = digest.parts('Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, '
                       'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"')  # fmt: skip
    said = digest.answer(new, "Mufasa", "Circle of Life", "GET", "/dir/index.html",
                         nonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")  # fmt: skip
    assert 'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"' in said
    assert digest.best(['Digest nonce="a"', 'Digest nonce="b", algorithm=SHA-256', 'Basic realm="c"']) == {
        "nonce": "b", "algorithm": "SHA-256",
    }  # fmt: skip


def test_whatever_comes_over_the_line_is_read_or_dropped() -> None:
    rng = random.Random(5)
    good = Message("NOTIFY", "sip:a@b", headers=(("via", "SIP/2.0/UDP a;branch=z9hG4bK1"), ("cseq", "2 NOTIFY")),
                   body="SIP/2.0 180 Ringing").written()  # fmt: skip
    assert read(good).sequence == (2, "NOTIFY")
    assert told_status(read(good).body) == 180
    for _ in range(3000):
        raw = bytearray(good)
        for _ in range(rng.randrange(1, 8)):
            raw[rng.randrange(len(raw))] = rng.randrange(256)
        try:
            told_status(read(bytes(raw[: rng.randrange(1, len(raw))])).body)
            length(bytes(raw))
        except Unreadable:
            continue
