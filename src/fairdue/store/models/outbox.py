"""The outbox: every message to a person outside, from the wish to the receipt, and what people answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fairdue.core.codes import Channel
from fairdue.store.models.casework import Attempt, Case, Decision
from fairdue.store.models.parties import Organisation, Person, Point, choices
from fairdue.store.models.users import User


class Message(models.Model):
    """One message. It is written with the decision that allows it, and judged once more when it leaves.

    LEAVING is committed before the provider is called: who finds a message in it after a crash asks the provider by its
    key, and never sends it again blindly.
    """

    QUEUED, LEAVING, LEFT, DELIVERED, READ = "QUEUED", "LEAVING", "LEFT", "DELIVERED", "READ"
    HELD, UNKNOWN, FAILED, STOPPED, CANCELLED, EXPIRED = "HELD", "UNKNOWN", "FAILED", "STOPPED", "CANCELLED", "EXPIRED"
    STATES = (
        (HELD, "waits for a second person"), (QUEUED, "waits to leave"), (LEAVING, "is being handed over"),
        (LEFT, "the provider has it"), (DELIVERED, "it arrived"), (READ, "it was read"), (FAILED, "it did not arrive"),
        (UNKNOWN, "nobody knows whether it left"), (STOPPED, "it may not leave"), (CANCELLED, "taken back"),
        (EXPIRED, "too old to be of use"),
    )  # fmt: skip
    WAITING = (HELD, QUEUED)
    GONE = (LEFT, DELIVERED, READ)

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="messages")
    point = models.ForeignKey(Point, null=True, on_delete=models.PROTECT, related_name="+")
    party = models.SmallIntegerField()
    channel = models.SmallIntegerField(choices=choices(Channel))
    purpose = models.SmallIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="Who wants it sent.")
    frame = models.CharField(max_length=60, blank=True, help_text="The approved words; empty: free text.")
    frame_version = models.SmallIntegerField(default=0)
    lang = models.CharField(max_length=2)
    sender = models.CharField(max_length=40, help_text="Code of the sender in the configuration.")
    key = models.CharField(max_length=120, help_text="The asker's own: asked twice, sent once.")
    provider_key = models.CharField(max_length=40, unique=True, help_text="What the provider is told: one a message.")
    given_sealed = models.BinaryField(default=b"", help_text="Facts the asker gave besides those of the case.")
    text_sealed = models.BinaryField(default=b"", help_text="The words, as they were last put together.")
    released_sha256 = models.CharField(
        max_length=64, default="", help_text="Of the words a second person has released; they and no others may leave."
    )
    reason = models.CharField(max_length=300, default="")
    state = models.CharField(max_length=10, choices=STATES, default=QUEUED)
    why = models.CharField(max_length=60, default="", help_text="Code of the reason for the state.")
    detail = models.CharField(max_length=300, default="", help_text="What the provider said, or rules; no names.")
    queued_at = models.BigIntegerField(help_text="Business clock, utc_minute.")
    not_before = models.BigIntegerField(help_text="Business clock, utc_minute.")
    expires_at = models.BigIntegerField(help_text="From then on it is of no use; utc_minute.")
    tries = models.SmallIntegerField(default=0)
    lease_until = models.BigIntegerField(default=-1, help_text="Wall clock, seconds; while it is being handed over.")
    attempt = models.ForeignKey(Attempt, null=True, on_delete=models.PROTECT, related_name="messages")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")
    provider_ref = models.CharField(max_length=120, default="", db_index=True)
    parts = models.SmallIntegerField(default=0)
    cost = models.BigIntegerField(default=-1, help_text="Minor units of the lender's currency; -1: not known.")
    left_at = models.BigIntegerField(default=-1)
    delivered_at = models.BigIntegerField(default=-1)
    read_at = models.BigIntegerField(default=-1)
    letter = models.ForeignKey(
        "Letter", null=True, on_delete=models.PROTECT, related_name="mails", help_text="The letter that goes with it."
    )
    resends = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="resent")

    class Meta:
        db_table = "outbox"
        constraints = (models.UniqueConstraint(fields=["lender", "key"], name="one_message_per_key"),)
        indexes = (
            models.Index(fields=["not_before", "id"], condition=Q(state="QUEUED"), name="outbox_due"),
            models.Index(fields=["lease_until"], condition=Q(state="LEAVING"), name="outbox_leaving"),
            models.Index(fields=["lender", "state", "queued_at"], name="outbox_state"),
        )


class MessageEvent(models.Model):
    """What a provider reported of a message; the same report twice is kept once."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, help_text="LEFT, DELIVERED, READ, FAILED, SETTLED …")
    at = models.BigIntegerField(help_text="Business clock, utc_minute.")
    code = models.CharField(max_length=60, default="", help_text="The provider's own word.")
    by = models.CharField(max_length=60, help_text="The sender, or who settled it.")

    class Meta:
        db_table = "outbox_event"
        constraints = (models.UniqueConstraint(fields=["message", "kind", "code"], name="a_report_once"),)


class OptOut(models.Model):
    """Somebody wants no more messages by a channel. It binds from the moment it came until they say otherwise."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="opt_outs")
    channel = models.SmallIntegerField(choices=choices(Channel))
    since = models.BigIntegerField(help_text="Business clock, utc_minute.")
    via = models.CharField(max_length=20, help_text="By what it came: a reply, a link, the desk, the portal.")
    ended_at = models.BigIntegerField(default=-1, help_text="When the person took it back; -1: it stands.")
    recorded_by = models.CharField(max_length=60)

    class Meta:
        db_table = "opt_out"
        constraints = (
            models.UniqueConstraint(
                fields=["person", "channel"], condition=Q(ended_at=-1), name="one_standing_opt_out"
            ),
        )


class Reply(models.Model):
    """Words that came in by a channel. Who wrote them is the owner of the number; nobody: kept for a person to look at."""

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="replies")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="replies")
    answers = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="replies")
    channel = models.SmallIntegerField(choices=choices(Channel))
    sender = models.CharField(max_length=40, help_text="Code of the sender that took it in.")
    ref = models.CharField(max_length=120, help_text="The provider's number: the same reply twice is kept once.")
    text_sealed = models.BinaryField(default=b"")
    meaning = models.CharField(max_length=12, help_text="STOP, START, or WORDS that a person reads.")
    at = models.BigIntegerField(help_text="Business clock, utc_minute.")

    class Meta:
        db_table = "reply"
        constraints = (models.UniqueConstraint(fields=["sender", "ref"], name="a_reply_once"),)


class Pace(models.Model):
    """When a sender may send its next message: one row a sender, so that many workers keep one pace."""

    sender = models.CharField(max_length=40, unique=True)
    next_at = models.BigIntegerField(default=0, help_text="Wall clock, milliseconds.")

    class Meta:
        db_table = "sender_pace"
