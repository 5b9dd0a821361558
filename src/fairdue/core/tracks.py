"""What may happen to a track: a way off the normal work (dispute, death, complaint …), from its opening to its end.

While a track is open, held or diverted what it stops stays stopped; only a step that a named person takes lifts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from fairdue.core.codes import Code
from fairdue.core.dates import I64
from fairdue.core.errors import Fault


class TrackState(Code):
    """Where a track stands."""

    OPEN = (0, "核查中", "Being looked into")
    HELD = (1, "已决定，暂缓", "Decided: held until a review")
    RESUMED = (2, "已结束，恢复正常作业", "Ended: normal work resumes")
    DIVERTED = (3, "已结束，转其他程序", "Ended: diverted from normal work")
    WITHDRAWN = (4, "撤回", "Withdrawn")


class Step(Code):
    """What somebody does to a track."""

    ADD_EVIDENCE = (0, "补充材料", "Add evidence")
    EXTEND = (1, "延长期限", "Extend the time")
    DECIDE = (2, "作出决定", "Decide")
    RESUME = (3, "恢复正常作业", "Resume normal work")
    REOPEN = (4, "重新核查", "Look into it again")
    WITHDRAW = (5, "撤回", "Withdraw")


class Then(Code):
    """What a decision leads to."""

    RESUME = (0, "恢复正常作业", "Normal work resumes")
    HOLD = (1, "暂缓至复查", "Held until a review")
    DIVERT = (2, "转其他程序", "Diverted")


AFTER_DECISION: Mapping[Then, TrackState] = {
    Then.RESUME: TrackState.RESUMED, Then.HOLD: TrackState.HELD, Then.DIVERT: TrackState.DIVERTED,
}  # fmt: skip
STEPS: Mapping[TrackState, Mapping[Step, TrackState | None]] = {
    TrackState.OPEN: {
        Step.ADD_EVIDENCE: TrackState.OPEN, Step.EXTEND: TrackState.OPEN, Step.DECIDE: None,
        Step.WITHDRAW: TrackState.WITHDRAWN,
    },
    TrackState.HELD: {
        Step.ADD_EVIDENCE: TrackState.HELD, Step.DECIDE: None, Step.RESUME: TrackState.RESUMED,
        Step.REOPEN: TrackState.OPEN,
    },
    TrackState.RESUMED: {Step.REOPEN: TrackState.OPEN},
    TrackState.DIVERTED: {
        Step.ADD_EVIDENCE: TrackState.DIVERTED, Step.REOPEN: TrackState.OPEN, Step.RESUME: TrackState.RESUMED,
    },
    TrackState.WITHDRAWN: {Step.REOPEN: TrackState.OPEN},
}  # fmt: skip
STOPPING = frozenset({TrackState.OPEN, TrackState.HELD, TrackState.DIVERTED})


class StepImpossible(Fault):
    """The track stands elsewhere."""

    code = "track.step-impossible"
    en, en_remedy = "“{step}” is not possible: the track is “{state}”.", "Open the track again to see what is possible."
    zh, zh_remedy = "无法“{step_zh}”：当前状态为“{state_zh}”。", "请重新打开页面，查看可办理的事项。"


def possible(state: TrackState) -> tuple[Step, ...]:
    """The steps that can be taken, in the order of `Step`."""
    return tuple(step for step in Step if step in STEPS[state])


def after(state: TrackState, step: Step, then: Then | None = None) -> TrackState:
    """Where the track stands after a step; `then` is the decision's, for DECIDE. Raises `StepImpossible`."""
    if step not in STEPS[state]:
        raise StepImpossible(step=step.en, state=state.en, step_zh=step.zh, state_zh=state.zh)
    to = STEPS[state][step]
    if to is None and then is None:
        raise StepImpossible(step=step.en, state=state.en, step_zh=step.zh, state_zh=state.zh)
    return AFTER_DECISION[then] if to is None and then is not None else to or TrackState.OPEN


def stops(state: TrackState) -> bool:
    """Whether what the track stops is stopped."""
    return state in STOPPING


def missing(needed: Iterable[str], there: Iterable[str]) -> tuple[str, ...]:
    """Evidence a decision needs and nobody has brought, in the order it is asked for."""
    have = set(there)
    return tuple(code for code in needed if code not in have)


def claim_on_heir(owed: I64, share: I64) -> I64:
    """At most what may be claimed from an heir, minor units, shape (n,): never more than was inherited (民法典 1161).

    A share that is not known (negative) gives no claim at all.
    """
    return np.minimum(np.maximum(owed, 0), np.maximum(share, 0))
