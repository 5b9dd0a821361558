"""The rule browser: every rule of every pack with its article, dates, words and cases side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial

from fairdue.core.codes import Role
from fairdue.core.errors import Lang
from fairdue.core.guard import NEVER
from fairdue.rules import in_words
from fairdue.rules.cases import Situation
from fairdue.rules.explain import LANGS, Both
from fairdue.rules.load import PACKS, load_pack, names
from fairdue.rules.schema import CONFIDENCE, RuleFile
from fairdue.store import clock
from fairdue.store.access import NotYours
from fairdue.store.models import User

READERS = frozenset({Role.COMPLIANCE, Role.LEAD, Role.STRATEGIST, Role.COLLECTOR})
NOT_SHOWN = frozenset({"at", "zone", "person", "debtor", "debt", "point", "act", "history"})


@dataclass(frozen=True)
class Row:
    """One rule in the list."""

    id: str
    title: Both
    confidence: str
    severity: str
    in_force: bool
    area: str


@dataclass(frozen=True)
class CaseRow:
    """A case a lawyer can sign: what is told, and what the rule says. `next_lawful` None: not said; "" for never."""

    title: Both
    at: str
    told: Both
    past: int
    expect: str
    next_lawful: str | None


@dataclass(frozen=True)
class Detail:
    """One rule in full. `dated`: from when which words bind; None from a date: abolished."""

    rule: RuleFile
    in_force: bool
    confidence_label: Both
    speaks: Both
    unless: tuple[Both, ...]
    dated: tuple[tuple[date, Both | None], ...]
    cases: tuple[CaseRow, ...]


@dataclass(frozen=True)
class Browser:
    """What the page shows."""

    pack: str
    title: Both
    revision: str
    packs: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int
    areas: tuple[str, ...]
    detail: Detail | None


def browse(user: User, asked: Mapping[str, str]) -> Browser:
    """The rules of the user's pack, or of the pack asked for, narrowed as asked. Raises `NotYours`.

    `asked`: pack, q (words of the id, title or article), mark (confidence), state (in_force, not), area, rule.
    """
    if user.role not in READERS:
        raise NotYours
    own = user.organisation.pack + (f"+{user.organisation.policy}" if user.organisation.policy else "")
    packs = tuple(dict.fromkeys((own, *names(PACKS))))
    name = asked.get("pack", own) if asked.get("pack", own) in packs else own
    pack = load_pack(*name.split("+", 1))
    today = clock.business_date(clock.now_minute(), user.organisation.zone)
    rules = sorted(pack.rules, key=lambda rule: rule.id)
    found = [rule for rule in rules if _matches(rule, asked, today)]
    chosen = pack.by_id.get(asked.get("rule", ""))
    return Browser(
        name, pack.title, pack.revision, packs, tuple(_row(rule, today) for rule in found), len(rules),
        tuple(sorted({_area(rule) for rule in rules})), _detail(name, chosen, today) if chosen else None,
    )  # fmt: skip


def _matches(rule: RuleFile, asked: Mapping[str, str], today: date) -> bool:
    about, words = rule.about, asked.get("q", "").casefold().split()
    text = " ".join((rule.id, *about.title.values(), *about.instrument.values(), *about.article.values())).casefold()
    if not all(word in text for word in words):
        return False
    if asked.get("mark") and asked["mark"] != about.confidence:
        return False
    if asked.get("state") and (asked["state"] == "in_force") != (rule.at(today) is not None):
        return False
    return not asked.get("area") or asked["area"] == _area(rule)


def _area(rule: RuleFile) -> str:
    return "/".join(rule.file.split("/")[:2])


def _row(rule: RuleFile, today: date) -> Row:
    return Row(rule.id, rule.about.title, rule.about.confidence, rule.severity, rule.at(today) is not None, _area(rule))


def _detail(name: str, rule: RuleFile, today: date) -> Detail:
    return Detail(
        rule, rule.at(today) is not None, CONFIDENCE[rule.about.confidence],
        _both(partial(in_words.conditions, rule.when)), tuple(_both(partial(in_words.conditions, one)) for one in rule.unless),
        tuple((since, None if test is None else _both(partial(in_words.test, test))) for since, test in rule.dated),
        _cases(_by_rule(name).get(rule.id, ())),
    )  # fmt: skip


def _both(say: Callable[[Lang], str]) -> Both:
    return {lang: say(lang) for lang in LANGS}


@cache
def _by_rule(name: str) -> Mapping[str, tuple[Situation, ...]]:
    found: dict[str, list[Situation]] = defaultdict(list)
    for situation in load_pack(*name.split("+", 1)).situations:
        found[situation.rule].append(situation)
    return {rule: tuple(listed) for rule, listed in found.items()}


def _cases(found: Sequence[Situation]) -> tuple[CaseRow, ...]:
    told = [case.facts.row(0) for case in found]
    names = {name for row in told for name in row} - NOT_SHOWN
    differing = [name for name in sorted(names) if len({row.get(name) for row in told}) > 1]
    return tuple(_case(case, row, differing) for case, row in zip(found, told, strict=True))


def _case(case: Situation, told: Mapping[str, object], differing: list[str]) -> CaseRow:
    zone = str(told.get("zone", "")) or "UTC"
    at = _moment(int(str(told["at"])), zone) or "" if "at" in told else ""
    return CaseRow(
        case.title, at, _both(partial(_differences, told, differing)), len(case.history), case.expect,
        _moment(case.next_lawful, zone),
    )  # fmt: skip


def _moment(at: int | None, zone: str) -> str | None:
    if at is None or at == NEVER:
        return None if at is None else ""
    return f"{clock.from_minute(at, zone):%Y-%m-%d %H:%M}"


def _differences(told: Mapping[str, object], names: list[str], lang: Lang) -> str:
    said = (
        f"{in_words.label(n, lang)}{in_words.COLON[lang]}{in_words.value(n, told[n], lang)}" for n in names if n in told
    )
    return in_words.SEMICOLON[lang].join(said)
