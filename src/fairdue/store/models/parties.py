"""Who is involved: lenders and agencies, people, and the points by which a person can be reached."""

from __future__ import annotations

from django.db import models

from fairdue.core.codes import (
    Channel,
    Code,
    GuaranteeKind,
    LenderKind,
    Party,
    PointKind,
    PointSource,
    PointStatus,
    Product,
)


def choices(kind: type[Code]) -> list[tuple[int, str]]:
    """A code list as Django wants it."""
    return [(int(code), code.en) for code in kind]


class Organisation(models.Model):
    """A lender or an agency. A lender carries the configuration that decides how its book is worked."""

    code = models.SlugField(unique=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    is_lender = models.BooleanField(default=True)
    lender_kind = models.SmallIntegerField(choices=choices(LenderKind), default=LenderKind.BANK)
    association_member = models.BooleanField(null=True, default=None)
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    currency = models.CharField(max_length=3, default="CNY")
    exponent = models.SmallIntegerField(default=2)
    owns_ledger = models.BooleanField(default=False, help_text="False: the lender's balances are the truth.")
    floor_minor = models.BigIntegerField(default=0, help_text="Arrears up to this amount do not open a case.")
    list_length = models.IntegerField(default=120, help_text="Places on one collector's list for a day.")
    pack = models.CharField(max_length=40, default="cn")
    policy = models.CharField(max_length=40, blank=True, default="")
    strategy = models.CharField(max_length=40, default="cn")
    terms = models.CharField(max_length=40, default="cn", help_text="Plan terms and authority matrix.")
    records_calls = models.BooleanField(
        null=True, default=None, help_text="Every call and visit is recorded; null: unknown."
    )
    listed = models.BooleanField(null=True, default=None, help_text="An agency on the lender's published list.")
    contract_end = models.DateField(null=True, help_text="Last day of the agency's contract.")
    reviewed_on = models.DateField(null=True, help_text="Last review of the agency.")
    sub_contracted = models.BooleanField(null=True, default=None, help_text="The agency works for another agency.")
    sender_approved = models.BooleanField(
        null=True, default=None, help_text="The agency uses only numbers and senders that the lender approved."
    )

    law_firm = models.BooleanField(default=False, db_default=False, help_text="Takes cases to court for lenders.")

    class Meta:
        db_table = "organisation"

    def __str__(self) -> str:
        return self.code


class Person(models.Model):
    """A customer of a lender, or somebody linked to one. Name and identity number are sealed at rest.

    The masked forms are stored beside them so that no list ever needs to open a seal.
    """

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    ref = models.CharField(max_length=80)
    name_sealed = models.BinaryField(null=True)
    name_masked = models.CharField(max_length=80, default="")
    name_index = models.CharField(max_length=32, default="", db_index=True)
    id_type = models.CharField(max_length=20, default="")
    id_sealed = models.BinaryField(null=True)
    id_masked = models.CharField(max_length=40, default="")
    id_index = models.CharField(max_length=32, default="", db_index=True)
    place = models.CharField(max_length=80, default="")
    zone = models.CharField(max_length=40, default="", help_text="Empty: unknown.")
    language = models.CharField(max_length=12, default="")
    agreed_from = models.SmallIntegerField(default=-1, help_text="Minute of the local day; -1: no agreed hours.")
    agreed_to = models.SmallIntegerField(default=-1)
    invented = models.BooleanField(default=False)
    batch = models.ForeignKey("Batch", null=True, on_delete=models.PROTECT)
    human = models.BigIntegerField(
        null=True, db_index=True,
        help_text="The same for all rows that are one human (one identity number at one lender); null: nobody else.",
    )  # fmt: skip
    erased_on = models.DateField(null=True, help_text="Personal data was erased on this day.")

    class Meta:
        db_table = "person"
        constraints = [models.UniqueConstraint(fields=["lender", "ref"], name="person_once_per_lender")]

    def __str__(self) -> str:
        return self.ref


class Link(models.Model):
    """Who somebody is to a customer's debt, and whether they asked not to be contacted (for ever)."""

    customer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="links")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="linked_to")
    party = models.SmallIntegerField(choices=choices(Party))
    refused_on = models.DateField(null=True)
    liable = models.BooleanField(
        null=True, default=None, help_text="Liability is established with evidence; null: unknown."
    )
    alive = models.BooleanField(null=True, default=None)
    capable = models.BooleanField(null=True, default=None, help_text="Has full capacity.")
    willing_to_repay = models.BooleanField(default=False, db_default=False, help_text="Said so expressly.")
    guarantee_kind = models.SmallIntegerField(choices=choices(GuaranteeKind), default=-1, db_default=-1)
    guarantee_until = models.DateField(
        null=True, help_text="Agreed last day of the guarantee period; null: none, or none clear, was agreed."
    )
    guarantee_lapsed = models.BooleanField(null=True, default=None)
    enforcement_failed = models.BooleanField(null=True, default=None)
    recourse_waived = models.BooleanField(
        null=True, default=None, help_text="An exception frees the lender from enforcing against the debtor first."
    )
    consents_to_changes = models.BooleanField(
        null=True, default=None, help_text="A guarantor agreed in writing to the changes made to the debt."
    )
    renounced = models.BooleanField(null=True, default=None, help_text="An heir who renounced.")
    liable_up_to = models.BigIntegerField(
        null=True, help_text="Minor units: the agreed scope of a guarantee, or the value of an estate; null: not known."
    )

    class Meta:
        db_table = "link"
        constraints = [models.UniqueConstraint(fields=["customer", "person", "party"], name="link_once")]


class Point(models.Model):
    """A phone number, e-mail or address: where it came from, and how well it works."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="points")
    channel = models.SmallIntegerField(choices=choices(Channel))
    value_sealed = models.BinaryField()
    value_masked = models.CharField(max_length=80)
    value_index = models.CharField(max_length=32, db_index=True)
    source = models.SmallIntegerField(choices=choices(PointSource), default=-1)
    reserved = models.BooleanField(null=True)
    status = models.SmallIntegerField(choices=choices(PointStatus), default=PointStatus.GOOD)
    kind = models.SmallIntegerField(choices=choices(PointKind), default=-1, db_default=-1)
    status_on = models.DateField(null=True)
    basis = models.CharField(max_length=200, default="", db_default="", help_text="By what the number may be used.")
    added_by = models.CharField(max_length=60, default="", db_default="", help_text="Empty: it came with a file.")
    added_on = models.DateField(null=True)
    number = models.BigIntegerField(
        null=True, db_index=True,
        help_text="The same for all rows that hold one number or address at one lender; null: no other row does.",
    )  # fmt: skip

    class Meta:
        db_table = "point"
        constraints = [models.UniqueConstraint(fields=["person", "channel", "value_index"], name="point_once")]


class LinkEvidence(models.Model):
    """What shows a fact about a linked person: who recorded it, on which paper or words it rests. Never changed."""

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="evidence")
    fact = models.CharField(max_length=30, help_text="Name of the column it sets.")
    value = models.CharField(max_length=30)
    note = models.TextField(help_text="What the evidence is, and where it lies.")
    recorded_by = models.ForeignKey("User", on_delete=models.PROTECT, related_name="+")
    at = models.BigIntegerField(help_text="Business clock, utc_minute.")
    holds = models.BooleanField(help_text="False: waits for a second person, or was refused by one.")

    class Meta:
        db_table = "link_evidence"


PRODUCTS = choices(Product)
