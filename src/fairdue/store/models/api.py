"""Who comes in by the API, how often, and what was answered; books that came in; whom events are sent to."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from fairdue.store.models.book import Batch
from fairdue.store.models.parties import Organisation
from fairdue.store.models.users import User


class Caller(User):
    """A user as a key brings them in: same role, same rows, named in the audit trail by the key. It is never saved."""

    class Meta:
        proxy = True

    def save(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse: the name is the key's, the row is the user's."""
        raise TypeError("A caller is read from its user and never written back.")


class ApiKey(models.Model):
    """A key to the API. Its secret is shown once and kept as a keyed hash; it has one user's rights, narrowed by scopes."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    name = models.CharField(max_length=50, unique=True, help_text="The actor in the audit trail is `key:NAME`.")
    prefix = models.CharField(max_length=12, unique=True, help_text="The part of the key that may be shown.")
    secret_hash = models.CharField(max_length=64)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="Whose rights it has.")
    scopes = models.JSONField(default=list)
    per_minute = models.IntegerField(default=600, help_text="Requests a minute, and at once at most.")
    expires_on = models.DateField(help_text="Last day on which it opens.")
    created_by = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    revoked_by = models.CharField(max_length=60, default="")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_key"

    @property
    def actor(self) -> str:
        """Its name in the audit trail."""
        return f"key:{self.name}"


class ApiBucket(models.Model):
    """How many requests a key has left: a token bucket, moved under a row lock, so that it holds over all processes."""

    key = models.OneToOneField(ApiKey, on_delete=models.CASCADE, related_name="bucket")
    tokens = models.BigIntegerField(help_text="Thousandths of a request.")
    at = models.BigIntegerField(
        help_text="When it was last looked at: milliseconds since 1970-01-01T00:00Z, wall clock."
    )

    class Meta:
        db_table = "api_bucket"


class ApiRequest(models.Model):
    """A write that was carried out, by the asker's own key: asked again, it is answered the same and nothing is done."""

    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT)
    idempotency_key = models.CharField(max_length=64)
    request_sha256 = models.CharField(max_length=64)
    status = models.SmallIntegerField(default=0)
    media_type = models.CharField(max_length=40, default="")
    body_sealed = models.BinaryField(default=b"")
    at = models.DateTimeField()

    class Meta:
        db_table = "api_request"
        constraints = [
            models.UniqueConstraint(fields=["key", "idempotency_key"], name="one_answer_per_idempotency_key")
        ]
        indexes = [models.Index(fields=["at"], name="api_request_at")]


class BookUpload(models.Model):
    """A file that came in by the API, from its arrival to the batch it became; the file itself is deleted when it is loaded."""

    STATES = (("WAITING", "waiting"), ("RUNNING", "running"), ("LOADED", "loaded"), ("FAILED", "failed"))

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    mapping = models.CharField(max_length=80)
    file_name = models.CharField(max_length=200)
    size = models.BigIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    as_of = models.DateField(null=True)
    expect_rows = models.BigIntegerField(null=True)
    expect_total = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=STATES, default="WAITING")
    fault = models.JSONField(default=dict, help_text="Why it failed, in both languages.")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "book_upload"

    @property
    def folder(self) -> Path:
        """Where its file lies until it is loaded."""
        return Path(settings.HOME) / "books" / str(self.pk)

    @property
    def file(self) -> Path:
        """The file."""
        return self.folder / self.file_name


class WebhookEndpoint(models.Model):
    """An address to which events of an organisation are sent, signed with a secret of its own."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    url = models.URLField(max_length=500)
    types = models.JSONField(default=list, help_text="Types of events; empty: all.")
    secret_sealed = models.BinaryField()
    position = models.BigIntegerField(help_text="The last row of the audit chain that was looked at for it.")
    note = models.CharField(max_length=120, default="")
    created_by = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    ended_by = models.CharField(max_length=60, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "webhook_endpoint"


class WebhookMessage(models.Model):
    """One event for one endpoint: sent again and again until it is taken, or given up and shown as a dead letter."""

    STATES = (("PENDING", "pending"), ("DELIVERED", "delivered"), ("DEAD", "given up"))

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, related_name="messages")
    event = models.BigIntegerField(help_text="Number of the row of the audit chain.")
    type = models.CharField(max_length=60)
    body = models.TextField(help_text="JSON as it is sent and signed: references only, nothing personal.")
    state = models.CharField(max_length=10, choices=STATES, default="PENDING")
    tries = models.IntegerField(default=0)
    next_at = models.BigIntegerField(
        help_text="Milliseconds since 1970-01-01T00:00Z, wall clock; while it is being sent: when the lease ends."
    )
    last_status = models.SmallIntegerField(default=0, help_text="HTTP status of the last answer; 0: no answer.")
    last_fault = models.CharField(max_length=200, default="")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "webhook_message"
        constraints = [models.UniqueConstraint(fields=["endpoint", "event"], name="an_event_once_per_endpoint")]
        indexes = [models.Index(fields=["state", "next_at"], name="webhook_due")]
