"""A real SMTP server in a process of its own: what arrived is one line each in a file, whoever dies meanwhile."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


class Mailbox:
    """Takes every mail but those to addresses that say otherwise; may be slow to answer the final dot."""

    def __init__(self, file: Path, delay: float = 0.0) -> None:
        self.file, self.delay = file, delay

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if address.startswith("nobody"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("later"):
            return "451 4.7.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content)
        with self.file.open("a", buffering=1) as out:
            out.write(f"{mail['Message-ID']}\t{envelope.rcpt_tos[0]}\n")
        mail["X-Mail-From"] = envelope.mail_from
        self.file.with_suffix(".last").write_bytes(mail.as_bytes())
        if envelope.rcpt_tos[0].startswith("spam"):
            return "554 5.7.1 refused after reading"
        await asyncio.sleep(self.delay)  # it has it, and has not said so
        return "250 OK"


def arrived(file: Path) -> list[str]:
    """The numbers of the mails that arrived, in order."""
    return [line.split("\t")[0] for line in file.read_text().splitlines()] if file.exists() else []


def last(file: Path) -> Message:
    """The mail that arrived last, with who it says it is from to the post."""
    return message_from_bytes(file.with_suffix(".last").read_bytes())


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@contextmanager
def mailbox(
    file: Path, *, delay: float = 0.0, certificate: tuple[str, str] | None = None, login: str = ""
) -> Iterator[int]:
    """A server on a free port of this machine until the end of the block."""

    def who(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and f"{data.login.decode()}:{data.password.decode()}" == login
        return AuthResult(success=right)

    extra: dict[str, Any] = {}
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*certificate)
        extra = {"tls_context": tls, "require_starttls": True}
    if login:
        extra |= {"authenticator": who, "auth_required": True}
    port = free_port()
    running = Controller(Mailbox(file, delay), hostname="127.0.0.1", port=port, **extra)
    running.start()
    try:
        yield port
    finally:
        running.stop()
