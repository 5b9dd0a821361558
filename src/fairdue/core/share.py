"""A share with its interval: few cases say little, and a page that shows a share shows that too."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z = 1.96  # 95 %
PPM = 1_000_000


@dataclass(frozen=True)
class Share:
    """`hits` of `of`, and between what the true share lies with 95 % (Wilson), in parts per million; -1: nothing to say."""

    hits: int
    of: int
    low: int = -1
    high: int = -1

    @property
    def ppm(self) -> int:
        """The share itself; -1 where there is none."""
        return self.hits * PPM // self.of if self.of else -1


def share(hits: int, of: int) -> Share:
    """The share with the Wilson score interval (Wilson 1927): it holds for few and for extreme counts too."""
    if of == 0:
        return Share(0, 0)
    p, spread = hits / of, Z * Z / of
    middle, reach = p + spread / 2, Z * sqrt(p * (1 - p) / of + spread / (4 * of))
    low, high = (middle - reach) / (1 + spread), (middle + reach) / (1 + spread)
    return Share(hits, of, max(0, round(low * PPM)), min(PPM, round(high * PPM)))
