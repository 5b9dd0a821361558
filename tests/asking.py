"""Programs that ask the API, without a server between."""

from __future__ import annotations

import json
import uuid
from datetime import date
from typing import Any

from django.test import Client

import cast
from fairdue.core.codes import Role
from fairdue.store import clock
from fairdue.store.actions import keys
from fairdue.store.models import ApiKey


def key_for(username: str, *scopes: str, per_minute: int = 6000) -> str:
    """A key that works as one of the cast, made once."""
    return made(username, *scopes, per_minute=per_minute)[1]


def made(username: str, *scopes: str, per_minute: int = 6000) -> tuple[ApiKey, str]:
    user = cast.user(username)
    name = f"{username}-{uuid.uuid4().hex[:8]}"
    wanted = keys.Wanted(name, scopes or ("all",), until(), works_as=username, per_minute=per_minute)
    return keys.create("test", user.organisation, wanted)


def until() -> date:
    return date.fromordinal(clock.business_date(clock.now_minute(), cast.ZONE).toordinal() + 90)


class Program:
    """A program with a key; an empty one has none."""

    def __init__(self, key: str, language: str = "en") -> None:
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self.headers = {"Accept-Language": language, "Host": "127.0.0.1"} | (
            {"Authorization": f"Bearer {key}"} if key else {}
        )

    def send(self, method: str, path: str, body: Any = None, *, key: str = "", **headers: str) -> Any:
        """The answer as Django's client gives it."""
        more = {"Idempotency-Key": key or uuid.uuid4().hex} if method == "POST" else {}
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.generic(
            method, f"/api/v1{path}", content, "application/json", headers=self.headers | more | headers
        )

    def get(self, path: str, status: int = 200) -> Any:
        """What it says, with the status it must have."""
        return self._said(self.send("GET", path), status)

    def post(self, path: str, body: Any = None, status: int = 200, *, key: str = "") -> Any:
        """What it says, with the status it must have."""
        return self._said(self.send("POST", path, body, key=key), status)

    def _said(self, answer: Any, status: int) -> Any:
        assert answer.status_code == status, (answer.status_code, answer.content.decode()[:2000])
        return json.loads(answer.content)


def program(username: str, *scopes: str, language: str = "en") -> Program:
    """A program that works as one of the cast."""
    return Program(key_for(username, *scopes), language)


ROLE_OF = {
    cast.COLLECTOR: Role.COLLECTOR, cast.LEAD: Role.LEAD, cast.OFFICER: Role.COMPLIANCE, cast.FINANCE: Role.FINANCE,
    cast.STRATEGIST: Role.STRATEGIST, cast.OPERATOR: Role.OPERATOR, cast.AGENCY: Role.AGENCY,
}  # fmt: skip
