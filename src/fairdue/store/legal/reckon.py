"""Reckons every legal clock of gathered debts: limitation, guarantee periods and what follows them, enforcement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from fairdue.core.codes import GuaranteeKind
from fairdue.core.dates import I64, Days, Mask
from fairdue.core.guarantee import guarantees
from fairdue.core.happened import PROCEDURES, Effect, Happened
from fairdue.core.limitation import NAT, Events, Standing, limitation
from fairdue.rules import periods
from fairdue.rules.periods import Period, PeriodKind
from fairdue.store.legal.gather import NO_PERSON, Gathered
from fairdue.store.legal.windows import reckon_windows

FOUND = {
    "account": pl.Int64, "person": pl.Int64, "kind": pl.Int8, "period": pl.String, "standing": pl.Int8,
    "start_on": pl.Date, "last": pl.Date, "provisional": pl.Boolean, "cause": pl.Int16, "cause_on": pl.Date,
    "evidence": pl.String, "evidence_id": pl.Int64, "about": pl.String, "about_id": pl.Int64,
}  # fmt: skip
Ints = npt.NDArray[np.integer]


def reckon(told: Gathered, pack: str, on: date) -> pl.DataFrame:
    """Every clock of the debts at the end of a day (columns of FOUND), sorted by account, kind and person."""
    parts: list[pl.DataFrame] = []
    for place in told.accounts["place"].unique(maintain_order=True).to_list() or [""]:
        here = told.accounts.filter(pl.col("place") == place)
        parts += _at_place(here, told, pack, place, np.datetime64(on))
    parts += reckon_windows(told, pack, on, FOUND)
    made = pl.concat([part for part in parts if part.height] or [pl.DataFrame(schema=FOUND)])
    return made.sort("account", "kind", "person", "about_id")


def _at_place(
    accounts: pl.DataFrame, told: Gathered, pack: str, place: str, on: np.datetime64
) -> Iterable[pl.DataFrame]:
    debts = _Debts.of(accounts, told, on)
    yield _limitation(debts, periods.find(PeriodKind.LIMITATION, pack, place))
    if (enforcement := periods.find(PeriodKind.ENFORCEMENT, pack, place)) is not None:
        yield _enforcement(debts, enforcement)
    held = periods.find(PeriodKind.GUARANTEE, pack, place)
    after = periods.find(PeriodKind.GUARANTEE_LIMITATION, pack, place)
    if held is not None and after is not None:
        yield from _guarantees(debts, told.guarantors, held, after)


@dataclass(frozen=True)
class _Debts:
    """Debts of one place and what happened to them, as columns; `row` of an event is the debt's place."""

    account: I64
    start: Days
    harm: Days
    on: np.datetime64
    row: I64
    person: I64
    kind: Ints
    day: Days
    ended: Days
    perform_by: Days
    withdrawn: Mask
    served: Days
    evidence: pl.DataFrame

    @classmethod
    def of(cls, accounts: pl.DataFrame, told: Gathered, on: np.datetime64) -> _Debts:
        account = accounts["account"].to_numpy()
        events = told.events.filter(pl.col("account").is_in(accounts["account"].implode()))
        oldest, last = _days(accounts["oldest"]), _days(accounts["last_due"])
        first = np.where(np.isnat(oldest), _days(accounts["first_due"]), oldest)
        return cls(
            account, np.where(np.isnat(last), oldest, last), first, on, np.searchsorted(account, events["account"].to_numpy()),
            events["person"].to_numpy(), events["kind"].to_numpy(),
            _days(events["day"]), _days(events["ended"]), _days(events["perform_by"]), events["withdrawn"].to_numpy(),
            _days(events["served_on"]), events.select("evidence", "evidence_id"),
        )  # fmt: skip

    def events(self, period: Period, where: Mask, row: I64 | None = None) -> tuple[Events, I64]:
        """Some of the events as the period sees them, sorted, and their places among all.

        A procedure that was withdrawn interrupts by the service of its papers, if they were served, and otherwise not.
        """
        effects = np.array([int(period.effect(kind)) for kind in Happened], np.int16)[self.kind]
        lost = self.withdrawn & np.isin(self.kind, _PROCEDURES)
        effects = np.where(lost, np.where(np.isnat(self.served), int(Effect.NONE), int(Effect.RESTARTS)), effects)
        day = np.where(lost & ~np.isnat(self.served), self.served, self.day)
        at = np.flatnonzero(where & (effects != Effect.NONE))
        rows = (self.row if row is None else row)[at]
        order = np.lexsort((day[at], rows))
        at = at[order]
        ended = np.where(lost[at], NAT, self.ended[at])
        return Events(rows[order], day[at], effects[at].astype(np.int16), ended), at


_PROCEDURES = np.array(sorted(PROCEDURES))


def _limitation(debts: _Debts, period: Period | None) -> pl.DataFrame:
    if period is None:
        return _frame(debts, PeriodKind.LIMITATION, "", np.arange(len(debts.account)), standing=Standing.UNKNOWN)
    events, places = debts.events(period, debts.person == NO_PERSON)
    found = limitation(debts.start, debts.harm, events, period.terms, period.calendar, debts.on)
    every = np.arange(len(debts.account))
    return _frame(debts, PeriodKind.LIMITATION, period.id, every, standing=found.standing, start=debts.start,
                  last=found.last, provisional=found.provisional, cause=_among(places, found.cause))  # fmt: skip


def _enforcement(debts: _Debts, period: Period) -> pl.DataFrame:
    """From the last judgment there is; what happened before it is of no account."""
    at = np.flatnonzero((debts.kind == Happened.JUDGMENT) & (debts.person == NO_PERSON) & (debts.day <= debts.on))
    rows, newest = np.unique(debts.row[at][::-1], return_index=True)
    judged = at[::-1][newest]
    start = np.full(len(debts.account), NAT)
    start[rows] = np.where(np.isnat(debts.perform_by[judged]), debts.day[judged], debts.perform_by[judged])
    since = np.full(len(debts.account), np.datetime64("9000-01-01", "D"))
    since[rows] = debts.day[judged]
    events, places = debts.events(period, (debts.person == NO_PERSON) & (debts.day >= since[debts.row]))
    found = limitation(start, np.full(start.shape, NAT), events, period.terms, period.calendar, debts.on)
    return _frame(debts, PeriodKind.ENFORCEMENT, period.id, rows, standing=found.standing[rows], start=start[rows],
                  last=found.last[rows], provisional=found.provisional[rows],
                  cause=_among(places, found.cause[rows]))  # fmt: skip


def _guarantees(debts: _Debts, links: pl.DataFrame, held: Period, after: Period) -> Iterable[pl.DataFrame]:
    """Joint and general guarantees apart: what keeps the right differs."""
    links = links.filter(pl.col("account").is_in(pl.Series(debts.account).implode()))
    is_joint = pl.col("guarantee_kind") == int(GuaranteeKind.JOINT)
    for these, needs in ((links.filter(is_joint), "joint"), (links.filter(~is_joint), "general")):
        for _, mine in these.group_by("person", maintain_order=True):
            yield from _of_guarantor(debts, mine, needs, held, after)


def _of_guarantor(
    debts: _Debts, links: pl.DataFrame, needs: str, held: Period, after: Period
) -> Iterable[pl.DataFrame]:
    row = np.searchsorted(debts.account, links["account"].to_numpy())
    whole, person = len(debts.account), int(links["person"][0])
    kinds = [int(kind) for kind, cause in held.events.items() if cause.needs == needs]
    of_whom = debts.person == (person if needs == "joint" else NO_PERSON)
    acts, places = _acts(debts, of_whom & np.isin(debts.kind, kinds), joint=needs == "joint")
    until = np.full(whole, NAT)
    until[row] = _days(links["until"])
    found = guarantees(debts.start, until, acts, int(held.terms.counts[-1]), debts.on)
    yield _frame(debts, PeriodKind.GUARANTEE, held.id, row, person=person, standing=found.standing[row],
                 start=debts.start[row], last=found.last[row], cause=_among(places, found.cause[row]))  # fmt: skip
    start = found.kept_on if needs == "joint" else _refusal_ended(debts, found.kept_on)
    going = row[~np.isnat(start[row])]
    events, then = debts.events(after, debts.person == person)
    lim = limitation(start, np.full(whole, NAT), events, after.terms, after.calendar, debts.on)
    yield _frame(debts, PeriodKind.GUARANTEE_LIMITATION, after.id, going, person=person, standing=lim.standing[going],
                 start=start[going], last=lim.last[going], provisional=lim.provisional[going],
                 cause=_among(then, lim.cause[going]))  # fmt: skip


def _acts(debts: _Debts, where: Mask, *, joint: bool) -> tuple[Events, I64]:
    """What keeps a right: a withdrawn suit never for a general guarantee, for a joint one if it was served (解释 31)."""
    day = np.where(debts.withdrawn & joint, debts.served, debts.day)
    at = np.flatnonzero(where & ~np.isnat(day) & (~debts.withdrawn | joint))
    at = at[np.lexsort((day[at], debts.row[at]))]
    effect = np.full(len(at), int(Effect.KEEPS), np.int16)
    return Events(debts.row[at], day[at], effect, np.full(len(at), NAT)), at


def _refusal_ended(debts: _Debts, kept_on: Days) -> Days:
    """The day on which a general guarantor may no longer point to the debtor: enforcement against the debtor failed."""
    at = np.flatnonzero((debts.kind == Happened.ENFORCEMENT_FAILED) & (debts.day <= debts.on))
    rows, first = np.unique(debts.row[at], return_index=True)
    start = np.full(kept_on.shape, NAT)
    start[rows] = debts.day[at[first]]
    return np.where(np.isnat(kept_on), NAT, start)


def _among(places: I64, cause: I64) -> I64:
    """Places among a period's events as places among all events; -1 stays -1."""
    return np.append(places, -1)[cause]


def _frame(
    debts: _Debts, kind: PeriodKind, period: str, row: I64, *, standing: npt.ArrayLike, start: Days | None = None,
    last: Days | None = None, provisional: Mask | None = None, cause: I64 | None = None, person: int = NO_PERSON,
) -> pl.DataFrame:  # fmt: skip
    none = np.full(len(row), NAT)
    whole = np.append(debts.kind, -1).astype(np.int16)
    days = np.append(debts.day, NAT)
    cause = np.full(len(row), -1, np.int64) if cause is None else cause
    proofs = pl.concat([debts.evidence, pl.DataFrame({"evidence": [""], "evidence_id": [-1]})])
    made = pl.DataFrame({
        "account": debts.account[row], "person": np.full(len(row), person), "kind": np.full(len(row), int(kind)),
        "period": [period] * len(row), "standing": np.broadcast_to(np.asarray(standing), (len(row),)),
        "start_on": none if start is None else start, "last": none if last is None else last,
        "provisional": np.zeros(len(row), bool) if provisional is None else provisional,
        "cause": whole[cause], "cause_on": days[cause], "about": [""] * len(row), "about_id": [-1] * len(row),
    })  # fmt: skip
    named = proofs[np.where(cause < 0, proofs.height - 1, cause)] if len(row) else proofs.clear()
    return made.hstack(named).with_columns(
        pl.col(name).cast(dtype) for name, dtype in FOUND.items()
    ).select(list(FOUND))  # fmt: skip


def _days(column: pl.Series) -> Days:
    return column.cast(pl.Date).to_numpy().astype("datetime64[D]")
