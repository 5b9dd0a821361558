"""The line to a SIP server: UDP, TCP or TLS. It hears nobody else than that server."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from dataclasses import dataclass

from fairdue.connectors.sip.message import LARGEST, Message, Unreadable, length, read

TRANSPORTS = ("udp", "tcp", "tls")


class LineBroken(OSError):
    """Nothing goes over the line any more."""


@dataclass
class Line:
    """An open line. `reliable`: what is sent need not be sent again."""

    socket: socket.socket
    transport: str
    held: bytes = b""

    @property
    def reliable(self) -> bool:
        """Whether the transport itself sends again what was lost."""
        return self.transport != "udp"

    @property
    def own(self) -> str:
        """Our own address, as others reach us on this line."""
        host, port = self.socket.getsockname()[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def send(self, message: Message) -> None:
        """Send. Raises `LineBroken`."""
        try:
            self.socket.sendall(message.written())
        except ConnectionRefusedError:  # UDP: what was sent before found nobody; the timer judges
            return
        except OSError as error:
            raise LineBroken(str(error)) from error

    def hear(self, seconds: float) -> Message | None:
        """The next message within so many seconds; None where there is none. Raises `LineBroken`."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if (found := self._taken(left)) is not None:
                return found
        return None

    def _taken(self, seconds: float) -> Message | None:
        try:
            raw = self._datagram(seconds) if self.transport == "udp" else self._streamed(seconds)
            return read(raw) if raw else None
        except Unreadable:
            if self.reliable:
                raise LineBroken("unreadable") from None
            return None

    def _datagram(self, seconds: float) -> bytes:
        self.socket.settimeout(max(seconds, 0.001))
        try:
            return self.socket.recv(LARGEST)
        except TimeoutError:
            return b""
        except ConnectionRefusedError:
            time.sleep(min(seconds, 0.05))
            return b""

    def _streamed(self, seconds: float) -> bytes:
        self.held = self.held.lstrip(b"\r\n")
        head, gap, rest = self.held.partition(b"\r\n\r\n")
        if gap and len(rest) >= (size := length(head)):
            self.held = rest[size:]
            return head + gap + rest[:size]
        if len(self.held) > LARGEST:
            raise Unreadable
        self.socket.settimeout(max(seconds, 0.001))
        try:
            more = self.socket.recv(LARGEST)
        except TimeoutError:
            return b""
        except OSError as error:
            raise LineBroken(str(error)) from error
        if not more:
            raise LineBroken("closed")
        self.held += more
        return b""

    def close(self) -> None:
        """Give the line back."""
        with contextlib.suppress(OSError):
            self.socket.close()


def opened(host: str, port: int, transport: str, ca_file: str = "", seconds: float = 10) -> Line:
    """A line to a server. Raises `LineBroken`."""
    try:
        if transport == "udp":
            return Line(_udp(host, port), transport)
        plain = socket.create_connection((host, port), timeout=seconds)
        if transport == "tcp":
            return Line(plain, transport)
        trust = ssl.create_default_context(cafile=ca_file or None)
        return Line(trust.wrap_socket(plain, server_hostname=host), transport)
    except OSError as error:
        raise LineBroken(str(error)) from error


def _udp(host: str, port: int) -> socket.socket:
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    made = socket.socket(family, kind)
    made.connect(address)  # from now on the system drops what anybody else sends
    return made
