"""Times in a log: read exactly, and placed in time by the clock they were written from. No zone is ever guessed."""

from __future__ import annotations

from datetime import date
from itertools import product

import polars as pl

from fairdue.intake import reasons as reason
from fairdue.intake.cells import Cells, Complaint, Read
from fairdue.intake.faults import ClockMissing

EARLIEST = date(1900, 1, 1)
_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
MOMENT_FORMATS = tuple(f"{day} {time}" for time, day in product(("%H:%M:%S", "%H:%M"), _DATES))
MOMENTS_READ_AS = "2026-03-01 09:30:00, 2026/3/1 9:30, 2026-03-01T09:30:00+08:00"
_YEAR_2100 = 4_102_444_800  # beyond it the rules of no zone are known
_SECONDS = {"s": 1, "ms": 1000}
_SHAPE = r"^(.*?\d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M)?)(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?$"


def moment(cells: Cells) -> Read:
    """Seconds since 1970 UTC. A time with an offset is an instant; any other is one on the clock of the log.

    An hour that comes twice (clocks set back) is the later one, as everywhere here; one that never comes is refused.
    Raises `ClockMissing` where the zone of the log's clock has not been said.
    """
    text, formats = cells.ascii, tuple(cells.options.get("formats", MOMENT_FORMATS))
    wall = _read_as(text, formats[:1])
    offset = pl.repeat(None, text.len(), dtype=pl.String, eager=True)
    if wall.null_count() > text.null_count():
        parts = (
            text.str.replace(r"(\d)[Tt](\d)", "${1} ${2}").str.to_uppercase().str.extract_groups(_SHAPE).struct.unnest()
        )
        wall, offset = _read_as(parts["1"].str.replace_all(r"\s+", " "), formats), parts["2"]
    shifted = wall.dt.epoch("s") - _offset_seconds(offset)
    floating = wall.is_not_null() & offset.is_null()
    placed = _placed(wall, floating, cells) if floating.any() else shifted
    value = placed.zip_with(floating, shifted)
    value = value.set((value < 0) | (value >= _YEAR_2100), None)
    unread, gap = wall.is_null() & text.is_not_null(), floating & placed.is_null()
    said = {"formats": MOMENTS_READ_AS if formats == MOMENT_FORMATS else ", ".join(formats)}
    bad = (value.is_null() & text.is_not_null() & ~gap) | unread
    return value, [
        Complaint(reason.NotMoment, bad, said),
        Complaint(reason.NoSuchHour, gap, {"clock": _clock_of(cells)}),
    ]


def _clock_of(cells: Cells) -> str | None:
    said: str | None = cells.options.get("clock") or cells.clock
    return said


def _placed(wall: pl.Series, floating: pl.Series, cells: Cells) -> pl.Series:
    zone = _clock_of(cells)
    if zone is None:
        raise ClockMissing(column=cells.column.name)
    here = wall.set(~floating, None)
    return here.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null").dt.epoch("s")


def _read_as(text: pl.Series, formats: tuple[str, ...]) -> pl.Series:
    found = pl.repeat(None, text.len(), dtype=pl.Datetime("us"), eager=True)
    for layout in formats:
        if found.null_count() == text.null_count():
            break
        found = found.fill_null(text.str.to_datetime(layout, strict=False, time_unit="us"))
    return found


def _offset_seconds(offset: pl.Series) -> pl.Series:
    """0 where there is none, or Z."""
    if offset.null_count() == offset.len():
        return pl.repeat(0, offset.len(), dtype=pl.Int64, eager=True)
    digits = offset.str.replace(":", "", literal=True).str.replace("Z", "+0000", literal=True)
    hours = digits.str.slice(1, 2).cast(pl.Int64) * 3600 + digits.str.slice(3, 2).cast(pl.Int64) * 60
    west = digits.str.starts_with("-").fill_null(value=False)
    return (-hours).zip_with(west, hours).fill_null(0)


def epoch(cells: Cells) -> Read:
    """Whole seconds or milliseconds since 1970 UTC."""
    text = cells.ascii
    value = text.cast(pl.Int64, strict=False) // _SECONDS[cells.options.get("unit", "s")]
    bad = text.is_not_null() & (value.is_null() | (value < 0) | (value >= _YEAR_2100))
    return value.set(bad, None), [Complaint(reason.NotMoment, bad, {"formats": "1767225600"})]


def clock(cells: Cells) -> Read:
    """A time of day such as 08:30 to minutes."""
    parts = cells.ascii.str.extract_groups(r"^([01]?\d|2[0-3]):([0-5]\d)(?::00)?$").struct.unnest()
    value = parts["1"].cast(pl.Int64) * 60 + parts["2"].cast(pl.Int64)
    return value, [Complaint(reason.NotClock, value.is_null() & cells.text.is_not_null())]


def lasted(cells: Cells) -> Read:
    """Whether a call lasted longer than so many seconds; `75`, `75.2`, `75秒`, `01:15` and `00:01:15` are read."""
    text = cells.ascii.str.strip_suffix("秒").str.strip_chars()
    parts = text.str.extract_groups(r"^(?:(?:(\d+):)?([0-5]?\d):)?(\d+)(?:\.\d+)?$").struct.unnest()
    hours, minutes, seconds = (parts[name].cast(pl.Int64, strict=False) for name in ("1", "2", "3"))
    value = hours.fill_null(0) * 3600 + minutes.fill_null(0) * 60 + seconds
    return value > cells.options["more_than"], [Complaint(reason.NotDuration, value.is_null() & text.is_not_null())]
