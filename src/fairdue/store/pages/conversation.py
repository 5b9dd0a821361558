"""The conversation on the case page: what is known and what is not, promises both ways, and where the talk stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fairdue.core import money
from fairdue.core.codes import Aim, Sure, Told
from fairdue.core.errors import Lang
from fairdue.core.promises import PromiseStatus
from fairdue.rules.scripts import load_scripts
from fairdue.rules.talk.aims import load_aims
from fairdue.rules.talk.asides import Aside, Card, fitting, load_asides, load_cards
from fairdue.rules.talk.facts import Known, load_facts
from fairdue.rules.talk.graph import Answer, Node, load_graph
from fairdue.rules.talk.path import Standing
from fairdue.rules.talk.promises import Limit, policy_at
from fairdue.rules.talk.shown import DEBT, Slots
from fairdue.store.actions import learn, talk
from fairdue.store.actions.promises import count_broken
from fairdue.store.models import Attempt, Case, CaseFact, OwnPromise, Promise
from fairdue.store.situation import situation, slots

Text = Mapping[Lang, str]
ANSWER_KEYS = "qwertyuiopas"
ALWAYS_ASKED = ("cause",)
AFTER_IDENTITY: Text = {"zh": "〔核实身份后显示〕", "en": "[shown after identity]"}


@dataclass(frozen=True)
class FactLine:
    """One fact as it is shown."""

    known: Known
    shown: Text
    value: str
    source: Told
    sure: Sure
    on: date
    stale: bool


@dataclass(frozen=True)
class Sheet:
    """What to know before the contact, beside the aim: facts by place, what is not known, promises both ways."""

    facts: tuple[FactLine, ...]
    questions: tuple[Text, ...]
    promises: tuple[tuple[Promise, PromiseStatus], ...]
    kept: int
    judged: int
    limit: Limit  # how far ahead the next promise may lie
    words: tuple[tuple[OwnPromise, str], ...]
    catalogue: tuple[tuple[Known, str], ...]  # for the form: each fact with what is known of it


@dataclass(frozen=True)
class Talk:
    """Where the talk of a contact stands, ready to show; before identity is confirmed no fact of the debt is in it."""

    attempt: Attempt
    standing: Standing
    node: Node
    words: Text
    slots: Slots
    answers: tuple[tuple[str, Answer], ...]  # with their keys
    passed: tuple[tuple[Node, Answer], ...]
    checklist: tuple[tuple[Text, bool], ...]
    frames: tuple[Aside, ...]
    consequences: tuple[Aside, ...]
    untold: tuple[Aside, ...]  # consequences that are not shown: not true here, or not known
    objections: tuple[Aside, ...]
    cards: tuple[Card, ...]
    asked: tuple[Known, ...]


def sheet(case: Case, now: int, today: date) -> Sheet:
    """The prep sheet. The number of queries does not depend on the history."""
    facts = learn.current(case)
    lines = tuple(_line(case, load_facts()[name], fact, today) for name, fact in facts.items() if name in load_facts())
    promises = [(p, PromiseStatus[p.status]) for p in case.promises.order_by("-pk")[:6]]
    of_person = list(Promise.objects.filter(case__customer_id=case.customer_id))
    judged = [p.status for p in of_person if p.status in ("KEPT", "PARTLY_KEPT", "BROKEN")]
    words = tuple((word, word.standing(now)) for word in case.own_promises.select_related("owner").order_by("due_at"))
    known = {line.known.name: line.value for line in lines if not line.stale}
    form = tuple((fact, known.get(name, "")) for name, fact in load_facts().items())
    return Sheet(
        tuple(sorted(lines, key=lambda line: list(load_facts()).index(line.known.name))), _questions(case, known),
        tuple(promises), judged.count("KEPT"), len(judged), _limit(of_person, today), words, form,
    )  # fmt: skip


def _limit(of_person: Sequence[Promise], today: date) -> Limit:
    policy = policy_at(today)
    return policy.limit(count_broken(of_person, policy, today))


def _questions(case: Case, known: Mapping[str, str]) -> tuple[Text, ...]:
    """What the aim should teach, and the cause, where it is not known or has gone stale."""
    card = load_aims().cards.get(Aim(case.aim)) if case.aim >= 0 else None
    wanted = dict.fromkeys((*(card.learns if card else ()), *ALWAYS_ASKED))
    return tuple(load_facts()[name].ask for name in wanted if name not in known)


def _line(case: Case, known: Known, fact: CaseFact, today: date) -> FactLine:
    return FactLine(known, _shown(case, known, fact.value), fact.value, Told(fact.source), Sure(fact.sure), fact.on,
                    known.stale(fact.on, today))  # fmt: skip


def _shown(case: Case, known: Known, value: str) -> Text:
    if known.values:
        return known.values.get(value, {"zh": value, "en": value})
    if known.kind == "money":
        value = f"{case.lender.currency} {money.format_minor(int(value), case.lender.exponent)}"
    return {"zh": value, "en": value}


def talk_of(case: Case, attempt: Attempt, people: Slots) -> Talk:
    """Where the talk stands; `people` are the slots that may be said to anybody."""
    now, graph = talk.standing(attempt), load_graph()
    node = graph.nodes[now.node]
    said = dict(people) | (slots(case) if now.confirmed else {})
    known: dict[str, str | None] = {**situation(case), **now.heard} if now.confirmed else {}
    script = load_scripts().all.get(case.script)
    asides = load_asides() if node.aside else None
    consequences = asides.consequences if asides and "consequences" in node.aside else ()
    true = fitting(consequences, known, said)
    steps = tuple((graph.nodes[s.node], a) for s in now.passed if (a := graph.nodes[s.node].answer(s.answer)))
    return Talk(
        attempt=attempt, standing=now, node=node, words=node.words(script, case.tone), slots=said,
        answers=tuple(zip(ANSWER_KEYS, node.answers, strict=False)), passed=steps,
        checklist=tuple((text, n in now.ticks) for n, text in enumerate(load_scripts().checklist)),
        frames=fitting(asides.frames, known, said) if asides and "frames" in node.aside else (),
        consequences=true, untold=tuple(one for one in consequences if one not in true),
        objections=_objections(now, known, said), cards=_cards(case, now, known),
        asked=tuple(load_facts()[name] for name in node.form),
    )  # fmt: skip


def _objections(now: Standing, known: Mapping[str, str | None], said: Slots) -> tuple[Aside, ...]:
    """Answers to what may come at any time; before identity only those that say nothing of the debt."""
    return tuple(
        one for one in load_asides().objections
        if (one.before_identity != now.confirmed) and one.shown.holds(known, said)
    )  # fmt: skip


def _cards(case: Case, now: Standing, known: Mapping[str, str | None]) -> tuple[Card, ...]:
    """Cards are for the collector's eyes: they may go by product and stage before identity is confirmed."""
    told = {**situation(case), **known, "node": now.node, "outcome": now.outcome or None}
    return tuple(card for card in load_cards() if card.shown.holds(told, {}))


def people_slots(case: Case, collector: str, person: str) -> dict[str, str]:
    """What may be said to anybody who answers: no fact of the debt."""
    return {"lender": case.lender.name_zh, "lender_en": case.lender.name_en, "collector": collector, "person": person}


def rehearsal(people: Slots) -> dict[str, str]:
    """The slots of a script that is only read beforehand: facts of the debt come with the talk, after identity."""
    hidden = {f"{name}_{lang}": text for name in DEBT for lang, text in AFTER_IDENTITY.items()}
    return dict(people) | hidden
