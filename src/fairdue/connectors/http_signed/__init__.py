"""Any gateway that takes signed JSON over HTTP: HMAC-SHA-256 over time, key and body, so that nothing can be forged or replayed.

The gateway promises to treat our key as the name of the message: the same key again is the same message. It is asked by it.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from fairdue.connectors import Connector, Fate, Incoming, NotSignedRight, Outgoing, Receipt, Report, Settings
from fairdue.core.codes import Channel

CHANNELS = (Channel.SMS, Channel.EMAIL, Channel.IM, Channel.APP)
NEEDS = ("url", "secret")
STAFF_ONLY = False
TIMEOUT = 15.0
FRESH_SECONDS = 300
OK, CREATED, ACCEPTED, CONFLICT, TOO_MANY, NOT_FOUND, FAULT = 200, 201, 202, 409, 429, 404, 500


def signature(secret: str, at: str, key: str, body: bytes) -> str:
    """What both sides reckon: HMAC-SHA-256 over `at.key.body`, in hexadecimal."""
    return hmac.new(secret.encode(), f"{at}.{key}.".encode() + body, hashlib.sha256).hexdigest()


def connect(settings: Settings) -> Connector:
    """The gateway of the settings."""
    return Signed(settings)


class Signed:
    """One request a message: POST url to send, GET url/KEY to ask."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.url = settings, urlsplit(settings.need("url"))
        self.secret = settings.need("secret")

    def send(self, message: Outgoing) -> Receipt:
        """Once."""
        said = {
            "key": message.key,
            "to": message.to,
            "text": message.text,
            "subject": message.subject,
            "lang": message.lang,
        }
        if message.template is not None:
            said |= {"template": message.template.id}
        line = self._line()
        try:
            line.connect()
        except OSError as error:
            return Receipt(Fate.LATER, code=type(error).__name__, detail="no connection")
        try:
            return _receipt(*self._ask(line, "POST", self.url.path or "/", message.key, json.dumps(said).encode()))
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Receipt(Fate.UNCERTAIN, code=type(error).__name__, detail="no answer")
        finally:
            line.close()

    def find(self, message: Outgoing) -> Receipt | None:
        """Whether the gateway has it; 404 is its word that it has not."""
        line = self._line()
        try:
            status, said = self._ask(line, "GET", f"{self.url.path.rstrip('/')}/{message.key}", message.key, b"")
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            line.close()
        if status == NOT_FOUND:
            return Receipt(Fate.LATER, code="404", detail="the gateway has not got it")
        return _receipt(status, said) if status == OK else None

    def arrived(self) -> tuple[list[Report], list[Incoming]]:
        """Reports are told over HTTP."""
        return [], []

    def close(self) -> None:
        """Each request is its own."""

    def _line(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self.url.scheme == "https" else http.client.HTTPConnection
        return kind(self.url.hostname or "", self.url.port, timeout=TIMEOUT)

    def _ask(
        self, line: http.client.HTTPConnection, verb: str, path: str, key: str, body: bytes
    ) -> tuple[int, dict[str, Any]]:
        at = str(int(time.time()))  # noqa: TID251 - the wall clock of the wire, not the business clock
        headers = {
            "Content-Type": "application/json", "Idempotency-Key": key, "X-Fairdue-Time": at,
            "X-Fairdue-Signature": signature(self.secret, at, key, body),
        }  # fmt: skip
        line.request(verb, path, body, headers)
        answer = line.getresponse()
        content = answer.read()
        said = json.loads(content) if content else {}
        return answer.status, said if isinstance(said, dict) else {}


def _receipt(status: int, said: Mapping[str, Any]) -> Receipt:
    code, ref = f"{status} {said.get('code', '')}".strip()[:60], str(said.get("ref", ""))
    if status in {OK, CREATED, ACCEPTED, CONFLICT}:  # 409: it has this key already
        return Receipt(Fate.TAKEN, ref=ref, code=code, parts=int(said.get("parts", 1)), cost=said.get("cost"))
    if status == TOO_MANY:
        return Receipt(Fate.LATER, code=code)
    if status >= FAULT:
        return Receipt(Fate.UNCERTAIN, code=code)
    return Receipt(Fate.REFUSED, code=code, bad_address=said.get("bad_address") is True)


def told(settings: Settings, headers: Mapping[str, str], body: bytes, now: int) -> tuple[list[Report], list[Incoming]]:
    """Reports and replies, signed like our requests. Raises `NotSignedRight`. What comes again is known by its reference."""
    at, key = headers.get("X-Fairdue-Time", ""), headers.get("Idempotency-Key", "")
    if not at.isdigit() or abs(now - int(at)) > FRESH_SECONDS:
        raise NotSignedRight(why="time")
    if not hmac.compare_digest(
        signature(settings.need("secret"), at, key, body), headers.get("X-Fairdue-Signature", "")
    ):
        raise NotSignedRight(why="signature")
    said = json.loads(body)
    reports = [
        Report(str(row["kind"]), key=str(row.get("key", "")), ref=str(row.get("ref", "")), code=str(row.get("code", "")),
               bad_address=row.get("bad_address") is True, cost=row.get("cost"))
        for row in said.get("reports", []) if row["kind"] in {"DELIVERED", "READ", "FAILED"}
    ]  # fmt: skip
    replies = [
        Incoming(str(row["from"]), str(row["text"]), str(row["ref"]), str(row.get("answers", "")))
        for row in said.get("replies", [])
    ]
    return reports, replies


ANSWER = (b"{}", "application/json")
