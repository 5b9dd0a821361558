"""How long a case takes where history does not tell yet: a judgement, as data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fairdue.core.codes import Aim
from fairdue.rules.reading import Reading, WrongFiles

FILE = Path(__file__).parent / "effort.yaml"
LONGEST = 240


@cache
def load_effort() -> Mapping[int, int]:
    """Minutes by aim. Raises `WrongFiles`."""
    return read_effort(FILE)


def read_effort(path: Path) -> Mapping[int, int]:
    """The table in a file; every aim once. Raises `WrongFiles` with every fault."""
    reading = Reading(path, path.name)
    if not reading.faults and reading.keys(reading.data, tuple(aim.name for aim in Aim), (), "effort"):
        for name, minutes in reading.data.items():
            if not isinstance(minutes, int) or not 1 <= minutes <= LONGEST:
                reading.wrong(reading.data.line_of(name), f"{name}: '{minutes}' are no minutes",
                              f"{name}：“{minutes}”不是有效的分钟数",
                              f"Write a whole number from 1 to {LONGEST}.", f"请填写 1 至 {LONGEST} 的整数。")  # fmt: skip
    if reading.faults:
        raise WrongFiles(reading.faults)
    return {int(Aim[name]): int(minutes) for name, minutes in reading.data.items()}
