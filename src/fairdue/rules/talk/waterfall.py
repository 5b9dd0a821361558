"""Loads the figures by which numbers, channels and hours are put in order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from fairdue.core.codes import PointSource
from fairdue.rules import numbers
from fairdue.rules.reading import Lines, Reading, WrongFiles

FILE = Path(__file__).parent / "waterfall.yaml"
FIGURES = {"strength": 1_000, "unreserved_ppm": numbers.PPM, "wait_ppm": 100 * numbers.PPM, "text_after": 100}


@dataclass(frozen=True)
class Waterfall:
    """Edges of the bands in minutes of the local day, the weights of the estimate, and sources that are lawful."""

    bands: tuple[int, ...]
    strength: int
    unreserved_ppm: int
    wait_ppm: int
    text_after: int
    lawful: frozenset[PointSource]

    def name(self, band: int) -> str:
        """A band as it is said: 17:00–19:00."""
        start, end = self.bands[band], self.bands[band + 1]
        return f"{start // 60:02}:{start % 60:02}–{end // 60:02}:{end % 60:02}"


@cache
def load_waterfall() -> Waterfall:
    """The shipped figures. Raises `WrongFiles`."""
    return read_waterfall(FILE)


def read_waterfall(path: Path) -> Waterfall:
    """Read the figures. Raises `WrongFiles` with every fault."""
    reading = Reading(path, path.name)
    if reading.faults or not reading.keys(reading.data, ("bands", *FIGURES, "lawful_sources")):
        raise WrongFiles(reading.faults)
    said: Lines = reading.data
    bands = [_minute(reading, said, one) for one in said.get("bands") or ()]
    if len(bands) <= 1 or any(later <= earlier for earlier, later in pairwise(bands)):
        reading.wrong(said.line_of("bands"), "the hours must rise, two at least", "时段须递增，且至少两个",
                      "Write ['08:00', '11:00'].", "请写成 ['08:00', '11:00']。")  # fmt: skip
    for name in [n for n in said["lawful_sources"] if n not in PointSource.__members__]:
        reading.wrong(said.line_of("lawful_sources"), f"'{name}' is no source", f"“{name}”不是有效来源",
                      f"Write one of {', '.join(PointSource.__members__)}.",
                      f"可填：{'、'.join(PointSource.__members__)}。")  # fmt: skip
    figures = {name: numbers.whole(reading, said, name, most) for name, most in FIGURES.items()}
    if reading.faults:
        raise WrongFiles(reading.faults)
    return Waterfall(tuple(bands), **figures, lawful=frozenset(PointSource[n] for n in said["lawful_sources"]))


def _minute(reading: Reading, said: Lines, text: object) -> int:
    hour, _, minute = str(text).partition(":")
    if hour.isdigit() and minute.isdigit() and int(hour) <= 24 and int(minute) < 60:  # noqa: PLR2004 - a clock
        return int(hour) * 60 + int(minute)
    reading.wrong(
        said.line_of("bands"), f"'{text}' is no hour", f"“{text}”不是时刻", "Write it like '17:00'.", "请写成“17:00”。"
    )
    return 0
