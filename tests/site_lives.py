"""What runs in processes of its own when the customers' site is raced or killed: each function is one process's whole life."""

from __future__ import annotations

import os
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from typing import Any

from dying import FORKS, after
from fairdue.core.consent import Consent
from fairdue.core.errors import Fault
from fairdue.store import access, audit, vault
from fairdue.store.actions import payments, plans, site_entry, site_pay, site_said
from fairdue.store.actions.site_entry import Facts, Presented
from fairdue.store.actions.site_pay import Told
from fairdue.store.actions.site_said import Upload
from fairdue.store.models import Person, User
from worlds import World

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489") + b"\0" * 40
WON, LOST = 0, 7  # exit codes


def side_by_side(count: int, target: Callable[..., bool], world: World, *said: Any) -> list[bool]:
    """As many processes begin together; who of them got what they asked for."""
    start = FORKS.Barrier(count)
    running = [FORKS.Process(target=_life, args=(target, world, start, said)) for _ in range(count)]
    for process in running:
        process.start()
    for process in running:
        process.join(120)
    codes = [process.exitcode for process in running]
    assert set(codes) <= {WON, LOST}, codes
    return [code == WON for code in codes]


def _life(target: Callable[..., bool], world: World, start: Barrier, said: tuple[Any, ...]) -> None:
    with world.open():
        start.wait()
        won = target(*said)
    os._exit(WON if won else LOST)


def enter(link: str, facts: Facts) -> bool:
    """Use a link."""
    return site_entry.enter(Presented.of(link), facts, "203.0.113.9").answer is site_entry.Answer.IN


def person_of(person_id: int) -> User:
    return access.for_borrower(Person.objects.get(pk=person_id))


def accept(person_id: int, plan_id: int) -> bool:
    """Agree to a plan; False: it was no longer open."""
    try:
        plans.accept(person_of(person_id), plan_id, Consent.PORTAL, "I agree.")
    except Fault:
        return False
    return True


def settle(told: Told) -> bool:
    """The provider tells; whoever is told again is told the same."""
    return site_pay.settle(told).state == "PAID"


def settle_each(tolds: tuple[Told, ...]) -> bool:
    """Several payments are told; two processes that begin together begin at different ones."""
    mine = os.getpid() % len(tolds)
    return all(settle(told) for told in (*tolds[mine:], *tolds[:mine]))


def bring(world: World, person_id: int, moment: str, times: int) -> None:
    """Say something with two files, and die at a moment."""
    with world.open():
        _arm(moment, times)
        files = Upload("a.png", PNG), Upload("b.png", PNG)
        site_said.raise_track(person_of(person_id), "ALREADY_PAID", "paid on Monday", files)


def book(world: World, told: Told, moment: str, times: int) -> None:
    """Hear from the provider, and die at a moment."""
    with world.open():
        _arm(moment, times)
        site_pay.settle(told)


def _arm(moment: str, times: int) -> None:
    places: dict[str, tuple[Any, str]] = {
        "audited": (audit, "write"), "sealed": (vault, "keep"), "received": (payments, "receive"),
        "decided": (site_said, "decided"),
    }  # fmt: skip
    module, name = places[moment]
    setattr(module, name, after(getattr(module, name), times))
