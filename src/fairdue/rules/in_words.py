"""Says a rule in plain sentences, in both languages: where it speaks, what it asks for, and what a case tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from fairdue.core.codes import Act, Channel, Code, Direction, Mode, Party, PointKind
from fairdue.core.errors import Lang
from fairdue.core.guard_catalogue import FACTS, YesNo
from fairdue.core.guard_history import LeavesOut, Scope, Unit
from fairdue.core.guard_kinds import Above, AtLeast, AtMost, Conditions, Forbid, Kind, OnlyIf, QuietHours
from fairdue.core.guard_past import FrequencyCap, LostContact, RestAfter
from fairdue.core.guard_periods import After, Moratorium, Within

COMMA: Mapping[Lang, str] = {"zh": "、", "en": ", "}
OR: Mapping[Lang, str] = {"zh": "、", "en": " or "}
SEMICOLON: Mapping[Lang, str] = {"zh": "；", "en": "; "}
COLON: Mapping[Lang, str] = {"zh": "：", "en": ": "}


def conditions(given: Conditions, lang: Lang) -> str:
    """Conditions that hold together, such as "channel: Call; purpose: Collect"."""
    parts = (
        f"{label(name, lang)}{COLON[lang]}{OR[lang].join(_codes(FACTS[name].values, values, lang))}"
        for name, values in given.items()
        if not (name == "act" and values == {Act.CONTACT})
    )
    return SEMICOLON[lang].join(parts)


def label(fact: str, lang: Lang) -> str:
    """What a fact is called."""
    return FACTS[fact].zh if lang == "zh" else FACTS[fact].en


def _codes(kind: type[Code] | None, values: Iterable[int], lang: Lang) -> list[str]:
    return [kind(value).label(lang) if kind else str(value) for value in sorted(values)]


def test(kind: Kind, lang: Lang) -> str:
    """What a rule asks for, as a sentence."""
    return SAY[type(kind)](kind, lang)


def _forbid(kind: Forbid, lang: Lang) -> str:
    del kind
    return {"zh": "符合上述条件的，一律不得。", "en": "Never, where this holds."}[lang]


def _only_if(kind: OnlyIf, lang: Lang) -> str:
    ways = [conditions(one, lang) for one in kind.any_of]
    return {"zh": "须符合：", "en": "Only if "}[lang] + {"zh": "；或者 ", "en": ", or "}[lang].join(ways) + DOT[lang]


DOT: Mapping[Lang, str] = {"zh": "。", "en": "."}


def _compared(kind: Above | AtLeast | AtMost, lang: Lang) -> str:
    word = {
        Above: ("须大于", "must be greater than"), AtLeast: ("不得少于", "must be at least"),
        AtMost: ("不得超过", "must be at most"),
    }[type(kind)]  # fmt: skip
    figure = label(kind.figure, lang) if isinstance(kind.figure, str) else f"{kind.figure:,}"
    return f"{label(kind.fact, lang)} {word[lang == 'en']} {figure}{DOT[lang]}"


def clock(minute: int) -> str:
    """A minute of the day as a time."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _quiet(kind: QuietHours, lang: Lang) -> str:
    starts, ends = clock(kind.starts), clock(kind.ends)
    said = {"zh": f"{starts} 至 {ends} 不得。", "en": f"Not from {starts} to {ends}."}[lang]
    if kind.rest_starts >= 0:
        starts, ends = clock(kind.rest_starts), clock(kind.rest_ends)
        said += {"zh": f"休息日为 {starts} 至 {ends}。", "en": f" On days off from {starts} to {ends}."}[lang]
    if kind.agreed_hours_go_first:
        said += {"zh": "另有约定的，从其约定。", "en": " Agreed hours go first."}[lang]
    return said


def _counted(kind: FrequencyCap | RestAfter, lang: Lang) -> str:
    parts = [
        of(Scope(kind.per), lang),
        of(Unit(kind.unit), lang),
        COMMA[lang].join(_codes(Channel, kind.channels, lang)),
    ]
    more: tuple[tuple[type[Code], frozenset[int]], ...] = (
        (Mode, kind.modes), (Party, kind.parties), (PointKind, kind.point_kinds),
        (Direction, kind.directions if kind.directions != {Direction.OUT} else frozenset()),
    )  # fmt: skip
    parts += [COMMA[lang].join(_codes(codes, values, lang)) for codes, values in more if values]
    if kind.leaves_out:
        word = {"zh": "不计：", "en": "not counted: "}[lang]
        parts.append(word + COMMA[lang].join(_codes(LeavesOut, kind.leaves_out, lang)))
    return SEMICOLON[lang].join(parts)


def of(code: Code, lang: Lang) -> str:
    """The label of a code."""
    return code.label(lang)


def _cap(kind: FrequencyCap, lang: Lang) -> str:
    one = kind.days == 1
    zh = f"{'当日' if one else f'连续 {kind.days} 日内'}不超过 {kind.limit} 次"
    en = f"At most {kind.limit} {'a day' if one else f'in {kind.days} days'}"
    return f"{zh if lang == 'zh' else en}{COLON[lang]}{_counted(kind, lang)}{DOT[lang]}"


def _rest(kind: RestAfter, lang: Lang) -> str:
    zh = f"之后连续 {kind.days} 日内不得（当日为第一日）"
    en = f"Not within {kind.days} days after it, the day itself being the first"
    return f"{zh if lang == 'zh' else en}{COLON[lang]}{_counted(kind, lang)}{DOT[lang]}"


def _gate(kind: LostContact, lang: Lang) -> str:
    said = {
        "zh": f"仅在债务人失联时：预留号码均已失效；或连续 {kind.dials} 次拨打失败（次日起）；"
        f"或连续 {kind.days} 日拨打失败。联系上债务人后即关闭。",
        "en": f"Only if the debtor cannot be reached: every reserved number is invalid, or {kind.dials} dials in a row "
        f"failed (from the next day), or dials failed on {kind.days} days in a row. Reaching the debtor closes it.",
    }[lang]
    recorded = {"zh": "另行登记依据的亦可。", "en": " Evidence recorded otherwise is enough too."}[lang]
    return said + (recorded if kind.or_recorded else "")


def _length(kind: Within | After | Moratorium, lang: Lang) -> str:
    months = {"zh": f"{kind.months} 个月", "en": f"{kind.months} months"}[lang] if kind.months else ""
    days = {"zh": f"{kind.days} 日", "en": f"{kind.days} days"}[lang] if kind.days or not kind.months else ""
    return {"zh": "", "en": " and "}[lang].join(part for part in (months, days) if part)


def _within(kind: Within, lang: Lang) -> str:
    name, length = label(kind.fact, lang), _length(kind, lang)
    return {"zh": f"须在{name}之后 {length} 内。", "en": f"Only within {length} after the {name}."}[lang]


def _after(kind: After, lang: Lang) -> str:
    name, length = label(kind.fact, lang), _length(kind, lang)
    if not kind.days and not kind.months:
        return {"zh": f"不得早于{name}。", "en": f"Not before the {name}."}[lang]
    return {"zh": f"{name}之后满 {length} 方可。", "en": f"Not until {length} after the {name}."}[lang]


def _moratorium(kind: Moratorium, lang: Lang) -> str:
    name = label(kind.fact, lang)
    until = label(kind.until, lang) if kind.until else _length(kind, lang) if kind.days or kind.months else ""
    if not until:
        return {"zh": f"自{name}起不得。", "en": f"Not from the {name} on."}[lang]
    return {"zh": f"自{name}起不得，至：{until}。", "en": f"Not from the {name} on, until: {until}."}[lang]


SAY: Mapping[type[Kind], Callable[[Any, Lang], str]] = {
    Forbid: _forbid, OnlyIf: _only_if, Above: _compared, AtLeast: _compared, AtMost: _compared, QuietHours: _quiet,
    FrequencyCap: _cap, RestAfter: _rest, LostContact: _gate, Within: _within, After: _after, Moratorium: _moratorium,
}  # fmt: skip


def value(fact: str, said: Any, lang: Lang) -> str:
    """A value of a fact as a record writes it, in words."""
    kind = FACTS[fact].values if fact in FACTS else None
    if kind is None:
        return clock(said) if fact in ("agreed_from", "agreed_to") else str(said)
    word = YesNo.YES.name if said is True else YesNo.NO.name if said is False else str(said)
    return kind[word].label(lang) if word in kind.__members__ else word
