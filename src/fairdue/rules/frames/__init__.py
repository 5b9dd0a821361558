"""Message frames: approved words with slots that only facts fill. A message that lacks a fact is not written at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from fairdue.core.codes import Channel, Party
from fairdue.core.errors import Fault, Lang
from fairdue.rules.reading import Reading, Wrong, WrongFiles
from fairdue.rules.scripts import approved

HERE = Path(__file__).parent
LANGS: tuple[Lang, Lang] = ("zh", "en")
SLOT = re.compile(r"\{([^{}]*)\}")
PURPOSES = ("remind", "notify", "confirm", "offer", "answer", "relay")
NEEDED = ("title", "purpose", "audience", "channel", "approved", "sources", "text")
SLOTS: dict[str, dict[Lang, str]] = {  # every fact a frame may ask for, with a sample that shows how it reads
    "lender": {"zh": "示例银行", "en": "Example Bank"},
    "agency": {"zh": "示例信用管理公司", "en": "Example Recoveries"},
    "collector": {"zh": "李明", "en": "Ming Li"},
    "person": {"zh": "王先生", "en": "Mr Wang"},
    "hotline": {"zh": "400-000-0000", "en": "400-000-0000"},
    "account_tail": {"zh": "3321", "en": "3321"},
    "amount": {"zh": "1,200.00元", "en": "CNY 1,200.00"},
    "due_date": {"zh": "2026年12月15日", "en": "15 December 2026"},
    "deadline": {"zh": "2026年12月20日", "en": "20 December 2026"},
    "paid_on": {"zh": "2026年12月1日", "en": "1 December 2026"},
    "visit_on": {"zh": "2026年12月10日", "en": "10 December 2026"},
    "instalments": {"zh": "12", "en": "12"},
    "reference": {"zh": "2026-0042", "en": "2026-0042"},
    "court": {"zh": "示例区人民法院", "en": "the Example District Court"},
    "link": {"zh": "https://kf.example.com/i/0a1b2c3d/", "en": "https://kf.example.com/i/0a1b2c3d/"},
    "answer_by": {"zh": "2026年12月18日", "en": "18 December 2026"},
}
NEVER_TO_THIRD = frozenset({"amount", "due_date", "deadline", "account_tail", "instalments", "court", "reference"})
THIRD = frozenset({Party.CONTACT, Party.EMPLOYER, Party.SPOUSE, Party.OTHER})


class MissingFact(Fault):
    """A frame cannot be filled: a message with a hole, or with a guess, is not sent."""

    code = "frame.missing-fact"
    en, en_remedy = (
        "The message '{frame}' needs {facts}, which is not known.",
        "Find out the fact, or choose another message.",
    )
    zh, zh_remedy = "消息“{frame}”需要的信息未知：{facts}。", "请核实后填写，或改用其他消息。"


@dataclass(frozen=True)
class Frame:
    """One approved message. `known` are the facts that must be known true before it may be used."""

    id: str
    title: Mapping[Lang, str]
    purpose: str
    audience: frozenset[Party]
    channel: frozenset[Channel]
    known: tuple[str, ...]
    sender: str | None
    version: int
    approved_by: str
    approved_on: date
    sources: tuple[str, ...]
    text: Mapping[Lang, str]

    @property
    def slots(self) -> tuple[str, ...]:
        """The facts it needs, in the order in which they first stand."""
        return tuple(dict.fromkeys(SLOT.findall(self.text["zh"])))

    def render(self, lang: Lang, facts: Mapping[str, str]) -> str:
        """The message with every slot filled; `lender_en` goes before `lender` in English. Raises `MissingFact`."""
        filled = {slot: facts.get(f"{slot}_{lang}") or facts.get(slot) or "" for slot in self.slots}
        missing = [slot for slot, fact in filled.items() if not fact.strip()]
        if missing:
            raise MissingFact(frame=self.title[lang], facts=", ".join(missing))
        return SLOT.sub(lambda match: filled[match[1]], self.text[lang])

    def sample(self, lang: Lang) -> str:
        """The message with sample facts."""
        return self.render(lang, {slot: said[lang] for slot, said in SLOTS.items()})


@cache
def load_frames() -> Mapping[str, Frame]:
    """The shipped frames by id. Raises `WrongFiles`."""
    return read_frames(HERE)


def read_frames(folder: Path) -> Mapping[str, Frame]:
    """Read the frames in a folder: both languages, known slots, approved, and nothing of a debt to third parties."""
    found: dict[str, Frame] = {}
    faults: list[Wrong] = []
    for path in sorted(folder.glob("*.yaml")):
        reading = Reading(path, f"frames/{path.name}")
        frame = _frame(reading, path.stem)
        faults += reading.faults
        if frame is not None:
            found[frame.id] = frame
    if faults:
        raise WrongFiles(faults)
    return found


def _frame(reading: Reading, name: str) -> Frame | None:
    if reading.faults or not reading.keys(reading.data, NEEDED, ("known", "sender"), "a frame") or reading.faults:
        return None
    said = reading.data
    audience = frozenset(_codes(reading, said, "audience", Party))
    channel = frozenset(_codes(reading, said, "channel", Channel))
    if said["purpose"] not in PURPOSES:
        reading.wrong(said.line_of("purpose"), f"'{said['purpose']}' is no purpose", f"“{said['purpose']}”不是有效的用途",
                      f"Write one of {', '.join(PURPOSES)}.", f"可填：{'、'.join(PURPOSES)}。")  # fmt: skip
    version, by, on = approved(reading, said)
    title, text = reading.both(said, "title"), reading.both(said, "text")
    _check_slots(reading, said.line_of("text"), text, to_third=bool(audience & THIRD))
    if reading.faults:
        return None
    known, sources = tuple(said.get("known") or ()), tuple(str(one) for one in said["sources"])
    return Frame(
        name, title, said["purpose"], audience, channel, known, said.get("sender"), version, by, on, sources, text
    )


def _codes(reading: Reading, said: Any, key: str, kind: Any) -> list[Any]:
    names = said[key] if isinstance(said[key], list) else []
    for name in [name for name in names if name not in kind.__members__] or ([] if names else [said[key]]):
        reading.wrong(said.line_of(key), f"'{name}' is no {key}", f"“{name}”不是有效取值",
                      f"Known: {', '.join(kind.__members__)}.", f"可填：{'、'.join(kind.__members__)}。")  # fmt: skip
    return [kind[name] for name in names if name in kind.__members__]


def _check_slots(reading: Reading, line: int, text: Mapping[Lang, str], *, to_third: bool) -> None:
    slots = {lang: set(SLOT.findall(text[lang])) for lang in LANGS}
    for slot in sorted((slots["zh"] | slots["en"]) - set(SLOTS)):
        reading.wrong(line, f"'{{{slot}}}' is no fact", f"{{{slot}}} 不是已知信息",
                      f"Known: {', '.join(sorted(SLOTS))}.", f"可用：{'、'.join(sorted(SLOTS))}。")  # fmt: skip
    if slots["zh"] != slots["en"]:
        reading.wrong(line, "the two languages name different facts", "中英文所用信息不一致",
                      "Use the same slots in both.", "请在两种语言中使用相同的占位符。")  # fmt: skip
    for slot in sorted((slots["zh"] | slots["en"]) & NEVER_TO_THIRD) if to_third else ():
        reading.wrong(line, f"'{{{slot}}}' would tell a third party of the debt", f"{{{slot}}} 会向第三人透露债务",
                      "Remove it.", "请删除。")  # fmt: skip
