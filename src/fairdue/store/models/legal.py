"""What the law counts from: events with their evidence, the clocks they drive, and who decided when one ran out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fairdue.core.happened import Happened
from fairdue.core.limitation import Standing
from fairdue.store.models.book import Account
from fairdue.store.models.casework import Case
from fairdue.store.models.files import KeptFile
from fairdue.store.models.parties import Organisation, Person, choices
from fairdue.store.models.users import User


class LegalEvent(models.Model):
    """One thing that happened to a debt in law. Never changed but for the day on which it ended; a mistake is declared void.

    Promises, payments and plans are not repeated here: clocks read them where they stand.
    """

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="legal_events")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="legal_events")
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+",
        help_text="The guarantor it concerns; null: the borrower.",
    )  # fmt: skip
    kind = models.SmallIntegerField(choices=choices(Happened))
    on = models.DateField(help_text="When it took effect: a letter's delivery, not its date.")
    ended_on = models.DateField(null=True, help_text="Last day of a procedure or an obstacle; null: it goes on.")
    perform_by = models.DateField(null=True, help_text="A judgment's last day for performance.")
    withdrawn = models.BooleanField(default=False, help_text="A procedure that was withdrawn or rejected.")
    served_on = models.DateField(null=True, help_text="When its papers reached the other side.")
    evidence = models.CharField(max_length=40, help_text="Kind of row that proves it: letter, proceeding, file …")
    evidence_id = models.BigIntegerField(null=True)
    file = models.ForeignKey(KeptFile, null=True, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=120, help_text="The same event told twice is kept once.")
    note = models.CharField(max_length=300, default="")
    recorded_by = models.CharField(max_length=60)
    at = models.BigIntegerField(help_text="Business clock, utc_minute.")
    void_by = models.CharField(max_length=60, default="")
    void_why = models.CharField(max_length=300, default="")
    void_at = models.BigIntegerField(default=-1, help_text="-1: it stands.")

    class Meta:
        db_table = "legal_event"
        constraints = (
            models.UniqueConstraint(fields=["account", "key"], condition=Q(void_at=-1), name="legal_event_once"),
        )
        indexes = (models.Index(fields=["account", "on"], name="legal_event_account_on"),)


class LegalClock(models.Model):
    """Where one period of one debt (and guarantor) stood when it was last reckoned: made from the events, never typed."""

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="legal_clocks")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    person_key = models.BigIntegerField(
        default=-1, help_text="The person's number, -1 for the borrower: one clock each."
    )
    about = models.CharField(
        max_length=20,
        default="",
        db_default="",
        help_text="Kind of row a window is about: track, customer; empty: the debt.",
    )
    about_id = models.BigIntegerField(default=-1, db_default=-1, help_text="Its number; -1: the debt itself.")
    kind = models.SmallIntegerField(help_text="Code of `rules.periods.PeriodKind`.")
    period = models.CharField(max_length=40, default="", help_text="Id of the period; empty: no source is encoded.")
    standing = models.SmallIntegerField(choices=choices(Standing))
    start_on = models.DateField(null=True)
    last = models.DateField(null=True)
    provisional = models.BooleanField(default=False)
    cause = models.SmallIntegerField(default=-1, help_text="Code of the event it counts from; -1: the start.")
    cause_on = models.DateField(null=True)
    evidence = models.CharField(max_length=40, default="")
    evidence_id = models.BigIntegerField(null=True)
    as_of = models.DateField()
    warned = models.SmallIntegerField(
        default=-1, help_text="Days of the last warning given for this last day; -1: none."
    )
    decided = models.ForeignKey("LapseDecision", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "legal_clock"
        constraints = (
            models.UniqueConstraint(fields=["account", "kind", "person_key", "about_id"], name="legal_clock_once"),
        )
        indexes = (models.Index(fields=["lender", "standing", "last"], name="legal_clock_last"),)


class ArbitrationAgreement(models.Model):
    """Where the contract of a debt sends its disputes: recorded once with the paper that shows it; a mistake is declared void."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="arbitration")
    institution = models.CharField(max_length=200)
    note = models.CharField(max_length=300, help_text="Clause or paper in which it stands.")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.BigIntegerField(help_text="Business clock, utc_minute.")
    void_why = models.CharField(max_length=300, default="")
    void_at = models.BigIntegerField(default=-1, help_text="-1: it stands.")

    class Meta:
        db_table = "arbitration_agreement"
        constraints = (
            models.UniqueConstraint(fields=["account"], condition=Q(void_at=-1), name="one_arbitration_agreement"),
        )


class LapseDecision(models.Model):
    """What somebody decided about a period that ran out, or that is let run out: asked by one, approved by another."""

    ASKED, APPROVED, REFUSED = "ASKED", "APPROVED", "REFUSED"

    clock = models.ForeignKey(LegalClock, on_delete=models.PROTECT, related_name="decisions")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    last = models.DateField(help_text="The last day it is about.")
    worth = models.BigIntegerField(help_text="What was owed on the debt when it was asked.")
    choice = models.CharField(max_length=20, help_text="WRITE_OFF, LET_LAPSE or KEEP_ASKING.")
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, default=ASKED)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField(null=True)

    class Meta:
        db_table = "lapse_decision"
