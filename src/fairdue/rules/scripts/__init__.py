"""Approved scripts: what is said, in which order, in both languages; slots are filled from facts only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fairdue.core.codes import Tone
from fairdue.core.errors import Lang
from fairdue.rules.reading import Lines, Reading, Wrong, WrongFiles

if TYPE_CHECKING:
    from collections.abc import Mapping

Text = dict[Lang, str]
LANGS: tuple[Lang, Lang] = ("zh", "en")
HERE = Path(__file__).parent
COMMON = "common.yaml"
BEFORE_IDENTITY = ("open", "identity")
TITLES: dict[str, Text] = {
    "open": {"zh": "开场", "en": "Opening"},
    "identity": {"zh": "核实身份", "en": "Identity"},
    "tell": {"zh": "告知欠款", "en": "What is owed"},
    "listen": {"zh": "倾听原因", "en": "Listen"},
    "ask": {"zh": "商定还款", "en": "Agree"},
    "close": {"zh": "结束", "en": "Close"},
}
PEOPLE_SLOTS = frozenset({"lender", "collector", "person"})
DEBT_SLOTS = frozenset({"amount", "due_date", "days"})
SLOT = re.compile(r"\{([^{}]*)\}")
DEBT_WORDS = re.compile(
    r"欠|逾期|还款|债|催收|贷款|账单|\b(?:debts?|ow(?:e|es|ed|ing)|overdue|arrears|loans?|repay\w*|collect(?:ion|ing)s?)\b",
    re.IGNORECASE,
)
UNKNOWN_FACT: Text = {"zh": "（待核实）", "en": "(to be checked)"}
CONFIDENCE = ("V", "S", "S-", "M")


@dataclass(frozen=True)
class Block:
    """One step of the talk, with its words in both languages."""

    name: str
    title: Mapping[Lang, str]
    text: Mapping[Lang, str]
    after_identity: bool

    def filled(self, lang: Lang, facts: Mapping[str, str]) -> str:
        """Fill the slots from facts; `lender_en` goes before `lender` in English, and a gap stays visible as one."""
        return SLOT.sub(lambda m: facts.get(f"{m[1]}_{lang}") or facts.get(m[1]) or UNKNOWN_FACT[lang], self.text[lang])


@dataclass(frozen=True)
class Script:
    """One approved script."""

    id: str
    title: Mapping[Lang, str]
    tone: Tone
    blocks: tuple[Block, ...]
    version: int
    approved_by: str
    approved_on: date


@dataclass(frozen=True)
class Ban:
    """Something that is never said, with the law's reason and how well its text is known."""

    text: Mapping[Lang, str]
    law: Mapping[Lang, str]
    confidence: str

    @property
    def whole(self) -> Mapping[Lang, str]:
        """The ban with its reason, as shown beside a script."""
        return {"zh": f"{self.text['zh']}（依据：{self.law['zh']}）", "en": f"{self.text['en']} ({self.law['en']})"}


@dataclass(frozen=True)
class Scripts:
    """All scripts, the opening checklist, and what is never said."""

    all: Mapping[str, Script]
    checklist: tuple[Mapping[Lang, str], ...]
    bans: tuple[Ban, ...]

    @cached_property
    def blocks(self) -> Mapping[str, tuple[Block, ...]]:
        """The steps of each script."""
        return {name: script.blocks for name, script in self.all.items()}

    @cached_property
    def never(self) -> tuple[Mapping[Lang, str], ...]:
        """What is never said, each with its reason."""
        return tuple(ban.whole for ban in self.bans)


@cache
def load_scripts() -> Scripts:
    """Load the shipped scripts. Raises `WrongFiles`."""
    return read_scripts(HERE)


def read_scripts(folder: Path) -> Scripts:
    """Read the scripts in a folder: both languages, known slots, no debt before identity. Raises `WrongFiles`."""
    common = Reading(folder / COMMON, COMMON)
    checklist, bans = _common(common)
    faults: list[Wrong] = common.faults
    found: dict[str, Script] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name != COMMON:
            reading = Reading(path, path.name)
            script = _script(reading, path.stem)
            faults += reading.faults
            if script is not None:
                found[script.id] = script
    if faults:
        raise WrongFiles(faults)
    return Scripts(found, checklist, bans)


def _common(reading: Reading) -> tuple[tuple[Text, ...], tuple[Ban, ...]]:
    if reading.faults or not reading.keys(reading.data, ("checklist", "never")):
        return (), ()
    checklist = [_pair(reading, item) for item in reading.data.get("checklist") or ()]
    bans = [ban for item in reading.data.get("never") or () if (ban := _ban(reading, item))]
    return tuple(checklist), tuple(bans)


def _pair(reading: Reading, said: Any) -> Text:
    known = reading.keys(said, LANGS, (), "a text")
    return {lang: str(said.get(lang, "")) for lang in LANGS} if known else {"zh": "", "en": ""}


def _ban(reading: Reading, said: Any) -> Ban | None:
    if not reading.keys(said, (*LANGS, "law", "confidence"), (), "what is never said"):
        return None
    if said.get("confidence") not in CONFIDENCE:
        reading.wrong(said.line_of("confidence"), f"'{said.get('confidence')}' is no confidence", "可信度取值无效",
                      f"Write one of {', '.join(CONFIDENCE)}.", f"可填：{'、'.join(CONFIDENCE)}。")  # fmt: skip
    text: Text = {lang: str(said.get(lang, "")) for lang in LANGS}
    return Ban(text, reading.both(said, "law"), str(said.get("confidence")))


def _script(reading: Reading, name: str) -> Script | None:
    if reading.faults or not reading.keys(reading.data, ("title", "tone", "approved", "blocks"), (), "a script"):
        return None
    said = reading.data
    if said.get("tone") not in Tone.__members__:
        reading.wrong(said.line_of("tone"), f"'{said.get('tone')}' is no tone", f"“{said.get('tone')}”不是有效的语气",
                      f"Write one of {', '.join(Tone.__members__)}.",
                      f"可填：{'、'.join(Tone.__members__)}。")  # fmt: skip
    version, by, on = approved(reading, said)
    title, blocks = reading.both(said, "title"), _blocks(reading, said)
    return None if reading.faults else Script(name, title, Tone[said["tone"]], blocks, version, by, on)


def approved(reading: Reading, said: Lines) -> tuple[int, str, date]:
    """Read who approved which version when: words nobody approved are not said."""
    approved: Any = said.get("approved")
    if reading.keys(approved, ("version", "by", "date"), (), "'approved'"):
        version, by, on = (approved.get(key) for key in ("version", "by", "date"))
        if type(version) is int and version > 0 and isinstance(by, str) and type(on) is date:
            return version, by, on
        reading.wrong(said.line_of("approved"), "'approved' needs a version from 1, a name and a date",
                      "“approved”须写明版本号、批准人和日期",
                      "Write {version: 1, by: NAME, date: YYYY-MM-DD}.",
                      "请写成 {version: 1, by: 姓名, date: YYYY-MM-DD}。")  # fmt: skip
    return 0, "", date.min


def _blocks(reading: Reading, said: Lines) -> tuple[Block, ...]:
    blocks: Any = said.get("blocks")
    if not reading.keys(blocks, TITLES, (), "'blocks'"):
        return ()
    return tuple(_block(reading, blocks, name) for name in TITLES if name in blocks)


def _block(reading: Reading, blocks: Lines, name: str) -> Block:
    text = reading.both(blocks, name)
    after = name not in BEFORE_IDENTITY
    for lang in LANGS:
        _check(reading, blocks.line_of(name), name, text[lang], after)
    if set(SLOT.findall(text["zh"])) != set(SLOT.findall(text["en"])):
        reading.wrong(blocks.line_of(name), f"the two languages of '{name}' name different facts",
                      f"“{name}”的中英文所用信息不一致",
                      "Use the same slots in both.", "请在两种语言中使用相同的占位符。")  # fmt: skip
    return Block(name, TITLES[name], text, after)


def _check(reading: Reading, line: int, name: str, text: str, after: bool) -> None:
    """Complain of unknown slots, and of all that is said of a debt before identity is confirmed (CBA 2026)."""
    known = PEOPLE_SLOTS | DEBT_SLOTS
    for slot in sorted(set(SLOT.findall(text)) - known):
        reading.wrong(line, f"'{{{slot}}}' in '{name}' is no fact", f"“{name}”中的 {{{slot}}} 不是已知信息",
                      f"Known: {', '.join(sorted(known))}.", f"可用：{'、'.join(sorted(known))}。")  # fmt: skip
    told = [f"{{{slot}}}" for slot in sorted(set(SLOT.findall(text)) & DEBT_SLOTS)] + DEBT_WORDS.findall(
        SLOT.sub("", text)
    )
    for word in [] if after else told:
        reading.wrong(line, f"'{name}' says '{word}' before identity is confirmed",
                      f"“{name}”在核实身份之前提到“{word}”",
                      "Move it behind the identity check.", "请移到核实身份之后。")  # fmt: skip
