"""`fairdue rules check`: loads everything under rules/, runs every case, and says everything that is wrong at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import permutations
from typing import Any

from fairdue.core.errors import Fault, Lang
from fairdue.rules.authority import load_authority
from fairdue.rules.clocks import load_examples
from fairdue.rules.complaints import load_signals, load_taxonomy
from fairdue.rules.court import load_court
from fairdue.rules.dialler import shipped as dialler_words
from fairdue.rules.frames import load_frames
from fairdue.rules.living_costs import HERE as LIVING_COSTS
from fairdue.rules.living_costs import load_living_costs
from fairdue.rules.load import PACKS, POLICIES, Pack, load_pack, names, policy_base
from fairdue.rules.outcomes import load_outcomes
from fairdue.rules.periods import load_periods
from fairdue.rules.periods.cases import load_cases
from fairdue.rules.plans import HERE as PLANS
from fairdue.rules.plans import load_law, load_referrals, load_terms
from fairdue.rules.policy import covers
from fairdue.rules.reading import WrongFiles
from fairdue.rules.scripts import load_scripts
from fairdue.rules.strategy import HERE as STRATEGIES
from fairdue.rules.strategy import load_strategy
from fairdue.rules.talk.aims import load_aims
from fairdue.rules.talk.asides import load_asides, load_cards
from fairdue.rules.talk.facts import load_facts
from fairdue.rules.talk.graph import load_graph
from fairdue.rules.talk.others import load_others
from fairdue.rules.talk.promises import load_promise_policies
from fairdue.rules.talk.waterfall import load_waterfall
from fairdue.rules.tasks import load_task_kinds
from fairdue.rules.tracks import load_tracks
from fairdue.rules.windows import load_windows
from fairdue.rules.windows.cases import load_cases as load_window_cases


@dataclass(frozen=True)
class Checked:
    """One pack, with or without a policy, that holds.

    `redundant`: pairs (rule, the rule beside it that refuses all it refuses). That is no mistake where two instruments
    say the same, and worth a look everywhere else.
    """

    name: str
    rules: int
    cases: int
    revision: str
    redundant: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Report:
    """What holds and what is wrong."""

    packs: tuple[Checked, ...]
    others: tuple[str, ...]  # strategies, scripts and outcomes that hold
    faults: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return not self.faults

    def as_dict(self) -> dict[str, Any]:
        """For a program."""
        packs = [{"name": p.name, "rules": p.rules, "cases": p.cases, "revision": p.revision,
                  "redundant": [list(pair) for pair in p.redundant]} for p in self.packs]  # fmt: skip
        return {
            "ok": self.ok,
            "packs": packs,
            "others": list(self.others),
            "faults": [f.as_dict() for f in self.faults],
        }

    def as_text(self, lang: Lang) -> str:
        """For a person: a line for each pack and each fault."""
        good = "正常" if lang == "zh" else "ok"
        lines = [line for pack in self.packs for line in _lines(pack, lang)]
        return "\n".join(
            [*lines, *(f"{name}: {good}" for name in self.others), *(f.sentence(lang) for f in self.faults)]
        )


def check_all() -> Report:
    """Load and try everything that ships. Never raises for what is wrong in a file: it is in the report."""
    packs: list[Checked] = []
    others: list[str] = []
    faults: dict[str, Fault] = {}
    for name, load in _everything():
        try:
            loaded = load()
        except WrongFiles as wrong:
            faults |= {fault.sentence("en"): fault for fault in wrong.faults}  # a pack is loaded under others too: once
        except Fault as fault:
            faults[fault.sentence("en")] = fault
        else:
            if isinstance(loaded, Pack):
                packs.append(_checked(loaded))
            else:
                others.append(name)
    return Report(tuple(packs), tuple(others), tuple(faults.values()))


def _everything() -> Iterator[tuple[str, Callable[[], object]]]:
    for name in names(PACKS):
        yield name, partial(load_pack, name)
    for name in names(POLICIES):
        yield name, partial(load_pack, policy_base(name), name)
    for path in sorted(STRATEGIES.glob("*/strategy.yaml")):
        yield f"strategies/{path.parent.name}", partial(load_strategy, path.parent.name)
    yield "scripts", load_scripts
    yield "frames", load_frames
    yield "outcomes", load_outcomes
    yield "plans/law", load_law
    yield "plans/referrals", load_referrals
    for path in sorted((PLANS / "terms").glob("*.yaml")):
        yield f"plans/terms/{path.stem}", partial(load_terms, path.stem)
        yield f"authority/{path.stem}", partial(load_authority, path.stem)
    for path in sorted(LIVING_COSTS.glob("*.yaml")):
        yield f"living costs/{path.stem}", partial(load_living_costs, path.stem)
    yield "talk/facts", load_facts
    yield "talk/aims", load_aims
    yield "talk/promises", load_promise_policies
    yield "talk/graph", load_graph
    yield "talk/asides", load_asides
    yield "talk/cards", load_cards
    yield "talk/waterfall", load_waterfall
    yield "talk/others", load_others
    yield "dialler", dialler_words
    yield "tasks", load_task_kinds
    yield "clocks", load_examples
    yield "court", load_court
    yield "periods", load_periods
    yield "periods/cases", load_cases
    yield "windows", load_windows
    yield "windows/cases", load_window_cases
    yield "tracks", load_tracks
    yield "complaints", load_taxonomy
    yield "signals", load_signals


def _checked(pack: Pack) -> Checked:
    redundant = tuple((rule.id, other.id) for rule, other in permutations(pack.rules, 2) if covers(other, rule))
    return Checked(pack.name, len(pack.rules), len(pack.situations), pack.revision, redundant)


def _lines(pack: Checked, lang: Lang) -> Iterator[str]:
    if lang == "zh":
        yield f"{pack.name}：{pack.rules} 条规则，{pack.cases} 个案例全部通过，版本 {pack.revision[:12]}"
        yield from (f"  {rule} 所拒绝的情形均已被 {other} 拒绝" for rule, other in pack.redundant)
    else:
        yield f"{pack.name}: {pack.rules} rules, {pack.cases} cases hold, revision {pack.revision[:12]}"
        yield from (f"  all that {rule} refuses is refused by {other} too" for rule, other in pack.redundant)
