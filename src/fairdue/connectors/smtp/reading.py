"""What a mail that came in means: a bounce, a receipt, an answer of a machine, a wish to hear no more, or somebody's words.

Which message it is about is told by a key of 128 random bits: in the address it was sent to, or in the Message-ID it answers.
Nothing a mail says is trusted further, and no mail, however made, raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from enum import StrEnum
from hashlib import sha256

from fairdue.connectors import Incoming, Report
from fairdue.connectors.smtp.plain import clean, decoded, first_words, plain

LARGEST = 1_000_000  # bytes; what comes after is not read
MOST_PARTS, DEEPEST = 100, 12
KEY = r"([0-9a-f]{32})"
SENT_TO = ("to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "cc")
ANSWERS = ("in-reply-to", "references")
STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
NO_SUCH_ADDRESS = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})  # RFC 3463, 7505: no such mailbox or domain
RESTS = frozenset({"5.2.1", "5.2.2"})  # switched off, full: it may be otherwise another week
POST_OFFICES = ("mailer-daemon", "postmaster")
UNSUBSCRIBES = re.compile(rf"^\s*TD\s+{KEY}\s*$", re.IGNORECASE)
NOT_READ = (RecursionError, MessageError, ValueError, LookupError, TypeError, AttributeError)
BY_MACHINES = ("bulk", "junk", "list", "auto_reply")  # RFC 2076 and common use


class Meaning(StrEnum):
    """What a mail is to us."""

    BOUNCE = "BOUNCE"
    RECEIPT = "RECEIPT"
    AUTO = "AUTO"
    STOP = "STOP"
    WORDS = "WORDS"
    OTHER = "OTHER"  # not about a message of ours


@dataclass(frozen=True)
class Read:
    """A mail as it was understood: a report of a message, or words that came in; neither where it tells nothing."""

    meaning: Meaning
    report: Report | None = None
    incoming: Incoming | None = None


def read(raw: bytes, ours: str) -> Read:
    """What the mail means to the owner of the address `ours`. Never raises for what a mail holds."""
    try:
        return _understood(raw, ours)
    except NOT_READ:
        return Read(Meaning.OTHER)


def _understood(raw: bytes, ours: str) -> Read:
    mail = _parsed(raw[:LARGEST])
    domain = ours.rpartition("@")[2].lower()
    key = _key(mail, domain)
    found = _bounce(mail, domain, key) or _receipt(mail, domain, key)
    if found is not None:
        return found
    if wish := UNSUBSCRIBES.match(_header(mail, "subject")):
        return Read(Meaning.STOP, None, _incoming(mail, raw, "", wish[1].lower(), stops=True))
    if _by_a_machine(mail):
        return Read(Meaning.AUTO, Report("AUTO", key=key, code=_header(mail, "auto-submitted")[:60]) if key else None)
    if not key and _from(mail) in ("", ours.lower()):
        return Read(Meaning.OTHER)
    text = plain(_parts(mail))
    said = first_words(text) or first_words(_header(mail, "subject"), drop_answer=True)
    return Read(Meaning.WORDS, None, _incoming(mail, raw, said, key))


def _parsed(raw: bytes) -> Message:
    try:
        return message_from_bytes(raw)
    except NOT_READ:
        return BytesHeaderParser().parsebytes(raw)  # nested beyond reading: its head still says whom it is from


def _parts(mail: Message) -> Iterator[Message]:
    """The parts in their order, as many and as deep as a person would write."""
    waiting: list[tuple[Message, int]] = [(mail, 0)]
    for _ in range(MOST_PARTS):
        if not waiting:
            return
        part, depth = waiting.pop(0)
        yield part
        if depth < DEEPEST:
            waiting[:0] = [(one, depth + 1) for one in _fields(part)]


def _header(mail: Message, name: str) -> str:
    said = mail.get(name)
    if said is None:
        return ""
    try:
        return " ".join(str(make_header(decode_header(str(said)))).split())
    except (MessageError, ValueError, LookupError, TypeError):  # a charset nobody knows, or bytes that are none
        return " ".join(str(said).split())


def _from(mail: Message) -> str:
    return parseaddr(_header(mail, "from"))[1].lower()


def _key(mail: Message, domain: str) -> str:
    """Which message it is about: by the address it came to, else by the one it answers."""
    tagged = re.compile(rf"\+{KEY}@{re.escape(domain)}", re.IGNORECASE)
    said = [*(value for name in SENT_TO for value in mail.get_all(name, []))]
    if found := tagged.search(" ".join(map(str, said))):
        return found[1].lower()
    return _numbered(" ".join(str(value) for name in ANSWERS for value in mail.get_all(name, [])), domain)


def _numbered(text: str, domain: str) -> str:
    found = re.search(rf"<{KEY}@{re.escape(domain)}>", text, re.IGNORECASE)
    return found[1].lower() if found else ""


def _part(mail: Message, *types: str) -> Message | None:
    return next((part for part in _parts(mail) if part.get_content_type() in types), None)


def _fields(part: Message) -> list[Message]:
    """What a part is made of: other parts, or the groups of fields of a machine's report."""
    inner = part.get_payload() if part.is_multipart() else []
    return [one for one in inner if isinstance(one, Message)]


def _returned(mail: Message, domain: str) -> str:
    """The key of the mail that is given back with a report, whole or only its head."""
    whole = _part(mail, "message/rfc822", "message/rfc822-headers", "text/rfc822-headers")
    if whole is None:
        return ""
    head = "".join(str(one["message-id"]) for one in _fields(whole)) or decoded(whole)[:20_000]
    return _numbered(head, domain)


def _bounce(mail: Message, domain: str, key: str) -> Read | None:
    """RFC 3464, or the words of a post office that does not keep to it."""
    status = _part(mail, "message/delivery-status")
    key = key or _returned(mail, domain)
    if status is not None:
        per_person = next((one for one in _fields(status) if one.get("action")), None)
        action = _header(per_person, "action").lower() if per_person is not None else ""
        return Read(
            Meaning.BOUNCE, _reported(key, action, _status(_header(per_person, "status") if per_person else ""))
        )
    office = _from(mail).partition("@")[0] in POST_OFFICES
    if not office and mail.get("x-failed-recipients") is None:
        return None
    said = _status(plain(_parts(mail))[:4_000])
    action = "delayed" if said.startswith("4") or not said else "failed"
    return Read(Meaning.BOUNCE, _reported(key, action, said))


def _status(text: str) -> str:
    found = STATUS.search(text)
    return ".".join(str(int(part)) for part in found.groups()) if found else ""


def _reported(key: str, action: str, status: str) -> Report | None:
    """What a post office says of a message; what is told of no message of ours is told of nobody."""
    kinds = {"failed": "FAILED", "delayed": "DELAYED", "delivered": "DELIVERED"}
    if not key or action not in kinds:
        return None
    failed = action == "failed"
    return Report(
        kinds[action], key=key, code=status or action, bad_address=failed and status in NO_SUCH_ADDRESS,
        rests=failed and (status in RESTS or status.startswith("4")),
    )  # fmt: skip


def _receipt(mail: Message, domain: str, key: str) -> Read | None:
    """RFC 8098: only what was displayed was read."""
    said = _part(mail, "message/disposition-notification")
    if said is None:
        return None
    fields = next(iter(_fields(said)), None)
    if fields is None:
        return Read(Meaning.RECEIPT)
    key = _numbered(_header(fields, "original-message-id"), domain) or key or _returned(mail, domain)
    what = _header(fields, "disposition").rpartition(";")[2].strip().lower().partition("/")[0]
    if not key or not what:
        return Read(Meaning.RECEIPT)
    return Read(Meaning.RECEIPT, Report("READ" if what == "displayed" else "HANDLED", key=key, code=what[:60]))


def _by_a_machine(mail: Message) -> bool:
    """RFC 3834, and the marks that were there before it: an answer nobody has written is no answer."""
    marked = _header(mail, "auto-submitted").lower().partition(";")[0].strip() not in ("", "no")
    old = any(mail.get(name) is not None for name in ("x-autoreply", "x-autorespond", "x-auto-response-suppress"))
    return marked or old or _header(mail, "precedence").lower() in BY_MACHINES


def _incoming(mail: Message, raw: bytes, text: str, key: str, *, stops: bool = False) -> Incoming:
    """Words that came in; read twice they have the same number."""
    number = "\n".join(str(mail.get(name, "")) for name in ("message-id", "from", "date"))
    named = number.encode("utf-8", "replace") if mail.get("message-id") else raw
    return Incoming(clean(_from(mail)), clean(text), sha256(named).hexdigest(), key, stops=stops, proven=bool(key))
