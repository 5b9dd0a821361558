"""Peers that speak the providers' own protocols on this machine: they check signatures and remember what they were given."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

KEY_ID, SECRET, PASSWORD = "id-for-tests", "secret-for-tests", "pass"


@dataclass
class Asked:
    """One request as it came."""

    verb: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Peer:
    """Answers by `answer`; keeps every request."""

    answer: Callable[[Asked], tuple[int, Any]]
    asked: list[Asked] = field(default_factory=list)
    port: int = 0


@contextmanager
def http_peer(answer: Callable[[Asked], tuple[int, Any]]) -> Iterator[Peer]:
    """An HTTP server on a free port until the end of the block."""
    peer = Peer(answer)

    class Handler(BaseHTTPRequestHandler):
        def handle_one(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            url = urlsplit(self.path)
            one = Asked(self.command, url.path, dict(parse_qsl(url.query, keep_blank_values=True)),
                        {k.lower(): v for k, v in self.headers.items()}, self.rfile.read(length))  # fmt: skip
            peer.asked.append(one)
            status, said = peer.answer(one)
            if status == 0:  # hang up without a word
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = handle_one  # noqa: N815

        def log_message(self, *args: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    peer.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield peer
    finally:
        server.shutdown()
        server.server_close()


def _hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def aliyun_signed(asked: Asked, secret: str = SECRET) -> bool:
    """ACS3-HMAC-SHA256, from Alibaba Cloud's description of the V3 signature, reckoned anew."""
    kind, _, rest = asked.headers["authorization"].partition(" ")
    said = dict(part.split("=", 1) for part in rest.split(","))
    names = said["SignedHeaders"].split(";")
    query = "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in sorted(asked.query.items()))
    heads = "".join(f"{name}:{asked.headers[name].strip()}\n" for name in names)
    canonical = "\n".join([asked.verb, asked.path, query, heads, ";".join(names), _hex(asked.body)])
    wanted = hmac.new(secret.encode(), f"{kind}\n{_hex(canonical.encode())}".encode(), hashlib.sha256).hexdigest()
    return (
        kind == "ACS3-HMAC-SHA256" and said["Credential"] == KEY_ID and hmac.compare_digest(wanted, said["Signature"])
    )


def tencent_signed(asked: Asked, secret: str = SECRET) -> bool:
    """TC3-HMAC-SHA256, from Tencent Cloud's description of the V3 signature, reckoned anew."""
    kind, _, rest = asked.headers["authorization"].partition(" ")
    said = dict(part.strip().split("=", 1) for part in rest.split(","))
    owner, day, service, end = said["Credential"].split("/")
    names = said["SignedHeaders"].split(";")
    heads = "".join(f"{name}:{asked.headers[name].lower()}\n" for name in names)
    canonical = "\n".join([asked.verb, "/", "", heads, ";".join(names), _hex(asked.body)])
    text = "\n".join([kind, asked.headers["x-tc-timestamp"], f"{day}/{service}/{end}", _hex(canonical.encode())])
    key = f"TC3{secret}".encode()
    for part in (day, service, end):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    wanted = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return owner == KEY_ID and hmac.compare_digest(wanted, said["Signature"])


BIND, SUBMIT, DELIVER, UNBIND, ENQUIRE = 0x09, 0x04, 0x05, 0x06, 0x15
RESPONSE = 0x80000000


@dataclass
class Submitted:
    """One submit_sm: the plain parts of it."""

    to: str
    coding: int
    esm: int
    registered: int
    content: bytes


class MessageCentre(socketserver.ThreadingTCPServer):
    """A message centre for SMPP 3.4, written from the specification; it shares no line of code with the client."""

    allow_reuse_address, daemon_threads = True, True

    def __init__(self, *, password: str = PASSWORD) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.password, self.got, self.acknowledged = password, list[Submitted](), 0
        self.status: Callable[[Submitted], int] = lambda _: 0
        self.receipt, self.die_after_taking = "DELIVRD", False
        self.replies: list[tuple[str, str]] = []
        self.lock = threading.Lock()

    @property
    def port(self) -> int:
        number: int = self.server_address[1]
        return number


class _Session(socketserver.BaseRequestHandler):
    server: MessageCentre

    def handle(self) -> None:
        sequence = 1000
        while (head := self._exactly(16)) is not None:
            length, command, _, number = struct.unpack(">LLLL", head)
            body = self._exactly(length - 16) or b""
            if command == BIND:
                words = body.split(b"\0")
                good = words[1].decode() == self.server.password
                self._send(command | RESPONSE, 0 if good else 0x0E, number, b"smsc\0")
            elif command == SUBMIT:
                sequence = self._submit(number, body, sequence)
            elif command == DELIVER | RESPONSE:
                self.server.acknowledged += 1
            elif command in {UNBIND, ENQUIRE}:
                self._send(command | RESPONSE, 0, number, b"")

    def _submit(self, number: int, body: bytes, sequence: int) -> int:
        one = _read(body)
        with self.server.lock:
            status = self.server.status(one)
            if not status:
                self.server.got.append(one)
            name = f"m{len(self.server.got)}"
        if self.server.die_after_taking:
            self.request.close()
            return sequence
        self._send(SUBMIT | RESPONSE, status, number, b"" if status else name.encode() + b"\0")
        if not status and one.registered:
            text = f"id:{name} sub:001 dlvrd:001 submit date:2609301000 done date:2609301001 stat:{self.server.receipt} err:000"
            sequence += 1
            self._send(DELIVER, 0, sequence, _delivery(one.to, text.encode(), 0, 0x04))
        while self.server.replies:
            address, text = self.server.replies.pop()
            sequence += 1
            self._send(DELIVER, 0, sequence, _delivery(address, text.encode("utf-16-be"), 8, 0))
        return sequence

    def _send(self, command: int, status: int, number: int, body: bytes) -> None:
        self.request.sendall(struct.pack(">LLLL", 16 + len(body), command, status, number) + body)

    def _exactly(self, count: int) -> bytes | None:
        found = b""
        while len(found) < count:
            try:
                part = self.request.recv(count - len(found))
            except OSError:
                return None
            if not part:
                return None
            found += part
        return found


def _read(body: bytes) -> Submitted:
    """service_type, source ton/npi/addr, destination ton/npi/addr, esm_class, … sm_length, short_message."""
    _, rest = body.split(b"\0", 1)
    _, rest = rest[2:].split(b"\0", 1)
    to, rest = rest[2:].split(b"\0", 1)
    esm, rest = rest[0], rest[3:]
    _, rest = rest.split(b"\0", 1)  # schedule_delivery_time
    _, rest = rest.split(b"\0", 1)  # validity_period
    registered, coding, length = rest[0], rest[2], rest[4]
    return Submitted(to.decode(), coding, esm, registered, rest[5 : 5 + length])


def _delivery(source: str, content: bytes, coding: int, esm: int) -> bytes:
    ends = b"\0\1\1" + source.encode() + b"\0" + b"\0\0bank\0"
    return ends + bytes([esm, 0, 0]) + b"\0\0" + bytes([0, 0, coding, 0, len(content)]) + content


@contextmanager
def message_centre() -> Iterator[MessageCentre]:
    """A message centre on a free port until the end of the block."""
    with MessageCentre() as centre:
        threading.Thread(target=centre.serve_forever, daemon=True).start()
        yield centre
        centre.shutdown()
