"""Sends events to other systems, at least once: signed (Standard Webhooks), leased, tried again, never redirected."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import socket
import ssl
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import SplitResult

from fairdue.core.errors import Fault
from fairdue.store import clock
from fairdue.store.actions import webhooks
from fairdue.store.addresses import resolved
from fairdue.store.models import WebhookMessage
from fairdue.store.seal import sealer

SECONDS = 10  # for the whole of one try
AT_ONCE = 8
MOST = 4096  # bytes of an answer that are read
IDLE = 1.0


@dataclass(frozen=True)
class Delivered:
    """What a run did."""

    taken: int
    failed: int


@dataclass(frozen=True)
class _Letter:
    """A message as a thread needs it: threads ask nothing of the database."""

    message: WebhookMessage
    url: str
    headers: dict[str, str]
    body: bytes


def signature(secret: bytes, message_id: str, stamp: int, body: bytes) -> str:
    """The signature of Standard Webhooks: `v1,` and the HMAC-SHA256 of id, timestamp and body."""
    said = f"{message_id}.{stamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret, said, hashlib.sha256).digest()).decode()


def deliver(
    *, watch: bool = False, lease: int = webhooks.LEASE_SECONDS, on: Callable[[], bool] = lambda: True
) -> Delivered:
    """Dispatch and send until nothing is due; `watch`: go on as long as `on` says so."""
    taken = failed = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while on():
            looked_at = webhooks.dispatch()
            letters = [_letter(message) for message in webhooks.lease(AT_ONCE, lease)]
            for letter, (status, fault) in zip(letters, pool.map(_sent, letters), strict=True):
                webhooks.settle(letter.message, status, fault)
                taken += not fault
                failed += bool(fault)
            if not looked_at and not letters:
                if not watch:
                    break
                time.sleep(IDLE)
    return Delivered(taken, failed)


def _letter(message: WebhookMessage) -> _Letter:
    endpoint, body = message.endpoint, message.body.encode()
    stamp, number = int(clock.wall().timestamp()), f"evt_{message.event}"
    secret = base64.b64decode(sealer().open(bytes(endpoint.secret_sealed)))
    return _Letter(message, endpoint.url, {
        "Content-Type": "application/json", "User-Agent": "fairdue-webhooks/1", "webhook-id": number,
        "webhook-timestamp": str(stamp), "webhook-signature": signature(secret, number, stamp, body),
    }, body)  # fmt: skip


def _sent(letter: _Letter) -> tuple[int, str]:
    """The status of the answer (0: none), and what went wrong (empty: taken)."""
    try:
        said, number = resolved(letter.url)
        status = _post(said, number, letter)
    except Fault as fault:
        return 0, fault.code
    except (OSError, http.client.HTTPException) as error:
        return 0, type(error).__name__
    return status, "" if 200 <= status < 300 else f"HTTP {status}"  # noqa: PLR2004 - HTTP's own numbers


def _post(said: SplitResult, number: str, letter: _Letter) -> int:
    """To the number that was looked at, under the name that was given: a name cannot change in between."""
    kind = _Tls if said.scheme == "https" else _Plain
    line = kind(said.hostname or "", said.port, timeout=SECONDS)
    line.number = number
    try:
        path = (said.path or "/") + (f"?{said.query}" if said.query else "")
        line.request("POST", path, letter.body, letter.headers)
        answer = line.getresponse()
        answer.read(MOST)
        return answer.status
    finally:
        line.close()


class _Plain(http.client.HTTPConnection):
    """To a number that was chosen before."""

    number = ""

    def connect(self) -> None:
        """Open the line."""
        self.sock = socket.create_connection((self.number, self.port), SECONDS)


class _Tls(http.client.HTTPSConnection):
    """The same, and the certificate is that of the name."""

    number = ""

    def connect(self) -> None:
        """Open the line."""
        plain = socket.create_connection((self.number, self.port), SECONDS)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
