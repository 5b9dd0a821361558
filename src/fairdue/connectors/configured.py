"""The senders of an installation: a YAML file that names connectors, their settings, prices, pace and registered texts.

Secrets never stand in it: `secrets` names the variables of the environment that hold them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from fairdue.connectors import Connector, Settings, Template, channels, connect, folders, module
from fairdue.connectors.sip import Phone
from fairdue.connectors.sip.line import TRANSPORTS
from fairdue.core.codes import Channel
from fairdue.core.errors import Fault
from fairdue.rules.reading import Lines, Reading, WrongFiles

SENDER_NEEDED, SENDER_MAY = ("code", "connector", "channels"), (
    "lender", "settings", "secrets", "per_minute", "price", "max_age_hours", "tries", "retry_minutes",
)  # fmt: skip
TEMPLATE_NEEDED, TEMPLATE_MAY = ("sender", "frame", "id", "state"), ("lang", "sign", "variables")
PATIENCE = ("desk_seconds", "ring_seconds", "answer_seconds", "alive_seconds")
PLAIN = re.compile(r"[A-Za-z0-9._-]{1,64}")  # what may stand in an address: nothing that ends it
TEMPLATE_STATES = ("approved", "submitted", "rejected")
DEMO = """
senders:
  - {code: demo-phone, connector: demo_phone, channels: [SMS, EMAIL, IM, APP], per_minute: 6000, price: 5}
facts: {hotline: 400-000-0000}
"""


class NoSender(Fault):
    """Nothing carries this channel."""

    code = "sender.none"
    en, en_remedy = "No sender is set up for {channel}.", "Add one to the file of senders (FAIRDUE_SENDERS)."
    zh, zh_remedy = "尚未配置{channel_zh}的发送通道。", "请在通道配置文件（FAIRDUE_SENDERS）中添加。"


@dataclass(frozen=True)
class Sender:
    """One way out: by what, for whom, how fast, at what price, and for how long a message is worth sending."""

    code: str
    connector: str
    channels: frozenset[Channel]
    lender: str = ""  # empty: for every lender
    settings: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)  # setting → variable of the environment
    per_minute: int = 60
    price: int = -1  # minor units a part; -1: not known
    max_age_hours: int = 24
    tries: int = 5
    retry_minutes: int = 10

    def open(self, folder: Path) -> Connector:
        """A line for this sender. Raises `SettingMissing`."""
        return connect(self.connector, self.known(folder))

    def known(self, folder: Path) -> Settings:
        """Its settings with the secrets read from the environment."""
        found = {name: os.environ.get(variable, "") for name, variable in self.secrets.items()}
        return Settings(self.code, self.settings, found, str(folder))


@dataclass(frozen=True)
class Telephone:
    """A telephone system the desk dials through, and whose phone has which extension."""

    lender: str  # code of the organisation whose people use it; empty: everybody's
    settings: Mapping[str, str]
    secrets: Mapping[str, str]
    extensions: Mapping[str, str]

    def phone(self) -> Phone:
        """How to reach it, with the password read from the environment."""
        said = self.settings
        password = os.environ.get(self.secrets.get("password", ""), "")
        return Phone(said["host"], int(said.get("port", "5060")), said.get("transport", "udp"), said.get("domain", said["host"]),
                     said["user"], password, said.get("ca_file", ""),
                     **{name: float(said[name]) for name in PATIENCE if name in said})  # fmt: skip


@dataclass(frozen=True)
class Telephones:
    """Every telephone system of the file."""

    all: tuple[Telephone, ...] = ()

    def of(self, organisation: str, username: str) -> tuple[Phone, str] | None:
        """The system and the extension of somebody: their organisation's own before everybody's."""
        fitting = [t for t in self.all if t.lender in ("", organisation) and username in t.extensions]
        found = max(fitting, key=lambda one: bool(one.lender), default=None)
        return (found.phone(), found.extensions[username]) if found else None


@dataclass(frozen=True)
class Senders:
    """Everything the file says."""

    senders: tuple[Sender, ...] = ()
    templates: Mapping[tuple[str, str, str], Template] = field(default_factory=dict)  # sender, frame, language
    facts: Mapping[str, str] = field(default_factory=dict)
    phones: Telephones = field(default_factory=Telephones)

    def of(self, lender: str, channel: Channel) -> Sender:
        """The sender for a channel: the lender's own before everybody's. Raises `NoSender`."""
        fitting = [s for s in self.senders if channel in s.channels and s.lender in ("", lender)]
        if not fitting:
            raise NoSender(channel=channel.en, channel_zh=channel.zh)
        return max(fitting, key=lambda sender: bool(sender.lender))

    def by_code(self, code: str) -> Sender | None:
        """The sender of that code."""
        return next((sender for sender in self.senders if sender.code == code), None)

    def template(self, sender: str, frame: str, lang: str) -> Template | None:
        """The text registered with the provider for a frame."""
        return self.templates.get((sender, frame, lang)) or self.templates.get((sender, frame, ""))


def load_senders(file: Path | None, *, demo: bool = False) -> Senders:
    """The senders of a file; without one nothing can be sent, but in the demo. Raises `WrongFiles`."""
    if file is not None and file.exists():
        return _load(file, file.stat().st_mtime_ns)
    return _demo() if demo else Senders()


@cache
def _load(file: Path, _changed: int) -> Senders:
    return _read(Reading(file, file.name))


@cache
def _demo() -> Senders:
    import tempfile  # noqa: PLC0415 - the demo only

    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        file.write(DEMO)
        file.flush()
        return _read(Reading(Path(file.name), "demo"))


def _read(reading: Reading) -> Senders:
    if not reading.faults and reading.keys(reading.data, ("senders",), ("templates", "facts", "phones")):
        said = reading.data
        senders = [_sender(reading, one) for one in _list(reading, said, "senders")]
        phones = tuple(filter(None, (_telephone(reading, one) for one in _list(reading, said, "phones"))))
        templates = dict(_template(reading, one) for one in _list(reading, said, "templates"))
        found = Senders(tuple(filter(None, senders)), templates, _texts(said.get("facts")), Telephones(phones))
    if reading.faults:
        raise WrongFiles(reading.faults)
    return found


def _list(reading: Reading, said: Lines, key: str) -> list[Any]:
    found = said.get(key) or []
    if isinstance(found, list):
        return found
    reading.wrong(
        said.line_of(key), f"'{key}' must be a list", f"“{key}”应为列表", "Begin each with '- '.", "每项以“- ”开头。"
    )
    return []


def _texts(said: Any) -> dict[str, str]:
    return {key: str(value) for key, value in said.items()} if isinstance(said, dict) else {}


def _sender(reading: Reading, said: Any) -> Sender | None:
    if not reading.keys(said, SENDER_NEEDED, SENDER_MAY, "a sender") or reading.faults:
        return None
    name = str(said["connector"])
    if name not in folders():
        reading.wrong(said.line_of("connector"), f"there is no connector '{name}'", f"没有连接器“{name}”",
                      f"Known: {', '.join(folders())}.", f"可用：{'、'.join(folders())}。")  # fmt: skip
        return None
    known = {channel.name: channel for channel in channels(name)}
    wanted = said["channels"] if isinstance(said["channels"], list) else [said["channels"]]
    for one in [one for one in wanted if one not in known]:
        all_en, all_zh = ", ".join(known) or "none: it is for staff", "、".join(known) or "无（仅限内部通知）"
        reading.wrong(said.line_of("channels"), f"{name} cannot carry '{one}'", f"{name} 不支持“{one}”",
                      f"Known: {all_en}.", f"可填：{all_zh}。")  # fmt: skip
    values, secret_names = _texts(said.get("settings")), _texts(said.get("secrets"))
    for need in [need for need in module(name).NEEDS if need not in values and need not in secret_names]:
        reading.wrong(said.line, f"a sender by {name} needs '{need}'", f"{name} 通道缺少“{need}”",
                      "Add it under settings, or name its variable under secrets.",
                      "请在 settings 中填写，或在 secrets 中写明环境变量名。")  # fmt: skip
    numbers = {
        key: int(said[key]) for key in ("per_minute", "price", "max_age_hours", "tries", "retry_minutes") if key in said
    }
    return Sender(
        str(said["code"]), name, frozenset(known[one] for one in wanted if one in known), str(said.get("lender", "")),
        values, secret_names, **numbers,
    )  # fmt: skip


def _telephone(reading: Reading, said: Any) -> Telephone | None:
    if not reading.keys(said, ("settings", "extensions"), ("lender", "secrets"), "a telephone") or reading.faults:
        return None
    values, extensions = _texts(said["settings"]), _texts(said["extensions"])
    made = Telephone(str(said.get("lender", "")), values, _texts(said.get("secrets")), extensions)
    wrong = [name for name in ("host", "user") if not values.get(name)]
    wrong += [name for name, text in extensions.items() if not PLAIN.fullmatch(text)]
    wrong += [name for name in ("host", "user", "domain") if name in values and not PLAIN.fullmatch(values[name])]
    wrong += ["transport"] if values.get("transport", "udp") not in TRANSPORTS else []
    wrong += [name for name in ("port", *PATIENCE) if not values.get(name, "1").isdigit()]
    for name in dict.fromkeys(wrong):
        reading.wrong(said.line, f"'{name}' of a telephone is missing or cannot be used", f"话机设置“{name}”缺失或无效",
                      "Names and extensions are letters, digits, '.', '-' and '_'; transport is udp, tcp or tls.",
                      "名称与分机号由字母、数字、“.”“-”“_”组成；transport 为 udp、tcp 或 tls。")  # fmt: skip
    return None if wrong else made


def _template(reading: Reading, said: Any) -> tuple[tuple[str, str, str], Template]:
    if not reading.keys(said, TEMPLATE_NEEDED, TEMPLATE_MAY, "a template") or reading.faults:
        return ("", "", ""), Template("")
    if said["state"] not in TEMPLATE_STATES:
        reading.wrong(said.line_of("state"), f"'{said['state']}' is no state", f"“{said['state']}”不是有效状态",
                      f"Write one of {', '.join(TEMPLATE_STATES)}.", f"可填：{'、'.join(TEMPLATE_STATES)}。")  # fmt: skip
    place = (str(said["sender"]), str(said["frame"]), str(said.get("lang", "")))
    if said["state"] != "approved":
        return ("", "", said["frame"]), Template("")  # known, but nothing may be sent by it
    return place, Template(str(said["id"]), str(said.get("sign", "")), _texts(said.get("variables")))
