"""Where mails to us are waiting: a mailbox over IMAP, or a Maildir of this machine.

A mail is marked as read when the next ones are asked for: by then what it says is recorded. Who dies in between reads it again.
"""

from __future__ import annotations

import imaplib
import logging
import ssl
import time
from pathlib import Path
from typing import Protocol

from fairdue.connectors import Settings
from fairdue.connectors.smtp.reading import LARGEST

AT_ONCE = 50
EVERY_SECONDS = 60.0
TIMEOUT = 30.0
SEEN = ":2,S"
log = logging.getLogger("fairdue.mail")


class Inbox(Protocol):
    """Mails that are waiting."""

    def take(self) -> list[bytes]:
        """The next ones; those taken before are marked as read."""

    def close(self) -> None:
        """Give the line back; nothing is marked."""


def inbox(settings: Settings) -> Inbox | None:
    """The mailbox of a sender; None where it has none."""
    if folder := settings.get("inbox_dir"):
        return Folder(Path(folder))
    return Imap(settings) if settings.get("inbox") else None


class Folder:
    """A Maildir: what is in `new` is read and moves to `cur`, marked as seen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken: list[Path] = []
        for name in ("new", "cur", "tmp"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def take(self) -> list[bytes]:
        """The next mails, oldest first."""
        for path in self.taken:
            if path.exists():  # another worker may have moved it
                path.rename(self.folder / "cur" / f"{path.name.partition(':')[0]}{SEEN}")
        self.taken = sorted(path for path in (self.folder / "new").iterdir() if path.is_file())[:AT_ONCE]
        found = []
        for path in self.taken:
            try:
                with path.open("rb") as file:
                    found.append(file.read(LARGEST))
            except FileNotFoundError:
                continue
        return found

    def close(self) -> None:
        """Nothing is open."""


class Imap:
    """A mailbox on a server, asked once a minute; a line that broke is opened anew the next time."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.line: imaplib.IMAP4 | None = None
        self.taken: list[bytes] = []
        self.next_at = 0.0

    def take(self) -> list[bytes]:
        """The next mails that nobody has read."""
        try:
            self._mark()
            if time.monotonic() < self.next_at:
                return []
            found = self._unread()
        except (OSError, imaplib.IMAP4.error) as broken:
            log.warning("The mailbox of sender %s cannot be read: %s", self.settings.code, type(broken).__name__)
            self.close()
            found = []
        if len(found) < AT_ONCE:
            self.next_at = time.monotonic() + EVERY_SECONDS
        return found

    def close(self) -> None:
        """Hang up."""
        line, self.line, self.taken = self.line, None, []
        if line is not None:
            try:
                line.logout()
            except (OSError, imaplib.IMAP4.error):
                line.shutdown()

    def _mark(self) -> None:
        if self.taken and self.line is not None:
            self.line.uid("STORE", b",".join(self.taken).decode(), "+FLAGS", r"(\Seen)")
        self.taken = []

    def _unread(self) -> list[bytes]:
        line = self._line()
        _, found = line.uid("SEARCH", "UNSEEN")
        self.taken = (found[0] or b"").split()[:AT_ONCE]
        return [self._one(line, uid) for uid in self.taken]

    @staticmethod
    def _one(line: imaplib.IMAP4, uid: bytes) -> bytes:
        """One mail, not more of it than is read, and without marking it."""
        _, said = line.uid("FETCH", uid.decode(), f"(BODY.PEEK[]<0.{LARGEST}>)")
        return next((bytes(part[1]) for part in said or [] if isinstance(part, tuple)), b"")

    def _line(self) -> imaplib.IMAP4:
        if self.line is None:
            self.line = self._open()
        return self.line

    def _open(self) -> imaplib.IMAP4:
        security = self.settings.get("inbox_security", "tls")
        host, trust = (
            self.settings.need("inbox"),
            ssl.create_default_context(cafile=self.settings.get("ca_file") or None),
        )
        if security == "tls":
            port = int(self.settings.get("inbox_port", "993"))
            line: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, port, ssl_context=trust, timeout=TIMEOUT)
        else:
            line = imaplib.IMAP4(host, int(self.settings.get("inbox_port", "143")), timeout=TIMEOUT)
            if security == "starttls":
                line.starttls(trust)
        line.login(self.settings.need("inbox_user"), self.settings.need("inbox_password"))
        line.select(self.settings.get("inbox_folder", "INBOX"))
        return line
