"""Words for what is stored in names: events, outcomes, files, and the facts of a decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from fairdue.core.codes import Behaviour, Code
from fairdue.core.errors import Lang
from fairdue.core.guard_facts import FACTS
from fairdue.intake.reasons import RowFault
from fairdue.rules.outcomes import Outcome, load_outcomes
from fairdue.rules.plans import load_terms
from fairdue.rules.scripts import Block
from fairdue.rules.talk.shown import filled as fill
from fairdue.rules.tracks import TrackKind
from fairdue.store.pages.timeline import Entry
from fairdue.web.desk.forms import OutcomeForm, typed_facts
from fairdue.web.ui.lang import lang
from fairdue.web.ui.templatetags.fairdue import DASH, KINDS, clock_time, money

register = template.Library()

EVENTS = {
    "contact": (_("Contacts"), "phone"),
    "promise": (_("Promises"), "handshake"),
    "plan": (_("Plans"), "handshake"),
    "payment": (_("Payments"), "banknote"),
    "decision": (_("Decisions"), "scale"),
    "stage": (_("Stages"), "layers"),
    "stop": (_("Stops"), "ban"),
    "letter": (_("Letters"), "mail"),
    "track": (_("Off the normal work"), "git-branch"),
}
OUTCOMES = {
    "right_party": _("The borrower"),
    "connected": _("Answered, not verified"),
    "third_party": _("Somebody else"),
    "wrong_party": _("Wrong person"),
    "no_contact": _("Nobody reached"),
    "invalid": _("The number does not work"),
    "special": _("Special"),
    "field": _("Visit"),
    "digital": _("Message"),
}
FILES = {"book": _("Loan book"), "people": _("People"), "schedule": _("Schedules"), "payments": _("Payments")}
LANGUAGES = {"zh": _("Chinese"), "en": _("English")}
# Facts about the case, beside those about the contact that `core.guard_facts` names itself.
CASE_FACTS = {
    "stage": _("Stage"),
    "dpd": _("Days past due"),
    "oldest_due": _("Oldest due date"),
    "balance": _("Owed"),
    "overdue_accounts": _("Overdue accounts"),
    "behaviour": _("Behaviour"),
    "band": _("Balance band"),
    "callback_at": _("Call-back agreed for"),
    "last_contact_at": _("Last contact"),
    "promise_until": _("Promise runs until"),
    "promise_broken": _("A promise was broken"),
    "attempts_7d": _("Attempts in 7 days"),
    "broken_count": _("Promises broken of late"),
    "remind_on": _("Reminder asked for on"),
    "unanswered": _("Tries in a row unanswered"),
    "talks": _("Talks of late"),
    "own_due": _("A promise of ours is due"),
    "learned": _("Learned so far"),
    "aim_row": _("Row of the aims' table"),
    "has_point": _("A contact point works"),
    "last_outcome": _("Last outcome"),
    "treatment": _("Row of the strategy"),
}
TRACK_STEPS = {
    "OPEN": _("Opened"),
    "NOTE": _("Said again"),
    "EVIDENCE": _("Evidence added"),
    "EXTENSION_ASKED": _("A longer time was asked for"),
    "EXTENDED": _("A longer time was approved"),
    "EXTENSION_REFUSED": _("A longer time was refused"),
    "SORTED": _("Sorted and examined"),
    "ANSWERED": _("Answer written"),
    "HEIR_TOLD": _("An heir was told"),
    "DECIDE": _("Decided"),
    "RESUME": _("Normal work resumed"),
    "WITHDRAW": _("Withdrawn"),
    "REOPEN": _("Looked into again"),
}
MOMENTS = {"callback_at", "last_contact_at", "own_due", "at"}
MINUTES_OF_DAY = {"agreed_from", "agreed_to"}


@register.simple_tag
def event_kinds(entries: Iterable[Entry]) -> list[tuple[str, str]]:
    """The kinds that occur in a time line, in the order of the vocabulary, with their words."""
    seen = {entry.kind for entry in entries}
    return [(kind, str(word)) for kind, (word, _icon) in EVENTS.items() if kind in seen]


@register.filter
def event_icon(kind: str) -> str:
    """The sign of a kind of event."""
    return EVENTS[kind][1]


@register.simple_tag
def outcome_groups(outcomes: Iterable[Outcome]) -> list[tuple[str, list[Outcome]]]:
    """Outcomes by class, each class with its word."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.kind, []).append(outcome)
    return [(str(OUTCOMES[kind]), found) for kind, found in groups.items()]


@register.filter
def filled(block: Block, slots: Mapping[str, str]) -> str:
    """The words of a script with the case's facts in them, in the language of the page."""
    return block.filled(lang(), slots)


@register.filter
def worded(text: Mapping[Lang, str], slots: Mapping[str, str]) -> str:
    """Approved words with the facts in them that may be said, in the language of the page."""
    return fill(text, slots, lang())


@register.simple_tag
def code_list(kind: str) -> list[tuple[int, str]]:
    """Every code of a list with its word, for a choice."""
    return [(int(one), one.label(lang())) for one in KINDS[kind]]


@register.filter
def item(mapping: Mapping[str, str] | None, name: str) -> str:
    """The value under a name; empty where there is none."""
    return (mapping or {}).get(name, "")


@register.filter(name="typed_facts")
def typed(form: OutcomeForm) -> dict[str, str]:
    """What was typed about facts, to be shown again."""
    return typed_facts(form.data)


@register.filter
def file_word(kind: str) -> str:
    """What kind of file a batch was."""
    return str(FILES[kind])


@register.filter
def language_word(code: str) -> str:
    """The language a person speaks."""
    return str(LANGUAGES.get(code.lower().split("-")[0], code))


@register.simple_tag
def fact_rows(facts: Mapping[str, Any], zone: str, exponent: int) -> list[tuple[str, str]]:
    """The facts of a decision as label and value."""
    return [(_label(name), _value(name, value, zone, exponent)) for name, value in facts.items()]


def _label(name: str) -> str:
    if name in CASE_FACTS:
        return str(CASE_FACTS[name])
    fact = FACTS.get(name)
    if fact is None:
        return name
    return fact.zh if lang() == "zh" else fact.en[:1].upper() + fact.en[1:]


def _value(name: str, value: Any, zone: str, exponent: int) -> str:
    if value is None or value == "" or (name in MOMENTS | MINUTES_OF_DAY and value < 0):
        return DASH
    if name in MOMENTS:
        return clock_time(value, zone)
    if name in {"owed", "balance"}:
        return money(value, exponent)
    return _other_value(name, value)


def _other_value(name: str, value: Any) -> str:
    if name in MINUTES_OF_DAY:
        return f"{value // 60:02}:{value % 60:02}"
    if name == "last_outcome" and (outcome := load_outcomes().find(value)):
        return outcome.label[lang()]
    if name in {"treatment", "aim_row"}:
        return str(value + 1)  # rows are counted from 1 on the page of the strategy
    return _word(Behaviour if name == "behaviour" else FACTS[name].values if name in FACTS else None, value)


def _word(kind: type[Code] | None, value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if kind is None:
        return str(value)
    if isinstance(value, str) and value in kind.__members__:
        return kind[value].label(lang())
    return kind(value).label(lang()) if value in set(kind) else str(value)


class _Dots(dict[str, object]):
    """A sentence about many rows: what differs from row to row is left open."""

    def __missing__(self, key: str) -> str:
        return "…"


@register.filter
def reject_word(code: str) -> str:
    """Why rows were left out, in a sentence over all of them."""
    for fault in RowFault.__subclasses__():
        if fault.code == code:
            return (fault.zh if lang() == "zh" else fault.en).format_map(_Dots())
    return code


@register.filter
def choices(segment: str) -> list[str]:
    """The values a row of a decision table names; none where it takes any."""
    return [] if segment == "*" else segment.split("|")


@register.filter
def named(name: str, kind: str) -> str:
    """The word for a code written by name."""
    return KINDS[kind][name].label(lang())


@register.simple_tag
def bands(segment: str, edges: tuple[int, ...], exponent: int) -> str:
    """The range of balances a row names; empty where it takes any."""
    return "; ".join(_band(int(number), edges, exponent) for number in choices(segment))


def _band(number: int, edges: tuple[int, ...], exponent: int) -> str:
    if number == 0:
        return f"< {money(edges[0], exponent)}"
    if number == len(edges):
        return f"≥ {money(edges[-1], exponent)}"
    return f"{money(edges[number - 1], exponent)} – {money(edges[number], exponent)}"


@register.filter
def track_step(step: str) -> str:
    """What somebody did to a track."""
    return str(TRACK_STEPS.get(step, step))


@register.filter
def evidence_word(code: str, kind: TrackKind) -> str:
    """The name of a kind of evidence."""
    return next((known.label[lang()] for known in kind.evidence if known.code == code), code)


@register.filter
def choice_word(code: str, kind: TrackKind) -> str:
    """The name of a decision."""
    choice = kind.choice(code)
    return choice.label[lang()] if choice else code


@register.filter
def plan_title(code: str, terms: str) -> str:
    """The name of an option of the plan terms."""
    return str(load_terms(terms).titles[code][lang()])
