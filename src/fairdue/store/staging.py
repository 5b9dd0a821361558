"""Turns parsed rows into the columns of a staging table: personal data is sealed before it touches the disk."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from fairdue.core.codes import Party
from fairdue.store.seal import mask_name, mask_tail, sealer


def staged(kind: str, good: pl.DataFrame) -> pl.DataFrame:
    """Parsed rows of one chunk as staged columns (`kind`: book, people, schedule, payments)."""
    if kind in {"book", "people"}:
        return _with_person(good)
    return good


def _with_person(good: pl.DataFrame) -> pl.DataFrame:
    sealed = good.with_columns(
        *_seal(good, "name", "name", mask_name),
        *_seal(good, "id_no", "id", mask_tail),
        *_seal(good, "phone", "phone", mask_tail),
        *(pl.col(text).fill_null("") for text in ("id_type", "place", "zone", "language") if text in good.columns),
    )
    return sealed.with_columns(_person_ref(sealed)).drop("name", "id_no", "phone", "address", strict=False)


def _person_ref(rows: pl.DataFrame) -> pl.Expr:
    """The borrower goes by the customer's number; somebody linked to the debt by a reference that stays the same."""
    if "party" not in rows.columns:
        return pl.col("customer_ref").alias("person_ref")
    borrower = pl.col("party") == int(Party.BORROWER)
    index = pl.when(pl.col("name_index") != "").then("name_index").otherwise("phone_index")
    linked = pl.concat_str("customer_ref", pl.col("party").cast(pl.String), index, separator="/")
    return pl.when(borrower).then("customer_ref").otherwise(linked).str.slice(0, 80).alias("person_ref")


def _seal(good: pl.DataFrame, column: str, prefix: str, mask: Callable[[str], str]) -> list[pl.Series]:
    """Sealed, masked and index columns for one personal column; absent values stay null (sealed) or empty."""
    texts = good[column].to_list() if column in good.columns else [None] * good.height
    seal, index = sealer().seal, sealer().index
    return [
        pl.Series(f"{prefix}_sealed", [None if t is None else seal(t) for t in texts], dtype=pl.Binary),
        pl.Series(f"{prefix}_masked", ["" if t is None else mask(t) for t in texts], dtype=pl.String),
        pl.Series(f"{prefix}_index", ["" if t is None else index(t) for t in texts], dtype=pl.String),
    ]
