"""Empties the outbox: one message after another, each judged when it leaves; several workers may run side by side."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from fairdue.connectors import Connector, Fate, Receipt
from fairdue.connectors.configured import Sender
from fairdue.jobs.progress import Report, silent
from fairdue.store import message_words as wording
from fairdue.store.actions import heard_back, leaving
from fairdue.store.models import Message, Organisation

IDLE_SECONDS = 2.0
PACE_SECONDS = 0.05


@dataclass
class Sent:
    """What a run of the worker did, by the state messages came to."""

    states: dict[str, int] = field(default_factory=dict)
    heard: int = 0

    def note(self, state: str) -> None:
        """One more."""
        self.states[state] = self.states.get(state, 0) + 1


class Worker:
    """One worker with its open lines."""

    def __init__(self, *, lease: int = leaving.LEASE_SECONDS) -> None:
        self.lease, self.sent = lease, Sent()
        self.lines: dict[str, Connector] = {}

    def run(self, *, once: bool, stop: Callable[[], bool] = bool, report: Report = silent) -> Sent:
        """Send what is due until there is nothing (`once`) or until told to stop; stopping loses nothing."""
        try:
            while not stop():
                moved = self.recover() + self.hear() + leaving.expire() + self.empty(stop, report)
                if once and not moved:
                    break
                if not moved:
                    time.sleep(IDLE_SECONDS)
        finally:
            for line in self.lines.values():
                line.close()
            self.lines.clear()
        return self.sent

    def line(self, sender: Sender) -> Connector:
        """The open line of a sender."""
        if sender.code not in self.lines:
            self.lines[sender.code] = sender.open(Path(settings.HOME))
        return self.lines[sender.code]

    def empty(self, stop: Callable[[], bool], report: Report) -> int:
        """Every message that is due, once; how many were looked at."""
        seen: set[int] = set()
        codes = [sender.code for sender in wording.senders().senders]
        while not stop() and (ids := leaving.due(codes, seen)):
            for message_id in ids:
                if stop():
                    break
                seen.add(message_id)
                self.one(message_id, stop)
                report("send", len(seen), None)
        return len(seen)

    def one(self, message_id: int, stop: Callable[[], bool]) -> None:
        """Judge, mark, hand over, settle."""
        code = Message.objects.values_list("sender", flat=True).get(pk=message_id)
        sender = wording.senders().by_code(code)
        if sender is None:
            return
        line = self.line(sender)
        while not leaving.may_pass(sender):
            if stop():
                return
            time.sleep(PACE_SECONDS)
        outgoing = leaving.begin(message_id, lease=self.lease)
        if outgoing is None:
            return
        receipt = line.send(outgoing)
        if receipt.fate is Fate.UNCERTAIN:
            receipt = line.find(outgoing) or receipt
        self.sent.note(leaving.settle(message_id, receipt, sender.code).state)

    def recover(self) -> int:
        """What others were handing over when they died: the provider is asked; where it cannot tell, a person is."""
        found = leaving.abandoned()
        for message_id, code in found:
            sender = wording.senders().by_code(code)
            receipt = self.line(sender).find(leaving.handed_over(message_id)) if sender else None
            settled = leaving.settle(message_id, receipt or Receipt(Fate.UNCERTAIN, code="crashed"), code)
            self.sent.note(settled.state)
        return len(found)

    def hear(self) -> int:
        """Receipts and replies that came in over the lines."""
        heard = 0
        for sender in wording.senders().senders:
            lender = _lender(sender)
            if lender is not None:
                reports, replies = self.line(sender).arrived()
                heard += len(reports) + len(replies)
                heard_back.take_in(lender, sender.code, reports, replies)
        self.sent.heard += heard
        return heard


def _lender(sender: Sender) -> Organisation | None:
    found = Organisation.objects.filter(is_lender=True)
    return (found.filter(code=sender.lender) if sender.lender else found).order_by("pk").first()
