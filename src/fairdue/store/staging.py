"""Turns parsed rows into the columns of a staging table: personal data is sealed before it touches the disk."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

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
    return sealed.drop("name", "id_no", "phone", strict=False)


def _seal(good: pl.DataFrame, column: str, prefix: str, mask: Callable[[str], str]) -> list[pl.Series]:
    """Sealed, masked and index columns for one personal column; absent values stay null (sealed) or empty."""
    texts = good[column].to_list() if column in good.columns else [None] * good.height
    seal, index = sealer().seal, sealer().index
    return [
        pl.Series(f"{prefix}_sealed", [None if t is None else seal(t) for t in texts], dtype=pl.Binary),
        pl.Series(f"{prefix}_masked", ["" if t is None else mask(t) for t in texts], dtype=pl.String),
        pl.Series(f"{prefix}_index", ["" if t is None else index(t) for t in texts], dtype=pl.String),
    ]
