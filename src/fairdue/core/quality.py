"""Drawing by hash, agreement of two reviewers, and intervals of rates: what quality is measured with.

Nothing here is random: a draw follows from a seed and a number, so that it can be made again. Intervals of rates are
Wilson's (1927), of their difference Newcombe's hybrid (1998, method 10), both at 95 %; agreement beyond chance is Cohen's
kappa (1960).
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

I64 = npt.NDArray[np.int64]
U64 = npt.NDArray[np.uint64]
Bool = npt.NDArray[np.bool_]
PPM = 1_000_000
Z = 1.959963984540054  # 97.5 % of the normal distribution
_STEP, _MIX1, _MIX2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB  # SplitMix64 (Steele et al. 2014)


def hashes(numbers: I64, seed: str) -> U64:
    """A well-mixed 64-bit number per number, shape (n,), that follows from the seed alone."""
    key = np.uint64(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8]))
    with np.errstate(over="ignore"):  # modulo 2**64 is what is meant
        mixed = (numbers.astype(np.uint64) ^ key) + np.uint64(_STEP)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(_MIX1)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(_MIX2)
    return mixed ^ (mixed >> np.uint64(31))


def drawn(numbers: I64, seed: str, share_ppm: int) -> Bool:
    """Whether each number is drawn, each with the chance `share_ppm`, shape (n,); one drawn at a share is drawn at a greater."""
    chosen: Bool = hashes(numbers, seed) % np.uint64(PPM) < np.uint64(share_ppm)
    return chosen


def drawn_by_group(numbers: I64, group: I64, seed: str, share_ppm: int, least: int) -> Bool:
    """Draw within each group the share of its numbers, rounded up, and at least `least` (all where fewer), shape (n,)."""
    order = np.lexsort((numbers, hashes(numbers, seed), group))
    ranked = group[order]
    _, first, count = np.unique(ranked, return_index=True, return_counts=True)
    place = np.arange(len(numbers)) - np.repeat(first, count)
    wanted = np.maximum(-(-count * share_ppm // PPM), least)
    chosen = np.zeros(len(numbers), bool)
    chosen[order] = place < np.repeat(wanted, count)
    return chosen


@dataclass(frozen=True)
class Agreement:
    """Two reviewers on the same contacts: `same` of `pairs` scored alike; kappa in ppm, None where it says nothing."""

    pairs: int
    same: int
    kappa_ppm: int | None


def agreement(first: I64, second: I64, kappa_from: int) -> Agreement:
    """Compare scores pair by pair, shape (n,). No kappa below `kappa_from` pairs, nor where both used one and the same score."""
    pairs, same = len(first), int((first == second).sum())
    if pairs < max(kappa_from, 1):
        return Agreement(pairs, same, None)
    by_chance = sum(int((first == score).sum()) * int((second == score).sum()) for score in np.union1d(first, second))
    if by_chance == pairs * pairs:
        return Agreement(pairs, same, None)
    return Agreement(pairs, same, (same * pairs - by_chance) * PPM // (pairs * pairs - by_chance))


@dataclass(frozen=True)
class Rate:
    """`part` of `whole`, with its interval; shares are parts per million, None where there is nothing to divide by."""

    part: int
    whole: int
    ppm: int | None
    low_ppm: int | None
    high_ppm: int | None


def rate(part: int, whole: int) -> Rate:
    """A rate with Wilson's interval at 95 %."""
    if whole <= 0:
        return Rate(part, whole, None, None, None)
    low, high = _wilson(part, whole)
    return Rate(part, whole, part * PPM // whole, round(low * PPM), round(high * PPM))


def difference(one: Rate, other: Rate) -> tuple[int, int, int] | None:
    """`one` less `other` with Newcombe's interval at 95 %, ppm: difference, low, high; None where either is unknown."""
    if one.whole <= 0 or other.whole <= 0:
        return None
    p1, p2 = one.part / one.whole, other.part / other.whole
    (l1, u1), (l2, u2) = _wilson(one.part, one.whole), _wilson(other.part, other.whole)
    low = p1 - p2 - math.sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2)
    high = p1 - p2 + math.sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)
    return round((p1 - p2) * PPM), round(low * PPM), round(high * PPM)


def _wilson(part: int, whole: int) -> tuple[float, float]:
    share, z2 = part / whole, Z * Z
    middle = (share + z2 / (2 * whole)) / (1 + z2 / whole)
    half = Z / (1 + z2 / whole) * math.sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole))
    return (0.0 if part == 0 else middle - half), (1.0 if part == whole else middle + half)
