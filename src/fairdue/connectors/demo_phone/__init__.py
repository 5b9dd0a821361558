"""A phone that exists in the browser only: it shows what borrowers would receive, and lets them answer.

Each message is one file named by its key, made whole and once: handing the same key over twice changes nothing.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fairdue.connectors import Connector, Fate, Incoming, Outgoing, Receipt, Report, Settings
from fairdue.core.codes import Channel

CHANNELS = (Channel.SMS, Channel.EMAIL, Channel.IM, Channel.APP)
NEEDS = ()
STAFF_ONLY = False
SMS_PART = 70  # characters of one text in UCS-2


def connect(settings: Settings) -> Connector:
    """The phone in the folder of the settings."""
    return DemoPhone(Path(settings.folder) / "demo-phone")


class DemoPhone:
    """What arrived lies in `in`, what was answered in `out` until it was read."""

    def __init__(self, folder: Path) -> None:
        self.inbox, self.outbox = folder / "in", folder / "out"
        for each in (self.inbox, self.outbox):
            each.mkdir(parents=True, exist_ok=True)

    def send(self, message: Outgoing) -> Receipt:
        """It arrives."""
        said = {"key": message.key, "to": message.to, "text": message.text, "subject": message.subject}
        _write(self.inbox / f"{message.key}.json", said)
        return self._receipt(message.key, message.text)

    def find(self, message: Outgoing) -> Receipt | None:
        """It is there, or it certainly is not."""
        path = self.inbox / f"{message.key}.json"
        return self._receipt(message.key, _read(path)["text"]) if path.exists() else Receipt(Fate.LATER, code="absent")

    def arrived(self) -> tuple[list[Report], list[Incoming]]:
        """Every message is delivered at once; answers are read once."""
        reports = [Report("DELIVERED", key=path.stem, code="shown") for path in self._unreported()]
        return reports, list(self._answers())

    def close(self) -> None:
        """Nothing to give back."""

    def shown(self) -> list[dict[str, Any]]:
        """What the phone shows, newest first."""
        paths = sorted(self.inbox.glob("*.json"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        return [_read(path) for path in paths]

    def answer(self, key: str, text: str) -> None:
        """The borrower answers a message, or marks it as read (empty text)."""
        message = _read(self.inbox / f"{key}.json")
        said = {"address": message["to"], "text": text, "answers": key}
        _write(self.outbox / f"{secrets.token_hex(8)}.json", said)

    def _unreported(self) -> Iterator[Path]:
        for path in sorted(self.inbox.glob("*.json")):
            mark = path.with_suffix(".reported")
            if not mark.exists():
                yield path
                mark.touch()

    def _answers(self) -> Iterator[Incoming]:
        for path in sorted(self.outbox.glob("*.json")):
            said = _read(path)
            yield Incoming(said["address"], said["text"], path.stem, said["answers"])
            path.unlink()

    @staticmethod
    def _receipt(key: str, text: str) -> Receipt:
        return Receipt(Fate.TAKEN, ref=key, code="shown", parts=-(-len(text) // SMS_PART))


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def _write(path: Path, said: dict[str, Any]) -> None:
    """Whole or not at all, and not twice."""
    if path.exists():
        return
    half = path.with_suffix(f".{os.getpid()}.half")
    half.write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    half.replace(path)
