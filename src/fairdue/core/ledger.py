"""The ledger as columns of postings that are only ever added: balances and statements for any date follow from them.

A book is kept in one of two modes. LENDER: the lender's balances are the truth, and each new figure of theirs becomes a
LENDER_UPDATE posting of the difference. OWN: ours are the truth, and a difference is reported and nothing is posted.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import Code, Component
from fairdue.core.errors import Fault

if TYPE_CHECKING:
    from fairdue.core.dates import Days

I8 = npt.NDArray[np.int8]
I64 = npt.NDArray[np.int64]

NO_REVERSAL = -1


class PostingKind(Code):
    """Why a line was posted."""

    OPENING = (0, "期初余额", "Opening balance")
    ACCRUAL = (1, "计息", "Interest accrued")
    FEE = (2, "费用", "Fee")
    COST = (3, "实现债权的费用", "Cost of enforcement")
    PAYMENT = (4, "还款", "Payment")
    WAIVER = (5, "减免", "Waiver")
    LENDER_UPDATE = (6, "按贷款机构账面调整", "Adjusted to the lender's figure")
    REVERSAL = (7, "冲正", "Reversal")
    WRITE_OFF = (8, "核销", "Write-off")


class NoSuchPosting(Fault):
    """The ledger holds no line of that number."""

    code = "ledger.no-such-posting"
    en, en_remedy = "There is no posting {seq}.", "Look the number up on the account's statement."
    zh, zh_remedy = "未找到编号为 {seq} 的分录。", "请在账户对账单上核对分录编号。"


class ReversedTwice(Fault):
    """A posting can be undone once."""

    code = "ledger.reversed-twice"
    en, en_remedy = "Posting {seq} has been reversed already.", "Nothing needs to be done."
    zh, zh_remedy = "编号为 {seq} 的分录已冲正。", "无需再次操作。"


class ReversalStands(Fault):
    """A reversal is undone by posting anew, so that the ledger stays readable."""

    code = "ledger.reversal-stands"
    en, en_remedy = "Posting {seq} is itself a reversal and stands.", "Post the original entry again instead."
    zh, zh_remedy = "编号为 {seq} 的分录本身是冲正分录，不能再次冲正。", "如需恢复，请重新记入原分录。"


class ColumnsDiffer(Fault):
    """Columns of one table must have one length."""

    code = "ledger.columns-differ"
    en, en_remedy = "The columns of the postings have different lengths: {lengths}.", "Give one value per posting."
    zh, zh_remedy = "分录各列的行数不一致：{lengths}。", "请为每笔分录提供完整的各列数据。"


@dataclass(frozen=True)
class Postings:
    """Lines of many accounts, columns of shape (m,). Raises `ColumnsDiffer`.

    `seq` numbers the lines, `account` is an index, `amount` is in minor units and positive where it raises what is
    owed,
    `kind` a `PostingKind`, `ref` the reference of the outside world, `reverses` the number of the line a reversal
    undoes (else `NO_REVERSAL`).
    """

    seq: I64
    account: I64
    value_date: Days
    component: I8
    amount: I64
    kind: I8
    ref: npt.NDArray[np.str_]
    reverses: I64

    def __post_init__(self) -> None:
        """Columns of different lengths would pair the wrong account with an amount."""
        lengths = [len(getattr(self, field.name)) for field in fields(self)]
        if len(set(lengths)) > 1:
            raise ColumnsDiffer(lengths=", ".join(map(str, lengths)))

    def __len__(self) -> int:
        """The number of lines."""
        return len(self.seq)

    def take(self, rows: npt.NDArray[np.integer] | npt.NDArray[np.bool_]) -> Self:
        """Some of the lines."""
        return type(self)(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def append(self, more: Self) -> Self:
        """The lines and after them `more`."""
        columns = {f.name: np.concatenate((getattr(self, f.name), getattr(more, f.name))) for f in fields(self)}
        return type(self)(**columns)


def balance_at(postings: Postings, n_accounts: int, on: np.datetime64) -> I64:
    """What is owed per account and component at the end of a day, minor units, shape (n_accounts, 5)."""
    balance = np.zeros((n_accounts, len(Component)), np.int64)
    until = postings.value_date <= on
    np.add.at(balance, (postings.account[until], postings.component[until]), postings.amount[until])
    return balance


@dataclass(frozen=True)
class Statement:
    """One account line by line.

    `opening` (5,): owed per component before the first day. `lines` (m): in order of value date, then number. `running`
    (m, 5): owed after each line. `closing` (5,): owed at the end, the same as `balance_at` of the last day.
    """

    opening: I64
    lines: Postings
    running: I64
    closing: I64


def statement(postings: Postings, account: int, start: np.datetime64, end: np.datetime64) -> Statement:
    """The statement of one account from `start` to `end`, both included."""
    mine = postings.take((postings.account == account) & (postings.value_date <= end))
    mine = mine.take(np.lexsort((mine.seq, mine.value_date)))
    moved = np.zeros((len(mine) + 1, len(Component)), np.int64)
    moved[np.arange(1, len(mine) + 1), mine.component] = mine.amount
    after = moved.cumsum(axis=0)
    before = int((mine.value_date < start).sum())
    return Statement(after[before], mine.take(np.arange(before, len(mine))), after[before + 1 :], after[-1])


def reverse(postings: Postings, seqs: I64, on: np.datetime64) -> Postings:
    """The mirror lines that undo the lines numbered `seqs`, dated `on`, numbered after the last line.

    Raises `NoSuchPosting`, `ReversedTwice`, `ReversalStands`.
    """
    _refuse_first(seqs[~np.isin(seqs, postings.seq)], NoSuchPosting)
    _refuse_first(seqs[np.isin(seqs, postings.reverses)], ReversedTwice)
    wrong = postings.take(np.isin(postings.seq, seqs))
    _refuse_first(wrong.seq[wrong.kind == PostingKind.REVERSAL], ReversalStands)
    return Postings(
        seq=postings.seq.max() + 1 + np.arange(len(wrong)),
        account=wrong.account,
        value_date=np.full(len(wrong), on, "datetime64[D]"),
        component=wrong.component,
        amount=-wrong.amount,
        kind=np.full(len(wrong), PostingKind.REVERSAL, np.int8),
        ref=wrong.ref,
        reverses=wrong.seq,
    )


def lender_check(ours: I64, lenders: I64) -> I64:
    """The lender's figure less ours, shape of `lenders`: (n, 5) by component, or (n,) where they give one total.

    `ours` is (n, 5). Zero where the books agree. In LENDER mode the difference is what a LENDER_UPDATE posts; in OWN
    mode it is what finance has to explain.
    """
    return lenders - (ours if lenders.ndim == ours.ndim else ours.sum(axis=1))


def _refuse_first(wrong: I64, fault: type[Fault]) -> None:
    if len(wrong):
        raise fault(seq=int(wrong[0]))
