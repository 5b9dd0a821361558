"""The least a household needs to live, by place and date, as the authorities published it.

A place whose figure is not known, or so old that a newer one must exist, is not guessed at: the highest figure known
anywhere stands in for it, and it is said that it does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from fairdue.core.afford import Minimum
from fairdue.core.errors import Fault, Lang
from fairdue.core.money import NotAnAmount, TooManyDecimals, parse_minor
from fairdue.core.schedules import months_from
from fairdue.rules.reading import Lines, Reading, WrongFiles
from fairdue.rules.schema import CONFIDENCE

HERE = Path(__file__).parent
FIGURE, OPTIONAL = ("adult", "source", "link", "confidence"), ("child",)


class NoLivingCosts(Fault):
    """No figures of that name or currency."""

    code = "living-costs.none"
    en, en_remedy = (
        "No minimum living costs are known in {currency}, so no plan can be worked out.",
        "Available: {known}.",
    )
    zh, zh_remedy = "没有币种为 {currency} 的最低生活标准数据，无法测算方案。", "可用：{known}。"


@dataclass(frozen=True)
class Figure:
    """One published figure, minor units a month."""

    place: str
    since: date
    adult: int
    child: int
    source: str
    link: str
    confidence: str


@dataclass(frozen=True)
class Floor:
    """What is left untouched for a household: minor units a month, the figure it follows from, and how well it is known."""

    amount: int
    kind: Minimum
    figure: Figure


@dataclass(frozen=True)
class LivingCosts:
    """All figures, by place."""

    currency: str
    months: int
    places: dict[str, tuple[tuple[str, ...], tuple[Figure, ...]]]
    law: dict[str, Any]
    revision: str

    def place_of(self, said: str) -> str:
        """The code of a place named, in a person's record or on a form; empty where it is not known here."""
        found = [code for code, (names, _) in self.places.items() if said and _named(said, code, names)]
        return found[0] if len(found) == 1 else ""

    def floor(self, place: str, adults: int, children: int, on: date) -> Floor:
        """What this household needs at least on a date: the place's figure in force, else the highest known."""
        _, figures = self.places.get(place, ((), ()))
        current = next((f for f in reversed(figures) if f.since <= on < self._until(f)), None)
        if current is not None:
            return Floor(_amount(current, adults, children), Minimum.CURRENT, current)
        known = [f for _, those in self.places.values() for f in those if f.since <= on] or self._all()
        highest = max(known, key=lambda f: (_amount(f, adults, children), f.since))
        return Floor(_amount(highest, adults, children), Minimum.HIGHEST_KNOWN, highest)

    def _until(self, figure: Figure) -> date:
        """The first day on which a figure is out of date, if no newer one has been found."""
        return months_from(figure.since, self.months + 1)[-1]

    def _all(self) -> list[Figure]:
        return [f for _, those in self.places.values() for f in those]


def _named(said: str, code: str, names: tuple[str, ...]) -> bool:
    plain = said.strip()
    return plain == code or any(plain.casefold().startswith(name.casefold()) for name in names)


def _amount(figure: Figure, adults: int, children: int) -> int:
    return figure.adult * adults + figure.child * children


@cache
def load_living_costs(name: str = "cn") -> LivingCosts:
    """The shipped figures of that name. Raises `NoLivingCosts`, `WrongFiles`."""
    path = HERE / f"{name}.yaml"
    if not path.exists():
        raise NoLivingCosts(currency=name, known=", ".join(sorted(p.stem for p in HERE.glob("*.yaml"))))
    return read_living_costs(path)


@cache
def living_costs_in(currency: str) -> LivingCosts:
    """The shipped figures in a currency: another currency's would protect nobody. Raises `NoLivingCosts`, `WrongFiles`."""
    known = [load_living_costs(path.stem) for path in sorted(HERE.glob("*.yaml"))]
    found = next((costs for costs in known if costs.currency == currency), None)
    if found is None:
        raise NoLivingCosts(currency=currency, known=", ".join(costs.currency for costs in known))
    return found


def read_living_costs(path: Path) -> LivingCosts:
    """Figures in a file. Raises `WrongFiles` with every fault, each with its line."""
    reading = Reading(path, path.name)
    needed = ("title", "currency", "current_for_months", "law", "places")
    if reading.faults or not reading.keys(reading.data, needed, ("decimals",)) or reading.faults:
        raise WrongFiles(reading.faults)
    said = reading.data
    decimals = said.get("decimals", 2)
    places = {code: _place(reading, code, given, decimals) for code, given in said["places"].items()}
    if reading.faults:
        raise WrongFiles(reading.faults)
    revision = sha256(path.read_bytes()).hexdigest()
    return LivingCosts(said["currency"], said["current_for_months"], places, said["law"], revision)


def _place(reading: Reading, code: str, given: Any, decimals: int) -> tuple[tuple[str, ...], tuple[Figure, ...]]:
    before = len(reading.faults)
    reading.keys(given, ("names", "figures"), (), f"place {code}")
    if len(reading.faults) > before:
        return (), ()
    figures = [_figure(reading, code, given["figures"], day, decimals) for day in given["figures"]]
    found = tuple(sorted((f for f in figures if f), key=lambda f: f.since))
    return tuple(map(str, given["names"])), found


def _figure(reading: Reading, code: str, figures: Lines, day: str, decimals: int) -> Figure | None:
    said, before = figures[day], len(reading.faults)
    reading.keys(said, FIGURE, OPTIONAL, f"the figure of {code}")
    if len(reading.faults) > before:
        return None
    try:
        adult = parse_minor(str(said["adult"]), decimals)
        child = parse_minor(str(said.get("child", said["adult"])), decimals)
        since = date.fromisoformat(day)
    except (ValueError, NotAnAmount, TooManyDecimals):
        reading.wrong(figures.line_of(day), f"the figure of {day} cannot be read", f"{day} 的标准无法读取",
                      "Write a date and amounts with at most two decimals.", "请填写日期和最多两位小数的金额。")  # fmt: skip
        return None
    if said["confidence"] not in CONFIDENCE:
        reading.wrong(said.line_of("confidence"), "this confidence is not known", "不认识该可信度",
                      f"Write one of {', '.join(CONFIDENCE)}.", f"可填：{'、'.join(CONFIDENCE)}。")  # fmt: skip
    return Figure(code, since, adult, child, said["source"], said["link"], said["confidence"])


def text_of(floor: Floor, lang: Lang) -> str:
    """Where the figure comes from, in a sentence."""
    kind = floor.kind.label(lang)
    return f"{kind}：{floor.figure.source}" if lang == "zh" else f"{kind}: {floor.figure.source}"
