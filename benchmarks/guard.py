"""Decisions of the guard: many at once, one at a time, and beside two rule engines on the same forty rules, all answers equal."""

from __future__ import annotations

import importlib.metadata
import json
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import bench
import numpy as np

from fairdue.core import guard
from fairdue.core.dates import MINUTES, utc_of_local
from fairdue.core.guard_catalogue import FACTS
from fairdue.core.guard_kinds import Above, AtLeast, AtMost, Conditions, Forbid, OnlyIf
from fairdue.core.guard_one import OneByOne, Past, told
from fairdue.rules.load import load_pack
from fairdue.rules.situations import EXAMPLE, read
from fairdue.rules.situations.told import Told

ON = date(2026, 9, 30)
PACK, POLICY, ZONE = "cn", "steady", "Asia/Shanghai"
CONTACTS_EACH = 3
FORTY = 40
TIMES = 5
PLAIN = (Forbid, OnlyIf, Above, AtLeast, AtMost)  # what every engine can say
FROM = ("cn", "us", "uk", "eu", "in")
MORNING = utc_of_local((ON - date(1970, 1, 1)).days * MINUTES + 10 * 60, ZONE)


def main() -> None:
    said = bench.arguments(__doc__, proposals=1_000_000, singles=5_000, compared=5_000)
    book = load_pack(PACK, POLICY).at(ON)
    result: dict[str, Any] = {
        "pack": f"{PACK} + {POLICY}", "rules": len(book.rules), "contacts_in_the_past_per_person": CONTACTS_EACH,
        "batch": batch(said.proposals), "one_microseconds": singles(said.singles), "engines": engines(said.compared),
        "machine": bench.machine(),
    }  # fmt: skip
    bench.show(result, as_json=said.json)


def usual() -> dict[str, int]:
    """The facts of an ordinary call that is allowed, by name."""
    asked = Told(read(json.dumps({**EXAMPLE, "history": []})), load_pack(PACK))
    facts = asked.facts(asked.at)
    return {name: int(column[0]) for name, column in facts.columns.items()} | {"zone": 0, "consent_hours": 0}


def proposals(people: int, at: int = MORNING) -> guard.Facts:
    """A call each; every eighth person has an unknown zone, every ninth disputes, every fifth product is a card."""
    i = np.arange(people)
    varied = {
        "at": np.array([at]), "zone": np.where(i % 8 == 7, -1, 0).astype(np.int8), "product": (i % 5).astype(np.int8),
        "disputed": (i % 9 == 8).astype(np.int8), "owed": 100_00 + i, "person": i, "point": i, "debtor": i, "debt": i,
    }  # fmt: skip
    return guard.Facts.of(people, (ZONE,), **(usual() | varied))


def past(people: int) -> guard.History:
    """Contacts of the last days, some of them this morning."""
    person = np.repeat(np.arange(people), CONTACTS_EACH)
    some = np.arange(len(person)) * 2_654_435_761 % 2**32
    return guard.History.of(
        at=MORNING - 5 - some % (3 * MINUTES), person=person, point=person, debtor=person, debt=person, channel=0, mode=1,
        direction=0, party=0, answered=some % 2, talked=some // 2 % 2 * (some % 2), to_reserved=1,
    )  # fmt: skip


def batch(people: int) -> dict[str, Any]:
    """All proposals judged in one go, the past counted on the way, five times over; and with the past counted already."""
    pack, facts, contacts, seconds = load_pack(PACK, POLICY), proposals(people), past(people), []
    for _ in range(TIMES):
        history = guard.History(contacts.columns)  # nothing of it is counted yet
        begun = time.perf_counter()
        verdict = guard.judge(pack.at(ON), facts, history)
        seconds.append(time.perf_counter() - begun)
    phases = bench.Phases()
    with phases("judge again"):
        guard.judge(pack.at(ON), facts, history)
    waiting = np.flatnonzero(~verdict.allowed)
    with phases("next lawful"):
        guard.next_lawful(pack, facts.take(waiting), history)
    again = phases.seconds["judge again"]
    return {
        "proposals": people, "contacts in the past": len(history), "refused": len(waiting),
        "judge seconds, each time": [round(taken, 3) for taken in seconds],
        "decisions per second, first": round(people / seconds[0]),
        "decisions per second, median": round(people / float(np.median(seconds))),
        "decisions per second, past counted already": round(people / again),
        "next lawful seconds": round(phases.seconds["next lawful"], 2), "peak_mb": bench.peak_mb(),
    }  # fmt: skip


def singles(times: int) -> dict[str, Any]:
    """The whole pack on one contact with twenty contacts in memory, at every hour of a day; and the way with columns of one."""
    pack = load_pack(PACK, POLICY)
    book, calls = pack.at(ON), usual()
    rows = [{"at": MORNING - hours * 137} for hours in range(20)]
    history = guard.History.of(
        at=[row["at"] for row in rows], person=calls["person"], point=calls["point"], debtor=calls["debtor"], debt=calls["debt"],
        channel=0, mode=1, direction=0, party=0, answered=[n % 2 for n in range(20)], talked=0, to_reserved=1,
    )  # fmt: skip
    ready = Past.of(history)
    hours = [told(calls | {"at": MORNING + hour * 60}) for hour in range(24)]
    facts = [guard.Facts.of(1, (ZONE,), **(calls | {"at": MORNING + hour * 60})) for hour in range(24)]
    ask = book.one_by_one.ask
    return {
        **_timed("decision", times, lambda n: ask(hours[n % 24], ZONE, ready)),
        **_timed("with the past read anew", times, lambda n: ask(hours[n % 24], ZONE, Past.of(history))),
        **_timed("from facts as columns of one", times, lambda n: guard.judge(book, facts[n % 24], history)),
        **_timed("next lawful time", times // 10, lambda n: guard.next_lawful(pack, facts[n % 24], history)),
    }


def _timed(name: str, times: int, ask: Callable[[int], Any]) -> dict[str, Any]:
    ask(0)
    taken = []
    for n in range(times):
        begun = time.perf_counter_ns()
        ask(n)
        taken.append((time.perf_counter_ns() - begun) / 1000)
    return {f"{name}, {share}": round(float(np.percentile(taken, at)), 1) for share, at in (("p50", 50), ("p99", 99))}


def engines(times: int) -> dict[str, Any]:
    """Forty rules of the packs that need no past, said in our kinds, in ZEN and in CEL; every answer compared."""
    rules = _forty()
    names = sorted({name for rule in rules for name in rule.facts})
    asked = list(_drawn(names, times))
    ours = OneByOne(rules)
    rows = [told(row) for row in asked]
    nothing = Past((), ())

    def fairdue(n: int) -> int:
        refused, unknown, _ = ours.ask(rows[n], None, nothing)
        return refused | unknown

    ways = {"fairdue": fairdue, "zen": _zen(rules, asked), "cel": _cel(rules, asked)}
    answers, seconds = {}, {}
    for name, way in ways.items():
        begun = time.perf_counter()
        answers[name] = [way(n) for n in range(times)]
        seconds[name] = time.perf_counter() - begun
    columns = guard.Facts.of(times, (), **{name: [row[name] for row in asked] for name in names})
    begun = time.perf_counter()
    verdict = guard.judge(guard.Rulebook(tuple(rules), "", ON), columns, guard.History.none())
    seconds["fairdue, all at once"] = time.perf_counter() - begun
    answers["fairdue, all at once"] = (verdict.refused | verdict.unknown)[:, 0].tolist()
    differing = sum(len(set(one)) > 1 for one in zip(*answers.values(), strict=True))
    if differing:
        raise SystemExit(f"{differing} answers differ")
    return {
        "rules": len(rules), "decisions": times, "answers that differ": differing,
        "refused": sum(map(bool, answers["fairdue"])),
        "zen-engine": importlib.metadata.version("zen-engine"),
        "common-expression-language": importlib.metadata.version("common-expression-language"),
        "microseconds each": {name: round(taken / times * 1e6, 2) for name, taken in seconds.items()},
        "times fairdue": {name: round(seconds[name] / seconds["fairdue"], 1) for name in ("zen", "cel")},
    }  # fmt: skip


def _forty() -> list[guard.Rule]:
    found: dict[str, guard.Rule] = {}
    for pack in FROM:
        for rule in load_pack(pack).at(ON).rules:
            if isinstance(rule.test, PLAIN) and not rule.advice:
                found.setdefault(rule.id, rule)
    return list(found.values())[:FORTY]


def _drawn(names: list[str], times: int) -> Iterator[dict[str, int]]:
    of = np.random.default_rng(7)
    for _ in range(times):
        row = {}
        for name in names:
            values = FACTS[name].values
            most = len(values) if values else 3
            row[name] = FACTS[name].unknown if of.random() < 0.1 else int(of.integers(0, most))
        yield row


class _Words:
    """How an engine writes what we say."""

    def __init__(self, both: str, either: str, no: str) -> None:
        self.both, self.either, self.no = f" {both} ", f" {either} ", no

    def rule(self, rule: guard.Rule) -> str:
        """True where the rule refuses or lacks a fact."""
        may, known = self.may(rule.when), self.known(rule.when)
        speaks = f"({may}){self.both}({self.no}({known}){self.either}({self.fails(rule.test)}))"
        for one in rule.unless:
            speaks = f"{speaks}{self.both}{self.no}(({self.may(one)}){self.both}({self.known(one)}))"
        return speaks

    def may(self, conditions: Conditions) -> str:
        listed = ((name, sorted({*values, FACTS[name].unknown})) for name, values in conditions.items())
        return self.both.join(f"{name} in {values}" for name, values in listed)

    def known(self, conditions: Conditions) -> str:
        return self.both.join(f"{name} != {FACTS[name].unknown}" for name in conditions)

    def fails(self, test: Any) -> str:
        """True where the test fails or cannot tell."""
        match test:
            case Forbid():
                return "1 == 1"
            case OnlyIf():
                held = self.either.join(f"(({self.may(one)}){self.both}({self.known(one)}))" for one in test.any_of)
                return f"{self.no}({held})"
        sign = {Above: "<=", AtLeast: "<", AtMost: ">"}[type(test)]
        unknown = [f"{name} == {FACTS[name].unknown}" for name in test.facts]
        return self.either.join([*unknown, f"{test.fact} {sign} {test.figure}"])


def _zen(rules: list[guard.Rule], asked: list[dict[str, int]]) -> Callable[[int], int]:
    """A decision of ZEN with one node of forty expressions."""
    import zen

    words = _Words("and", "or", "not ")
    listed = [{"id": f"e{n}", "key": f"r{n}", "value": words.rule(rule)} for n, rule in enumerate(rules)]
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "ask", "type": "expressionNode", "name": "ask", "content": {"expressions": listed}},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "ask", "type": "edge"},
        {"id": "2", "sourceId": "ask", "targetId": "out", "type": "edge"},
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"contentType": "x", "nodes": nodes, "edges": edges}))

    def ask(n: int) -> int:
        found = decision.evaluate(asked[n])["result"]
        return sum(1 << number for number in range(len(rules)) if found[f"r{number}"])

    return ask


def _cel(rules: list[guard.Rule], asked: list[dict[str, int]]) -> Callable[[int], int]:
    """One program of CEL for each rule."""
    import cel

    words = _Words("&&", "||", "!")
    programs = [cel.compile(words.rule(rule)) for rule in rules]
    return lambda n: sum(1 << number for number, program in enumerate(programs) if program.execute(asked[n]))


if __name__ == "__main__":
    main()
