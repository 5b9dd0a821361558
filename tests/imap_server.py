"""A real server of mailboxes (Dovecot) of one user on a free port of this machine."""

from __future__ import annotations

import getpass
import grp
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from imaplib import IMAP4
from pathlib import Path

from mail_server import free_port

CONFIG = """
base_dir = {here}/run
state_dir = {here}/run
log_path = {here}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{here}/Maildir
first_valid_uid = 0
{users}
passdb {{
  driver = static
  args = password=word
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={here}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class Mailbox:
    """Where it listens, and what lies in it."""

    port: int
    user: str = "bank"
    password: str = "word"

    def _in(self) -> IMAP4:
        line = IMAP4("127.0.0.1", self.port, timeout=10)
        line.login(self.user, self.password)
        line.select()
        return line

    def put(self, *raw: bytes) -> None:
        """Mails arrive."""
        line = self._in()
        for one in raw:
            line.append("INBOX", "", "", one.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        line.logout()

    def unread(self) -> int:
        """How many nobody has read."""
        line = self._in()
        _, found = line.uid("SEARCH", "UNSEEN")
        line.logout()
        return len(found[0].split())


@contextmanager
def server() -> Iterator[Mailbox]:
    """The server runs until the end of the block; it keeps mail for root only as nobody."""
    here, port, user = Path(tempfile.mkdtemp(prefix="imap")), free_port(), getpass.getuser()
    group, users = grp.getgrgid(os.getgid()).gr_name, ""
    if user == "root":
        user, group = "nobody", "nogroup"
        shutil.chown(here, user, group)
    else:
        users = f"default_internal_user = {user}\ndefault_login_user = {user}\ndefault_internal_group = {group}"
    config = here / "dovecot.conf"
    config.write_text(CONFIG.format(here=here, port=port, user=user, group=group, users=users))
    running = subprocess.Popen(
        ["dovecot", "-F", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(100):
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
            except OSError:
                assert running.poll() is None, "the server did not start"
                time.sleep(0.1)
        yield Mailbox(port)
    finally:
        running.terminate()
        running.wait(10)
        shutil.rmtree(here, ignore_errors=True)
