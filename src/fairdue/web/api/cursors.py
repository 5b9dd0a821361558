"""Lists are read page by page with a cursor: opaque, signed, good for one list with one filter, stable while rows are added."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core import signing
from django.db.models import Model, QuerySet

from fairdue.web.api.faults import BadCursor

SALT = "fairdue.api.cursor"
M = TypeVar("M", bound=Model)


def page_of(rows: QuerySet[M], what: str, cursor: str | None, limit: int) -> tuple[list[M], str | None]:
    """The next rows by number, rising, and the cursor of those after them. `what` names the list and its filter."""
    if cursor:
        rows = rows.filter(pk__gt=place_of(what, cursor))
    found = list(rows.order_by("pk")[: limit + 1])
    more = found[limit - 1].pk if len(found) > limit else None
    return found[:limit], None if more is None else made(what, more)


def made(what: str, after: int) -> str:
    """The cursor that goes on after a row of a list."""
    return signing.dumps([what, after], salt=SALT, compress=True)


def place_of(what: str, cursor: str) -> int:
    """The number after which a cursor goes on. Raises `BadCursor`."""
    try:
        said: Any = signing.loads(cursor, salt=SALT)
    except signing.BadSignature as error:
        raise BadCursor from error
    if said[0] != what:
        raise BadCursor
    return int(said[1])
