"""How late an account is: days past due, pauses, the oldest unpaid instalment, stages, the customer's worst account.

A day past due is a day after the due date that was not paused; the due date itself is on time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import UNKNOWN
from fairdue.core.errors import Fault

I8 = npt.NDArray[np.int8]
I64 = npt.NDArray[np.int64]
Days = npt.NDArray[np.datetime64]

_ONE_DAY = np.timedelta64(1, "D")
_FAR = np.datetime64("9999-12-31", "D")
_APART = 2**23  # days: more than from year 1 to 9999, so that one running maximum serves all accounts
_NAT = np.datetime64("NaT", "D")


class StagesOutOfOrder(Fault):
    """A stage table must begin at one day past due and rise."""

    code = "delinquency.stages-out-of-order"
    en = "The stages {codes} cannot begin at {lower} days past due."
    en_remedy = (
        "Name the current stage first, then give one lower bound per further stage: from 1, each above the last."
    )
    zh = "逾期阶段 {codes} 的起始天数 {lower} 设置有误。"
    zh_remedy = "请先列出未逾期阶段，再为其余各阶段逐一填写起始天数：从 1 开始，依次递增。"


class PauseWithoutStart(Fault):
    """A pause whose first day is unknown cannot be counted."""

    code = "delinquency.pause-without-start"
    en = "A pause of the account in row {row} has no first day."
    en_remedy = "Enter the day on which the pause began."
    zh = "第 {row} 行账户的一条暂停记录缺少开始日期。"
    zh_remedy = "请补充暂停的开始日期。"


def days_past_due(oldest_unpaid_due: Days, as_of: Days | np.datetime64, paused_days: I64 | int = 0) -> I64:
    """Days past due, shape (n,), at the end of `as_of`: never below 0, and 0 where nothing is unpaid (NaT)."""
    late = (as_of - oldest_unpaid_due).astype(np.int64) - paused_days
    return np.where(np.isnat(oldest_unpaid_due), 0, np.maximum(late, 0))


def paused_days(account: I64, starts: Days, ends: Days, oldest_unpaid_due: Days, as_of: Days | np.datetime64) -> I64:
    """Paused days among those `days_past_due` counts, shape (n,) as `oldest_unpaid_due`.

    One row per pause: `account` is an index into the n accounts, `starts` its first day, `ends` the first day that ages
    again (NaT: still running). Days under two pauses count once, and a pause entered after the fact counts like any
    other. Raises `PauseWithoutStart`.
    """
    if np.isnat(starts).any():
        raise PauseWithoutStart(row=int(account[np.isnat(starts)][0]) + 1)
    until = np.broadcast_to(np.asarray(as_of, "datetime64[D]"), oldest_unpaid_due.shape) + _ONE_DAY
    first = np.maximum(starts, oldest_unpaid_due[account] + _ONE_DAY)
    last = np.minimum(np.where(np.isnat(ends), _FAR, ends), until[account])
    real = first < last  # never true for NaT: nothing is unpaid
    found = np.zeros(len(oldest_unpaid_due), np.int64)
    np.add.at(found, *_union_lengths(account[real], first[real], last[real]))
    return found


def _union_lengths(account: I64, first: Days, last: Days) -> tuple[I64, I64]:
    """Per interval the days it adds to the union of its account's earlier ones."""
    order = np.lexsort((first, account))
    account, start, end = account[order], first[order].astype(np.int64), last[order].astype(np.int64)
    shift = account * _APART
    reached = np.concatenate(([np.iinfo(np.int64).min], np.maximum.accumulate(end + shift)[:-1])) if len(end) else end
    return account, np.maximum(end + shift - np.maximum(start + shift, reached), 0)


def oldest_unpaid_due(account: I64, due_on: Days, amount: I64, paid_total: I64) -> Days:
    """The oldest due date not fully paid, shape (n,) as `paid_total`; NaT where every instalment is paid.

    One row per instalment: `account` is an index into the n accounts. Payments clear the oldest instalment first, so
    paying one instalment of three moves M3 to M2 (降期).
    """
    order = np.lexsort((due_on, account))
    account, due_on = account[order], due_on[order]
    running = amount[order].cumsum()  # may wrap around over a whole book; differences within an account stay right
    begins = np.searchsorted(account, account, "left")
    owed = running - np.where(begins > 0, running[begins - 1], 0)
    unpaid = owed > np.maximum(paid_total, 0)[account]
    found = np.full(len(paid_total), _FAR, "datetime64[D]")
    np.minimum.at(found, account[unpaid], due_on[unpaid])
    return np.where(found == _FAR, _NAT, found)


@dataclass(frozen=True)
class StageTable:
    """Stages by days past due: `codes[0]` is current, `codes[i]` begins at `lower[i-1]`. Raises `StagesOutOfOrder`."""

    codes: tuple[str, ...]
    lower: tuple[int, ...]

    def __post_init__(self) -> None:
        """A wrong table is refused when it is made."""
        rising = self.lower[:1] == (1,) and list(self.lower) == sorted(set(self.lower))
        named = len(self.codes) == len(set(self.codes)) == len(self.lower) + 1
        if not (rising and named):
            raise StagesOutOfOrder(codes=" ".join(self.codes), lower=" ".join(map(str, self.lower)))

    def stage(self, dpd: I64) -> I8:
        """The index into `codes`, shape of `dpd`."""
        return np.searchsorted(self.lower, dpd, "right").astype(np.int8)


# The M scale of Chinese collections: a month is 30 days. Lenders cut the first month differently; one form of it is
# given.
M_STAGES = StageTable(("M0", "M1", "M2", "M3", "M4", "M5", "M6", "M6+"), (1, 31, 61, 91, 121, 151, 181))
S_STAGES = StageTable(("M0", "S1", "S2", "M2", "M3", "M4", "M5", "M6", "M6+"), (1, 11, 31, 61, 91, 121, 151, 181))


def customer_max(customer: I64, n_customers: int, dpd: I64, overdue_balance: I64, floor: int = 0) -> I64:
    """The worst days past due per customer, shape (n_customers,), over accounts whose overdue balance is above `floor`.

    One row per account. An account that owes nothing never counts, whatever the floor: nobody is late with nothing.
    """
    counts = overdue_balance > max(floor, 0)
    worst = np.zeros(n_customers, np.int64)
    np.maximum.at(worst, customer[counts], dpd[counts])
    return worst


class StageChanges(NamedTuple):
    """One row per change, by account and day; `before` is -1 at an account's first observation."""

    account: I64
    on: Days
    before: I8
    after: I8


def stage_history(account: I64, on: Days, dpd: I64, table: StageTable) -> StageChanges:
    """The days on which the stage changed, from observations (account, day, days past due) in any order."""
    order = np.lexsort((on, account))
    account, on, after = account[order], on[order], table.stage(dpd[order])
    same = account[1:] == account[:-1]
    before = np.concatenate(([UNKNOWN], np.where(same, after[:-1], UNKNOWN))).astype(np.int8)[: len(after)]
    moved = before != after
    return StageChanges(account[moved], on[moved], before[moved], after[moved])
