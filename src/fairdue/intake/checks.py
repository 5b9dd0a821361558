"""What must hold between the columns of one row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import polars as pl

from fairdue.core.codes import UNKNOWN
from fairdue.intake import reasons as reason
from fairdue.intake.canonical import COMPONENTS, NOT_AFTER_BOOK, IdType
from fairdue.intake.cells import Complaint
from fairdue.intake.moments import EARLIEST
from fairdue.intake.parsers import written

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_CHECK_CHARACTERS = "10X98765432"

Found = Iterator[tuple[tuple[str, ...], Complaint]]


def check_rows(kind: str, rows: pl.DataFrame, as_of: date | None) -> Found:
    """Complaints with the canonical columns they are about. `rows`: parsed values, null where there is none."""
    for check in _CHECKS[kind]:
        yield from check(rows, as_of)


def _days(rows: pl.DataFrame, as_of: date | None) -> Found:
    """Nothing in a book lies after its date; and its date is one."""
    if as_of is None:
        return
    for name in NOT_AFTER_BOOK:
        if name in rows.columns:
            yield (name,), Complaint(reason.Future, rows[name] > as_of, {"as_of": as_of})
    if "as_of" in rows.columns:
        yield ("as_of",), Complaint(reason.OtherDay, rows["as_of"] != as_of, {"as_of": as_of})


def _adds_up(rows: pl.DataFrame, _as_of: date | None) -> Found:
    """Where a file splits the balance, the parts must be the whole, to the cent."""
    wide = rows.select(
        pl.sum_horizontal(pl.col(COMPONENTS).cast(pl.Int128)).alias("sum"),
        pl.any_horizontal(pl.col(COMPONENTS).is_not_null()).alias("split"),
        pl.col("balance").cast(pl.Int128),
    )
    wrong = wide["split"] & (wide["sum"] != wide["balance"])
    shown = {name: written(wide[name], rows["exponent"]) for name in ("sum", "balance")}
    yield ("balance", *COMPONENTS), Complaint(reason.DoesNotAddUp, wrong, shown)


def _since_when(rows: pl.DataFrame, _as_of: date | None) -> Found:
    """An account nobody can age would silently count as current."""
    missed = rows["missed_payments"]
    wrong = (missed > 0) & rows["oldest_unpaid_due"].is_null()
    yield ("oldest_unpaid_due", "missed_payments"), Complaint(reason.SinceWhen, wrong, {"value": missed})


def _identity(rows: pl.DataFrame, _as_of: date | None) -> Found:
    """A resident identity number carries its own proof; a number without a type is tried if it looks like one."""
    number, kind = rows["id_no"], rows["id_type"]
    resident = (kind == IdType.RESIDENT_ID.name) | (kind.is_null() & (number.str.len_chars() == len(_WEIGHTS) + 1))
    wrong = resident & number.is_not_null() & ~resident_id_holds(number)
    yield ("id_no", "id_type"), Complaint(reason.NotResidentId, wrong)


def resident_id_holds(number: pl.Series) -> pl.Series:
    """Whether an 18-character resident identity number has a real date of birth and the right check digit."""
    column = pl.col("n")
    weighted = pl.sum_horizontal(
        column.str.slice(at, 1).cast(pl.Int32, strict=False) * weight for at, weight in enumerate(_WEIGHTS)
    )
    born = column.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    check = (weighted % len(_CHECK_CHARACTERS)).replace_strict(
        dict(enumerate(_CHECK_CHARACTERS)), return_dtype=pl.String
    )
    holds = column.str.contains(r"^[1-9]\d{16}[\dX]$") & (born >= EARLIEST) & (check == column.str.slice(17, 1))
    return pl.DataFrame({"n": number}).select(holds.fill_null(value=False)).to_series()


def _provenance(rows: pl.DataFrame, _as_of: date | None) -> Found:
    """In a file of people a number without a source is refused (CN-PARTY-08; PIPL art. 13)."""
    unsourced = rows["phone"].is_not_null() & (rows["phone_source"].fill_null(UNKNOWN) == UNKNOWN)
    yield ("phone_source", "phone"), Complaint(reason.NoSource, unsourced)


def _talked_means_answered(rows: pl.DataFrame, _as_of: date | None) -> Found:
    """Nobody talks on a call that was not answered."""
    yield ("talked", "answered"), Complaint(reason.TalkedUnanswered, rows["talked"] & ~rows["answered"])


Check = Callable[[pl.DataFrame, date | None], Found]

_CHECKS: dict[str, tuple[Check, ...]] = {
    "book": (_days, _adds_up, _since_when, _identity),
    "people": (_identity, _provenance),
    "schedule": (_days,),
    "payments": (_days,),
    "contacts": (_talked_means_answered,),
}
