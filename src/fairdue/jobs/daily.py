"""The work of a day, in its order, by one door: what fails is named and stops nothing but what needs it.

Every step is a transaction of its own or resumes by itself, and is ticked off when it is done: a day that was killed goes
on where it stopped, and a day that is done is not done twice. Messages leave by their own worker (`fairdue send`).
"""

from __future__ import annotations

import fcntl
import json
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from fairdue.core.errors import Fault, Lang
from fairdue.jobs import night
from fairdue.jobs.progress import Report, silent
from fairdue.store import vault
from fairdue.store.actions import (
    attempts,
    calls,
    daily,
    dealing,
    giving,
    legal_clocks,
    orders,
    paid_search,
    recordings,
    reminders,
    sampling,
    suspense,
    suspense_again,
)
from fairdue.store.models import DailyStep, Organisation

Figures = Mapping[str, Any]


@dataclass(frozen=True)
class Work:
    """What a step is told."""

    lender: Organisation
    on: date
    actor: str
    report: Report


Does = Callable[[Work], Figures]


class Running(Fault):
    """Two at once would do the same work twice."""

    code = "daily.running"
    en, en_remedy = "The work of a day is being done for {lender} already.", "Wait until it has ended."
    zh, zh_remedy = "{lender} 的每日作业正在运行。", "请等待其结束。"


class NoSuchStep(Fault):
    """The name is none of the steps."""

    code = "daily.no-step"
    en, en_remedy = "There is no step '{step}'.", "Choose from: {known}."
    zh, zh_remedy = "没有步骤“{step}”。", "可选：{known}。"


@dataclass(frozen=True)
class Step:
    """One step. `needs`: is not begun while that one is not done; `spared`: is part of that one, if it was done."""

    code: str
    does: Does
    needs: str = ""
    spared: str = ""


def _holds(work: Work) -> Figures:
    calls.tend(work.actor)
    return {"cases": giving.give_back_lapsed(), "contacts": attempts.lapse(work.actor)}


def _absences(work: Work) -> Figures:
    back = dealing.bring_back(work.actor, work.lender, work.on)
    return {"back": back, "covered": dealing.cover_all(work.lender, work.on)}


def _night(work: Work) -> Figures:
    made = night.run_night(work.lender, work.on, actor=work.actor, progress=work.report)
    return {name: made.summary[name] for name in ("accounts", "cases", "listed")} | {"again": made.again}


def _orders(work: Work) -> Figures:
    return {"ended": orders.expire(work.actor, work.lender, work.on)}


def _clocks(work: Work) -> Figures:
    return {"changed": legal_clocks.of_lender(work.actor, work.lender, work.on)}


def _reminders(work: Work) -> Figures:
    made = reminders.make(work.actor, work.lender, work.on)
    return {"planned": made.planned, "left_out": made.left_out, "again": made.again}


def _queue(work: Work) -> Figures:
    return vars(reminders.queue(work.lender, work.on))


def _suspense(work: Work) -> Figures:
    found = suspense_again.look(work.actor, work.lender) | {
        "claims": paid_search.again(work.actor, work.lender)["found"]
    }
    with transaction.atomic():
        return found | suspense.nag(work.actor, work.lender, work.on)


def _recordings(work: Work) -> Figures:
    return vars(recordings.retain(work.actor, work.lender, work.on))


def _files(work: Work) -> Figures:
    return {"dropped": vault.drop_expired(work.actor, work.on, work.lender), "swept": vault.sweep()}


def _sample(work: Work) -> Figures:
    """Last week's contacts, Monday to Sunday, once in a week: on Monday, or on the first day that runs after it."""
    monday = work.on - timedelta(days=work.on.weekday())
    if daily.drawn_since(work.lender, monday):
        return {"drawn": 0, "among": 0, "this_week": True}
    made = sampling.draw(work.actor, work.lender, monday - timedelta(days=7), monday - timedelta(days=1))
    return {"drawn": len(made.made), "among": made.among}


STEPS = (
    Step("holds", _holds),
    Step("absences", _absences),
    Step("night", _night),
    Step("orders", _orders, spared="night"),
    Step("clocks", _clocks, spared="night"),
    Step("reminders", _reminders),
    Step("queue", _queue, needs="reminders"),
    Step("suspense", _suspense),
    Step("recordings", _recordings),
    Step("files", _files, needs="recordings"),
    Step("sample", _sample),
)  # fmt: skip
CODES = tuple(step.code for step in STEPS)


@dataclass(frozen=True)
class Told:
    """What became of one step; `before`: it had been done earlier."""

    step: Step
    state: str
    figures: Figures
    fault: str = ""
    sentence: Mapping[Lang, str] | None = None
    before: bool = False


@dataclass(frozen=True)
class Day:
    """What became of a day."""

    lender: str
    on: date
    told: tuple[Told, ...]

    @property
    def failed(self) -> bool:
        """Something is still to be done."""
        return any(one.state in {DailyStep.FAILED, DailyStep.WAITS} for one in self.told)


def run(
    lender: Organisation, on: date, *, actor: str = "daily", skip: tuple[str, ...] = (), again: bool = False,
    report: Report = silent,
) -> Day:  # fmt: skip
    """Do what is left of a day. Raises `Running`, `NoSuchStep`."""
    for code in skip:
        if code not in CODES:
            raise NoSuchStep(step=code, known=", ".join(CODES))
    with _alone(lender):
        before = {} if again else daily.done(lender, on)
        told: dict[str, Told] = {}
        steps = [step for step in STEPS if step.code not in skip]
        for number, step in enumerate(steps):
            report("daily", number, len(steps))
            told[step.code] = _one(step, lender, on, actor, before.get(step.code), told, report)
        report("daily", len(steps), len(steps))
    return Day(lender.code, on, tuple(told.values()))


def _one(
    step: Step, lender: Organisation, on: date, actor: str, before: DailyStep | None, told: Mapping[str, Told],
    report: Report,
) -> Told:  # fmt: skip
    if before is not None and before.state == DailyStep.DONE:
        return Told(step, DailyStep.DONE, before.figures, before=True)
    row = daily.begin(lender, on, step.code)
    if step.needs and step.needs in told and told[step.needs].state != DailyStep.DONE:
        made = Told(step, DailyStep.WAITS, {}, step.needs)
    elif step.spared in told and told[step.spared].state == DailyStep.DONE:
        made = Told(step, DailyStep.DONE, {"part_of": step.spared})
    else:
        made = _tried(step, lender, on, actor, report)
    daily.end(actor, row, made.state, made.figures, made.fault)
    return made


def _tried(step: Step, lender: Organisation, on: date, actor: str, report: Report) -> Told:
    try:
        return Told(step, DailyStep.DONE, step.does(Work(lender, on, actor, report)))
    except Fault as fault:
        said: dict[Lang, str] = {"zh": fault.sentence("zh"), "en": fault.sentence("en")}
        return Told(step, DailyStep.FAILED, {}, fault.code, said)
    except Exception as error:  # noqa: BLE001 - the others do not depend on it; it is named, and told in full on stderr
        traceback.print_exc()
        name = type(error).__name__
        return Told(
            step, DailyStep.FAILED, {}, name, {"zh": f"程序错误 {name}", "en": f"an error of the program, {name}"}
        )


@contextmanager
def _alone(lender: Organisation) -> Iterator[None]:
    """One at a time for a lender; the system lets go of the lock when the process ends, however it ends."""
    folder = Path(settings.HOME)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"daily-{lender.pk}.lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Running(lender=lender.code) from None
        yield


def as_json(day: Day) -> str:
    """For a program."""
    steps = [
        {
            "step": one.step.code,
            "state": one.state,
            "before": one.before,
            "figures": dict(one.figures),
            "fault": one.fault,
        }
        for one in day.told
    ]
    return json.dumps({"lender": day.lender, "on": day.on.isoformat(), "steps": steps}, ensure_ascii=False, default=str)


WORDS: Mapping[str, Mapping[Lang, str]] = {
    DailyStep.DONE: {"zh": "完成", "en": "done"},
    DailyStep.FAILED: {"zh": "失败", "en": "FAILED"},
    DailyStep.WAITS: {"zh": "等待", "en": "waits for"},
}


def as_text(day: Day, lang: Lang) -> str:
    """For a person: a line a step."""
    return "\n".join(_line(one, lang) for one in day.told)


def _line(one: Told, lang: Lang) -> str:
    name, said = daily.TITLES[one.step.code][lang], WORDS[one.state][lang]
    if one.sentence:
        return f"{name}: {said}: {one.sentence[lang]}"
    if one.fault:
        return f"{name}: {said} {daily.TITLES[one.fault][lang]}"
    figures = daily.said(one.figures, lang)
    earlier = ("（此前已完成）" if lang == "zh" else " (before)") if one.before else ""
    return f"{name}: {said}{earlier}{f': {figures}' if figures else ''}"
