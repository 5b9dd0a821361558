"""The guard's answer to one situation, as one line of JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from fairdue.core.guard import (
    NEVER,
    Facts,
    History,
    Reason,
    Rulebook,
    Status,
    UnknownFact,
    Verdict,
    judge,
    next_lawful,
    reasons,
)
from fairdue.rules.explain import LANGS, Row, row_of
from fairdue.rules.load import NoPack, Pack, load_pack
from fairdue.rules.situations.read import BadSituation, Situation, bad, read
from fairdue.rules.situations.told import DAY, Told, local_day

HORIZON_DAYS = 800  # how far ahead a lawful time is looked for
EPOCH = date(1970, 1, 1)
LATEST = date(2099, 12, 31)  # without a time and a business date: the law as far as it is known


@dataclass(frozen=True)
class Answer:
    """What the guard says of a situation. `next_lawful` is a utc_minute, NEVER where no passage of time helps."""

    said: Situation
    pack: Pack
    on: date
    allowed: bool
    rows: tuple[Row, ...]
    missing: tuple[str, ...]
    next_lawful: int
    zone: str

    def as_dict(self) -> dict[str, Any]:
        """For a program."""
        speak = [row for row in self.rows if row.status != Status.ADVISED]
        return {
            "id": self.said.said.get("id"), "allowed": self.allowed, "rules": [row.rule for row in speak],
            "articles": [{lang: row.ground[lang] for lang in LANGS} for row in speak],
            "next_lawful": self._moment(), "missing": list(self.missing),
            "reasons": [_reason(row) for row in speak],
            "advice": [_reason(row) for row in self.rows if row.status == Status.ADVISED],
            "ignored": list(self.said.ignored), "on": self.on.isoformat(), "pack": self.pack.name, "revision": self.pack.revision,
        }  # fmt: skip

    def _moment(self) -> str | None:
        if self.next_lawful == NEVER:
            return None
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=self.next_lawful)
        return moment.astimezone(ZoneInfo(self.zone)).isoformat(timespec="minutes")


def answer_line(line: str) -> tuple[dict[str, Any], bool]:
    """The answer to one line, and whether it could be given; a line that is no situation gets its fault."""
    try:
        return answer(read(line)).as_dict(), True
    except BadSituation as fault:
        return {"id": _id(line), "error": fault.as_dict()}, False


def _id(line: str) -> Any:
    try:
        found = json.loads(line)
    except json.JSONDecodeError:
        return None
    return found.get("id") if isinstance(found, dict) else None


def answer(said: Situation, pack: Pack | None = None) -> Answer:
    """Ask the guard, by another pack than the one the situation names where one is given.

    Raises `BadSituation` where it names no pack, no proposal, or a time that is none.
    """
    pack = pack or _pack(said)
    if not said.part("proposal"):
        raise bad("proposal", "nothing is proposed", "没有写明拟进行的行为", "Say what is proposed.", "请补充。")
    told = Told(said, pack)
    try:
        at, past = told.at, told.history()
    except UnknownFact as fault:
        path, value = fault.fields["name"], fault.fields["value"]
        raise bad(str(path), f"'{value}' is no time", f"“{value}”不是时间", "Write a time like 2026-03-02T09:00.",
                  "请写成 2026-03-02T09:00。") from None  # fmt: skip
    found = [(book, judge(book, facts, past), facts) for book, facts in _books(told)]
    rows = _rows(found)
    allowed = all(row.status == Status.ADVISED for row in rows)
    missing = tuple(dict.fromkeys(path for row in rows if row.status == Status.UNKNOWN for path in row.paths))
    return Answer(said, pack, _day(told), allowed, rows, missing, at if allowed else _next(told, past), _zone(told))


def _pack(said: Situation) -> Pack:
    named = said.said.get("pack")
    if not named:
        raise bad("pack", "no pack is named", "没有写明规则包", "Name one, such as cn.", "请写明，如 cn。")
    try:
        return load_pack(str(named), str(said.said.get("policy") or ""))
    except NoPack as fault:
        raise bad(
            "pack", fault.what("en").rstrip("."), fault.what("zh").rstrip("。"), fault.remedy("en"), fault.remedy("zh")
        ) from None


def _zone(told: Told) -> str:
    return told.zones[0] if told.zones else "UTC"


def _day(told: Told) -> date:
    """The day whose law is asked about: the person's at the proposed time; without a time the business date."""
    if told.at >= 0:
        return date.fromordinal(local_day(told.at, _zone(told)) + EPOCH.toordinal())
    said = told.said.said.get("date")
    return LATEST if said is None else date.fromordinal(said + EPOCH.toordinal())


def _books(told: Told) -> list[tuple[Rulebook, Facts]]:
    """The facts with the rules they are judged by: those of the person's own day, in each zone where he may be."""
    facts = told.facts(told.at)
    if told.at < 0 or len(told.zones) < 2:  # noqa: PLR2004  # one zone
        return [(told.pack.at(_day(told)), facts)]
    days = np.array([local_day(told.at, told.zones[zone]) for zone in facts["zone"].tolist()])
    every = [(int(day), np.flatnonzero(days == day)) for day in np.unique(days)]
    return [(told.pack.at(date.fromordinal(day + EPOCH.toordinal())), facts.take(rows)) for day, rows in every]


def _rows(found: list[tuple[Rulebook, Verdict, Facts]]) -> tuple[Row, ...]:
    """Each rule that speaks, once: a refusal before a missing fact, and everything missing for any debt or zone."""
    spoken: dict[str, Reason] = {}
    for book, verdict, facts in found:
        for i in range(len(facts)):
            for reason in reasons(book, verdict, facts, i):
                before = spoken.get(reason.rule)
                if before is None or reason.status < before.status:
                    spoken[reason.rule] = reason
                elif reason.status == before.status:
                    together = tuple(dict.fromkeys((*before.missing, *reason.missing)))
                    spoken[reason.rule] = replace(before, missing=together)
    return tuple(row_of(reason) for reason in sorted(spoken.values(), key=lambda reason: reason.status))


def _next(told: Told, past: History) -> int:
    """The first lawful moment, facts changing by themselves on the way."""
    if told.at < 0:
        return NEVER
    last = told.at + HORIZON_DAYS * DAY
    starts = [told.at, *(moment for moment in told.changes() if moment < last)]
    for start, end in pairwise([*starts, last]):
        facts = told.facts(start)
        then = int(next_lawful(told.pack, facts, past, HORIZON_DAYS, group=np.zeros(len(facts), np.int64))[0])
        if then != NEVER and then < end:
            return then
    return NEVER


def _reason(row: Row) -> dict[str, Any]:
    return {
        "rule": row.rule, "status": row.status.name, "title": dict(row.title), "sentence": dict(row.sentence),
        "article": dict(row.ground), "link": row.link, "confidence": row.confidence,
        "confidence_label": dict(row.confidence_label),
        "missing": [{"path": path, **said} for path, said in zip(row.paths, row.missing, strict=True)],
        "remedy": dict(row.remedy),
    }  # fmt: skip
