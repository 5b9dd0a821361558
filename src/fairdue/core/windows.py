"""Windows over columns: times within which somebody has to be answered, or during which something may not be done.

A window has a start and a last day; nothing restarts or suspends it. Whether it was kept follows from the day on which what it
asks for was done.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fairdue.core.dates import Days, Mask
from fairdue.core.limitation import Standing


def standings(last: Days, done: Days, ours: Mask, on: np.datetime64) -> npt.NDArray[np.int8]:
    """Where each window stands at the end of the day `on`, shape (n,).

    `done`: the day on which what it asks for was done, NaT where it was not; `ours`: something has to be done by the last day
    (else the window only passes). What was done after `on` is not known yet.
    """
    known = ours & (done <= on)
    return np.select(
        [np.isnat(last), known & (done <= last), known, last >= on, ours],
        [Standing.UNKNOWN, Standing.DONE, Standing.LATE, Standing.RUNNING, Standing.LAPSED], Standing.OVER,
    ).astype(np.int8)  # fmt: skip
