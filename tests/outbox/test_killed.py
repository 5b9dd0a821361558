"""Workers are killed at random while they hand mails to a real server: nobody ever gets one twice, and none is lost unseen."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

import mail_server as post
from fairdue.core.codes import Channel
from fairdue.jobs.sending import Worker
from fairdue.store import audit
from fairdue.store.models import Attempt, Message, Task
from gateways import message_centre
from sending import cases, queued, states, worked_book, write_senders
from worlds import BOTH, World, Worlds, opened

LEASE = 4  # seconds; a worker that lives settles within one
SENDERS = """
facts: {{hotline: 400-123-4567}}
senders:
  - code: mail
    connector: smtp
    channels: [EMAIL]
    per_minute: 60000
    settings: {{host: 127.0.0.1, port: '{port}', security: none, from: bank@example.com}}
"""
CENTRE = """
facts: {{hotline: 400-123-4567}}
senders:
  - code: centre
    connector: smpp
    channels: [SMS]
    per_minute: 60000
    settings: {{host: 127.0.0.1, port: '{port}', system_id: bank, password: pass, source: bank}}
"""


def start(world: World) -> subprocess.Popen[str]:
    return world.start("outbox.worker", str(LEASE))


def kill_until_done(world: World, count: Callable[[], int], workers: int, kills: int) -> int:
    """Workers side by side; one is killed while mails go, another takes its place. How many died with a mail in hand."""
    rng, killed = random.Random(workers), 0
    running = [start(world) for _ in range(workers)]
    for _ in range(kills):
        seen, until = count(), time.monotonic() + 20
        while count() == seen and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(rng.random() * 0.05)
        number = rng.randrange(workers)
        if running[number].poll() is None:
            running[number].kill()
        killed += running[number].wait() == -signal.SIGKILL
        running[number].communicate()
        running[number] = start(world)
    for process in running:
        assert process.wait(120) == 0, process.communicate()[1]
        process.communicate()
    return killed


def finish() -> None:
    """What the dead had in hand is found when their lease has run out."""
    deadline = time.monotonic() + 30
    while states().keys() & {"QUEUED", "LEAVING"} and time.monotonic() < deadline:
        time.sleep(1)
        Worker(lease=LEASE).run(once=True)


@pytest.mark.parametrize("vendor", BOTH)
def test_killed_workers_send_nothing_twice_and_lose_nothing_unseen(worlds: Worlds, vendor: str, tmp_path: Path) -> None:
    with opened(worlds, vendor, worked_book) as world:
        file = tmp_path / "arrived"
        with post.mailbox(file, delay=0.02) as port:
            write_senders(world.home, SENDERS.format(port=port))
            messages = [queued(case, Channel.EMAIL) for case in cases()[:15]]
            killed = kill_until_done(world, lambda: len(post.arrived(file)), workers=2, kills=3)
            finish()
        arrived, found = post.arrived(file), states()
        left = set(Message.objects.filter(state="LEFT").values_list("provider_ref", flat=True))
        assert killed >= 2
        assert len(arrived) == len(set(arrived)), "nobody got a message twice"
        assert left <= set(arrived), "what is said to have left arrived"
        assert found.keys() <= {"LEFT", "UNKNOWN"}
        assert sum(found.values()) == len(messages)
        unknown = found.get("UNKNOWN", 0)
        assert len(set(arrived) - left) <= unknown
        assert Task.objects.filter(kind="FIND_MESSAGE", state="OPEN").count() == unknown
        assert Attempt.objects.filter(state="CONFIRMED").count() == len(messages), "what may have arrived counts"
        assert audit.verify() is None


@pytest.mark.slow
@pytest.mark.parametrize("vendor", BOTH)
def test_killed_workers_hand_no_text_to_a_message_centre_twice(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book) as world, message_centre() as centre:
        write_senders(world.home, CENTRE.format(port=centre.port))
        messages = [queued(case, Channel.SMS) for case in cases()[:12]]
        killed = kill_until_done(world, lambda: len(centre.got), workers=2, kills=2)
        finish()
        parts = Counter((one.to, one.content) for one in centre.got)
        assert killed >= 1
        assert set(parts.values()) == {1}, "no part of a text went twice"
        assert states().keys() <= {"LEFT", "DELIVERED", "UNKNOWN"}
        assert sum(states().values()) == len(messages)
        sent = Message.objects.filter(state__in=Message.GONE).count()
        assert sent <= len({one.to for one in centre.got}) <= len(messages)
        assert audit.verify() is None


@pytest.mark.parametrize("vendor", BOTH)
def test_two_workers_side_by_side_send_each_message_once(worlds: Worlds, vendor: str, tmp_path: Path) -> None:
    with opened(worlds, vendor, worked_book) as world:
        file = tmp_path / "arrived"
        with post.mailbox(file) as port:
            write_senders(world.home, SENDERS.format(port=port))
            messages = [queued(case, Channel.EMAIL) for case in cases()[:15]]
            running = [start(world) for _ in range(2)]
            for process in running:
                _, said = process.communicate(timeout=120)
                assert process.returncode == 0, said
        assert sorted(post.arrived(file)) == sorted(f"<{m.provider_key}@example.com>" for m in messages)
        assert states() == {"LEFT": len(messages)}
