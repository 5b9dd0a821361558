"""Numbers as English writes and says them."""

from __future__ import annotations

from fractions import Fraction

UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve"
    " thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
SMALL = {word: number for number, word in enumerate(UNITS.split())}
SMALL |= {word: number * 10 for number, word in enumerate(TENS.split(), 2)}
LARGE = {
    "k": 1_000, "grand": 1_000, "thousand": 1_000, "lakh": 100_000, "lakhs": 100_000, "lac": 100_000, "lacs": 100_000,
    "million": 1_000_000, "crore": 10_000_000, "crores": 10_000_000,
}  # fmt: skip


def spoken(said: str) -> int | None:
    """A whole number in words or digits; none where it is neither."""
    if said.isdigit():
        return int(said)
    total = group = 0
    for word in said.split():
        if word in SMALL:
            group += SMALL[word]
        elif word == "hundred":
            group = max(group, 1) * 100
        elif word in LARGE:
            total, group = total + max(group, 1) * LARGE[word], 0
        elif word not in ("and", "a"):
            return None
    return total + group


def amount(number: str, scale: str | None) -> Fraction | None:
    """A number in digits or words, with what multiplies it."""
    thousands = number[-1:] == "k" and number[:-1].replace(".", "", 1).isdigit()
    plain = number[:-1] if thousands else number
    if plain.replace(".", "", 1).isdigit():
        value: Fraction | None = Fraction(plain) * (LARGE["k"] if thousands else 1)
    else:
        whole = spoken(plain)
        value = None if whole is None else Fraction(whole)
    return value if value is None or scale is None else value * (100 if scale == "hundred" else LARGE[scale])
