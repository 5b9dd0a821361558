"""Calls dialled from the desk: what became of each, from the collector's phone ringing to the end."""

from __future__ import annotations

from django.db import models

from fairdue.store.models.casework import Attempt


class PhoneCall(models.Model):
    """One call through the telephone system, on one place of the attempt ledger: one dial at most.

    DIALLING is committed before the number leaves: who finds a call in it after a crash never dials again, and lets it count.
    """

    ASKED, DESK, DIALLING, RINGING, ANSWERED = "ASKED", "DESK", "DIALLING", "RINGING", "ANSWERED"
    DESK_FAILED, STOPPED, NOT_DIALLED, EXPIRED = "DESK_FAILED", "STOPPED", "NOT_DIALLED", "EXPIRED"
    BUSY, NO_ANSWER, NO_NUMBER, REJECTED, ENDED, LOST = "BUSY", "NO_ANSWER", "NO_NUMBER", "REJECTED", "ENDED", "LOST"
    STATES = (
        (ASKED, "asked for"), (DESK, "the collector's phone rings"), (DIALLING, "the number has left"),
        (RINGING, "the number rings"), (ANSWERED, "answered"), (DESK_FAILED, "the collector's phone was not answered"),
        (STOPPED, "no longer allowed when it was to be dialled"), (NOT_DIALLED, "the telephone system did not dial it"),
        (EXPIRED, "not begun in time"), (BUSY, "busy"), (NO_ANSWER, "no answer"), (NO_NUMBER, "there is no such number"),
        (REJECTED, "rejected"), (ENDED, "answered, and over"), (LOST, "the line broke: nobody knows"),
    )  # fmt: skip
    RUNNING = (ASKED, DESK, DIALLING, RINGING, ANSWERED)
    NEVER_LEFT = (DESK_FAILED, STOPPED, NOT_DIALLED, EXPIRED)

    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="phone_call")
    extension = models.CharField(max_length=40, help_text="Of the collector's phone.")
    state = models.CharField(max_length=12, choices=STATES, default=ASKED)
    code = models.SmallIntegerField(default=0, help_text="The last SIP status told of it; 0: none.")
    outcome = models.CharField(max_length=30, default="", help_text="The outcome that suggests itself.")
    seconds = models.IntegerField(default=-1, help_text="From the answer to the end; -1: unknown.")
    hang_up = models.BooleanField(default=False, help_text="Its end was asked for at the desk.")
    asked_at = models.DateTimeField(help_text="Wall clock, as the others.")
    heard_at = models.DateTimeField(help_text="When whoever carries it out last showed that they live.")
    left_at = models.DateTimeField(null=True, help_text="When the number was handed to the telephone system.")
    rang_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "phone_call"

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.state in self.RUNNING
