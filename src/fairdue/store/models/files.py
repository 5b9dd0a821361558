"""Files kept with the work: recordings, uploads, letters. The row is here; the bytes lie sealed in the vault's folder."""

from __future__ import annotations

from django.db import models

from fairdue.store.models.parties import Organisation, Person


class KeptFile(models.Model):
    """One sealed file. Without `key_sealed` nobody can read it again, wherever a copy of the bytes may lie."""

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="files", help_text="Whom it says something about."
    )
    kind = models.CharField(max_length=30, help_text="What it is to the work: recording, upload, letter …")
    name = models.CharField(max_length=200, help_text="As its giver named it.")
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField(help_text="Bytes, before sealing.")
    sha256 = models.CharField(max_length=64, help_text="Of the bytes before sealing.")
    handle = models.CharField(max_length=32, unique=True, help_text="Its name in the vault's folder.")
    key_sealed = models.BinaryField(null=True, help_text="The file's own key, sealed; empty once it was dropped.")
    keep_until = models.DateField(
        null=True, db_index=True, help_text="May be dropped after this day; empty: with its person."
    )
    added_by = models.CharField(max_length=60)
    at = models.BigIntegerField(help_text="Business clock, utc_minute.")

    class Meta:
        db_table = "kept_file"
        constraints = (models.CheckConstraint(condition=models.Q(size__gte=0), name="kept_file_has_a_size"),)
