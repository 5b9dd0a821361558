"""When a text may be shown: its conditions hold on what is known, and every fact it names is there. Unknown never holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fairdue.core.codes import Aim, Code, LenderKind, Product, Tone
from fairdue.core.delinquency import M_STAGES, S_STAGES
from fairdue.core.errors import Lang
from fairdue.rules.outcomes import load_outcomes
from fairdue.rules.reading import Lines, Reading
from fairdue.rules.scripts import LANGS, SLOT, UNKNOWN_FACT
from fairdue.rules.talk.facts import load_facts

PEOPLE = frozenset({"lender", "collector", "person"})
DEBT = frozenset({"amount", "due_date", "days", "per_day", "promised_amount", "promised_on", "broken_amount", "broken_on",
                  "our_word", "kept_share", "bureau"})  # fmt: skip
CONFIDENCE = ("V", "S", "S-", "M")
DAYS = "days"
NAMES: Mapping[str, type[Code]] = {"product": Product, "tone": Tone, "aim": Aim, "lender": LenderKind}
Slots = Mapping[str, str]
Situation = Mapping[str, str | None]  # what is known of the case, by name; `days` is a number written out


@dataclass(frozen=True)
class Shown:
    """Conditions of a text."""

    when: Mapping[str, frozenset[str]] = field(default_factory=dict)
    days: tuple[int, int] | None = None
    needs: frozenset[str] = frozenset()

    def holds(self, situation: Situation, slots: Slots) -> bool:
        """Whether it may be shown."""
        return not self.missing(slots) and self._fits(situation)

    def missing(self, slots: Slots) -> frozenset[str]:
        """The facts it names that are not known."""
        return frozenset(name for name in self.needs if not slots.get(name))

    def _fits(self, situation: Situation) -> bool:
        if self.days is not None:
            known = situation.get(DAYS)
            if known is None or not self.days[0] <= int(known) <= self.days[1]:
                return False
        return all(situation.get(name) in values for name, values in self.when.items())


def read_shown(reading: Reading, said: Lines, known: Mapping[str, Any]) -> Shown:
    """Read `when` and `needs` of an entry; `known` is `vocabulary()` with what the caller adds."""
    when: Any = said.get("when") or Lines(said.line)
    days = _days(reading, when)
    found = {}
    for name in [n for n in when if n != DAYS]:
        if name not in known:
            not_among(reading, when.line_of(name), name, [*known, DAYS])
            continue
        values = when[name] if isinstance(when[name], list) else [when[name]]
        for value in [v for v in values if v not in known[name]]:
            not_among(reading, when.line_of(name), value, known[name])
        found[name] = frozenset(str(v) for v in values)
    for slot in [s for s in said.get("needs") or () if s not in DEBT | PEOPLE]:
        not_among(reading, said.line_of("needs"), slot, sorted(DEBT | PEOPLE))
    return Shown(found, days, frozenset(said.get("needs") or ()))


def vocabulary() -> dict[str, Any]:
    """What a condition may ask for, and its values."""
    facts = {name: tuple(fact.values) for name, fact in load_facts().items() if fact.values}
    codes = {name: tuple(kind.__members__) for name, kind in NAMES.items()}
    return {**facts, **codes, "stage": (*M_STAGES.codes, *S_STAGES.codes), "outcome": tuple(load_outcomes().all)}


def _days(reading: Reading, when: Lines) -> tuple[int, int] | None:
    said = when.get(DAYS)
    if said is None:
        return None
    if reading.keys(said, ("from", "to"), (), "'days'") and all(type(said[k]) is int for k in ("from", "to")):
        return said["from"], said["to"]
    reading.wrong(when.line_of(DAYS), "'days' needs two whole numbers", "“days”须有两个整数",
                  "Write {from: 1, to: 90}.", "请写成 {from: 1, to: 90}。")  # fmt: skip
    return None


def filled(text: Mapping[Lang, str], slots: Slots, lang: Lang) -> str:
    """The words with the case's facts in them; a gap stays visible as one."""
    return SLOT.sub(lambda m: slots.get(f"{m[1]}_{lang}") or slots.get(m[1]) or UNKNOWN_FACT[lang], text[lang])


def slots_of(text: Mapping[Lang, str]) -> frozenset[str]:
    """The facts a text names in either language."""
    return frozenset(slot for lang in LANGS for slot in SLOT.findall(text[lang]))


def checked_text(reading: Reading, said: Lines, key: str) -> dict[Lang, str]:
    """A text in both languages that names the same, known facts in both."""
    text = reading.both(said, key)
    if set(SLOT.findall(text["zh"])) != set(SLOT.findall(text["en"])):
        reading.wrong(said.line_of(key), "the two languages name different facts", "中英文所用信息不一致",
                      "Use the same slots in both.", "请在两种语言中使用相同的占位符。")  # fmt: skip
    for slot in sorted(slots_of(text) - PEOPLE - DEBT):
        not_among(reading, said.line_of(key), f"{{{slot}}}", sorted(PEOPLE | DEBT))
    return text


def not_among(reading: Reading, line: int, value: object, known: Any) -> None:
    """Complain of a value that is not possible."""
    choices = [str(k) for k in known]
    reading.wrong(line, f"'{value}' is not possible here", f"此处不能填“{value}”",
                  f"Write one of {', '.join(choices)}.", f"可填：{'、'.join(choices)}。")  # fmt: skip
