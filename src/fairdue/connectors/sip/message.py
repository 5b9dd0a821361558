"""SIP messages as text (RFC 3261): read strictly, written plainly. What cannot be read is dropped, never guessed at."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LARGEST = 65_535
SHORT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length", "c": "content-type",
         "o": "event", "r": "refer-to", "k": "supported", "s": "subject", "e": "content-encoding"}  # fmt: skip
FIRST_LINE = re.compile(r"SIP/2\.0 ([1-6]\d\d)(?: (.*))?|([A-Z]{3,20}) (\S+) SIP/2\.0")
TAG = re.compile(r";\s*tag=([^;,\s]+)", re.IGNORECASE)
ADDRESS = re.compile(r"<([^<>\s]+)>")
SIPFRAG = re.compile(r"\ASIP/2\.0 ([1-6]\d\d)")


class Unreadable(ValueError):
    """Not a SIP message."""


@dataclass(frozen=True)
class Message:
    """A request (`method`) or a response (`status`); headers in order, their names in small letters."""

    method: str = ""
    uri: str = ""
    status: int = 0
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: str = field(default="", repr=False)  # a body may name a number: it is never printed

    def all(self, name: str) -> list[str]:
        """Every value of a header, in order."""
        return [value for known, value in self.headers if known == name]

    def one(self, name: str) -> str:
        """The first value of a header; empty where there is none."""
        return next((value for known, value in self.headers if known == name), "")

    @property
    def sequence(self) -> tuple[int, str]:
        """Number and method of CSeq."""
        number, _, method = self.one("cseq").partition(" ")
        return (int(number) if number.isascii() and number.isdigit() else -1), method.strip()

    def tag(self, name: str) -> str:
        """The tag of From or To."""
        found = TAG.search(self.one(name))
        return found.group(1) if found else ""

    def address(self, name: str) -> str:
        """The address in angle brackets, or the plain one."""
        value = self.one(name)
        found = ADDRESS.search(value)
        return found.group(1) if found else value.split(";")[0].strip()

    def written(self) -> bytes:
        """As it goes over the line."""
        first = f"{self.method} {self.uri} SIP/2.0" if self.method else f"SIP/2.0 {self.status} {self.reason}"
        body = self.body.encode()
        lines = [first, *(f"{_proper(name)}: {value}" for name, value in self.headers), f"Content-Length: {len(body)}"]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _proper(name: str) -> str:
    return {"call-id": "Call-ID", "cseq": "CSeq", "www-authenticate": "WWW-Authenticate"}.get(name, name.title())


def read(raw: bytes) -> Message:
    """One whole message. Raises `Unreadable`."""
    head, _, body = raw.partition(b"\r\n\r\n")
    try:
        lines = re.sub(r"\r\n[ \t]+", " ", head.decode()).split("\r\n")
        text = body.decode()
    except UnicodeDecodeError:
        raise Unreadable from None
    found = FIRST_LINE.fullmatch(lines[0])
    if found is None or len(raw) > LARGEST:
        raise Unreadable
    headers = tuple(_header(line) for line in lines[1:] if line)
    status, reason, method, uri = found.groups()
    return Message(method or "", uri or "", int(status or 0), reason or "", headers, text)


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    name = name.strip().casefold()
    if not colon or not name:
        raise Unreadable
    return SHORT.get(name, name), value.strip()


def told_status(body: str) -> int:
    """The status in the body of a NOTIFY (message/sipfrag, RFC 3420); 0 where there is none."""
    found = SIPFRAG.match(body.lstrip())
    return int(found.group(1)) if found else 0


def length(head: bytes) -> int:
    """The length of the body a head announces, on a line that knows no ends of messages. Raises `Unreadable`."""
    found = re.search(rb"^(?:content-length|l)[ \t]*:[ \t]*(\d{1,6})[ \t]*\r?$", head, re.IGNORECASE | re.MULTILINE)
    size = int(found.group(1)) if found else 0
    if size > LARGEST:
        raise Unreadable
    return size
