"""What carries a message out of the house: one interface, one folder a connector, chosen by the configuration.

A connector decides nothing. It hands over what it is given, once, and says what became of it in one of four words; what
follows is the outbox's business. Adding one is copying the nearest folder and changing every part.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from types import ModuleType
from typing import Protocol

from fairdue.core.codes import Channel
from fairdue.core.errors import Fault, Lang

CALLS = {"sip"}  # folders that carry calls: another interface


class Fate(StrEnum):
    """What became of handing a message over."""

    TAKEN = "TAKEN"  # the provider has it
    REFUSED = "REFUSED"  # it will not take it, now or later
    LATER = "LATER"  # it certainly did not take it, but may another time
    UNCERTAIN = "UNCERTAIN"  # the line broke where it may or may not have taken it


@dataclass(frozen=True)
class Template:
    """The provider's own registered text: it is sent by number, with the values of its variables."""

    id: str
    sign: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)  # the provider's name → our slot


@dataclass(frozen=True)
class Enclosed:
    """A file that goes with a message."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Outgoing:
    """A message as a connector gets it."""

    key: str  # one a message, for ever
    to: str
    text: str
    lang: Lang
    subject: str = ""
    values: Mapping[str, str] = field(default_factory=dict)  # slot → as it is said in the text
    template: Template | None = None
    on: str = ""  # the day it was handed over, YYYY-MM-DD
    files: tuple[Enclosed, ...] = ()


@dataclass(frozen=True)
class Receipt:
    """What the provider said when the message was handed over."""

    fate: Fate
    ref: str = ""
    code: str = ""
    detail: str = ""
    parts: int = 1
    cost: int | None = None  # minor units, where the provider tells it
    bad_address: bool = False  # the number or address does not exist


@dataclass(frozen=True)
class Report:
    """What a provider told afterwards, by our key or its reference: DELIVERED, READ, FAILED; other kinds are only noted."""

    kind: str
    key: str = ""
    ref: str = ""
    code: str = ""
    bad_address: bool = False
    cost: int | None = None
    rests: bool = False  # the address takes nothing for now


@dataclass(frozen=True)
class Incoming:
    """Words somebody sent us."""

    address: str
    text: str
    ref: str
    answers: str = ""  # our key, where it is known to which message
    stops: bool = False  # it came by the way we offer to hear no more
    proven: bool = True  # False: only the mail itself says who wrote it


@dataclass(frozen=True)
class Settings:
    """One sender of the configuration, with its secrets from the environment."""

    code: str
    values: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""

    def need(self, name: str) -> str:
        """A value that must be there. Raises `SettingMissing`."""
        found = self.values.get(name) or self.secrets.get(name) or ""
        if not found:
            raise SettingMissing(sender=self.code, name=name)
        return found

    def get(self, name: str, otherwise: str = "") -> str:
        """A value that may be there."""
        return self.values.get(name) or self.secrets.get(name) or otherwise


class Connector(Protocol):
    """A line to a provider, open until it is closed."""

    def send(self, message: Outgoing) -> Receipt:
        """Hand a message over, once. Never raises for what the provider or the line does."""

    def find(self, message: Outgoing) -> Receipt | None:
        """What became of a message that was handed over, by its key; None where this provider cannot tell."""

    def arrived(self) -> tuple[list[Report], list[Incoming]]:
        """What came in over this line since it was last asked."""

    def close(self) -> None:
        """Give the line back."""


class SettingMissing(Fault):
    """A sender cannot be used as it is configured."""

    code = "sender.setting-missing"
    en = "The sender '{sender}' lacks '{name}'."
    en_remedy = "Add it to the file of senders, or set the variable of the environment that it names."
    zh = "发送通道“{sender}”缺少设置“{name}”。"
    zh_remedy = "请在通道配置文件中补充，或设置其指定的环境变量。"


class UnknownConnector(Fault):
    """No folder of that name."""

    code = "sender.unknown-connector"
    en, en_remedy = "There is no connector '{name}'.", "Known: {known}."
    zh, zh_remedy = "没有名为“{name}”的连接器。", "已有：{known}。"


class NotSignedRight(Fault):
    """A report that did not come from the provider, or came again."""

    code = "sender.bad-signature"
    en, en_remedy = "The report is not signed as it should be ({why}).", "Check the secret on both sides."
    zh, zh_remedy = "回执签名不符（{why}）。", "请核对双方密钥。"


@cache
def folders() -> tuple[str, ...]:
    """The names of the connectors there are that carry messages."""
    return tuple(
        sorted(found.name for found in pkgutil.iter_modules(__path__) if found.ispkg and found.name not in CALLS)
    )


def module(name: str) -> ModuleType:
    """A connector's module: `CHANNELS`, `NEEDS`, `STAFF_ONLY`, `connect(settings)` and, where it is told over HTTP, `told`."""
    if name not in folders():
        raise UnknownConnector(name=name, known=", ".join(folders()))
    return importlib.import_module(f"{__name__}.{name}")


def connect(name: str, settings: Settings) -> Connector:
    """Open a line. Raises `UnknownConnector`, `SettingMissing`."""
    made: Connector = module(name).connect(settings)
    return made


def channels(name: str) -> frozenset[Channel]:
    """The channels a connector can serve."""
    return frozenset(module(name).CHANNELS)
