"""A write is carried out once per Idempotency-Key: its answer is kept in the transaction of its effect, and given again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from fairdue.store import clock
from fairdue.store.models import ApiKey, ApiRequest
from fairdue.store.seal import sealer
from fairdue.web.api.faults import IdempotencyKeyReused, NoIdempotencyKey

HEADER = "Idempotency-Key"
SHAPE = re.compile(r"[A-Za-z0-9_-]{8,64}")
KEPT = timedelta(hours=48)
REPLAYED = "Idempotent-Replayed"


def once(request: HttpRequest, key: ApiKey, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Act and keep the answer, both or neither; or give the answer that was kept.

    Whoever comes second with the same key waits for the first one's end. An error changes nothing and is not kept.
    Raises `NoIdempotencyKey`, `IdempotencyKeyReused`.
    """
    said = request.headers.get(HEADER, "")
    if not SHAPE.fullmatch(said):
        raise NoIdempotencyKey
    asked = fingerprint(request)
    with transaction.atomic():
        row, is_new = _claim(key, said, asked)
        if not is_new:
            return _again(row, asked)
        answer = act()
        ApiRequest.objects.filter(pk=row.pk).update(
            status=answer.status_code, media_type=answer.headers["Content-Type"],
            body_sealed=sealer().seal(answer.content.decode()),
        )  # fmt: skip
    return answer


def _claim(key: ApiKey, said: str, asked: str) -> tuple[ApiRequest, bool]:
    """The row of this key, ours if nobody had it: PostgreSQL makes the second wait for the first, SQLite has one writer."""
    now = clock.wall()
    ApiRequest.objects.filter(key=key, at__lt=now - KEPT).delete()
    mine = ApiRequest(key=key, idempotency_key=said, request_sha256=asked, at=now)
    ApiRequest.objects.bulk_create([mine], ignore_conflicts=True)
    row = ApiRequest.objects.select_for_update().get(key=key, idempotency_key=said)
    return row, row.status == 0


def _again(row: ApiRequest, asked: str) -> HttpResponse:
    if row.request_sha256 != asked:
        raise IdempotencyKeyReused
    answer = HttpResponse(
        sealer().open(bytes(row.body_sealed)).encode(), status=row.status, content_type=row.media_type
    )
    answer.headers[REPLAYED] = "true"
    return answer


def fingerprint(request: HttpRequest) -> str:
    """SHA-256 over method, address and everything the body says."""
    made = sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if (request.content_type or "").startswith("multipart/"):
        for name in sorted(request.POST):
            made.update(f"{name}={request.POST.getlist(name)}\n".encode())
        for name in sorted(request.FILES):
            made.update(f"{name}:{[file_sha256(file) for file in request.FILES.getlist(name)]}\n".encode())
    else:
        made.update(request.body)
    return made.hexdigest()


def file_sha256(file: UploadedFile[Any]) -> str:
    """SHA-256 of an uploaded file, read from its beginning and left there."""
    made = sha256()
    for chunk in file.chunks():
        made.update(chunk)
    file.seek(0)
    return made.hexdigest()
