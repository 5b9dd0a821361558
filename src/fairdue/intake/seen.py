"""Finds a key that stood in the file before, in whatever chunk, and says in which row."""

from __future__ import annotations

import numpy as np
import polars as pl


class SeenKeys:
    """Keys of the rows read so far: a sorted 64-bit hash of each to search, the text to be exact, the row to name.

    Memory: 16 bytes and the text of its key per row; about 40 MB for a million accounts.
    """

    def __init__(self) -> None:
        """Nothing has been seen."""
        self._hashes = np.empty(0, np.uint64)
        self._kept: list[pl.DataFrame] = []

    def first_rows(self, keys: pl.Series, rows: pl.Series) -> pl.Series:
        """Per key the row it first stood in, null if this is the first. Null keys are never the same."""
        frame = pl.DataFrame({"key": keys, "row": rows})
        known = frame.drop_nulls("key")
        here = known.group_by("key").agg(pl.col("row").min().alias("first"))
        first = self._before(known).vstack(here.with_columns(pl.col("first").cast(pl.Int64)))
        first = first.group_by("key").agg(pl.col("first").min())
        self._remember(here)
        found = frame.join(first, on="key", how="left", maintain_order="left")
        return found["first"].set(found["first"] >= found["row"], None)

    def _before(self, known: pl.DataFrame) -> pl.DataFrame:
        hashes = known["key"].hash(seed=1).to_numpy()
        at = np.searchsorted(self._hashes, hashes)
        hit = np.zeros(len(hashes), bool)
        inside = at < len(self._hashes)
        hit[inside] = self._hashes[at[inside]] == hashes[inside]
        none = pl.DataFrame(schema={"key": pl.String, "first": pl.Int64})
        if not hit.any():
            return none
        wanted = known.filter(pl.Series(hit))["key"].unique().implode()
        return pl.concat([none, *(kept.filter(pl.col("key").is_in(wanted)) for kept in self._kept)])

    def _remember(self, here: pl.DataFrame) -> None:
        self._kept.append(here)
        hashes = np.sort(here["key"].hash(seed=1).to_numpy())
        self._hashes = np.insert(self._hashes, np.searchsorted(self._hashes, hashes), hashes)
