"""Casework: one open case per customer, what was decided and why, every attempt to reach somebody, promises, stops."""

from __future__ import annotations

from hashlib import sha256

from django.db import models
from django.db.models import Q

from fairdue.core.codes import PayBy
from fairdue.store.models.parties import Organisation, Person, Point, choices
from fairdue.store.models.users import Team, User


class Case(models.Model):
    """All overdue accounts of one customer at one lender (归户): one open case, one owner at a time.

    The columns from `stage` down are what the last decision found; the decision itself is kept whole in `Decision`.
    """

    FILE = "FILE"  # status of a file of a customer in good standing: what was sent before due dates; never open, never worked

    customer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cases")
    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases")
    placed_with = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="placed_cases")
    borrower_told_on = models.DateField(null=True, help_text="When the borrower was told of the placement.")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    close_reason = models.CharField(max_length=20, default="")
    status = models.CharField(max_length=20, default="READY")
    owner = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="cases")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT)
    locked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    locked_until = models.BigIntegerField(default=-1)
    stage = models.CharField(max_length=8, default="")
    dpd = models.IntegerField(default=0)
    oldest_due = models.DateField(null=True)
    balance = models.BigIntegerField(default=0)
    overdue_accounts = models.IntegerField(default=0)
    behaviour = models.SmallIntegerField(default=-1)
    action = models.SmallIntegerField(default=-1)
    aim = models.SmallIntegerField(default=-1)
    aim_row = models.SmallIntegerField(default=-1, db_default=-1, help_text="Row of the aims' table; -1: no row.")
    reason = models.SmallIntegerField(default=-1)
    channel = models.SmallIntegerField(default=-1)
    tone = models.SmallIntegerField(default=-1)
    script = models.CharField(max_length=60, default="")
    treatment = models.IntegerField(default=-1)
    not_before = models.BigIntegerField(default=-1)
    review_on = models.DateField(null=True)
    return_on = models.DateField(null=True, help_text="Goes back to the lender's pool on this day; null: no such day.")
    returned_on = models.DateField(null=True, help_text="Was returned to the lender and is worked by nobody.")
    callback_at = models.BigIntegerField(default=-1, help_text="Agreed with the borrower; -1: none.")
    value = models.BigIntegerField(default=0)
    as_of = models.DateField(null=True)
    decision = models.ForeignKey("Decision", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "casefile"
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=Q(closed_on=None), name="one_open_case_per_customer")
        ]
        indexes = [models.Index(fields=["owner", "closed_on"], name="case_owner")]


class StageChange(models.Model):
    """The history of a case's stage."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="stage_changes")
    on = models.DateField()
    stage_from = models.CharField(max_length=8)
    stage_to = models.CharField(max_length=8)
    dpd = models.IntegerField()

    class Meta:
        db_table = "stage_change"
        constraints = [models.UniqueConstraint(fields=["case", "on"], name="one_stage_change_a_day")]


class Decision(models.Model):
    """What was known, what the law said, what was decided: enough to answer the same question again years later."""

    KINDS = (("night", "night"), ("contact", "contact"), ("outcome", "outcome"), ("track", "track"), ("plan", "plan"),
             ("site", "site"))  # fmt: skip

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=10, choices=KINDS)
    at = models.BigIntegerField(help_text="Business time in minutes since 1970-01-01T00:00Z.")
    as_of = models.DateField()
    facts = models.TextField(help_text="JSON: everything the guard and the decision were told.")
    pack = models.CharField(max_length=80)
    pack_revision = models.CharField(max_length=64)
    strategy_revision = models.CharField(max_length=64)
    allowed = models.BooleanField()
    verdict = models.TextField(help_text="JSON: rules that refused, facts that were missing, advice.")
    next_lawful = models.BigIntegerField(default=-1)
    action = models.SmallIntegerField()
    aim = models.SmallIntegerField()
    reason = models.SmallIntegerField()
    not_before = models.BigIntegerField(default=-1)
    treatment = models.IntegerField(default=-1)
    value = models.TextField(default="", help_text="JSON: expected value of acting now, term by term.")
    history = models.TextField(null=True, help_text="JSON: the past contacts the guard was told; null: not recorded.")
    request_key = models.CharField(
        max_length=64, null=True, help_text="The asker's own key: asked twice, answered once."
    )
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT)
    run = models.ForeignKey("NightRun", null=True, on_delete=models.PROTECT)

    class Meta:
        db_table = "decision"
        indexes = [
            models.Index(fields=["case", "at"], name="decision_case_at"),
            models.Index(fields=["as_of"], condition=Q(kind="contact"), name="decision_contact_day"),
        ]
        constraints = [
            models.UniqueConstraint(  # with a condition it is an index: the table and its triggers stay as they are
                fields=["actor", "request_key"], condition=Q(request_key__isnull=False), name="one_answer_per_request"
            )
        ]

    def seal(self) -> str:
        """SHA-256 over everything the decision says: kept in the audit chain, so that no part can be changed unseen."""
        said = [
            self.case_id, self.kind, self.at, self.as_of, self.facts, self.history, self.pack, self.pack_revision,
            self.strategy_revision, bool(self.allowed), self.verdict, self.next_lawful, self.action, self.aim, self.reason,
            self.not_before, self.treatment, self.value, self.actor_id,
        ]  # fmt: skip
        return sha256("\x1f".join(map(str, said)).encode()).hexdigest()


class Attempt(models.Model):
    """The one attempt ledger: every try to reach anybody about a debt, over all channels, accounts and agencies.

    RESERVED before the contact, then CONFIRMED by its outcome, RELEASED unused, or LAPSED. A reservation counts until
    `expires_at`; an outcome that comes later still confirms it and counts.
    """

    RESERVED, CONFIRMED, RELEASED, LAPSED = "RESERVED", "CONFIRMED", "RELEASED", "LAPSED"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attempts")
    customer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attempts_about")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attempts_to")
    party = models.SmallIntegerField()
    point = models.ForeignKey(Point, null=True, on_delete=models.PROTECT)
    channel = models.SmallIntegerField()
    mode = models.SmallIntegerField(default=-1)
    purpose = models.SmallIntegerField()
    direction = models.SmallIntegerField(default=0)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    operator = models.ForeignKey(User, null=True, on_delete=models.PROTECT)
    state = models.CharField(max_length=10, default=RESERVED)
    at = models.BigIntegerField(help_text="Minutes since 1970-01-01T00:00Z.")
    expires_at = models.BigIntegerField(default=-1)
    outcome = models.CharField(max_length=30, default="")
    answered = models.SmallIntegerField(default=-1)
    talked = models.SmallIntegerField(default=-1)
    aim = models.SmallIntegerField(default=-1)
    identity_at = models.BigIntegerField(
        default=-1, help_text="When the person's identity was confirmed; -1: it was not."
    )
    note = models.TextField(default="")
    recorded_at = models.BigIntegerField(null=True, help_text="When the outcome was recorded; null: no outcome.")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT)

    class Meta:
        db_table = "attempt"
        indexes = [
            models.Index(fields=["customer", "at"], name="attempt_customer_at"),
            models.Index(fields=["point", "at"], name="attempt_point_at"),
        ]

    @property
    def late(self) -> bool:
        """The outcome came after the reservation had lapsed."""
        return self.recorded_at is not None and 0 <= self.expires_at <= self.recorded_at

    def seen(self, now: int) -> str:
        """The state as it is at a minute, also before a sweep has marked a lapsed reservation."""
        return self.LAPSED if self.state == self.RESERVED and self.expires_at <= now else self.state


class Promise(models.Model):
    """A promise to pay. Kept, partly kept or broken is judged by the system from payments, never by hand.

    Grace and threshold are those in force when it was made: a later policy does not change what was agreed.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="promises")
    attempt = models.ForeignKey(Attempt, null=True, on_delete=models.PROTECT)
    made_on = models.DateField()
    amount = models.BigIntegerField()
    due_on = models.DateField()
    pay_by = models.SmallIntegerField(default=-1, choices=choices(PayBy))
    remind = models.BooleanField(default=False, help_text="The person asked to be reminded before the day.")
    grace_days = models.SmallIntegerField(default=3)
    threshold_ppm = models.IntegerField(default=1_000_000)
    status = models.CharField(max_length=12, default="OPEN")  # OPEN, KEPT, PARTLY_KEPT, BROKEN, SUPERSEDED
    paid = models.BigIntegerField(default=0, help_text="What counted for it when it was last judged.")
    judged_on = models.DateField(null=True)
    superseded_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="supersedes")

    class Meta:
        db_table = "promise"


class Stop(models.Model):
    """Something that stops or diverts normal work until it is lifted: dispute, claim of payment, cease request, pause."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="stops")
    kind = models.CharField(max_length=20)
    since = models.DateField()
    until = models.DateField(null=True, help_text="First day without the stop; null: until lifted.")
    attempt = models.ForeignKey(Attempt, null=True, on_delete=models.PROTECT)
    track = models.ForeignKey("Track", null=True, on_delete=models.PROTECT, related_name="stops")
    reason = models.CharField(max_length=200, default="")

    class Meta:
        db_table = "stop"
