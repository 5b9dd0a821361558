"""Money that came in: statements, their lines, what each line was matched to, what waits for a person, and certificates.

Statements, lines and matches are only ever added: a reversal is a line of its own that points to the one it takes back.
"""

from __future__ import annotations

from django.db import models

from fairdue.store.models.book import Account
from fairdue.store.models.casework import Case
from fairdue.store.models.files import KeptFile
from fairdue.store.models.parties import Organisation, Person
from fairdue.store.models.users import User


class BankStatement(models.Model):
    """One statement of a bank or payment service, booked whole after its balances agreed."""

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    identity = models.CharField(max_length=64, help_text="Hash of what it says: the same statement twice is one.")
    format = models.CharField(max_length=30)
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    bank_ref = models.CharField(max_length=80, default="", help_text="The bank's own number of it.")
    account_tail = models.CharField(max_length=8, default="", help_text="Last four characters of our account.")
    currency = models.CharField(max_length=3)
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)
    opening = models.BigIntegerField(null=True, help_text="Minor units; null: the format does not say.")
    closing = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, default="LOADING", help_text="LOADING, LOADED.")
    rows_read = models.IntegerField()
    rows_booked = models.IntegerField(default=0)
    rows_known = models.IntegerField(default=0, help_text="Lines that had come before by another way.")
    rows_rejected = models.IntegerField(default=0)
    rejects = models.ForeignKey(KeptFile, null=True, on_delete=models.PROTECT, related_name="+")
    booked_by = models.CharField(max_length=60)
    booked_at = models.DateTimeField()

    class Meta:
        db_table = "bank_statement"
        constraints = [models.UniqueConstraint(fields=["lender", "identity"], name="statement_once")]


class PaymentLine(models.Model):
    """Money that came in (positive) or was taken back (negative). Never changed, never removed."""

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    statement = models.ForeignKey(BankStatement, null=True, on_delete=models.PROTECT, related_name="lines")
    source = models.CharField(max_length=20, help_text="STATEMENT, WEBHOOK, DEBIT, AGENCY, COURT, MANUAL, PORTAL.")
    identity = models.CharField(max_length=64, help_text="Hash of the bank's reference, else of what the line says.")
    bank_ref = models.CharField(max_length=120, default="")
    row = models.IntegerField(default=0, help_text="Row of its file; 0: no file.")
    paid_on = models.DateField()
    amount = models.BigIntegerField(help_text="Minor units.")
    currency = models.CharField(max_length=3)
    payer_sealed = models.BinaryField(null=True, help_text="Name and account of the payer, sealed.")
    payer_masked = models.CharField(max_length=80, default="")
    payer_index = models.CharField(max_length=32, default="", db_index=True)
    account_tail = models.CharField(max_length=8, default="", help_text="Last four characters of the payer's account.")
    virtual_account = models.CharField(max_length=40, default="")
    said = models.TextField(default="", help_text="What the payer wrote.")
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    reason = models.CharField(max_length=120, default="")
    known_at = models.DateTimeField(help_text="Wall clock: from this moment nobody collects on old figures.")
    added_by = models.CharField(max_length=60)

    class Meta:
        db_table = "payment_line"
        constraints = [models.UniqueConstraint(fields=["lender", "identity"], name="payment_line_once")]
        indexes = [models.Index(fields=["lender", "paid_on"], name="payment_line_day")]


class PaymentMatch(models.Model):
    """One part of a line booked to one debt: by which rule, how sure, by whom. Never changed."""

    line = models.ForeignKey(PaymentLine, on_delete=models.PROTECT, related_name="matches")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="payment_matches")
    amount = models.BigIntegerField()
    how = models.CharField(max_length=20, help_text="DESIGNATED, REFERENCE, VIRTUAL, NAME, LEARNED, PERSON, LAW.")
    score = models.SmallIntegerField(default=100)
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")
    posting_ref = models.CharField(max_length=120)
    by = models.CharField(max_length=60)
    at = models.BigIntegerField(help_text="Business clock, utc_minute.")

    class Meta:
        db_table = "payment_match"


class Suspense(models.Model):
    """What of a line nobody could book yet: it ages, and it nags until somebody says whose it is or sends it back."""

    OPEN, DONE = "OPEN", "DONE"

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    line = models.OneToOneField(PaymentLine, on_delete=models.PROTECT, related_name="suspense")
    amount = models.BigIntegerField(help_text="What is left of it.")
    reason = models.CharField(max_length=30, help_text="NOBODY, SEVERAL, DOUBT, OVERPAID, CURRENCY, REVERSAL.")
    since = models.DateField()
    state = models.CharField(max_length=10, default=OPEN)
    nagged_on = models.DateField(null=True)
    nags = models.SmallIntegerField(default=0, db_default=0, help_text="How often people were reminded of it.")

    class Meta:
        db_table = "suspense"
        indexes = [models.Index(fields=["lender", "state", "since"], name="suspense_open")]


class Candidate(models.Model):
    """Whose the money may be, for a person to say."""

    suspense = models.ForeignKey(Suspense, on_delete=models.CASCADE, related_name="candidates")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    score = models.SmallIntegerField(help_text="0 to 100.")
    why = models.CharField(max_length=60, help_text="What agrees: codes with commas.")

    class Meta:
        db_table = "payment_candidate"
        constraints = [models.UniqueConstraint(fields=["suspense", "account"], name="candidate_once")]


class PaymentAsk(models.Model):
    """What finance asks a second person to do with money: book by hand, assign, send back, take back."""

    KINDS = (
        ("ENTER", "enter"), ("ASSIGN", "assign"), ("REFUND", "refund"), ("REVERSE", "reverse"),
    )  # fmt: skip

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=KINDS)
    line = models.ForeignKey(PaymentLine, null=True, on_delete=models.PROTECT, related_name="asks")
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    paid_on = models.DateField()
    bank_ref = models.CharField(max_length=120, default="")
    state = models.CharField(max_length=10, default="ASKED", help_text="ASKED, DONE, REFUSED.")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)

    class Meta:
        db_table = "payment_ask"


class KnownPayer(models.Model):
    """A payer whom a person once assigned to a customer: the next time nobody has to ask."""

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    payer_index = models.CharField(max_length=32)
    customer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="payers")
    times = models.IntegerField(default=1)

    class Meta:
        db_table = "known_payer"
        constraints = [models.UniqueConstraint(fields=["lender", "payer_index", "customer"], name="payer_once")]


class VirtualAccount(models.Model):
    """A number at our bank that stands for one debt."""

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    number = models.CharField(max_length=40)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="virtual_accounts")

    class Meta:
        db_table = "virtual_account"
        constraints = [models.UniqueConstraint(fields=["lender", "number"], name="virtual_account_once")]


class PaymentKnown(models.Model):
    """A payment of a customer's became known: everything that would still ask for money stops at this moment."""

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    customer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="payments_known")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField(help_text="Negative: a payment was taken back.")
    ref = models.CharField(max_length=120)
    known_at = models.DateTimeField(help_text="Wall clock.")
    told = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+",
                             help_text="The agency that holds the case and was told.")  # fmt: skip

    class Meta:
        db_table = "payment_known"
        indexes = [models.Index(fields=["customer", "known_at"], name="payment_known_customer")]


class Certificate(models.Model):
    """A certificate that a debt is settled (结清证明), found again by its code; void once the money is taken back."""

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="certificates")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="certificates")
    code = models.CharField(max_length=40, unique=True)
    settled_on = models.DateField()
    paid = models.BigIntegerField()
    waived = models.BigIntegerField(default=0)
    file_zh = models.ForeignKey(KeptFile, null=True, on_delete=models.PROTECT, related_name="+")
    file_en = models.ForeignKey(KeptFile, null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.BigIntegerField(help_text="Business clock, utc_minute.")
    void_on = models.DateField(null=True)
    void_reason = models.CharField(max_length=120, default="")

    class Meta:
        db_table = "certificate"
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(void_on=None), name="one_standing_certificate_per_debt"
            )
        ]


class Control(models.Model):
    """One line of the daily control: opening and what was posted make the closing, set against the lender's books."""

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    on = models.DateField()
    component = models.SmallIntegerField()
    opening = models.BigIntegerField()
    postings = models.JSONField(help_text="Sum by kind of posting.")
    closing = models.BigIntegerField()
    lenders = models.BigIntegerField(null=True, help_text="Null: the lender gave no figure for the day.")

    class Meta:
        db_table = "control"
        constraints = [models.UniqueConstraint(fields=["lender", "on", "component"], name="control_once")]


class ControlDifference(models.Model):
    """One debt and component on which our books and the lender's differ: somebody's to clear up."""

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    component = models.SmallIntegerField()
    on = models.DateField()
    ours = models.BigIntegerField()
    lenders = models.BigIntegerField()
    cleared_on = models.DateField(null=True)

    class Meta:
        db_table = "control_difference"
        constraints = [models.UniqueConstraint(fields=["account", "component", "on"], name="difference_once")]
