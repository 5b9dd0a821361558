"""E-mail by SMTP: the key of the message is its Message-ID; 4xx is asked again, 5xx is not.

Whether a server took a message is uncertain in one place only: between the final dot and its answer. What comes back is read from
the sender's mailbox: the key stands in the address bounces and answers go to.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formataddr, formatdate

from fairdue.connectors import Connector, Fate, Incoming, Outgoing, Receipt, Report, Settings
from fairdue.connectors.smtp.inbox import inbox
from fairdue.connectors.smtp.reading import NO_SUCH_ADDRESS, read
from fairdue.core.codes import Channel

CHANNELS = (Channel.EMAIL,)
NEEDS = ("host", "from")
STAFF_ONLY = False
TIMEOUT = 30.0
DOTS = re.compile(rb"^\.", re.MULTILINE)


def connect(settings: Settings) -> Connector:
    """A line to the server of the settings; it is opened with the first message."""
    return Smtp(settings)


class Smtp:
    """One connection, opened when it is needed and again when it broke."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.host, self.sender = settings.need("host"), settings.need("from")
        self.domain = self.sender.rpartition("@")[2]
        self.line: smtplib.SMTP | None = None
        self.inbox = inbox(settings)

    def send(self, message: Outgoing) -> Receipt:
        """Hand it over; see the module for what is uncertain."""
        try:
            line = self._line()
            self._say(line.mail(self._tagged("bounces", message) or self.sender), 250)
            self._say(line.rcpt(message.to, self._wants(line, message)), 250, 251)
            self._say(line.docmd("DATA"), 354)
        except _Answer as answer:
            self._reset()
            return answer.receipt()
        except (OSError, smtplib.SMTPException) as broken:
            self._hang_up()
            return Receipt(Fate.LATER, code=type(broken).__name__, detail="the server could not be reached")
        return self._data(line, message)

    def _data(self, line: smtplib.SMTP, message: Outgoing) -> Receipt:
        content = DOTS.sub(b"..", self.write(message).as_bytes())  # RFC 5321, 4.5.2
        try:
            line.send(content + b".\r\n")
            code, said = line.getreply()
        except (OSError, smtplib.SMTPException) as broken:
            self._hang_up()
            return Receipt(Fate.UNCERTAIN, code=type(broken).__name__, detail="the line broke at the final dot")
        if code != 250:  # noqa: PLR2004 - RFC 5321
            return _Answer(code, said).receipt()
        return Receipt(Fate.TAKEN, ref=f"<{message.key}@{self.domain}>", code="250")

    def write(self, message: Outgoing) -> EmailMessage:
        """The mail as it is sent."""
        mail = EmailMessage()
        mail.policy = mail.policy.clone(linesep="\r\n")
        mail["From"] = formataddr((self.settings.get("name"), self.sender))
        mail["To"], mail["Subject"] = message.to, message.subject
        mail["Date"] = formatdate()
        mail["Message-ID"] = f"<{message.key}@{self.domain}>"
        if back := self._tagged("replies", message):
            mail["Reply-To"] = back
        if self.settings.get("read_receipts") == "yes":
            mail["Disposition-Notification-To"] = back or self.sender
        self._ways_out(mail, message)
        mail.set_content(message.text)
        for file in message.files:
            kind, _, form = file.media_type.partition("/")
            mail.add_attachment(file.content, maintype=kind, subtype=form, filename=file.name)
        return mail

    def _ways_out(self, mail: EmailMessage, message: Outgoing) -> None:
        """How to hear no more: by a mail, and by one click where there is a site (RFC 2369, 8058)."""
        ways = []
        if site := self.settings.get("one_click").rstrip("/"):
            ways.append(f"<{site}/off/{message.key}/>")
        if unsubscribe := self.settings.get("unsubscribe"):
            ways.append(f"<mailto:{unsubscribe}?subject=TD%20{message.key}>")
        if ways:
            mail["List-Unsubscribe"] = ", ".join(ways)
        if site:
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"

    def _tagged(self, name: str, message: Outgoing) -> str:
        """An address of ours with the key of the message in it, which nobody can guess; empty where none is set."""
        user, _, domain = self.settings.get(name).rpartition("@")
        return f"{user}+{message.key}@{domain}" if user else ""

    def _wants(self, line: smtplib.SMTP, message: Outgoing) -> list[str]:
        """RFC 3461: to be told also of arrival, where the server can."""
        if self.settings.get("delivery_receipts") != "yes" or not line.has_extn("dsn"):
            return []
        return ["NOTIFY=SUCCESS,FAILURE,DELAY", f"ORCPT=rfc822;{_xtext(message.to)}"]

    def find(self, _message: Outgoing) -> Receipt | None:
        """SMTP knows no such question."""
        return None

    def arrived(self) -> tuple[list[Report], list[Incoming]]:
        """Bounces, receipts and answers that wait in the sender's mailbox, where it has one."""
        found = [read(raw, self.sender) for raw in self.inbox.take()] if self.inbox else []
        return [one.report for one in found if one.report], [one.incoming for one in found if one.incoming]

    def close(self) -> None:
        """Hang up."""
        self._hang_up()
        if self.inbox is not None:
            self.inbox.close()

    def _hang_up(self) -> None:
        if self.line is not None:
            self.line.close()
            self.line = None

    def _line(self) -> smtplib.SMTP:
        if self.line is None:
            self.line = self._open()
        return self.line

    def _open(self) -> smtplib.SMTP:
        port, security = int(self.settings.get("port", "587")), self.settings.get("security", "starttls")
        trust = ssl.create_default_context(cafile=self.settings.get("ca_file") or None)
        if security == "tls":
            line: smtplib.SMTP = smtplib.SMTP_SSL(self.host, port, timeout=TIMEOUT, context=trust)
        else:
            line = smtplib.SMTP(self.host, port, timeout=TIMEOUT)
        line.ehlo()
        if security == "starttls":
            line.starttls(context=trust)
            line.ehlo()
        if user := self.settings.get("user"):
            line.login(user, self.settings.need("password"))
        return line

    def _reset(self) -> None:
        try:
            if self.line is not None:
                self.line.rset()
        except (OSError, smtplib.SMTPException):
            self._hang_up()

    @staticmethod
    def _say(answer: tuple[int, bytes], *good: int) -> None:
        if answer[0] not in good:
            raise _Answer(*answer)


def _xtext(address: str) -> str:
    """RFC 3461, 4: an address as a parameter."""
    return "".join(
        c if "!" <= c <= "~" and c not in "+=" else "".join(f"+{b:02X}" for b in c.encode()) for c in address
    )


class _Answer(Exception):
    """The server said no before the message was handed over, or instead of taking it."""

    def __init__(self, code: int, said: bytes) -> None:
        super().__init__(code)
        self.number, self.said = code, said.decode("utf-8", "replace")

    def receipt(self) -> Receipt:
        """For good or for now; and whether the address is the reason."""
        fate = Fate.REFUSED if 500 <= self.number < 600 else Fate.LATER  # noqa: PLR2004 - RFC 5321
        enhanced = self.said.split(" ", 1)[0]
        bad = fate is Fate.REFUSED and enhanced in NO_SUCH_ADDRESS
        return Receipt(fate, code=f"{self.number} {enhanced}"[:60], bad_address=bad)
