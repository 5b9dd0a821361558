"""Somebody at the customers' own site, without a browser: the site's own settings around Django's test client."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import clear_url_caches

import cast
from fairdue.core.codes import Channel
from fairdue.store import clock
from fairdue.store.actions import invitations
from fairdue.store.actions.invitations import Made
from fairdue.store.models import Case, Person, Point
from fairdue.store.seal import mask_tail, sealer
from fairdue.web.sites import portal

ID_NO, OTHER_ID = "310101199003078515", "310101198801011234"
KEPT = {"DATABASES", "INSTALLED_APPS", "LOGGING", "HOME", "VAULT_FOLDER", "PASSWORD_HASHERS", "UPLOAD_FOLDER"}
SETTINGS = {name: getattr(portal, name) for name in dir(portal) if name.isupper() and name not in KEPT}


@contextmanager
def site() -> Iterator[None]:
    """Django works as the customers' site until the end of the block."""
    with override_settings(**SETTINGS | {"ALLOWED_HOSTS": ["testserver"]}, UPLOAD_FOLDER=settings.HOME / "uploads"):
        clear_url_caches()
        cache.clear()
        yield
    clear_url_caches()


def known(case: Case, id_no: str = ID_NO) -> Person:
    """The case's person, with an identity number and a phone on file."""
    person = case.customer
    person.id_type, person.id_sealed, person.id_masked = "ID", sealer().seal(id_no), mask_tail(id_no)
    person.save()
    if not person.points.exists():
        Point.objects.create(person=person, channel=Channel.CALL, value_sealed=sealer().seal("15412345678"),
                             value_masked="154****5678", value_index=sealer().index("15412345678"), source=0)  # fmt: skip
    return person


def phone_of(person: Person) -> str:
    point = person.points.order_by("pk").first()
    assert point is not None
    return sealer().open(bytes(point.value_sealed))


def invited(case: Case, username: str = cast.COLLECTOR, id_no: str = ID_NO) -> Made:
    """An invitation to the case's person."""
    known(case, id_no)
    return invitations.invite(cast.user(username), case.pk)


def facts(case: Case, id_no: str = ID_NO) -> dict[str, str]:
    return {"id_tail": id_no[-6:], "phone_tail": phone_of(case.customer)[-4:]}


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, language: str = "en", *, csrf: bool = False) -> None:
        self.client = Client(enforce_csrf_checks=csrf)
        self.client.cookies["fd_site_language"] = language

    def open(self, made: Made) -> HttpResponse:
        return self.client.get(f"/i/{made.link}/", follow=True)  # type: ignore[return-value]

    def tell(self, said: dict[str, str]) -> HttpResponse:
        return self.client.post("/check/", said)  # type: ignore[return-value]

    def come_in(self, case: Case, id_no: str = ID_NO) -> Visitor:
        """Invited, recognised, in."""
        self.open(invited(case, case.owner.username if case.owner else cast.COLLECTOR, id_no))
        answer = self.tell(facts(case, id_no))
        assert answer.status_code == 302, answer.content.decode()[:2000]
        return self

    def get(self, path: str, **query: str) -> str:
        answer = self.client.get(path, query)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.content.decode()

    def post(self, path: str, **said: Any) -> str:
        answer = self.client.post(path, said, follow=True)
        assert answer.status_code in {200, 422}, (path, answer.status_code, answer.content.decode()[:500])
        return answer.content.decode()


def today() -> str:
    return clock.business_date(clock.now_minute(), cast.ZONE).isoformat()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int) -> bytes:
    """A picture of that size, as its head says."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )
