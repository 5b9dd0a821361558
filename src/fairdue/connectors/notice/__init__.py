"""Notices to our own people in WeCom, DingTalk or Feishu, through apprise. It serves no channel: no borrower is reached by it.

A notice names numbers of rows and codes, never a person.
"""

from __future__ import annotations

from fairdue.connectors import Connector, Fate, Incoming, Outgoing, Receipt, Report, Settings
from fairdue.connectors.missing import need

CHANNELS = ()
NEEDS = ("urls",)
STAFF_ONLY = True


def connect(settings: Settings) -> Connector:
    """The places named by the settings, as apprise writes them: wecombot://, dingtalk://, feishu://. Raises `ExtraMissing`."""
    return Notice(settings)


class Notice:
    """Everybody who is named is told."""

    def __init__(self, settings: Settings) -> None:
        self.told = need("apprise").Apprise()
        urls = settings.need("urls").split()
        self.known = sum(self.told.add(url) for url in urls) == len(urls)

    def send(self, message: Outgoing) -> Receipt:
        """Tell them; where one of the places failed, some may have been told and nobody is told again."""
        done = self.known and self.told.notify(title=message.subject, body=message.text)
        return Receipt(Fate.TAKEN if done else Fate.UNCERTAIN, ref=message.key)

    def find(self, _message: Outgoing) -> Receipt | None:
        """Nobody can tell."""
        return None

    def arrived(self) -> tuple[list[Report], list[Incoming]]:
        """Nothing comes back."""
        return [], []

    def close(self) -> None:
        """Each notice is its own."""
