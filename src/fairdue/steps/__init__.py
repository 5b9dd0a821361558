"""The chain facts → guard → decision as pure steps over frames.

The night runs them over a whole partition, the desk over one customer after each event: the same functions, so the same
answer. They stand below the database, which only gathers what they are told and keeps what they say.
"""

from __future__ import annotations

from collections.abc import Callable

from fairdue.steps.accrue import accrue
from fairdue.steps.age import age
from fairdue.steps.decide import decide
from fairdue.steps.gathered import Gathered
from fairdue.steps.guard import guard
from fairdue.steps.promises import promises
from fairdue.steps.segment import segment
from fairdue.steps.stage import stage
from fairdue.steps.state import Config, State
from fairdue.steps.treat import treat


def guard_and_decide(state: State, config: Config) -> State:
    """What the law allows and what is best among it, recorded together."""
    asked, judged = guard(state, config)
    return decide(asked, config, judged)


Step = Callable[[State, Config], State]
CHAIN: tuple[Step, ...] = (accrue, age, stage, segment, treat, promises, guard_and_decide)


def run(facts: Gathered, config: Config) -> State:
    """All steps over what was gathered."""
    state = State.start(facts)
    for step in CHAIN:
        state = step(state, config)
    return state
